"""The study's codebook as a REFI-QDA codebook (`.qdc`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.interchange.export.loading import Export, codes_of
from assistant.interchange.export.records import ExportCode
from assistant.interchange.refi.elements import CODEBOOK, ORIGIN, clean, code_guid, flat, root

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["write_qdc"]


def write_qdc(export: Export, target: Path) -> dict[str, int]:
    """Write the codebook as REFI-QDA; how many codes. The caller has checked that there are any."""
    from lxml import etree

    tree = codes_of(export)

    def made(code: ExportCode) -> _Element:
        one = etree.Element(f"{{{CODEBOOK}}}Code", nsmap={None: CODEBOOK})
        one.set("guid", code_guid(code.id))
        one.set("name", clean(code.name))
        one.set("isCodable", "true" if code.applicable else "false")
        if code.description:
            etree.SubElement(one, f"{{{CODEBOOK}}}Description").text = clean(code.description)
        for under in code.under:
            one.append(made(under))
        return one

    with (
        open(target, "wb") as stream,
        root(stream, CODEBOOK, "CodeBook", origin=ORIGIN) as out,
        out.element(f"{{{CODEBOOK}}}Codes"),
    ):
        for code in tree:
            out.write(made(code))
    return {"codes": sum(1 for code in flat(tree) if code.applicable)}
