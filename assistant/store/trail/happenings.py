"""Everything that a study's rows say has happened, in the order of time.

What came into the study and left it is told here; what was run and what people did, in files of
their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from assistant.dates import instant
from assistant.store.database import Store
from assistant.store.texts.renaming import RENAMED
from assistant.store.trail.happening import Happening
from assistant.store.trail.happenings_of_people import (
    of_adjudications,
    of_bulk,
    of_codings,
    of_decisions,
    of_memos,
    of_openings,
)
from assistant.store.trail.happenings_of_runs import of_evidence, of_runs
from assistant.store.withdrawal.withdrawn_texts import WITHDRAWN_TEXTS

__all__ = ["happenings"]

_OF_EVENT = {
    **{k: k for k in ("import", "statement", "codebook", "override")},
    RENAMED: "statement",
    **dict.fromkeys(("share", "merge", "export", "settled", "unsealed"), "exchange"),
}
_SAID_BETTER = frozenset(
    ("run", "evaluation", "withdrawal-begun", "withdrawal-files", WITHDRAWN_TEXTS)
)
"""Events that the rows of another table tell better, and without words of a reply."""


_EARLIEST = datetime.min.replace(tzinfo=UTC)


def happenings(store: Store) -> tuple[Happening, ...]:
    """All of it. Blind codings of people who have not finished are left out.

    What has no time that can be understood, as some memos of earlier versions, comes first.
    """
    found = [one for part in _PARTS for one in part(store)]
    return tuple(sorted(found, key=lambda one: (instant(one.at) or _EARLIEST, one.kind, one.what)))


def _events(store: Store) -> Iterator[Happening]:
    for r in store.rows("SELECT * FROM events ORDER BY id"):
        if r["kind"] in _SAID_BETTER:
            continue
        kind = _OF_EVENT.get(r["kind"], "other")
        details = json.loads(r["details"])
        what = f"{r['kind']}" if kind == "other" else ""
        yield Happening(
            r["at"], r["who"], kind, what, said=r["what"], details={"event": r["id"], **details}
        )


def _documents(store: Store) -> Iterator[Happening]:
    for r in store.rows(
        "SELECT d.*, t.name AS transcript, coalesce(c.name, '') AS coder, "
        "(SELECT count(*) FROM document_codings k WHERE k.document_id = d.id) AS codings "
        "FROM documents d JOIN transcripts t ON t.id = d.transcript_id "
        "LEFT JOIN coders c ON c.id = d.coder_id"
    ):
        by = f", codes of {r['coder']} ({r['codings']})" if r["coder"] else ""
        yield Happening(
            r["imported_at"],
            "",
            "import",
            f"The file “{r['name']}” ({r['format']}) was read into “{r['transcript']}”{by}",
            transcript=r["transcript"],
            details={"file_sha256": r["file_sha256"]},
        )


def _versions(store: Store) -> Iterator[Happening]:
    for r in store.rows("SELECT sha256, name, version, recorded_at FROM codebooks"):
        yield Happening(
            r["recorded_at"],
            "",
            "codebook",
            f"Codebook “{r['name']}”, version {r['version']}, was recorded",
            details={"sha256": r["sha256"]},
        )
    for r in store.rows("SELECT * FROM codebook_operations"):
        into = ", ".join(json.loads(r["into_codes"]))
        yield Happening(
            r["recorded_at"],
            "",
            "codebook",
            f"Change of the codebook: {r['op']} {', '.join(json.loads(r['codes']))}"
            + (f" → {into}" if into else ""),
            said=r["why"],
            details={"from": r["from_sha256"], "to": r["to_sha256"]},
        )
    for r in store.rows("SELECT sha256, prompt_id, recorded_at FROM prompts"):
        yield Happening(
            r["recorded_at"],
            "",
            "prompt",
            f"Prompt “{r['prompt_id']}” was recorded",
            details={"sha256": r["sha256"]},
        )


def _ends(store: Store) -> Iterator[Happening]:
    for r in store.rows(
        "SELECT b.*, t.name AS transcript FROM tombstones b "
        "JOIN transcripts t ON t.id = b.transcript_id"
    ):
        yield Happening(
            r["withdrawn_at"],
            r["who"],
            "withdrawal",
            f"“{r['transcript']}” was withdrawn: its words are gone",
            said=r["reason"],
            transcript=r["transcript"],
            details={"erased": json.loads(r["erased"])},
        )
    for r in store.rows("SELECT * FROM conflicts"):
        yield Happening(
            r["found_at"],
            "",
            "exchange",
            f"Two studies said different things about a {r['kind']}",
            details={
                "conflict": r["identity"],
                "about": json.loads(r["about"]),
                "sides": json.loads(r["sides"]),
            },
        )


_PARTS: tuple[Callable[[Store], Iterator[Happening]], ...] = (
    _events,
    _documents,
    _versions,
    of_runs,
    of_evidence,
    of_decisions,
    of_bulk,
    of_codings,
    of_memos,
    of_adjudications,
    of_openings,
    _ends,
)
