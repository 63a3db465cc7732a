"""What a speaker's name looks like on a line: shapes only, no decision.

`speakers.py` decides over the whole file which of the candidates found here are speakers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.transcripts.lines import squeeze

__all__ = [
    "Candidate",
    "alone_candidate",
    "colon_candidate",
    "is_discourse",
    "is_role",
    "is_stamp",
    "label_key",
    "name_like",
    "opens_often",
]

_LONGEST = 40
_CLOCK = r"(?:\d{1,2}:\d{1,2}:\d{1,2}|\d{1,2}:\d{2})(?:[.,]\d{1,3})?"
_RANGE = rf"{_CLOCK}(?:\s*(?:-+>?|–)\s*{_CLOCK})?"
_STAMP = rf"(?:[\[(<]\s*{_RANGE}\s*[\])>]|{_RANGE})"
_ONLY_STAMP = re.compile(rf"{_STAMP}")
_LEADING = re.compile(rf"(?>{_STAMP})(?![\d.,:])\s*[-–|]?\s*(?=\S)")
_TRAILING = re.compile(rf"\s*{_STAMP}$")
_COLON_STAMP = re.compile(
    rf"(?P<label>[^:：]{{1,60}}?)\s*(?P<stamp>[\[(<]\s*{_RANGE}\s*[\])>]|\d+:\d\d:\d\d)"
    r"\s*[:：](?P<rest>.*)"
)
_COLON = re.compile(r"(?P<label>[^:：]{0,60}?)\s*[:：](?P<rest>.*)")
_TABBED = re.compile(r"(?P<label>[^\t:：]{1,40})\t+(?P<rest>[^\t]+)")
_ASIDE = re.compile(r"(?<=\S)\s*(?:\([^()]*\)|\[[^\[\]]*\])")
_NOBODY_KNOWS = re.compile(r"\?{1,4}")
_INITIALS = re.compile(r"(?:^|\s)(?:[^\W\d_]\.)+$")
_HEADING = re.compile(r"#{1,6}\s+|>\s+")
_EDGE = " \t#>*_"
_BRACKETS = {"[": "]", "(": ")", "<": ">"}

_ROLES = re.compile(
    r"(?:(?:unknown|unidentified|first|second|third|female|male|other)\s+)?(?:"
    r"interviewers?|interviewees?|moderator|facilitator|respondent|participant|speaker|informant"
    r"|researcher|unknown"
    r"|interviewé\(?e?\)?|interviewée|intervieweuse|intervieweur|enquêt(?:eur|rice|é|ée)"
    r"|participante|mod[ée]rat(?:eur|rice)|répondant|répondante|chercheu(?:r|se)|locut(?:eur|rice)"
    r"|interviewerin|interviewter?|befragter?|interviewpartner(?:in)?|moderatorin|sprecher(?:in)?"
    r"|teilnehmer(?:in)?|forscher(?:in)?"
    r"|entrevistador|entrevistadora|entrevistad[oa]|moderadora?|investigadora?|hablante"
    r"|intervistat(?:ore|rice|o|a)|moderat(?:ore|rice)|ricerca(?:tore|trice)"
    r"|geïnterviewde|onderzoeker|deelnemer|spreker"
    r"|интервьюер|респондент|исследователь|модератор"
    r")(?:[\s_#-]*(?:n[°o.]\s*)?(?:\d{1,3}(?:\s+\d{1,3})?|[a-z]))?",
    re.IGNORECASE,
)
_DISCOURSE_WORDS = """
    so well yes no yeah and but or also because then now first second third finally note question
    questions answer answers problem example examples result results conclusion summary however
    therefore remember listen look thing point reason idea issue issues important warning update
    oui non donc alors mais et car bref exemple résultat remarque note conclusion problème raison
    ja nein also aber und oder denn beispiel ergebnis fazit grund punkt wichtig frage antwort
    sí si no pues entonces pero porque ejemplo resultado nota pregunta respuesta motivo razón
"""
_DISCOURSE = frozenset(_DISCOURSE_WORDS.split())
_PARTICLE_WORDS = """
    de da do dos das di du del della van von der den ter la le el al bin ibn y e und and et
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())


@dataclass(frozen=True)
class Candidate:
    """A line that could begin a turn."""

    label: str
    """As the file spells it, without colon, markup, brackets around it and time stamp."""
    rest: str = ""
    """What was said on the same line."""
    alone: bool = False
    markup: bool = False
    """The whole line is bold or a heading in Markdown."""
    stamp: str = ""
    tight: bool = False
    """No space after the colon."""

    @property
    def key(self) -> str:
        return label_key(self.label)


def label_key(label: str) -> str:
    return squeeze(label).casefold()


def is_role(label: str) -> bool:
    """``Interviewer 1``, ``Unknown Speaker``, ``Befragte``: names that only speakers have."""
    return _ROLES.fullmatch(squeeze(label)) is not None


def is_discourse(label: str) -> bool:
    """One word that people also put before a colon in the middle of speech."""
    return label.casefold() in _DISCOURSE


def opens_often(label: str) -> bool:
    """Whether a label that is not `name_like` is a speaker's if it opens many paragraphs:
    ``Smith, John``, ``Müller, Jr.``. Words without a comma may be speech (``What we needed was:``).
    """
    words = label.split()
    if not words or len(label) > _LONGEST or label[-1] in ",;!…":
        return False
    if any(char in '?!;"«»“”…<>|=\\{}' for char in label):
        return False
    if label[-1] == "." and len(words[-1]) > 4:  # "Jr."
        return False
    if "," not in label or any(word[0].islower() for word in words):
        return False  # "Well, the point is:"
    return words[0].strip(",.").casefold() not in _DISCOURSE


def is_stamp(text: str) -> bool:
    return _ONLY_STAMP.fullmatch(text.strip()) is not None


def name_like(label: str) -> bool:
    """At most five words, each with a capital, a digit or of a script without capitals.

    Small words of names (de, von, and …) are let through; sentence punctuation is not, but for
    initials and short titles (``J. D.``, ``Dr. Ngo``). A question mark alone is a speaker whom the
    transcriber did not know.
    """
    if _NOBODY_KNOWS.fullmatch(label):
        return True
    label = _ASIDE.sub(" ", label)  # "P3 (F, 34)"
    words = label.split()
    if not words or len(words) > 5 or len(label) > _LONGEST:
        return False
    if not any(char.isalnum() for char in label):
        return False
    for word in words:
        core = word.strip("()[]'’#°&/.-")
        if not core:
            continue
        if any(char in '?!;,"«»“”…<>|=\\{}' for char in word):
            return False
        if word.endswith(".") and len(core) > 4:
            return False
        if core[0].islower() and core not in _PARTICLES:
            return False
    first = words[0].strip("()[]'’#°&/.-")
    return bool(first) and not (first.islower() and len(words) == 1)


@lru_cache(maxsize=4096)
def colon_candidate(raw: str) -> Candidate | None:
    """``Anna : text``, ``**Anna:** text``, ``[00:12] Anna: text``, ``: text``, ``Anna:``.

    A tab after the name does what a colon does.
    """
    tabbed = _TABBED.fullmatch(raw.strip())
    if tabbed is not None and not is_stamp(tabbed.group("rest")):
        raw = tabbed.group("label") + ": " + tabbed.group("rest")
    text = squeeze(raw)
    if is_stamp(text):
        return None
    stamp = ""
    if (lead := _LEADING.match(text)) is not None and not text[lead.end() :].startswith(":"):
        stamp = lead.group().strip()
        text = text[lead.end() :]
    match = _COLON_STAMP.fullmatch(text)
    if match is not None:
        stamp = stamp or match.group("stamp")
    else:
        match = _COLON.fullmatch(text)
    if match is None:
        return None
    before, rest = match.group("label"), match.group("rest")
    label = _bare(before)
    if rest.startswith("//") or (label and len(label) > _LONGEST):
        return None
    if label[-1:].isdigit() and rest[:1].isdigit():
        return None  # a time of day
    for mark in ("**", "__", "*", "_"):
        opened = before.lstrip(" #>").startswith(mark) and not before.rstrip().endswith(mark)
        if opened and rest.lstrip().startswith(mark):
            rest = rest.lstrip()[len(mark) :]
            break
    tight = bool(rest) and not rest[0].isspace() and "：" not in text[: len(before) + 2]
    if not label and (before.strip() or tight):
        return None
    return Candidate(label, rest.strip(), stamp=stamp, tight=tight)


@lru_cache(maxsize=4096)
def alone_candidate(raw: str) -> Candidate | None:
    """``Anna``, ``**Anna**``, ``### Anna``, ``Anna  0:12``: a name and nothing else on the line."""
    text = squeeze(raw)
    if not text or len(text) > _LONGEST + 25 or is_stamp(text):
        return None
    stamp = ""
    if (lead := _LEADING.match(text)) is not None:
        stamp, text = lead.group().strip(), text[lead.end() :]
    heading = _HEADING.match(text) is not None
    inner = text.strip(" \t#>")
    bold = any(
        len(inner) > 2 * len(mark) and inner.startswith(mark) and inner.endswith(mark)
        for mark in ("**", "__")
    )
    if (trail := _TRAILING.search(inner)) is not None and trail.start() > 0:
        stamp = stamp or trail.group().strip()
        inner = inner[: trail.start()]
    label = _bare(inner)
    if _NOBODY_KNOWS.fullmatch(label):
        return Candidate(label, alone=True, markup=heading or bold, stamp=stamp)
    if not label or len(label) > _LONGEST or label[-1] in ",!?;:…":
        return None
    if label[-1] == "." and not _INITIALS.search(label):
        return None
    if not any(char.isalnum() for char in label):
        return None
    return Candidate(label, alone=True, markup=heading or bold, stamp=stamp)


def _bare(label: str) -> str:
    """Without markup and without brackets around the whole."""
    bare = squeeze(label.strip(_EDGE)).strip(_EDGE)
    closing = _BRACKETS.get(bare[:1])
    if closing and bare.endswith(closing) and bare.count(bare[0]) == 1:
        bare = bare[1:-1].strip()
    return bare
