"""Code labels that stand on lines of their own after the passage they belong to.

Three ways to know one, strongest first: the codebook's or the user's names, and a rule for names
that nobody listed. The rule proposes; it is never believed before a person has seen its list:

- one token of letters and digits joined by hyphens, underscores or dots (``data-quality``,
  ``Q2.1``), alone on its line, never right under a speaker's line and never before all speech,
- that occurs at least twice, or shares its first part with such a one, or stands beside one.

Spoken tokens of that shape (``mm-hmm``, ``bye-bye``) are not proposed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from fnmatch import fnmatchcase

from assistant.transcripts.decoding import clean_text
from assistant.transcripts.lines import Line, squeeze, text_lines
from assistant.transcripts.records import Skipped
from assistant.transcripts.speaker_labels import is_role
from assistant.transcripts.speakers import Speakers, find_speakers

__all__ = ["Known", "code_shaped", "guess_in_lines", "guess_labels"]

_TOKEN = re.compile(r"[^\W\d_]\w*(?:[-_./]\w+)+")
_FILE = re.compile(r"(?:www\..*|.*\.(?:txt|md|pdf|docx?|com|org|net|html?|csv|json))", re.I)
_NAME = re.compile(r"[^\W\d_][^\W\d_]+(?:-[^\W\d_][^\W\d_]+)+")
_PARTS = re.compile(r"[-_./]")
_SPOKEN_WORDS = """
    mm mmm hm hmm hmmm mhm mhmm uh um uhm huh ah aha oh ooh eh er ha haha la na nah no nope nein non
    ok okay yes yeah yep yup ya ja bye hi hey ho wow so so-so knock tut tsk c'est peut être est ce
    vas y allez tu vous là bas ben hein oui si ciao pff
"""
_SPOKEN = frozenset(_SPOKEN_WORDS.split())


def code_shaped(text: str) -> bool:
    """One hyphenated, underscored or dotted token that is no file name, role, name or sound."""
    if not _TOKEN.fullmatch(text) or len(text) > 80 or _FILE.fullmatch(text) or is_role(text):
        return False
    parts = [part.casefold() for part in _PARTS.split(text)]
    if all(part in _SPOKEN for part in parts):
        return False
    capitals = all(part[:1].isupper() and part[1:].islower() for part in text.split("-"))
    return not (capitals and len(parts) == 2 and _NAME.fullmatch(text))  # Jean-Luc


class Known:
    """Names that are codes for certain.

    Exact spelling for one-word names without a hyphen (``Trust`` is also a word that people say),
    any case for the others. A name with ``*``, ``?`` or ``[`` is a glob for the whole label,
    case-sensitive, as in a codebook's ``ignore``.
    """

    def __init__(self, names: Iterable[str]) -> None:
        given = {squeeze(name) for name in names if name.strip()}
        self._globs = tuple(sorted(name for name in given if set(name) & set("*?[")))
        self._exact = given - set(self._globs)
        self._folded = {name.casefold() for name in self._exact if not name.isalnum()}

    def __contains__(self, text: object) -> bool:
        if not isinstance(text, str):
            return False
        if text in self._exact or text.casefold() in self._folded:
            return True
        # A glob such as Q* would match sentences; a label has no more words than its pattern.
        return any(
            fnmatchcase(text, glob) and len(text.split()) <= len(glob.split())
            for glob in self._globs
        )

    @property
    def first_parts(self) -> frozenset[str]:
        return frozenset(first_part(name) for name in self._exact if code_shaped(name))


def guess_labels(text: str, known: Collection[str] = ()) -> tuple[tuple[str, int, int], ...]:
    """What the rule would take for code labels: ``(label, count, line of the first)``, by count.

    ``known`` are names that need no guessing; they are left out of the answer but count as
    neighbours and for their first parts.
    """
    cleaned, _ = clean_text(text)
    lines = text_lines(cleaned)
    sure = Known(known)
    speakers = find_speakers(lines, not_speaker=lambda row: row in sure or code_shaped(row))
    found = guess_in_lines(lines, speakers, sure)
    return tuple((label, count, int(where.split()[-1])) for label, count, where in found)


def guess_in_lines(
    lines: Sequence[Line],
    speakers: Speakers,
    known: Known,
    *,
    skip: Callable[[int], bool] = lambda index: False,
    suspects: Collection[str] = (),
    seen: list[Skipped] | None = None,
) -> tuple[tuple[str, int, str], ...]:
    """`guess_labels` on lines: ``(label, count, where it occurs first)``.

    ``suspects`` are labels by what stands in other files: here once is enough. ``seen`` is given
    every line of a label's shape, guessed or not, with what speaks against it, if anything does.
    """
    rows = [line for index, line in enumerate(lines) if not line.blank and not skip(index)]
    texts = [line.text for line in rows]
    starts = [speakers.read(line) is not None for line in rows]
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    ruled_out: dict[str, str] = {}
    shaped: list[Line] = []
    speech = False
    for index, text in enumerate(texts):
        if text in known:
            continue
        if starts[index] or not code_shaped(text):
            speech = speech or not starts[index] or bool(speakers_rest(speakers, rows[index]))
            continue
        counts[text] += 1
        shaped.append(rows[index])
        first.setdefault(text, rows[index].where)
        under = index > 0 and starts[index - 1] and not speakers_rest(speakers, rows[index - 1])
        if under or not speech:
            ruled_out[text] = "right under a speaker's name" if under else "before all speech"
    if seen is not None:
        seen += [Skipped(what=r.text, why=ruled_out.get(r.text, ""), where=r.where) for r in shaped]
    possible = {text for text in counts if text not in ruled_out}
    suspected = Known(suspects)
    taken = {text for text in possible if counts[text] >= 2 or text in suspected}
    while True:
        firsts = {first_part(text) for text in taken} | known.first_parts
        beside = {
            texts[near]
            for index, text in enumerate(texts)
            if text in taken or (text in known and code_shaped(text))
            for near in (index - 1, index + 1)
            if 0 <= near < len(texts)
        }
        more = {t for t in possible - taken if first_part(t) in firsts or t in beside}
        if not more:
            break
        taken |= more
    ordered = sorted(taken, key=lambda text: (-counts[text], text))
    return tuple((text, counts[text], first[text]) for text in ordered)


def speakers_rest(speakers: Speakers, line: Line) -> str:
    """What a speaker's line holds besides the name."""
    found = speakers.read(line)
    return found.rest if found is not None else ""


def first_part(label: str) -> str:
    return _PARTS.split(label)[0].casefold()
