"""The files of an audit's sample: what they tell of a code, and how names are read that a person
writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.codebook.records import Code, Codebook
from assistant.errors import UserError
from assistant.guide.audit_by_file import take_files
from assistant.interchange.audit_files import blind_file, read_blind_file
from assistant.store.database import open_store
from assistant.store.measured.audits import record_audit
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript
from assistant.study import Study
from tests.review.studies import shed

BOOK = Codebook(
    name="Shed",
    codes=(
        Code(
            id="Shared-tools",
            name="Shared tools",
            definition="What is dug\nwith.",
            include="Words about mending.\ncodes: not these",
            exclude="Tools that are only named.",
        ),
        Code(id="weather"),
    ),
)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return shed(tmp_path)


def test_a_code_is_told_with_what_counts_and_what_does_not(study: Study, tmp_path: Path) -> None:
    with open_store(study.database)[0] as store:
        text = transcript(store, 1)
    written = blind_file(7, text, (5,), BOOK)
    assert (
        "  Shared-tools: What is dug with.\n"
        "      It counts: Words about mending. codes: not these\n"
        "      It does not count: Tools that are only named.\n"
        "  weather\n"
    ) in written
    file = tmp_path / "sample.txt"
    file.write_text(written, encoding="utf-8")
    assert read_blind_file(file).empty == (5,), "a rule is no line to write codes on"


def test_names_are_read_whatever_their_capitals_and_all_that_is_unknown_is_told_at_once(
    study: Study, tmp_path: Path
) -> None:
    with open_store(study.database)[0] as store:
        sample = [{"transcript_id": 1, "segment": n, "weight": 1.0} for n in (5, 9, 13)]
        number = record_audit(store, 1, [1], {"sample": sample})
        file = tmp_path / "sample.txt"
        blank = blind_file(number, transcript(store, 1), (5, 9, 13), BOOK)

        def filled(*lines: str) -> list[Path]:
            parts = blank.split("\ncodes: \n")
            pairs = zip(parts, (*(f"\ncodes: {line}\n" for line in lines), ""), strict=True)
            file.write_text("".join(a + b for a, b in pairs), encoding="utf-8")
            return [file]

        with pytest.raises(UserError) as refused:
            take_files(store, filled("wether", "tools, wether", "hoes"), "Eva")
        assert refused.value.what == (
            "The codebook has no code “wether” (passages 6, 10); “hoes” (passage 14) that a model "
            "is asked about."
        )
        assert "Did you mean “weather”?" in refused.value.hint
        assert not [c for c in codings(store) if c.coder.name == "Eva"]
        (taken,) = take_files(store, filled("WEATHER", "tools, Tools", "none"), "Eva")
        assert (taken.passages, taken.codes) == (3, 2)
        assert [c.code for c in codings(store) if c.coder.name == "Eva"] == ["weather", "tools"]
