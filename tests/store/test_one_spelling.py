"""Studies and share files that older versions left with accents as two characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.hashing import hash_json
from assistant.interchange.projects import taking
from assistant.interchange.projects.records import Project, ProjectCode, ProjectCoder
from assistant.interchange.sharing import package
from assistant.interchange.sharing.opening import open_by_hand
from assistant.store.database import Store, open_store
from assistant.store.people import coders as coders_module
from assistant.store.people.coders import coders
from assistant.store.people.codings import codings, scopes, set_scope
from assistant.store.people.memos import add_memo, memos
from assistant.store.records import Scope
from assistant.store.schema.spelled import STEP, bring_to_one_spelling
from assistant.store.sharing.sealing import SealedRow, seal
from assistant.store.sharing.shared_tables import SharedRow
from assistant.store.sharing.sharing import steps
from assistant.store.texts.documents import document_codings, documents
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.verify import verify
from assistant.study import create_study
from tests.projects.making import coding, held, make, take
from tests.sharing.studies import Folder


def two(name: str) -> str:
    return unicodedata.normalize("NFD", name)


LEEKS, HOSE = "Leeks and beans", "She has a long hose"
BOTH = [("Garden 1", "René", "Fatigué", LEEKS), ("Garden 1", "René", "Argent", HOSE)]


def project(form: Callable[[str], str] = str, file: str = "codes.csv") -> Project:
    """The same project whatever the form: its bytes do not change."""
    codes = (
        ProjectCode(key="c1", name=form("Fatigué")),
        ProjectCode(key="c3", name="Argent"),
    )
    people = (ProjectCoder(key="a", name=form("René")),)
    return make([coding(LEEKS), coding(HOSE, "c3")], codes=codes, coders=people, file=file)


@contextmanager
def as_older_versions(*, names_found: bool = False) -> Iterator[None]:
    """Names are stored as files have them; ``names_found``: a person is known in any spelling."""
    with pytest.MonkeyPatch.context() as patch:
        if not names_found:
            patch.setattr(taking, "in_one_form", lambda project: project)
            patch.setattr(coders_module, "nfc", lambda name: name)
        yield


def older() -> Store:
    store = open_store()[0]
    with as_older_versions():
        take(store, project(two))
    assert {row[1] for row in held(store)} == {two("René")}
    return store


def guids(store: Store) -> set[str]:
    return {c.guid for c in codings(store)}


def test_names_and_what_is_made_of_them_are_as_in_a_new_study() -> None:
    old, new = older(), open_store()[0]
    add_memo(old, "study", "Begun late.", who=two("René"))
    take(new, project())
    assert not guids(old) & {c.guid for c in codings(new)}
    bring_to_one_spelling(old.db)
    assert held(old) == held(new)
    assert sorted(held(old)) == sorted(BOTH)
    assert guids(old) == guids(new)
    assert [memo.who for memo in memos(old)] == ["René"]
    (row,) = documents(old, 1)
    assert {c.code for c in document_codings(old, row.id)} == {"Fatigué", "Argent"}
    assert verify(old).ok
    report = take(old, project())
    assert report.codings == 0
    assert len(documents(old, 1)) == 1
    assert sorted(held(old)) == sorted(BOTH)
    before = list(old.db.iterdump())
    bring_to_one_spelling(old.db)
    assert list(old.db.iterdump()) == before


def test_a_file_that_came_in_both_spellings_is_one() -> None:
    store = older()
    with as_older_versions(names_found=True):
        take(store, project())
    assert len(held(store)) == 4, "each twice, as the version between the two did it"
    bring_to_one_spelling(store.db)
    assert sorted(held(store)) == sorted(BOTH)
    assert len(documents(store, 1)) == 1
    assert verify(store).ok
    assert take(store, project()).codings == 0
    take(store, make([coding(HOSE, "c1")], file="other.csv"))  # all are derived anew
    assert len(held(store)) == 3


def test_two_coders_become_one_with_all_that_is_hers() -> None:
    store = older()
    (one,) = coders(store, "human")
    with as_older_versions():
        take(store, project(file="other.csv"))  # in another file, and in the other spelling
        last = make(
            [coding("a key for the tap", "c3")], coders=(ProjectCoder(key="a", name="René"),)
        )
        take(store, last)
    bring = {c.name: c for c in coders(store, "human")}
    assert len(bring) == 2
    set_scope(store, Scope(one, 1, "unknown", 0, 1))
    set_scope(store, Scope(bring["René"], 1, "independent", 2, 3))
    bring_to_one_spelling(store.db)
    assert [coder.name for coder in coders(store, "human")] == ["René"]
    assert sorted(held(store)) == sorted(
        [*BOTH, ("Garden 1", "René", "tools", "a key for the tap")]
    )
    (scope,) = scopes(store)
    assert (scope.exposure, scope.segments, scope.first_segment) == (
        "independent",
        (0, 1, 2, 3),
        None,
    )
    assert len(documents(store, 1)) == 3
    assert verify(store).ok


def test_what_is_sealed_is_hers_when_it_is_opened() -> None:
    """It named nobody, and would have been passed over and gone."""
    store = older()
    (info,) = transcript_infos(store)
    whose = hash_json(["human", two("René")])
    text = transcript(store, info.id).text
    row: SharedRow = {
        "guid": "blind",
        "transcript_id": info.sha256,
        "coder_id": whose,
        "code": "tools",
    }
    row |= {
        "start_char": 0,
        "end_char": 9,
        "quote": text[:9],
        "origin": "blind",
        "exposure": "blind",
    }
    row |= {"document_id": None, "created_at": "2024-01-01T00:00:00.000+00:00"}
    seal(store, [SealedRow("codings/blind", "codings", two("René"), info.sha256, row)])
    bring_to_one_spelling(store.db)
    assert open_by_hand(store, info.name, "a test").codings == {"René": 1}
    assert [(c.coder.name, c.code) for c in codings(store) if c.origin == "blind"] == [
        ("René", "tools")
    ]


def test_transcripts_of_equal_names_stay_apart() -> None:
    store = open_store()[0]
    take(store, make(name="Café"))
    store.write(
        "INSERT INTO transcripts (name, sha256, text, language, created_at) VALUES (?, ?, '', "
        "'en', '2024-01-01')",
        (two("Café"), "sha256:0123456789"),
    )
    bring_to_one_spelling(store.db)
    assert [info.name for info in transcript_infos(store)] == ["Café", "Café (01234567)"]


@pytest.mark.parametrize("direction", ["old into new", "new into old"])
def test_a_share_file_of_an_older_version_brings_nobody_twice(
    tmp_path: Path, direction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (Folder(create_study(tmp_path / name)) for name in ("old", "new"))
    with as_older_versions():
        take(old.store, project(two))
    take(new.store, project())
    if direction == "old into new":
        written = steps
        monkeypatch.setattr(
            package,
            "steps",
            lambda store: tuple(s for s in written(store) if s != STEP),
        )
        new.merge(old.share())
        here = new
    else:
        bring_to_one_spelling(old.store.db)
        old.merge(new.share())
        here = old
    assert [coder.name for coder in coders(here.store, "human")] == ["René"]
    assert sorted(held(here.store)) == sorted(BOTH)
    take(here.store, make([coding(HOSE, "c1")], file="other.csv"))  # all are derived anew
    assert len(held(here.store)) == 3
    assert verify(here.store).ok
