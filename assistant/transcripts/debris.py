"""What stands in a file and is not interview: titles, footers, rules, remains of printed pages.

Each rule gives its reason, so that nothing leaves the text without a trace. A rule must rather
keep debris than drop speech: short answers (``42``, ``Mm``, ``对``) look like debris to a careless
one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

from assistant.transcripts.lines import Line, squeeze
from assistant.transcripts.naming import name_parts, stem
from assistant.transcripts.speaker_labels import Candidate, is_role, is_stamp

__all__ = ["FOOTER", "find_debris", "find_front_matter"]

FOOTER = re.compile(
    r"Created with the Delve Qualitative Analysis Tool(?:\s*\(?<?\s*(?:https?://)?\S*\)?)?\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"(?:[-*_=~–—.]\s*){3,}|[_|■□●▪~=]+")
_HEADING = re.compile(r"#{1,6}\s+\S")
_PAGE = re.compile(
    r"(?:page|seite|página|pagina|p\.|s\.)\s*\d+(?:\s*(?:of|/|von|de|sur|di|van)\s*\d+)?"
    r"|[-–]\s*\d+\s*[-–]|\d+\s*(?:/|of|von|sur)\s*\d+",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:interview|transcript|entretien|entrevue|entrevista|intervista|gespräch)\s*(?:n[°o.]\s*)?"
    r"[\w.]{0,6}\d[\w.]{0,4}(?:\s+[-–—]\s+\S.{0,30})?",
    re.IGNORECASE,
)
_HEADER_KEY = re.compile(
    r"(?:(?:interview|recording|transcription)\s+)?(?:date|time|place|location|duration|length"
    r"|recorded(?:\s+on)?|transcribed\s+by|transcriber|file(?:\s*name)?|title|project"
    r"|datum|ort|dauer|zeit|datei|lieu|durée|heure|fichier|projet|titre|fecha|lugar|duración|hora"
    r"|archivo|título)",
    re.IGNORECASE,
)

SpeakerOf = Callable[[Line], Candidate | None]


def find_front_matter(
    lines: Sequence[Line], file_name: str, speaker_of: SpeakerOf
) -> dict[int, str]:
    """Title and header lines before the interview: line number from 0 -> why it is left out."""
    found: dict[int, str] = {}
    names = {_plain(stem(file_name)), _plain(name_parts(file_name)[0])}
    rows = [index for index, line in enumerate(lines) if not line.blank]
    seen_key = False
    for place, index in enumerate(rows):
        text = squeeze(lines[index].text.strip("#*_ "))
        key, colon, rest = text.partition(":")
        same_block = place > 0 and rows[place - 1] == index - 1 and (index - 1) in found
        if lines[index].heading and speaker_of(lines[index]) is None:
            found[index] = "a title or heading before the interview"
        elif _plain(stem(text)) in names or (place == 0 and _NUMBERED.fullmatch(stem(text))):
            found[index] = "the title of the interview"
        elif colon and _HEADER_KEY.fullmatch(key.strip()):
            found[index] = "a header line, not speech"
            seen_key = True
        elif (
            colon
            and (same_block or not seen_key)
            and is_role(key.strip())
            and 0 < len(rest.split()) <= 5
            and rest.strip()[-1] not in ".?!,…"
            and _key_follows(lines, index)
        ):
            found[index] = "a header line, not speech"
        elif _HEADING.match(lines[index].raw.strip()) and speaker_of(lines[index]) is None:
            found[index] = "a title or heading before the interview"
        else:
            break
    return found


def _key_follows(lines: Sequence[Line], index: int) -> bool:
    """Another header line (``Date: …``) stands in the same block of lines."""
    start = index
    while start > 0 and not lines[start - 1].blank:
        start -= 1
    end = index
    while end + 1 < len(lines) and not lines[end + 1].blank:
        end += 1
    keys = [lines[i].text.partition(":") for i in range(start, end + 1) if i != index]
    return any(colon and _HEADER_KEY.fullmatch(key.strip()) for key, colon, _ in keys)


def find_debris(lines: Sequence[Line], speaker_of: SpeakerOf) -> dict[int, tuple[str, str]]:
    """Debris anywhere in the file: line number from 0 -> (what is dropped, why).

    What is dropped is the whole line, but for a footer that was run into the last line.
    """
    found: dict[int, tuple[str, str]] = {}
    running = _running_lines(lines)
    numbers = _page_numbers(lines, speaker_of)
    strange = _strange_letters(lines)
    stamps = [line for line in lines if not line.blank and is_stamp(line.text)]
    for index, line in enumerate(lines):
        if line.blank or line.speaker or speaker_of(line) is not None:
            if (match := FOOTER.search(line.text)) is not None:
                found[index] = (match.group(), "the footer of a Delve export")
            continue
        text = line.text
        if (match := FOOTER.search(text)) is not None:
            found[index] = (match.group(), "the footer of a Delve export")
        elif _RULE.fullmatch(text) and not re.fullmatch(r"[.…\s]+", text):
            found[index] = (text, "a drawn line or stray marks of a page, no words")
        elif _PAGE.fullmatch(text) or index in numbers:
            found[index] = (text, "a page number")
        elif index in running:
            found[index] = (text, "a line that is repeated at page breaks (page header or footer)")
        elif _columns(line.raw):
            found[index] = (text, "page debris: scraps of text set in columns by tabs")
        elif is_stamp(text) and (text[0] in "[(<" or "->" in text or len(stamps) >= 3):
            found[index] = (text, "a time stamp alone on its line")
        elif text in strange:
            found[index] = (text, "page debris: a letter that the file has nowhere else")
        elif line.heading or _HEADING.match(line.raw.strip()):
            found[index] = (text, "a heading, not speech")
    return found


def _columns(raw: str) -> bool:
    """Two tabs or more and only scraps between them, or no letters at all."""
    if raw.count("\t") < 2:
        return False
    parts = [part.strip() for part in raw.split("\t") if part.strip()]
    if not any(char.isalnum() for char in raw):
        return True
    short = all(len(part) <= 12 and len(part.split()) <= 2 for part in parts)
    return len(parts) >= 2 and short and not any(is_stamp(part) or is_role(part) for part in parts)


def _running_lines(lines: Sequence[Line]) -> set[int]:
    """Lines beside page breaks that read the same, digits aside, on three pages or more."""
    rows = [index for index, line in enumerate(lines) if not line.blank]
    near = [index for index in rows[:1] + rows[-1:] if len(lines[index].text) <= 80]
    for index, line in enumerate(lines):
        if not line.new_page:
            continue
        after = next((i for i in range(index, len(lines)) if not lines[i].blank), None)
        before = next((i for i in range(index - 1, -1, -1) if not lines[i].blank), None)
        near += [i for i in (before, after) if i is not None and len(lines[i].text) <= 80]
    if not any(line.new_page for line in lines):
        return set()
    shape = {i: re.sub(r"\d+", "0", lines[i].text) for i in near}
    counts = Counter(shape.values())
    return {i for i in shape if counts[shape[i]] >= 3}


def _page_numbers(lines: Sequence[Line], speaker_of: SpeakerOf) -> set[int]:
    """Bare numbers that count up by one at least three times and answer nobody's question."""
    rows = [index for index, line in enumerate(lines) if not line.blank]
    bare: list[tuple[int, int]] = []
    for place, index in enumerate(rows):
        text = lines[index].text
        if not re.fullmatch(r"\d{1,3}", text):
            continue
        before = speaker_of(lines[rows[place - 1]]) if place > 0 else None
        if before is not None and not before.rest:
            continue
        bare.append((index, int(text)))
    run: list[tuple[int, int]] = []
    best: list[tuple[int, int]] = []
    for item in bare:
        run = [*run, item] if run and item[1] == run[-1][1] + 1 else [item]
        best = max(best, run, key=len)
    return {index for index, _ in best} if len(best) >= 3 else set()


def _strange_letters(lines: Sequence[Line]) -> set[str]:
    """One letter of a script with capitals, not of ASCII, that occurs once in the whole file."""
    counts = Counter(char for line in lines for char in line.text.casefold())
    alone = {line.text for line in lines if len(line.text) == 1}
    return {
        char
        for char in alone
        if not char.isascii()
        and unicodedata.category(char) in ("Ll", "Lu")
        and counts[char.casefold()[:1]] == 1
    }


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
