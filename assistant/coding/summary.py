"""What became of a run: every outcome counted, nothing hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.counting import counted
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.finding import find_run
from assistant.store.model.calls import usage
from assistant.store.model.nothing_suggested import nothing_suggested, without_suggestions
from assistant.store.model.outcomes import count_outcomes, shown_outcomes
from assistant.store.model.rankings import Ranked, rankings
from assistant.store.model.reply_records import Suggestion
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestions, unplaced
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript, transcript_infos

__all__ = [
    "NotCoded",
    "Ranking",
    "RunDetails",
    "RunSummary",
    "UnplacedItem",
    "all_runs",
    "only_run",
    "ranking",
    "run_details",
]


@dataclass(frozen=True)
class RunSummary:
    id: int
    coder: str
    strategy: str
    repeat: int
    status: str
    why: str
    transcripts: tuple[str, ...]
    calls: int
    """Attempts that were really sent."""
    suggestions: int
    unplaced: int
    failed_segments: int
    started_at: str


@dataclass(frozen=True)
class UnplacedItem:
    transcript: str
    segment: int | None
    code_written: str
    status: str
    reply_quote: str
    why: str
    nearest: str


@dataclass(frozen=True)
class NotCoded:
    transcript: str
    segment: int
    status: str
    """``failed``, ``not-coded`` (no words), ``not-asked`` or ``ranked``."""
    why: str


@dataclass(frozen=True)
class Ranking:
    """The codes that a run ranked, best first."""

    run: int
    what: str
    """A sentence for people: a rank is no suggestion, and why."""
    rows: tuple[Ranked, ...]


@dataclass(frozen=True)
class RunDetails:
    summary: RunSummary
    header: dict[str, object]
    outcomes: dict[str, dict[str, int]]
    usage: dict[str, float | int | None]
    by_code: tuple[tuple[str, int, int, int, int, int], ...]
    """(code, suggested, open, accepted, rejected, amended), most suggested first."""
    suggestions: tuple[Suggestion, ...]
    unplaced: tuple[UnplacedItem, ...]
    not_coded: tuple[NotCoded, ...]
    notes: tuple[str, ...] = ()
    """What the run says of itself: the shortlist's maker, calibration, what was replaced; and each
    transcript in which nothing was suggested, with its reason."""
    withdrawn: str = ""
    """What of the sums is of transcripts that were withdrawn, in words; their counts stay."""


def all_runs(store: Store) -> tuple[RunSummary, ...]:
    return tuple(_summary(store, row) for row in runs(store))


def only_run(store: Store, asked: Sequence[str]) -> int:
    """The number of the study's single run. ``asked``: the options that list something of one run.

    Raises `UserError` where there is none, or where there are several and no number says which.
    """
    there = runs(store)
    if len(there) == 1:
        return there[0].id
    if not there:
        raise UserError("No run was made in this study yet.", hint="`secondcoder code` makes one.")
    options = " ".join(asked)
    raise UserError(
        f"{options} {'is' if len(asked) == 1 else 'are'} about one run, and there are "
        f"{len(there)}.",
        hint=f"Give its number, as of the newest: secondcoder runs {there[-1].id} {options}. "
        "`secondcoder runs` lists them.",
    )


def _summary(store: Store, row: RunRow) -> RunSummary:
    counts = count_outcomes(store, row.id)
    return RunSummary(
        row.id,
        row.coder.name,
        row.strategy,
        row.repeat,
        row.status,
        row.why if row.status != "running" else f"It is {row.standing}.",
        tuple(transcript(store, key).name for key in row.transcripts),
        int(usage(store, row.id).get("calls") or 0),
        sum(counts["suggestions"].values()),
        sum(counts["unplaced"].values()),
        counts["segments"].get("failed", 0),
        row.started_at,
    )


def run_details(store: Store, run_id: int, leave_out: Collection[int] = ()) -> RunDetails:
    """Raises `UserError` when there is no such run. Of the transcripts ``leave_out`` neither codes
    nor suggestions are given; the sums over the whole run (``outcomes``) hold them."""
    row = find_run(store, run_id)
    found = tuple(s for s in suggestions(store, run_id) if s.transcript_id not in leave_out)
    texts = {key: transcript(store, key) for key in row.transcripts}
    by_code: dict[str, Counter[str]] = {}
    for s in found:
        by_code.setdefault(s.code, Counter())[s.decision] += 1
    return RunDetails(
        _summary(store, row),
        row.header,
        count_outcomes(store, run_id),
        usage(store, run_id),
        tuple(
            (code, n.total(), n["open"], n["accept"], n["reject"], n["amend"])
            for code, n in sorted(by_code.items(), key=lambda item: (-item[1].total(), item[0]))
        ),
        found,
        tuple(
            UnplacedItem(
                u.transcript,
                u.segment,
                u.code_written,
                u.status,
                u.reply_quote,
                u.why,
                texts[u.transcript_id].text[u.nearest_start : u.nearest_end]
                if u.nearest_start is not None
                else "",
            )
            for u in unplaced(store, run_id)
            if u.transcript_id not in leave_out
        ),
        tuple(
            NotCoded(texts[key].name, segment, status, why)
            for key, segment, status, why in shown_outcomes(store, run_id)
            if status not in ("coded", "coded-empty")
        ),
        (
            *row.header.get("notes", ()),
            *nothing_suggested(
                {
                    texts[key].name: why
                    for key, why in without_suggestions(store, row).items()
                    if key not in leave_out
                }
            ),
        ),
        _withdrawn(store, row),
    )


def _withdrawn(store: Store, row: RunRow) -> str:
    gone = {
        i.id: i.name for i in transcript_infos(store) if i.withdrawn and i.id in row.transcripts
    }
    if not gone:
        return ""
    segments = sum(key in gone for key, *_ in shown_outcomes(store, row.id))
    made = sum(s.transcript_id in gone for s in suggestions(store, row.id))
    one = len(gone) == 1
    return (
        f"Withdrawn since, and still in the sums: {', '.join(gone.values())}, with "
        f"{counted(segments, 'passage')} and {counted(made, 'suggestion')}. "
        f"{'Its' if one else 'Their'} words are gone, so nobody decides on them any more."
    )


def ranking(store: Store, run_id: int) -> Ranking:
    """The codes on the shortlists of a run of `judge`, best first.

    Raises `UserError` when there is no such run or it ranked nothing.
    """
    row = find_run(store, run_id)
    rows = rankings(store, run_id)
    if not rows:
        raise UserError(
            f"Run {run_id} has ranked nothing.",
            hint="Only the strategy “judge” ranks codes, at the end of a run: `secondcoder runs` "
            "says which runs there are."
            if row.strategy != "judge"
            else "The ranking is made at the end of a run: run the same `secondcoder code …` "
            "again to finish it.",
        )
    what = "A rank is no suggestion: it says which codes to think of first, not which apply."
    if not all(r.calibrated for r in rows):
        what += (
            " Nothing is suggested where nothing could be calibrated, since nobody knows how far "
            "down the list the codes still apply."
        )
    return Ranking(run_id, what, rows)
