"""One yes/no question: what its prompt may see, and log-odds from the reply.

The segment and its neighbours stand first and the code last, because the questions about a segment
follow one another: a server keeps what they share, and reads only the code anew (measured: 37
tokens in place of 220 for each question after the first).

Invariant: a reply that does not show how likely "yes" and "no" were gives an `Unreadable` with its
reason, never a number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from assistant.codebook.records import Code
from assistant.llm.records import ChatReply, TokenLogprob
from assistant.transcripts.records import Segment, Transcript, segment_body

__all__ = [
    "ANSWER_TOKENS",
    "TOP_LOGPROBS",
    "LogOdds",
    "Unreadable",
    "question_variables",
    "read_reply",
]

ANSWER_TOKENS = 1
"""``max_output_tokens`` of a question: only the first token is looked at. The endpoint then reports
that the reply was cut off, which is what was asked for."""
TOP_LOGPROBS = 20
"""``top_logprobs`` of a question: as many as the protocol allows."""

_YES, _NO = "yes", "no"
_AROUND = " \t\r\n\"'“”‘’`*_.,;:!()[]{}<>▁Ġ#-"
"""What may stand around the word in a token; two of them are how tokenizers write a space."""
_CONTEXT_CHARACTERS = 300
"""Of a neighbouring segment, the side that is next to the passage."""


@dataclass(frozen=True)
class LogOdds:
    """``value``: ln of p(yes) / p(no)."""

    value: float
    mass: float
    """p(yes) + p(no): how much of the model's expectation was an answer at all."""
    bounded: bool = False
    """Only one of the two words was among the tokens that the endpoint gave. The other counts as
    the least likely of them, so the true value is at least as far from 0."""


@dataclass(frozen=True)
class Unreadable:
    reason: str


def question_variables(
    transcript: Transcript, segment: int, code: Code, family: str = "", *, context: int = 1
) -> dict[str, Any]:
    """The variables of a `judge` prompt, as plain dictionaries.

    ``passage`` (``speaker``, ``text``), ``before`` and ``after`` (lists of the same, up to
    ``context`` neighbours, cut at the far side), ``code`` (``id``, ``label``, ``definition``,
    ``include``, ``exclude``, ``examples`` of ``text`` and ``applies``, ``family``), ``language``.
    Examples from this transcript are left out.
    """
    segments = transcript.segments
    name = transcript.name.strip().casefold()
    return {
        "passage": _shown(transcript.text, segments[segment]),
        "before": [
            _shown(transcript.text, s, keep="end")
            for s in segments[max(0, segment - context) : segment]
        ],
        "after": [
            _shown(transcript.text, s, keep="start")
            for s in segments[segment + 1 : segment + 1 + context]
        ],
        "code": {
            "id": code.id,
            "label": code.label,
            "definition": code.definition,
            "include": code.include,
            "exclude": code.exclude,
            "examples": [
                {"text": example.text, "applies": example.applies}
                for example in code.examples
                if example.transcript.strip().casefold() != name or not name
            ],
            "family": family,
        },
        "language": transcript.language,
    }


def read_reply(reply: ChatReply) -> LogOdds | Unreadable:
    """Log-odds of "yes" against "no" at the first place of the reply that holds a word."""
    if reply.outcome not in ("ok", "cut-off", "invalid"):
        return Unreadable(
            reply.error or reply.refusal or f"the endpoint's answer was {reply.outcome}"
        )
    if not reply.logprobs:
        return Unreadable("the endpoint gave no log-probabilities")
    first = next((t for t in reply.logprobs if t.token.strip()), reply.logprobs[0])
    given = _alternatives(first)
    yes = _total(given, _YES)
    no = _total(given, _NO)
    if yes is None and no is None:
        return Unreadable(f"neither yes nor no was likely; the model began with {first.token!r}")
    least = min(given.values())
    bounded = yes is None or no is None
    if bounded and len(given) < 2:
        return Unreadable("the endpoint gave the log-probability of one token only")
    yes_log = least if yes is None else yes
    no_log = least if no is None else no
    mass = sum(math.exp(v) for v in (yes, no) if v is not None)
    return LogOdds(yes_log - no_log, min(1.0, mass), bounded)


def _shown(text: str, segment: Segment, keep: str = "") -> dict[str, str]:
    start, end = segment_body(text, segment)
    body = text[start:end]
    if keep == "end" and len(body) > _CONTEXT_CHARACTERS:
        body = "… " + body[-_CONTEXT_CHARACTERS:].lstrip()
    elif keep == "start" and len(body) > _CONTEXT_CHARACTERS:
        body = body[:_CONTEXT_CHARACTERS].rstrip() + " …"
    return {"speaker": segment.speaker, "text": body}


def _alternatives(place: TokenLogprob) -> dict[str, float]:
    """Token -> log-probability, the chosen one among them; what is not a number is left out."""
    given = dict(place.top)
    given.setdefault(place.token, place.logprob)
    return {token: value for token, value in given.items() if math.isfinite(value)}


def _total(given: dict[str, float], word: str) -> float | None:
    """Log of the summed probability of all spellings of ``word``."""
    found = [v for token, v in given.items() if token.strip(_AROUND).casefold() == word]
    if not found:
        return None
    top = max(found)
    return top + math.log(sum(math.exp(value - top) for value in found))
