"""What a reply teaches about the endpoint: how it wants to be asked, and what it cannot do."""

from __future__ import annotations

import json
from typing import Any

from assistant.llm.payload import Capabilities
from assistant.llm.records import ChatReply, ChatRequest

__all__ = ["learned"]


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
