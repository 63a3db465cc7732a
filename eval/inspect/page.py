"""The page about people's codes: what to ask the coders and the codebook before going on."""

from __future__ import annotations

from eval.inspect.results import HARDLY, Inspected
from eval.inspect.sections import (
    agreement_blocks,
    code_blocks,
    codebook_blocks,
    coder_blocks,
    course_blocks,
    extent_blocks,
    twice_blocks,
)
from eval.report.document import Bullets, Document, Note, Section, Text
from eval.report.wording import how_many, listed, share

__all__ = ["by_two", "findings_in_words", "inspect_document"]

NAMED = 6
"""So many codes are named in a sentence; the table has all."""


def inspect_document(found: Inspected) -> Document:
    said = findings_in_words(found)
    sections = (
        Section(
            "short",
            "In short",
            (
                Text(
                    f"{how_many(found.coded, 'transcript')} of {found.transcripts} "
                    f"{'is' if found.coded == 1 else 'are'} coded by "
                    f"{how_many(len(found.coders), 'person', 'people')}, {by_two(found)}.",
                    lead=True,
                ),
                Bullets(said) if said else Text("Nothing stood out."),
                Note(
                    "Nothing here is an error by itself. Each line is a question to the people who "
                    "coded, best asked before a model is."
                ),
                *(Note(text) for text in found.overrides),
            ),
        ),
        Section("coders", "Who coded what", tuple(coder_blocks(found))),
        Section("codes", "Codes", tuple(code_blocks(found))),
        Section("codebook", "The codebook", tuple(codebook_blocks(found))),
        Section("extents", "Codings of a word, and of pages", tuple(extent_blocks(found))),
        Section("twice", "The same passage twice", tuple(twice_blocks(found))),
        Section("course", "Along the transcripts", tuple(course_blocks(found))),
        Section("agreement", "Agreement", tuple(agreement_blocks(found))),
    )
    return Document(
        f"{found.study}: what people coded",
        f"Looked at {found.made_at[:10]}; codebook {found.codebook}.",
        sections,
        ("This page holds no words of participants.",),
    )


def by_two(found: Inspected) -> str:
    """How many transcripts two people coded, and how many of these can say how well they agree."""
    said = f"{found.doubly} by two people or more"
    if found.independently == found.doubly:
        return said
    return f"{said}, of these {found.independently or 'none'} independently of each other"


def _rest(left: int) -> list[str]:
    return [f"{left} more"] if left > 0 else []


def findings_in_words(found: Inspected) -> tuple[str, ...]:
    """One sentence for each thing that stands out; what the terminal shows too."""
    made: list[str] = []
    unknown = [c.name for c in found.coders if c.exposures.get("unknown")]
    if unknown:
        made.append(
            f"What {listed(unknown)} had seen when coding is not known, so these codes count "
            "towards no verdict until you state it (secondcoder transcripts --set-exposure)."
        )
    made += [
        f"“{two.fewer}” and “{two.more}”: one person? They differ in {two.difference}. If so: "
        f'secondcoder transcripts --coder "{two.fewer}" --set-coder-name "{two.more}" '
        "--same-person"
        for two in found.one_person
    ]
    measured = [c for c in found.codes if c.measured and c.in_codebook]
    never = [c for c in measured if not c.codings]
    hardly = [c for c in measured if 0 < c.codings < HARDLY]
    alone = [c for c in found.codes if c.measured and len(c.coders) == 1 and c.could > 1]
    bare = [c for c in measured if not c.defined]
    lacking = [c for c in found.codes if not c.in_codebook and c.measured]
    for what, codes in (
        ("was used by nobody", never),
        (f"of the codebook was used fewer than {HARDLY} times", hardly),
        ("was used by one person only where others coded too", alone),
        ("has no definition", bare),
        ("is not in the codebook", lacking),
    ):
        if codes:
            verb = what.replace("was ", "were ").replace("has ", "have ").replace("is ", "are ")
            made.append(
                f"{how_many(len(codes), 'code')} {verb if len(codes) > 1 else what}: "
                f"{listed([*(c.code for c in codes[:NAMED]), *_rest(len(codes) - NAMED)])}."
            )
    if found.short:
        made.append(f"{how_many(len(found.short), 'coding')} of one or two words.")
    if found.long:
        made.append(f"{how_many(len(found.long), 'coding')} of pages.")
    if found.twice:
        made.append(
            f"{how_many(len(found.twice), 'time')} one person gave one code twice to the same "
            "words, or to words that overlap."
        )
    for c in found.courses:
        if c.stops:
            beside = (
                f", where others go on to {share(c.others_last)}"
                if c.others_last is not None
                else ""
            )
            made.append(
                f"{c.coder}'s codes in {c.transcript} end at {share(c.last)} of the text{beside}: "
                "was it coded to its end?"
            )
    near = [f for f in found.findings if f.kind == "near-name"]
    if near:
        made.append(f"{how_many(len(near), 'pair')} of codes with nearly the same name.")
    return tuple(made)
