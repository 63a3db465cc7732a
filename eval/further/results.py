"""What an evaluation holds besides its headline: passages, planning, more coefficients."""

from __future__ import annotations

from dataclasses import dataclass

from eval.further.coefficients import Further
from eval.further.spans import SpanResult
from eval.statistics.alternative_annotator import AlternativeAnnotator
from eval.verdicts.planning import Planning

__all__ = ["More"]


@dataclass(frozen=True, slots=True)
class More:
    """None: not measured, or there is nobody to measure."""

    people_spans: SpanResult | None = None
    model_spans: SpanResult | None = None
    planning: Planning | None = None
    people: Further | None = None
    """Only with ``--all``."""
    model: Further | None = None
    substitute: AlternativeAnnotator | None = None
    """Only with ``--all`` and three or more people."""

    @property
    def further(self) -> bool:
        """Whether it has what ``--all`` adds."""
        return self.people is not None or self.model is not None
