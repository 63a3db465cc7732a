"""No coding is placed beside the words that the file quotes for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.interchange.projects.records import Project
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.projects.taking import take_project
from assistant.interchange.refi.misplaced import ELSEWHERE, UNCERTAIN, misplaced
from assistant.interchange.refi.scoring import Selection
from assistant.store.database import open_store
from assistant.store.people.codings import codings
from tests.refi.making import TEXT, Mark, project_xml, qdpx, read, text

QUOTES = (
    "What did you sow",
    "Leeks and beans",
    "in the wet corner",
    "Who waters it when",
    "My neighbour does",
    "She has a long hose",
    "a key for the tap",
)
LATE = TEXT.replace("My neighbour does.", "My neighbour does, mostly.")


def at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def project(folder: Path, now: Sequence[str], quotes: Sequence[str], unnamed: str = "") -> Project:
    """Texts as they are now, with passages marked in them when they were still `TEXT`."""
    marks = [Mark(*at(words), name="" if words == unnamed else words) for words in quotes]
    sources = "".join(
        text(marks, key=f"s{n}", name=f"Garden {n}", path=f"internal://{n}.txt", first=100 * n)
        for n in range(1, len(now) + 1)
    )
    files = {f"{n}.txt": body.encode() for n, body in enumerate(now, 1)}
    return read(qdpx(folder / "p.qdpx", project_xml(sources), files))


def quoted(found: Project, key: str) -> list[str]:
    (source,) = (one for one in found.sources if one.key == key)
    return [source.text[c.start : c.end] for c in found.codings if c.source == key]


def test_of_a_text_that_was_changed_what_still_fits_is_taken(tmp_path: Path) -> None:
    found = project(tmp_path, [LATE], QUOTES)
    assert quoted(found, "s1") == list(QUOTES[:5])
    assert [(s.where, s.why) for s in found.skipped] == [("Garden 1", ELSEWHERE)] * 2
    with open_store()[0] as store:
        report = take_project(store, found, tmp_path / "p.qdpx", ProjectOptions())
        assert {c.quote for c in codings(store)} == set(QUOTES[:5])
        assert [source.not_placed for source in report.sources] == [2]


@pytest.mark.parametrize("beside", [False, True])
def test_three_quotations_that_were_shifted_are_enough(beside: bool, tmp_path: Path) -> None:
    shifted = "A title that was put in front\n\n" + TEXT
    found = project(tmp_path, [shifted, TEXT] if beside else [shifted], QUOTES[1:4])
    assert quoted(found, "s1") == []
    assert [s.why for s in found.skipped if s.where == "Garden 1"] == [ELSEWHERE] * 3
    if beside:
        assert quoted(found, "s2") == list(QUOTES[1:4])


@pytest.mark.parametrize("unnamed", ["in the wet corner", "a key for the tap"])
def test_what_is_not_quoted_is_as_uncertain_as_what_is_beside_it(
    unnamed: str, tmp_path: Path
) -> None:
    found = project(tmp_path, [LATE], QUOTES, unnamed)
    assert quoted(found, "s1") == list(QUOTES[:5])
    wanted = [ELSEWHERE, UNCERTAIN] if unnamed == QUOTES[6] else [ELSEWHERE] * 2
    assert [s.why for s in found.skipped] == wanted


def test_all_codings_of_a_text_that_are_left_out_are_counted_with_it(tmp_path: Path) -> None:
    found = project(tmp_path, ["A title\n\n" + TEXT, TEXT], QUOTES)
    assert [source.lost for source in found.sources] == [7, 0]
    assert quoted(found, "s2") == list(QUOTES)


@pytest.mark.parametrize(
    "names",
    [
        ["what the gardener said"] * 7,  # stands in the text, and names all of them
        ["a long story", "how it began", "the very best", "what comes next", "My neighbour does",
         "who does what", "more on that"],
    ],
)  # fmt: skip
def test_names_that_people_gave_are_no_quotations(names: list[str]) -> None:
    body = "This is what the gardener said.\n" + TEXT
    spans = [(body.index(words), body.index(words) + len(words)) for words in QUOTES]
    spans[4], spans[5] = spans[5], spans[4]
    selections = [Selection("s", *span, name) for span, name in zip(spans, names, strict=True)]
    assert misplaced(body, selections, spans) == {}


@pytest.mark.parametrize(
    "name", ["Leeks and beans, in…", "Leeks and beans, in", "and beans, in the wet"]
)
def test_a_quotation_that_a_program_cut_is_at_its_place(name: str) -> None:
    start = TEXT.index("Leeks")
    span = (start, TEXT.index(" by the gate"))
    assert misplaced(TEXT, [Selection("s", *span, name)], [span]) == {}
    wrong = (span[0] + 60, span[1] + 60)
    assert misplaced(TEXT, [Selection("s", *wrong, name)], [wrong]) == {wrong: ELSEWHERE}
