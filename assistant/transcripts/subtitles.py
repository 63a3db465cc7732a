"""Subtitle files (WebVTT, SRT) to turns, with the times of the recording kept.

Cues are cut for the screen and not by what was said. So the cues of one speaker are put together
to paragraphs: one ends with a sentence that a pause follows or that made it long, and always at a
long pause. A paragraph's times are the start of its first cue and the end of its last. Every word
of every cue stands in the text, is a speaker's name or is in ``skipped``.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.counting import counted
from assistant.errors import DataError
from assistant.transcripts.composing import Paragraph, Turn
from assistant.transcripts.cues import Cue, left_out, without_times
from assistant.transcripts.lines import BLANK, Line, join_broken, squeeze
from assistant.transcripts.records import Skipped
from assistant.transcripts.speakers import Speakers, find_speakers
from assistant.transcripts.turns import Reading

__all__ = ["is_subtitles", "read_subtitles"]

PAUSE, LONG_PAUSE = 2.0, 6.0
"""Seconds without a cue that end a paragraph after a sentence, and always."""
ENOUGH_WORDS = 60
"""After so many words a paragraph ends with its next sentence."""
_TIME = r"(?:\d{1,10}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_SRT = re.compile(rf"\s*\d+[ \t]*\n\s*{_TIME}[ \t]*-->")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>", re.IGNORECASE)
_MARKUP = re.compile(r"</?[A-Za-z][^<>\n]*>|<(?:\d+:)?\d+:\d+\.\d+>|\{\\[^{}\n]*\}|</>")
_DASH = re.compile(r"[-–—]\s+(?=\S)|[-–—](?=[^\W\d_])")
_ENDED = ".?!…。？！؟۔।"
_CLOSING = "»”\"')]’"


def is_subtitles(text: str) -> bool:
    """Does a text begin as WebVTT or SRT files do?"""
    text = text.lstrip("\ufeff \n")
    return re.match(r"WEBVTT(?:\s|$)", text) is not None or _SRT.match(text) is not None


@dataclass(frozen=True)
class _Said:
    """One line of a cue, or what one voice says in it."""

    text: str
    speaker: str
    """As marked by ``<v Name>``; empty where it is not."""
    start: float
    end: float
    where: str
    other: bool = False
    """A dash says that somebody else begins."""


def read_subtitles(text: str, where: str) -> Reading:
    """Turns with times. Raises DataError for a file without a cue that can be read."""
    captions, skipped = _captions(text, where)
    said = [part for number, caption in enumerate(captions, 1) for part in _parts(caption, number)]
    reading = Reading(skipped=skipped)
    said = _without_rolling(said, reading)
    if not said:
        raise DataError(
            "This subtitle file has no words in it.",
            where=where,
            hint="Open it in a text editor: a cue is a line with two times and lines of words.",
        )
    _make_turns(said, reading)
    times = [(part.start, part.end) for part in said]
    if any(later < earlier for (earlier, _), (later, _) in pairwise(times)):
        reading.notes.append("The cues do not stand in the order of their times; it was kept.")
    named = dict.fromkeys(turn.speaker for turn in reading.turns if turn.speaker)
    last = max(end for _, end in times)
    paragraphs = sum(len(turn.paragraphs) for turn in reading.turns)
    reading.notes.append(
        f"{counted(len(captions), 'cue')} until {_clock(last)}, put together to "
        f"{counted(paragraphs, 'paragraph')}: one ends after a "
        f"sentence with a pause of {PAUSE:g} seconds or with {ENOUGH_WORDS} words, and at every "
        f"pause of {LONG_PAUSE:g} seconds."
    )
    if named:
        reading.notes.append(f"Speakers: {', '.join(named)}.")
    else:
        reading.notes.append("The subtitles name no speakers.")
    return reading


def _captions(text: str, where: str) -> tuple[list[Cue], list[Skipped]]:
    import webvtt
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    text = text.lstrip("\ufeff")
    kind = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
    try:
        read = webvtt.WebVTT.from_buffer(io.StringIO(text.lstrip("\n ")), format=kind)
    except (MalformedFileError, MalformedCaptionError, ValueError) as error:
        raise DataError(
            f"These subtitles cannot be read ({error}).",
            where=where,
            hint="Open the file in a text editor: each cue is a line such as "
            "00:01:05.000 --> 00:01:09.500 with the words below it.",
        ) from error
    cues = [Cue(_seconds(one.start), _seconds(one.end), str(one.raw_text)) for one in read.captions]
    skipped = list(left_out(text, cues))
    kept: list[Cue] = []
    for number, cue in enumerate(cues, 1):
        bare, times = without_times(cue)
        kept.append(bare)
        why = "times of a cue that cannot be read; its words were read with the cue before"
        at = f"cue {number} ({_clock(cue.start)})"
        skipped += [Skipped(what=one, why=why, where=at) for one in times]
    return kept, skipped


def _parts(caption: Cue, number: int) -> Iterator[_Said]:
    start, end = caption.start, caption.end
    where = f"cue {number} ({_clock(start)})"
    pieces = _VOICE.split(caption.words)
    voices = [("", pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]
    for voice, raw in voices:
        speaker = squeeze(html.unescape(voice)).rstrip(" :")
        for row in _MARKUP.sub("", raw).split("\n"):
            words = squeeze(html.unescape(row))
            dash = _DASH.match(words)
            if dash and not speaker:
                words = words[dash.end() :]
            if words:
                yield _Said(words, speaker, start, max(start, end), where, bool(dash))


def _seconds(stamp: str) -> float:
    hours, minutes, seconds = stamp.split(":")
    return round(int(hours) * 3600 + int(minutes) * 60 + float(seconds), 3)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _without_rolling(said: list[_Said], reading: Reading) -> list[_Said]:
    """Automatic captions roll: each cue shows the line before once more. One of each is kept."""
    again = [
        place
        for place in range(1, len(said))
        if said[place].where != said[place - 1].where
        and said[place].text == said[place - 1].text
        and said[place].start - said[place - 1].end < 0.5
    ]
    cues = len({part.where for part in said})
    if len(again) < 5 or len(again) < 0.4 * cues:
        return said
    reading.notes.append(
        f"The captions roll: {len(again)} lines are shown once more in the next cue and were "
        "read once."
    )
    for place in again:
        why = "the line before, shown once more"
        reading.skipped.append(Skipped(what=said[place].text, why=why, where=said[place].where))
    gone = set(again)
    return [part for place, part in enumerate(said) if place not in gone]


def _speakers(said: Sequence[_Said]) -> Speakers:
    lines: list[Line] = []
    for number, part in enumerate(said):
        if number and part.where != said[number - 1].where:
            lines.append(BLANK)
        lines.append(Line(part.text, part.where))
    return find_speakers(lines, not_speaker=lambda _: False, alones=False)


def _make_turns(said: Sequence[_Said], reading: Reading) -> None:
    speakers = _speakers(said)
    reading.notes += speakers.notes
    current = ""
    last: _Said | None = None
    for part in said:
        words, begins = part.text, part.other
        if part.speaker:
            begins = part.speaker != current
            current = part.speaker
        elif (found := speakers.read(Line(words, part.where))) is not None:
            begins = found.label != current
            current, words = found.label, squeeze(found.rest)
            if found.stamp:
                why = "a time stamp beside a speaker"
                reading.skipped.append(Skipped(what=found.stamp, why=why, where=part.where))
        elif part.other:
            current = ""
        if begins or not reading.turns:
            reading.turns.append(Turn(current, where=part.where))
            last = None
        if not words:
            continue
        paragraphs = reading.turns[-1].paragraphs
        if last is None or not paragraphs or _ends(paragraphs[-1], part.start - last.end):
            paragraphs.append(Paragraph("", where=part.where, start_time=part.start))
        paragraphs[-1].text = join_broken(paragraphs[-1].text, words)
        paragraphs[-1].end_time = max(part.end, paragraphs[-1].end_time or 0.0)
        last = part
    for turn in reading.turns:
        if not turn.paragraphs:
            what = turn.speaker or ":"
            why = "a speaker without a word"
            reading.skipped.append(Skipped(what=what, why=why, where=turn.where))
    reading.turns[:] = [turn for turn in reading.turns if turn.paragraphs]
    reading.colon_lines = len(reading.turns)


def _ends(paragraph: Paragraph, pause: float) -> bool:
    if pause >= LONG_PAUSE:
        return True
    bare = paragraph.text.rstrip(_CLOSING)
    ended = bool(bare) and bare[-1] in _ENDED
    return ended and (pause >= PAUSE or len(paragraph.text.split()) >= ENOUGH_WORDS)
