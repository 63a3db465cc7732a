"""A name that an import gave wrongly is corrected; two people never become one by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.codebook.records import Code, Codebook
from assistant.decisions.own import begin_blind, finish_blind
from assistant.errors import UserError
from assistant.interchange.names.renamed import corrected_names
from assistant.interchange.names.renaming import correct_name
from assistant.interchange.projects.records import ProjectCoder
from assistant.interchange.projects.reports import ProjectOptions
from assistant.store.database import Store, open_store
from assistant.store.decided.reviewing import unfinished_blind
from assistant.store.people.coders import coders
from assistant.store.people.codings import codings, scopes
from assistant.store.people.memos import add_memo, memos
from assistant.store.people.openings import record_openings
from assistant.store.records import Coding
from assistant.store.texts.documents import documents
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.verify import verify
from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text, plain
from tests.projects.making import TEXT, coding, held, make, take

CODES = {1: ["weather"], 3: ["tools", "neighbours"]}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store()[0]
    bring(store, plain(tmp_path / "Beds.txt"), delve_text(tmp_path / "Beds - Anaa.txt", CODES))
    return store


def places(store: Store) -> set[tuple[str, str, int, int]]:
    return {(c.coder.name, c.code, c.start, c.end) for c in codings(store)}


def test_codes_scopes_and_memos_have_the_right_name(store: Store) -> None:
    add_memo(store, "study", "Begun in the rain.", who="Anaa")
    before = places(store)
    said = correct_name(store, "Anaa", "Ana")
    assert said == "“Anaa” is “Ana” now: 3 codings, 1 memo."
    assert places(store) == {("Ana", code, start, end) for _, code, start, end in before}
    assert {scope.coder.name for scope in scopes(store)} == {"Ana"}
    assert {memo.who for memo in memos(store)} == {"Ana"}
    assert verify(store).ok


def test_the_same_file_is_known_again(store: Store, tmp_path: Path) -> None:
    correct_name(store, "Anaa", "Ana")
    before = {c.guid for c in codings(store)}
    bring(store, delve_text(tmp_path / "Beds - Anaa.txt", CODES))
    bring(store, delve_text(tmp_path / "Beds - Ben.txt", {5: ["weather"]}))
    assert {c.guid for c in codings(store) if c.coder.name == "Ana"} == before
    assert {c.coder.name for c in codings(store)} == {"Ana", "Ben"}


def test_the_same_table_is_known_again(tmp_path: Path) -> None:
    create_study(tmp_path / "study")
    study = tmp_path / "study"
    plain(study / "transcripts" / "Beds.txt")
    codes = tmp_path / "codes.csv"
    codes.write_text(f"transcript,quote,code\nBeds,{PARAGRAPHS[1][1]},weather\n")
    assert secondcoder(study, "import").code == 0
    assert secondcoder(study, "import", str(codes), "--coder", "Anaa").code == 0
    refused = secondcoder(study, "import", str(codes), "--coder", "Ana")
    assert 'transcripts --coder "Anaa" --set-coder-name "Ana"' in refused.err
    command = ["transcripts", "--coder", "Anaa", "--set-coder-name", "Ana"]
    assert secondcoder(study, *command).code == 0
    again = secondcoder(study, "import", str(codes), "--coder", "Ana")
    assert "0 codings and 0 memos are new" in again.out
    (made,) = codings(open_store(study.joinpath("runs", "study.db"))[0])
    assert made.coder.name == "Ana"


def table(file: Path, coder: str, *rows: tuple[str, str]) -> Path:
    """One coding on the words of a paragraph a row."""
    lines = [f'Beds,"{said}",{code},{coder}' for said, code in rows]
    file.write_text("\n".join(["transcript,quote,code,coder", *lines]) + "\n", encoding="utf-8")
    return file


ANAA = (ProjectCoder(key="a", name="Anaa"),)
ROWS = ((PARAGRAPHS[1][1], "weather"), (PARAGRAPHS[3][1], "tools"))


def test_the_next_file_brings_nobody_back_under_the_old_name(store: Store, tmp_path: Path) -> None:
    correct_name(store, "Anaa", "Ana")
    (came,) = bring(store, delve_text(tmp_path / "Beds 2 - Anaa.txt", {5: ["weather"]})).files
    assert came.coder == "Ana"
    (note,) = [n for n in came.notes if "“Anaa” is “Ana” here since 20" in n]
    assert '--same-coder "Anaa=Anaa"' in note
    rows = (*ROWS, (PARAGRAPHS[5][1], "tools"))
    (report,) = bring(store, table(tmp_path / "v2.csv", "Anaa", *rows)).projects
    assert [(c.name, c.in_file) for c in report.coders] == [("Ana", ("Anaa",))]
    assert [n for n in report.notes if "“Anaa”" in n] == [note]
    assert {c.coder.name for c in codings(store)} == {"Ana"}
    assert verify(store).ok
    other = table(tmp_path / "other.csv", "Anaa", (PARAGRAPHS[7][1], "tools"))
    bring(store, other, same_coder={"Anaa": "Anaa"})
    assert {coder.name for coder in coders(store, "human")} == {"Ana", "Anaa"}
    last = table(tmp_path / "last.csv", "Anaa", (PARAGRAPHS[9][1], "tools"))
    (report,) = bring(store, last).projects
    assert [c.name for c in report.coders] == ["Anaa"]  # there is somebody of that name by now


def test_a_name_that_was_corrected_twice_or_back(store: Store) -> None:
    correct_name(store, "Anaa", "Anna")
    correct_name(store, "Anna", "Ana")
    now = {old: found.new for old, found in corrected_names(store).items()}
    assert now == {"Anaa": "Ana", "Anna": "Ana"}
    correct_name(store, "Ana", "Anaa")
    now = {old: found.new for old, found in corrected_names(store).items()}
    assert now == {"Anna": "Anaa", "Ana": "Anaa"}


def test_the_same_file_belongs_where_somebody_says_after_a_correction() -> None:
    """It was passed over, as known."""
    said = make([coding("She has a long hose", "c3")], coders=ANAA, text=TEXT)
    store = open_store()[0]
    take(store, make(name="Plot", text=TEXT + "Interviewer: Thank you, that was all of it.\n"))
    take(store, said)
    assert [row[0] for row in held(store)] == ["Garden 1"]
    correct_name(store, "Anaa", "Ana")
    report = take(store, said, ProjectOptions(same_as={"Garden 1": "Plot"}))
    assert [source.transcript for source in report.sources] == ["Plot"]
    assert [row[:3] for row in held(store)] == [("Plot", "Ana", "tools")]
    assert verify(store).ok


def test_what_left_before_brings_nothing_when_it_comes_after(tmp_path: Path) -> None:
    create_study(tmp_path / "study")
    study = tmp_path / "study"
    plain(study / "transcripts" / "Beds.txt")
    assert secondcoder(study, "import").code == 0
    codes = table(tmp_path / "codes.csv", "Anaa", *ROWS)
    assert secondcoder(study, "import", str(codes)).code == 0
    for kind in ("qdpx", "csv", "xlsx"):
        assert secondcoder(study, "export", kind).code == 0
    left = sorted(file for file in (study / "exports").iterdir() if file.is_file())
    before = {(c.code, c.start, c.end) for c in held_by(study, "Anaa")}
    command = ["transcripts", "--coder", "Anaa", "--set-coder-name", "Ana"]
    assert secondcoder(study, *command).code == 0
    assert held_by(study, "Anaa") == ()
    for file in left:
        again = secondcoder(study, "import", str(file))
        assert again.code == 0, again.err
        assert "0 codings and 0 memos are new" in again.out, file.name
        assert "“Anaa” is “Ana” here since" in " ".join(again.err.split())
    assert {(c.code, c.start, c.end) for c in held_by(study, "Ana")} == before
    with open_store(study / "runs" / "study.db")[0] as store:
        files = {row.name.partition(":")[0] for row in documents(store, 1)}
        assert files == {"Beds.txt", "codes.csv"}


def held_by(study: Path, coder: str) -> tuple[Coding, ...]:
    with open_store(study / "runs" / "study.db")[0] as store:
        return tuple(c for c in codings(store) if c.coder.name == coder)


def test_a_name_is_not_given_to_two(store: Store, tmp_path: Path) -> None:
    bring(store, delve_text(tmp_path / "Beds - Ana.txt", {5: ["weather"]}))
    with pytest.raises(UserError, match="“Ana” is there already"):
        correct_name(store, "Anaa", "Ana")
    with pytest.raises(UserError) as error:
        correct_name(store, "Annaa", "Anna")
    assert "Did you mean “Anaa”?" in error.value.hint


def test_who_worked_here_keeps_the_name(store: Store) -> None:
    (info,) = transcript_infos(store)
    record_openings(store, "Anaa", info.id, people=[None], place="transcript page")
    before = places(store)
    with pytest.raises(UserError, match="worked in this study under that name"):
        correct_name(store, "Anaa", "Ana")
    assert places(store) == before


def test_blind_coding_keeps_the_name_without_a_code(store: Store, tmp_path: Path) -> None:
    """Else she would go on under a name that nobody has, and a finished transcript would be open
    again."""
    bring(store, plain(tmp_path / "Other.txt", [("A", "Quite other words, all the same to her.")]))
    other = next(info.id for info in transcript_infos(store) if info.name == "Other")
    begin_blind(store, "Anaa", other)
    with pytest.raises(UserError, match="blind coding"):
        correct_name(store, "Anaa", "Ana")
    finish_blind(store, Codebook(name="Garden", codes=(Code(id="tools"),)), other, "Anaa")
    with pytest.raises(UserError, match="transcripts finished"):
        correct_name(store, "Anaa", "Ana")
    assert unfinished_blind(store) == frozenset()


def test_a_name_is_found_however_its_accents_are_typed(tmp_path: Path) -> None:
    store = open_store()[0]
    decomposed = "Rene\N{COMBINING ACUTE ACCENT}"
    coded = delve_text(tmp_path / "Beds.txt", CODES)
    bring(store, plain(tmp_path / "Beds 1.txt"))
    bring(store, coded, coder=decomposed)
    said = correct_name(store, decomposed, "Anna")
    assert said == "“René” is “Anna” now: 3 codings, 0 memos."
    assert {coder.name for coder in coders(store, "human")} == {"Anna"}
    with pytest.raises(UserError, match="Give the right name"):
        correct_name(store, "Anna", "Anna ")


def test_by_command_and_not_once_it_was_shared(tmp_path: Path) -> None:
    create_study(tmp_path / "study")
    study = tmp_path / "study"
    coded = delve_text(tmp_path / "Beds - Anaa.txt", CODES)
    labels = tmp_path / "labels.txt"
    labels.write_text("weather\ntools\nneighbours\n")
    assert secondcoder(study, "import", str(coded), "--labels", str(labels)).code == 0
    shown = secondcoder(
        study, "transcripts", "--coder", "Anaa", "--set-coder-name", "Ana", "--json"
    ).json
    assert [coder["name"] for coder in shown[0]["coders"]] == ["Ana"]
    assert secondcoder(study, "share").code == 0
    again = secondcoder(study, "transcripts", "--coder", "Ana", "--set-coder-name", "Anna")
    assert again.code == 2
    assert "This study was shared on" in again.err
    alone = secondcoder(study, "transcripts", "--set-coder-name", "Anna")
    assert alone.code == 2
    assert "--coder says whose it is" in alone.err
