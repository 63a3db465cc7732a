"""Cutting a transcript into chunks, each of which becomes one request.

Chunks follow segment borders and fit a token budget. Every segment with words in it is in exactly
one chunk, save that a segment above the budget is cut at sentences into pieces, each of which is
in exactly one chunk; segments of white space only are named by `blank_segments` and not
asked about. Chunks are slices of the stored text: nothing is collapsed, nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assistant.coding.records import Chunk, Piece
from assistant.coding.sentences import cut_to_fit
from assistant.transcripts.records import Segment, segment_body

__all__ = ["CountTokens", "blank_segments", "halve", "make_chunks", "shorten"]

CountTokens = Callable[[str], int]

# Number, brackets and line end around each passage in a request, in tokens.
_FRAME = 6


def blank_segments(text: str, segments: Sequence[Segment]) -> tuple[int, ...]:
    """Indexes of the segments that hold white space only: never sent, named as not coded."""
    return tuple(s.index for s in segments if not text[s.start : s.end].strip())


def make_chunks(
    text: str,
    segments: Sequence[Segment],
    count_tokens: CountTokens,
    budget: int,
    context_segments: int = 2,
) -> tuple[Chunk, ...]:
    """Chunks of a transcript, in the order of its text.

    ``budget`` is in tokens and holds for the pieces to be coded, with their speakers; context comes
    on top, at most a quarter of the budget on each side (what is nearest is kept, cut at
    sentences). A segment above the budget gets chunks of its own, in pieces of up to
    half the budget, so that a cut-off reply about it can still be halved.
    """
    if budget < 1:
        raise ValueError("budget must be at least one token")
    cutter = _Cutter(text, segments, count_tokens)
    groups: list[list[Piece]] = []
    room = 0
    for segment in segments:
        start, end = segment_body(text, segment)
        if start == end:
            continue
        cost = cutter.cost(segment.index, start, end)
        whole = Piece(segment=segment.index, start=start, end=end)
        if cost > budget:
            groups.extend(cutter.groups(whole, budget))
            room = 0
        elif cost <= room:
            groups[-1].append(whole)
            room -= cost
        else:
            groups.append([whole])
            room = budget - cost
    return tuple(_with_context(groups, cutter, budget // 4, context_segments))


class _Cutter:
    """Costs of stretches of one transcript, and cuts that keep to them."""

    def __init__(self, text: str, segments: Sequence[Segment], count: CountTokens) -> None:
        self.text = text
        self.count = count
        self._counts: dict[tuple[int, int], int] = {}
        self._cuts: dict[tuple[Piece, int], list[Piece]] = {}
        self._frame = {s.index: _FRAME + (count(s.speaker) if s.speaker else 0) for s in segments}

    def cost(self, segment: int, start: int, end: int) -> int:
        return self._count(start, end) + self._frame[segment]

    def _count(self, start: int, end: int) -> int:
        """Counted once: most segments are context of the chunks before and behind them too."""
        if (start, end) not in self._counts:
            self._counts[start, end] = self.count(self.text[start:end])
        return self._counts[start, end]

    def cut(self, piece: Piece, limit: int) -> list[Piece]:
        if (piece, limit) not in self._cuts:
            self._cuts[piece, limit] = self._cut(piece, limit)
        return self._cuts[piece, limit]

    def _cut(self, piece: Piece, limit: int) -> list[Piece]:
        # At least half the limit is for words, however long the speaker's name is.
        room = max(limit - self._frame[piece.segment], limit // 2, 1)
        spans = cut_to_fit(self.text, piece.start, piece.end, self._count, room)
        trimmed = (self._trim(start, end) for start, end in spans)
        return [Piece(segment=piece.segment, start=s, end=e) for s, e in trimmed if s < e]

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        raw = self.text[start:end]
        return start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip())

    def groups(self, piece: Piece, budget: int) -> list[list[Piece]]:
        groups: list[list[Piece]] = []
        room = 0
        for part in self.cut(piece, max(1, budget // 2)):
            cost = self.cost(part.segment, part.start, part.end)
            if cost <= room:
                groups[-1].append(part)
                room -= cost
            else:
                groups.append([part])
                room = budget - cost
        return groups


def _with_context(
    groups: list[list[Piece]], cutter: _Cutter, limit: int, wanted: int
) -> Iterable[Chunk]:
    pieces = [piece for group in groups for piece in group]
    first = 0
    for index, group in enumerate(groups):
        last = first + len(group)
        before = _context(reversed(pieces[max(0, first - wanted) : first]), cutter, limit, -1)
        after = _context(pieces[last : last + wanted], cutter, limit, 0)
        yield Chunk(
            index=index,
            first_segment=group[0].segment,
            last_segment=group[-1].segment,
            context_before=tuple(reversed(before)),
            context_after=tuple(after),
            context_segments=wanted,
            pieces=tuple(group),
        )
        first = last


def _context(nearest_first: Iterable[Piece], cutter: _Cutter, limit: int, end: int) -> list[Piece]:
    """What fits of the pieces beside a chunk; ``end`` is the end that touches it (-1 or 0)."""
    kept: list[Piece] = []
    for piece in nearest_first:
        cost = cutter.cost(piece.segment, piece.start, piece.end)
        if cost > limit:
            parts = cutter.cut(piece, limit) if limit > _FRAME else []
            if parts and cutter.cost(parts[end].segment, parts[end].start, parts[end].end) <= limit:
                kept.append(parts[end])
            break
        kept.append(piece)
        limit -= cost
    return kept


def shorten(chunk: Chunk) -> tuple[Chunk, ...]:
    """What to ask instead of a request that was too long: its halves, and no context.

    With its context, a half can be as long as the whole. A single piece is asked about without
    context; one that had none cannot be made shorter, and nothing is returned.
    """
    bare = chunk.model_copy(
        update={"context_before": (), "context_after": (), "context_segments": 0}
    )
    halves = halve(bare)
    if halves is not None:
        return halves
    if chunk.context_before or chunk.context_after:
        return (bare.model_copy(update={"part": chunk.part + "a"}),)
    return ()


def halve(chunk: Chunk) -> tuple[Chunk, Chunk] | None:
    """The two halves of a chunk whose reply was cut off, or None when it is a single piece.

    Each half has the other as context, as far as the chunk carries context at all.
    """
    if len(chunk.pieces) < 2:
        return None
    middle = len(chunk.pieces) // 2
    left, right = chunk.pieces[:middle], chunk.pieces[middle:]
    wanted = chunk.context_segments
    before = (*chunk.context_before, *left)
    after = (*right, *chunk.context_after)
    return (
        chunk.model_copy(
            update={
                "part": chunk.part + "a",
                "last_segment": left[-1].segment,
                "pieces": left,
                "context_after": after[:wanted],
            }
        ),
        chunk.model_copy(
            update={
                "part": chunk.part + "b",
                "first_segment": right[0].segment,
                "pieces": right,
                "context_before": before[len(before) - wanted :] if wanted else (),
            }
        ),
    )
