"""Samples that were coded blind, such as an audit's, travel with which passages they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.interchange.sharing.opening import open_ready, waiting
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import codings, scopes, set_scope
from assistant.store.records import Coder, Scope
from tests.cli.command import secondcoder
from tests.sharing.studies import Folder, code_blind, two_folders

AT = "2026-01-01T00:00:00.000+00:00"


def _scope(folder: Folder, who: str) -> Scope:
    (mine,) = (s for s in scopes(folder.store, folder.key("Two")) if s.coder.name == who)
    return mine


@pytest.mark.slow
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


def test_an_audits_codes_wait_and_say_what_ends_it(tmp_path: Path) -> None:
    """One person codes an audit; whether anybody here is to code it too, only they can know."""
    a, b = two_folders(tmp_path)
    code_blind(a, "Eva", "Two", {1: "alpha"}, finished=True)
    set_scope(a.store, replace(_scope(a, "Eva"), segments=(1, 2)))
    file = a.share()
    b.store.close()
    said = " ".join(secondcoder(b.study.folder, "merge", str(file)).out.split())
    ends = (
        "a sample, as for an audit, which one person may code alone, and nobody else has finished "
        "coding it blind. If nobody here is to code these passages blind any more: secondcoder "
        'merge --open "Two" --because "…"'
    )
    assert f"Of Eva on “Two”: {ends}" in said
    assert ends in " ".join(secondcoder(b.study.folder, "merge").out.split())
    with Folder(b.study).store as store:
        assert not [c for c in codings(store) if c.coder.name == "Eva"]
    secondcoder(b.study.folder, "merge", "--open", "Two", "--because", "the audit is over")
    with Folder(b.study).store as store:
        assert [c.code for c in codings(store) if c.coder.name == "Eva"] == ["alpha"]


@pytest.mark.slow
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


@pytest.mark.slow
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


def _begin_here(folder: Folder, here: Folder, codes: dict[int, str]) -> None:
    """Eva looks at passage 1 in ``here``, and at 2 and 4 too in a copy of it, where she ends."""
    for one, wanted, passages in ((here, {}, (1,)), (folder, codes, (1, 2, 4))):
        code_blind(one, "Eva", "Two", wanted, finished=one is folder)
        at = AT if one is folder else ""
        sample = Scope(_coder(one), one.key("Two"), "blind", segments=passages, finished_at=at)
        set_scope(one.store, sample)


def test_a_sample_ended_in_a_copy_is_finished_only_with_its_codes(tmp_path: Path) -> None:
    copy, here = two_folders(tmp_path)
    _begin_here(copy, here, {2: "alpha", 4: "beta"})
    done = here.merge(copy.share())
    assert done.sealed == {"Eva": 2}
    assert (_scope(here, "Eva").segments, _scope(here, "Eva").finished_at) == ((1,), "")
    (one,) = waiting(here.store)
    assert one.why.endswith("nobody else has finished coding it blind")
    assert here.merge(copy.share()).unchanged
    code_blind(here, "Cem", "Two", {3: "gamma"}, finished=True)
    assert open_ready(here.store).codings == {"Eva": 2}
    assert (_scope(here, "Eva").segments, _scope(here, "Eva").finished_at) == ((1, 2, 4), AT)
    assert {c.code for c in codings(here.store) if c.coder.name == "Eva"} == {"alpha", "beta"}


def test_a_sample_ended_in_a_copy_without_codes_is_finished_at_once(tmp_path: Path) -> None:
    copy, here = two_folders(tmp_path)
    _begin_here(copy, here, {})
    here.merge(copy.share())
    assert (_scope(here, "Eva").segments, _scope(here, "Eva").finished_at) == ((1, 2, 4), AT)


def test_who_began_here_and_ended_in_a_copy_is_not_waited_for(tmp_path: Path) -> None:
    copy, here = two_folders(tmp_path)
    for folder in (copy, here):
        code_blind(folder, "Eva", "Two", {1: "alpha"}, finished=False)
    code_blind(copy, "Eva", "Two", {1: "alpha", 2: "beta"}, finished=True)
    code_blind(here, "Cem", "Two", {3: "gamma"}, finished=True)
    done = here.merge(copy.share())
    assert done.opened == {"Eva": 1}
    assert _scope(here, "Eva").finished_at == AT


def test_another_scope_that_is_finished_elsewhere_finishes_nothing_here(tmp_path: Path) -> None:
    there, here = two_folders(tmp_path)
    _sampled(there, (1, 4), True)
    _sampled(here, (1, 2), False)
    assert len(here.merge(there.share()).conflicts) == 1
    assert _scope(here, "Eva").finished_at == ""


def test_a_sample_begun_anew_with_another_codebook_is_a_conflict(tmp_path: Path) -> None:
    there, here = two_folders(tmp_path)
    _sampled(here, (1, 2), False)
    code_blind(there, "Eva", "Two", {}, finished=True)
    mine = Scope(
        *(_coder(there), there.key("Two"), "blind"),
        codebook_sha256="sha256:newer",
        segments=(1, 2, 4),
        finished_at=AT,
    )
    set_scope(there.store, mine)
    assert len(here.merge(there.share()).conflicts) == 1
    assert (_scope(here, "Eva").segments, _scope(here, "Eva").finished_at) == ((1, 2), "")
