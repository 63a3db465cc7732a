"""Which passages a batch has, from stored rows: what an audit draws from and is judged on.

A batch is transcripts of one run that nobody has coded as a reference: what people coded already is
evidence, and needs no audit. Passages that the run failed on are not in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.recipe import code_recipe_hash
from assistant.store.database import Store
from assistant.store.measured.evidence import latest_verdicts
from assistant.store.model.outcomes import segment_outcomes
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import scopes
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.versions import recipe
from assistant.study import UnitsConfig
from eval.audit.drawing import Passage
from eval.units.loading import is_interviewer

__all__ = ["accepted_codes", "batch_of", "new_transcripts", "passages_of"]


def new_transcripts(store: Store, run: RunRow) -> tuple[int, ...]:
    """Transcripts of a run that nobody coded as a reference, samples of audits apart."""
    coded = _coded(store)
    gone = {info.id for info in transcript_infos(store) if info.withdrawn}
    return tuple(key for key in run.transcripts if key not in coded and key not in gone)


def _coded(store: Store) -> dict[int, str]:
    return {
        s.transcript_id: s.coder.name
        for s in scopes(store)
        if s.is_reference and s.segments is None
    }


def batch_of(store: Store, run: RunRow, wanted: Sequence[int]) -> tuple[int, ...]:
    """The batch that was asked for; all new transcripts where nothing was.

    Raises `UserError` for transcripts that the run did not code or that people coded already.
    """
    new = new_transcripts(store, run)
    if not wanted:
        if not new:
            raise UserError(
                f"Run {run.id} has no new transcripts: people have coded all of them already, so "
                "that they are evidence for verdicts and need no audit.",
                hint="Code new interviews with `secondcoder code`, or name a run that did.",
            )
        return new
    names = {info.id: info.name for info in transcript_infos(store)}
    outside = [names[key] for key in wanted if key not in run.transcripts]
    if outside:
        raise UserError(
            f"Run {run.id} did not code {', '.join(outside)}.",
            hint=f"It coded: {', '.join(names[key] for key in run.transcripts)}.",
        )
    coded = _coded(store)
    already = [f"{names[key]} (by {coded[key]})" for key in wanted if key in coded]
    if already:
        raise UserError(
            f"People have coded these already: {', '.join(already)}.",
            hint="They are evidence for verdicts (`secondcoder evaluate`). An audit is of "
            "transcripts that nobody has coded.",
        )
    gone = [names[key] for key in wanted if key not in new]
    if gone:
        raise UserError(f"Withdrawn, so nothing can be drawn from them: {', '.join(gone)}.")
    return tuple(dict.fromkeys(wanted))


def passages_of(
    store: Store, run: RunRow, transcripts: Sequence[int], units: UnitsConfig
) -> tuple[Passage, ...]:
    """Every passage of the batch, with the codes that the run suggested for it.

    Interviewers' passages are left out where the study does not count them and nothing is suggested
    there.
    """
    found: list[Passage] = []
    for key in transcripts:
        said: dict[int, set[str]] = {}
        for one in suggestions(store, run.id, key):
            said.setdefault(one.segment, set()).add(one.code)
        asks = {
            s.index
            for s in transcript(store, key).segments
            if not units.count_interviewers and is_interviewer(s.speaker, units.interviewers)
        }
        found += [
            Passage(key, o.segment, frozenset(said.get(o.segment, ())))
            for o in segment_outcomes(store, run.id, key)
            if o.status != "failed" and (o.segment in said or o.segment not in asks)
        ]
    return tuple(found)


def accepted_codes(
    store: Store, run: RunRow, codebook: Codebook, standards_sha256: str
) -> tuple[str, ...]:
    """Codes in the lane `accept` for this recipe, under the policy in force, in codebook order."""
    content = recipe(store, run.recipe_sha256)
    lanes = {
        (v.code, v.code_recipe_sha256): v.lane for v in latest_verdicts(store, standards_sha256)
    }
    return tuple(
        code.id
        for code in codebook.sent
        if lanes.get((code.id, code_recipe_hash(content, code.id))) == "accept"
    )
