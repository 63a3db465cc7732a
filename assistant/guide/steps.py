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
}
_NO_PAGE = frozenset({"pseudonyms", "split"})
"""Commands that no page stands for: the step names them."""


@dataclass(frozen=True)
class PageStep:
    what: str
    path: str
    """Empty where no page does it; ``what`` names the command then."""
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
    if text.startswith("Answer what was asked"):
        return PageStep(text[: command.start()] + ".", "/#asked", "Answer")
    verb, rest = command[1], command[2]
    what = text[: command.start()].rstrip(" :").removesuffix(" with") + "."
    if verb in _NO_PAGE:
        words = command[0].lstrip(": ").strip("`")
        return PageStep(f"{what} On the command line: {words}", "", "")
    path, link = _PLACES.get(verb, ("/", "The study"))
    if verb == "code" and text.startswith("Go on"):
        link = "Go on"
    if verb == "codebook" and rest.strip().startswith("derive"):
        path, link = "/codebook#derive", "Make a first codebook"
    if verb == "audit":
        done = "judge the sample that was" if rest.strip().startswith("result") else "have a sample"
        what, path, link = f"{what.rstrip('.')}: {done} coded blind.", "/audits", "Audits"
    if verb == "codebook" and rest.strip().startswith("history"):
        path, link = "/#recoding", "Look at them"
    return PageStep(what, path, link)
