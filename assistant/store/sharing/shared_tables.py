"""What a study shares with another, table by table, and by what a row is known in both.

A row's identity is made of columns that are the same in every study: a GUID, a hash, a name. Row
numbers never leave: in shared rows they are replaced by the identity of what they point to, also
inside JSON.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.hashing import hash_json

__all__ = ["BY_TABLE", "NOT_SHARED", "TABLES", "Identities", "Shared", "SharedRow"]

SharedRow = dict[str, Any]
"""Column -> value, with identities in place of row numbers."""


@dataclass(frozen=True)
class Shared:
    table: str
    key: tuple[str, ...]
    """Columns that a row is known by."""
    refs: Mapping[str, str] = field(default_factory=dict)
    """Column -> the table it points into."""
    json: tuple[str, ...] = ()
    """Columns of JSON that may hold row numbers."""
    numbered: bool = False
    """Equal keys are told apart by their order."""
    person: str = ""
    """Column with the person's name, for a share of one person's rows."""
    has_id: bool = True
    optional: tuple[str, ...] = ("replaces_id", "coding_id", "document_id")
    """Columns that become empty where what they point to is not shared."""


_T = {"transcript_id": "transcripts"}
_R = {"run_id": "runs", **_T}
TABLES: tuple[Shared, ...] = (
    Shared("coders", ("kind", "name")),
    Shared("transcripts", ("sha256",)),
    Shared("segments", ("transcript_id", "idx"), _T, has_id=False),
    Shared("documents", ("file_sha256",), {**_T, "coder_id": "coders"}),
    Shared(
        "document_codings",
        # Not by their number in the file: with other labels it may have been read otherwise.
        ("document_id", "code", "start_char", "end_char"),
        {"document_id": "documents"},
        numbered=True,
        optional=(),
    ),
    Shared("scopes", ("coder_id", "transcript_id"), {**_T, "coder_id": "coders"}),
    Shared("codings", ("guid",), {**_T, "coder_id": "coders", "document_id": "documents"}),
    Shared(
        "coding_notes",
        ("transcript_id", "coder_id", "code", "start_char", "end_char"),
        {**_T, "coder_id": "coders"},
        has_id=False,
    ),
    Shared(
        "looked_again",
        ("transcript_id", "coder_id", "code", "codebook_sha256"),
        {**_T, "coder_id": "coders"},
        has_id=False,
    ),
    Shared("codebooks", ("sha256",), has_id=False),
    Shared(
        "codebook_operations",
        ("from_sha256", "to_sha256", "op", "codes", "into_codes", "why"),
        numbered=True,
    ),
    Shared("prompts", ("sha256",), has_id=False),
    Shared("recipes", ("sha256",), has_id=False),
    Shared("fits", ("sha256",), has_id=False),
    Shared("runs", ("run_key", "started_at"), {"coder_id": "coders"}),
    Shared("run_transcripts", ("run_id", "transcript_id"), _R, has_id=False),
    Shared("requests", ("sha256",), has_id=False),
    Shared("chunks", ("run_id", "chunk_key"), {**_R, "parent_id": "chunks"}),
    Shared(
        "calls",
        ("chunk_id", "request_sha256", "repeat", "attempt", "received_at"),
        {"run_id": "runs", "chunk_id": "chunks", "reused_call_id": "calls"},
        numbered=True,
    ),
    Shared("segment_outcomes", ("run_id", "transcript_id", "segment"), _R, has_id=False),
    Shared("suggestions", ("guid",), {**_R, "call_id": "calls"}),
    Shared("unplaced", ("call_id",), {**_R, "call_id": "calls"}, numbered=True),
    Shared("uncoded", ("call_id",), {**_R, "call_id": "calls"}, numbered=True),
    Shared(
        "judgements",
        ("run_id", "transcript_id", "segment", "code"),
        {**_R, "call_id": "calls"},
        has_id=False,
    ),
    Shared("evaluations", ("guid",), {"run_id": "runs"}),
    # A look at no evaluation points to none; one whose evaluation is not shared is not shared.
    Shared("looks", ("guid",), {"evaluation_id": "evaluations"}, person="who"),
    Shared(
        "verdicts",
        ("evaluation_id", "run_id", "code"),
        {"evaluation_id": "evaluations", "run_id": "runs"},
        json=("evidence",),
        numbered=True,
    ),
    Shared("audits", ("guid",), {"run_id": "runs"}, json=("transcripts", "plan", "result")),
    Shared(
        "bulk_decisions",
        ("guid",),
        {"run_id": "runs", "verdict_id": "verdicts", "audit_id": "audits"},
        person="reviewer",
    ),
    Shared(
        "decisions",
        ("guid",),
        {"suggestion_id": "suggestions", "bulk_id": "bulk_decisions", "coding_id": "codings"},
        person="reviewer",
    ),
    Shared("memos", ("guid",), {**_T, "replaces_id": "memos"}, person="who"),
    Shared(
        "openings",
        ("guid",),
        {**_T, "coder_id": "coders"},
        person="who",
        optional=("coder_id",),
    ),
    Shared(
        "adjudications",
        ("guid",),
        {**_T, "coding_id": "codings", "replaces_id": "adjudications"},
        person="who",
    ),
    Shared("pseudonyms", ("term",)),
    Shared("tombstones", ("transcript_id", "withdrawn_at"), _T),
    Shared("events", ("guid",), json=("details",), person="who"),
    Shared("sealed", ("identity",), person="coder", has_id=False),
    Shared("conflicts", ("identity",), has_id=False),
)
"""What points comes after what it points to."""
BY_TABLE = {spec.table: spec for spec in TABLES}

NOT_SHARED = {
    "vectors": "made again from the words when they are needed",
    "embedding_calls": "how this study's vectors were made, which stay here too",
    "asked_of_files": "what was asked about a file of this folder",
    "checks": "how awake a reviewer was is hers alone to see",
}

_NUMBERS = {
    **dict.fromkeys(("run", "run_id"), "runs"),
    **dict.fromkeys(("transcript", "transcript_id"), "transcripts"),
    **dict.fromkeys(("audit", "audit_id"), "audits"),
    **dict.fromkeys(("evaluation", "evaluation_id"), "evaluations"),
    **dict.fromkeys(("suggestion", "suggestion_id"), "suggestions"),
    **dict.fromkeys(("coding", "coding_id"), "codings"),
    **dict.fromkeys(("coder", "coder_id"), "coders"),
    **dict.fromkeys(("bulk", "bulk_id"), "bulk_decisions"),
}
"""Keys in JSON whose number is that of a row."""
_LISTS = dict.fromkeys(("transcripts", "development", "test"), "transcripts")
_MARK = "row of"


class Identities:
    """Row number <-> identity, for one study, and shared rows to and from their table's form."""

    def __init__(self) -> None:
        self.of: dict[str, dict[int, str]] = {}
        """Table -> row number -> identity."""
        self.local: dict[str, dict[str, int]] = {}
        """Table -> identity -> row number (0 where a table has none)."""
        self._seen: dict[str, Counter[str]] = {}

    def identity(self, spec: Shared, row: SharedRow) -> str:
        """What a shared row is known by. Numbered rows must come in their order."""
        values = [row.get(column) for column in spec.key]
        if spec.table == "runs":
            # Two runs of one recipe stand side by side; the second has a longer key.
            values[0] = str(values[0]).partition("+")[0]
        plain = str(values[0]) if len(values) == 1 else hash_json(values)
        if not spec.numbered:
            return plain
        seen = self._seen.setdefault(spec.table, Counter())
        seen[plain] += 1
        return f"{plain}#{seen[plain]}"

    def know(self, spec: Shared, identity: str, number: int) -> None:
        self.local.setdefault(spec.table, {})[identity] = number
        self.of.setdefault(spec.table, {})[number] = identity

    # --- out -------------------------------------------------------------------------------------

    def shared(self, spec: Shared, row: SharedRow) -> SharedRow | None:
        """A stored row as it is shared; None when it rests on one that is not shared."""
        out = dict(row)
        out.pop("id", None)
        for column, table in spec.refs.items():
            number = out.get(column)
            if number is None:
                continue
            identity = self.of.get(table, {}).get(number)
            if identity is None and column not in spec.optional:
                return None
            out[column] = identity
        if spec.table == "chunks":
            out["chunk_key"] = out["transcript_id"] + "/" + out["chunk_key"].partition("/")[2]
        for column in spec.json:
            if out.get(column) is not None:
                out[column] = self._walk(spec, json.loads(out[column]), self._to_identity)
        return out

    def _to_identity(self, table: str, value: Any) -> Any:
        identity = self.of.get(table, {}).get(value) if type(value) is int else None
        return value if identity is None else {_MARK: table, "is": identity}

    # --- in --------------------------------------------------------------------------------------

    def stored(self, spec: Shared, row: SharedRow) -> SharedRow | None:
        """A shared row as this study stores it; None when what it points to is not here."""
        out = dict(row)
        for column, table in spec.refs.items():
            identity = out.get(column)
            if identity is None:
                continue
            number = self.local.get(table, {}).get(identity)
            if number is None and column not in spec.optional:
                return None
            out[column] = number
        if spec.table == "chunks":
            out["chunk_key"] = f"{out['transcript_id']}/{row['chunk_key'].partition('/')[2]}"
        for column in spec.json:
            if out.get(column) is not None:
                walked = self._walk(spec, out[column], self._to_number)
                out[column] = json.dumps(walked, ensure_ascii=False)
        return out

    def _to_number(self, table: str, value: Any) -> Any:
        if isinstance(value, dict) and value.get(_MARK) == table:
            return self.local.get(table, {}).get(str(value.get("is")), value)
        return value

    def _walk(
        self, spec: Shared, value: Any, change: Callable[[str, Any], Any], key: str = ""
    ) -> Any:
        if spec.table == "verdicts" and not key:
            # Evidence is figures, but for what it rests on.
            rests = value.get("rests_on")
            return (
                {**value, "rests_on": self._walk(spec, rests, change, "rests_on")}
                if isinstance(rests, dict)
                else value
            )
        if spec.table == "audits" and isinstance(value, list) and not key:
            return [change("transcripts", one) for one in value]
        if isinstance(value, dict) and _MARK not in value:
            return {k: self._walk(spec, v, change, k) for k, v in value.items()}
        if isinstance(value, list):
            if key in _LISTS:
                return [change(_LISTS[key], one) for one in value]
            return [self._walk(spec, one, change, key + "[]") for one in value]
        return change(_NUMBERS[key], value) if key in _NUMBERS else value
