"""The example study with new interviews that nobody has coded, and what a person would say there.

A new interview is put together from passages of the twelve, so that the recorded replies answer for
it and Ana's codes say what is right.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from assistant import shipped
from assistant.interchange.audit_files import read_blind_file
from assistant.study import Study, open_study
from tests.cli.command import Ended, secondcoder
from tests.examples.files import codebook, paragraphs, positives, transcript_names

__all__ = ["ACCEPT", "NEW", "done", "fill_in", "study_with_new", "truth"]

NEW = tuple(f"New {n}" for n in range(1, 7))
ACCEPT = ("Growing-and-crops", "Help-between-plots", "Family-and-plot")


def _new(number: int) -> list[tuple[str, int]]:
    """Where the passages of one new interview come from."""
    names = transcript_names()
    length = min(len(paragraphs(name)) for name in names)
    return [(names[(number + i) % len(names)], i) for i in range(length)]


def study_with_new(folder: Path, base_url: str, new: int = len(NEW)) -> Study:
    """The study's files; nothing is imported yet."""
    shutil.copytree(shipped.examples(), folder)
    shutil.copytree(shipped.prompts(), folder / "prompts")
    (folder / "eval").mkdir()
    shutil.copyfile(shipped.policy(), folder / "eval" / "policy.toml")
    lines = (folder / "study.toml").read_text(encoding="utf-8")
    settings = f'base_url = {json.dumps(base_url)}\nmodel = "recorded"\napi_key_env = ""\n'
    (folder / "study.toml").write_text(
        lines.replace("[endpoint]\n", "[endpoint]\n" + settings), encoding="utf-8"
    )
    place = folder / "new"
    place.mkdir()
    for number, name in enumerate(NEW[:new]):
        said = []
        for source, index in _new(number):
            speaker, text = paragraphs(source)[index]
            who = "Interviewer" if speaker.startswith("Interviewer") else "Gardener"
            said.append(f"{who}: {text}")
        (place / f"{name}.txt").write_text("\n\n".join(said) + "\n", encoding="utf-8")
    return open_study(folder)


def truth(name: str, segment: int, coder: str = "Ana") -> list[str]:
    """What a person says about a passage of a new interview."""
    source, index = _new(NEW.index(name))[segment]
    return [c.id for c in codebook().sent if (source, index) in positives(c.id, coder)]


def fill_in(path: Path, coder: str = "Ana") -> None:
    """Write a person's codes into a blind file, as she would."""
    found = read_blind_file(path)
    current = [-1]

    def line(match: re.Match[str]) -> str:
        if match[1]:
            current[0] = int(match[1]) - 1
            return match[0]
        return "codes: " + (", ".join(truth(found.transcript, current[0], coder)) or "none")

    text = path.read_text(encoding="utf-8")
    path.write_text(
        re.sub(r"^\[(\d+)\]|^codes:.*$", line, text, flags=re.MULTILINE), encoding="utf-8"
    )


def done(folder: Path, *arguments: str) -> Ended:
    ended = secondcoder(folder, *arguments)
    assert ended.code == 0, ended.err
    return ended
