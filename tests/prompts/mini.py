"""An invented codebook and passages for the tests of prompts, as templates get them."""

from __future__ import annotations

from typing import Any


def code(code_id: str, **fields: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("definition", "include", "exclude", "family"), "")
    return {
        "id": code_id,
        "label": code_id,
        **empty,
        "examples": [],
        "exclusive_with": [],
        **fields,
    }


def segment(number: int, speaker: str, text: str) -> dict[str, Any]:
    return {"number": number, "speaker": speaker, "text": text}


CODEBOOK: dict[str, Any] = {
    "name": "Allotments",
    "families": [
        {"name": "The plot", "description": "What is under one's feet"},
        {"name": "People", "description": ""},
    ],
    "codes": [
        code(
            "soil-worry",
            label="Worry about soil",
            definition="Somebody is troubled by the state of the soil.\nNot only clay counts.",
            include="Also worries about somebody else's plot.",
            exclude="A plain description of the soil.",
            examples=[
                {"text": "It is all clay, I could cry.", "applies": True},
                {"text": "We have clay here.", "applies": False},
            ],
            family="The plot",
            exclusive_with=["soil-pride"],
        ),
        code("neighbours", family="People"),
        code("soil-pride", definition="Somebody is proud of the soil.", family="The plot"),
        code("weather", definition="What the weather did to the plot."),
    ],
}


def variables(**changes: Any) -> dict[str, Any]:
    return {
        "codebook": CODEBOOK,
        "before": [segment(1, "Interviewer", "So how was the spring?")],
        "segments": [
            segment(1, "Ada", 'Wet. My neighbour said "give it up", and I nearly did.'),
            segment(2, "", "Clay, all of it."),
        ],
        "after": [segment(1, "Interviewer", "And the summer?")],
        "language": "en",
        **changes,
    }
