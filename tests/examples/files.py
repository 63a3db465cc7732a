"""The example study's files, read as plainly as can be and without the program's own readers.

What the tests in this folder say about the files is therefore independent of the readers: a mistake
in both would have to be the same mistake.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import docx
from ruamel.yaml import YAML

from assistant import shipped
from assistant.codebook.records import Codebook

__all__ = [
    "CODERS",
    "EXAMPLES",
    "Coded",
    "Reply",
    "codebook",
    "coded",
    "mean_kappa",
    "paragraphs",
    "positives",
    "replies",
    "transcript_names",
]

EXAMPLES = shipped.examples()
CODERS = ("Ana", "Ben", "Chloe")


@dataclass(frozen=True)
class Coded:
    """One paragraph of a coded file."""

    speaker: str
    text: str
    labels: tuple[str, ...]
    """As the coder wrote them."""


@dataclass(frozen=True)
class Reply:
    transcript: str
    segment: int
    """Paragraph, from 0."""
    code: str
    quote: str
    rationale: str
    confidence: float


def transcript_names() -> list[str]:
    return sorted(file.stem for file in (EXAMPLES / "transcripts").iterdir())


@cache
def paragraphs(name: str) -> tuple[tuple[str, str], ...]:
    """(speaker, text) of every paragraph; a paragraph without a speaker has the last one's."""
    (file,) = (EXAMPLES / "transcripts").glob(f"{name}.*")
    if file.suffix == ".docx":
        blocks = [p.text for p in docx.Document(str(file)).paragraphs]
    else:
        blocks = [block.strip() for block in file.read_text(encoding="utf-8").split("\n\n")]
    found: list[tuple[str, str]] = []
    speaker = ""
    for block in filter(None, blocks):
        alone = re.fullmatch(r"\*\*(.+)\*\*", block)
        named = re.match(r"([A-Z]\w+(?: \d+)?): ", block) if file.suffix != ".md" else None
        if alone:
            speaker = alone[1]
            continue
        if named:
            speaker, block = named[1], block[named.end() :]
        found.append((speaker, block))
    return tuple(found)


@cache
def coded(name: str, coder: str) -> tuple[Coded, ...]:
    """The paragraphs of a coded file: speaker, passage and labels, each set off by empty lines."""
    folder = "adjudicated" if coder == "Team" else "codings"
    text = (EXAMPLES / folder / f"{name} - {coder}.txt").read_text(encoding="utf-8")
    title, *blocks = [block.strip() for block in text.split("\n\n")]
    assert title == f"{name} - {coder}"
    speakers = {speaker for speaker, _ in paragraphs(name)}
    found: list[Coded] = []
    speaker = ""
    for block in filter(None, blocks):
        if block in speakers:
            speaker = block
        elif speaker:
            found.append(Coded(speaker, block, ()))
            speaker = ""
        else:
            last = found.pop()
            found.append(Coded(last.speaker, last.text, (*last.labels, block)))
    return tuple(found)


@cache
def codebook() -> Codebook:
    """The codebook's fields as the file has them, with the check of the record types."""
    file = EXAMPLES / "codebook" / "codebook.yaml"
    raw = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return Codebook.model_validate(raw | {"version": str(raw["version"])})


@cache
def replies() -> tuple[Reply, ...]:
    lines = (EXAMPLES / "recorded" / "replies.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Reply(**json.loads(line)) for line in lines)


@cache
def positives(code: str, coder: str) -> frozenset[tuple[str, int]]:
    """(transcript, paragraph) of every place where the coder, or ``model``, has the code."""
    if coder == "model":
        return frozenset((r.transcript, r.segment) for r in replies() if r.code == code)
    book = codebook()
    return frozenset(
        (name, number)
        for name in transcript_names()
        for number, paragraph in enumerate(coded(name, coder))
        if any(book.resolve(label) == code for label in paragraph.labels)
    )


def mean_kappa(code: str, pairs: Iterable[tuple[str, str]]) -> float:
    """Mean of Cohen's kappa over pairs of coders: (po - pe) / (1 - pe) by paragraph."""
    total = sum(len(paragraphs(name)) for name in transcript_names())
    values = []
    for one, other in pairs:
        a, b = positives(code, one), positives(code, other)
        if not a and not b:
            continue  # neither used the code: kappa is undefined
        observed = (total - len(a ^ b)) / total
        expected = (len(a) * len(b) + (total - len(a)) * (total - len(b))) / total**2
        values.append((observed - expected) / (1 - expected))
    return sum(values) / len(values)
