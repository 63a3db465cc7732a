"""Bytes to clean text, with the encoding named and every character that was dropped counted.

UTF-8 and UTF-16 are certain (a byte order mark, or bytes that are valid). Older encodings leave no
mark: `legacy_encodings` finds the one in which the words look least broken, and such a decision is
always reported as a note. Who knows better names the encoding.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.counting import counted
from assistant.errors import DataError, UserError
from assistant.transcripts.legacy_encodings import NAMES, best_legacy

__all__ = ["Decoded", "clean_text", "decode", "dropped_characters"]

_BOMS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x1c\x1d\x1e\x85\u2028\u2029]")
_CRLF = re.compile("\r\n")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)


@dataclass(frozen=True)
class Decoded:
    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, where: str, encoding: str = "") -> Decoded:
    """Text of a file, not yet cleaned. ``encoding``: what the user says it is.

    Raises DataError for bytes that are not text, or not in that encoding, and UserError for an
    encoding that is not known.
    """
    decoded = _named(data, where, encoding) if encoding else _decode(data, where)
    if data.startswith(b"\xef\xbb\xbf"):
        return decoded  # marked as UTF-8 and UTF-8 to the last byte: no binary file is that
    odd = sum(1 for char in decoded.text if char < " " and char not in "\t\n\r\f\v")
    if odd > max(3, len(decoded.text) / 50):
        raise _binary(where)
    return decoded


def _decode(data: bytes, where: str) -> Decoded:
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            try:
                text = data.decode(codec)
            except UnicodeDecodeError as error:
                raise DataError(
                    f"This file says that it is {name}, but it is damaged at byte {error.start}.",
                    where=where,
                    hint="Open it in a word processor, check the text and save it as UTF-8.",
                ) from error
            notes = () if name == "UTF-8" else (f"The text encoding is {name}.",)
            return Decoded(text, name, notes)
    if b"\x00" in data:
        return _decode_with_zeros(data, where)
    try:
        return Decoded(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        pass
    if (broken := _almost_utf8(data)) is not None:
        return Decoded(
            data.decode("utf-8", "replace"),
            "UTF-8",
            (f"The file is UTF-8 with {counted(broken, 'broken byte')}, shown as \ufffd.",),
        )
    found = best_legacy(data)
    if found is None:
        raise DataError(
            "This file is not text in any encoding known here; it may be damaged or binary.",
            where=where,
            hint="Open it where it was made and save it as UTF-8 text or as Word (.docx).",
        )
    codec, text = found
    name = NAMES.get(codec, codec)
    note = (
        f"The file is not UTF-8. It was read as {name}, the encoding in which its words look least "
        "broken. Look at accents and quotation marks; if they are wrong, name the encoding with "
        "`--encoding`."
    )
    return Decoded(text, name, (note,))


def _named(data: bytes, where: str, encoding: str) -> Decoded:
    called = {name.casefold(): codec for codec, name in NAMES.items()}
    wanted = encoding.strip()
    try:
        codec = codecs.lookup(called.get(wanted.casefold(), wanted)).name
        text = data.decode(codec)
    except LookupError:  # also for what Python decodes and is no encoding of text
        raise UserError(
            f"There is no text encoding “{encoding}”.",
            hint="Usual ones are UTF-8, Windows-1250 (Central Europe), Windows-1252 (Western "
            "Europe), Windows-1251 (Cyrillic), ISO-8859-2, Mac-Roman, Shift-JIS, GB18030.",
        ) from None
    except UnicodeDecodeError as error:
        raise DataError(
            f"This file is not “{encoding}”: it cannot be read as that from byte {error.start} on.",
            where=where,
            hint="Name another encoding, or leave `--encoding` out to have it recognised.",
        ) from None
    name = NAMES.get(codec.replace("-", "_"), codec.upper())
    return Decoded(
        text.removeprefix("\ufeff"), name, (f"The file was read as {name}, as you said.",)
    )


def clean_text(text: str) -> tuple[str, tuple[str, ...]]:
    """NFC with ``\\n`` line ends, plain spaces and no invisible characters; what was dropped.

    ``\\n``, ``\\t`` and the page break ``\\f`` stay, for the reader to look at. Joiners between
    letters of scripts that need them (Persian, Indic scripts, emoji) stay too.
    """
    dropped: dict[str, int] = {}

    def drop(match: re.Match[str]) -> str:
        char = match.group()
        if _joins(text, match):
            return char
        if not (char == "\ufeff" and match.start() == 0):
            name = f"U+{ord(char):04X}"
            dropped[name] = dropped.get(name, 0) + 1
        return ""

    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    cleaned = unicodedata.normalize("NFC", _INVISIBLE.sub(drop, text))
    notes: tuple[str, ...] = ()
    if dropped:
        listed = ", ".join(f"{name} ({count})" for name, count in sorted(dropped.items()))
        notes = (f"Invisible characters were dropped: {listed}.",)
    if "\ufffd" in cleaned:
        notes += (f"Damaged before: {counted(cleaned.count(chr(0xFFFD)), 'character')}, \ufffd.",)
    return cleaned, notes


def dropped_characters(text: str) -> Iterator[tuple[int, int, str]]:
    """What `clean_text` does to a text before NFC, where that moves characters: ``(start, end,
    what it became)``, in order. All else stays in place, character by character.
    """
    flat = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    gone = [m.start() for m in _INVISIBLE.finditer(flat) if not _joins(flat, m)]
    pairs = [m.start() for m in _CRLF.finditer(text)]
    found: list[tuple[int, int, str]] = [(at, at + 2, "\n") for at in pairs]
    before = 0
    for place in gone:
        while before < len(pairs) and pairs[before] - before < place:
            before += 1
        found.append((place + before, place + before + 1, ""))
    yield from sorted(found)


def _joins(text: str, match: re.Match[str]) -> bool:
    """A joiner between letters of scripts that need it, or within an emoji."""
    if match.group() not in "\u200c\u200d":
        return False
    before = text[match.start() - 1 : match.start()] if match.start() else ""
    after = text[match.end() : match.end() + 1]
    return before > "\u024f" and after > "\u024f"


def _decode_with_zeros(data: bytes, where: str) -> Decoded:
    """UTF-16 without a mark has its zero bytes on one side only; anything else is binary."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    for zeros, other, codec in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > len(data) // 8 and other <= len(data) // 200:
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                continue
            return Decoded(text, "UTF-16", ("The file was read as UTF-16; it carries no mark.",))
    raise _binary(where)


def _binary(where: str) -> DataError:
    return DataError(
        "This file holds binary data, not text.",
        where=where,
        hint="Give the transcript as text, Markdown, Word (.docx) or a Delve PDF.",
    )


def _almost_utf8(data: bytes) -> int | None:
    """Number of broken bytes, if what is not ASCII is valid UTF-8 but for one in twenty."""
    broken = data.decode("utf-8", "replace").count("\ufffd") - data.count("\ufffd".encode())
    valid = sum(1 for char in data.decode("utf-8", "ignore") if char > "\x7f")
    return broken if broken * 20 <= valid else None
