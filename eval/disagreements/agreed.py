"""What nobody disputes: the cells to which everybody who looked gives the code."""

from __future__ import annotations

from eval.disagreements.finding import Gathered

__all__ = ["agreed_cells"]


def agreed_cells(gathered: Gathered, transcript: str) -> tuple[tuple[int, str], ...]:
    """(segment, code) of one transcript where all people who looked say yes; at least one did.

    The model's answers do not count here.
    """
    matrix = gathered.matrix
    number = next((n for n, t in enumerate(gathered.study.transcripts) if t.name == transcript), -1)
    people = [k for k, name in enumerate(matrix.coders) if name != gathered.model]
    found: list[tuple[int, str]] = []
    if number < 0 or not people:
        return ()
    rows = [r for r in range(len(matrix.transcript)) if matrix.transcript[r] == number]
    for row in rows:
        first, last = (int(x) for x in matrix.segment[row])
        if last - first != 1:
            continue
        for c, code in enumerate(matrix.codes):
            looked = [k for k in people if matrix.scope[k, row, c]]
            if looked and all(matrix.positive[k, row, c] for k in looked):
                found.append((first, code))
    return tuple(found)
