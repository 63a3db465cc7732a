"""Where files belong, and what becomes of their codings.

Everything is derived from all files of an interview, old and new, by rules that do not look at the
order in which they came: which files are one interview, whose text is the transcript's, which
codings that makes. Only a transcript that a run or a decision rests on keeps its text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.errors import UserError
from assistant.hashing import hash_text
from assistant.interchange.coded_parts import outside_in_words
from assistant.interchange.imports.changes import lost, standing_again
from assistant.interchange.imports.correcting import Corrected
from assistant.interchange.imports.deriving import derive_codings, document_of
from assistant.interchange.imports.duplicates import other_borders
from assistant.interchange.imports.fates import Meeting, base_name, borders_of, fate_of
from assistant.interchange.imports.joining import join, place_notes
from assistant.interchange.imports.near import LEAST_STATED, percent
from assistant.interchange.imports.own_words import NO_MORE, NOT_THERE, ONLY_HERE, own_lines
from assistant.store.database import Store
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import codings, scopes, set_scope
from assistant.store.records import (
    CoderKind,
    DocumentCoding,
    DocumentRow,
    Scope,
)
from assistant.store.texts.documents import (
    add_document,
    documents,
    documents_since,
    last_document,
    replace_document,
)
from assistant.store.texts.transcripts import (
    find_transcript,
    is_frozen,
    new_transcript,
    replace_text,
    set_language,
    transcript,
    transcript_infos,
)
from assistant.store.withdrawal.withdrawn_texts import withdrawn_with
from assistant.transcripts.grouping import choose_base, group, word_similarity
from assistant.transcripts.records import (
    Document,
    Exposure,
    Skipped,
    Transcript,
)

__all__ = ["BroughtMeanwhile", "Group", "Item", "Placed", "group_files", "place"]


@dataclass(frozen=True)
class Item:
    """A file that was read, with the coder whose codes it holds."""

    path: Path
    document: Document
    coder: str = ""
    replaces: int = 0
    """Id of the stored document of the same bytes, when it is read anew with more codes."""
    kind: CoderKind = "human"
    exposure: Exposure | None = None
    """Of this file's codings, where it is not that of the coder's scope; then none is set."""
    scoped: bool = True
    """False: somebody else says what its coder looked at."""
    project_sha256: str = ""
    stated: int = 0
    """Id of the transcript that somebody says it belongs to, though its words are not the same."""


@dataclass(frozen=True)
class Group:
    """New files of one interview, and the transcripts that hold others of its files."""

    items: tuple[Item, ...]
    transcripts: tuple[int, ...]
    after: int = 0
    """Row number of the last file that was there when this was found."""
    coming: frozenset[str] = frozenset()
    """Hashes of all files that come with these."""


class BroughtMeanwhile(UserError):
    """Another program brought files in after these were put with their interview."""


@dataclass(frozen=True)
class Placed:
    transcript: str
    carried: dict[str, tuple[DocumentCoding, ...]]
    """Hash of a file -> its codings with what became of them, for new files."""
    earlier: tuple[tuple[DocumentRow, tuple[DocumentCoding, ...]], ...]
    """Files that were there before, with those of their codings that are no longer carried over."""
    again: Counter[tuple[str, str]]
    """(kind, coder) -> codings of the new files that take the place of one that was there before:
    which of two files counts for a coding does not look at which was first."""
    said: dict[str, str]
    """Hash of a new file -> what it meant for the text, the name and the codings that were there;
    empty where it changed nothing and could not have."""
    borders: dict[str, str]
    """Hash of a new file -> which of its codings overlap another file's with other borders."""
    outside: dict[str, str]
    """Hash of a new file -> that its coder has codings outside the part that she is said to have
    coded, and what to do."""
    corrected: tuple[Corrected, ...] = ()
    """What the new files corrected of earlier ones."""
    own_lines: dict[str, tuple[Skipped, ...]] = field(default_factory=dict)
    """Hash of a new file -> lines of it that other files of the interview have nothing in place of,
    which may be labels that were not recognised."""


def group_files(store: Store, items: Sequence[Item]) -> tuple[Group, ...]:
    """Put new files with each other and with the transcripts that they belong to."""
    if not items:
        return ()
    after = last_document(store)
    coming = frozenset(item.document.file_sha256 for item in items)
    owner: dict[str, int] = {}
    old: list[Document] = []
    stated: dict[str, bool] = {}
    mine = {item.document.file_sha256: item for item in items}
    for info in transcript_infos(store):
        if info.withdrawn:
            continue
        for row in documents(store, info.id):
            owner[row.file_sha256] = info.id
            stated[row.file_sha256] = row.stated
            if row.file_sha256 not in mine:
                old.append(document_of(store, row))
    groups: list[Group] = []
    for members in group([*old, *(item.document for item in items)]):
        new = tuple(mine[d.file_sha256] for d in members if d.file_sha256 in mine)
        there = {owner[d.file_sha256] for d in members if d.file_sha256 in owner}
        said = {item.stated for item in new if item.stated}
        old_said = [stated[d.file_sha256] for d in members if d.file_sha256 in stated]
        if said or (old_said and all(old_said)):
            # What is the same as a file that somebody put here, somebody has put here.
            home = min(said or there)
            new = tuple(replace(item, stated=home) for item in new)
            there = {home, *there}
            groups.append(Group(new, (home, *sorted(there - {home})), after, coming))
        elif new:
            groups.append(Group(new, tuple(sorted(there)), after, coming))
    return tuple(groups)


def place(
    store: Store, files: Group, exposure: Exposure, language: str = "", version: str = ""
) -> Placed:
    """Store the files of one interview, all or nothing.

    ``version``: of the codebook, as a hash, that coders go by who have coded nothing of it before.

    Raises `UserError` when another interview has the name, or when the words are those of a
    participant who has withdrawn, and `BroughtMeanwhile` where they have to be grouped anew.
    """
    with store.transaction():
        _check_still_so(store, files)
        for item in files.items:
            _check_withdrawn(store, item.document)
        joined = join(store, files.transcripts, stated=any(item.stated for item in files.items))
        key = joined.key
        old = transcript(store, key) if key else None
        frozen = bool(key) and is_frozen(store, key)
        rows = documents(store, key) if key else ()
        new = {item.document.file_sha256 for item in files.items}
        candidates = [
            document_of(store, row) for row in rows if row.file_sha256 not in new and not row.stated
        ]
        candidates += [item.document for item in files.items if not item.stated]
        base = choose_base(candidates or [item.document for item in files.items])
        if old is None:
            name = base_name(base, [item.document for item in files.items])
            _check_free(store, base, name)
            key = new_transcript(
                store,
                name,
                hash_text(base.text),
                base.text,
                language or base.language,
                base.segments,
            )
        elif not frozen:
            _rebase(store, old, base)
        if language:
            set_language(store, key, language)
        for item in files.items:
            coder = add_coder(store, item.coder, item.kind) if item.coder else None
            if item.replaces:
                replace_document(
                    store, item.replaces, item.document, coder, stated=bool(item.stated)
                )
            else:
                add_document(
                    store,
                    key,
                    item.document,
                    coder,
                    str(item.path.resolve()),
                    exposure=item.exposure,
                    project_sha256=item.project_sha256,
                    stated=bool(item.stated),
                )
            if coder is not None and item.kind == "human" and item.scoped and not item.exposure:
                # What part she coded stays as it was stated, or is on record here (such as
                # a sample): a file does not say it.
                mine = [s for s in scopes(store, key) if s.coder.id == coder.id]
                scope = mine[0] if mine else Scope(coder, key, exposure, codebook_sha256=version)
                set_scope(store, replace(scope, exposure=exposure))
        found, kept, corrected = derive_codings(
            store, key, {i.document.file_sha256: i.document for i in files.items}
        )
        target = transcript(store, key)
        place_notes(store, joined, target.text)
        outside = _outside(store, target, files.items)
        own = _own_lines(store, target, old, files.items)
    met = Meeting(
        old,
        target,
        base,
        frozen,
        joined.names,
        tuple(c for row, _, now in found if row.file_sha256 not in new for c in now),
        joined.consent,
        frozenset(item.document.file_sha256 for item in files.items if item.stated),
    )
    gone = [(row, lost(before, now)) for row, before, now in found if row.file_sha256 not in new]
    return Placed(
        target.name,
        {row.file_sha256: now for row, _, now in found if row.file_sha256 in new},
        tuple((row, failed) for row, failed in gone if failed),
        standing_again([one for one in found if one[0].file_sha256 not in new]),
        {i.document.file_sha256: fate_of(i.document, met) for i in files.items},
        borders_of(other_borders(kept, new)),
        outside,
        tuple(one for one in corrected if one.file_sha256 in new),
        own,
    )


def _check_still_so(store: Store, files: Group) -> None:
    """To group files takes a while, and keeps nobody from bringing in others of the interview."""
    own = {item.document.file_sha256 for item in files.items}
    others = documents_since(store, files.after) - (files.coming - own)
    there = {info.id for info in transcript_infos(store) if not info.withdrawn}
    if others or not there.issuperset(files.transcripts):
        raise BroughtMeanwhile(
            "Another program changed which files the study has while these were read.",
            where=files.items[0].document.name,
            hint="Import the same files again.",
        )


def _own_lines(
    store: Store, target: Transcript, old: Transcript | None, items: Sequence[Item]
) -> dict[str, tuple[Skipped, ...]]:
    """A file that gives the transcript its text is held against the text before, or another's, and
    that against it."""
    texts = {row.file_sha256: row.text for row in documents(store, target.id)}
    found: dict[str, tuple[Skipped, ...]] = {}
    for item in items:
        key, text, segments = item.document.file_sha256, item.document.text, item.document.segments
        if text != target.text:
            found[key] = own_lines(text, segments, [target.text], NOT_THERE)
            continue
        others = {other for sha256, other in texts.items() if sha256 != key}
        found[key] = own_lines(text, segments, sorted(others), ONLY_HERE)
        if old is not None and old.text != text:
            found[key] += own_lines(old.text, old.segments, [text], NO_MORE)
    return found


def _outside(store: Store, text: Transcript, items: Sequence[Item]) -> dict[str, str]:
    mine = codings(store, text.id)
    said = {s.coder.name: outside_in_words(s, text, mine) for s in scopes(store, text.id)}
    return {
        item.document.file_sha256: said[item.coder]
        for item in items
        if item.kind == "human" and said.get(item.coder) and item.document.codings
    }


def _rebase(store: Store, now: Transcript, base: Document) -> None:
    """A transcript keeps the name that people know it by, whatever file gives its text."""
    if now.sha256 == hash_text(base.text):
        return
    _check_withdrawn(store, base)
    replace_text(store, now.id, now.name, hash_text(base.text), base.text, base.segments)


def _check_withdrawn(store: Store, base: Document) -> None:
    gone = withdrawn_with(store, hash_text(base.text))
    if gone is not None:
        raise UserError(
            f"These are the words of “{transcript(store, gone).name}”, which was withdrawn. They "
            "were not imported.",
            where=base.name,
            hint="A participant's withdrawal is for good: delete the file.",
        )


def _check_free(store: Store, base: Document, name: str) -> None:
    _check_withdrawn(store, base)
    other = find_transcript(store, name)
    if other is None:
        return
    if any(info.id == other and info.withdrawn for info in transcript_infos(store)):
        raise UserError(
            f"The transcript “{name}” was withdrawn, so nothing is imported under its name.",
            where=base.name,
            hint="If these are the words of the participant who withdrew, delete the file. If it "
            "is another interview, give the file another name.",
        )
    share = word_similarity(base.text, transcript(store, other).text)
    near = f"of its words {percent(share)} are the same, in the same order"
    same = (
        f'If it is the same interview, cleaned or shortened: --same-as "{name}" puts it there and '
        "lists what cannot be carried over. "
        if share >= LEAST_STATED
        else ""
    )
    raise UserError(
        f"There already is a transcript named “{name}”, and its words are different ({near}). "
        "A transcript never changes once it is in the study, so nothing was replaced.",
        where=base.name,
        hint=same
        + "If the file holds codes as lines of their own, name them, or they are taken for "
        "words: `--labels FILE`, one code a line; import all files of the interview again with it. "
        "A title in the first line counts as words unless it is the file's name. If this is "
        "another interview, give the file another name. If it is a corrected version, import it "
        f"under another name (“{name} corrected”): both stay, and nothing is lost.",
    )
