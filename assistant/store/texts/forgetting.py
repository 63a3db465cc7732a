"""A name that is to go: replaced in all that people and the program wrote about a transcript.

What participants said, and what models were sent and replied, is never changed: it is quoted,
hashed and measured. So where the name stands there, it stays, and `where_left` says so. The same
holds of the codebook's words, which are the researcher's instrument, and of the list of names that
are replaced, which holds names because that is its use.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from assistant.spelling import nfc
from assistant.store.database import Store
from assistant.store.sharing.packing import pack, unpack
from assistant.store.texts.renaming import POINTERS, RENAMED

__all__ = ["LEFT", "REPLACED", "Names", "forget_names", "where_left"]

_NOTED, _RECORD, _FILES = "memos and reasons", "the record of what happened", "names of files"
_MEASURED, _RUNS = "evaluations and verdicts", "runs"
REPLACED: dict[tuple[str, str], str] = {
    **dict.fromkeys((("memos", "text"), ("adjudications", "note")), _NOTED),
    **{(t, "reason"): _NOTED for t in ("decisions", "tombstones")},
    ("bulk_decisions", "because"): _NOTED,
    ("coding_notes", "text"): _NOTED,
    ("events", "what"): _RECORD,
    ("events", "details"): _RECORD,
    **{("documents", c): _FILES for c in ("name", "title", "path", "notes", "skipped")},
    ("document_codings", "why"): _FILES,
    ("evaluations", "content"): _MEASURED,
    **{("verdicts", c): _MEASURED for c in ("reasons", "evidence")},
    **{("audits", c): _MEASURED for c in ("plan", "result")},
    **{("conflicts", c): "what two studies say differently" for c in ("about", "sides")},
    **{("runs", c): _RUNS for c in ("header", "why")},
    **{(t, "why"): _RUNS for t in ("chunks", "segment_outcomes")},
    ("codebooks", "content"): "stored versions of the codebook",
    ("sealed", "payload"): "blind codes of colleagues",
}
"""(table, column) -> what that is, for people. A name is replaced there."""
_JSON = frozenset(
    (
        *(("events", "details"), ("documents", "notes"), ("documents", "skipped")),
        *(("evaluations", "content"), ("verdicts", "reasons"), ("verdicts", "evidence")),
        *(("audits", "plan"), ("audits", "result"), ("runs", "header")),
        *(("conflicts", "about"), ("conflicts", "sides")),
    )
)
_SAID, _MODELS = "what participants said", "what models were sent and replied"
_BOOK = "stored versions of the codebook, in its own words"
LEFT: dict[tuple[str, str], str] = {
    ("transcripts", "text"): _SAID,
    ("documents", "text"): _SAID,
    ("documents", "segments"): "names of speakers",
    ("segments", "speaker"): "names of speakers",
    **{(t, "quote"): _SAID for t in ("codings", "memos", "suggestions", "uncoded")},
    ("requests", "body"): _MODELS,
    **{("calls", c): _MODELS for c in ("reply_text", "raw", "error")},
    **{("suggestions", c): _MODELS for c in ("reply_quote", "rationale")},
    **{("unplaced", c): _MODELS for c in ("code_written", "reply_quote", "why", "rationale")},
    ("uncoded", "note"): _MODELS,
    ("embedding_calls", "error"): _MODELS,
    ("codebooks", "source"): _BOOK,
    ("codebook_operations", "why"): _BOOK,
    ("prompts", "source"): "stored versions of prompts",
    ("pseudonyms", "term"): "the list of names to be replaced, which holds names",
    ("coders", "name"): "names of coders",
}
"""(table, column) -> what that is, where a name may stand and stays."""


class Names:
    """Names that are to go, each with what stands for it; found whatever case and white space,
    as whole words, and not within a longer name that another transcript has."""

    def __init__(self, names: Mapping[str, str], others: Collection[str] = ()) -> None:
        self._now = {_folded(name): new for name, new in names.items() if _folded(name)}
        longer = [
            other
            for other in others
            if any(name in _folded(other) and name != _folded(other) for name in self._now)
        ]
        parts = [_pattern(one) for one in sorted(longer, key=len, reverse=True)]
        keep = f"(?:{'|'.join(parts)})" if parts else "(?!)"
        found = [name for name in sorted(names, key=len, reverse=True) if _folded(name)]
        go = "|".join(_pattern(name) for name in found) or "(?!)"
        self._find = re.compile(rf"(?P<keep>{keep})|(?P<go>{go})", re.IGNORECASE)

    def in_text(self, text: str) -> str:
        """The same string where none of the names stands in it."""
        plain = nfc(text)
        found = self._find.sub(lambda m: m["keep"] or self._now[_folded(m["go"])], plain)
        return text if found == plain else found

    def stands_in(self, text: str) -> bool:
        return any(match["go"] for match in self._find.finditer(nfc(text)))

    def count_in(self, text: str) -> int:
        return sum(bool(match["go"]) for match in self._find.finditer(nfc(text)))

    def is_one(self, text: str) -> bool:
        return _folded(text) in self._now

    def in_json(self, value: Any, *, inside: bool = False) -> Any:
        """In sentences, and where a string points to a transcript; a string that is nothing but
        the name and stands elsewhere is the name of something else, such as a code."""
        if isinstance(value, dict):
            found: dict[str, Any] = {}
            for key, inner in value.items():
                below = inside or key in POINTERS
                found[self.in_text(key) if inside else key] = self.in_json(inner, inside=below)
            return found
        if isinstance(value, list):
            return [self.in_json(inner, inside=inside) for inner in value]
        if not isinstance(value, str) or (self.is_one(value) and not inside):
            return value
        return self.in_text(value)


def _words(name: str) -> list[str]:
    """An underscore parts words, as it does in names of files."""
    return nfc(name).replace("_", " ").split()


def _folded(name: str) -> str:
    return " ".join(_words(name.casefold()))


def _pattern(name: str) -> str:
    """Also with the s of a genitive behind it, which several languages write without a mark."""
    words = r"[\s_]+".join(re.escape(word) for word in _words(name))
    return rf"(?<![^\W_]){words}(?=s?(?![^\W_]))"


def forget_names(store: Store, names: Names) -> dict[str, int]:
    """Replace names everywhere but in `LEFT`; what was changed, in words, with how many rows.

    Use inside a transaction, and scrub (`assistant.store.withdrawal.withdrawal.scrub`) after it.
    """
    store.db.execute("PRAGMA secure_delete = ON")
    changed: Counter[str] = Counter()
    for (table, column), what in REPLACED.items():
        if (table, column) not in (("codebooks", "content"), ("sealed", "payload")):
            changed[what] += _replace(store, table, column, names)
    changed["stored versions of the codebook"] += _codebooks(store, names)
    changed["blind codes of colleagues"] += _sealed(store, names)
    _renamings(store, names)
    return dict(+changed)


def _replace(store: Store, table: str, column: str, names: Names) -> int:
    """By value: not every table has row numbers."""
    changed = 0
    for (text,) in store.rows(f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''"):
        now = names.in_text(text)
        if (table, column) in _JSON:
            said = json.loads(text)
            # What an import says of a file is about the file, also where it is nothing but a name.
            found = names.in_json(said, inside=table == "documents")
            now = text if found == said else json.dumps(found, ensure_ascii=False)
        if now != text:
            where = (now, text)
            rows = store.value(f"SELECT count(*) FROM {table} WHERE {column} = ?", where[1:])
            store.write(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", where)
            changed += int(rows)
    return changed


def _codebooks(store: Store, names: Names) -> int:
    """Examples that say which transcript they are from. As with a withdrawal, a version that was
    changed so keeps its hash and loses its source: that marks it."""
    changed = 0
    for row in store.rows("SELECT sha256, content FROM codebooks"):
        content = json.loads(row["content"])
        found = False
        for code in content["codes"]:
            for example in code["examples"]:
                now = names.in_text(example["transcript"])
                found = found or now != example["transcript"]
                example["transcript"] = now
        if found:
            changed += 1
            store.write(
                "UPDATE codebooks SET content = ?, source = '' WHERE sha256 = ?",
                (json.dumps(content, ensure_ascii=False), row["sha256"]),
            )
    return changed


def _sealed(store: Store, names: Names) -> int:
    changed = 0
    for row in store.rows("SELECT identity, payload FROM sealed WHERE kind IN ('memos', 'events')"):
        said = unpack(row["payload"])
        now = {c: names.in_text(v) if c in ("text", "what") else v for c, v in said.items()}
        if "details" in said:
            now["details"] = names.in_json(said["details"])
        if now != said:
            changed += 1
            store.write(
                "UPDATE sealed SET payload = ? WHERE identity = ?", (pack(now), row["identity"])
            )
    return changed


def _renamings(store: Store, names: Names) -> None:
    """An earlier change of name does not say what it was before, nor a name in between."""
    for row in store.rows("SELECT id, details FROM events WHERE kind = ?", (RENAMED,)):
        details = json.loads(row["details"])
        said = details.get("renamed")
        if not isinstance(said, dict):
            continue
        old, new = str(said.get("old", "")), str(said.get("new", ""))
        now = {**said, "old": "" if names.in_text(old) != old else old, "new": names.in_text(new)}
        if now != said:
            store.write(
                "UPDATE events SET details = ? WHERE id = ?",
                (json.dumps({**details, "renamed": now}, ensure_ascii=False), row["id"]),
            )


def where_left(store: Store, names: Names) -> dict[str, int]:
    """Where these names still stand in the database, in words, with how many rows."""
    left: Counter[str] = Counter()
    for (table, column), what in LEFT.items():
        for (text,) in store.rows(f"SELECT {column} FROM {table} WHERE {column} <> ''"):
            left[what] += names.stands_in(text)
    return dict(+left)
