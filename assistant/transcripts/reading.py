"""One way in: a file becomes a `Document`, whatever its format.

The reader is chosen by what the file holds (`assistant.transcripts.kinds`). Everything that is not
text, speaker or code of the interview is in ``Document.skipped``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from assistant.errors import DataError, UserError
from assistant.hashing import hash_bytes
from assistant.transcripts.composing import compose
from assistant.transcripts.decoding import clean_text, decode
from assistant.transcripts.kinds import kind_of
from assistant.transcripts.language import detect_language
from assistant.transcripts.lines import text_lines
from assistant.transcripts.naming import name_parts
from assistant.transcripts.not_interview import refuse_other_kinds
from assistant.transcripts.odt import odt_lines
from assistant.transcripts.records import Document
from assistant.transcripts.rtf import rtf_lines
from assistant.transcripts.subtitles import read_subtitles
from assistant.transcripts.turns import Options, Reading, read_lines
from assistant.transcripts.word import word_lines

__all__ = ["READERS", "read_document"]

READERS = (
    *("auto", "plain", "speaker-lines", "delve-text", "delve-pdf", "word"),
    *("pdf", "odt", "rtf", "subtitles"),
)


def read_document(
    path: Path,
    *,
    known_codes: Collection[str] = (),
    labels: Collection[str] = (),
    coder: str = "",
    language: str = "",
    reader: str = "auto",
    trust_guesses: bool = False,
    suspects: Collection[str] = (),
    encoding: str = "",
    speakers: Collection[str] = (),
) -> Document:
    """Read one file.

    ``known_codes`` are the codebook's ids, names and aliases; ``labels`` are code labels that the
    user listed or confirmed. Lines that only look like labels make codings with
    ``trust_guesses=True``; otherwise they are in ``skipped`` and their names in
    ``guessed_labels``, so that they can be shown and confirmed. ``suspects`` are what looks like
    a label in other files: here such a line need not come again to be guessed. ``coder``,
    ``language`` and ``encoding`` (of plain text) overrule what the file says, and ``speakers`` are
    names of speakers that the rules do not recognise; a file without codes has no coder whatever is
    given.

    Raises UserError (no such file, a folder, an unknown ending or reader) and DataError (empty,
    binary, damaged, encrypted, or not an interview).
    """
    path = Path(path)
    if reader not in READERS:
        raise UserError(f"There is no reader {reader!r}.", hint="Choose " + ", ".join(READERS))
    data = _bytes(path)
    kind = kind_of(path, data, reader, encoding)
    options = Options(path.name, known_codes, labels, trust_guesses, suspects, reader, speakers)
    if kind == "pdf":
        document = _read_pdf(path, data, options)
    elif kind in ("word", "odt", "rtf"):
        document = _read_word(path, data, options, kind)
    elif kind == "subtitles":
        document = _read_subtitles(path, data, encoding)
    else:
        document = _read_text(path, data, options, encoding)
    title, named = name_parts(path.name)
    changes: dict[str, str] = {
        "title": document.title or title,
        "coder": (coder or document.coder or named) if document.codings else "",
        "language": language or document.language or detect_language(document.text),
    }
    return document.model_copy(update=changes)


def _bytes(path: Path) -> bytes:
    where = str(path)
    if path.is_dir():
        raise UserError("This is a folder, not a file.", where=where, hint="Name the files in it.")
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(
            "There is no such file.", where=where, hint="Look at the spelling and the folder."
        ) from error
    except OSError as error:
        raise UserError(
            f"This file cannot be opened ({error.strerror}).",
            where=where,
            hint="Look whether it is open elsewhere and whether you may read it.",
        ) from error
    if not data.strip():
        raise DataError("This file is empty.", where=where, hint="Export it again.")
    return data


def _read_pdf(path: Path, data: bytes, options: Options) -> Document:
    from assistant.transcripts.pdf.characters import read_raw_pages
    from assistant.transcripts.pdf.delve import read_delve_pdf
    from assistant.transcripts.pdf.delve_pages import read_pages
    from assistant.transcripts.pdf.delve_passages import is_delve_print
    from assistant.transcripts.pdf.paragraphs import JOINED, pdf_lines, with_places

    raw = read_raw_pages(path)
    if options.reader != "pdf":
        pages = read_pages(raw)
        if options.reader == "delve-pdf" or is_delve_print(pages):
            return read_delve_pdf(path, pages)
    marked, skipped, notes = pdf_lines(raw)
    lines = [replace(line, raw=line.raw.replace(JOINED, "")) for line in marked]
    refuse_other_kinds("\n".join(line.text for line in lines), str(path))
    reading = read_lines(lines, options)
    reading.notes[:0] = notes
    document = _document(path, data, reading, "pdf", "")
    if any(JOINED in line.raw for line in marked):
        text = compose(read_lines(marked, options).turns).text
        skipped = with_places(skipped, text, document.text)
    return document.model_copy(update={"skipped": (*document.skipped, *skipped)})


def _read_subtitles(path: Path, data: bytes, encoding: str) -> Document:
    decoded = decode(data, str(path), encoding)
    text, dropped = clean_text(decoded.text)
    reading = read_subtitles(text, str(path))
    reading.notes[:0] = [*decoded.notes, *dropped]
    return _document(path, data, reading, "subtitles", decoded.encoding)


def _read_text(path: Path, data: bytes, options: Options, encoding: str) -> Document:
    where = str(path)
    decoded = decode(data, where, encoding)
    text, dropped = clean_text(decoded.text)
    if not text.strip():
        raise DataError("This file is empty.", where=where, hint="Export it again.")
    refuse_other_kinds(text, where)
    reading = read_lines(text_lines(text), options)
    reading.notes[:0] = [*decoded.notes, *dropped]
    if options.reader != "auto":
        name = options.reader
    elif reading.delve:
        name = "delve-text"
    elif reading.speaker_lines > reading.colon_lines:
        name = "speaker-lines"
    else:
        name = "plain"
    return _document(path, data, reading, name, decoded.encoding)


def _read_word(path: Path, data: bytes, options: Options, kind: str) -> Document:
    read = {"word": word_lines, "odt": odt_lines, "rtf": rtf_lines}[kind]
    lines, skipped, notes = read(data, str(path))
    if not any(not line.blank for line in lines):
        raise DataError(
            f"This {'Word document' if kind == 'word' else 'document'} holds no text.",
            where=str(path),
            hint="Look whether it is a scan or an empty draft.",
        )
    refuse_other_kinds("\n".join(line.text for line in lines), str(path))
    reading = read_lines(lines, options)
    reading.notes[:0] = notes
    reading.skipped += skipped
    return _document(path, data, reading, kind, "")


def _document(path: Path, data: bytes, reading: Reading, name: str, encoding: str) -> Document:
    composed = compose(reading.turns)
    if not composed.text:
        raise DataError(
            "Nothing in this file is speech: all of it was taken for titles, names, labels or "
            "remains of pages.",
            where=str(path),
            hint="Look at the file; another reader may read it.",
        )
    return Document(
        name=path.name,
        format=name,
        file_sha256=hash_bytes(data),
        encoding=encoding,
        text=composed.text,
        segments=composed.segments,
        codings=composed.codings,
        skipped=tuple(reading.skipped),
        notes=tuple(reading.notes),
        guessed_labels=reading.guessed,
        lookalikes=tuple(reading.lookalikes),
    )
