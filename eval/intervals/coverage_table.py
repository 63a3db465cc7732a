"""How often the intervals of the reports held the true figure, by number of transcripts.

Made by ``python -m bench.coverage --write``: 2,000 codes drawn from each of four populations of
interviews (a very rare code; a rare and a common one that are hard to see; a common one that is
clear) for each of kappa, F1, precision and the difference between model-person and person-person
kappa. An interval of 95% should hold the true figure 95 times in a hundred, and lie wholly above
it at most 2.5 times.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MEASURED", "Coverage", "measured_coverage"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One line of the table; shares of intervals made for 95%."""

    method: str
    transcripts: int
    mean: float
    """That hold the true figure; mean over populations and figures."""
    least: float
    most: float
    above: float
    """That lie wholly above the true figure (its lower end promises too much); mean."""
    most_above: float

    def __str__(self) -> str:
        return (
            f"with {self.transcripts} transcripts intervals made for 95% held the true figure in "
            f"{self.mean:.0%} of cases ({self.least:.0%} to {self.most:.0%} by kind of code)"
        )


MEASURED: tuple[Coverage, ...] = (  # measured
    Coverage("jackknife-t", 6, 0.966, 0.940, 0.994, 0.016, 0.052),
    Coverage("jackknife-t", 8, 0.963, 0.940, 0.985, 0.016, 0.040),
    Coverage("jackknife-t", 12, 0.962, 0.938, 0.983, 0.017, 0.034),
    Coverage("jackknife-t", 24, 0.955, 0.940, 0.971, 0.020, 0.037),
    Coverage("jackknife-t", 50, 0.952, 0.941, 0.960, 0.020, 0.032),
    Coverage("percentile", 6, 0.845, 0.796, 0.871, 0.077, 0.175),
    Coverage("percentile", 8, 0.868, 0.836, 0.887, 0.055, 0.102),
    Coverage("percentile", 12, 0.895, 0.864, 0.912, 0.038, 0.078),
    Coverage("percentile", 24, 0.915, 0.900, 0.930, 0.031, 0.050),
    Coverage("percentile", 50, 0.930, 0.918, 0.949, 0.025, 0.041),
    Coverage("bca", 6, 0.848, 0.807, 0.868, 0.081, 0.164),
    Coverage("bca", 8, 0.870, 0.843, 0.891, 0.060, 0.105),
    Coverage("bca", 12, 0.899, 0.878, 0.920, 0.043, 0.074),
    Coverage("bca", 24, 0.917, 0.911, 0.926, 0.036, 0.048),
    Coverage("bca", 50, 0.931, 0.921, 0.948, 0.031, 0.041),
)  # end


def measured_coverage(transcripts: int, method: str = "jackknife-t") -> Coverage | None:
    """The line for the largest number measured that is not above; None below the smallest."""
    lines = [c for c in MEASURED if c.method == method and c.transcripts <= transcripts]
    return max(lines, key=lambda line: line.transcripts) if lines else None
