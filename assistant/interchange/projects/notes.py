"""Memos of a project: notes on passages, texts, codes and the whole.

A memo is known by its GUID, or by one made of what it says and where, so that importing twice adds
nothing.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping

from assistant.interchange.counting import counted
from assistant.interchange.export.saying import from_elsewhere
from assistant.interchange.projects.coders import Named
from assistant.interchange.projects.records import Project, ProjectCoding, ProjectMemo
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.projects.texts import SourceText
from assistant.store.coding_notes import add_coding_note
from assistant.store.database import Store
from assistant.store.memos import add_memo, known_memos
from assistant.store.transcripts import transcript
from assistant.transcripts.aligning import Alignment, NotCarried, align
from assistant.transcripts.records import Skipped

__all__ = ["Places", "take_memos"]

Places = Mapping[str, tuple[int | None, SourceText]]
"""Key of a source -> id of its transcript, and the text it was read as."""

_GUIDS = uuid.UUID("0d6f5a34-8c1e-4a57-9d9e-2b7a1f4c6e80")


def take_memos(
    store: Store,
    project: Project,
    names: Mapping[str, str],
    coders: Mapping[str, Named],
    places: Places,
    options: ProjectOptions,
) -> tuple[int, tuple[Skipped, ...]]:
    """Add the memos that the study does not have; how many, and what was left out."""
    return _Memos(store, project, names, coders, places, options).take()


class _Memos:
    def __init__(
        self,
        store: Store,
        project: Project,
        names: Mapping[str, str],
        coders: Mapping[str, Named],
        places: Places,
        options: ProjectOptions,
    ) -> None:
        self.store, self.project, self.names = store, project, names
        self.coders, self.places, self.options = coders, places, options
        self.users = {coder.key: coder.name for coder in project.coders}
        self.alignments: dict[str, Alignment | None] = {}
        self.left: Counter[str] = Counter()

    def take(self) -> tuple[int, tuple[Skipped, ...]]:
        wanted = [*self.project.memos, *self._of_codings()]
        ids = self._guids(wanted)
        known = known_memos(self.store, ids)
        added = 0
        for memo, guid in zip(wanted, ids, strict=True):
            if memo.text.strip() and guid not in known:
                added += self._add(memo, guid)
        skipped = tuple(
            Skipped(what=counted(count, "memos"), why=why)
            for why, count in sorted(self.left.items())
        )
        return added, skipped

    def _of_codings(self) -> list[ProjectMemo]:
        found = []
        for coding in self.project.codings:
            if not coding.note.strip():
                continue
            if coding.coder in self.coders and self.coders[coding.coder].kind == "model":
                self._of_model(coding)
                continue
            found.append(
                ProjectMemo(
                    about="passage",
                    text=coding.note,
                    who=coding.coder,
                    source=coding.source,
                    code=coding.code,
                    start=coding.start,
                    end=coding.end,
                    at=coding.at,
                )
            )
        return found

    def _of_model(self, coding: ProjectCoding) -> None:
        """What the file says of a model's coding stays with the coding: nobody's memo."""
        key, text = self.places.get(coding.source, (None, None))
        span = self._span(coding, text, key) if text is not None else None
        codes = {coding.written or self.names[coding.code], self.names[coding.code]}
        who = self.coders[coding.coder].name
        kept = None
        if key is not None and span is not None:
            note = from_elsewhere(coding.note)
            kept = add_coding_note(self.store, key, who, sorted(codes), span, note)
        if kept is None:
            self.left[
                "on a model's suggestions that the study has itself or that were not taken"
            ] += 1

    def _guids(self, wanted: list[ProjectMemo]) -> list[str]:
        seen: set[str] = set()
        ids: list[str] = []
        for memo in wanted:
            place = (memo.about, memo.source, memo.code, str(memo.start), str(memo.end))
            said = "|".join((*place, memo.who, memo.text))
            guid = memo.guid if memo.guid and memo.guid not in seen else ""
            guid = guid or str(uuid.uuid5(_GUIDS, f"{memo.guid}|{said}"))
            while guid in seen:
                guid = str(uuid.uuid5(_GUIDS, guid))
            seen.add(guid)
            ids.append(guid)
        return ids

    def _add(self, memo: ProjectMemo, guid: str) -> bool:
        about, key, span = memo.about, None, None
        if memo.source:
            if memo.source not in self.places:
                self.left["their text is not in the study"] += 1
                return False
            key, text = self.places[memo.source]
            span = self._span(memo, text, key)
            if about == "passage" and span is None:
                # What somebody wrote is kept, though the passage is not to be found.
                about = "transcript"
        add_memo(
            self.store,
            about,
            memo.text.strip(),
            self._who(memo),
            transcript_id=key,
            start=span[0] if span else None,
            end=span[1] if span else None,
            code=self.names.get(memo.code, memo.code),
            guid=guid,
            at=memo.at,
        )
        return True

    def _who(self, memo: ProjectMemo) -> str:
        if memo.who in self.coders:
            return self.coders[memo.who].name
        name = self.users.get(memo.who, memo.who)
        return self.options.same_coder.get(name) or self.options.coder or name or "unknown"

    def _span(
        self, memo: ProjectMemo | ProjectCoding, text: SourceText, key: int | None
    ) -> tuple[int, int] | None:
        if memo.start is None or memo.end is None or key is None:
            return None
        at = text.carry(memo.start, memo.end)
        if at is None:
            return None
        if memo.source not in self.alignments:
            target = transcript(self.store, key).text
            same = target == text.text
            self.alignments[memo.source] = None if same else align(text.text, target)
        alignment = self.alignments[memo.source]
        if alignment is None:
            return at
        carried = alignment.carry(*at)
        return None if isinstance(carried, NotCarried) else (carried.start, carried.end)
