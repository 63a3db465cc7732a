"""For which codes a person has looked at a transcript again, and with which version of the
codebook. Rows are only added; an older statement holds as long as the code means the same."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.store.database import Store, now

__all__ = ["LookedAgain", "looked_again", "record_looked_again"]

LookedAgain = dict[tuple[int, int], dict[str, str]]
"""(coder's id, transcript's id) -> code -> hash of the version that she went by; the newest."""


def looked_again(store: Store) -> LookedAgain:
    found: LookedAgain = {}
    for r in store.rows("SELECT * FROM looked_again ORDER BY stated_at, codebook_sha256, code"):
        found.setdefault((r["coder_id"], r["transcript_id"]), {})[r["code"]] = r["codebook_sha256"]
    return found


def record_looked_again(
    store: Store, coder_id: int, transcript_id: int, codes: Iterable[str], codebook_sha256: str
) -> None:
    """State it for these codes (ids in that version); said twice it is kept once."""
    store.write_many(
        "INSERT INTO looked_again (transcript_id, coder_id, code, codebook_sha256, stated_at) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(transcript_id, coder_id, code, codebook_sha256, now()) for code in codes],
    )
