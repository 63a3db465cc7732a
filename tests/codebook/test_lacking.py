"""What a codebook that is brought in adds to the study's: codes, and first definitions."""

from __future__ import annotations

from assistant.codebook.records import Code, Codebook
from assistant.guide.lacking import lacking, undefined


def book(*codes: Code) -> Codebook:
    return Codebook(name="x", codes=codes)


def test_a_code_gets_its_own_definition_before_that_of_one_it_was_once_called() -> None:
    old = book(Code(id="team", aliases=("helping",)))
    new = book(
        Code(id="helping", definition="Helping neighbours."),
        Code(id="team", definition="Working together."),
    )
    assert undefined(old, new) == (("team", "Working together."),)


def test_other_under_work_is_not_other_under_family() -> None:
    old = book(Code(id="work"), Code(id="work-other", name="Other", parent="work"))
    new = book(
        Code(id="family", definition="Kin."),
        Code(id="family-other", name="Other", parent="family", definition="Of family."),
    )
    assert undefined(old, new) == ()
    assert [code.id for code in lacking(old, new)] == ["family", "family-other"]


def test_a_name_that_is_written_alike_is_the_same_code() -> None:
    old = book(Code(id="Joy in teaching"))
    new = book(Code(id="Joy-in-teaching", name="Joy in teaching", definition="Why one teaches."))
    assert undefined(old, new) == (("Joy in teaching", "Why one teaches."),)
    assert lacking(old, new) == ()
