"""Each text of a project keeps its own way of counting, where it tells one."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.interchange.refi.conventions import Conventions, fit_sources
from assistant.interchange.refi.offsets import positions
from assistant.interchange.refi.scoring import Selection
from tests.refi.making import Mark, project_xml, qdpx, read, text
from tests.refi.test_offsets import counted, long_text, spans

UNITS = ("code points", "UTF-16 units", "UTF-8 bytes")


def marked(
    key: str, body: str, unit: str, *, line_end: int = 0, quoted: bool = True, count: int = 25
) -> list[Selection]:
    return [
        Selection(
            key,
            counted(body, start, unit, line_end),
            counted(body, end, unit, line_end),
            body[start:end] if quoted else "",
        )
        for start, end in spans(body, count)
    ]


def placed(
    found: Conventions, key: str, body: str, selections: list[Selection]
) -> list[tuple[int, int]]:
    rule = found.rule(key)
    assert rule is not None
    return positions(body, False, rule, [(s.start, s.end) for s in selections if s.source == key])


@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize("units", [UNITS, UNITS[::-1], ("UTF-8 bytes", *UNITS)])
def test_texts_from_different_programs_keep_their_own(quoted: bool, units: tuple[str, ...]) -> None:
    texts = {f"s{n}": long_text("\n", seed=n) for n in range(len(units))}
    selections = [
        one
        for (key, body), unit in zip(texts.items(), units, strict=True)
        for one in marked(key, body, unit, quoted=quoted)
    ]
    found = fit_sources(texts, {}, selections)
    for key, body in texts.items():
        assert placed(found, key, body, selections) == spans(body), (key, found)


@pytest.mark.parametrize("quoted", [True, False])
def test_one_convention_is_the_projects_and_no_texts_own(quoted: bool) -> None:
    texts = {f"s{n}": long_text("\r\n", seed=n) for n in range(4)}
    selections = [
        one
        for key, body in texts.items()
        for one in marked(key, body, "UTF-16 units", line_end=1, quoted=quoted)
    ]
    found = fit_sources(texts, {}, selections)
    assert found.own == {}
    assert str(found.project.rule) == "UTF-16 units, a line end as one"


def test_a_text_with_two_passages_follows_the_project() -> None:
    """Passages without quotations, of which one begins within a word: it proves nothing."""
    texts = {"s1": long_text("\n", seed=1), "s2": long_text("\n", seed=2)}
    few = marked("s2", texts["s2"], "UTF-16 units", quoted=False, count=2)
    few = [few[0], few[1]._replace(start=few[1].start + 1)]
    found = fit_sources(texts, {}, [*marked("s1", texts["s1"], "UTF-16 units", quoted=False), *few])
    assert found.own == {}
    assert str(found.rule("s2")) == "UTF-16 units"


def test_a_single_quotation_is_enough_to_differ() -> None:
    texts = {"s1": long_text("\n", seed=1), "s2": long_text("\n", seed=2)}
    one = marked("s2", texts["s2"], "UTF-8 bytes", count=1)
    found = fit_sources(texts, {}, [*marked("s1", texts["s1"], "code points"), *one])
    assert str(found.rule("s1")) == "code points"
    assert placed(found, "s2", texts["s2"], one) == spans(texts["s2"], 1)


def test_where_all_differ_the_text_with_too_little_follows_most() -> None:
    texts = {f"s{n}": long_text("\n", seed=n) for n in range(3)}
    few = marked("s2", texts["s2"], "UTF-8 bytes", quoted=False, count=2)
    selections = [
        *marked("s0", texts["s0"], "code points", count=10),
        *marked("s1", texts["s1"], "UTF-8 bytes", count=30),
        *few,
    ]
    found = fit_sources(texts, {}, selections)
    assert placed(found, "s2", texts["s2"], few) == spans(texts["s2"], 2)


def test_no_convention_is_taken_that_quotations_contradict() -> None:
    """Positions of another version of the text: what is quoted stands elsewhere, however they are
    counted, though borders of words fit."""
    body = "Yes. No. " * 4 + "\n" + long_text("\n")
    shown = [(p, p + 9) for p in range(0, 36, 9)]
    wrong = [
        Selection("s1", *place, body[slice(*said)])
        for place, said in zip(shown * 3, spans(body, 12), strict=True)
    ]
    other = long_text("\n", seed=4)
    found = fit_sources({"s1": body, "s2": other}, {}, [*wrong, *marked("s2", other, UNITS[0])])
    assert found.rule("s1") is None
    assert "stands elsewhere" in found.own["s1"].said
    assert placed(found, "s2", other, marked("s2", other, UNITS[0])) == spans(other)


def test_a_merged_project_says_what_each_text_counts(tmp_path: Path) -> None:
    first, second, third = (long_text("\n", seed=n) for n in range(3))
    marks = [
        [Mark(s.start, s.end, name=s.name) for s in marked("s", body, unit)]
        for body, unit in ((first, UNITS[0]), (second, UNITS[2]))
    ]
    wrong = [Mark(9 * n, 9 * n + 7, name=third[slice(*one)]) for n, one in enumerate(spans(third))]
    sources = "".join(
        text(one, key=f"s{n}", name=f"Garden {n}", path=f"internal://{n}.txt", first=100 * n)
        for n, one in enumerate([*marks, wrong], 1)
    )
    files = {f"{n}.txt": body.encode() for n, body in enumerate((first, second, third), 1)}
    project = read(qdpx(tmp_path / "p.qdpx", project_xml(sources), files))
    for key, body in (("s1", first), ("s2", second)):
        found = [(c.start, c.end) for c in project.codings if c.source == key]
        assert found == spans(body)
    rules = {source.key: source.position_rule for source in project.sources}
    assert rules == {"s1": "code points", "s2": "UTF-8 bytes", "s3": ""}
    said = [note for note in project.notes if "Positions count" in note]
    assert said == [
        "Positions count UTF-8 bytes: so read, 25 of 25 passages that the file quotes are at their "
        "place.",
        "In “Garden 1”: Positions count code points: so read, 25 of 25 passages that the file "
        "quotes are at their place.",
    ]
    (left,) = [s for s in project.skipped if s.where == "Garden 3"]
    assert left.what == "25 codings"
    assert "stands elsewhere" in left.why
