"""A project of another tool, as a reader found it and before anything of it is stored.

Every reader of projects and of tables of codings ends here, whatever its format; what becomes of a
`Project` in the study is decided in one place, `assistant.interchange.projects.taking`. Positions
are code points, ``[start, end)``, in the source's own ``text`` as the other tool shows it, with its
line ends; they are moved to the transcript's text there, to the character.
"""

from __future__ import annotations

from typing import Literal

from assistant.transcripts.records import Exposure, Frozen, Segment, Skipped

__all__ = [
    "Layout",
    "LayoutSegment",
    "Project",
    "ProjectCode",
    "ProjectCoder",
    "ProjectCoding",
    "ProjectMemo",
    "ProjectScope",
    "Source",
]


class LayoutSegment(Frozen):
    """A segment of the transcript, and where its text stands in the exported source."""

    segment: Segment
    start: int
    """Where ``segment.start`` stands in the source's text. Its characters follow one by one."""


class Layout(Frozen):
    """How this program wrote a transcript into a source, so that it can be read back exactly."""

    source_sha256: str
    """Of the source's text as it was written; another hash: it was edited, the layout is void."""
    transcript_name: str
    transcript_sha256: str
    language: str
    segments: tuple[LayoutSegment, ...]


class Source(Frozen):
    key: str
    """Unique in the project (a GUID where the format has one)."""
    name: str
    text: str
    kind: str = "text"
    """``text``, ``rich text``, ``pdf``: what the other tool calls it, for the report."""
    position_rule: str = ""
    """Convention of offsets that fitted (``code points``, ``UTF-16``, ``UTF-8 bytes``), if any."""
    layout: Layout | None = None
    lost: int = 0
    """Codings of it that the reader listed as left out, such as those without a place in its
    text."""


class ProjectCoder(Frozen):
    key: str
    name: str
    kind: Literal["human", "model"] = "human"
    """``model`` only for a coder that this program exported as one, recognised by its GUID."""
    recipe_sha256: str = ""


class ProjectCode(Frozen):
    key: str
    name: str
    id: str = ""
    """Its id in the study that this program exported it from."""
    parent: str = ""
    """Key of the code above it."""
    definition: str = ""
    color: str = ""
    applicable: bool = True
    """False: the tool says that it only gathers other codes."""
    kind: Literal["", "case", "sentiment", "automatic"] = ""
    """Not a code of the codebook by its nature; the user is asked."""


class ProjectCoding(Frozen):
    source: str
    coder: str
    """Key of a `ProjectCoder`; empty where the file names nobody."""
    code: str
    """Key of a `ProjectCode`."""
    start: int
    end: int
    guid: str = ""
    """The coding's own, as the file has it."""
    note: str = ""
    at: str = ""
    written: str = ""
    """The code as its coder spelled it, where this program exported it under another name."""
    exposure: Exposure | None = None
    """What the coder had seen, where the file says so for this coding alone."""
    rejected: bool = False
    """A model's, and a person had rejected it before this program exported it."""


class ProjectMemo(Frozen):
    about: Literal["study", "transcript", "passage", "code", "no-code-fits"]
    text: str
    who: str = ""
    source: str = ""
    code: str = ""
    start: int | None = None
    end: int | None = None
    guid: str = ""
    at: str = ""


class ProjectScope(Frozen):
    """What a coder coded of a source and had seen, where this program exported it."""

    source: str
    coder: str
    exposure: Exposure
    first_segment: int | None = None
    last_segment: int | None = None
    segments: tuple[int, ...] | None = None
    """Numbers of segments of a sample, such as an audit's: nothing is known of the others."""
    codes: tuple[str, ...] | None = None
    """Ids of codes; None: all of them. The same for segments."""
    finished_at: str = ""
    """When somebody who codes blind in the program said that she was done."""


class Project(Frozen):
    name: str
    """File name without folder."""
    format: str
    """``refi-qda``, ``taguette``, ``qualcoder``, ``dedoose-word``, ``word-comments``, ``table``."""
    file_sha256: str
    written_by: str = ""
    """Program named in the file."""
    sources: tuple[Source, ...] = ()
    coders: tuple[ProjectCoder, ...] = ()
    likely_coder: str = ""
    """The only person that the file names, where it does not say who coded."""
    codes: tuple[ProjectCode, ...] = ()
    codings: tuple[ProjectCoding, ...] = ()
    memos: tuple[ProjectMemo, ...] = ()
    scopes: tuple[ProjectScope, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    """What the file holds, by kind, in the order to print: ``("text sources", 6)``."""
    missing: tuple[Skipped, ...] = ()
    """Texts that the file names and that could not be had, with why."""
    skipped: tuple[Skipped, ...] = ()
    doubtful: tuple[Skipped, ...] = ()
    """What made a coding at another place than the file says, with both places."""
    notes: tuple[str, ...] = ()
    """Decisions of the reader that a person should see, such as the convention of offsets."""
