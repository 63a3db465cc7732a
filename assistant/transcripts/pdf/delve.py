"""Prints that Delve's print page makes ("save as PDF" in the browser): one coder's interview.

What a print shows, and what it does not:

- The codes of a passage are small boxes below it, in alphabetical order. What was highlighted is
  underlined, in one colour for all codes. Where a passage has several codes, or several underlined
  stretches, nothing on the page tells which code belongs to which stretch. So every code of a
  passage gets one coding, from the first to the last underlined character of the passage, without
  white space at its ends. There are as many codings as boxes.
- A highlight over several passages puts its boxes under each of them, and Delve may leave the
  underline out. A passage with codes and no underline is coded as a whole.

Both decisions are counted in the document's notes wherever they mattered.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from pathlib import Path

from assistant.counting import counted
from assistant.errors import DataError
from assistant.hashing import hash_bytes
from assistant.transcripts.composing import Paragraph, Turn, compose
from assistant.transcripts.naming import name_parts
from assistant.transcripts.pdf.delve_pages import Page, read_pages
from assistant.transcripts.pdf.delve_passages import Passage, is_delve_print, read_print
from assistant.transcripts.records import Document, SourceCoding

__all__ = ["read_delve_pdf"]


def read_delve_pdf(path: Path, pages: tuple[Page, ...] | None = None) -> Document:
    """The interview, its speakers and its codes (form of the text: `records`).

    ``language`` is left empty. ``coder`` comes from the file name and stays empty where the print
    holds no codes. Raises DataError for what cannot be read (see `read_pages`), for a PDF that is
    no Delve print, and for a print without any text of an interview.
    """
    pages = pages or read_pages(path)
    if not is_delve_print(pages):
        raise DataError(
            "This PDF has text, but it is not a print from Delve.",
            where=path.name,
            hint="Leave the reader out to have it read as any other PDF, or give the interview as "
            "text (.txt, UTF-8) or Word (.docx).",
        )
    found = read_print(pages)
    if not found.passages:
        raise DataError(
            "This print from Delve holds no interview text.",
            where=path.name,
            hint="Open the transcript in Delve, check that it is not empty, and print it again.",
        )
    turns = _turns(found.passages)
    composed = compose(turns)
    codings, notes = _codings(
        found.passages, [segment.start for segment in composed.segments], composed.text
    )
    title, coder = name_parts(path.name)
    return Document(
        name=path.name,
        format="delve-pdf",
        file_sha256=hash_bytes(path.read_bytes()),
        title=title,
        coder=coder if codings else "",
        text=composed.text,
        segments=composed.segments,
        codings=codings,
        skipped=found.skipped,
        notes=(*found.notes, *notes),
    )


def _turns(passages: tuple[Passage, ...]) -> list[Turn]:
    turns: list[Turn] = []
    for passage in passages:
        if passage.new_turn or not turns:
            turns.append(Turn(speaker=passage.speaker, where=f"page {passage.page}"))
        turns[-1].paragraphs += [
            Paragraph(part.text, where=f"page {passage.page}") for part in passage.paragraphs
        ]
    return turns


def _codings(
    passages: tuple[Passage, ...], starts: list[int], text: str
) -> tuple[tuple[SourceCoding, ...], tuple[str, ...]]:
    """One coding for every box; ``starts`` are those of the paragraphs, in order."""
    codings: list[SourceCoding] = []
    whole: list[int] = []
    shared: list[int] = []
    uncoded: list[int] = []
    place = 0
    for passage in passages:
        marks: list[int] = []
        for part in passage.paragraphs:
            marks += [starts[place] + offset for offset, on in enumerate(part.marked) if on]
            last = starts[place] + len(part.text)
            place += 1
        first = starts[place - len(passage.paragraphs)]
        marks = [mark for mark in marks if not text[mark].isspace()]
        if marks and not passage.codes:
            uncoded.append(passage.page)
        elif passage.codes and not marks:
            whole.append(passage.page)
        stretches = 1 + sum(bool(text[a + 1 : b].strip()) for a, b in pairwise(marks))
        if passage.codes and (stretches > 1 or (passage.edges and len(passage.codes) > 1)):
            shared.append(passage.page)
        start, end = (marks[0], marks[-1] + 1) if marks else (first, last)
        codings += [SourceCoding(code=code, start=start, end=end) for code in passage.codes]
    return tuple(codings), _decisions(whole, shared, uncoded)


def _decisions(whole: list[int], shared: list[int], uncoded: list[int]) -> tuple[str, ...]:
    notes = []
    if shared:
        notes.append(
            f"{_count(shared)} with several underlined or touching highlights: the print does not "
            "show which code belongs to which, so each code got everything from the first to the "
            f"last underlined word ({_where(shared)})."
        )
    if whole:
        notes.append(
            f"{_count(whole)} with codes but no underline: the codes were put on the whole passage "
            f"({_where(whole)})."
        )
    if uncoded:
        notes.append(
            f"{_count(uncoded)} with an underline but no code: nothing was coded there "
            f"({_where(uncoded)})."
        )
    return tuple(notes)


def _count(pages: list[int]) -> str:
    return counted(len(pages), "passage")


def _where(pages: list[int]) -> str:
    numbers = [str(page) for page, _ in groupby(pages)]
    return ("page " if len(numbers) == 1 else "pages ") + ", ".join(numbers)
