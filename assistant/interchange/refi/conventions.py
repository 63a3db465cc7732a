"""What positions count, for each text of a project.

A project may have been put together from several, and each program counted in its own way. All
texts share the project's convention, but a text that says otherwise keeps its own. It says so by
what is quoted from it, or, where nothing is, by at least four passages that begin and end at the
borders of words under its own convention and not under the project's. A text with less to say
follows the project.

Invariant: no text is read under a convention that its quotes contradict. Where another convention
agrees with more of them, that one is taken; where they stand in the text and none puts passages
there, none is. Single passages that the chosen one does not put at their words are found by
`assistant.interchange.refi.misplaced`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.interchange.refi.offsets import (
    FEW,
    LEAST,
    SURE,
    Fit,
    ReadText,
    Rule,
    Unit,
    fit,
    rules_of,
    spans_of,
)
from assistant.interchange.refi.scoring import (
    Selection,
    border_score,
    quote_of,
    quotes_at,
    spaceless,
    squeezed,
)

__all__ = ["Conventions", "fit_sources"]


@dataclass(frozen=True)
class Conventions:
    project: Fit
    """Of all texts that do not say otherwise."""
    own: Mapping[str, Fit] = field(default_factory=dict)
    """By source: texts that differ from the project, or of which nothing is understood."""

    def rule(self, source: str) -> Rule | None:
        """None: no position of this text can be understood."""
        return self.own.get(source, self.project).rule


@dataclass(frozen=True)
class _Tried:
    """One convention on the selections of one text."""

    rule: Rule
    spans: tuple[tuple[int, int], ...]
    quotes: int
    borders: tuple[int, ...]
    """Of each selection, 0 to 2."""


def fit_sources(
    texts: Mapping[str, str],
    marked: Mapping[str, bool],
    selections: Sequence[Selection],
    first: Unit = "code points",
) -> Conventions:
    """The project's convention, and those of single texts. Arguments as of `fit`."""
    read = {key: ReadText(text, marked.get(key, False)) for key, text in texts.items()}
    groups: dict[str, list[Selection]] = {}
    for selection in selections:
        if selection.source in texts:
            groups.setdefault(selection.source, []).append(selection)
    own: dict[str, Fit] = {}
    while True:
        rest = [one for key, mine in groups.items() if key not in own for one in mine]
        project = fit(texts, marked, rest, first, read)
        found = {
            key: one
            for key, mine in groups.items()
            if key not in own and (one := _alone(read[key], mine, project.rule, first)) is not None
        }
        if not found:
            break
        own |= found
    if own and len(rest) < FEW and (usual := _usual(groups, own)) is not None:
        project = _following(usual, texts, read, rest) or project
    return Conventions(project, own)


def _alone(
    text: ReadText, mine: Sequence[Selection], usual: Rule | None, first: Unit
) -> Fit | None:
    """A text's own convention; None: it has none, or the project's will do."""
    tried = [_try(text, mine, rule) for rule in rules_of(text.marked, first)]
    count = sum(bool(quote_of(one.name)) for one in mine)
    most = max(one.quotes for one in tried)
    told = (most >= 3 and most >= count / 5) or (most > 0 and most >= count / 2)
    if not told and _contradicted(text.text, mine):
        return Fit(
            None,
            0.0,
            "Positions could not be understood: what the file quotes stands elsewhere in the text, "
            "however they are counted.",
        )
    if usual is None:
        key = mine[0].source
        alone = fit({key: text.text}, {key: text.marked}, mine, first, {key: text})
        sure = told or (len(mine) >= FEW and alone.share >= SURE)
        return alone if alone.rule is not None and sure else None
    here = next(one for one in tried if one.rule == usual)
    if told:
        if most - here.quotes < (2 if here.quotes else 1):
            return None
        best = max((one for one in tried if one.quotes == most), key=lambda one: sum(one.borders))
        said = f"{most} of {count} passages that the file quotes are at their place"
        return Fit(best.rule, most / count, _said(best.rule, said))
    if _unspaced(text.text, here):
        return None
    best = max(tried, key=lambda one: sum(one.borders))
    apart = [n for n in range(len(mine)) if here.spans[n] != best.spans[n]]
    fits, fits_usual = (sum(one.borders[n] for n in apart) for one in (best, here))
    if len(apart) < FEW or fits < SURE * 2 * len(apart) or fits_usual >= LEAST * 2 * len(apart):
        return None
    share = sum(best.borders) / (2 * len(mine))
    said = f"{sum(best.borders)} of {2 * len(mine)} borders of passages are borders of words"
    return Fit(best.rule, share, _said(best.rule, said))


def _contradicted(text: str, mine: Sequence[Selection]) -> bool:
    """Whether names of passages are words of the text, so that they have to be at their place.
    Names of fewer than three words may be anything."""
    names = [name for one in mine if len((name := quote_of(one.name)).split()) >= 3]
    if len(names) < FEW:
        return False
    said = squeezed(text)
    return sum(name in said for name in names) >= len(names) / 2


def _try(text: ReadText, mine: Sequence[Selection], rule: Rule) -> _Tried:
    spans = tuple(spans_of({one.source: text for one in mine}, mine, rule))
    return _Tried(
        rule,
        spans,
        sum(quotes_at(text.text, one, *span) for one, span in zip(mine, spans, strict=True)),
        tuple(border_score(text.text, *span) for span in spans),
    )


def _unspaced(text: str, tried: _Tried) -> bool:
    starts = [start for start, end in tried.spans if 0 <= start < end]
    return sum(spaceless(text[start]) for start in starts) > len(starts) / 2


def _said(rule: Rule, counted: str) -> str:
    return f"Positions count {rule}: so read, {counted}."


def _usual(groups: Mapping[str, Sequence[Selection]], own: Mapping[str, Fit]) -> Rule | None:
    """The convention of most passages."""
    counts: Counter[Rule] = Counter()
    for key, one in own.items():
        if one.rule is not None:
            counts[one.rule] += len(groups[key])
    return counts.most_common(1)[0][0] if counts else None


def _following(
    rule: Rule, texts: Mapping[str, str], read: Mapping[str, ReadText], rest: Sequence[Selection]
) -> Fit | None:
    """The convention of the others for texts with too little to say; None where it cannot be."""
    spans = spans_of(read, rest, rule)
    if not all(0 <= start < end for start, end in spans):
        return None
    fits = sum(border_score(texts[o.source], *span) for o, span in zip(rest, spans, strict=True))
    return Fit(
        rule,
        fits / (2 * len(rest)) if rest else 1.0,
        f"Positions count {rule}, as in most texts of the project: too few passages to be sure, so "
        "look at some of them in the transcript."
        if rest
        else "",
    )
