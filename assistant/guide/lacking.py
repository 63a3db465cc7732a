"""What a study's codebook lacks of another one: codes, and definitions of codes that have none.

Nothing that somebody wrote is changed.
"""

from __future__ import annotations

from assistant.codebook.adding import with_codes
from assistant.codebook.history import compare, same_place
from assistant.codebook.records import Code, Codebook
from assistant.codebook.rules import with_field
from assistant.errors import UserError

__all__ = ["lacking", "undefined", "with_missing"]


def lacking(old: Codebook, new: Codebook) -> tuple[Code, ...]:
    """Codes that it does not know."""
    # A code of ours under another id is not one that we lack.
    added = {code for o in compare(old, new) if o.op == "add" for code in o.codes}
    return tuple(code for code in new.codes if code.id in added and _known(old, code) is None)


def undefined(old: Codebook, new: Codebook) -> tuple[tuple[str, str], ...]:
    """A first definition writes down what people went by, so it takes no coding away; a definition
    that somebody wrote stays."""
    found: dict[str, str] = {}
    # A code by its own id before one that is an alias or a name of it here.
    for code in sorted(new.codes, key=lambda code: code.id not in old.by_id):
        known = _known(old, code)
        if known is not None and code.definition and not old.by_id[known].definition:
            found.setdefault(known, code.definition)
    return tuple(found.items())


def _known(old: Codebook, code: Code) -> str | None:
    """The id that another codebook's code has in this one, by its id or by its name there: an
    import calls codes by their names, and a table of codes makes ids of them."""
    by_name = old.resolve(code.name) if code.name else None
    if by_name is not None and not same_place(old.by_id[by_name], code):
        by_name = None
    return old.resolve(code.id) or by_name


def _first_words(old: Codebook, new: Codebook) -> list[tuple[str, str, str]]:
    """(code, field, words) where a code has no definition here: its first one, and what belongs to
    it, unless something stands there."""
    defined = dict(undefined(old, new))
    found: dict[tuple[str, str], str] = {}
    for code in new.codes:
        known = _known(old, code)
        if known is None or defined.get(known) != code.definition:
            continue
        for field in ("definition", "include", "exclude"):
            if (words := getattr(code, field)) and not getattr(old.by_id[known], field):
                found.setdefault((known, field), words)
    return [(code, field, words) for (code, field), words in found.items()]


def with_missing(there: str, old: Codebook | None, new: Codebook, where: str) -> str:
    """The text of a codebook (``old``; None: it cannot be read) with what it lacks of another.

    Raises `UserError` where there is nothing to add, or other lines would have to change.
    """
    if old is None:
        raise UserError(
            "The study's codebook cannot be read, so nothing can be added to it.",
            hint="Mend it first, on the page “Codebook”.",
        )
    missing, first = lacking(old, new), _first_words(old, new)
    if not missing and not first:
        raise UserError(
            "The codebook has all these codes already.", hint="There is nothing to add."
        )
    for code, field, words in first:
        there = with_field(there, code, field, words, where)
    if not missing:
        return there
    known = {code.id for code in (*old.codes, *missing)}
    # A family or a parent that stays behind would be a mistake in the new file.
    kept = [
        code.model_copy(
            update={
                "family": code.family if code.family in old.families or not old.families else "",
                "parent": code.parent if code.parent in known else "",
            }
        )
        for code in missing
    ]
    return with_codes(there, kept, where)
