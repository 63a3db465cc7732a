"""Why a text of a project was not taken, and what the user can do about it."""

from __future__ import annotations

__all__ = ["NOTHING_TAKEN", "WITHDRAWN", "missing_in_words"]

NOTHING_TAKEN = "None of its texts was taken. Why, and what to do, is said of each of them."
WITHDRAWN = (
    "These are the words of a participant who withdrew. They were not imported. A withdrawal is "
    "for good: take the text out of the project and delete its file."
)


def missing_in_words(why: str) -> str:
    return (
        f"Its text is missing: {why}. Export the project again as .qdpx with its texts in it, and "
        "import that; its codings come with it."
    )
