"""Names in a codebook: that each leads to one code, and that nobody can confuse two.

Also the names that people used and the codebook lacks, since the nearest name is the hint.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from assistant.codebook.findings import Checked, Finding, UsedCode
from assistant.codebook.naming import closest, near_pairs, nearness
from assistant.codebook.records import Code, Codebook
from assistant.counting import counted

__all__ = ["aliases", "doubles", "near_names", "unknown", "unknown_codes"]


def unknown_codes(codebook: Codebook, used: Sequence[UsedCode]) -> tuple[UsedCode, ...]:
    """The codes that people applied and that the codebook neither knows nor ignores, commonest
    first.
    """
    missing = [
        use
        for use in used
        if codebook.resolve(use.code) is None and codebook.ignored(use.code) is None
    ]
    return tuple(sorted(missing, key=lambda use: (-use.codings, use.code)))


def _all_names(book: Checked) -> dict[str, str]:
    """Every id, name and alias, with the code it leads to first."""
    owner: dict[str, str] = {}
    for code in book.codebook.codes:
        for name in (code.id, code.name, *code.aliases):
            if name:
                owner.setdefault(name, code.id)
    return owner


def doubles(book: Checked) -> Iterator[Finding]:
    by_id: dict[str, int] = defaultdict(int)
    by_name: dict[str, list[Code]] = defaultdict(list)
    by_definition: dict[str, list[Code]] = defaultdict(list)
    for code in book.codebook.codes:
        by_id[code.id] += 1
        if code.name and code.name != code.id:
            by_name[code.name].append(code)
        if code.definition:
            by_definition[_folded(code.definition)].append(code)
    for code_id, count in by_id.items():
        if count > 1:
            yield book.found(
                "error",
                "double",
                code_id,
                f"{count} codes have the id “{code_id}”.",
                "Give each its own id.",
            )
    for name, codes in by_name.items():
        others = [code for code in book.codebook.codes if code.id == name]
        if len(codes) + len(others) > 1:
            yield book.found(
                "error",
                "double",
                codes[-1].id,
                f"The name “{name}” belongs to several codes: {_ids([*others, *codes])}.",
                "Give each its own name.",
                field="name",
            )
    for codes in by_definition.values():
        if len({code.id for code in codes}) > 1:
            yield book.found(
                "warning",
                "double",
                codes[-1].id,
                f"{_ids(codes)} have the same definition.",
                "Make one code of them, or write what sets them apart.",
                field="definition",
            )


def aliases(book: Checked) -> Iterator[Finding]:
    owner: dict[str, str] = {}
    for code in book.codebook.codes:
        for own in (code.id, code.name):
            if own:
                owner.setdefault(own, code.id)
    for code in book.codebook.codes:
        seen: set[str] = set()
        for alias in code.aliases:
            first = owner.setdefault(alias, code.id)
            if first != code.id:
                yield book.found(
                    "error",
                    "alias",
                    code.id,
                    f"The alias “{alias}” is also a name of “{first}”.",
                    "A name can lead to one code only: delete it in one of the two.",
                    field="aliases",
                )
            elif alias in seen or alias in (code.id, code.name):
                yield book.found(
                    "note",
                    "alias",
                    code.id,
                    f"The alias “{alias}” is not needed: the code has that name already.",
                    "Delete the alias.",
                    field="aliases",
                )
            seen.add(alias)


def near_names(book: Checked) -> Iterator[Finding]:
    owner = _all_names(book)
    reported: set[frozenset[str]] = set()
    # Plain differences come before differing letters, so that each two codes are named once.
    for pair in sorted(near_pairs(list(owner)), key=lambda pair: pair.spelling):
        codes = frozenset((owner[pair.one], owner[pair.other]))
        if len(codes) == 1 or codes in reported:
            continue
        reported.add(codes)
        yield book.found(
            "note" if pair.spelling else "warning",
            "near-name",
            owner[pair.other],
            f"“{pair.one}” and “{pair.other}” are nearly the same name; they differ in "
            f"{pair.difference}.",
            "If they are one idea, make one an alias of the other; if not, choose names that "
            "nobody can confuse.",
        )


def unknown(book: Checked, used: Sequence[UsedCode]) -> Iterator[Finding]:
    names = list(_all_names(book))
    for use in unknown_codes(book.codebook, used):
        near = next((n for n in names if nearness(use.code, n)), None)
        if near:
            difference = nearness(use.code, near)
            hint = f"It differs from “{near}” in {difference} only: make it an alias?"
        elif (near := closest(use.code, names)) is not None:
            hint = f"The nearest name is “{near}”. Add it as an alias, as a code, or to ignore."
        else:
            hint = "Add it as a code, as an alias of one, or to ignore."
        many = counted(use.codings, "coding")
        files = f" in {counted(use.transcripts, 'transcript')}" if use.transcripts else ""
        yield Finding(
            "warning",
            "unknown-code",
            use.code,
            f"People used “{use.code}” ({many}{files}); the codebook does not know it.",
            book.lines.where if book.lines else "",
            hint,
        )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _ids(codes: Sequence[Code]) -> str:
    return ", ".join(f"“{code.id}”" for code in codes)
