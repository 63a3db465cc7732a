"""Small transcripts and a codebook for tests of coding; everything here is invented."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.codebook.records import Code, Codebook, Example, Ignored
from assistant.coding.records import Application
from assistant.transcripts.records import Segment, Transcript

__all__ = ["CODEBOOK", "apply", "count_words", "made_of", "whole"]

CODEBOOK = Codebook(
    name="Gardens",
    families={"Soil": "What grows where", "People": ""},
    ignore=(Ignored(pattern="Q[0-9]*", why="marks a question"),),
    codes=(
        Code(
            id="watering",
            name="Watering the beds",
            definition="How water gets to the plants.",
            include="Rain barrels count.",
            exclude="Not the pond.",
            family="Soil",
            aliases=("irrigation",),
            examples=(
                Example(text="We carried cans all summer.", transcript="Plot 7"),
                Example(text="The pond froze.", applies=False),
            ),
            exclusive_with=("drought", "visit"),
        ),
        Code(id="drought", definition="Too little rain.", family="Soil"),
        Code(id="visit", kind="structural", definition="Start of a visit."),
        Code(id="plot-size", kind="attribute"),
    ),
)


def count_words(text: str) -> int:
    """Words as tokens: close enough to the real thing, and easy to count by hand."""
    return len(text.split())


def made_of(
    paragraphs: Sequence[str],
    *,
    speakers: Sequence[str] = (),
    language: str = "en",
    name: str = "Plot 3",
) -> Transcript:
    """A transcript whose segments are the paragraphs."""
    text = "\n\n".join(paragraphs)
    segments, start = [], 0
    for index, paragraph in enumerate(paragraphs):
        last = index == len(paragraphs) - 1
        end = len(text) if last else start + len(paragraph) + 2
        speaker = speakers[index % len(speakers)] if speakers else ""
        segments.append(Segment(index=index, start=start, end=end, speaker=speaker, turn=index))
        start = end
    return Transcript(
        id=1,
        name=name,
        sha256="sha256:none",
        text=text,
        language=language,
        consent="local",
        segments=tuple(segments),
    )


def whole(text: str, speaker: str = "Ana") -> Segment:
    """The text as one segment."""
    return Segment(index=0, start=0, end=len(text), speaker=speaker)


def apply(quote: str, *, code: str = "watering", segment: int = 1) -> Application:
    return Application(segment=segment, code=code, quote=quote, rationale="r", confidence=0.5)
