"""The XML of REFI-QDA as a tree of plain nodes, read without trust.

No entities, no DTD, no network. Names of elements and attributes lose their namespace, because
programs disagree on it; so one reader serves all of them. Memory is bounded by the number of
elements and attributes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.errors import DataError

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["child_text", "children", "get", "guid", "looks_like", "parse", "tag"]

MOST_NODES = 4_000_000
"""Elements and attributes; each takes some 230 bytes of memory."""
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*(<!DOCTYPE|<[^!?])", re.DOTALL
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(Project|CodeBook)[\s/>]")


def looks_like(head: bytes) -> bool:
    """The beginning of a project or codebook, in UTF-8 or UTF-16."""
    return _ROOT.search(_as_utf8(head)) is not None and b"QDA-XML" in _as_utf8(head)


def _as_utf8(data: bytes) -> bytes:
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(codec, "replace").encode()
    return data


def parse(data: bytes, where: str) -> _Element:
    """The root element. Raises `DataError` naming the line of what is no XML, or why not read."""
    from lxml import etree

    data = _utf8(data)
    prolog = _PROLOG.match(data)
    if prolog is not None and prolog.group(1) == b"<!DOCTYPE":
        raise DataError(
            "This file was not read, because it declares a document type (DOCTYPE), which no "
            "REFI-QDA file needs and which can hide a trap.",
            where=where,
            hint="Export it anew from the program that made it.",
        )
    count = 0
    try:
        events = etree.iterparse(
            io.BytesIO(data),
            events=("start",),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            remove_comments=True,
            remove_pis=True,
            huge_tree=False,
        )
        for _, element in events:
            count += 1 + len(element.attrib)
            if count > MOST_NODES:
                raise DataError(
                    f"This file holds more than {MOST_NODES:,} XML elements and attributes.",
                    where=where,
                    hint="Export a part of the project.",
                )
        root = events.root
    except etree.XMLSyntaxError as error:
        if "depth" in str(error.msg):
            raise DataError(
                "This file was not read, because its elements stand more than 250 deep in each "
                "other.",
                where=where,
                hint="No codebook is so deep. Export it anew from the program that made it.",
            ) from error
        raise DataError(
            f"This file is no well-formed XML: {error.msg}",
            where=where,
            hint="It may have been cut off. Export or copy it again.",
        ) from error
    if root is None:
        raise DataError("This file holds no XML.", where=where, hint="Export it anew.")
    found: _Element = root
    return found


def _utf8(data: bytes) -> bytes:
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    return re.sub(rb"^\s*<\?xml.*?\?>", b"", _as_utf8(data), count=1, flags=re.DOTALL)


def tag(element: _Element) -> str:
    """Name without namespace."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def children(element: _Element | None, *names: str) -> Iterator[_Element]:
    """Children of these names (all where none is given), in whatever order they stand."""
    if element is None:
        return
    for child in element:
        if tag(child) and (not names or tag(child) in names):
            yield child


def child_text(element: _Element, name: str) -> str:
    """Text of the first child of this name, with what stands in its own children."""
    for child in children(element, name):
        return "".join(child.itertext())
    return ""


def get(element: _Element, *names: str) -> str:
    """The first of these attributes that is there, whatever its namespace; else empty."""
    for name in names:
        value = element.get(name)
        if value is not None:
            return str(value)
    wanted = {name.casefold() for name in names}
    for name, value in element.attrib.items():
        if str(name).rpartition("}")[2].casefold() in wanted:
            return str(value)
    return ""


def guid(written: str) -> str:
    """GUIDs stand with and without braces, in small letters and capitals."""
    return written.strip().strip("{}").casefold()
