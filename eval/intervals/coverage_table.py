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
    Coverage("jackknife-t", 6, 0.972, 0.951, 0.997, 0.014, 0.043),
    Coverage("jackknife-t", 8, 0.969, 0.961, 0.991, 0.014, 0.030),
    Coverage("jackknife-t", 12, 0.967, 0.958, 0.983, 0.016, 0.030),
    Coverage("jackknife-t", 24, 0.959, 0.947, 0.971, 0.019, 0.033),
    Coverage("jackknife-t", 50, 0.955, 0.945, 0.968, 0.019, 0.029),
    Coverage("percentile", 6, 0.861, 0.816, 0.919, 0.071, 0.155),
    Coverage("percentile", 8, 0.881, 0.836, 0.919, 0.051, 0.091),
    Coverage("percentile", 12, 0.904, 0.864, 0.930, 0.035, 0.066),
    Coverage("percentile", 24, 0.922, 0.900, 0.945, 0.029, 0.045),
    Coverage("percentile", 50, 0.936, 0.918, 0.958, 0.023, 0.037),
    Coverage("bca", 6, 0.863, 0.830, 0.922, 0.075, 0.144),
    Coverage("bca", 8, 0.883, 0.856, 0.924, 0.056, 0.092),
    Coverage("bca", 12, 0.908, 0.878, 0.930, 0.040, 0.062),
    Coverage("bca", 24, 0.923, 0.911, 0.941, 0.035, 0.043),
    Coverage("bca", 50, 0.936, 0.921, 0.954, 0.029, 0.038),
)  # end


def measured_coverage(transcripts: int, method: str = "jackknife-t") -> Coverage | None:
    """The line for the largest number measured that is not above; None below the smallest."""
    lines = [c for c in MEASURED if c.method == method and c.transcripts <= transcripts]
    return max(lines, key=lambda line: line.transcripts) if lines else None
