"""A project was corrected in its tool and came again in one of two studies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.projects.making import coding, held, make, take
from tests.sharing.studies import Folder, exchange, two_folders

LEEKS, WET, HOSE = "Leeks and beans", "Leeks and beans, in the wet corner", "She has a long hose"
BEFORE = make([coding(LEEKS, guid="g1"), coding(HOSE, "c3", guid="g2")])
AFTER = make([coding(WET, guid="g1"), coding(HOSE, "c3", guid="g2")], file="later.qdpx")


def said(folder: Folder) -> list[str]:
    return [quote for name, _, _, quote in held(folder.store) if name == "Garden 1"]


@pytest.mark.parametrize("one_after_the_other", [False, True])
def test_it_counts_once_in_both_whoever_merges_first(
    tmp_path: Path, one_after_the_other: bool
) -> None:
    a, b = two_folders(tmp_path, "One")
    for folder in (a, b):
        take(folder.store, BEFORE)
    assert take(a.store, AFTER).corrected == 1
    assert (said(a), said(b)) == ([WET, HOSE], [LEEKS, HOSE])
    if one_after_the_other:
        a.merge(b.share())
        assert said(a) == [WET, HOSE]
        done = b.merge(a.share())
    else:
        exchange(a, b)
        done = b.merge(a.share("again"))
    assert said(a) == said(b) == [WET, HOSE]
    assert done.unchanged != one_after_the_other
    # Deriving them anew, as the next import does, brings the old one back in neither.
    for folder in (a, b):
        take(folder.store, make([coding(LEEKS, coder="b", guid="g7")], file="ben.qdpx"))
        assert sorted(said(folder)) == sorted([WET, HOSE, LEEKS])
