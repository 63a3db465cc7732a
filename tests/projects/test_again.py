"""A project that comes again from its tool: borders moved, codes changed, codings taken out."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.interchange.projects.records import ProjectCoding
from assistant.interchange.projects.reports import ProjectOptions
from assistant.store.database import Store, open_store
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, codings
from assistant.store.records import Coding
from assistant.store.texts.documents import document_codings, documents
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import events
from assistant.store.verify import verify
from tests.projects.making import TEXT, coding, held, make, take

LEEKS, WET, HOSE = "Leeks and beans", "Leeks and beans, in the wet corner", "She has a long hose"


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def fates(store: Store) -> list[tuple[str, str]]:
    return sorted(
        (c.code, c.carried) for row in documents(store, 1) for c in document_codings(store, row.id)
    )


@pytest.mark.parametrize("later", ["garden.qdpx", "garden, June.qdpx"])
def test_a_moved_border_is_one_coding_and_the_old_one_stays_on_record(
    store: Store, later: str
) -> None:
    first = (coding(LEEKS, guid="g1"), coding(HOSE, "c3", guid="g2"))
    take(store, make(first))
    report = take(store, make([coding(WET, guid="g1"), first[1]], file=later))
    assert (report.corrected, report.codings, report.gone) == (1, 0, ())
    assert held(store) == [
        ("Garden 1", "Ana", "sowing", WET),
        ("Garden 1", "Ana", "tools", HOSE),
    ]
    assert [fate for fate in fates(store) if fate[0] == "sowing"] == [
        ("sowing", "corrected"),
        ("sowing", "exact"),
    ]
    (said,) = [note for note in report.notes if "corrected since the earlier file" in note]
    assert said.startswith("1 coding corrected")
    assert "“sowing” " in said
    assert not any("other borders" in note for s in report.sources for note in s.notes)
    event = events(store, "import")[-1]
    assert "1 corrected" in event.what
    ((code, start, end),) = [c["was"] for c in event.details["corrected"]]
    assert (code, transcript(store, 1).text[start:end]) == ("sowing", LEEKS)
    assert verify(store).ok
    # Neither file again brings the old one back, nor does another one with the same text.
    for again in (make(first), make([coding(WET, guid="g1"), first[1]], file=later)):
        assert take(store, again).codings == 0
    take(store, make([coding(LEEKS, coder="b", guid="g9")], file="ben.qdpx"))
    assert [row[3] for row in held(store) if row[1] == "Ana"] == [WET, HOSE]


def test_another_code_is_a_correction_too(store: Store) -> None:
    take(store, make([coding(LEEKS, "c1", guid="g1")]))
    report = take(store, make([coding(LEEKS, "c3", guid="g1")]))
    assert report.corrected == 1
    assert [row[2] for row in held(store)] == ["tools"]
    assert any("is “tools”" in note for note in report.notes)


def test_the_same_coding_in_a_file_without_identifiers_goes_with_it(store: Store) -> None:
    take(store, make([coding(LEEKS)], file="table.csv"))
    take(store, make([coding(LEEKS, guid="g1")]))
    take(store, make([coding(WET, guid="g1")]))
    assert [row[3] for row in held(store)] == [WET]


def test_what_counted_already_where_it_is_now_takes_nothing_off(store: Store) -> None:
    for n in range(4):  # which of two files counts for a coding goes by their hashes
        ana = coding(WET), coding(HOSE, "c3", guid=f"h{n}")
        take(
            store, make([ana[0]], file=f"{n} table.csv", name=f"Garden {n}", text=TEXT + f"Q: {n}")
        )
        more: dict[str, Any] = {"name": f"Garden {n}", "text": TEXT + f"Q: {n}"}
        take(store, make([coding(LEEKS, guid="g1"), ana[1]], **more))
        report = take(store, make([coding(WET, guid="g1"), ana[1]], file=f"{n}.qdpx", **more))
        assert (report.corrected, report.codings) == (1, 0)
        assert [one.codings for one in report.coders if one.name == "Ana"] == [0]
        assert [one.codings for one in report.sources] == [0]
        assert ", 0 codings, 1 corrected" in events(store, "import")[-1].what


def test_several_earlier_files_have_one_coding_that_is_corrected_once(store: Store) -> None:
    take(store, make([coding(LEEKS)], file="table.csv"))
    for n, said in enumerate((LEEKS, LEEKS, WET, "wet corner", WET)):
        project = make([coding(said, guid="g1"), coding(HOSE, guid=f"x{n}")], file=f"{n}.qdpx")
        report = take(store, project)
        assert (report.corrected, report.codings) == (int(n > 1), int(n == 0))
        assert len(events(store, "import")[-1].details["corrected"]) == report.corrected
    # The same place twice in one file: two codings, each corrected.
    take(store, make([coding("the gate", guid="k1"), coding("by the gate", guid="k2")], file="k"))
    twice = [coding("gate", guid="k1"), coding("gate", guid="k2")]
    report = take(store, make(twice, file="k"))
    assert (report.corrected, report.codings) == (2, 0)


def test_what_is_not_in_the_file_any_more_is_named_and_stays(store: Store) -> None:
    take(store, make([coding(LEEKS, guid="g1"), coding(HOSE, "c3", guid="g2")]))
    report = take(store, make([coding(LEEKS, guid="g1")]))
    assert [(g.coder, g.code, g.source) for g in report.gone] == [("Ana", "tools", "Garden 1")]
    assert "imported on" in report.gone[0].why
    assert [row[3] for row in held(store)] == [LEEKS, HOSE]
    assert take(store, make([], file="garden.qdpx")).gone  # also where nothing is left of her
    other = take(store, make([coding("wet corner", guid="g7")], file="other.qdpx"))
    assert other.gone == ()


def test_identifiers_that_stand_twice_correct_nothing(store: Store) -> None:
    take(store, make([coding(LEEKS, guid="g1"), coding(HOSE, guid="g1")]))
    report = take(store, make([coding(WET, guid="g1"), coding(HOSE, guid="g1")]))
    assert report.corrected == 0
    assert sorted(row[3] for row in held(store)) == sorted([LEEKS, WET, HOSE])


def test_a_coding_that_has_no_place_now_takes_none_away(store: Store) -> None:
    take(store, make([coding(LEEKS, guid="g1")]))
    name = coding("Gardener", guid="g1")
    report = take(store, make([name]))
    assert report.corrected == 0
    assert len(report.not_placed) == 1
    assert [c.quote for c in codings(store)] == [LEEKS]


def test_what_was_coded_here_is_changed_by_no_file(store: Store) -> None:
    take(store, make([coding(LEEKS)]))
    text = transcript(store, 1)
    start = text.text.index(HOSE)
    coder = add_coder(store, "Ana", "human")
    end = start + len(HOSE)
    own = Coding(0, "own", 1, coder, "tools", start, end, HOSE, "review", "independent")
    add_coding(store, own)
    moved = make([coding(LEEKS), coding(f"{HOSE}, and a key", "c3", guid="own")])
    report = take(store, moved)
    assert report.corrected == 0
    assert [row[3] for row in held(store)] == [LEEKS, HOSE, f"{HOSE}, and a key"]
    assert any("1 coding made in this program has another border" in n for n in report.notes)


@pytest.mark.parametrize("more", [(), (coding(HOSE, "c3", "b"),)], ids=["one user", "two users"])
def test_the_same_file_is_nobody_elses(store: Store, more: tuple[ProjectCoding, ...]) -> None:
    project = make([coding(LEEKS), *more])
    take(store, project)
    before = held(store)
    for coder in ("Ilan", "Ana") if more else ("Ilan",):
        report = take(store, project, ProjectOptions(coder=coder))
        assert report.status == "refused"
        (source,) = report.sources
        assert "was imported on" in source.error
        assert f"Nothing was recorded for {coder}." in source.error
        assert held(store) == before
    assert take(store, project).status == "already there"
