"""What a new file meant for the interview it belongs to, as a sentence for people.

Nobody has to guess from a name whether a corrected file's words are the transcript's now: it is
said whenever a file changes the text of a transcript that was there, or could have and did not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.counting import counted_many
from assistant.hashing import hash_text
from assistant.interchange.imports.duplicates import OtherBorders
from assistant.store.records import DocumentCoding
from assistant.transcripts.records import Document, Transcript

__all__ = ["Meeting", "base_name", "borders_of", "fate_of"]


@dataclass(frozen=True)
class Meeting:
    """New files of one interview, and what was there before them."""

    before: Transcript | None
    now: Transcript
    base: Document
    """Whose text the rule chooses."""
    frozen: bool
    merged: tuple[str, ...]
    """Names of other transcripts that the files showed to be the same interview."""
    earlier: tuple[DocumentCoding, ...]
    """Codings of files that were there before, with what became of them now."""
    consent: str = ""
    """What became of the consents of ``merged``, as a sentence."""
    stated: frozenset[str] = frozenset()
    """Hashes of new files that are here because somebody said so."""


def base_name(base: Document, documents: Sequence[Document]) -> str:
    """The name of a new transcript: of ``Interview 1`` and ``Interview 1 corrected`` the first."""
    titles = {d.title for d in documents if d.title and base.title.startswith(d.title)}
    return min(titles, key=len) if titles else base.title


def fate_of(document: Document, met: Meeting) -> str:
    """Empty where there is nothing to say: the first file, or one more coded file of the name."""
    said = _text_of(document, met)
    for name in met.merged:
        said = f"{said} “{name}”, which was a transcript of its own, is part of it now.".strip()
    return f"{said} {met.consent}".strip()


def _text_of(document: Document, met: Meeting) -> str:
    now, before = met.now, met.before
    chosen = met.base.file_sha256 == document.file_sha256
    its_own = hash_text(document.text) == now.sha256
    renamed = document.title != now.name
    same = f"The same interview as “{now.name}”"
    if renamed:
        same += ", which keeps its name"
    if before is not None and before.sha256 != now.sha256 and its_own:
        return f"{same}; its text was taken, because {_why(met)}; {_moved(met)}."
    if its_own:
        return f"{same}, with the same words." if renamed and not (chosen and not before) else ""
    if document.file_sha256 in met.stated:
        return (
            f"{same}, as you said; its text was not taken, because a text that is put to a "
            f"transcript never becomes the transcript's{'; ' + _kept(met) if before else ''}."
        )
    if met.frozen and chosen:
        return (
            f"{same}; its text was not taken, because runs or decisions rest on the text that is "
            f"there, which therefore stays; {_kept(met)}."
        )
    if renamed or not document.codings:
        return f"{same}; its text was not taken, because that of another file goes first: " + (
            f"{_RULE}{'; ' + _kept(met) if before is not None else ''}."
        )
    return ""


def borders_of(found: Sequence[OtherBorders]) -> dict[str, str]:
    """For each new file, by its hash, which of its codings stand beside one with other borders.

    The program cannot know whether a border was corrected, whether both were meant, or whether two
    people have one name, so it drops neither.
    """
    by_file: dict[str, list[OtherBorders]] = defaultdict(list)
    for one in found:
        by_file[one.row.file_sha256].append(one)
    said: dict[str, str] = {}
    for key, mine in by_file.items():
        listed = "; ".join(
            f"“{one.code}” {one.span[0]}–{one.span[1]} here, {one.other_span[0]}–"
            f"{one.other_span[1]} in {one.other.name}"
            for one in mine[:_LISTED]
        )
        more = f"; and {len(mine) - _LISTED} more" if len(mine) > _LISTED else ""
        who = mine[0].row.coder
        said[key] = (
            f"{counted_many(len(mine), 'codings')} by {who} here and in another file: the same "
            f"code with other borders. Both are kept, in case both were meant: {listed}{more}. If "
            f'two people worked as “{who}”, import with `--same-coder "{who}=OTHER NAME"`.'
        )
    return said


_LISTED = 10
_RULE = (
    "plain transcripts before Word before text with codes before prints, of one kind a corrected "
    "file, and else one that is fixed by its words"
)


def _why(met: Meeting) -> str:
    return f"it goes before the other files of the interview ({_RULE})"


def _moved(met: Meeting) -> str:
    placed = [c for c in met.earlier if c.carried in ("exact", "partial")]
    partial = sum(c.carried == "partial" for c in placed)
    failed = sum(c.carried == "failed" for c in met.earlier)
    said = f"{counted_many(len(placed), 'codings')} of earlier files moved to it"
    if partial:
        said += f", {partial} of them in part"
    if failed:
        said += f", {failed} could not be"
    return said


def _kept(met: Meeting) -> str:
    placed = sum(c.carried in ("exact", "partial") for c in met.earlier)
    return f"{counted_many(placed, 'codings')} of earlier files kept"
