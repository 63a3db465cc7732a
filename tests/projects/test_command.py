"""``secondcoder import`` with projects: what the user sees, and what is stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.store.database import open_store
from assistant.store.people.memos import add_memo, delete_memo, memos
from assistant.store.texts.transcripts import find_transcript, transcript_infos
from assistant.store.verify import verify
from assistant.study import Study, create_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import PARAGRAPHS, plain
from tests.refi.making import BEN, TEXT, Mark, archive, project_xml, qdpx, text

LEEKS = TEXT.index("Leeks"), TEXT.index("Leeks") + 15
HOSE = TEXT.index("She has"), TEXT.index(", and a key")
MARKS = (Mark(*LEEKS), Mark(*HOSE, code="c3", user=BEN))


def run(study: Study, *arguments: str) -> tuple[int, str]:
    done = secondcoder(study.folder, "import", *arguments)
    return done.code, done.out + done.err


def infos(study: Study) -> list[tuple[str, int]]:
    store, _ = open_store(study.database)
    with store:
        assert verify(store).ok
        return [(i.name, i.codings) for i in transcript_infos(store)]


@pytest.mark.slow
def test_a_project_beside_other_files(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    folder = tmp_path / "in"
    folder.mkdir()
    plain(folder / "Beds.txt", PARAGRAPHS)
    qdpx(folder / "garden.qdpx", project_xml(text(MARKS)))
    code, said = run(study, str(folder), "--dry-run")
    assert code == 0
    assert "Nothing was stored" in said
    assert infos(study) == []
    assert "codes: []" in study.codebook_file.read_text(encoding="utf-8")
    code, said = run(study, str(folder))
    assert code == 0, said
    assert infos(study) == [("Beds", 0), ("Garden 1", 2)]
    for expected in (
        "In the file: 1 text source, 2 text selections, 2 codings, 2 users, 3 codes.",
        "Positions count code points: so read, 4 of 4 borders of passages are borders of words.",
        "3 codes were written to",
        "2 codings and 0 memos are new.",
        "recorded as unknown",
    ):
        assert expected in said
    assert "id: sowing" in study.codebook_file.read_text(encoding="utf-8")


def test_the_texts_of_an_unpacked_project_are_taken_once(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    folder = tmp_path / "in" / "unpacked"
    (folder / "Sources").mkdir(parents=True)
    inside, beside = "0ab41adb-81df-579a-9230-ebd586e5aacc.txt", "77777777-81df-579a-9230.txt"
    (folder / "Sources" / inside).write_text(TEXT, encoding="utf-8")
    second = "Ana: It rained on the beds all week.\n\nBen: And nobody came to look after them.\n"
    (folder / beside).write_text(second, encoding="utf-8")
    plain(folder / "Sources" / "Beds.txt", PARAGRAPHS)  # somebody put it there
    found = text(MARKS, path=f"internal://{inside}")
    found += text(path=f"relative://{beside}", key="s2", name="Garden 2")
    (folder / "Garden.qde").write_text(project_xml(found), encoding="utf-8")
    code, said = run(study, str(tmp_path / "in"))
    assert code == 0, said
    assert [name for name, _ in infos(study)] == ["Beds", "Garden 1", "Garden 2"]
    assert inside not in said


def test_json_says_all_of_it(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    bad = Mark(TEXT.index("Gardener"), TEXT.index("Gardener") + 8)
    file = qdpx(tmp_path / "p.qdpx", project_xml(text([*MARKS, bad])))
    done = secondcoder(study.folder, "import", str(file), "--json")
    (project,) = done.json["projects"]
    assert project["status"] == "imported"
    assert [c["name"] for c in project["coders"]] == ["Ana", "Ben"]
    (one,) = project["not_placed"]
    assert (one["code"], one["start"]) == ("sowing", bad.start)
    assert "speaker's name" in one["why"]


def test_what_cannot_be_read_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    good = qdpx(tmp_path / "good.qdpx", project_xml(text(MARKS)))
    bad = archive(tmp_path / "bad.qdpx", {"project.qde": b"<Project>", "../x": b""})
    code, said = run(study, str(good), str(bad))
    assert code == 3
    assert "Not imported:" in said
    assert "wants to lie outside" in said
    assert "Traceback" not in said
    assert infos(study) == [("Garden 1", 2)]
    code, _ = run(study, str(bad))
    assert code == 2


def test_definitions_of_codes_that_the_study_lacks_are_named(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    written = "name: Mine\nversion: '1'\ncodes:\n- id: help\n"
    study.codebook_file.write_text(written, encoding="utf-8")
    qdpx(tmp_path / "garden.qdpx", project_xml(text(MARKS)))
    code, said = run(study, str(tmp_path / "garden.qdpx"))
    assert code == 0, said
    assert "2 of its 3 codes are not in the study's codebook: sowing, tools." in said
    assert "What the file says of sowing (definitions) was not taken." in said


def test_missing_texts_end_in_part(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    file = qdpx(tmp_path / "p.qdpx", project_xml(text(MARKS)), {})
    code, said = run(study, str(file))
    assert code == 3
    assert "None of the texts that the project names is in the file" in said
    assert "Its text is missing" in said


def test_coders_are_named_by_options(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    marks = (Mark(*LEEKS, user=""), MARKS[1])
    file = qdpx(tmp_path / "p.qdpx", project_xml(text(marks)))
    code, said = run(study, str(file))
    assert code == 2
    assert "--coder NAME" in said
    code, said = run(study, str(file), "--same-coder", "Ben=Dana", "--coder", "Cleo")
    assert code == 0
    store, _ = open_store(study.database)
    with store:
        (info,) = transcript_infos(store)
    assert info.coders == ("Cleo", "Dana")
    code, said = run(study, str(file), "--same-coder", "Ben")
    assert code == 2
    assert "was not understood" in said


def test_memos_are_appended_and_erased_with_a_participant(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    run(study, str(qdpx(tmp_path / "p.qdpx", project_xml(text(MARKS)))))
    store, _ = open_store(study.database)
    with store:
        key = find_transcript(store, "Garden 1")
        assert key is not None
        first = add_memo(store, "passage", "Zorblat?", "Ana", transcript_id=key, start=44, end=59)
        newer = add_memo(
            store, "passage", "Zorblat!", "Ana", transcript_id=key, start=44, end=59, replaces=first
        )
        add_memo(store, "code", "As in: she has a long hose, and a key.", "Ben", code="tools")
        gone = add_memo(store, "study", "Nothing.", "Ben")
        delete_memo(store, gone, "Ben")
        assert [(m.id, m.text) for m in memos(store, key)] == [(newer, "Zorblat!")]
        assert len(memos(store)) == 2
    done = secondcoder(study.folder, "withdraw", "Garden 1", "--reason", "asked", "--yes")
    assert done.code == 0, done.err
    for file in (tmp_path / "study" / "runs").iterdir():
        data = file.read_bytes()
        assert b"Zorblat" not in data
        assert b"long hose" not in data


def test_what_was_left_out_says_where_and_stays_short(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    talk = tmp_path / "Talk 1.txt"
    talk.write_text("Interviewer: What do you grow?\n\nAna: Leeks, and beans too.\n", "utf-8")
    assert run(study, str(talk))[0] == 0
    rows = ["transcript,quote,code,coder", "Talk 1,Leeks,sowing,Ana"]
    rows += [f"Talk 1,never said {n},sowing,Ana" for n in range(40)]
    table = tmp_path / "codes.csv"
    table.write_text("\n".join(rows), "utf-8")
    code, said = run(study, str(table), "--dry-run")
    assert code == 0
    assert "row 3, never said 0: its words were not found" in said
    assert "never said 30" not in said
    assert "and 28 more (its words were not found); --all lists them" in said
    code, said = run(study, str(table), "--dry-run", "--all")
    assert code == 0
    assert "row 42, never said 39: its words were not found" in said


def test_every_row_of_a_table_that_has_no_sure_place_is_reported(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    talk = tmp_path / "Talk 1.txt"
    talk.write_text("Interviewer: What do you grow?\n\nAna: Leeks, beans, beans, beans.\n", "utf-8")
    assert run(study, str(talk))[0] == 0
    table = tmp_path / "codes.csv"
    head = "transcript,quote,code,coder,start,end\n"
    poor = 'Talk 1,never said,sowing,Ana,,\nTalk 1,"beans, beans",sowing,Ana,,\n'
    expected = [
        ("row 2", "never said", "its words were not found"),
        ("row 3", "beans, beans", "its words stand 2 times (at 26, 33)"),
    ]
    taken = "its position 2–4 does not fit its words: they stand once, at 19–24, which was taken"
    for rows, code, doubtful in (
        (poor, 2, []),  # nothing to take: refused, and each row listed all the same
        (f"{poor}Talk 1,Leeks,sowing,Ana,2,4\n", 0, [("row 4", "Leeks", taken)]),
    ):
        table.write_text(head + rows, "utf-8")
        for dry in (["--dry-run"], []):
            done = secondcoder(study.folder, "import", str(table), "--json", *dry)
            assert done.code == code, done.err
            (project,) = json.loads(done.out)["projects"]
            for name, wanted in (("skipped", expected), ("doubtful", doubtful)):
                found = [(row["where"], row["what"], row["why"]) for row in project[name]]
                assert found == wanted
            found_code, said = run(study, str(table), *dry)
            assert found_code == code
            for where, what, why in (*expected, *doubtful):
                assert f"{where}, {what}: {why}" in said
