"""What becomes of each file, and what the report says about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.imports.reports import LabelSeen
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.database import Store, open_store
from assistant.store.people.codings import codings, scopes, set_exposure
from assistant.store.texts.documents import document_codings, documents
from assistant.store.texts.transcripts import find_transcript, transcript, transcript_infos
from assistant.store.trail.events import events
from assistant.store.verify import verify
from assistant.study import create_study
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text, holdings, plain, word
from tests.interchange.test_order import a_chain
from tests.store.filled import add_run

ANA = {1: ["weather"], 3: ["tools", "neighbours"], 9: ["water-shortage"]}


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def only(store: Store) -> int:
    (info,) = transcript_infos(store)
    return info.id


def test_report_and_rows_of_one_coded_file(store: Store, tmp_path: Path) -> None:
    (report,) = bring(store, delve_text(tmp_path / "Beds - Ana.txt", ANA)).files
    assert (report.status, report.transcript, report.format) == ("imported", "Beds", "delve-text")
    assert (report.coder, report.codings, report.exact) == ("Ana", 4, 4)
    assert [(c.code, c.quote, c.document) for c in codings(store)] == [
        ("weather", PARAGRAPHS[1][1], "Beds - Ana.txt"),
        ("neighbours", PARAGRAPHS[3][1], "Beds - Ana.txt"),
        ("tools", PARAGRAPHS[3][1], "Beds - Ana.txt"),
        ("water-shortage", PARAGRAPHS[9][1], "Beds - Ana.txt"),
    ]
    (scope,) = scopes(store)
    assert (scope.coder.name, scope.exposure) == ("Ana", "unknown")
    (event,) = events(store, "import")
    assert "1 file imported into 1 transcript, 4 codings" in event.what


def test_a_file_without_codes_gives_no_coder_and_no_scope(store: Store, tmp_path: Path) -> None:
    (report,) = bring(store, plain(tmp_path / "Beds - Ana.txt"), coder="Ana").files
    assert (report.coder, report.codings) == ("", 0)
    assert not scopes(store)
    assert not codings(store)


def test_a_coded_file_that_names_nobody(store: Store, tmp_path: Path) -> None:
    file = delve_text(tmp_path / "Beds.txt", ANA)
    (report,) = bring(store, file).files
    assert report.status == "refused"
    assert "4 codes, and nothing says who coded it" in report.error
    assert "--coder" in report.error
    assert not transcript_infos(store)
    asked: list[Path] = []

    def ask(path: Path) -> str:
        asked.append(path)
        return " Dora "

    (report,) = bring(store, file, ask_coder=ask).files
    assert (report.coder, asked) == ("Dora", [file])
    other, _ = open_store()
    with other:
        assert bring(other, file, coder="Eve").files[0].coder == "Eve"


def test_guessed_labels_wait_for_a_word_of_the_user(store: Store, tmp_path: Path) -> None:
    codes = {1: ["water-shortage"], 9: ["water-shortage"], 15: ["water-shortage"]}
    file = delve_text(tmp_path / "Beds - Ana.txt", codes)
    (report,) = bring(store, file, labels=()).files
    assert (report.status, report.codings, report.coder) == ("imported", 0, "")
    assert [s.what for s in report.skipped].count("water-shortage") == 3
    assert not codings(store)
    (again,) = bring(store, file, labels=(), confirm_labels=lambda seen: ()).files
    assert again.status == "already there"
    shown: list[tuple[str, ...]] = []

    def confirm(seen: tuple[LabelSeen, ...]) -> tuple[str, ...]:
        shown.append(tuple(one.label for one in seen))
        return shown[-1]

    (confirmed,) = bring(store, file, labels=(), confirm_labels=confirm).files
    assert shown == [("water-shortage",)]
    assert (confirmed.codings, confirmed.coder) == (3, "Ana")
    assert [c.code for c in codings(store)] == ["water-shortage"] * 3
    trusting, _ = open_store()
    with trusting:
        bring(trusting, file, labels=(), trust_guesses=True)
        assert holdings(trusting) == holdings(store)


def test_labels_that_were_read_as_words_at_first(store: Store, tmp_path: Path) -> None:
    """A label that stands in the file once looks like a word of the interview."""
    file = delve_text(tmp_path / "Beds - Ana.txt", ANA)
    bring(store, file, labels=())
    assert "water-shortage" in transcript(store, only(store)).text
    bring(store, file)
    assert "water-shortage" not in transcript(store, only(store)).text
    fresh, _ = open_store()
    with fresh:
        bring(fresh, file)
        assert holdings(fresh) == holdings(store)


def test_more_labels_known_later_add_codings_fewer_take_none_away(
    store: Store, tmp_path: Path
) -> None:
    file = delve_text(tmp_path / "Beds - Ana.txt", ANA)
    bring(store, file, labels=("weather",))
    first = len(codings(store))
    (more,) = bring(store, file).files
    assert more.status == "imported"
    assert len(codings(store)) == 4 > first
    (fewer,) = bring(store, file, labels=("weather",)).files
    assert fewer.status == "already there"
    assert len(codings(store)) == 4
    (row,) = documents(store, only(store))
    assert row.coder == "Ana"
    fresh, _ = open_store()
    with fresh:
        bring(fresh, file)
        assert holdings(fresh) == holdings(store)


def test_a_dry_run_reports_what_would_happen_and_stores_nothing(
    store: Store, tmp_path: Path
) -> None:
    files = [
        plain(tmp_path / "Beds.txt", [(s, w.replace("week 2", "week two")) for s, w in PARAGRAPHS]),
        delve_text(tmp_path / "Beds - Ana.txt", ANA),
        delve_text(tmp_path / "Nobody.txt", ANA),
    ]
    before = list(store.db.conn.iterdump())
    dry = bring(store, *files, dry_run=True)
    assert list(store.db.conn.iterdump()) == before
    assert bring(store, *files) == dry
    assert [f.status for f in dry.files] == ["imported", "imported", "refused"]
    assert dry.files[1].exact + dry.files[1].partial == 4


@pytest.mark.slow
def test_a_frozen_transcript_keeps_its_text_when_a_better_file_comes(
    store: Store, tmp_path: Path
) -> None:
    bring(store, delve_text(tmp_path / "Beds - Ana.txt", ANA))
    key = only(store)
    before, guids = transcript(store, key), {c.guid for c in codings(store)}
    add_run(store, key)
    typed = [(s, said.replace("week 2 I", "week 2 well I")) for s, said in PARAGRAPHS]
    better = bring(store, plain(tmp_path / "Better.txt", typed))
    assert better.transcripts == ("Beds",)
    assert transcript(store, key) == before
    bring(store, word(tmp_path / "Beds - Ben.docx", {3: ["tools"]}, typed))
    assert transcript(store, key) == before
    assert guids < {c.guid for c in codings(store)}
    assert [row.name for row in documents(store, key) if row.is_base] == ["Beds - Ana.txt"]
    assert verify(store).ok


def test_of_two_transcripts_that_prove_one_the_used_one_stays(store: Store, tmp_path: Path) -> None:
    first, middle, last, _ = a_chain(tmp_path)
    bring(store, first)
    used = only(store)
    bring(store, last)
    add_run(store, used)
    before = transcript(store, used)
    bring(store, middle)
    assert only(store) == used
    assert transcript(store, used) == before
    assert len(documents(store, used)) == 3


def test_one_coder_in_two_files_counts_once(store: Store, tmp_path: Path) -> None:
    bring(store, delve_text(tmp_path / "Beds - Ana.txt", ANA))
    more = word(tmp_path / "Beds - Ana.docx", {**ANA, 13: ["harvest"]})
    (report,) = bring(store, more).files
    assert (report.codings, report.same + report.exact) == (5, 5)
    assert len(codings(store)) == 5
    fates = [
        coding.carried
        for row in documents(store, only(store))
        for coding in document_codings(store, row.id)
    ]
    # Which of the two files it is that repeats the other is for their hashes to say.
    assert sorted(fates) == ["exact"] * 5 + ["same-as-another-file"] * 4
    assert [info.coders for info in transcript_infos(store)] == [("Ana",)]


def test_partial_and_failed_carrying_is_reported(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt"))
    words = PARAGRAPHS[3][1].split()
    extra = PARAGRAPHS[3][1].replace(words[4], f"{words[4]} indeed")
    typed = [
        *PARAGRAPHS[:3],
        ("Gardener", extra),
        *PARAGRAPHS[4:],
        ("Gardener", "Goodbye then."),
    ]
    codes = {3: ["tools"], 5: ["weather"], len(typed) - 1: ["neighbours"]}
    (report,) = bring(store, delve_text(tmp_path / "Beds - Ana.txt", codes, typed)).files
    assert (report.codings, report.exact, report.partial) == (3, 1, 1)
    (failed,) = report.failed
    assert failed.code == "neighbours"
    assert "only 0 of its 2 words are in the transcript" in failed.why
    assert sorted(c.code for c in codings(store)) == ["tools", "weather"]


def test_codings_of_earlier_files_that_lose_their_place_are_named(
    store: Store, tmp_path: Path
) -> None:
    typed = [*PARAGRAPHS, ("Gardener", "Goodbye then.")]
    first = bring(
        store,
        delve_text(tmp_path / "Beds - Ana.txt", {1: ["weather"], 24: ["neighbours"]}, typed),
    )
    assert not first.files[0].failed
    later = bring(store, plain(tmp_path / "Beds.txt"))
    (earlier,) = later.earlier
    assert earlier.path.endswith("Beds - Ana.txt")
    assert [c.code for c in earlier.failed] == ["neighbours"]
    again = bring(store, delve_text(tmp_path / "Beds - Ben.txt", {1: ["weather"]}))
    assert not again.earlier  # it was said once


def test_what_the_user_stated_of_a_coder_survives_a_later_import(
    store: Store, tmp_path: Path
) -> None:
    bring(store, delve_text(tmp_path / "Beds - Ana.txt", ANA))
    set_exposure(store, "independent")
    bring(store, word(tmp_path / "Beds - Ana.docx", ANA), plain(tmp_path / "Beds.txt"))
    assert [s.exposure for s in scopes(store)] == ["independent"]
    bring(store, delve_text(tmp_path / "Beds - Ben.txt", ANA), exposure="adjudicated")
    assert {s.coder.name: s.exposure for s in scopes(store)} == {
        "Ana": "independent",
        "Ben": "adjudicated",
    }


def test_a_stated_language_counts_also_for_a_transcript_that_is_there(
    store: Store, tmp_path: Path
) -> None:
    bring(store, plain(tmp_path / "Beds.txt"))
    bring(store, delve_text(tmp_path / "Beds - Ana.txt", ANA), language="nl")
    assert transcript(store, only(store)).language == "nl"


def test_words_that_were_withdrawn_do_not_come_back(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    store, _ = open_store(study.database)
    file, copy = plain(tmp_path / "Beds.txt"), tmp_path / "Other name.txt"
    copy.write_text(file.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    with store:
        bring(store, file)
        withdraw_transcript(study, store, "Beds", "asked")
        for again in (file, copy, delve_text(tmp_path / "Beds - Ana.txt", ANA)):
            (report,) = bring(store, again).files
            assert report.status == "refused"
            assert "withdrawn" in report.error
        assert [info.characters for info in transcript_infos(store)] == [0]
        assert not codings(store)


def test_a_folder_with_good_and_bad_files(store: Store, tmp_path: Path) -> None:
    plain(tmp_path / "Beds.txt")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / ".hidden.txt").write_text("Not looked at.", encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    report = import_files(store, [tmp_path], ImportOptions())
    assert {Path(f.path).name: f.status for f in report.files} == {
        "Beds.txt": "imported",
        "empty.txt": "refused",
        "picture.png": "refused",
    }
    with pytest.raises(UserError, match="no such file or folder"):
        import_files(store, [tmp_path / "nowhere"], ImportOptions())


def test_a_folder_below_a_hidden_one_is_read(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / ".sync" / "interviews"
    folder.mkdir(parents=True)
    plain(folder / "Beds.txt")
    assert import_files(store, [folder], ImportOptions()).transcripts == ("Beds",)


def test_the_file_is_remembered_where_it_is(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain(tmp_path / "Beds.txt")
    monkeypatch.chdir(tmp_path)
    bring(store, Path("Beds.txt"))
    (row,) = documents(store, only(store))
    assert Path(row.path) == tmp_path / "Beds.txt"
    assert find_transcript(store, "BEDS") == only(store)


def test_a_study_folder_gives_its_interviews_and_not_its_prompts(tmp_path: Path) -> None:
    """Who writes `import .` in a study means the interviews; a named folder is read as named."""
    study = create_study(tmp_path / "study")
    plain(study.folder / "Interview 1.txt", PARAGRAPHS)
    with open_store(study.database)[0] as store:
        report = import_files(store, [study.folder], ImportOptions())
        assert [Path(file.path).name for file in report.files] == ["Interview 1.txt"]
        named = import_files(store, [study.prompts_folder], ImportOptions(dry_run=True))
        assert {Path(file.path).name for file in named.files} >= {"list-v1.md"}
