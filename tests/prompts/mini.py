"""An invented codebook and passages for the tests of prompts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ExampleView:
    text: str
    applies: bool


@dataclass(frozen=True)
class CodeView:
    id: str
    label: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[ExampleView, ...] = ()
    family: str = ""
    exclusive_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodebookView:
    name: str
    codes: tuple[CodeView, ...]


@dataclass(frozen=True)
class SegmentView:
    number: int
    speaker: str
    text: str


CODEBOOK = CodebookView(
    name="Allotments",
    codes=(
        CodeView(
            id="soil-worry",
            label="Worry about soil",
            definition="Somebody is troubled by the state of the soil.\nNot only clay counts.",
            include="Also worries about somebody else's plot.",
            exclude="A plain description of the soil.",
            examples=(
                ExampleView("It is all clay, I could cry.", True),
                ExampleView("We have clay here.", False),
            ),
            family="The plot",
            exclusive_with=("soil-pride",),
        ),
        CodeView(id="neighbours", label="neighbours", family="People"),
        CodeView(
            id="soil-pride",
            label="soil-pride",
            definition="Somebody is proud of the soil.",
            family="The plot",
        ),
        CodeView(id="weather", label="weather", definition="What the weather did to the plot."),
    ),
)


def variables(**changes: Any) -> dict[str, Any]:
    return {
        "codebook": CODEBOOK,
        "before": (SegmentView(0, "Interviewer", "So how was the spring?"),),
        "segments": (
            SegmentView(1, "Ada", 'Wet. My neighbour said "give it up", and I nearly did.'),
            SegmentView(2, "", "Clay, all of it."),
        ),
        "after": (SegmentView(0, "Interviewer", "And the summer?"),),
        "language": "en",
        **changes,
    }
