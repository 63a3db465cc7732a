"""REFI-QDA files with invented content, as several programs would write them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

__all__ = ["ANA", "BEN", "CODES", "TEXT", "Mark", "archive", "project_xml", "qdpx", "read", "text"]

from assistant.interchange.projects.readers import ReadOptions
from assistant.interchange.projects.records import Project
from assistant.interchange.refi.reading import read_project

ANA, BEN = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"
TEXT = (
    "Interviewer: What did you sow on the plot?\n\n"
    "Gardener: Leeks and beans, in the wet corner by the gate.\n\n"
    "Interviewer: Who waters it when you are away?\n\n"
    "Gardener: My neighbour does. She has a long hose, and a key for the tap.\n"
)
CODES = (
    '<Code guid="c1" name="sowing" isCodable="true" color="#ff0000">'
    "<Description>What was sown.</Description></Code>"
    '<Code guid="c2" name="help" isCodable="true">'
    '<Code guid="c3" name="tools" isCodable="true"/></Code>'
)


@dataclass(frozen=True)
class Mark:
    """A selection with its codings; positions as they are to stand in the file."""

    start: int
    end: int
    code: str = "c1"
    user: str = ANA
    name: str = ""
    inner: str = ""
    guid: str = ""

    def xml(self, number: int) -> str:
        key = self.guid or f"22222222-0000-4000-8000-{number:012d}"
        user = f' creatingUser="{self.user}"' if self.user else ""
        coding = (
            f'<Coding guid="33333333-0000-4000-8000-{number:012d}"{user}>'
            f'<CodeRef targetGUID="{self.code}"/></Coding>'
            if self.code
            else ""
        )
        return (
            f'<PlainTextSelection guid="{key}" name={quoteattr(self.name)} '
            f'startPosition="{self.start}" endPosition="{self.end}"{user}>'
            f"{coding}{self.inner}</PlainTextSelection>"
        )


def text(
    marks: Iterable[Mark] = (),
    *,
    key: str = "s1",
    name: str = "Garden 1",
    path: str = "internal://one.txt",
    content: str | None = None,
    inner: str = "",
    first: int = 1,
) -> str:
    where = f"<PlainTextContent>{escape(content)}</PlainTextContent>" if content is not None else ""
    at = "" if content is not None else f" plainTextPath={quoteattr(path)}"
    body = "".join(mark.xml(number) for number, mark in enumerate(marks, start=first))
    opened = f"<TextSource guid={quoteattr(key)} name={quoteattr(name)}{at}>"
    return f"{opened}{where}{body}{inner}</TextSource>"


def project_xml(
    sources: str,
    *,
    codes: str = CODES,
    users: Sequence[tuple[str, str]] = ((ANA, "Ana"), (BEN, "Ben")),
    rest: str = "",
    origin: str = "Invented 1.0",
    space: str = "urn:QDA-XML:project:1.0",
) -> str:
    people = "".join(f"<User guid={quoteattr(g)} name={quoteattr(n)}/>" for g, n in users)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{space}" name="P" '
        f"origin={quoteattr(origin)}><Users>{people}</Users>"
        f"<CodeBook><Codes>{codes}</Codes></CodeBook><Sources>{sources}</Sources>{rest}</Project>"
    )


def archive(file: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return file


def qdpx(file: Path, xml: str, texts: dict[str, bytes] | None = None) -> Path:
    members = {"project.qde": xml.encode()}
    given = {"one.txt": TEXT.encode()} if texts is None else texts
    members |= {f"Sources/{name}": data for name, data in given.items()}
    return archive(file, members)


def read(file: Path) -> Project:
    return read_project(file, ReadOptions())
