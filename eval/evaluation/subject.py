"""What an evaluation is of: the codebook, the policy, the units, and a run or none."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.codebook.records import Codebook
from assistant.store.records import RunRow
from eval.units.loading import LoadedStudy
from eval.units.records import UnitKind, UnitPlan
from eval.verdicts.policy import Policy

__all__ = ["Subject", "unit_plan"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be measured, and how."""

    study: str
    codebook: Codebook
    policy: Policy
    interviewers: tuple[str, ...]
    count_interviewers: bool
    run: RunRow | None = None
    unit: UnitKind = "segment"
    with_adjudicated: bool = False
    every_coefficient: bool = False
    present: str = ""
    """Hash of the codebook's version in force, which a run's need not be; empty: not known."""


def unit_plan(subject: Subject, study: LoadedStudy) -> UnitPlan:
    """The units that these people and codes are measured in."""
    coders = (*study.coders, study.model) if study.model else study.coders
    by_id = subject.codebook.by_id
    return UnitPlan(
        codes=study.codes,
        coders=coders,
        unit="exchange" if subject.unit == "exchange" else "segment",
        leave_out_interviewers=not subject.count_interviewers,
        code_units={c: by_id[c].unit for c in study.codes if by_id[c].unit != "segment"},
    )
