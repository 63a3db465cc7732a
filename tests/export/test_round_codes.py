"""What left as a code comes back as one, wherever it stands and whatever it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.codebook.records import Code, Codebook
from assistant.interchange.refi.codebook_writing import write_qdc
from assistant.interchange.refi.writing import write_qdpx
from assistant.store.database import open_store
from assistant.store.texts.transcripts import transcript
from assistant.study import Study
from tests.export.codebooks import study_with
from tests.export.studies import add_text, code, exported
from tests.export.test_qdpx import AT
from tests.export.test_round_qdpx import PASSAGE, TURNS, taken, windows
from tests.export.test_round_tables import held
from tests.refi.making import read

# (above, whether that is a family, below): on all passages of what stands below it, or named as
# programs name what they find by themselves.
SHAPES = (
    ("Work", False, ("Digging",)),
    ("Sentiment", True, ("Positive", "Negative")),
    ("Sentiment", False, ("Positive", "Negative")),
    ("Autocode", False, ("Sowing",)),
)


def made(folder: Path, top: str, family: bool, low: tuple[str, ...]) -> tuple[Study, list[str]]:
    above = {"family": top} if family else {"parent": top}
    codes = [Code(id=name, definition="d", **above) for name in low]
    codes += [] if family else [Code(id=top, definition="d")]
    book = Codebook(name="B", families={top: ""} if family else {}, codes=tuple(codes))
    return study_with(folder, book), [one.id for one in codes]


@pytest.mark.slow
@pytest.mark.parametrize(("top", "family", "low"), SHAPES)
def test_no_code_of_ours_is_taken_for_what_a_program_did(
    top: str, family: bool, low: tuple[str, ...], tmp_path: Path
) -> None:
    study, codes = made(tmp_path, top, family, low)
    file, back = tmp_path / "x.qdpx", tmp_path / "back.qdpx"
    with open_store()[0] as one, open_store()[0] as two, open_store()[0] as three:
        key = add_text(one, "T", TURNS)
        places = [found.span() for found in PASSAGE.finditer(transcript(one, key).text)]
        assert len(places) >= 4
        code(one, key, "Ana", [(name, *place) for name in codes for place in places])
        write_qdpx(exported(study, one), file, AT)
        # Also when another program has had the file and left its own name in it.
        windows(file, back)
        for there, path in ((two, file), (three, back)):
            report = taken(there, path)
            assert held(there) == held(one)
            assert report.skipped == ()
            assert not any("gathers" in note for note in report.notes)


@pytest.mark.parametrize(("top", "family", "low"), SHAPES)
def test_nor_in_a_codebook_alone(
    top: str, family: bool, low: tuple[str, ...], tmp_path: Path
) -> None:
    study, _ = made(tmp_path, top, family, low)
    with open_store()[0] as store:
        write_qdc(exported(study, store), tmp_path / "x.qdc")
    project = read(tmp_path / "x.qdc")
    assert {found.name for found in project.codes} == {top, *low}
    assert {found.kind for found in project.codes} == {""}
