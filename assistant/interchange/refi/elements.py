"""What all elements of a REFI-QDA file share: clean text, valid GUIDs, names of coders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any

from assistant import __version__
from assistant.interchange.export.records import ExportCode
from assistant.interchange.refi.naming import guid_of, model_name
from assistant.store.records import Coder

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "CODEBOOK",
    "ORIGIN",
    "PROJECT",
    "clean",
    "code_guid",
    "coder_guid",
    "element",
    "flat",
    "root",
    "shown_name",
    "valid_guid",
]

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
ORIGIN = f"Second Coder {__version__}"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def clean(text: str) -> str:
    """Without the few characters that XML cannot hold; other characters stay as they are."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def shown_name(coder: Coder) -> str:
    """The coder's name in files: a model's says that it is one."""
    return clean(model_name(coder.name) if coder.kind == "model" else coder.name)


@lru_cache(maxsize=1024)
def coder_guid(coder: Coder) -> str:
    """The same GUID for the same person or recipe in every export."""
    if coder.kind == "model":
        return guid_of("model", coder.recipe_sha256 or coder.name)
    return guid_of("person", coder.name)


def valid_guid(guid: str) -> str:
    return guid if _GUID.fullmatch(guid) else guid_of("coding", guid)


@lru_cache(maxsize=8192)
def code_guid(code: str) -> str:
    return guid_of("code", code)


def flat(tree: tuple[ExportCode, ...]) -> Iterator[ExportCode]:
    for code in tree:
        yield code
        yield from flat(code.under)


def element(kind: str, text: str = "", /, **attributes: str) -> _Element:
    from lxml import etree

    made = etree.Element(f"{{{PROJECT}}}{kind}", nsmap={None: PROJECT})
    for key, value in attributes.items():
        if value:
            made.set(key, clean(value))
    if text:
        made.text = clean(text)
    return made


@contextmanager
def root(stream: IO[bytes], space: str, name: str, /, **attributes: str) -> Iterator[Any]:
    from lxml import etree

    with etree.xmlfile(stream, encoding="utf-8") as out:
        out.write_declaration(standalone=True)
        said = {key: clean(value) for key, value in attributes.items() if value}
        with out.element(f"{{{space}}}{name}", said, nsmap={None: space}):
            yield out
