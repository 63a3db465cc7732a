"""What an evaluation found, in one record: the report is drawn from this and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.store.measured.looks import Look
from eval.evaluation.behind import Behind
from eval.evaluation.difference import Difference
from eval.evaluation.figures import Summary
from eval.further.results import More
from eval.intervals.resampling import Interval
from eval.statistics.values import Value
from eval.units.loading import LeftOutCode, Person
from eval.units.records import LeftOut
from eval.verdicts.lanes import Verdict

__all__ = [
    "BaselineResult",
    "Coverage",
    "Evaluation",
    "ModelResult",
    "OverrideRow",
    "PairInTranscript",
    "PeopleResult",
    "RunFacts",
    "Sensitivity",
]


@dataclass(frozen=True, slots=True)
class PairInTranscript:
    """Two people (or a person and the model) in one transcript, all codes pooled."""

    transcript: str
    first: str
    second: str
    units: int
    """Unit x code cells that both looked at."""
    both: int
    only_first: int
    only_second: int
    kappa: Value
    f1: Value
    counts_as_evidence: bool
    """False: what one of them had seen is not known, or it is an adjudicated version."""

    @property
    def cells(self) -> tuple[int, int, int, int]:
        """Both, first only, second only, neither."""
        neither = self.units - self.both - self.only_first - self.only_second
        return self.both, self.only_first, self.only_second, neither


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The pooled kappa under another rule from span to unit, or another unit."""

    what: str
    people: Interval | None
    model: Interval | None
    people_f1: Interval | None = None
    """None where there is no pair, and in evaluations of older versions."""
    model_f1: Interval | None = None
    people_behind: Behind | None = None
    """Behind either kappa; None as above."""
    model_behind: Behind | None = None


@dataclass(frozen=True, slots=True)
class PeopleResult:
    """People with people."""

    each: tuple[PairInTranscript, ...]
    together: Summary
    """Every two people who coded a transcript, all their units in one table."""
    by_pair: Summary
    """Mean over pairs of people: the ceiling that a model is set beside."""
    alpha: Interval
    """Krippendorff's alpha of all people at once, pooled."""
    families: Summary
    with_missing_codes: Interval
    """Pooled kappa when the codes that the codebook lacks are counted too."""
    any_code: Interval
    """Kappa of "is this unit worth any code"."""
    with_missing_codes_f1: Interval | None = None
    """F1 beside either of the two; None in evaluations of older versions."""
    any_code_f1: Interval | None = None
    units: int | None = None
    """That two of them looked at, which the figures rest on; None as above."""


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """Something without understanding, measured like the model."""

    name: str
    what: str
    """One sentence for people."""
    summary: Summary
    over: dict[str, Interval]
    """Code -> model's kappa less this one's, on the same units."""
    over_pooled: Interval


@dataclass(frozen=True, slots=True)
class ModelResult:
    """The model with each person, the people's ceiling and the baselines beside it."""

    each: tuple[PairInTranscript, ...]
    summary: Summary
    families: Summary
    difference: Difference | None
    """None where no two people coded what the model coded."""
    baselines: tuple[BaselineResult, ...]
    best_baseline: str
    verdicts: tuple[Verdict, ...]
    suggestions: int
    not_placed: int
    failed_segments: int
    not_in_scope: tuple[str, ...]
    """Transcripts that the run coded and nobody else did."""
    beside: dict[str, Difference] = field(default_factory=dict)
    """By key of `agreement.STATISTICS`, the same as ``difference``, which is of kappa: people have
    a second coefficient wherever the model has. Empty in evaluations of older versions."""
    units: int | None = None
    """That the model and a person looked at; None in evaluations of older versions."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The run that was measured."""

    id: int
    coder: str
    model: str
    endpoint: str
    strategy: str
    prompt: str
    status: str
    why: str
    recipe_sha256: str
    started_at: str
    transcripts: tuple[str, ...]
    calibrated_on: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Transcript -> names of the transcripts that its fit saw; empty: not calibrated."""
    notes: tuple[str, ...] = ()
    embedding: str = ""
    """Model and address that passages and codes were sent to for vectors; empty: nowhere."""
    without_suggestions: dict[str, str] = field(default_factory=dict)
    """Transcripts of the run that got no suggestion at all -> why."""


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """A bulk decision against the evidence; stands in every report."""

    code: str
    run: int
    suggestions: int
    because: str
    reviewer: str
    at: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the figures rest on, and what was left out."""

    transcripts: tuple[str, ...]
    """That a measured person coded; what only the run has coded is no part of any figure."""
    units: int
    """That any of these people looked at."""
    unit: str
    rule: str
    interviewers_counted: bool
    left_out: LeftOut
    left_out_codes: tuple[LeftOutCode, ...]
    missing_share: float
    people: tuple[Person, ...]
    languages: dict[str, str]


@dataclass(frozen=True, slots=True)
class Evaluation:
    study: str
    made_at: str
    codebook: str
    codebook_version: str
    codebook_sha256: str
    policy_sha256: str
    method: str
    level: float
    resamples: int
    seed: int
    coverage: Coverage
    people: PeopleResult | None
    """None where no two people coded the same transcript."""
    model: ModelResult | None
    run: RunFacts | None
    sensitivity: tuple[Sensitivity, ...]
    looks: int
    """How often evidence of this codebook's lineage was looked at before, by anybody."""
    overrides: tuple[OverrideRow, ...]
    withdrawn: tuple[str, ...]
    notes: tuple[str, ...]
    code_names: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    looks_by_kind: dict[str, int] = field(default_factory=dict)
    """``looks`` by what was looked at; empty in evaluations of older versions."""
    looks_before: tuple[Look, ...] = ()
    """The last of ``looks``, the latest first; empty in evaluations of older versions."""
    more: More | None = None
    """Passages, planning, coefficients behind ``--all``; None in evaluations of older versions."""
