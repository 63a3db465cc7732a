"""Each study got its text of one interview from another file: after a merge it is one in both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.people.codings import codings
from assistant.store.sharing.conflicts import Conflict, conflicts, record_conflicts
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text
from tests.sharing.studies import Folder, exchange, rows_of
from tests.store.filled import add_run

OTHER_CASE = tuple((s, said.replace("In week 3 I", "in week 3 I")) for s, said in PARAGRAPHS)
"""One letter in another case."""


@pytest.fixture
def apart(tmp_path: Path) -> tuple[Folder, Folder]:
    a, b = (Folder(create_study(tmp_path / name, name="Plots")) for name in ("a", "b"))
    (tmp_path / "in").mkdir()
    bring(a.store, delve_text(tmp_path / "Beds - Ana.txt", {1: ["weather"]}))
    bring(b.store, delve_text(tmp_path / "in" / "Beds - Ben.txt", {1: ["weather"]}, OTHER_CASE))
    assert text_of(a) != text_of(b)
    assert text_of(a).casefold() == text_of(b).casefold()
    return a, b


def text_of(folder: Folder) -> str:
    return transcript(folder.store, folder.key("Beds")).text


def names(folder: Folder) -> list[str]:
    return [info.name for info in transcript_infos(folder.store)]


def rows(folder: Folder) -> dict[str, list[str]]:
    """Without when a coding was derived from its file, which is known by when that came."""
    found = rows_of(folder.store, but=("events",))
    found["codings"] = [re.sub(r'"created_at":"[^"]*"', "", row) for row in found["codings"]]
    return found


def put_together(a: Folder, b: Folder, first: str) -> None:
    if first == "a":
        a.merge(b.share())
        b.merge(a.share())
    elif first == "b":
        b.merge(a.share())
        a.merge(b.share())
    else:
        exchange(a, b)


@pytest.mark.parametrize("first", ["a", "b", "each the other's"])
def test_it_is_one_with_the_same_name_in_both(apart: tuple[Folder, Folder], first: str) -> None:
    a, b = apart
    put_together(a, b, first)
    assert names(a) == names(b) == ["Beds"]
    assert text_of(a) == text_of(b)
    assert [c.coder.name for c in codings(a.store, a.key("Beds"))] == ["Ana", "Ben"]
    assert not conflicts(a.store) + conflicts(b.store)
    assert rows(a) == rows(b)
    a.merge(b.share("last"))
    assert b.merge(a.share("last")).unchanged


@pytest.mark.parametrize("first", ["a", "b", "each the other's"])
@pytest.mark.parametrize("with_run", ["a", "b"])
def test_the_text_that_a_run_rests_on_stays(
    apart: tuple[Folder, Folder], first: str, with_run: str
) -> None:
    a, b = apart
    used = a if with_run == "a" else b
    add_run(used.store, used.key("Beds"))
    kept = text_of(used)
    put_together(a, b, first)
    assert names(a) == names(b) == ["Beds"]
    assert text_of(a) == text_of(b) == kept
    assert not conflicts(a.store) + conflicts(b.store)


def test_where_runs_rest_on_both_they_stay_two_and_the_conflict_says_what_to_do(
    apart: tuple[Folder, Folder],
) -> None:
    a, b = apart
    for folder in (a, b):
        add_run(folder.store, folder.key("Beds"))
    exchange(a, b)
    mine, theirs = ([c for c in conflicts(f.store) if c.kind != "run"] for f in (a, b))
    assert mine == theirs
    assert [(c.kind, c.about["name"], c.settled) for c in mine] == [("interview", "Beds", "")]
    a.store.close()
    said = secondcoder(a.study.folder, "merge", "--conflicts").out
    assert 'secondcoder import "Beds - Ben.txt" --same-as "Beds"' in said


def test_the_conflict_of_an_older_merge_is_closed(apart: tuple[Folder, Folder]) -> None:
    """Before, they stayed two under one name, until somebody put one to the other."""
    a, b = apart
    sides = [{"words": transcript(f.store, f.key("Beds")).sha256} for f in (a, b)]
    record_conflicts(a.store, [Conflict.of("transcript", {"transcript": "Beds"}, sides, "2026")])
    put_together(a, b, "a")
    for folder in (a, b):
        (found,) = conflicts(folder.store)
        assert found.settled == "the two are one transcript now"


@pytest.mark.real
def test_the_real_prints_of_two_coders(interviews: Path, tmp_path: Path) -> None:
    a, b = (Folder(create_study(tmp_path / name, name="Plots")) for name in ("a", "b"))
    for folder, who in ((a, "PO"), (b, "Rached")):
        (file,) = interviews.rglob(f"*Interview 12 - {who}.pdf")
        import_files(folder.store, [file], ImportOptions(trust_guesses=True))
    exchange(a, b)
    assert len(names(a)) == 1
    assert names(a) == names(b)
    assert rows(a) == rows(b)
    assert not conflicts(a.store) + conflicts(b.store)
    (info,) = transcript_infos(a.store)
    assert len(info.coders) == 2
