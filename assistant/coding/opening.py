"""Opening and closing a run: what both strategies share.

The same recipe, fits, repeat number and transcripts reopen the same run: what is there is not asked
for again, what had failed is. A run that could not finish says what is open.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assistant.codebook.records import Codebook
from assistant.coding.asking import Asker, LimitReached, Limits
from assistant.coding.header import RunHeader, environment, git_state, host
from assistant.coding.settings import Settings
from assistant.coding.working import calm_collector
from assistant.deidentify.veil import Veil
from assistant.errors import SecondCoderError
from assistant.hashing import hash_json
from assistant.llm.problems import FatalProviderError
from assistant.llm.retry import RetryPolicy
from assistant.recipe import Recipe
from assistant.store.database import Store
from assistant.store.model.chunks import chunks
from assistant.store.model.outcomes import count_outcomes
from assistant.store.model.runs import finish_run, open_run, run
from assistant.store.model.words_kept import check_nobody_withdrew, check_not_withdrawn
from assistant.store.people.coders import add_coder, coders
from assistant.store.records import Coder, RunRow
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import record_event
from assistant.store.versions import record_codebook, record_prompt, record_recipe
from assistant.study import Study
from assistant.transcripts.records import Transcript

__all__ = [
    "CodeOptions",
    "RunResult",
    "RunSpec",
    "carry_out",
    "open_spec",
    "standing",
    "unchanged",
]


@dataclass(frozen=True)
class CodeOptions:
    transcripts: tuple[int, ...]
    repeat: int = 1
    prompt: str = ""
    strategy: str = ""
    model: str = ""
    max_calls: int | None = None
    max_cost: float | None = None
    max_seconds: float | None = None
    """Ask nothing more after so many seconds."""
    retry: RetryPolicy | None = None
    reorder: int | None = None
    """`list`: show the codes in another order, drawn with this seed."""
    words_only: bool = False
    """`judge`: make the shortlist by word statistics, whatever else there is."""

    def deadline(self) -> float | None:
        """On the clock of `time.monotonic`."""
        return None if self.max_seconds is None else time.monotonic() + self.max_seconds


@dataclass(frozen=True)
class RunSpec:
    """What a run is, whatever its strategy."""

    settings: Settings
    codebook: Codebook
    codebook_source: str
    recipe: Recipe
    transcripts: tuple[Transcript, ...]
    """To be coded."""
    repeat: int
    tokens_exact: bool
    fit_inputs: dict[int, str] = field(default_factory=dict)
    """`judge`: transcript id -> hash of what its calibration learns from."""
    notes: tuple[str, ...] = ()
    questions: dict[int, str] = field(default_factory=dict)
    """`list`: transcript id -> hash of all that is asked about it. A corrected language or name
    changes the questions, and with them the run."""
    veil: Veil | None = None
    """What is replaced in what is sent. Another list is another run."""
    asked: Codebook | None = None
    """`list`: the codebook as it is shown, in another order or without examples that consent does
    not cover."""
    reorder: int | None = None
    """The seed of that order."""
    embeds: bool = False
    """`judge`: texts are sent to an endpoint for vectors."""
    left_out: tuple[str, ...] = ()
    """Examples of the codebook that consent does not cover, all of them in words."""
    withdrawn: frozenset[int] = frozenset()
    """Transcripts that were withdrawn before the questions were made."""


@dataclass(frozen=True)
class RunResult:
    run_id: int
    status: str
    why: str
    sent: int
    """Questions that were really put to the endpoint now."""
    reused: int
    """Replies of other runs that were used again."""
    unchanged: bool
    """Everything was there already; nothing was asked and nothing changed."""
    outcomes: dict[str, dict[str, int]]
    stopped_by: SecondCoderError | None = None
    """What ended the run before all was asked."""
    notes: tuple[str, ...] = ()
    """What the run says of itself, as its header keeps it: how it was calibrated, for one."""


def header_of(study: Study, spec: RunSpec, **more: Any) -> RunHeader:
    notes = (*spec.settings.notes, *spec.notes, *more.pop("notes", ()))
    return RunHeader(
        recipe=spec.recipe,
        repeat=spec.repeat,
        model_asked=spec.settings.model,
        given=study.config.model_dump(mode="json"),
        resolved={
            "strategy": spec.settings.strategy,
            "prompt": spec.settings.prompt.id,
            "endpoint": spec.settings.base_url,
            "local": spec.settings.local,
            **(
                {
                    "embedding_model": spec.settings.embedding_model,
                    "embedding_endpoint": spec.settings.embedding_url,
                }
                if spec.embeds
                else {}
            ),
            **({"reorder": spec.reorder} if spec.reorder is not None else {}),
            **({"examples_left_out": list(spec.left_out)} if spec.left_out else {}),
        },
        tokens_exact=spec.tokens_exact,
        versions=environment(),
        host=host(),
        git=git_state(),
        notes=tuple(dict.fromkeys(notes)),
        pseudonyms=spec.veil.sha256 if spec.veil else "",
        **more,
    )


def open_spec(study: Study, store: Store, spec: RunSpec) -> RunRow:
    """The run of this recipe over these transcripts, made when new."""
    veiled = {"pseudonyms": spec.veil.sha256} if spec.veil else {}
    key = hash_json(
        {
            **veiled,
            "recipe": spec.recipe.sha256,
            "repeat": spec.repeat,
            "transcripts": sorted(
                (t.sha256, spec.fit_inputs.get(t.id, ""), spec.questions.get(t.id, ""))
                for t in spec.transcripts
            ),
        }
    )
    with store.transaction():
        check_not_withdrawn(store, (text.id for text in spec.transcripts))
        check_nobody_withdrew(store, spec.withdrawn)
        record_codebook(store, spec.codebook, spec.codebook_source)
        record_prompt(store, spec.settings.prompt)
        record_recipe(store, spec.recipe.sha256, spec.recipe.model_dump(mode="json"))
        found, _ = open_run(
            store,
            key,
            recipe_sha256=spec.recipe.sha256,
            repeat=spec.repeat,
            coder=_coder(store, spec.recipe),
            strategy=spec.settings.strategy,
            codebook_sha256=spec.codebook.sha256,
            prompt_sha256=spec.settings.prompt.sha256,
            header=header_of(study, spec).model_dump(mode="json"),
            transcripts=[(t.id, "") for t in spec.transcripts],
        )
    return found


def _coder(store: Store, recipe: Recipe) -> Coder:
    """The coder of this recipe. An earlier version may have called it otherwise; it stays one."""
    same = (c for c in coders(store, "model") if c.recipe_sha256 == recipe.sha256)
    return next(same, None) or add_coder(store, recipe.coder_name, "model", recipe.sha256)


def unchanged(store: Store, run_row: RunRow) -> RunResult:
    """The result of a run that was complete already."""
    finish_run(store, run_row.id, "complete", "", ended_at=run_row.ended_at)
    return RunResult(
        run_row.id,
        "complete",
        "",
        0,
        0,
        True,
        count_outcomes(store, run_row.id),
        notes=tuple(run_row.header.get("notes", ())),
    )


def carry_out(
    study: Study,
    store: Store,
    run_row: RunRow,
    spec: RunSpec,
    options: CodeOptions,
    work: Callable[[Asker, dict[str, object]], tuple[str, ...]],
    before: Limits | None = None,
) -> RunResult:
    """Let ``work`` ask what is open, and store how the run stands then, whatever ended it.

    ``work`` gets the asker and a place for what it finds out about the endpoint, and returns notes
    for the header. What ends a run before all was asked is in the result; the run is ``partial``.
    ``before``: what preparing it has used of the same limits.
    """
    # The model inside the program costs nothing, whatever prices the study names.
    most = None if spec.settings.embedded else options.max_cost
    limits = Limits(options.max_calls, most, options.deadline(), spec.settings.prices)
    if before is not None:
        limits.go_on_from(before)
    asker = Asker(store, None, run_row.id, spec.repeat, limits, spec.withdrawn)
    stopped: SecondCoderError | None = None
    capabilities: dict[str, object] = {}
    notes: tuple[str, ...] = ()
    broken = True
    try:
        with calm_collector():
            notes = work(asker, capabilities)
        broken = False
    except (FatalProviderError, LimitReached) as error:
        stopped, broken = error, False
    finally:
        # Also when the user stops the run: what is open is said, and running again goes on.
        _close(study, store, run_row, spec, asker, capabilities, stopped, notes, broken)
    status, why = standing(store, run_row.id, stopped)
    return RunResult(
        run_row.id,
        status,
        why,
        asker.sent,
        asker.reused,
        False,
        count_outcomes(store, run_row.id),
        stopped,
        tuple(run(store, run_row.id).header.get("notes", ())),
    )


def _close(
    study: Study,
    store: Store,
    run_row: RunRow,
    spec: RunSpec,
    asker: Asker,
    capabilities: dict[str, object],
    stopped: SecondCoderError | None,
    notes: tuple[str, ...],
    broken: bool,
) -> None:
    """Store how the run stands now, also when it was stopped. ``broken``: it ended in the middle,
    so that it is not complete even where every answer is there."""
    with store.transaction():  # two programs in one run: what is read is what is said
        status, why = standing(store, run_row.id, stopped)
        if broken and status == "complete":
            status, why = "partial", "It was ended before all was put together; run it again."
        header = header_of(
            study,
            spec,
            capabilities=capabilities,
            models_answered=tuple(sorted(asker.models | set(run_row.header["models_answered"]))),
            notes=(*notes, *asker.limits.remarks),
        )
        finish_run(store, run_row.id, status, why, header.model_dump(mode="json"))
        record_event(
            store,
            "run",
            f"Run {run_row.id} ({run_row.coder.name}): {status}. {why}".strip(),
            run=run_row.id,
            sent=asker.sent,
            reused=asker.reused,
        )


def standing(store: Store, run_id: int, stopped: SecondCoderError | None) -> tuple[str, str]:
    """``complete``, or ``partial`` with what is open."""
    rows = chunks(store, run_id)
    names = {t: transcript(store, t).name for t in {r.transcript_id for r in rows}}
    left: list[str] = []
    for status, what in (("failed", "failed"), ("open", "not asked yet")):
        found = [r for r in rows if r.status == status]
        if found:
            where = ", ".join(sorted({names[r.transcript_id] for r in found}))
            all_of = "all " if 1 < len(found) == sum(r.status != "halved" for r in rows) else ""
            count = f"{len(found)} chunk" + ("" if len(found) == 1 else "s")
            left.append(f"{all_of}{count} {what} ({where})")
    if not left and stopped is None:
        return "complete", ""
    if not left and stopped is not None:
        # The words of passages were still to be embedded, for one.
        return "partial", f"All was asked and not yet put together. Stopped by: {stopped.what}"
    why = "; ".join(left) + "."
    why = why[0].upper() + why[1:]
    failures = [r.why for r in rows if r.status == "failed" and r.why]
    if failures:
        why += f" First reason: {failures[0]}"
    if stopped is not None:
        why += f" Stopped by: {stopped.what}"
    return "partial", why
