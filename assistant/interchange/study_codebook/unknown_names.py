"""Names of codes that people used and the codebook does not know: settled one by one.

Codings with such a name are in the study and nothing measures them. Each is another spelling of a
code that is there, or a code of its own; which, only a person can say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from assistant.codebook.adding import id_from_name, with_code
from assistant.codebook.checking_names import unknown_codes
from assistant.codebook.findings import UsedCode
from assistant.codebook.loading import load_codebook, parse_codebook
from assistant.codebook.naming import closest, nearness
from assistant.codebook.records import Code, Codebook
from assistant.codebook.rules import with_alias
from assistant.counting import counted
from assistant.errors import SecondCoderError, UserError
from assistant.interchange.study_codebook.editing import codebook_text, save_codebook, text_hash
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings
from assistant.study import Study

__all__ = ["UnknownName", "settle_name", "unknown_names"]


@dataclass(frozen=True)
class UnknownName:
    name: str
    codings: int
    transcripts: int
    near: str = ""
    """Id of the code whose name is nearest; empty where none is near."""
    spelling: bool = False
    """Whether they differ in nothing but case, plural, separators, order of words or accents."""


def unknown_names(
    study: Study, store: Store, leave_out: Collection[int] = ()
) -> tuple[UnknownName, ...]:
    """Commonest first; none where the codebook cannot be read or has no codes yet.

    ``leave_out``: transcripts whose codes are not to be told of.
    """
    try:
        book = load_codebook(study.codebook_file)
    except SecondCoderError:
        return ()
    if not book.codes:
        return ()
    used = _used(store, leave_out)
    return tuple(
        UnknownName(use.code, use.codings, use.transcripts, *_near(book, use.code))
        for use in unknown_codes(book, used)
    )


def _used(store: Store, leave_out: Collection[int]) -> tuple[UsedCode, ...]:
    """As people wrote them; the same passage of a coder once."""
    there: dict[str, set[tuple[int, int, int, int]]] = defaultdict(set)
    for c in shown_codings(store):
        if c.coder.kind == "human" and c.transcript_id not in leave_out:
            there[c.code].add((c.transcript_id, c.coder.id, c.start, c.end))
    return tuple(
        UsedCode(code, len(places), len({place[0] for place in places}))
        for code, places in there.items()
    )


def _near(book: Codebook, written: str) -> tuple[str, bool]:
    names = [n for code in book.codes for n in (code.id, code.name, *code.aliases) if n]
    same = next((n for n in names if nearness(written, n)), None)
    near = same or closest(written, names)
    return ((book.resolve(near) or "") if near else "", same is not None)


def settle_name(study: Study, store: Store, name: str, code: str, who: str) -> str:
    """Have the codebook know a name; the sentence that tells of it. A new version is saved.

    ``code``: what it is another spelling of, by id, name or alias; empty: it is a code of its own.
    Raises `UserError` where the name is known meanwhile, there is no such code, or the file is
    written so that it would change elsewhere too.
    """
    there = codebook_text(study)
    where = study.codebook_file.name
    book = parse_codebook(there, where)
    if (known := book.resolve(name)) is not None:
        raise UserError(
            f"The codebook knows “{name}” already: it is “{book.by_id[known].label}”.",
            hint="Look at the list again; somebody may have settled it meanwhile.",
        )
    many = sum(use.codings for use in _used(store, ()) if use.code == name)
    if not many:
        raise UserError(f"Nobody has used a code “{name}”.", hint="Look at the list again.")
    if code:
        key = book.resolve(code)
        if key is None:
            raise UserError(
                f"The codebook has no code “{code}”.",
                hint=f"{book.meant(code)}Choose one of its codes, or make it a code of its own.",
            )
        text = with_alias(there, key, name, where)
        said = f"“{name}” is another name of “{book.by_id[key].label}” now"
    else:
        key = id_from_name(name, book)
        text = with_code(there, Code(id=key, name="" if key == name else name), where)
        said = f"“{name}” is a code of the codebook now, without a definition yet"
    save_codebook(study, store, text, who, seen=text_hash(there))
    return f"{said}: {counted(many, 'coding')} with it {'is' if many == 1 else 'are'} measured."
