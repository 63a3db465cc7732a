"""Whatever a program's positions count, the passage that it meant is found, or none is taken."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from assistant.interchange.refi.offsets import Rule, fit, positions
from assistant.interchange.refi.scoring import Selection
from tests.refi.making import Mark, project_xml, qdpx, read, text

WORDS = [
    *("the", "wet", "🌱", "corner", "café", "נוף", "gate", "has", "👩\u200d🌾"),
    *("leeks", "and", "beans", "that", "nobody", "sowed"),
]


def long_text(line_end: str, seed: int = 1) -> str:
    chance = random.Random(seed)
    lines = [
        " ".join(chance.choice(WORDS) for _ in range(chance.randint(4, 12))) + "."
        for _ in range(60)
    ]
    return line_end.join(lines)


def spans(body: str, count: int = 25, seed: int = 2) -> list[tuple[int, int]]:
    chance = random.Random(seed)
    borders = [i for i in range(1, len(body)) if body[i - 1].isspace() and not body[i].isspace()]
    found = []
    for _ in range(count):
        start = chance.choice(borders[:-20])
        found.append((start, start + len(body[start : start + 40].rstrip().rsplit(" ", 1)[0])))
    return found


def counted(body: str, place: int, unit: str, line_end: int) -> int:
    """An oracle: the length of what stands before, in the units of a program."""
    before = body[:place]
    if line_end:
        before = before.replace("\r\n", "\n").replace("\n", "x" * line_end)
    if unit == "UTF-16 units":
        return len(before.encode("utf-16-le")) // 2
    return len(before.encode()) if unit == "UTF-8 bytes" else len(before)


@pytest.mark.parametrize("unit", ["code points", "UTF-16 units", "UTF-8 bytes"])
@pytest.mark.parametrize("line_end", [0, 1, 2])
@pytest.mark.parametrize("written", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [0, 1])
@pytest.mark.parametrize("quoted", [True, False])
def test_every_convention_is_found(
    unit: str, line_end: int, written: str, last: int, quoted: bool
) -> None:
    body = long_text(written)
    meant = spans(body)
    selections = [
        Selection(
            "s",
            counted(body, start, unit, line_end),
            counted(body, end - last, unit, line_end),
            body[start:end] if quoted else "",
        )
        for start, end in meant
    ]
    found = fit({"s": body}, {"s": False}, selections)
    assert found.rule is not None, found.said
    given = [(s.start, s.end) for s in selections]
    assert positions(body, False, found.rule, given) == meant
    assert found.share == 1.0


def test_a_mark_in_front_may_count_or_not() -> None:
    body = long_text("\r\n")
    meant = spans(body)
    for shift in (0, 1):
        selections = [Selection("s", start + shift, end + shift) for start, end in meant]
        found = fit({"s": body}, {"s": True}, selections)
        assert found.rule == Rule(mark=shift)
        assert positions(body, True, found.rule, [(s.start, s.end) for s in selections]) == meant


def test_none_fits() -> None:
    body = long_text("\n")
    chance = random.Random(3)
    inner = [i for i in range(1, 1500) if body[i - 1].isalpha() and body[i].isalpha()]
    wrong = [Selection("s", p, p + 11) for p in chance.sample(inner, 40)]
    wrong = [s for s in wrong if body[s.end - 1].isalpha() and body[s.end].isalpha()]
    found = fit({"s": body}, {"s": False}, wrong)
    assert found.rule is None
    assert "could not be understood" in found.said


def test_positions_outside_of_the_text() -> None:
    body = "Leeks and beans."
    found = fit({"s": body}, {"s": False}, [Selection("s", 0, 5), Selection("s", 900, 950)])
    assert found.rule is None
    assert "outside" in found.said


def test_the_standard_wins_where_all_fit_alike() -> None:
    body = "Leeks and beans.\nNothing else."
    found = fit({"s": body}, {"s": False}, [Selection("s", 0, 5)])
    assert found.rule == Rule()


def test_few_passages_tell_of_no_other_rule_than_the_standard() -> None:
    body = "Ana: Leeks and beans.\n\nBo: I was going to the market with apples.\n" * 2
    inner = [Selection("s", 26, 29), Selection("s", 31, 36), Selection("s", 50, 53)]
    found = fit({"s": body}, {"s": False}, inner)
    assert found.rule == Rule()
    assert "too few to be sure" in found.said
    windows = body.replace("\n", "\r\n")
    meant = [(windows.index(w), windows.index(w) + len(w)) for w in ("going", "market", "apples")]
    shifted = [Selection("s", start - 2, end - 2) for start, end in meant]
    found = fit({"s": windows}, {"s": False}, shifted)
    assert found.rule is not None
    assert found.share == 1.0


def test_names_that_are_no_quotations_do_not_mislead() -> None:
    body = long_text("\r\n")
    meant = spans(body)
    selections = [
        Selection(
            "s",
            counted(body, start, "UTF-16 units", 0),
            counted(body, end, "UTF-16 units", 0),
            f"Quotation 12:{n}",
        )
        for n, (start, end) in enumerate(meant)
    ]
    found = fit({"s": body}, {"s": False}, selections)
    assert found.rule is not None
    assert found.rule.unit == "UTF-16 units"


def test_scripts_without_spaces_are_not_refused() -> None:
    body = "我在花园里种了韭菜和豆子因为那里总是很湿润。" * 10
    selections = [Selection("s", n * 7, n * 7 + 4) for n in range(20)]
    assert fit({"s": body}, {"s": False}, selections).rule == Rule()


def test_codings_of_a_file_that_nobody_understands_are_listed(tmp_path: Path) -> None:
    body = long_text("\n")
    marks = [Mark(5000 + n, 6000 + n) for n in range(5)]
    file = qdpx(tmp_path / "p.qdpx", project_xml(text(marks)), {"one.txt": body.encode()})
    project = read(file)
    assert project.codings == ()
    assert [s.what for s in project.skipped] == ["5 codings"]
    assert "outside of their texts" in project.skipped[0].why


@pytest.mark.parametrize("unit", ["code points", "UTF-16 units", "UTF-8 bytes"])
@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize("broken", [1, 5])
def test_a_few_corrupt_positions_do_not_take_the_others_away(
    unit: str, quoted: bool, broken: int
) -> None:
    body = long_text("\n")
    meant = spans(body)
    selections = [
        Selection(
            "s",
            counted(body, start, unit, 0),
            counted(body, end, unit, 0),
            body[start:end] * quoted,
        )
        for start, end in meant
    ]
    for number in range(broken):
        far = 10 * len(body) + number
        selections[3 * number] = Selection("s", far, far + 20, "gone " * quoted)
    found = fit({"s": body}, {}, selections)
    assert found.rule is not None
    assert f"{broken} of 25 lie outside of their texts and were left out" in found.said
    places = positions(body, False, found.rule, [(s.start, s.end) for s in selections])
    good = [n for n in range(len(meant)) if n % 3 or n // 3 >= broken]
    assert [places[n] for n in good] == [meant[n] for n in good]


def test_positions_that_fit_by_chance_are_no_reason_to_take_some() -> None:
    """Random places of which a part lies in the text: nothing tells which way of counting."""
    body = long_text("\n")
    chance = random.Random(5)
    selections = []
    for _ in range(40):
        start = chance.randint(0, int(1.3 * len(body)))
        selections.append(Selection("s", start, start + chance.randint(5, 40)))
    assert fit({"s": body}, {}, selections).rule is None


def test_corrupt_codings_are_listed_and_the_others_taken(tmp_path: Path) -> None:
    body = long_text("\n")
    marks = [Mark(*span) for span in spans(body)]
    marks += [Mark(90_000 + n, 90_010 + n, code="c3") for n in range(2)]
    project = read(qdpx(tmp_path / "p.qdpx", project_xml(text(marks)), {"one.txt": body.encode()}))
    assert [(c.start, c.end) for c in project.codings] == spans(body)
    listed = [skip.what for skip in project.skipped if "outside of the text" in skip.why]
    assert listed == ["tools at 90000 to 90010", "tools at 90001 to 90011"]
    assert any("2 of 27 lie outside of their texts" in note for note in project.notes)
