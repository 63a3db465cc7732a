"""Word documents whose comments are codes: Dedoose's export, and anybody's own.

The range that a comment marks is walked in the document's XML, so that it is the passage to the
character. The comment's author is the coder. In Dedoose's export a comment's first paragraph is
``Codes (start-end)`` and the others are codes; Dedoose's own positions count another text, so the
marked range is taken, and the coder is named by the file. A document written by this program has
the code in the first paragraph and remarks below (`assistant.interchange.readers.word_ours` reads
its text). Anywhere else, each line of a comment, or each
part between semicolons, is a code, but for remarks among them, which become memos
(`assistant.interchange.readers.word_remarks`).

Comments in ordinary words are no codes: such a document is not taken for a project (`detects`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DataError
from assistant.hashing import hash_bytes
from assistant.interchange.export.saying import said_exposure, says_rejected
from assistant.interchange.projects.readers import ReadOptions
from assistant.interchange.projects.records import (
    Layout,
    Project,
    ProjectCode,
    ProjectCoder,
    ProjectCoding,
    ProjectMemo,
    Source,
)
from assistant.interchange.readers.word_marks import lists_comments, model_of, written_here
from assistant.interchange.readers.word_ours import OURS, read_layout
from assistant.interchange.readers.word_ranges import (
    Comment,
    Found,
    WordText,
    read_word,
    word_comments,
)
from assistant.interchange.readers.word_remarks import (
    Remarks,
    code_like,
    find_remarks,
    parts_of,
    remarks_said,
)
from assistant.transcripts.naming import name_parts, stem
from assistant.transcripts.records import Exposure, Skipped

__all__ = ["detects", "read_project"]

_DEDOOSE = re.compile(r"Codes?\s*\((\d+)\s*[-–]\s*(\d+)\)\s*")
_OWN_CODER = re.compile(
    r"(?:^|[\s_-])(?:coder|rater|coded by|codes by)[\s_-]*([^\W_]+)$", re.IGNORECASE
)


@dataclass(frozen=True)
class _Applied:
    codes: tuple[str, ...]
    note: str = ""
    remarks: tuple[str, ...] = ()


def detects(path: Path, head: bytes) -> bool:
    """A Word document whose comments look like codes: short, and not sentences."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        found = word_comments(path)
    except DataError:
        return False
    if found is None:
        return False
    if _ours(found):
        return True
    if not found.comments:
        return False
    if _is_dedoose(found.comments):
        return True
    parts = [code for one in found.comments for code in _parts(one)]
    short = [part for part in parts if code_like(part)]
    repeated = len(set(parts)) < len(parts)
    return len(short) >= 0.8 * max(1, len(parts)) and (repeated or len(parts) >= 3)


def read_project(path: Path, options: ReadOptions) -> Project:
    """The document's text, and a coding for each code of each comment."""
    data = path.read_bytes()
    word = read_word(data, str(path))
    dedoose = _is_dedoose(word.comments)
    ours = _ours(word) and not dedoose
    written = written_here(word)
    layout = None
    if ours:
        word, layout = read_layout(word, name_parts(path.name)[0])
    reader = _Reader(path, word, dedoose, ours, options.coder, layout, written)
    if not dedoose and not ours:
        reader.remarks = find_remarks(word.comments, options.codes)
    return reader.project(data)


class _Reader:
    def __init__(
        self,
        path: Path,
        word: WordText,
        dedoose: bool,
        ours: bool,
        coder: str,
        layout: Layout | None,
        written: tuple[bool, ...],
    ) -> None:
        self.path = path
        self.word = word
        self.dedoose = dedoose
        self.ours = ours
        self.skipped = list(word.skipped)
        self.notes = list(word.notes)
        self.named = coder
        self.remarks = Remarks()
        self.layout = layout
        self.written = dict(zip((one.number for one in word.comments), written, strict=True))
        self.shows_model = ours and any(map(model_of, word.comments))

    def project(self, data: bytes) -> Project:
        codings: list[ProjectCoding] = []
        memos: list[ProjectMemo] = []
        coders: dict[str, ProjectCoder] = {}
        agree = stated = lost = 0
        for comment in self.word.comments:
            where = f"comment {comment.number} by {comment.author or 'nobody'}"
            if comment.reply:
                why = "a reply to another comment"
                self.skipped.append(Skipped(what=comment.text, why=why, where=where))
                continue
            applied = self._applied(comment)
            place = self._place(comment, where)
            if place is not None:
                memos += [self._memo(comment, line, place) for line in applied.remarks]
            if place is None or not applied.codes:
                lost += len(dict.fromkeys(applied.codes))
                if place is not None and not applied.remarks:
                    why = "a comment without a code"
                    self.skipped.append(
                        Skipped(what=comment.text or "(empty)", why=why, where=where)
                    )
                continue
            if self.dedoose and (match := _DEDOOSE.match(comment.text)):
                stated += 1
                agree += (int(match.group(1)), int(match.group(2))) == place
            coder = self._coder(comment)
            if coder is not None:
                coders[coder.key] = coder
            codings += [
                ProjectCoding(
                    source="document",
                    coder=coder.key if coder else "",
                    code=code,
                    start=place[0],
                    end=place[1],
                    note=applied.note,
                    rejected=self.ours and says_rejected(applied.note),
                    exposure=self._exposure(comment, applied.note),
                    at=comment.at,
                )
                for code in dict.fromkeys(applied.codes)
            ]
        if stated:
            self.notes.append(
                "The range that Word marks was taken for each passage. Dedoose's own positions say "
                f"the same for {agree} of {stated}."
            )
        self.notes += remarks_said(self.word.comments, self.remarks)
        own = self.layout
        title = own.transcript_name if own is not None else name_parts(self.path.name)[0]
        codes = list(dict.fromkeys(coding.code for coding in codings))
        return Project(
            name=self.path.name,
            format="dedoose-word" if self.dedoose else "word-comments",
            file_sha256=hash_bytes(data),
            written_by="Dedoose" if self.dedoose else self.word.creator,
            sources=(
                Source(
                    key="document",
                    name=title,
                    text=self.word.text,
                    kind="Word",
                    layout=self.layout,
                    lost=lost,
                ),
            ),
            coders=tuple(coders.values()),
            codes=tuple(ProjectCode(key=code, name=code) for code in codes),
            codings=tuple(codings),
            memos=tuple(memos),
            counts=(
                ("documents", 1),
                ("comments", len(self.word.comments)),
                ("codes", len(codes)),
                ("codings", len(codings)),
            ),
            skipped=tuple(self.skipped),
            notes=tuple(self.notes),
        )

    def _applied(self, comment: Comment) -> _Applied:
        if self.dedoose:
            lines = [row.strip() for row in comment.paragraphs]
            return _Applied(tuple(row for row in lines if row and not _DEDOOSE.fullmatch(row)))
        if self.ours:
            first, *rest = comment.paragraphs or ("",)
            return _Applied((first.strip(),) if first.strip() else (), "\n".join(rest))
        remarks = self.remarks.lines.get(comment.number, ())
        return _Applied(_parts(comment, remarks), remarks=remarks)

    def _memo(self, comment: Comment, line: str, place: tuple[int, int]) -> ProjectMemo:
        who = comment.author.strip()
        start, end = place
        return ProjectMemo(
            about="passage",
            text=line,
            who=who,
            source="document",
            start=start,
            end=end,
            at=comment.at,
        )

    def _place(self, comment: Comment, where: str) -> tuple[int, int] | None:
        if comment.span is None:
            why = "a comment that stands nowhere in the text"
            self.skipped.append(Skipped(what=comment.text, why=why, where=where))
            return None
        start, end = comment.span
        raw = self.word.text[start:end]
        start, end = start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip())
        if start >= end:
            why = "a comment on white space or on nothing"
            self.skipped.append(Skipped(what=comment.text, why=why, where=where))
            return None
        return start, end

    def _exposure(self, comment: Comment, note: str) -> Exposure | None:
        """What its coder had seen, where the document says so. Whoever adds a comment to a document
        of this program that shows a model's codes had them before her eyes."""
        if not self.ours:
            return None
        if self.shows_model and not self.written[comment.number]:
            return said_exposure(note) or "after-model"
        return said_exposure(note)

    def _coder(self, comment: Comment) -> ProjectCoder | None:
        """Dedoose writes the same author for everybody: there the file's name says who it was."""
        if self.dedoose:
            named = self.named or name_parts(self.path.name)[1] or _file_coder(self.path.name)
            return ProjectCoder(key=named, name=named) if named else None
        author = comment.author.strip()
        if self.ours and (model := model_of(comment)):
            return ProjectCoder(key=f"model {model}", name=model, kind="model")
        return ProjectCoder(key=author, name=author) if author else None


def _ours(found: Found | WordText) -> bool:
    """By its author, by its list of comments, or by what a comment says of a model: a document from
    which somebody took everything personal has only the last."""
    return (
        found.creator == OURS
        or lists_comments(found.properties)
        or any(map(model_of, found.comments))
    )


def _file_coder(name: str) -> str:
    """``codes by Ana.docx`` -> ``Ana``, ``coder_a.docx`` -> ``coder_a``; empty for no name."""
    match = _OWN_CODER.search(stem(name))
    if match is None:
        return ""
    named = str(match.group(1))
    return named if len(named) > 2 else match.group().strip(" _-")


def _is_dedoose(comments: tuple[Comment, ...]) -> bool:
    headed = [one for one in comments if one.paragraphs and _DEDOOSE.fullmatch(one.paragraphs[0])]
    return bool(headed) and len(headed) >= 0.8 * len(comments)


def _parts(comment: Comment, but: Collection[str] = ()) -> tuple[str, ...]:
    """Its codes; ``but``: lines, or parts of them, that are remarks."""
    lines = (line for line in comment.paragraphs if line.strip() not in but)
    return tuple(part for line in lines for part in parts_of(line) if part not in but)
