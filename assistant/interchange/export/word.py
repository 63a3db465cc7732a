"""A Word document per transcript: speakers in bold, each coding a comment by its coder.

A comment's first paragraph is the code and nothing else, so that a program can read it back; what
else is known follows in further paragraphs. Speakers are bold and stand before the first paragraph
of a turn; by this, and by nothing hidden but the language and hashes of text and comments, a
document that comes back gives the same transcript (`assistant.interchange.readers.word_ours`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.interchange.export.loading import Export
from assistant.interchange.export.passages import NOT_SHOWN, Numbered, numbered, passages
from assistant.interchange.export.saying import note_text, said_model, suggested
from assistant.interchange.readers.word_marks import INITIALS, marks, properties_xml
from assistant.interchange.readers.word_ours import LONGEST_TITLE, NOBODYS_TURN, OURS
from assistant.interchange.readers.word_ranges import read_word
from assistant.interchange.refi.elements import shown_name
from assistant.transcripts.records import Transcript

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.run import Run

__all__ = ["write_docx"]

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_docx(export: Export, key: int, target: Path) -> dict[str, int]:
    """Write one transcript; what is in it, and how many codings a reader cannot see."""
    import docx

    text = export.transcript(key)
    shown, unseen = numbered(text, export.codings(key))
    document = docx.Document()
    # The heading has the whole name; a property holds no more than this.
    document.core_properties.title = _clean(text.name)[:LONGEST_TITLE]
    document.core_properties.author = OURS
    document.core_properties.identifier = text.sha256
    document.core_properties.language = text.language
    document.add_heading(_clean(text.name), level=1)
    first, last = _paragraphs(document, text, shown)
    for one in shown:
        coding = one.coding
        who = shown_name(coding.coder)
        # Two runs mark where the comment begins and ends; it may go over several paragraphs.
        comment = document.add_comment(
            [first[one.number], last[one.number]],
            text=_clean(export.label(coding.code)),
            author=who,
            initials=_initials(who) + INITIALS,
        )
        note = note_text(coding)
        if coding.by_model and not said_model(note):
            note += "\n" + suggested(coding)
        for line in note.split("\n"):
            if line:
                comment.add_paragraph(_clean(line))
    _list_comments(document)
    document.save(str(target))
    return {"comments": len(shown), NOT_SHOWN: len(unseen)}


def _list_comments(document: Document) -> None:
    """Put the list of all comments among the document's properties, as a reader will see them."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    so_far = io.BytesIO()
    document.save(so_far)
    listed = properties_xml(marks(read_word(so_far.getvalue(), "")))
    package = document.part.package
    name = PackURI("/docProps/custom.xml")
    part = Part(name, CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, listed, package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def _paragraphs(
    document: Document, text: Transcript, shown: Sequence[Numbered]
) -> tuple[dict[int, Run], dict[int, Run]]:
    """Write the text; the first and the last run of each coding, by its number."""
    first: dict[int, Run] = {}
    last: dict[int, Run] = {}
    turn = None
    for passage in passages(text, shown):
        nobodys = not passage.segment.speaker and turn not in (None, passage.segment.turn)
        turn = passage.segment.turn
        paragraph = document.add_paragraph(style=_style(document) if nobodys else None)
        if passage.speaker:
            paragraph.add_run(_clean(passage.speaker) + ": ").bold = True
        for piece in passage.pieces:
            run = paragraph.add_run(_clean(piece.text))
            for one in piece.codings:
                first.setdefault(one.number, run)
                last[one.number] = run
    return first, last


def _style(document: Document) -> str:
    """Marks a paragraph of nobody's after what somebody said: it looks like any other."""
    if NOBODYS_TURN not in (style.name for style in document.styles):
        style = document.styles.add_style(NOBODYS_TURN, 1)
        style.base_style = document.styles["Normal"]
    return NOBODYS_TURN


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:3]).upper()


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
