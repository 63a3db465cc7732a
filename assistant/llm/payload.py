"""A request as one endpoint can take it: the same question, asked in the way that it understands.

Invariant: `payload` depends on nothing but the request and the capabilities, so what was sent can
be shown again later from what is stored (`ChatRequest`, `ChatReply.mode`, the run's capabilities).
"""

from __future__ import annotations

import re
from typing import Any, Literal

from assistant.hashing import canonical_json
from assistant.llm.problems import Said
from assistant.llm.records import ChatRequest
from assistant.transcripts.records import Frozen

__all__ = ["Capabilities", "Mode", "messages", "mode_of", "payload", "repair_request", "step_down"]

Mode = Literal["schema", "json", "text"]
_BELOW: dict[Mode, Mode] = {"schema": "json", "json": "text"}
_UNKNOWN_FIELD = re.compile(
    r"unsupported|not support|unrecogni|unknown|instead|not permitted|extra"
)


class Capabilities(Frozen):
    """What an endpoint was found to be able to do. Goes into the run's header."""

    structured: Mode = "schema"
    """Best way to ask for structure: strict JSON schema, JSON mode, or words alone."""
    structured_seen: bool = False
    """Whether a reply has confirmed that."""
    logprobs: bool | None = None
    """None: not asked for yet."""
    token_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    """False: the model takes no temperature (reasoning models); it was left out."""
    seed: bool = True
    model_reported: str = ""
    """Model that the endpoint says has answered."""


def mode_of(request: ChatRequest, capabilities: Capabilities) -> Mode:
    return capabilities.structured if request.json_schema else "text"


def messages(request: ChatRequest, mode: Mode) -> list[dict[str, str]]:
    """System and user message. Where the endpoint does not enforce the schema, it is stated at the
    end of the system text, the same bytes for all requests, so that prefix caches still work."""
    system = request.system
    if request.json_schema and mode != "schema":
        system += (
            "\n\nAnswer with one JSON object and nothing else: no text before or after it, no code "
            f"fence. It must follow this JSON schema:\n{canonical_json(request.json_schema.body)}"
        )
    parts = [{"role": "system", "content": system}] if system else []
    return [*parts, {"role": "user", "content": request.user}]


def payload(request: ChatRequest, capabilities: Capabilities) -> dict[str, Any]:
    """The body of the request to ``/chat/completions``."""
    mode = mode_of(request, capabilities)
    body: dict[str, Any] = {
        "model": request.model,
        "messages": messages(request, mode),
        capabilities.token_field: request.max_output_tokens,
    }
    if capabilities.temperature:
        body["temperature"] = request.temperature
    if request.seed is not None and capabilities.seed:
        body["seed"] = request.seed
    if request.top_logprobs > 0 and capabilities.logprobs is not False:
        body["logprobs"] = True
        body["top_logprobs"] = request.top_logprobs
    if request.json_schema and mode == "schema":
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {
                "name": request.json_schema.name,
                "schema": request.json_schema.body,
                "strict": True,
            },
        }
    elif request.json_schema and mode == "json":
        body["response_format"] = {"type": "json_object"}
    return body


def step_down(
    request: ChatRequest, capabilities: Capabilities, said: Said | None
) -> Capabilities | None:
    """The capabilities without the field that the endpoint refused; None when nothing is left.

    ``said`` is what the refusal said. With None (it named no field), only the way of asking for
    structure is lowered: it is what is refused most often.
    """
    mode = mode_of(request, capabilities)
    lower = _BELOW.get(mode) if request.json_schema else None
    if said is None:
        return capabilities.model_copy(update={"structured": lower}) if lower else None
    words = said.words
    sent = payload(request, capabilities)
    if "max_tokens" in words or "max_completion_tokens" in words:
        # Only the name of the field is tried again; a limit that is too high stays an error.
        if "max_tokens" in sent and _UNKNOWN_FIELD.search(words):
            return capabilities.model_copy(update={"token_field": "max_completion_tokens"})
        return None
    if "temperature" in sent and "temperature" in words:
        return capabilities.model_copy(update={"temperature": False})
    if "logprobs" in sent and "logprob" in words:
        return capabilities.model_copy(update={"logprobs": False})
    if "seed" in sent and re.search(r"\bseed\b", words):
        return capabilities.model_copy(update={"seed": False})
    if lower:
        return capabilities.model_copy(update={"structured": lower})
    return None


def repair_request(request: ChatRequest, bad_text: str, problem: str) -> ChatRequest:
    """The one further question after a reply that could not be used.

    It repeats the whole question, shows the reply and says what is wrong with it; the system text
    stays as it is. ``problem`` is for the model: "line 1 is not JSON", "segment 9 does not exist".
    """
    user = (
        f"{request.user}\n\n"
        "You have answered this already, but your answer could not be used. Answer the whole "
        "question again, with the mistake mended and nothing else changed.\n"
        f"What is wrong: {problem}\n"
        f"Your answer was:\n{bad_text}"
    )
    return request.model_copy(update={"user": user})
