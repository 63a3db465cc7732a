"""Where coders disagree: found, sorted by who agrees with whom, and written for people to read.

Needs no coefficient and no model: two people are enough.
"""

from eval.disagreements.finding import Gathered, Wanted, find_disagreements, gather
from eval.disagreements.records import Disagreement, Passage, Side

__all__ = [
    "Disagreement",
    "Gathered",
    "Passage",
    "Side",
    "Wanted",
    "find_disagreements",
    "gather",
]
