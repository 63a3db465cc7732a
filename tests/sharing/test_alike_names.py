"""Two participants whose names differ in case only are never taken for each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.codebook.records import Code, Codebook, Example
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.sharing.conflicts import conflicts
from assistant.store.texts.transcripts import find_transcript, transcript, transcript_infos
from assistant.store.versions import codebook, record_codebook
from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.sharing.studies import Folder
from tests.store.filled import add_interview


def folder(place: Path, *names: str) -> Folder:
    made = Folder(create_study(place, name="Plots"))
    said = {"Anna": "We dug the bed by the gate in March.", "anna": "Nobody mended the tap at all."}
    for name in names:
        add_interview(made.store, name, [("Mia", said[name]), ("Leo", f"So {name} says.")])
    return made


def names(store: Store) -> list[str]:
    return sorted(info.name for info in transcript_infos(store))


def test_what_comes_under_a_name_that_is_alike_gets_another(tmp_path: Path) -> None:
    a, b = folder(tmp_path / "a", "Anna"), folder(tmp_path / "b", "anna")
    from_a, from_b = a.share(), b.share()
    a.merge(from_b)
    b.merge(from_a)
    for one, own, other in ((a, "Anna", "anna"), (b, "anna", "Anna")):
        assert names(one.store)[0 if own == "Anna" else 1] == own
        (came,) = set(names(one.store)) - {own}
        assert came.startswith(f"{other} (")
    (dispute,) = conflicts(a.store)
    assert (dispute.kind, dispute.about) == ("transcript", {"transcript": "Anna"})
    assert [c.identity for c in conflicts(b.store)] == [dispute.identity]


def test_of_two_that_an_earlier_version_took_in_the_one_that_was_written_is_meant(
    tmp_path: Path,
) -> None:
    study = folder(tmp_path / "a", "Anna", "anna")
    store = study.store
    for name in ("Anna", "anna"):
        assert transcript(store, find_transcript(store, name) or 0).name == name
    with pytest.raises(UserError, match="“ANNA” could be meant “Anna” or “anna”"):
        find_transcript(store, "ANNA")
    said = {"Anna": "Nobody has these words.", "anna": "Nor has anybody these ones."}
    examples = tuple(Example(text=text, transcript=name) for name, text in said.items())
    record_codebook(
        store,
        Codebook(name="x", codes=(Code(id="tools", definition="Tools.", examples=examples),)),
        "x",
    )
    store.close()
    asked = secondcoder(study.study.folder, "withdraw", "ANNA", "--yes")
    assert asked.code == 2
    assert "“Anna” or “anna”" in asked.err
    done = secondcoder(study.study.folder, "withdraw", "anna", "--yes")
    assert done.out.startswith("“anna” is withdrawn"), done.err
    store = Folder(study.study).store
    assert {i.name: i.withdrawn for i in transcript_infos(store)} == {"Anna": False, "anna": True}
    (sha256,) = (r["sha256"] for r in store.rows("SELECT sha256 FROM codebooks"))
    assert [e.text for e in codebook(store, sha256).codes[0].examples] == [said["Anna"], ""]
