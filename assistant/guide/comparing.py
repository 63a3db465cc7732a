"""Two runs of a study compared and written, with what differs between prompts and codebooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.codebook.records import Code, Codebook
from assistant.counting import counted
from assistant.guide.outside import record_outside
from assistant.prompts.comparing import changed_lines
from assistant.store.database import Store
from assistant.store.finding import find_run
from assistant.store.measured.looks import record_look
from assistant.store.model.runs import run
from assistant.store.records import RunRow
from assistant.store.trail.events import person
from assistant.store.versions import codebook, prompt, recipe
from assistant.study import Study
from eval.compare.comparing import How, compare_runs
from eval.compare.records import Comparison, TextDifference
from eval.compare.writing import ComparisonFiles, write_comparison
from eval.disagreements.study import codebook_lines
from eval.verdicts.policy import load_policy

__all__ = ["Compared", "compare_in_study", "compare_stored", "count_look", "text_differences"]

_FIELDS = ("name", "definition", "include", "exclude", "examples", "family", "parent", "unit")


@dataclass(frozen=True, slots=True)
class Compared:
    comparison: Comparison
    files: ComparisonFiles


def compare_in_study(
    study: Study,
    store: Store,
    first_id: int,
    second_id: int,
    *,
    noise: Sequence[int] = (),
    anyway: bool = False,
    quotes: bool = True,
    out: Path | None = None,
    who: str = "",
) -> Compared:
    """Compare by the study's settings and policy, write it, and count the look.

    Raises `UserError` where a run is not there or the two cannot be compared.
    """
    found = compare_stored(study, store, first_id, second_id, noise=noise, anyway=anyway)
    lines = codebook_lines(study, found.definitions.codebook)
    folder = out or study.reports_folder / f"compare-{first_id}-{second_id}"
    files = write_comparison(store, found, study.config.name, lines, folder, quotes=quotes)
    if quotes:
        written = [(path, found.transcripts) for path in (files.html, files.markdown, files.json)]
        record_outside(study, store, "A comparison of runs was written", written)
    count_look(store, found, who)
    return Compared(found, files)


def count_look(store: Store, found: Comparison, who: str = "") -> None:
    """Prompts and models are chosen by a comparison: whoever is shown one looks at the evidence."""
    recipe_sha256 = run(store, found.second.id).recipe_sha256
    lineage = found.definitions.codebook.name
    record_look(store, "compare", who or person(), lineage, recipe_sha256=recipe_sha256)


def compare_stored(
    study: Study,
    store: Store,
    first_id: int,
    second_id: int,
    *,
    noise: Sequence[int] = (),
    anyway: bool = False,
) -> Comparison:
    """As `compare_in_study`, and writes nothing."""
    first, second = find_run(store, first_id), find_run(store, second_id)
    policy = load_policy(study.policy_file)
    units = study.config.units
    how = How(
        units.interviewers,
        units.count_interviewers,
        policy.resampling,
        policy.accept.worse_than_people_by,
        anyway,
    )
    return compare_runs(
        store,
        first,
        second,
        how,
        noise=[find_run(store, number) for number in noise],
        texts=text_differences(store, first, second),
    )


def text_differences(store: Store, first: RunRow, second: RunRow) -> tuple[TextDifference, ...]:
    """Prompts and codebooks of two runs, word by word; empty for what is the same."""
    made = []
    if first.prompt_sha256 != second.prompt_sha256:
        texts = [prompt(store, r.prompt_sha256) if r.prompt_sha256 else "" for r in (first, second)]
        names = [str(recipe(store, r.recipe_sha256).get("prompt_id", "")) for r in (first, second)]
        lines, gone, come = changed_lines(*texts)
        made.append(
            TextDifference(
                "prompt",
                names[0],
                names[1],
                tuple((f"line {line.line}", line.text) for line in lines),
                gone,
                come,
            )
        )
    if first.codebook_sha256 != second.codebook_sha256:
        books = [codebook(store, r.codebook_sha256) for r in (first, second)]
        made.append(_codebooks(*books))
    return tuple(made)


def _codebooks(old: Codebook, new: Codebook) -> TextDifference:
    rows: list[tuple[str, str]] = []
    gone = come = 0
    order = [
        [c.id for c in book.codes if c.id in other.by_id]
        for book, other in ((old, new), (new, old))
    ]
    if order[0] != order[1]:
        rows.append(("order", "The codes stand in another order."))
    empty = Code(id="")
    for code in (*new.codes, *(c for c in old.codes if c.id not in new.by_id)):
        before, after = old.by_id.get(code.id, empty), new.by_id.get(code.id, empty)
        for field in _FIELDS:
            texts = _field(before, field), _field(after, field)
            if texts[0] == texts[1]:
                continue
            lines, went, came = changed_lines(*texts)
            gone, come = gone + went, come + came
            rows += [(f"{code.id}, {field}", line.text) for line in lines]
    return TextDifference(
        "codebook",
        f"{old.name} {old.version}",
        f"{new.name} {new.version}",
        tuple(rows),
        gone,
        come,
    )


def _field(code: Code, field: str) -> str:
    """Examples are participants' words: only how many there are is said."""
    if field == "examples":
        return counted(len(code.examples), "example") if code.examples else ""
    return str(getattr(code, field)) if code.id else ""
