"""From coded transcripts to two coders' passages of one code, on what both looked at.

Everything outside a common scope is cut away and the rest closes up, so that lengths are those of
text that both read. A model's suggestion counts for its whole segment, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.statistics.spans import Span, clip, union
from eval.statistics.unitizing import Unit
from eval.units.records import CodedTranscript

__all__ = ["closed_up", "common_passages", "looked_at", "passages_of", "several_codes", "units_of"]


def looked_at(transcript: CodedTranscript, coder: str, code: str | None = None) -> list[Span]:
    """Where a coder looked for a code (None: for any code); several scopes add up."""
    found: list[Span] = []
    for scope in transcript.scopes:
        if scope.coder != coder or (code is not None and not scope.looked_for(code)):
            continue
        found += [(0, len(transcript.text))] if scope.passages is None else list(scope.passages)
    return union(found)


def common_passages(
    transcript: CodedTranscript, coders: Sequence[str], code: str | None = None
) -> list[Span]:
    """Where all of them looked."""
    common = looked_at(transcript, coders[0], code)
    for coder in coders[1:]:
        common = union(clip(common, looked_at(transcript, coder, code)))
    return common


def passages_of(
    transcript: CodedTranscript, coder: str, codes: Sequence[str], within: Sequence[Span]
) -> dict[str, list[Span]]:
    """Code -> the coder's passages, cut to ``within``."""
    found: dict[str, list[Span]] = {code: [] for code in codes}
    for coding in transcript.codings:
        if coding.coder == coder and coding.code in found:
            found[coding.code] += clip([(coding.start, coding.end)], within)
    return found


def closed_up(spans: Sequence[Span], within: Sequence[Span]) -> list[Span]:
    """Positions in the text that is left when only ``within`` stays; spans lie inside it."""
    moved = []
    for start, end in spans:
        before = 0
        for first, last in within:
            if first <= start and end <= last:
                moved.append((before + start - first, before + end - first))
                break
            before += last - first
    return moved


def several_codes(marked: Sequence[dict[str, list[Span]]]) -> list[Span]:
    """Where any coder gave two codes at once; ``marked``: one a coder, as `passages_of`."""
    found: list[Span] = []
    for by_code in marked:
        merged = {code: union(spans) for code, spans in by_code.items()}
        seen: list[Span] = []
        for spans in merged.values():
            found += clip(spans, seen)
            seen = union([*seen, *spans])
    return union(found)


def units_of(by_code: dict[str, list[Span]], within: Sequence[Span]) -> list[Unit]:
    """As units on the closed-up text; passages of one code that overlap or touch become one."""
    return [
        Unit(start, end, code)
        for code, spans in by_code.items()
        for start, end in union(closed_up(clip(union(spans), within), within))
    ]
