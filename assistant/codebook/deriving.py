"""A first codebook from the codes that people have already applied.

It holds what was found and nothing else: the names as people wrote them, how often, a few passages
with their transcripts. Definitions are left for people to write. Names that look like spellings of
one idea are *proposed* as aliases, in comments; nothing is joined until a person does it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from assistant.codebook.naming import near_pairs, nearness
from assistant.codebook.records import Code, Codebook, Example
from assistant.codebook.writing import codebook_yaml

__all__ = ["CodedPassage", "ProposedAlias", "derive", "derived_yaml"]

_PASSAGES = 3
_LONGEST = 60
_SHORTEST = 4


class CodedPassage(NamedTuple):
    """One code that one person gave to one passage."""

    code: str
    text: str
    transcript: str
    coder: str


class ProposedAlias(NamedTuple):
    alias: str
    of: str
    """The code it may be another spelling of: the one that was used more."""
    difference: str
    """In words: ``"case and plural"``."""


def derive(name: str, uses: Sequence[CodedPassage]) -> tuple[Codebook, tuple[ProposedAlias, ...]]:
    """A codebook with one code for each name in ``uses``, commonest first, and the proposals.

    Each code shows up to three passages of 4 to 60 words, from different transcripts and coders
    where there are any; a longer passage is cut to its first 60 words, so that it still stands in
    its transcript word for word.
    """
    by_code: dict[str, list[CodedPassage]] = defaultdict(list)
    for use in uses:
        by_code[use.code].append(use)
    ordered = sorted(by_code, key=lambda code: (-len(by_code[code]), code))
    codes = tuple(Code(id=code, examples=_passages(by_code[code])) for code in ordered)
    return Codebook(name=name, codes=codes), _proposals(ordered)


def derived_yaml(
    codebook: Codebook, proposals: Sequence[ProposedAlias], uses: Sequence[CodedPassage]
) -> str:
    """The derived codebook as YAML for people to go on with: counts and proposals as comments."""
    comments: dict[str, list[str]] = {}
    by_code: dict[str, list[CodedPassage]] = defaultdict(list)
    for use in uses:
        by_code[use.code].append(use)
    for code in codebook.codes:
        comments[code.id] = [_counts(by_code[code.id])]
    for proposal in proposals:
        comments[proposal.alias].append(
            f"proposed alias of {proposal.of}: differs in {proposal.difference}"
        )
        comments[proposal.of].append(
            f"proposed alias: {proposal.alias} ({_number(len(by_code[proposal.alias]), 'coding')})"
        )
    coders = {use.coder for use in uses}
    transcripts = {use.transcript for use in uses}
    header = [
        "Made from the codes that people had applied: "
        f"{_number(len(codebook.codes), 'name')}, {_number(len(uses), 'coding')}, "
        f"{_number(len(transcripts), 'transcript')}, {_number(len(coders), 'coder')}.",
        "",
        "What is left for you:",
        "1. Write a definition for each code. Without one a model sees nothing but its name.",
        "2. Look at each “proposed alias”. If it is the same idea, write the name under `aliases:`",
        "   of the other code and delete its own entry. If it is not, delete the comment.",
        "3. Move names that are not about content (numbers of questions, remarks to yourself)",
        "   under `ignore:`.",
        "4. Read the passages. Keep those that show the code well. Each is left out of prompts",
        "   that code its own transcript. They are participants' words: keep this file as safe as",
        "   the transcripts.",
        "Then run `secondcoder codebook check`.",
    ]
    return codebook_yaml(codebook, header=header, code_comments=comments, empty_definitions=True)


def _proposals(ordered: Sequence[str]) -> tuple[ProposedAlias, ...]:
    rank = {code: place for place, code in enumerate(ordered)}
    best: dict[str, str] = {}
    for pair in near_pairs(ordered):
        if pair.spelling:
            continue
        kept, alias = sorted((pair.one, pair.other), key=rank.__getitem__)
        if alias not in best or rank[kept] < rank[best[alias]]:
            best[alias] = kept
    proposals = []
    for alias, of in sorted(best.items(), key=lambda item: rank[item[0]]):
        # An alias leads to a code that stays, never to another alias.
        while of in best and nearness(alias, best[of]):
            of = best[of]
        difference = nearness(alias, of)
        if difference and of not in best:
            proposals.append(ProposedAlias(alias, of, difference))
    return tuple(proposals)


def _passages(uses: Sequence[CodedPassage]) -> tuple[Example, ...]:
    def length(use: CodedPassage) -> int:
        return len(use.text.split())

    fitting = [use for use in uses if _SHORTEST <= length(use) <= _LONGEST]
    longer = sorted((use for use in uses if length(use) > _LONGEST), key=length)
    shorter = sorted((use for use in uses if 0 < length(use) < _SHORTEST), key=lambda u: -length(u))
    chosen: list[Example] = []
    texts: set[str] = set()
    transcripts: Counter[str] = Counter()
    coders: Counter[str] = Counter()
    candidates = [*fitting, *longer, *shorter]
    while candidates and len(chosen) < _PASSAGES:
        use = min(candidates, key=lambda u: (transcripts[u.transcript], coders[u.coder]))
        candidates.remove(use)
        text = _cut(use.text)
        if text in texts:
            continue
        texts.add(text)
        transcripts[use.transcript] += 1
        coders[use.coder] += 1
        chosen.append(Example(text=text, transcript=use.transcript))
    return tuple(chosen)


def _cut(text: str) -> str:
    """The first words of a text, as they stand in it."""
    words = text.split()
    if len(words) <= _LONGEST:
        return text.strip()
    position = 0
    for word in words[:_LONGEST]:
        position = text.index(word, position) + len(word)
    return text[:position].strip()


def _counts(uses: Sequence[CodedPassage]) -> str:
    transcripts = {use.transcript for use in uses}
    coders = Counter(use.coder for use in uses)
    by_coder = ", ".join(f"{coder} {count}" for coder, count in coders.most_common())
    return (
        f"{_number(len(uses), 'coding')} in {_number(len(transcripts), 'transcript')} ({by_coder})"
    )


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
