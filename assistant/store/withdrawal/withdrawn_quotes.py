"""Words of a withdrawn interview that stand outside its own rows: examples, and memos that quote.

Also in what was made of them: requests that showed an example, and what was replied.
"""

from __future__ import annotations

import json
import re
import unicodedata

from assistant.store.database import Store
from assistant.store.texts.transcripts import names_alike

__all__ = ["erase_examples", "erase_from_memos", "folded"]

_STRETCH_WORDS = 3
_QUOTED_WORDS = 5
"""As many of her words in a row make a memo a quotation; fewer stand there by chance."""


def erase_examples(store: Store, name: str, text: str) -> int:
    """Examples from this transcript in stored codebooks, and whatever holds them elsewhere.

    An example is from it when it says so, or when its words stand there. Where another transcript
    has the same name but for case or spelling of accents, it says so only in the same letters. A
    codebook version that lost an example keeps its hash and loses its source: that marks it.
    """
    erased = 0
    haystack = folded(text)
    alone = len(names_alike(store, name)) == 1
    for row in store.rows("SELECT sha256, content FROM codebooks"):
        content = json.loads(row["content"])
        passages = []
        for code in content["codes"]:
            for example in code["examples"]:
                of = example["transcript"]
                said = folded(of) == folded(name) if alone else of == name
                if example["text"] and (said or folded(example["text"]) in haystack):
                    passages.append(example["text"])
                    example["text"] = ""
        if not passages:
            continue
        erased += len(passages)
        store.write(
            "UPDATE codebooks SET content = ?, source = '' WHERE sha256 = ?",
            (json.dumps(content, ensure_ascii=False), row["sha256"]),
        )
        for passage in passages:
            _erase_passage(store, passage)
    return erased


def _erase_passage(store: Store, passage: str) -> None:
    """A passage that was shown as an example, in requests and replies about other transcripts.

    It is looked for by its longest stretch without quotation marks, line ends and other signs that
    are written differently in a request. A stretch of a word or two would be found by chance.
    """
    stretch = max(re.split(r"[^\w ,.;:!?'’-]+", passage), key=len).strip()
    if len(stretch.split()) < _STRETCH_WORDS:
        stretch = json.dumps(passage, ensure_ascii=False)[1:-1]
    for table, columns in (
        ("requests", ("body",)),
        ("calls", ("reply_text", "raw", "error")),
        ("suggestions", ("rationale", "reply_quote")),
        ("unplaced", ("reply_quote", "rationale", "why")),
        ("uncoded", ("quote", "note")),
        ("coding_notes", ("text",)),
    ):
        for column in columns:
            store.write(
                f"UPDATE {table} SET {column} = '' WHERE instr({column}, ?) > 0", (stretch,)
            )


def erase_from_memos(store: Store, text: str) -> int:
    """Memos on a code, the study or another transcript that repeat a stretch of these words."""
    words = re.findall(r"\w+", folded(text))
    stretches = {tuple(words[at : at + _QUOTED_WORDS]) for at in range(len(words))}
    erased = 0
    for table, column in (("memos", "text"), ("adjudications", "note")):
        for row in store.rows(f"SELECT id, {column} AS text FROM {table} WHERE {column} <> ''"):
            said = re.findall(r"\w+", folded(row["text"]))
            if any(
                tuple(said[at : at + _QUOTED_WORDS]) in stretches
                for at in range(len(said) - _QUOTED_WORDS + 1)
            ):
                erased += 1
                store.write(f"UPDATE {table} SET {column} = '' WHERE id = ?", (row["id"],))
    return erased


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
