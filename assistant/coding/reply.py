"""The shape of a `list` reply: the only place that knows it.

The schema that is sent and the models that check what comes back stand side by side here. A reply
either has the shape or is a `Problem` with a message for the repair request; nothing is filled in,
rounded or guessed. "Nothing applies" is an explicit answer: an empty list of applications.
"""

from __future__ import annotations

import json
import math
import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.coding.records import Application, Uncoded
from assistant.transcripts.records import Frozen

__all__ = ["ParsedReply", "Problem", "parse_reply", "reply_schema"]


class ParsedReply(Frozen):
    """A reply that has the shape. Its segment numbers, codes and quotes are not checked yet."""

    applications: tuple[Application, ...]
    uncoded: tuple[Uncoded, ...] = ()
    """Passages where the model saw something that no code fits."""


class Problem(Frozen):
    """Why a reply cannot be read."""

    message: str
    """Plain words, fit to be sent back in the repair request; names fields, repeats no values."""
    incomplete: bool = False
    """The JSON stops in the middle: the reply was cut off, whatever its finish reason says."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Application(_Strict):
    segment: int
    code: str
    quote: str
    rationale: str
    confidence: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


class _Uncoded(_Strict):
    segment: int
    quote: str
    note: str


class _Reply(_Strict):
    applications: list[_Application]
    something_uncoded: list[_Uncoded]


def reply_schema(code_ids: tuple[str, ...], *, quote_cap: int, capped: bool) -> dict[str, Any]:
    """The strict JSON schema of a reply.

    ``code_ids`` empty: any string is allowed as a code. ``quote_cap`` is in characters; it stands
    in the description always and as ``maxLength`` where ``capped``, because some hosted
    endpoints refuse a schema that has it, and small local models run on without it.
    The schema is the same for all chunks, so that prefix and schema caches work.
    """

    def string(about: str, cap: int) -> dict[str, Any]:
        body: dict[str, Any] = {"type": "string", "description": about}
        return {**body, "maxLength": cap} if capped else body

    def record(fields: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": fields,
            "required": list(fields),
            "additionalProperties": False,
        }

    segment = {"type": "integer", "description": "Number of the passage."}
    quote = string(
        f"Word for word from that passage, in one piece, at most {quote_cap} characters.", quote_cap
    )
    code: dict[str, Any] = {"type": "string", "description": "Id of the code."}
    if code_ids:
        code["enum"] = list(code_ids)
    application = record(
        {
            "segment": segment,
            "code": code,
            "quote": quote,
            "rationale": string("One sentence: why the code applies.", 400),
            "confidence": {"type": "number", "description": "From 0 to 1."},
        }
    )
    uncoded = record(
        {"segment": segment, "quote": quote, "note": string("What no code fits.", 400)}
    )
    return record(
        {
            "applications": {
                "type": "array",
                "description": "Empty when no code applies.",
                "items": application,
            },
            "something_uncoded": {"type": "array", "items": uncoded},
        }
    )


def parse_reply(text: str, *, mode: str = "schema") -> ParsedReply | Problem:
    """Read the text of a reply.

    ``mode`` is how the endpoint was asked (`ChatReply.mode`). In ``json`` mode a code fence around
    the reply is forgiven, also around one that stops in the middle. In ``text`` mode a code fence,
    words around the JSON and a leading ``<think>`` part are forgiven, as long as exactly one
    object in the reply has the shape; two different ones are a `Problem`.
    """
    body = text.strip().removeprefix("\ufeff").strip()
    if not body:
        return Problem(message="The reply is empty.")
    if mode == "json":
        body = _FENCE.sub("", body).strip()
    direct = _read(body)
    if mode != "text" or isinstance(direct, ParsedReply):
        return direct
    body = re.sub(r"\A<think>.*?</think>", "", body, count=1, flags=re.DOTALL).strip()
    found = [_read(candidate) for candidate in _objects(body)]
    bad = [problem for problem in found if isinstance(problem, Problem)]
    unfinished = [problem for problem in bad if problem.incomplete]
    if unfinished:
        return unfinished[0]
    good = [reply for reply in found if isinstance(reply, ParsedReply)]
    if len(good) > 1 and any(reply != good[0] for reply in good):
        return Problem(message="The reply holds more than one JSON object. Give exactly one.")
    if good:
        return good[0]
    return bad[0] if bad else direct


_FENCE = re.compile(r"\A```(?:json)?[ \t]*\n|\n[ \t]*```\Z", re.IGNORECASE)


def _objects(text: str) -> list[str]:
    """The outermost ``{…}`` in a text that are JSON, and a last one that stops in the middle."""
    decoder = json.JSONDecoder()
    found: list[str] = []
    at = text.find("{")
    while at >= 0:
        try:
            _, end = decoder.raw_decode(text, at)
        except RecursionError:  # no reply is that deep, nor what lies within it
            break
        except ValueError as error:
            if isinstance(error, json.JSONDecodeError) and _stops(error, text):
                found.append(text[at:])
                break
            at = text.find("{", at + 1)
            continue
        found.append(text[at:end])
        at = text.find("{", end)
    return found


def _stops(error: json.JSONDecodeError, text: str) -> bool:
    """Whether the mistake is that the text ends too early, if in the middle of a number or word."""
    if error.msg.startswith("Extra data"):
        return False
    if error.msg.startswith("Unterminated string"):
        return True
    return _FRAGMENT.fullmatch(text.rstrip(), error.pos) is not None


_FRAGMENT = re.compile(r"[-+.\da-zA-Z]*")


class _Refused(ValueError):
    pass


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise _Refused("The JSON has the same field twice in one object.")
    return record


def _no_constant(name: str) -> float:
    raise _Refused(f"The JSON has {name}, which is not a number.")


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise _Refused("The JSON has a number that is too large.")
    return value


def _read(text: str) -> ParsedReply | Problem:
    try:
        value = json.loads(
            text,
            object_pairs_hook=_no_doubles,
            parse_constant=_no_constant,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        if text[:1] in "{[" and _stops(error, text):
            return Problem(message="The reply's JSON stops in the middle.", incomplete=True)
        return Problem(
            message=f"The reply is not JSON: {error.msg}, at line {error.lineno}, "
            f"column {error.colno}. Reply with one JSON object and nothing else."
        )
    except _Refused as error:
        return Problem(message=str(error))
    except (ValueError, RecursionError):
        return Problem(message="The reply is not JSON that can be read.")
    try:
        reply = _Reply.model_validate(value)
    except ValidationError as error:
        return Problem(message=_explain(error))
    if not _is_text(value):
        return Problem(message="The reply has characters that are not valid text.")
    return ParsedReply(
        applications=tuple(Application(**one.model_dump()) for one in reply.applications),
        uncoded=tuple(Uncoded(**one.model_dump()) for one in reply.something_uncoded),
    )


def _is_text(value: Any) -> bool:
    """Whether all strings can be stored: half of a surrogate pair cannot be."""
    if isinstance(value, str):
        return not any(0xD800 <= ord(char) <= 0xDFFF or char == "\0" for char in value)
    if isinstance(value, list):
        return all(_is_text(item) for item in value)
    if isinstance(value, dict):
        return all(_is_text(item) for item in value.values())
    return True


_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of the reply",
    "int_type": "has to be a whole number",
    "float_type": "has to be a number from 0 to 1",
    "string_type": "has to be text",
    "list_type": "has to be a list",
    "model_type": "has to be an object",
    "greater_than_equal": "has to be a number from 0 to 1",
    "less_than_equal": "has to be a number from 0 to 1",
}


def _explain(error: ValidationError) -> str:
    """The first three mistakes. Names fields, never repeats what the reply said in them."""
    problems = error.errors(include_input=False, include_url=False)
    said = []
    for problem in problems[:3]:
        where = "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"]
        ).lstrip(".")
        what = _WORDS.get(problem["type"], problem["msg"])
        said.append(f"{where or 'The reply'} {what}")
    more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
    return "The reply does not have the shape asked for: " + "; ".join(said) + more + "."
