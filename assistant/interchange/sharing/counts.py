"""What became of the rows of a file that was taken in: each is counted once, so they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["GROUPS", "Fates", "RowCounts", "grouped", "in_words"]


@dataclass(frozen=True)
class RowCounts:
    """Rows of one kind; ``in_file`` is the sum of the others."""

    in_file: int
    new: int
    there: int
    """Here already, as they are in the file or said differently (a conflict)."""
    sealed: int
    """New and hidden until everybody has finished."""
    left_out: int
    """Of withdrawn transcripts, about the other folder alone, or on something not in the file."""

    def __add__(self, other: RowCounts) -> RowCounts:
        return RowCounts(
            self.in_file + other.in_file,
            self.new + other.new,
            self.there + other.there,
            self.sealed + other.sealed,
            self.left_out + other.left_out,
        )


@dataclass
class Fates:
    """Counts rows while they are taken in."""

    read: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    sealed: dict[str, str] = field(default_factory=dict)
    """Identity -> table of the rows that were sealed now."""

    def counts(
        self, added: Mapping[str, int], erased: Mapping[str, int], still_sealed: frozenset[str]
    ) -> dict[str, RowCounts]:
        """By table. ``added``: rows that were written; ``erased``: of these, taken out again;
        ``still_sealed``: identities of what is sealed now."""
        hidden = Counter(t for identity, t in self.sealed.items() if identity in still_sealed)
        opened = Counter(t for identity, t in self.sealed.items() if identity not in still_sealed)
        found = {}
        for table, rows in self.read.items():
            gone = erased.get(table, 0)
            new = added.get(table, 0) - gone + opened[table]
            left = self.left_out[table] + gone
            there = rows - new - hidden[table] - left
            found[table] = RowCounts(rows, new, there, hidden[table], left)
        return found


GROUPS: dict[str, tuple[str, ...]] = {
    "transcripts": ("transcripts",),
    "passages of transcripts": ("segments",),
    "people and models who coded": ("coders",),
    "files they came from": ("documents",),
    "codes as they stand in files": ("document_codings",),
    "who looked at what": ("scopes", "looked_again"),
    "codings": ("codings",),
    "versions of the codebook": ("codebooks", "codebook_operations"),
    "runs of models, with what was asked": (
        *("prompts", "recipes", "fits", "runs", "run_transcripts", "requests", "chunks", "calls"),
        *("segment_outcomes", "unplaced", "uncoded", "judgements"),
    ),
    "suggestions": ("suggestions",),
    "decisions on suggestions": ("decisions", "bulk_decisions"),
    "words on disagreements": ("adjudications",),
    "memos": ("memos", "coding_notes"),
    "evaluations, verdicts and audits": ("evaluations", "looks", "verdicts", "audits"),
    "replacements of names": ("pseudonyms",),
    "sealed codes of others": ("sealed",),
    "conflicts with other studies": ("conflicts",),
    "records of what happened": ("events", "openings", "tombstones"),
}
_OTHER = "other records"


def in_words(table: str) -> str:
    """What the rows of a table are, for people."""
    return next((name for name, tables in GROUPS.items() if table in tables), _OTHER)


def grouped(counts: Mapping[str, RowCounts]) -> dict[str, RowCounts]:
    """In words for people, in a steady order; every row of the file is in one group."""
    found: dict[str, RowCounts] = {}
    for table, count in counts.items():
        name = in_words(table)
        found[name] = found[name] + count if name in found else count
    order = [*GROUPS, _OTHER]
    return {name: found[name] for name in order if name in found and found[name].in_file}
