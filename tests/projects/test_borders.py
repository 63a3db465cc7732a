"""Two files with exact positions: only the same span is the same coding, whatever their hashes."""

from __future__ import annotations

from itertools import permutations

import pytest

from assistant.interchange.imports.duplicates import without_duplicates
from assistant.interchange.projects.records import ProjectCoder
from assistant.interchange.projects.reports import ProjectOptions
from assistant.store.database import Store, open_store
from assistant.store.people.codings import codings
from assistant.store.records import DocumentCoding, DocumentRow
from assistant.store.verify import verify
from tests.projects.making import coding, held, make, take

ADMIN = (ProjectCoder(key="a", name="Admin"),)
ONE = ("you sow on", "Leeks and beans, in", "waters it", "long hose")
OTHER = ("sow on the plot", "beans, in the wet", "Who waters", "hose, and a key")


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def notes(report: object) -> str:
    return " ".join(note for source in report.sources for note in source.notes)  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", range(4))
def test_two_people_of_one_name_lose_nothing(store: Store, number: int) -> None:
    take(store, make([coding(said) for said in ONE], coders=ADMIN))
    second = make([coding(said) for said in OTHER], coders=ADMIN, file=f"two {number}.qdpx")
    report = take(store, second)
    assert report.codings == 4
    assert report.sources[0].same == 0
    assert sorted(row[3] for row in held(store)) == sorted([*ONE, *OTHER])
    said = notes(report)
    assert "4 codings by Admin here and in another file: the same code with other borders" in said
    assert '--same-coder "Admin=OTHER NAME"' in said
    assert verify(store).ok


@pytest.mark.parametrize("number", range(6))
def test_a_corrected_border_is_said_whatever_the_hashes(store: Store, number: int) -> None:
    take(store, make([coding("Leeks and beans")]))
    file = f"later {number}.qdpx"
    later = make([coding("Leeks and beans, in the wet corner"), coding("hose")], file=file)
    report = take(store, later)
    assert [row[3] for row in held(store)] == [
        "Leeks and beans",
        "Leeks and beans, in the wet corner",
        "hose",
    ]
    spans = sorted((c.start, c.end) for c in codings(store) if c.code == "sowing")[:2]
    (first, second) = spans
    assert f"“sowing” {second[0]}–{second[1]} here, {first[0]}–{first[1]} in" in notes(report)
    assert take(store, later).codings == 0


def test_nothing_is_said_of_the_same_span_or_another_code(store: Store) -> None:
    take(store, make([coding("Leeks and beans")]))
    more = [coding("Leeks and beans"), coding("beans", "c2"), coding("Leeks", coder="b")]
    report = take(store, make(more, file="two.qdpx"), ProjectOptions())
    assert report.sources[0].same == 1
    assert "borders" not in notes(report)


def _row(number: int, kind: str) -> DocumentRow:
    key = f"sha256:{number}"
    return DocumentRow(
        *(number, 1, f"{number}", "", kind, key, "", "", "Ana", "en", "", "[]", (), False, "")
    )


@pytest.mark.parametrize("order", list(permutations(("taguette", "markdown", "delve-pdf"))))
def test_a_print_and_a_project_still_overlap(order: tuple[str, ...]) -> None:
    spans = {"taguette": (10, 20), "delve-pdf": (8, 21), "markdown": (0, 90)}
    files = [
        (_row(n, kind), [DocumentCoding("c", *spans[kind])], [spans[kind]])
        for n, kind in enumerate(order)
    ]
    _, kept = without_duplicates(files)
    # The finest of them, however their hashes stand.
    assert [(one[0].format, one[2]) for one in kept] == [("taguette", (10, 20))]
