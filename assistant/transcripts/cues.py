"""Which lines of a subtitle file no cue has kept, told from the cues that were read.

Not from what a cue should look like: readers of subtitles differ in what they forgive, and a report
must say what became of the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.transcripts.lines import squeeze
from assistant.transcripts.records import Skipped

__all__ = ["Cue", "left_out", "without_times"]

_TIMES = re.compile(r"\s*(?:(\d{1,10}):)?(\d{1,2}):(\d{1,2}[.,]\d{1,3})[ \t]*-->")
_NEARLY = re.compile(r"\s*\d{1,2}:\d{2}\S*\s*-{1,2}>")
"""Two times with an arrow, right or not."""
_AT = r"(?:\d{1,10}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_WHOLE = re.compile(rf"{_AT}[ \t]*-->[ \t]*{_AT}(?:\s|$)")
"""Two times as they should be."""


@dataclass(frozen=True)
class Cue:
    start: float
    """Seconds."""
    end: float
    words: str
    """As they stand in the file, with markup and line ends."""


def left_out(text: str, cues: Sequence[Cue]) -> Iterator[Skipped]:
    """What stands in the file and in none of ``cues``, which are in the file's order."""
    read = -1
    waiting: list[str] = []
    for match in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text):
        rows = [squeeze(row) for row in match.group().split("\n") if row.strip()]
        if not rows:
            continue
        where = f"line {text.count(chr(10), 0, match.start()) + 1}"
        if not waiting and re.match(r"(?:NOTE|STYLE|REGION)(?:\s|$)", rows[0]):
            note = rows[0].startswith("NOTE")
            why = "a note in the subtitle file" if note else "settings of the subtitle file"
            yield Skipped(what=squeeze(match.group()), why=why, where=where)
            continue
        lost: list[str] = []
        why = "words of no cue"
        for place, row in enumerate(rows):
            if read + 1 < len(cues) and _start(row) == cues[read + 1].start:
                read += 1
                waiting = [w for line in cues[read].words.split("\n") if (w := squeeze(line))]
                if lost and why == "words of no cue":
                    yield Skipped(what=" ".join(lost), why="the name of a cue", where=where)
                    lost = []
            elif waiting and row == waiting[0]:
                waiting.pop(0)
            elif not (row.isdigit() and place + 1 < len(rows)) and not _is_head(row, match.start()):
                lost.append(row)
                if _NEARLY.match(row) or "-->" in row:
                    why = "a cue whose times cannot be read"
        if lost:
            if _WHOLE.match(rows[-1]) and not any("-->" in row for row in rows[:-1]):
                why = "a cue without words"
            yield Skipped(what=" ".join(lost), why=why, where=where)


def _start(row: str) -> float | None:
    found = _TIMES.match(row)
    if found is None:
        return None
    seconds = float(found[3].replace(",", "."))
    return round(int(found[1] or 0) * 3600 + int(found[2]) * 60 + seconds, 3)


def _is_head(row: str, at: int) -> bool:
    return at < 3 and row.startswith("WEBVTT")


def without_times(cue: Cue) -> tuple[Cue, tuple[str, ...]]:
    """A cue without lines of times that were taken for words; and these, with their numbers."""
    kept: list[str] = []
    times: list[str] = []
    for row in cue.words.split("\n"):
        if _NEARLY.match(row):
            number = kept.pop() if kept and kept[-1].strip().isdigit() else ""
            times.append(squeeze(f"{number} {row}"))
        else:
            kept.append(row)
    return replace(cue, words="\n".join(kept)), tuple(times)
