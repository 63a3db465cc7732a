"""What a reply teaches about the endpoint, and the short question that asks for nothing else.

Invariant: the question holds no word of a study.
"""

from __future__ import annotations

import json
from typing import Any

from assistant.llm.endpoint import Endpoint
from assistant.llm.payload import Capabilities
from assistant.llm.records import ChatReply, ChatRequest, Schema

__all__ = ["learned", "probe_request"]


def probe_request(endpoint: Endpoint, model: str = "", *, logprobs: bool = False) -> ChatRequest:
    """A question that shows whether schemas and log probabilities are understood."""
    schema = {
        "type": "object",
        "properties": {"ready": {"type": "boolean"}},
        "required": ["ready"],
        "additionalProperties": False,
    }
    return ChatRequest(
        model=model or endpoint.model,
        system="You answer in JSON.",
        user='Answer with {"ready": true}.',
        max_output_tokens=64,
        json_schema=Schema(name="probe", body=schema),
        top_logprobs=1 if logprobs else 0,
        endpoint=endpoint.base_url,
    )


def learned(
    known: Capabilities, request: ChatRequest, used: Capabilities, reply: ChatReply
) -> Capabilities:
    """What is known after ``request``, put in the way of ``used``, brought ``reply``."""
    update: dict[str, Any] = {}
    if used is not known and not known.structured_seen:
        update["structured"] = used.structured
    if reply.model:
        update["model_reported"] = reply.model
    if request.top_logprobs > 0 and reply.text and known.logprobs is not False:
        # Some servers accept the field and ignore it.
        update["logprobs"] = bool(reply.logprobs) or known.logprobs is True
    if request.json_schema and reply.outcome == "ok" and not known.structured_seen:
        if _is_json(reply.text) or used.structured == "text":
            update["structured_seen"] = True
        else:
            # Accepted and ignored: from now on the schema is stated in words as well.
            update["structured"] = "text"
    if any(getattr(known, name) != value for name, value in update.items()):
        return known.model_copy(update=update)
    return known


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
