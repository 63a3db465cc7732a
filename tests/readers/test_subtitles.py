"""WebVTT and SRT: speakers, times, paragraphs; nothing of a cue is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import DataError, UserError
from assistant.store.database import open_store
from assistant.store.texts.transcripts import new_transcript, transcript
from assistant.transcripts import read_document
from assistant.transcripts.records import Document, Segment
from tests.transcripts.reading_help import turns

VTT = """WEBVTT - made by hand

NOTE heard twice

1
00:01.000 --> 00:02.500 align:start
<v Ana Lu>So how &amp; why did <i>you</i>

00:00:02.600 --> 00:00:04.000
<v Ana Lu>begin?</v>

00:05.000 --> 00:06.000
<v.loud Bo>I don't know.
<v Ana Lu>Really?

00:20.000 --> 01:00:21.250
<v Ana Lu>A long pause.
"""


def read(folder: Path, text: str, name: str = "Talk.vtt", reader: str = "auto") -> Document:
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return read_document(path, language="en", reader=reader)


def test_voices_and_times(tmp_path: Path) -> None:
    document = read(tmp_path, VTT)
    assert document.format == "subtitles"
    assert document.title == "Talk"
    assert turns(document) == [
        ("Ana Lu", ["So how & why did you begin?"]),
        ("Bo", ["I don't know."]),
        ("Ana Lu", ["Really?", "A long pause."]),
    ]
    assert [(s.start_time, s.end_time) for s in document.segments] == [
        (1.0, 4.0),
        (5.0, 6.0),
        (5.0, 6.0),
        (20.0, 3621.25),
    ]
    assert [s.what for s in document.skipped] == ["NOTE heard twice"]


SRT = """1
00:00:01,000 --> 00:00:02,000
{\\an8}Interviewer: How did it go?

2
00:00:03,000 --> 00:00:04,000
Rosa: Well, we sang
and we

3
00:00:04,100 --> 00:00:05,000
danced.

4
00:00:05,100 --> 00:00:06,000
- Louder?
- No.

6
00:00:06,500 --> 00:00:07,000
Rosa: It was.

5
00:00:xx,000 --> 00:00:07,000
lost words
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_srt_with_names_before_colons(tmp_path: Path, ends: str) -> None:
    document = read(tmp_path, SRT.replace("\n", ends), "Talk.srt")
    assert turns(document) == [
        ("Interviewer", ["How did it go?"]),
        ("Rosa", ["Well, we sang and we danced."]),
        ("", ["Louder?"]),
        ("", ["No."]),
        ("Rosa", ["It was."]),
    ]
    assert document.segments[1].start_time == 3.0
    assert document.segments[1].end_time == 5.0
    (skipped,) = document.skipped
    assert "lost words" in skipped.what
    assert "times cannot be read" in skipped.why


BROKEN = (
    # what stands after a cue of one second -> what is said, and what is said to be left out
    ("3\n00:03,000 -> 00:04,000\nmore words", "vtt", "hello", "more words"),
    ("00:03.000 --> 00:04\nmore words", "vtt", "hello", "more words"),
    ("00:05.000 --> 00:06.000\nthis\n00:07.000 --> 00:xx.000\nnot", "vtt", "hello this", "not"),
    ("words alone", "vtt", "hello", "words alone"),
    ("intro\n00:05.000 --> 00:06.000\nthat", "vtt", "hello that", "intro"),
    ("STYLE\n::cue {}\n\n00:05.000 --> 00:06.000\nNOTE it", "vtt", "hello NOTE it", "::cue {}"),
    ("2\n00:00:03,000 --> 00:00:04\nmore words", "srt", "hello", "more words"),
    (
        "2\n00:00:03,000 -> 00:00:04,000\nmore",
        "srt",
        "hello more",
        "2 00:00:03,000 -> 00:00:04,000",
    ),
    ("2\n00:00:03,000 --> 00:00:04,000\nfirst\n\nsecond", "srt", "hello first second", ""),
    ("00:00:03,000 --> 00:00:04,000\nno number", "srt", "hello", "no number"),
)


@pytest.mark.parametrize(("rest", "kind", "kept", "lost"), BROKEN)
def test_what_is_said_to_be_left_out_is_and_nothing_else(
    tmp_path: Path, rest: str, kind: str, kept: str, lost: str
) -> None:
    first = "WEBVTT\n\n" if kind == "vtt" else "1\n"
    stop = "." if kind == "vtt" else ","
    text = f"{first}00:00:01{stop}000 --> 00:00:02{stop}000\nhello\n\n{rest}\n"
    document = read(tmp_path, text, f"Talk.{kind}")
    assert document.text.split() == kept.split()
    told = " ".join(skip.what for skip in document.skipped)
    assert lost in told
    assert bool(lost) is bool(document.skipped)
    assert not {w for w in kept.split() if w in told.split()}


@pytest.mark.parametrize(
    ("times", "why"),
    [
        ("00:00:03,000 --> 00:00:04,000", "a cue without words"),
        ("00:00:03,000 --> 00:00:xx,000", "a cue whose times cannot be read"),
    ],
)
def test_a_cue_without_words_is_no_cue_without_times(tmp_path: Path, times: str, why: str) -> None:
    text = f"1\n00:00:01,000 --> 00:00:02,000\nhello\n\n2\n{times}\n\n"
    text += "3\n00:00:05,000 --> 00:00:06,000\nthere\n"
    document = read(tmp_path, text, "Talk.srt")
    assert [(skip.what, skip.why) for skip in document.skipped] == [(times, why)]


def test_a_sentence_and_a_pause_end_a_paragraph(tmp_path: Path) -> None:
    cues = [
        (0, 1, "One."),
        (1.2, 2, "Two."),
        (5, 6, "Three"),
        (8.5, 9, "goes on."),
        (20, 21, "x y"),
    ]
    text = "WEBVTT\n\n" + "\n\n".join(
        f"00:{a:06.3f} --> 00:{b:06.3f}\n{words}" for a, b, words in cues
    )
    document = read(tmp_path, text)
    assert turns(document) == [("", ["One. Two.", "Three goes on.", "x y"])]


def test_rolling_captions_are_read_once(tmp_path: Path) -> None:
    lines = [f"line number {n} of it" for n in range(12)]
    cues = [
        f"00:{n:02d}.000 --> 00:{n + 1:02d}.000\n{lines[n - 1] if n else ''}\n{lines[n]}".replace(
            "\n\n", "\n"
        )
        for n in range(12)
    ]
    document = read(tmp_path, "WEBVTT\n\n" + "\n\n".join(cues))
    assert document.text == " ".join(lines)
    assert len(document.skipped) == 11


def test_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no words"):
        read(tmp_path, "WEBVTT\n\n00:01.000 --> 00:02.000\n<i></i>\n")
    with pytest.raises(DataError, match="begin as subtitles"):
        read(tmp_path, "Hello\n", "a.srt")
    with pytest.raises(UserError, match="its content is text"):
        read(tmp_path, "Ana: hello there\nBo: yes\n", "a.txt", reader="subtitles")
    with pytest.raises(UserError, match="its content is subtitles"):
        read(tmp_path, VTT, "a.txt", reader="plain")


WORDS = st.lists(st.sampled_from(["hello", "no,", "yes.", "well-known", "Éa", "…"]), min_size=1)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["", "Ana", "Bo"]), WORDS, st.integers(0, 9)), min_size=1)
)
def test_every_word_is_kept_in_order(cues: list[tuple[str, list[str], int]]) -> None:
    from assistant.transcripts.subtitles import read_subtitles

    parts, clock = [], 0
    for voice, words, pause in cues:
        clock += pause
        mark = f"<v {voice}>" if voice else ""
        a, b = f"{clock // 60:02d}:{clock % 60:02d}.000", f"{clock // 60:02d}:{clock % 60:02d}.900"
        parts.append(f"{a} --> {b}\n{mark}{' '.join(words)}")
        clock += 1
    reading = read_subtitles("WEBVTT\n\n" + "\n\n".join(parts), "x.vtt")
    said = [w for turn in reading.turns for p in turn.paragraphs for w in p.text.split()]
    skipped = [w for skip in reading.skipped for w in skip.what.split()]
    assert sorted(said + skipped) == sorted(w for _, words, _ in cues for w in words)
    if not skipped:
        assert said == [w for _, words, _ in cues for w in words]
    for turn in reading.turns:
        for paragraph in turn.paragraphs:
            assert paragraph.start_time is not None
            assert paragraph.end_time is not None
            assert paragraph.start_time <= paragraph.end_time


def test_times_are_stored_and_change_no_hash(tmp_path: Path) -> None:
    store, _ = open_store(tmp_path / "study.db")
    timed = (Segment(index=0, start=0, end=2, start_time=1.5, end_time=2.25),)
    plain = (Segment(index=0, start=0, end=2),)
    with store:
        first = new_transcript(store, "A", "sha256:a", "hi", "en", timed)
        second = new_transcript(store, "B", "sha256:b", "hi", "en", plain)
        assert transcript(store, first).segments == timed
        assert transcript(store, second).segments == plain
