"""What a file holds: the kind of its content, and why nothing can be read from it otherwise.

The content tells; the ending is believed only where the content cannot. Nothing is unpacked.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from pathlib import Path

from assistant.counting import counted
from assistant.errors import DataError, UserError
from assistant.transcripts.decoding import decode
from assistant.transcripts.naming import TEXT_ENDINGS
from assistant.transcripts.rtf import is_rtf
from assistant.transcripts.subtitles import is_subtitles

__all__ = ["has_no_text", "kind_of"]

_BINARY_ENDINGS = {
    ".docx": "Word file",
    ".pdf": "PDF",
    ".odt": "OpenDocument text",
    ".rtf": "RTF file",
    ".xlsx": "workbook of Excel",
}
_KNOWN_ENDINGS = (*TEXT_ENDINGS, *_BINARY_ENDINGS, ".vtt", ".srt", "")
_HINT = (
    "Give the transcript as text (.txt), Markdown (.md), Word (.docx), OpenDocument (.odt), RTF, "
    "PDF with a text layer, or subtitles (.vtt, .srt)."
)
_UNPACK = "Unpack it, and import the folder that comes out: `secondcoder import FOLDER`."
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic")
_MEDIA = (".mp3", ".wav", ".m4a", ".ogg", ".flac", ".mp4", ".mov", ".avi", ".mkv", ".webm")
_ENDING_HINTS = {
    **dict.fromkeys((".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"), _UNPACK),
    ".doc": "Open it in Word or LibreOffice and save it as .docx.",
    ".pages": "Export it from Pages as Word (.docx).",
    ".sbv": "Save the subtitles as .vtt or .srt.",
    ".ass": "Save the subtitles as .vtt or .srt.",
    **dict.fromkeys(
        _PICTURES,
        "Pictures cannot be coded. If this is a page of a transcript, have its text recognised "
        "(OCR) and import the text.",
    ),
    **dict.fromkeys(
        _MEDIA,
        "Sound and film cannot be coded. Have it transcribed and import the transcript.",
    ),
}
_KINDS = {
    "delve-pdf": "pdf",
    **{name: name for name in ("word", "pdf", "odt", "rtf", "subtitles")},
}
"""Kind of content that a reader needs; all other readers need text."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def has_no_text(path: Path, size: int) -> bool:
    """Whether a file can never be a transcript, by its ending and its size in bytes."""
    return not size or path.suffix.lower() in (*_PICTURES, *_MEDIA)


def kind_of(path: Path, data: bytes, reader: str, encoding: str) -> str:
    """``pdf``, ``word``, ``odt``, ``rtf``, ``subtitles`` or ``text``.

    Raises UserError (an unknown ending, or a reader that cannot read this kind) and DataError
    (damaged, encrypted, or of a kind that holds no interview).
    """
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
    of_office = names & {"[Content_Types].xml", "mimetype", "xl/workbook.xml"}
    if not of_office:
        raise _packed_error(names, where)
    what = "a spreadsheet" if any(name.startswith("xl/") for name in names) else "no text document"
    raise DataError(f"This is {what}, not an interview.", where=where, hint=_HINT)


def _packed_error(names: Collection[str], where: str) -> DataError:
    """A folder that somebody zipped. Nothing of it is unpacked: it is the user's to see first."""
    parts = (name.replace("\\", "/").split("/") for name in sorted(names))
    files = [p[-1] for p in parts if p[-1] and p[0] != "__MACOSX" and not p[-1].startswith(".")]
    shown = ", ".join(f"“{name[:60]}”" for name in files[:3])
    more = ", …" if len(files) > 3 else ""
    held = f"{counted(len(files), 'file')} ({shown}{more})" if files else "no file"
    return DataError(
        f"This is a zip archive with {held}. Archives are not opened, unless a project of another "
        "program is in them.",
        where=where,
        hint=_UNPACK,
    )


def _is_odt(data: bytes) -> bool:
    """The first member of an OpenDocument file says what it is, stored as it is."""
    return b"opendocument.text" in data[:200] or b"opendocument.text" in _mimetype(data)


def _mimetype(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("mimetype") as member:
            return member.read(200)
    except Exception:  # whatever damaged bytes lead to; the reader of the format says it better
        return b""
