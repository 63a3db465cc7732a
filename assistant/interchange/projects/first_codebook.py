"""The codebook that an import writes: one for all files of the command.

A study's first import may bring a project, a table and texts at once, each with codes of its own. A
codebook with those of one of them only would call the others unknown. So codes are gathered while
files come in, and written once. Names are compared as the codebook will be read, in Unicode NFC: é
is one letter, in whichever of the two ways a file spells it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Code, Codebook
from assistant.codebook.writing import write_codebook
from assistant.counting import counted_many
from assistant.errors import SecondCoderError

__all__ = ["CodebookWritten", "FirstCodebook", "codebook_there"]

_UNNAMED = ("", "My codebook")
"""Names of a codebook that nobody has named: of none, and of the one that a new study has."""


@dataclass(frozen=True)
class CodebookWritten:
    """The codebook that an import wrote, or in a dry run would write."""

    file: str
    codes: int
    sources: tuple[tuple[str, int], ...]
    """(file, codes that it brought and no file before it); files whose codes stand on lines of
    their own together, as “text files”."""
    other_definitions: tuple[tuple[str, str], ...] = ()
    """(code, file) whose definition there is not the one that was written."""


class FirstCodebook:
    """Gathers the codes of an import's projects until they are written."""

    def __init__(self) -> None:
        self._books: list[tuple[str, Codebook]] = []

    def __bool__(self) -> bool:
        return bool(self._books)

    def add(self, file: str, book: Codebook) -> None:
        self._books.append((file, _composed(book)))

    def write(
        self, target: Path, study: str, labels: Iterable[str] = (), *, dry_run: bool = False
    ) -> CodebookWritten:
        """Write all of them to ``target``, which holds no codes yet.

        ``study``: the name of a codebook that has none; empty: that of the first file.
        ``labels``: codes as texts spell them; those that no project knows become codes with nothing
        but a name. What the file says beside codes (families, names to ignore) stays.
        """
        there = codebook_there(target) or Codebook(name="", codes=())
        name = there.name if there.name not in _UNNAMED else study or Path(self._books[0][0]).stem
        book = there.model_copy(update={"name": name, "codes": ()})
        sources: list[tuple[str, int]] = []
        differing: list[tuple[str, str]] = []
        for file, more in self._books:
            own = {code.id: code for code in reversed(more.codes)}
            new = [_placed(code, book) for code in more.codes if code is own[code.id]]
            new = [code for code in new if book.resolve(code.id) is None]
            for code in more.codes:
                known = book.resolve(code.id)
                if known is not None and code.definition:
                    mine = book.by_id[known]
                    if not mine.definition:
                        filled = mine.model_copy(update={"definition": code.definition})
                        book = _with(book, [filled if c.id == known else c for c in book.codes])
                    elif mine.definition != code.definition:
                        differing.append((known, file))
            sources.append((file, len(new)))
            book = _with(book, [*book.codes, *new])
        bare = [
            Code(id=label)
            for label in dict.fromkeys(map(_nfc, labels))
            if book.resolve(label) is None and book.ignored(label) is None
        ]
        if bare:
            sources.append(("text files", len(bare)))
            book = _with(book, [*book.codes, *bare])
        if not dry_run:
            target.parent.mkdir(parents=True, exist_ok=True)
            # A file that brought none has no part in it: its name may be a participant's.
            bringing = [(file, count) for file, count in sources if count]
            listed = ", ".join(f"{file} ({count})" for file, count in bringing)
            whence = bringing[0][0] if len(bringing) == 1 else listed
            write_codebook(
                target,
                book,
                header=[
                    f"From {whence}: {counted_many(len(book.codes), 'codes')}.",
                    "A code without a definition is nothing but its name to a model: write one.",
                    "Then run `secondcoder codebook check`.",
                ],
            )
        return CodebookWritten(str(target), len(book.codes), tuple(sources), tuple(differing))


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()


def _composed(book: Codebook) -> Codebook:
    return _with(
        book,
        [
            code.model_copy(
                update={
                    **{key: _nfc(getattr(code, key)) for key in ("id", "name", "parent", "family")},
                    "aliases": tuple(map(_nfc, code.aliases)),
                    "exclusive_with": tuple(map(_nfc, code.exclusive_with)),
                }
            )
            for code in book.codes
        ],
    )


def _placed(code: Code, book: Codebook) -> Code:
    """With names that lead to no other code of the book, and its parent as the book calls it."""
    return code.model_copy(
        update={
            "name": "" if book.resolve(code.name) else code.name,
            "aliases": tuple(a for a in code.aliases if book.resolve(a) is None),
            "parent": book.resolve(code.parent) or code.parent if code.parent else "",
        }
    )


def _with(book: Codebook, codes: Iterable[Code]) -> Codebook:
    return book.model_copy(update={"codes": tuple(codes)})


def codebook_there(file: Path | None) -> Codebook | None:
    """The codebook in a file; an empty one where there is none, None where it cannot be read."""
    if file is None:
        return None
    if not file.is_file():
        return Codebook(name="", codes=())
    try:
        return load_codebook(file)
    except SecondCoderError:
        return None
