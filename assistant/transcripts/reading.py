"""One way in: a file becomes a `Document`, whatever its format.

The reader is chosen by what the file holds; its ending is believed only where the content cannot
tell. Everything that is not text, speaker or code of the interview is in ``Document.skipped``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from assistant.errors import DataError, UserError
from assistant.hashing import hash_bytes
from assistant.transcripts.composing import compose
from assistant.transcripts.decoding import clean_text, decode
from assistant.transcripts.language import detect_language
from assistant.transcripts.lines import text_lines
from assistant.transcripts.naming import TEXT_ENDINGS, name_parts
from assistant.transcripts.not_interview import refuse_other_kinds
from assistant.transcripts.odt import odt_lines
from assistant.transcripts.records import Document
from assistant.transcripts.rtf import is_rtf, rtf_lines
from assistant.transcripts.subtitles import is_subtitles, read_subtitles
from assistant.transcripts.turns import Options, Reading, read_lines
from assistant.transcripts.word import word_lines

__all__ = ["READERS", "read_document"]

READERS = (
    *("auto", "plain", "speaker-lines", "delve-text", "delve-pdf", "word"),
    *("pdf", "odt", "rtf", "subtitles"),
)
_BINARY_ENDINGS = {
    ".docx": "Word file",
    ".pdf": "PDF",
    ".odt": "OpenDocument text",
    ".rtf": "RTF file",
}
_KNOWN_ENDINGS = (*TEXT_ENDINGS, *_BINARY_ENDINGS, ".vtt", ".srt", "")
_HINT = (
    "Give the transcript as text (.txt), Markdown (.md), Word (.docx), OpenDocument (.odt), RTF, "
    "PDF with a text layer, or subtitles (.vtt, .srt)."
)
_ENDING_HINTS = {
    ".doc": "Open it in Word or LibreOffice and save it as .docx.",
    ".pages": "Export it from Pages as Word (.docx).",
    ".sbv": "Save the subtitles as .vtt or .srt.",
    ".ass": "Save the subtitles as .vtt or .srt.",
    **dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic"),
        "Pictures cannot be coded. If this is a page of a transcript, have its text recognised "
        "(OCR) and import the text.",
    ),
    **dict.fromkeys(
        (".mp3", ".wav", ".m4a", ".ogg", ".flac", ".mp4", ".mov", ".avi", ".mkv", ".webm"),
        "Sound and film cannot be coded. Have it transcribed and import the transcript.",
    ),
}
_KINDS = {
    "delve-pdf": "pdf",
    **{name: name for name in ("word", "pdf", "odt", "rtf", "subtitles")},
}
"""Kind of content that a reader needs; all other readers need text."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


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
    kind = _kind(path, data, reader, encoding)
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


def _kind(path: Path, data: bytes, reader: str, encoding: str) -> str:
    """``pdf``, ``word``, ``odt``, ``rtf``, ``subtitles`` or ``text``."""
    where, ending = str(path), path.suffix.lower()
    if data[:1024].lstrip().startswith(b"%PDF-"):
        found = "pdf"
    elif data.startswith(_OLE):
        raise _ole_error(data, where)
    elif data.startswith(b"PK\x03\x04"):
        found = _zip_kind(data, where)
    elif is_rtf(data):
        found = "rtf"
    elif ending in _BINARY_ENDINGS:
        raise DataError(
            f"This file ends in {ending} but is no {_BINARY_ENDINGS[ending]}.",
            where=where,
            hint="It may be damaged or have the wrong ending. " + _HINT,
        )
    elif ending not in _KNOWN_ENDINGS:
        raise UserError(
            f"Files that end in {ending} cannot be read.",
            where=where,
            hint=_ENDING_HINTS.get(ending, _HINT),
        )
    elif is_subtitles(_plain_ends(decode(data, where, encoding).text)):
        found = "subtitles"
    elif ending in (".vtt", ".srt"):
        raise DataError(
            f"This file ends in {ending} but does not begin as subtitles do.",
            where=where,
            hint="A .vtt file begins with WEBVTT, an .srt file with a number and a line of times. "
            "If it is a transcript, give it the ending .txt.",
        )
    else:
        found = "text"
    wanted = found if reader == "auto" else _KINDS.get(reader, "text")
    if wanted != found:
        raise UserError(
            f"The reader {reader!r} cannot read this file: its content is {found}.",
            where=where,
            hint="Leave the reader out to have it chosen by the content.",
        )
    return found


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _ole_error(data: bytes, where: str) -> DataError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return DataError(
            "This Word document is protected by a password.",
            where=where,
            hint="Open it in Word, take the password off and save it again.",
        )
    return DataError(
        "This is an old Office file (.doc), which cannot be read.",
        where=where,
        hint=_ENDING_HINTS[".doc"],
    )


def _zip_kind(data: bytes, where: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise DataError(
            "This document (Word or OpenDocument) is damaged and cannot be read.",
            where=where,
            hint="Open it in Word or LibreOffice, save it again, and try again.",
        ) from error
    if "word/document.xml" in names:
        return "word"
    if {"mimetype", "content.xml"} <= names and _is_odt(data):
        return "odt"
    what = "a spreadsheet" if any(name.startswith("xl/") for name in names) else "a zip archive"
    raise DataError(f"This is {what}, not an interview.", where=where, hint=_HINT)


def _is_odt(data: bytes) -> bool:
    """The first member of an OpenDocument file says what it is, stored as it is."""
    return b"opendocument.text" in data[:200] or b"opendocument.text" in _mimetype(data)


def _mimetype(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("mimetype") as member:
            return member.read(200)
    except Exception:  # whatever damaged bytes lead to; the reader of the format says it better
        return b""


def _read_pdf(path: Path, data: bytes, options: Options) -> Document:
    from assistant.transcripts.delve_pdf import read_delve_pdf
    from assistant.transcripts.delve_pdf_pages import read_pages, read_raw_pages
    from assistant.transcripts.delve_pdf_passages import is_delve_print
    from assistant.transcripts.pdf import JOINED, pdf_lines, with_places

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
