"""What the people who coded an audit's sample said, and about which codes they say nothing.

A person says nothing about a code that was defined otherwise, or was not there, when she coded, or
that she was not asked about: that is neither yes nor no, and no audit may take it for "no".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.codebook.lineage import Silences, Silent
from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.people.coded_so_far import coded_so_far
from assistant.store.people.codings import scopes
from assistant.store.records import RunRow
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import UnitsConfig
from eval.audit.drawing import Plan
from eval.statistics.values import FloatArray
from eval.units.building import build_units
from eval.units.loading import load
from eval.units.records import UnitPlan

__all__ = ["Said", "coders_of", "said"]

_WHY: Mapping[Silent, str] = {
    "older definition": "it was defined otherwise when {who} coded the sample",
    "added later": "the codebook did not have it yet when {who} coded the sample",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of a sample."""

    share: Mapping[tuple[int, int], FloatArray]
    """(transcript, segment) -> share of its coders who found each code ``(C,)``, of those who say
    yes or no about it; nan where nobody does."""
    unknown: Mapping[str, str]
    """Code about which nobody says yes or no in part of the sample -> why."""


def coders_of(
    store: Store, audit_id: int, plan: Plan, transcripts: Sequence[int]
) -> dict[int, list[str]]:
    """Transcript -> people who coded its whole sample blind and said that they are done. Raises
    `UserError` while passages are not coded, or nobody has said so."""
    found: dict[int, list[str]] = {}
    missing: dict[str, int] = {}
    waiting: dict[str, list[str]] = {}
    names = {info.id: info.name for info in transcript_infos(store)}
    for key in transcripts:
        sample = set(plan.of(key))
        if not sample:
            continue
        blind = [
            s
            for s in scopes(store, key)
            if s.coder.kind == "human" and s.exposure == "blind" and s.segments is not None
        ]
        whole = [s for s in blind if sample <= set(s.segments or ())]
        done = [s.coder.name for s in whole if s.finished_at]
        if done:
            found[key] = done
        elif whole:
            waiting[names[key]] = [s.coder.name for s in whole]
        else:
            most = max((len(sample & set(s.segments or ())) for s in blind), default=0)
            missing[names[key]] = len(sample) - most
    if missing:
        raise UserError(
            f"{sum(missing.values())} of the {len(plan.sample)} sampled passages are not "
            "coded yet: " + ", ".join(f"{n} in {name}" for name, n in missing.items()) + ".",
            hint=f"Fill in the files of audit {audit_id} and bring them in: secondcoder audit take "
            "FILE --coder NAME.",
        )
    if waiting:
        raise UserError(
            "Every sampled passage is coded, and nobody has said that she is done with "
            + ", ".join(f"{name} ({' or '.join(who)})" for name, who in waiting.items())
            + "; until then what is coded may still change.",
            hint=f"Whoever coded it opens audit {audit_id} in the browser and presses “I am done”.",
        )
    return found


def said(
    store: Store,
    run: RunRow,
    codebook: Codebook,
    units: UnitsConfig,
    plan: Plan,
    coders: Mapping[int, Sequence[str]],
) -> Said:
    """What ``coders`` (of each transcript) said about the sampled passages, by the codebook's order
    of codes that are asked about."""
    study = load(store, codebook, units.interviewers, run=run)
    ids = {info.name: info.id for info in transcript_infos(store)}
    kept = tuple(t for t in study.transcripts if ids[t.name] in coders)
    people = tuple(sorted({name for each in coders.values() for name in each}))
    matrix = build_units(kept, UnitPlan(codes=study.codes, coders=people))
    sample = {(d.transcript_id, d.segment) for d in plan.sample}
    share: dict[tuple[int, int], FloatArray] = {}
    unknown: dict[str, set[int]] = {}
    for unit in range(len(matrix.words)):
        key = ids[matrix.transcripts[int(matrix.transcript[unit])]]
        place = (key, int(matrix.segment[unit, 0]))
        if place not in sample:
            continue
        rows = [matrix.coder(name) for name in coders[key]]
        yes = matrix.positive[rows, unit].sum(axis=0)
        asked = matrix.scope[rows, unit].sum(axis=0)
        share[place] = np.where(asked > 0, yes / np.maximum(asked, 1), np.nan)
        for code in np.flatnonzero(asked == 0).tolist():
            unknown.setdefault(study.codes[code], set()).add(key)
    return Said(share, _reasons(store, codebook, coders, unknown) if unknown else {})


def _reasons(
    store: Store,
    codebook: Codebook,
    coders: Mapping[int, Sequence[str]],
    unknown: Mapping[str, set[int]],
) -> dict[str, str]:
    silences = Silences.among(coded_so_far(store), codebook)
    numbers = {s.coder.name: s.coder.id for s in scopes(store) if s.coder.kind == "human"}
    found: dict[str, str] = {}
    for code, keys in unknown.items():
        told: dict[str, set[str]] = {}
        for key in sorted(keys):
            for name in coders[key]:
                why = silences.of(numbers[name], key).get(code)
                words = _WHY[why] if why else "{who} was not asked about it"
                told.setdefault(words, set()).add(name)
        found[code] = "; ".join(
            words.format(who=" and ".join(sorted(names))) for words, names in told.items()
        )
    return found
