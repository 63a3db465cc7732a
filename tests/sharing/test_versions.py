"""A colleague's codings stay of the version of the codebook that she coded with."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from assistant.codebook.lineage import Silences
from assistant.codebook.loading import parse_codebook
from assistant.codebook.records import Codebook
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.database import Store, open_store
from assistant.store.measured.reference import rests_on
from assistant.store.people.coded_so_far import coded_so_far
from assistant.store.people.codings import name_versions, scopes
from assistant.store.records import Scope
from assistant.store.sharing.conflicts import conflicts
from assistant.store.versions import codebook_versions, record_codebook
from assistant.study import Study, create_study
from tests.sharing.studies import Folder

FIRST = "name: Plots\ncodes:\n  - {id: the-tools, definition: What is dug with.}\n"
SECOND = FIRST.replace("dug", "dug or cut")
TALK = """Interviewer: Which tools did you have in the garden then?

Ann: We had one spade between {n} of us for many years, and it was blunt.
the-tools
"""


def _book(text: str) -> Codebook:
    return parse_codebook(text, "codebook")


def _at(day: int) -> str:
    return f"2026-01-{day:02}T00:00:00.000+00:00"


def _recorded(store: Store, text: str, day: int) -> str:
    book = _book(text)
    record_codebook(store, book, text)
    store.write("UPDATE codebooks SET recorded_at = ? WHERE sha256 = ?", (_at(day), book.sha256))
    return book.sha256


def _coded(folder: Path, who: str, day: int, n: str = "five") -> Folder:
    """A study in which one person's codes came in on a day, before anybody wrote versions down."""
    made = Folder(create_study(folder, name="Plots"))
    file = folder.parent / f"Spades {n} - {who}.txt"
    file.write_text(TALK.format(n=n), encoding="utf-8")
    options = ImportOptions(language="en", known_codes=("the-tools",), exposure="independent")
    assert len(import_files(made.store, [file], options).transcripts) == 1
    made.store.write("UPDATE scopes SET codebook_sha256 = NULL, created_at = ?", (_at(day),))
    return made


def _scope(store: Store, who: str) -> Scope:
    (mine,) = (s for s in scopes(store) if s.coder.name == who)
    return mine


def _silent(store: Store, who: str) -> dict[str, str]:
    found = Silences.among(coded_so_far(store), _book(SECOND))
    scope = _scope(store, who)
    return dict(found.of(scope.coder.id, scope.transcript_id))


def test_codes_of_a_colleague_are_of_her_version_and_not_of_one_that_was_there_here(
    tmp_path: Path,
) -> None:
    hers = _coded(tmp_path / "hers", "Ana", 5)
    first = _recorded(hers.store, FIRST, 2)
    _recorded(hers.store, SECOND, 8)
    here = _coded(tmp_path / "here", "Cem", 4)
    second = _recorded(here.store, SECOND, 3)
    assert not here.merge(hers.share()).conflicts
    assert _scope(here.store, "Ana").codebook_sha256 == first
    assert _silent(here.store, "Ana") == {"the-tools": "older definition"}
    # Her first version is older than Cem's codes; he never saw it.
    assert _scope(here.store, "Cem").codebook_sha256 == second
    assert _silent(here.store, "Cem") == {}
    hers.merge(here.share())
    assert _silent(hers.store, "Ana") == {"the-tools": "older definition"}
    assert _silent(hers.store, "Cem") == {}
    assert here.merge(hers.share()).unchanged
    assert not conflicts(here.store)


def test_what_is_shared_names_the_version_that_codes_were_made_with(tmp_path: Path) -> None:
    """Also for whoever reads the file: a version that is written down later changes nothing."""
    hers = _coded(tmp_path / "hers", "Ana", 5)
    first = _recorded(hers.store, FIRST, 2)
    _recorded(hers.store, SECOND, 8)
    assert _scope(hers.store, "Ana").codebook_sha256 == ""
    with zipfile.ZipFile(hers.share()) as file:
        lines = file.read("rows/scopes.jsonl").decode("utf-8").splitlines()
    assert {json.loads(line)["codebook_sha256"] for line in lines} == {first}
    assert _scope(hers.store, "Ana").codebook_sha256 == first


def test_a_file_in_which_no_version_is_named_goes_by_its_own_versions(tmp_path: Path) -> None:
    hers = _coded(tmp_path / "hers", "Ana", 5)
    first = _recorded(hers.store, FIRST, 2)
    here = _coded(tmp_path / "here", "Cem", 4)
    _recorded(here.store, SECOND, 3)
    file = hers.share()
    hers.store.write("UPDATE scopes SET codebook_sha256 = NULL")
    from assistant.interchange.sharing.package import write_share

    file.unlink()  # as earlier versions of the program wrote it
    write_share(hers.store, file, study="Plots", person="", made_by="Ana")
    here.merge(file)
    assert _scope(here.store, "Ana").codebook_sha256 == first


def test_what_one_study_does_not_know_is_filled_in_and_no_conflict(tmp_path: Path) -> None:
    hers = _coded(tmp_path / "hers", "Ana", 5)
    first = _recorded(hers.store, FIRST, 2)
    here = _coded(tmp_path / "here", "Ana", 5)
    assert not here.merge(hers.share()).conflicts
    assert _scope(here.store, "Ana").codebook_sha256 == first


def test_naming_versions_changes_nothing_that_a_verdict_rests_on(tmp_path: Path) -> None:
    hers = _coded(tmp_path / "hers", "Ana", 5)
    _recorded(hers.store, FIRST, 2)
    _recorded(hers.store, SECOND, 8)
    before = rests_on(hers.store, [1])
    assert name_versions(hers.store) == 1
    assert rests_on(hers.store, [1]) == before
    assert name_versions(hers.store) == 0


def _import(study: Study, store: Store, n: str, *, dry_run: bool = False) -> None:
    folder = study.folder.parent / n
    folder.mkdir(exist_ok=True)
    for who in ("Ana", "Ana 2")[: 1 if n == "five" else 2]:
        file = folder / f"Spades {n} - {who}.txt"
        file.write_text(TALK.format(n=n), encoding="utf-8")
    import_files(
        store,
        [folder],
        ImportOptions(
            language="en",
            known_codes=("the-tools",),
            coder="Ana",
            codebook_file=study.codebook_file,
            dry_run=dry_run,
        ),
    )


def test_an_import_is_of_the_codebook_as_it_is_then(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study", name="Plots")
    study.codebook_file.write_text(FIRST, encoding="utf-8")
    with open_store(study.database)[0] as store:
        _import(study, store, "five", dry_run=True)
        assert codebook_versions(store) == ()
        _import(study, store, "five")
        assert _scope(store, "Ana").codebook_sha256 == _book(FIRST).sha256
        study.codebook_file.write_text(SECOND, encoding="utf-8")
        _import(study, store, "six")
        found = {s.transcript_id: s.codebook_sha256 for s in scopes(store)}
        assert list(found.values()) == [_book(FIRST).sha256, _book(SECOND).sha256]
        # More of what she had coded before comes in later: it stays of the version that it has.
        study.codebook_file.write_text(FIRST.replace("dug", "cut"), encoding="utf-8")
        more = tmp_path / "Spades five - Ana more.txt"
        more.write_text(TALK.format(n="five") + "\n", encoding="utf-8")
        options = ImportOptions(
            known_codes=("the-tools",), coder="Ana", codebook_file=study.codebook_file
        )
        assert import_files(store, [more], options).files[0].status == "imported"
        assert {s.transcript_id: s.codebook_sha256 for s in scopes(store)} == found


def test_an_import_is_of_the_files_version_also_where_another_is_the_newest(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study", name="Plots")
    study.codebook_file.write_text(FIRST, encoding="utf-8")
    with open_store(study.database)[0] as store:
        record_codebook(store, _book(FIRST), FIRST)
        record_codebook(store, _book(SECOND), SECOND)  # then it was changed back
        assert codebook_versions(store)[-1].sha256 == _book(SECOND).sha256
        _import(study, store, "five")
        options = ImportOptions(exposure="independent", codebook_file=study.codebook_file)
        table = tmp_path / "codes.csv"
        table.write_text(
            "transcript,coder,code,start,end\nSpades five,Ben,the-tools,5,9\n", encoding="utf-8"
        )
        assert import_files(store, [table], options).projects[0].status == "imported"
        found = {s.coder.name: s.codebook_sha256 for s in scopes(store)}
        assert found == dict.fromkeys(("Ana", "Ben"), _book(FIRST).sha256)
