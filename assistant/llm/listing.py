"""What endpoints answer besides chat: the list of models, and vectors."""

from __future__ import annotations

from difflib import get_close_matches

from assistant.llm.records import EmbeddingReply, EmbeddingRequest
from assistant.llm.wire import Exchange

__all__ = ["model_names", "models_hint", "read_embedding", "vectors"]

_MOST_SHOWN = 20


def model_names(result: Exchange) -> list[str]:
    """Names in an answer to ``/models``; empty when it holds none."""
    data = result.body.mapping.get("data")
    rows = data if isinstance(data, list) else []
    return [row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]


def models_hint(wanted: str, names: list[str]) -> str:
    """What to tell somebody whose model does not exist, the most similar names first."""
    if not names:
        return ""
    near = get_close_matches(wanted, names, n=5, cutoff=0.4)
    shown = [*near, *(name for name in names if name not in near)][:_MOST_SHOWN]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return f"It offers: {', '.join(shown)}{more}. Set model in study.toml to one of them."


def vectors(result: Exchange, count: int) -> list[tuple[float, ...]] | None:
    """The ``count`` vectors in an answer to ``/embeddings``, in the order of the texts, or None."""
    try:
        rows = sorted(result.body.mapping["data"], key=lambda row: int(row["index"]))
        found = [tuple(float(value) for value in row["embedding"]) for row in rows]
    except (KeyError, TypeError, ValueError):
        return None
    return found if len(found) == count else None


def read_embedding(result: Exchange, request: EmbeddingRequest) -> EmbeddingReply:
    """What an answer to ``/embeddings`` says of itself; never raises."""
    found = vectors(result, len(request.texts)) if result.problem is None else None
    usage = result.body.mapping.get("usage")
    used = usage.get("prompt_tokens") if isinstance(usage, dict) else None
    said = result.body.mapping.get("model")
    error = "" if found is not None else "There was not a vector for each text."
    return EmbeddingReply(
        request=request,
        outcome="failed" if found is None else "ok",
        model=said if isinstance(said, str) else "",
        dimensions=len(found[0]) if found else None,
        input_tokens=used if isinstance(used, int) and used >= 0 else None,
        latency_ms=result.latency_ms,
        http_status=result.status,
        error=result.problem.message if result.problem is not None else error,
    )
