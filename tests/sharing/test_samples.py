"""Samples that were coded blind, such as an audit's, travel with which passages they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.interchange.sharing.opening import open_ready
from assistant.store.coders import add_coder
from assistant.store.codings import scopes, set_scope
from assistant.store.records import Coder, Scope
from tests.sharing.studies import Folder, code_blind, two_folders

AT = "2026-01-01T00:00:00.000+00:00"


def _scope(folder: Folder, who: str) -> Scope:
    (mine,) = (s for s in scopes(folder.store, folder.key("Two")) if s.coder.name == who)
    return mine


@pytest.mark.parametrize("other_is_done", [True, False])
def test_a_sample_stays_a_sample(tmp_path: Path, other_is_done: bool) -> None:
    a, b = two_folders(tmp_path)
    code_blind(a, "Eva", "Two", {1: "alpha", 4: "beta"}, finished=True)
    sample = replace(_scope(a, "Eva"), segments=(1, 2, 4), codes=("alpha", "beta"))
    set_scope(a.store, sample)
    code_blind(b, "Cem", "Two", {3: "gamma"}, finished=other_is_done)
    done = b.merge(a.share())
    assert done.conflicts == ()
    if not other_is_done:
        assert not any(s.coder.name == "Eva" for s in scopes(b.store))
        code_blind(b, "Cem", "Two", {3: "gamma"}, finished=True)
        assert open_ready(b.store).codings == {"Eva": 2}
    back = _scope(b, "Eva")
    assert (back.segments, back.codes) == ((1, 2, 4), ("alpha", "beta"))
    assert (back.exposure, back.finished_at) == ("blind", AT)


def test_a_sample_beside_another_scope_of_hers_is_a_conflict(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    for folder, segments in ((a, (1, 4)), (b, None)):
        code_blind(folder, "Eva", "Two", {}, finished=True)
        set_scope(folder.store, replace(_scope(folder, "Eva"), segments=segments))
    done = b.merge(a.share())
    assert len(done.conflicts) == 1
    assert _scope(b, "Eva").segments is None


def _sampled(folder: Folder, segments: tuple[int, ...], finished: bool) -> None:
    code_blind(folder, "Eva", "Two", {}, finished=finished)
    at = AT if finished else ""
    mine = Scope(_coder(folder), folder.key("Two"), "blind", segments=segments, finished_at=at)
    set_scope(folder.store, mine)


def _coder(folder: Folder) -> Coder:
    return add_coder(folder.store, "Eva", "human")


@pytest.mark.parametrize(
    ("here", "there", "is_done", "conflicts"),
    [
        ((1, 2), (1, 2, 4), (False, False), 0),
        ((1, 2), (1, 2, 4), (False, True), 0),
        ((1, 2, 4), (1, 2), (True, False), 0),
        ((1, 2), (1, 4), (False, True), 1),
        ((1, 2), (1, 4), (True, True), 1),
    ],
)
def test_a_sample_that_came_further_in_one_folder_is_no_conflict(
    tmp_path: Path,
    here: tuple[int, ...],
    there: tuple[int, ...],
    is_done: tuple[bool, bool],
    conflicts: int,
) -> None:
    a, b = two_folders(tmp_path)
    _sampled(a, there, is_done[1])
    _sampled(b, here, is_done[0])
    assert len(b.merge(a.share()).conflicts) == conflicts
    if not conflicts:
        done = is_done[0] or is_done[1]
        assert _scope(b, "Eva").segments == (there if is_done[1] else here)
        assert bool(_scope(b, "Eva").finished_at) == done
