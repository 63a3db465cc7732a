"""Many suggestions of a code at once, only where the evidence allows it.

The code's lane is `accept` under the policy in force, for this very recipe, what it rests on is as
it was, an audit of these transcripts was passed, and none of them is unlike the evidence. An
override needs a reason, which is stored and printed in every report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import ThresholdError, UserError
from assistant.recipe import code_recipe_hash
from assistant.store.database import Store
from assistant.store.decided.decisions import add_bulk, bulk_decisions, undo_bulk
from assistant.store.finding import find_run
from assistant.store.measured.audits import DECLARED, AuditRow, audits
from assistant.store.measured.evidence import StandingVerdict, standing_verdicts
from assistant.store.measured.reference import declared_of
from assistant.store.model.suggestions import suggestions
from assistant.store.records import RunRow, VerdictRow
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import events, person, record_event
from assistant.store.versions import recipe

__all__ = [
    "Allowed",
    "Bulk",
    "accept_bulk",
    "bulk_allowed",
    "counts_no_more",
    "undo",
    "verdict_for",
]


@dataclass(frozen=True)
class Allowed:
    """Whether a code's open suggestions may be accepted at once, and every reason why not."""

    run_id: int
    code: str
    open_suggestions: tuple[int, ...]
    verdict: VerdictRow | None
    audit_id: int | None
    why_not: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class Bulk:
    bulk_id: int
    code: str
    accepted: int
    because: str


def bulk_allowed(
    store: Store,
    run_row: RunRow,
    code: str,
    policy_sha256: str,
    transcripts: Sequence[int] = (),
) -> Allowed:
    """What the evidence says about accepting all open suggestions of a code in a run."""
    wanted = [
        s
        for s in suggestions(store, run_row.id, code=code)
        if s.decision == "open" and s.quote and (not transcripts or s.transcript_id in transcripts)
    ]
    standing = _standing(store, run_row, code, policy_sha256)
    why_not = _against_verdict(store, run_row, code, standing)
    batch = {s.transcript_id for s in wanted}
    passed, against = _audit_of(store, run_row, batch)
    why_not += against
    if passed is not None:
        why_not += _against_batch(store, run_row, code, passed, batch, policy_sha256)
    counted = standing.verdict if standing is not None and not standing.void else None
    return Allowed(
        run_row.id,
        code,
        tuple(s.id for s in wanted),
        counted,
        passed.id if passed else None,
        tuple(why_not),
    )


def _audit_of(store: Store, run_row: RunRow, batch: set[int]) -> tuple[AuditRow | None, list[str]]:
    """The passed audit of these transcripts, or why there is none.

    For each transcript its newest result counts, so a sample that failed takes back what an
    earlier one allowed.
    """
    newest: dict[int, AuditRow] = {}
    for one in audits(store, run_row.id):
        if one.passed is not None:
            newest |= dict.fromkeys(one.transcripts, one)
    names = {key: transcript(store, key).name for key in batch}
    lacking = sorted(names[key] for key in batch if key not in newest)
    failed = sorted(names[key] for key in batch if key in newest and not newest[key].passed)
    used = {newest[key].id: newest[key] for key in batch if key in newest}
    why_not: list[str] = []
    waiting = sorted(
        {
            one.id
            for one in audits(store, run_row.id)
            if one.passed is None
            and {names[key] for key in batch & set(one.transcripts)} & {*lacking}
        }
    )
    if lacking and waiting:
        which = ", ".join(map(str, waiting))
        why_not.append(
            f"No audit of these transcripts has been passed: {', '.join(lacking)}. A sample of "
            f"them is drawn (audit {which}) and waits to be coded and judged: `secondcoder audit "
            f"result {waiting[-1]}` says what is left."
        )
    elif lacking:
        why_not.append(
            f"No audit of these transcripts has been passed: {', '.join(lacking)}. `secondcoder "
            f"audit draw {run_row.id}` draws a sample of those that nobody has coded; what people "
            "have coded already is decided one by one."
        )
    if failed:
        why_not.append(
            f"No audit of these transcripts has been passed: {', '.join(failed)}. The last one was "
            "judged and did not pass."
        )
    if not why_not and len(used) > 1:
        why_not.append(
            f"The transcripts are in different audits ({', '.join(map(str, sorted(used)))}): "
            "accept those of one audit at a time."
        )
    return (next(iter(used.values())) if used and not why_not else None), why_not


def _against_verdict(
    store: Store, run_row: RunRow, code: str, standing: StandingVerdict | None
) -> list[str]:
    if gone := _counts_no_more(store, run_row, code, standing):
        return [gone]
    if standing is None:
        return [
            f"“{code}” has no verdict for this recipe and the policy in force: run "
            f"{_again(run_row)} first. "
            "A verdict of another recipe, codebook or policy does not count."
        ]
    verdict = standing.verdict
    if verdict.lane != "accept":
        elsewhere = (
            f" (evaluation {verdict.evaluation_id}, of run {verdict.run_id} with the same recipe)"
            if verdict.run_id != run_row.id
            else ""
        )
        reasons = "; ".join(verdict.reasons)
        return [f"“{code}” is in the lane “{verdict.lane}”{elsewhere}: {reasons}."]
    return []


def _again(run_row: RunRow) -> str:
    return f"`secondcoder evaluate --run {run_row.id}`"


def _counts_no_more(
    store: Store, run_row: RunRow, code: str, standing: StandingVerdict | None
) -> str:
    if standing is None:
        other = _standing(store, run_row, code, "")
        if other is None:
            return ""
        return (
            f"“{code}” has no verdict under the policy in force: eval/policy.toml, or [units] "
            f"in study.toml, was changed since evaluation {other.verdict.evaluation_id}. "
            f"Evaluate again: {_again(run_row)}."
        )
    if not standing.void:
        return ""
    return (
        f"The verdict on “{code}” (evaluation {standing.verdict.evaluation_id}) is void: "
        + "; ".join(standing.void)
        + f". Evaluate again: {_again(run_row)}."
    )


def _against_batch(
    store: Store,
    run_row: RunRow,
    code: str,
    passed: AuditRow,
    batch: set[int],
    policy_sha256: str,
) -> list[str]:
    """What the audit says of this code, and which transcripts are unlike the evidence."""
    found = passed.result or {}
    why_not: list[str] = []
    if code in found.get("refused", {}):
        why_not.append(f"Audit {passed.id} passed, but not for “{code}”: {found['refused'][code]}.")
    elif code not in found.get("codes", ()):
        why_not.append(
            f"Audit {passed.id} was judged without “{code}”, which was not in the lane “accept” "
            f"then. Draw a new sample: secondcoder audit draw {run_row.id}."
        )
    watched = [e.details for e in events(store, "watch") if e.details["run"] == run_row.id]
    outside = {**found.get("outside", {}), **(watched[-1]["outside"] if watched else {})}
    if found.get(DECLARED, {}).get(code, "") != declared_of(store, (code,)).get(code, ""):
        why_not.append(
            f"What was declared of the definition of “{code}” has changed since audit {passed.id} "
            f"was judged. Judge it again: secondcoder audit result {passed.id}."
        )
    if found.get("standards") != policy_sha256:
        why_not.append(
            f"Audit {passed.id} was judged by another eval/policy.toml, or other [units] in "
            f"study.toml. Judge it again: secondcoder audit result {passed.id}."
        )
    if run_row.ended_at > passed.drawn_at:
        why_not.append(
            f"Run {run_row.id} was carried on after audit {passed.id} was drawn, so the sample may "
            "not stand for what is suggested now. Draw a new one: secondcoder audit draw "
            f"{run_row.id}."
        )
    for key in sorted(batch):
        if str(key) in outside:
            why_not.append(
                f"“{transcript(store, key).name}” is unlike the interviews that the evidence rests "
                f"on: {'; '.join(outside[str(key)])} (secondcoder watch {run_row.id})."
            )
    if watched and watched[-1]["dropped"]:
        why_not.append(f"The evidence holds no more: {watched[-1]['why']}")
    return why_not


def verdict_for(store: Store, run_row: RunRow, code: str, policy_sha256: str) -> VerdictRow | None:
    """The verdict that counts for a code of a run; None where there is none or it is void."""
    found = _standing(store, run_row, code, policy_sha256)
    return None if found is None or found.void else found.verdict


def counts_no_more(store: Store, run_row: RunRow, code: str, policy_sha256: str) -> str:
    """Why the verdict that there was on a code of a run counts no more: a sentence with what to do.
    Empty where one counts, and where there was none."""
    return _counts_no_more(store, run_row, code, _standing(store, run_row, code, policy_sha256))


def _standing(
    store: Store, run_row: RunRow, code: str, policy_sha256: str
) -> StandingVerdict | None:
    wanted = code_recipe_hash(recipe(store, run_row.recipe_sha256), code)
    for standing in standing_verdicts(store, policy_sha256):
        if standing.verdict.code == code and standing.verdict.code_recipe_sha256 == wanted:
            return standing
    return None


def _refused(code: str, allowed: Allowed, *, named: bool) -> ThresholdError:
    """Every reason, and what is left to do; ``named``: the user said which transcripts."""
    count = len(allowed.open_suggestions)
    ways = ["decide one by one (`secondcoder accept NUMBER`)"]
    # Other transcripts help only where the code itself may be accepted.
    if allowed.verdict is not None and allowed.verdict.lane == "accept":
        ways.insert(
            0,
            "leave out the transcripts that are named above, if others remain"
            if named
            else "name the transcripts that may be accepted (`--in NAME`)",
        )
    said = ", ".join(ways)
    return ThresholdError(
        f"The {count} open {'suggestion' if count == 1 else 'suggestions'} of “{code}”"
        f"{' in these transcripts' if named else ''} cannot be accepted at once.\n- "
        + "\n- ".join(allowed.why_not),
        hint=f"{said[0].upper()}{said[1:]}, or override with "
        '`--because "…"`; the reason is stored and stands in every report.',
    )


def accept_bulk(
    store: Store,
    run_id: int,
    code: str,
    policy_sha256: str,
    *,
    because: str = "",
    transcripts: Sequence[int] = (),
    reviewer: str = "",
) -> Bulk:
    """Accept all open suggestions of a code in a run, as one decision that can be undone as one.

    Raises `ThresholdError` with every reason when the evidence does not allow it and ``because``
    is empty; `UserError` when there is nothing to accept.
    """
    with store.transaction():
        # Read within it: what somebody has rejected in the meantime is not accepted over her head,
        # and evidence that was voided in the meantime allows nothing.
        run_row = find_run(store, run_id)
        allowed = bulk_allowed(store, run_row, code, policy_sha256, transcripts)
        if not allowed.open_suggestions:
            where = " in these transcripts" if transcripts else ""
            raise UserError(
                f"Run {run_id} has no open suggestion with the code “{code}”{where}.",
                hint=f"`secondcoder runs {run_id}` shows which codes it suggested.",
            )
        if not allowed.allowed and not because.strip():
            raise _refused(code, allowed, named=bool(transcripts))
        who = reviewer or person()
        count = len(allowed.open_suggestions)
        bulk = add_bulk(
            store,
            run_id,
            code,
            who,
            allowed.open_suggestions,
            verdict_id=allowed.verdict.id if allowed.verdict else None,
            audit_id=allowed.audit_id,
            because=because.strip() if not allowed.allowed else "",
        )
        if not allowed.allowed:
            record_event(
                store,
                "override",
                f"{count} {'suggestion' if count == 1 else 'suggestions'} of “{code}” "
                f"accepted at once against the evidence, because: {because.strip()}",
                who,
                run=run_id,
                why_not=list(allowed.why_not),
            )
    return Bulk(bulk, code, count, because.strip() if not allowed.allowed else "")


def undo(store: Store, bulk_id: int, reviewer: str = "") -> int:
    """Undo a bulk decision as one; how many suggestions are open again.

    Raises `UserError` when there is none of that number, or when it was undone before.
    """
    with store.transaction():
        found = next((b for b in bulk_decisions(store) if b["id"] == bulk_id), None)
        if found is None:
            there = ", ".join(str(b["id"]) for b in bulk_decisions(store)) or "none yet"
            raise UserError(
                f"There is no bulk decision {bulk_id}.", hint=f"Bulk decisions: {there}."
            )
        if found["undone_at"]:
            raise UserError(f"Bulk decision {bulk_id} was undone already.")
        return undo_bulk(store, bulk_id, reviewer or person())
