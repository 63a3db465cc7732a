"""Runs: opened by their key, ended with how they stand.

What a run used is in its header and never changes; what it asked and got is in
`assistant.store.model.chunks`, `assistant.store.model.calls` and `assistant.store.model.outcomes`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.store.database import Row, Store, now
from assistant.store.people.coders import coder_from
from assistant.store.records import Coder, RunRow

__all__ = [
    "finish_run",
    "open_run",
    "run",
    "runs",
    "set_run_fit",
]

_RUN = """
    SELECT r.*, c.id AS c_id, c.name AS c_name, c.kind AS c_kind,
           (SELECT json_group_array(json_array(x.transcript_id, x.fit_sha256))
            FROM run_transcripts x WHERE x.run_id = r.id) AS covered
    FROM runs r JOIN coders c ON c.id = r.coder_id
"""


def open_run(
    store: Store,
    run_key: str,
    *,
    recipe_sha256: str,
    repeat: int,
    coder: Coder,
    strategy: str,
    codebook_sha256: str,
    prompt_sha256: str,
    header: Mapping[str, Any],
    transcripts: Sequence[tuple[int, str]],
) -> tuple[RunRow, bool]:
    """The run with this key, made when new: (run, whether it was there).

    ``transcripts`` are (transcript id, hash of its fit or ``""``). A run that is reopened keeps its
    first header; what is different now is for the caller to add with `finish_run`.
    """
    with store.transaction():
        found = store.row(_RUN + "WHERE r.run_key = ?", (run_key,))
        if found is not None:
            store.write("UPDATE runs SET status = 'running' WHERE id = ?", (found["id"],))
            return run(store, found["id"]), True
        key = store.write(
            "INSERT INTO runs (run_key, recipe_sha256, repeat, coder_id, strategy, "
            "codebook_sha256, prompt_sha256, status, header, started_at) "
            "VALUES (?, ?, ?, ?, ?, ?, nullif(?, ''), 'running', ?, ?)",
            (
                run_key,
                recipe_sha256,
                repeat,
                coder.id,
                strategy,
                codebook_sha256,
                prompt_sha256,
                json.dumps(header, ensure_ascii=False),
                now(),
            ),
        )
        store.write_many(
            "INSERT INTO run_transcripts (run_id, transcript_id, fit_sha256) "
            "VALUES (?, ?, nullif(?, ''))",
            [(key, transcript_id, fit) for transcript_id, fit in transcripts],
        )
    return run(store, key), False


def set_run_fit(store: Store, run_id: int, transcript_id: int, fit_sha256: str) -> None:
    """Record which calibration a transcript of a run was decided with."""
    store.write(
        "UPDATE run_transcripts SET fit_sha256 = ? WHERE run_id = ? AND transcript_id = ?",
        (fit_sha256, run_id, transcript_id),
    )


def finish_run(
    store: Store,
    run_id: int,
    status: str,
    why: str,
    header: Mapping[str, Any] | None = None,
    *,
    ended_at: str = "",
) -> None:
    """Set how a run stands: ``complete`` or ``partial`` with a sentence that says which is open.

    ``ended_at`` keeps an earlier time for a run that was only looked at again.
    """
    with store.transaction():
        store.write(
            "UPDATE runs SET status = ?, why = ?, ended_at = ? WHERE id = ?",
            (status, why, ended_at or now(), run_id),
        )
        if header is not None:
            store.write(
                "UPDATE runs SET header = ? WHERE id = ?",
                (json.dumps(header, ensure_ascii=False), run_id),
            )


def run(store: Store, run_id: int) -> RunRow:
    """Raises KeyError when there is no such run."""
    row = store.row(_RUN + "WHERE r.id = ?", (run_id,))
    if row is None:
        raise KeyError(run_id)
    return _run(row)


def runs(store: Store) -> tuple[RunRow, ...]:
    """All runs, oldest first."""
    return tuple(_run(row) for row in store.rows(_RUN + "ORDER BY r.id"))


def _run(r: Row) -> RunRow:
    covered = sorted(json.loads(r["covered"]))
    return RunRow(
        id=r["id"],
        run_key=r["run_key"],
        recipe_sha256=r["recipe_sha256"],
        repeat=r["repeat"],
        coder=coder_from(r, "c_"),
        strategy=r["strategy"],
        codebook_sha256=r["codebook_sha256"],
        prompt_sha256=r["prompt_sha256"] or "",
        status=r["status"],
        why=r["why"],
        header=json.loads(r["header"]),
        started_at=r["started_at"],
        ended_at=r["ended_at"] or "",
        transcripts=tuple(item[0] for item in covered),
        fits={item[0]: item[1] for item in covered if item[1]},
    )
