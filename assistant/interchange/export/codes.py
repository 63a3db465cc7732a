"""The codebook as it is exported: a tree of families and codes.

Examples stay behind: they are participants' words in a file that is often passed on.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.codebook.records import Code, Codebook
from assistant.interchange.export.records import ExportCode

__all__ = ["code_tree"]


def code_tree(book: Codebook | None, used: Iterable[str]) -> tuple[ExportCode, ...]:
    """Families above their codes; last, what the codebook does not know but is used."""
    codes = book.codes if book else ()
    known = {code.id for code in codes}
    above = {code.id: code.parent for code in codes if code.parent in known}

    def climbs(code_id: str) -> bool:
        seen = {code_id}
        while above.get(code_id):
            code_id = above[code_id]
            if code_id in seen:
                return False
            seen.add(code_id)
        return True

    def made(code: Code) -> ExportCode:
        return ExportCode(
            code.id,
            code.label,
            code.definition,
            code.include,
            code.exclude,
            book.family_of(code.id) if book else "",
            code.kind,
            True,
            tuple(made(one) for one in codes if above.get(one.id) == code.id and climbs(one.id)),
        )

    tops = [code for code in codes if not above.get(code.id) or not climbs(code.id)]
    tree: list[ExportCode] = []
    families: dict[str, list[ExportCode]] = {}
    for code in tops:
        if code.family:
            families.setdefault(code.family, []).append(made(code))
        else:
            tree.append(made(code))
    for family, under in families.items():
        said = book.families.get(family, "") if book else ""
        tree.append(
            ExportCode(
                f"family {family}",
                family,
                said,
                kind="family",
                applicable=False,
                under=tuple(under),
            )
        )
    unknown = sorted(set(used) - known)
    tree += [ExportCode(code, code, kind="not in the codebook") for code in unknown]
    return tuple(tree)
