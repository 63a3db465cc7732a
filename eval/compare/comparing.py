"""Compare two runs: the same units, the same codes, the same people; figures, changes and noise.

Refuses where a code's definition changed between the two, unless told otherwise; then it is no
evaluation but a measure of drift towards the old coding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.model.calls import usage
from assistant.store.model.reply_records import Suggestion
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestions
from assistant.store.records import RunRow
from assistant.store.versions import codebook, recipe
from eval.compare.alone import alone
from eval.compare.answers import ALL, answers_of
from eval.compare.changes import changes
from eval.compare.definitions import (
    Definitions,
    DefinitionsChanged,
    definitions_of,
    to_recode,
)
from eval.compare.loading import Together, load_runs, run_name
from eval.compare.records import Comparison, Noise, RunSide, TextDifference
from eval.evaluation.figures import mean_defined
from eval.evaluation.gain import gain_cells
from eval.evaluation.overrides import override_notes
from eval.intervals.resampling import DEFAULT, Resampling
from eval.sampling.out_of_sample import kept_for_test
from eval.statistics.agreement import STATISTICS
from eval.statistics.values import BoolArray

__all__ = ["How", "compare_runs"]

ENOUGH = 0.9
"""Share of the cells compared that two runs must both have coded to say how large noise is."""


@dataclass(frozen=True, slots=True)
class How:
    """What the study's settings and policy say."""

    interviewers: tuple[str, ...] = ()
    count_interviewers: bool = True
    settings: Resampling = DEFAULT
    margin: float = 0.05
    anyway: bool = False
    """Compare across changed definitions too."""


def compare_runs(
    store: Store,
    first: RunRow,
    second: RunRow,
    how: How,
    *,
    noise: Sequence[RunRow] = (),
    texts: Sequence[TextDifference] = (),
) -> Comparison:
    """``noise``: runs that should say the same as the first (a paraphrased prompt, a codebook that
    somebody ordered otherwise). Repeats of either run, and runs that were made with the codes in
    another order (`CodeOptions.reorder`), are found without being named.

    Raises `UserError` for one and the same run, where the runs have no transcript in common, and
    where definitions changed.
    """
    if first.id == second.id:
        raise UserError("A run cannot be compared with itself.", hint="Name two different runs.")
    books = codebook(store, first.codebook_sha256), codebook(store, second.codebook_sha256)
    changed = definitions_of(store, *books)
    if changed.changed and not how.anyway:
        raise _refusal(store, books[0], changed)
    _same_definitions(store, books[0], noise)
    repeats = [
        r
        for r in runs(store)
        if r.id not in (first.id, second.id)
        and r.recipe_sha256 in (first.recipe_sha256, second.recipe_sha256)
        and r.status == "complete"
    ]
    reordered = _reordered(store, first)
    others = {r.id: r for r in (*repeats, *reordered, *noise) if r.id not in (first.id, second.id)}
    rows = [first, second, *others.values()]
    renamed = {r.id: _ids(store, r, changed) for r in rows}
    together = load_runs(
        store,
        changed.codebook,
        rows,
        renamed,
        interviewers=how.interviewers,
        count_interviewers=how.count_interviewers,
        any_definition=bool(changed.changed),
    )
    m = together.matrix
    one, two = (m.coder(name) for name in together.runs[:2])
    both = m.scope[one] & m.scope[two]
    if not both.any():
        raise UserError(
            f"{run_name(first).capitalize()} and {run_name(second)} have no passage and code in "
            "common that both say yes or no about.",
            hint="Code the same transcripts with both recipes. A `judge` run decides only where "
            "it could be calibrated.",
        )
    inside = tuple(code for c, code in enumerate(m.codes) if both[:, c].any())
    said = {r.id: "named as noise" for r in noise}
    said |= {r.id: "another order of the codes" for r in reordered}
    noises = _noises(together, rows, said, both)
    cells = gain_cells(m, together.people, together.runs[0], together.runs[1])
    kept = [c for c, code in enumerate(m.codes) if code in inside]
    differ = both & (m.positive[one] != m.positive[two])
    people = tuple(name for name in together.people if (m.scope[m.coder(name)] & both).any())
    answers = None
    if cells.shape[1] and cells.any():
        answers = answers_of(
            cells[:, :, :, kept],
            inside,
            how.settings,
            margin=how.margin,
            floor=_floor(noises, int(both.sum())),
            same=[not differ[:, c].any() for c in kept],
            transcripts=m.transcripts,
        )
    seen = np.unique(m.transcript[both.any(axis=1)])
    return Comparison(
        first=_side(store, first),
        second=_side(store, second),
        drift=bool(changed.changed),
        definitions=changed,
        transcripts=tuple(m.transcripts[t] for t in seen),
        people=people,
        units=int(both.any(axis=1).sum()),
        answers=answers,
        changed=changes(
            together, inside, [_suggested(store, r, renamed[r.id]) for r in (first, second)]
        ),
        noise=noises,
        texts=tuple(texts),
        method=how.settings.method,
        level=how.settings.level,
        resamples=how.settings.resamples,
        seed=how.settings.seed,
        margin=how.margin,
        notes=(
            *_notes(together, first, second, answers is None),
            *kept_for_test(store, {m.transcripts[t] for t in seen}),
            *override_notes(store, lambda code: _label(changed.codebook, code)),
        ),
        code_names={c.id: c.label for c in changed.codebook.codes},
        alone=None if answers is None else alone(cells[:, :, :, kept], inside, people),
        same=not differ.any(),
    )


def _label(book: Codebook, code: str) -> str:
    return book.by_id[code].label if code in book.by_id else code


def _ids(store: Store, row: RunRow, changed: Definitions) -> Mapping[str, str]:
    book = codebook(store, row.codebook_sha256)
    newer = changed.codebook
    if book.sha256 == newer.sha256:
        return {code.id: code.id for code in newer.sent}
    return {
        code.id: changed.renamed.get(code.id, code.id)
        for code in book.sent
        if changed.renamed.get(code.id, code.id) in newer.by_id
    }


def _refusal(store: Store, first: Any, changed: Definitions) -> DefinitionsChanged:
    older = first if all(code in first.by_id for code in changed.changed) else changed.codebook
    return DefinitionsChanged(changed.changed, to_recode(store, older, changed.changed))


def _suggested(
    store: Store, row: RunRow, ids: Mapping[str, str]
) -> dict[tuple[str, int, str], list[Suggestion]]:
    """Of two codes that became one both suggestions are kept."""
    found: dict[tuple[str, int, str], list[Suggestion]] = {}
    for s in suggestions(store, row.id):
        if s.code in ids:
            found.setdefault((s.transcript, s.segment, ids[s.code]), []).append(s)
    return found


def _side(store: Store, row: RunRow) -> RunSide:
    content = recipe(store, row.recipe_sha256)
    used = usage(store, row.id)
    book = codebook(store, row.codebook_sha256)

    def whole(name: str) -> int | None:
        value = used.get(name)
        return None if value is None else int(value)

    cost = used.get("cost")
    return RunSide(
        row.id,
        row.coder.name,
        str(content.get("model", "")),
        "" if content.get("model") == "none" else str(content.get("prompt_id", "")),
        row.strategy,
        f"{book.name} {book.version}",
        row.repeat,
        row.status,
        whole("calls") or 0,
        whole("tokens_in"),
        whole("tokens_out"),
        None if cost is None else float(cost),
        (whole("latency_ms") or 0) / 1000,
        {
            key: str(value)
            for key, value in content.items()
            if key not in ("codes", "prompt_sha256", "frame") and value not in ("", None)
        },
    )


# --- noise ---------------------------------------------------------------------------------------


def _same_definitions(store: Store, first: Codebook, noise: Sequence[RunRow]) -> None:
    """Another order or wording of the same question is noise; another question is not."""
    for row in noise:
        changed = definitions_of(store, first, codebook(store, row.codebook_sha256)).changed
        if changed:
            raise UserError(
                f"Run {row.id} cannot be named as noise: the definition of {', '.join(changed)} is "
                "another one in its codebook, so what it says differently is no noise.",
                hint="Name runs with the codebook in another order, or with a paraphrased prompt.",
            )


def _reordered(store: Store, first: RunRow) -> list[RunRow]:
    """Complete runs of the first one's recipe but for the order in which codes were shown."""

    def but_order(row: RunRow) -> dict[str, object]:
        return {**recipe(store, row.recipe_sha256), "frame": ""}

    def drawn(row: RunRow) -> bool:
        return row.header.get("resolved", {}).get("reorder") is not None

    return [
        r
        for r in runs(store)
        if r.recipe_sha256 != first.recipe_sha256
        and r.codebook_sha256 == first.codebook_sha256
        and r.status == "complete"
        and (drawn(r) or drawn(first))
        and but_order(r) == but_order(first)
    ]


def _noises(
    together: Together, rows: Sequence[RunRow], said: Mapping[int, str], compared: BoolArray
) -> tuple[Noise, ...]:
    """Every two runs of one recipe, and the first with each run that is noise as ``said``.

    On the cells that are compared and no others: noise elsewhere is of other passages.
    """
    made = []
    for i, a in enumerate(rows):
        for j in range(i + 1, len(rows)):
            b = rows[j]
            if a.recipe_sha256 == b.recipe_sha256:
                made.append(_noise(together, i, j, "repeat", compared))
            elif i == 0 and b.id in said:
                made.append(_noise(together, i, j, said[b.id], compared))
    return tuple(n for n in made if n.of)


def _noise(together: Together, i: int, j: int, what: str, compared: BoolArray) -> Noise:
    m = together.matrix
    first, second = together.runs[i], together.runs[j]
    a, b = m.coder(first), m.coder(second)
    both = m.scope[a] & m.scope[b] & compared
    cells = gain_cells(m, together.people, first, second, compared)
    apart: dict[str, float] = {}
    if cells.shape[1]:
        for names, table in (
            ((ALL,), cells.sum(axis=3, keepdims=True)),
            (m.codes, cells),
        ):
            kappa = STATISTICS["kappa"].compute(table.sum(axis=0)[None].astype(np.float64))
            mean = mean_defined(kappa, axis=1)[0]  # (2, C)
            for name, one, other in zip(names, mean[0], mean[1], strict=True):
                if np.isfinite(one) and np.isfinite(other):
                    apart[name] = abs(float(other - one))
    return Noise(
        first,
        second,
        what,
        int((both & (m.positive[a] != m.positive[b])).sum()),
        int(both.sum()),
        apart,
    )


def _floor(noises: Sequence[Noise], compared: int) -> dict[str, float]:
    """The largest difference that chance, order or wording made.

    Runs that coded only a part of what is compared are shown and set no floor: few passages differ
    by more, and "no change" would be said of differences that are there.
    Two runs of the pair that is compared say nothing here: `_noises` has them only if they are
    repeats of each other, and then every difference between them is noise.
    """
    floor: dict[str, float] = {}
    for noise in noises:
        if noise.of < ENOUGH * compared:
            continue
        for name, size in noise.kappa.items():
            floor[name] = max(floor.get(name, 0.0), size)
    return floor


def _notes(together: Together, first: RunRow, second: RunRow, nobody: bool) -> list[str]:
    said = list(together.study.notes)
    for row in (first, second):
        if row.status != "complete":
            said.append(
                f"{run_name(row).capitalize()} is {row.status}: what it did not code is in no "
                "figure here."
            )
    if first.recipe_sha256 == second.recipe_sha256:
        said.append("Both are runs of one recipe, so every difference between them is noise.")
    if nobody:
        said.append(
            "No person coded what both runs coded, so nothing says which of the two is better. "
            "What they say differently is listed all the same."
        )
    return said
