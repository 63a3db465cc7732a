"""The queue by passages: what is about one stands together, and an oversight can be told as one."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.store.database import Store, open_store
from assistant.store.decided.adjudications import adjudications
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, codings, set_scope
from assistant.store.records import Coding, Scope
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.happenings import happenings
from assistant.study import Study
from eval.disagreements.making import former_key
from tests.review.studies import add_interview, shed

SAID = (
    ("Interviewer", "How was the year in the gardens behind the old mill?"),
    *(("Gardener", f"In part {n} of it we lent our tools in the rain.") for n in range(12)),
)


def marked(store: Store, key: int, who: str, given: dict[int, tuple[str, ...]]) -> None:
    coder = add_coder(store, who, "human")
    set_scope(store, Scope(coder, key, "independent"))
    text = transcript(store, key)
    for segment, codes in given.items():
        s = text.segments[segment]
        said = text.text[s.start : s.end].rstrip()
        for code in codes:
            guid = f"{who}-{segment}-{code}"
            place = (s.start, s.start + len(said))
            add_coding(
                store, Coding(0, guid, key, coder, code, *place, said, "import", "independent")
            )


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Ana and Ben differ at four passages, at two of them about more than one code."""
    made = shed(tmp_path / "study", run=False)
    with open_store(made.database)[0] as store:
        key = add_interview(store, "Mill", SAID)
        marked(store, key, "Ana", {1: ("tools", "weather"), 5: ("tools",), 9: ("sharing",)})
        marked(store, key, "Ben", {5: ("weather", "sharing"), 9: ("tools",), 11: ("tools",)})
    return made


@pytest.fixture
def dora(study: Study, opened: Callable[..., TestClient]) -> TestClient:
    return opened(study.folder, "Dora")


QUERY = "transcript=Mill"
_ROW = re.compile(r'<tr class="passage">.*?>([^<]+)</th>|href="/disagreements/(d-[0-9a-f]+)\?')


def queue(client: TestClient, query: str = QUERY) -> list[str]:
    """Headings of passages, and keys of disagreements as ``d``."""
    listed = client.get(f"/disagreements?{query}").text
    rows = _ROW.findall(listed.partition('aria-label="The queue"')[2])
    return [unescape(heading) or "d" for heading, key in rows]


def keys(client: TestClient, query: str = QUERY) -> list[str]:
    listed = client.get(f"/disagreements?{query}").text.partition('aria-label="The queue"')[2]
    return [key for _, key in _ROW.findall(listed) if key]


@pytest.mark.parametrize("hide", ["", "&hide=1"])
def test_what_is_about_one_passage_stands_together(dora: TestClient, hide: str) -> None:
    rows = queue(dora, QUERY + hide)
    for segment in (2, 6):
        heading = f"2 disagreements at this passage: Mill, passage {segment}"
        at = rows.index(heading)
        assert rows[at + 1 : at + 3] == ["d", "d"]
    assert rows.count("d") == 6
    assert "at 4 passages" in dora.get(f"/disagreements?{QUERY}{hide}").text


def test_next_and_previous_by_passage(dora: TestClient) -> None:
    seen, at = [], keys(dora)[0]
    while at:
        page = dora.get(f"/disagreements/{at}?{QUERY}").text
        heading = re.search(r"(\d) disagreements at this passage", page)
        seen.append(int(heading[1]) if heading else 1)
        if heading:
            assert len(re.findall('<li><a href="/disagreements/d-', page)) == seen[-1] - 1
            listed = page.partition('<nav class="passage"')[2].partition("</nav>")[0]
            assert not re.search(r">\d+<", listed), "a number says what it counts, or is not there"
        link = re.search(r'id="passage-after" href="/disagreements/(d-[0-9a-f]+)', page)
        back = re.search(r'id="passage-before" href="/disagreements/(d-[0-9a-f]+)', page)
        assert bool(back) == (len(seen) > 1)
        at = link[1] if link and len(seen) < 4 else ""
    assert sorted(seen) == [1, 1, 2, 2]


def test_the_next_one_is_the_next_and_not_the_first(dora: TestClient) -> None:
    """What was decided is no longer in the list of what is open; its place in it still is."""
    order = keys(dora)
    dora.post(f"/disagreements/{order[2]}?{QUERY}", data={"outcome": "neither", "seen": "0"})
    page = dora.get(f"/disagreements/{order[2]}?{QUERY}").text
    (link,) = re.findall(r'id="next" href="/disagreements/(d-[0-9a-f]+)', page)
    assert link == order[3]


def test_an_oversight_is_told_as_one(study: Study, dora: TestClient) -> None:
    key = keys(dora)[0]
    sent = {"outcome": "side:0", "slip": "1", "note": "overlooked", "seen": "0"}
    assert dora.post(f"/disagreements/{key}?{QUERY}", data=sent).status_code == 303
    assert "right, an oversight of the other" in dora.get(f"/disagreements/{key}").text
    assert "an oversight" in dora.get(f"/disagreements?{QUERY}&state=decided").text
    with open_store(study.database)[0] as store:
        (said,) = adjudications(store)
        assert (said.outcome, said.slip) == ("this-side", True)
        told = [h.what for h in happenings(store) if h.kind == "adjudication"]
        sides = " and ".join(said.sides[0].coders)
        assert told[0].endswith("right (an oversight of the other)")
        assert sides in told[0], "whose side it is, and no number of a side"
        # Where nobody is right, nobody has overlooked anything.
        again = {"outcome": "neither", "slip": "1", "seen": str(said.id)}
        dora.post(f"/disagreements/{key}?{QUERY}", data=again)
        (said,) = adjudications(store)
        assert (said.outcome, said.slip) == ("neither", False)
        assert not [c for c in codings(store) if c.coder.name.startswith("Adjudicated")]


def test_what_was_said_under_the_key_of_another_version_still_counts(
    study: Study, dora: TestClient
) -> None:
    """Keys used to depend on the codebook's order."""
    from assistant.codebook.loading import load_codebook
    from assistant.decisions.adjudicating import InDispute, adjudicate
    from assistant.store.decided.adjudications import SaidSide
    from assistant.store.sharing.conflicts import disputed_adjudications
    from eval.disagreements import find_disagreements

    with open_store(study.database)[0] as store:
        book = load_codebook(study.codebook_file)
        found = find_disagreements(store, book)
        d, older = next((d, former_key(d, book)) for d in found if former_key(d, book) != d.key)
        sides = tuple(SaidSide((s.coder,), s.codes) for s in d.sides)
        place = (d.transcript_id, d.first_segment, d.last_segment, d.codes)
        adjudicate(store, InDispute(older, *place, sides), "neither", "Dora", note="Long ago.")
    assert "Long ago." in dora.get(f"/disagreements/{d.key}").text
    with open_store(study.database)[0] as store:
        (said,) = adjudications(store)
    sent = {"outcome": "both-defensible", "seen": str(said.id)}
    dora.post(f"/disagreements/{d.key}", data=sent)
    with open_store(study.database)[0] as store:
        (now,) = adjudications(store)
    assert (now.outcome, now.replaces_id) == ("both-defensible", said.id)
    # Another's word under today's key does not take hers away.
    with open_store(study.database)[0] as store:
        adjudicate(store, InDispute(d.key, *place, sides), "neither", "Ben", note="Just now.")
        (conflict,) = disputed_adjudications(store)
        assert {side["who"] for side in conflict.sides} == {"Ben", "Dora"}
    page = dora.get(f"/disagreements/{d.key}").text
    assert "You said" in page
    assert "Just now." in page
