"""Whether anything in the study uses a code: before it is taken out of the codebook again.

Whatever was ever said with a code needs it, also what was undone since: the record names it.
"""

from __future__ import annotations

from assistant.store.database import Store

__all__ = ["code_uses"]

_USES = {
    "codings": "SELECT count(*) FROM codings WHERE code = :code",
    "codes in imported files": "SELECT count(*) FROM document_codings WHERE code = :code",
    "suggestions": "SELECT count(*) FROM suggestions WHERE code = :code",
    "questions to a model": "SELECT count(*) FROM judgements WHERE code = :code",
    "verdicts": "SELECT count(*) FROM verdicts WHERE code = :code",
    "memos": "SELECT count(*) FROM memos WHERE code = :code",
    "disagreements": "SELECT count(*) FROM adjudications WHERE code = :code",
    "transcripts that were read for it": "SELECT count(*) FROM scopes WHERE EXISTS "
    "(SELECT 1 FROM json_each(scopes.codes) AS one WHERE one.value = :code)",
    "runs": "SELECT count(*) FROM runs r JOIN codebooks b ON b.sha256 = r.codebook_sha256 "
    "WHERE EXISTS (SELECT 1 FROM json_each(b.content, '$.codes') AS one "
    "WHERE json_extract(one.value, '$.id') = :code)",
}


def code_uses(store: Store, code: str) -> tuple[str, ...]:
    """Where a code is used, in words with how often; empty where nowhere."""
    found = {
        what: int(store.value(query, {"code": code}))  # type: ignore[arg-type]
        for what, query in _USES.items()
    }
    return tuple(f"{what}: {count}" for what, count in found.items() if count)
