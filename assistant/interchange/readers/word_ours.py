"""The text of a Word document that this program wrote, as the transcript that it was.

A transcript's paragraphs and speakers stand in the document in a form of their own (title, bold
name at the start of a turn), so nothing has to be guessed: what is unchanged comes back to the
character. A document in which somebody made a table, or changed a name to ordinary letters, is read
like anybody's, without its title.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from assistant.hashing import hash_text
from assistant.interchange.projects.records import Layout, LayoutSegment
from assistant.interchange.readers.word_ranges import Comment, WordParagraph, WordText
from assistant.transcripts.decoding import clean_text
from assistant.transcripts.lines import squeeze
from assistant.transcripts.records import Segment

__all__ = ["LONGEST_TITLE", "NOBODYS_TURN", "OURS", "read_layout"]

OURS = "Second Coder"
"""Who made a document of this program, as it says itself."""
LONGEST_TITLE = 255
"""Characters of a title among a document's properties."""
NOBODYS_TURN = "Turn of nobody"
"""Name of the style of a paragraph that begins a turn and has no speaker."""


def read_layout(word: WordText, name: str) -> tuple[WordText, Layout | None]:
    """The document with the text as `Layout` says, and the layout.

    Without the layout where the document was changed so that it cannot be told; the title is left
    out of the text in both cases. ``name``: of the transcript, where the document has no title.
    """
    rows = word.paragraphs
    heading = word.text[rows[0].start : rows[0].end].strip() if rows else ""
    title = word.title
    if title and heading[:LONGEST_TITLE].strip() == title.strip():
        title = heading if len(heading) > LONGEST_TITLE else title
        rows = rows[1:]
    plain = _without_title(word, rows)
    if word.tables:
        return plain, None
    pieces: list[str] = []
    spoken: list[str] = []
    segments: list[LayoutSegment] = []
    starts: list[int] = []
    at = said = turn = 0
    speaker = ""
    for number, row in enumerate(rows):
        found = _speaker(word.text, row)
        if found is None:
            return plain, None
        label, body = found
        if _begins(row, label) and number:
            turn += 1
        if _begins(row, label):
            speaker = label.rstrip()[:-1]
        last = number == len(rows) - 1
        after = "" if last else "\n\n" if _begins_turn(word.text, rows[number + 1]) else "\n"
        starts.append(at)
        pieces.append(label + body + after)
        spoken.append(body + after)
        whole = len(body + after)
        segment = Segment(index=number, start=said, end=said + whole, speaker=speaker, turn=turn)
        segments.append(LayoutSegment(segment=segment, start=at + len(label)))
        at += len(pieces[-1])
        said += whole
    text = "".join(spoken)
    if hash_text(text) != word.identifier and not all(_tidy(body) for body in _bodies(spoken)):
        return plain, None
    shown = "".join(pieces)
    layout = Layout(
        source_sha256=hash_text(shown),
        transcript_name=title or name,
        transcript_sha256=hash_text(text),
        language=word.language,
        segments=tuple(segments),
    )

    def place(position: int) -> int:
        number = max(0, bisect_right(rows, position, key=lambda one: one.start) - 1)
        row = rows[number]
        return starts[number] + min(max(0, position - row.start), row.end - row.start)

    moved = _moved(word.comments, place, rows[0].start if rows else len(word.text))
    return replace(word, text=shown, comments=moved), layout


def _begins(row: WordParagraph, label: str) -> bool:
    return bool(label) or row.style == NOBODYS_TURN.replace(" ", "")


def _begins_turn(text: str, row: WordParagraph) -> bool:
    found = _speaker(text, row)
    return found is not None and _begins(row, found[0])


def _speaker(text: str, row: WordParagraph) -> tuple[str, str] | None:
    """What is bold at the start, with the colon, and the rest; None where no colon ends it."""
    end = row.start + row.bold
    label = text[row.start : end]
    if not label.strip():
        return "", text[row.start : row.end]
    if not label.rstrip().endswith(":"):
        return None
    while end < row.end and text[end] == " ":
        end += 1
    return text[row.start : end], text[end : row.end]


def _bodies(spoken: list[str]) -> list[str]:
    return [piece.rstrip("\n") for piece in spoken]


def _tidy(body: str) -> bool:
    """As every reader leaves a paragraph."""
    return bool(body) and squeeze(clean_text(body)[0]) == body


def _without_title(word: WordText, rows: tuple[WordParagraph, ...]) -> WordText:
    begin = rows[0].start if rows else len(word.text)
    moved = _moved(word.comments, lambda position: max(0, position - begin), begin)
    return replace(word, text=word.text[begin:], comments=moved)


def _moved(
    comments: tuple[Comment, ...], place: Callable[[int], int], begin: int
) -> tuple[Comment, ...]:
    """Comments at their new places; nowhere, where they stood on the title alone."""
    return tuple(
        one
        if one.span is None
        else replace(one, span=None)
        if one.span[1] <= begin
        else replace(one, span=(place(one.span[0]), place(one.span[1])))
        for one in comments
    )
