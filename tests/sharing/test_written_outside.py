"""What a user had written to a place of her own is named when a participant withdraws."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.decisions.blind import record_blind_coding
from assistant.errors import UserError
from assistant.file_names import file_names
from assistant.guide.audit_by_file import draw_into_files
from assistant.guide.outside import record_outside
from assistant.interchange.withdrawal.holding import files_with_its_words
from assistant.store.database import open_store
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import Study
from tests.cli.command import secondcoder
from tests.review.studies import SHED, add_interview, add_suggestions, shed


def named(study: Study, name: str) -> tuple[str, ...]:
    store = open_store(study.database)[0]
    with store:
        (key,) = (info.id for info in transcript_infos(store) if info.name == name)
        return files_with_its_words(study, store, key)


def done(study: Study, *arguments: str) -> None:
    ended = secondcoder(study.folder, *arguments)
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("quotes", [True, False])
def test_disagreements_that_were_written_elsewhere(tmp_path: Path, quotes: bool) -> None:
    study = shed(tmp_path / "study")
    place = tmp_path / "for the supervisor"
    how = () if quotes else ("--without-quotes",)
    done(study, "disagreements", "--out", str(place), *how)
    done(study, "disagreements")  # this one stands where the withdrawal deletes it
    found = named(study, "Shed 1")
    assert any(str(place / "disagreements.html") in line for line in found) is quotes
    assert not any(str(study.reports_folder) in line for line in found)


def test_samples_of_an_audit_that_were_written_elsewhere_each_to_its_own_file(
    tmp_path: Path,
) -> None:
    study = shed(tmp_path / "study", run=False)
    names = ("Shed/2", "Shed:2")
    with open_store(study.database)[0] as store:
        keys = [
            add_interview(store, name, tuple((who, f"{said} {name}") for who, said in SHED))
            for name in names
        ]
        run = add_suggestions(store, study, *keys)
    place = tmp_path / "for the coder"
    ended = secondcoder(study.folder, "audit", "draw", str(run), "--out", str(place), "--json")
    assert ended.code == 0, ended.err
    assert [Path(file).name for file in ended.json["files"]] == ["Shed-2.txt", "Shed-2 2.txt"]
    for file, name in zip(ended.json["files"], names, strict=True):
        assert f"· {name}" in Path(file).read_text(encoding="utf-8").splitlines()[0]
        assert [line for line in named(study, name) if line.startswith(file)]


def test_only_what_is_elsewhere_is_put_on_record(tmp_path: Path) -> None:
    study = shed(tmp_path / "study")
    inside = study.reports_folder / "compare-1-2" / "comparison.html"
    outside = tmp_path / "comparison.html"
    with open_store(study.database)[0] as store:
        written = [(path, ["Shed 1"]) for path in (inside, outside)]
        record_outside(study, store, "A comparison of runs was written", written)
    found = named(study, "Shed 1")
    assert [line for line in found if "comparison.html" in line] == [
        line for line in found if line.startswith(str(outside))
    ]
    assert any(line.startswith(str(outside)) for line in found)


def test_no_two_names_are_one_file() -> None:
    assert file_names(["A/B", "A:B", "a-b", "C"]) == ("A-B", "A-B 2", "a-b 3", "C")
    assert file_names(["..", "con"]) == ("study", "con-")


def test_a_passage_outside_the_sample_is_named_by_the_number_that_people_see(
    tmp_path: Path,
) -> None:
    study = shed(tmp_path / "study", run=False)
    with open_store(study.database)[0] as store:
        key = add_interview(store, "Shed 2", tuple((who, f"{said} 2") for who, said in SHED))
        run = add_suggestions(store, study, key)
        drawn, _ = draw_into_files(study, store, run, segments=3)
        outside = next(n for n in range(48) if n not in drawn.plan.of(key))
        with pytest.raises(UserError, match=f"Passage {outside + 1} is not in the sample"):
            record_blind_coding(store, drawn.id, key, outside, (), "Ana")
