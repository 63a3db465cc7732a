"""Layouts and the stamp: whatever the text, no position moves and nothing is taken for another."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DataError
from assistant.hashing import hash_text
from assistant.interchange.refi.layout import (
    fold_line_ends,
    restore,
    to_source,
    to_transcript,
    written,
)
from assistant.interchange.refi.naming import guid_of, mark
from assistant.interchange.refi.stamp import (
    Stamp,
    StampCode,
    StampCoder,
    StampGroup,
    StampScope,
    StampSource,
    read_stamp,
    stamp_json,
)
from assistant.transcripts.records import Segment, Transcript

SCRIPTS = st.text(
    st.one_of(
        st.sampled_from("ab \t\n\u0301\u200f\u202e\ufeff"),
        st.sampled_from("שלוםمرحبا日本語🌱👩‍🌾𝄞é"),
        st.characters(codec="utf-8"),
    ),
    min_size=1,
    max_size=30,
)
SPEAKERS = st.sampled_from(["", "Ana", "I", "רות", "Ana: B", "🌱"])


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    turns = draw(st.lists(st.tuples(SPEAKERS, st.lists(SCRIPTS, min_size=1, max_size=3))))
    segments: list[Segment] = []
    pieces: list[str] = []
    place = 0
    for turn, (speaker, said) in enumerate(turns):
        for piece in said:
            segments.append(
                Segment(
                    index=len(segments),
                    start=place,
                    end=place + len(piece),
                    speaker=speaker,
                    turn=turn,
                    start_time=place / 2 if turn % 2 else None,
                )
            )
            pieces.append(piece)
            place += len(piece)
    text = "".join(pieces)
    return Transcript(
        id=1,
        name="T",
        sha256=hash_text(text),
        text=text,
        language="en",
        consent="local",
        segments=tuple(segments),
    )


@pytest.mark.slow
@given(transcripts(), st.data())
def test_every_span_comes_back(text: Transcript, data: st.DataObject) -> None:
    source, layout = written(text)
    assert restore(source, layout) == text.text
    if not text.text:
        return
    start = data.draw(st.integers(0, len(text.text) - 1))
    end = data.draw(st.integers(start + 1, len(text.text)))
    first, last = to_source(layout, start, end)
    assert to_transcript(layout, first, last) == (start, end)
    # The first and last characters are the same ones, also when a speaker's name is in between.
    assert (source[first], source[last - 1]) == (text.text[start], text.text[end - 1])


@given(transcripts(), st.data())
def test_any_place_of_the_source_means_a_place_of_the_transcript(
    text: Transcript, data: st.DataObject
) -> None:
    source, layout = written(text)
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    first, last = to_transcript(layout, start, end)
    assert 0 <= first <= last <= len(text.text)


@given(transcripts())
def test_a_stamp_comes_back_whole(text: Transcript) -> None:
    _, layout = written(text)
    stamp = Stamp(
        study="S “x”\n",
        exported_at="2026-01-01T00:00:00+00:00",
        sources=(StampSource(guid=guid_of("source", "x"), layout=layout, with_models=True),),
        coders=(StampCoder(guid=guid_of("model", "r"), name="m", kind="model", recipe_sha256="r"),),
        codes=(StampCode(guid=guid_of("code", "c"), name="C", code="c"),),
        scopes=(StampScope(source="s", coder="c", exposure="blind", segments=(1, 4)),),
        groups=(StampGroup(exposure="after-model", origin="review", written="K", marks=("ab",)),),
    )
    said = stamp_json(stamp)
    assert read_stamp("\ufeff" + said) == stamp
    assert stamp.group_of("ab") == stamp.groups[0]
    assert stamp.group_of("zz") is None


def _simple() -> Transcript:
    segments = (
        Segment(index=0, start=0, end=6, speaker="I", turn=0),
        Segment(index=1, start=6, end=10, speaker="R", turn=1),
    )
    return Transcript(
        id=1,
        name="T",
        sha256="sha256:t",
        text="Who?\n\nMe 🌱",
        language="en",
        consent="local",
        segments=segments,
    )


def test_speakers_stand_at_the_start_of_turns() -> None:
    source, layout = written(_simple())
    assert source == "I: Who?\n\nR: Me 🌱"
    # "Me" is 6 to 8 of the transcript; "I: " and "R: " stand before it.
    assert to_source(layout, 6, 8) == (12, 14)
    # From the question into the answer, over the speaker's name: 3 + 0 … 12 + 2.
    assert to_source(layout, 0, 8) == (3, 14)
    # A researcher who marks the name too means the words after it.
    assert to_transcript(layout, 9, 14) == (6, 8)
    assert to_transcript(layout, 0, 2) == (0, 0)


def test_line_ends_of_another_system_are_undone() -> None:
    source, layout = written(_simple())
    back = "\ufeff" + source.replace("\n", "\r\n") + "\r\n"
    folded = fold_line_ends(back, layout)
    assert folded is not None
    assert folded.text == source
    place = back.index("Me")
    assert folded.position(place) == source.index("Me")
    assert folded.position(len(back)) == len(source)
    old = fold_line_ends(source.replace("\n", "\r"), layout)
    assert old is not None
    assert old.text == source


def test_an_edited_text_is_not_taken_for_the_old_one() -> None:
    source, layout = written(_simple())
    assert fold_line_ends(source.replace("Me", "Us"), layout) is None
    with pytest.raises(DataError, match="changed after it was exported"):
        restore(source + ".", layout)


def test_half_a_surrogate_moves_nothing() -> None:
    text = _simple().model_copy(update={"text": "Wh\ud800?\n\nMe 🌱"})
    source, layout = written(text)
    assert source == "I: Wh??\n\nR: Me 🌱"
    assert restore(source, layout) == "Wh??\n\nMe 🌱"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a note",
        "[]",
        '{"format": "something else"}',
        '{"format": "second-coder-stamp", "version": 99}',
        '{"format": "second-coder-stamp", "version": 1}',
        "[" * 100_000,
    ],
)
def test_what_is_no_stamp_is_an_ordinary_note(text: str) -> None:
    assert read_stamp(text) is None


def test_a_forged_layout_is_refused() -> None:
    _, layout = written(_simple())
    said = json.loads(stamp_json(Stamp(sources=(StampSource(guid="g", layout=layout),))))
    said["sources"]["g"]["segments"][1][1] = 3  # overlaps the one before
    assert read_stamp(json.dumps(said)) is None


def test_a_coder_is_known_by_guid_or_by_name() -> None:
    model = StampCoder(guid=guid_of("model", "r"), name="m", kind="model", recipe_sha256="r")
    person = StampCoder(guid=guid_of("person", "m"), name="m", kind="human")
    stamp = Stamp(coders=(person, model))
    assert stamp.coder_of("{" + model.guid.upper() + "}", "renamed") == model
    assert stamp.coder_of("another", "Second Coder model: m") == model
    assert stamp.coder_of("another", "m") == person
    assert stamp.coder_of("another", "Eva") is None


def test_marks_tell_codings_apart() -> None:
    one = mark("sha256:s", "Ana", "tools", 1, 5)
    assert one == mark("sha256:s", "Ana", "tools", 1, 5)
    assert one not in {
        mark("sha256:s", "Ana", "tools", 1, 6),
        mark("sha256:s", "Ben", "tools", 1, 5),
        mark("sha256:t", "Ana", "tools", 1, 5),
        mark("sha256:s", "Ana", "tool", 1, 5),
    }
