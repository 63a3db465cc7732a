"""What to do next, as pages say it: the same steps as on the command line, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.guide.overview import Overview

__all__ = ["PageStep", "page_steps"]

_COMMAND = re.compile(r":?\s*(?:the same )?`?secondcoder (\w+)(.*)$", re.DOTALL)
_ASIDE = re.compile(r"\s*\(secondcoder [^)]*\)")
_PLACES = {
    "import": ("/#import", "Bring in files"),
    "codebook": ("/codebook", "Open the codebook"),
    "transcripts": ("/#seen", "Say it"),
    "evaluate": ("/#measure", "Measure"),
    "code": ("/run", "Start a run"),
    "runs": ("/transcripts", "Review"),
    "merge": ("/disagreements", "Settle them"),
    "pseudonyms": ("/", "The study"),
}


@dataclass(frozen=True)
class PageStep:
    what: str
    path: str
    link: str


def page_steps(found: Overview) -> tuple[PageStep, ...]:
    """The next steps of an overview without commands, with the page where each is done."""
    return tuple(_step(text) for text in found.next_steps)


def _step(text: str) -> PageStep:
    text = _ASIDE.sub("", text)
    command = _COMMAND.search(text)
    if text.startswith("Put the policy back"):
        return PageStep(text + ".", "/#policy", "Put it back")
    if command is None:
        return PageStep(text, "/", "The study")
    verb, rest = command[1], command[2]
    what = text[: command.start()].rstrip(" :") + "."
    path, link = _PLACES.get(verb, ("/", "The study"))
    if verb == "codebook" and rest.strip().startswith("derive"):
        path, link = "/codebook#derive", "Make a first codebook"
    if verb == "audit":
        done = "judge the sample that was" if rest.strip().startswith("result") else "have a sample"
        what, path, link = f"{what.rstrip('.')}: {done} coded blind.", "/audits", "Audits"
    if verb == "codebook" and rest.strip().startswith("history"):
        path, link = "/#recoding", "Look at them"
    return PageStep(what, path, link)
