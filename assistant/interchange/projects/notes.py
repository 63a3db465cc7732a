"""Memos of a project: notes on passages, texts, codes and the whole.

A memo is known by its GUID, by one made of what it says and where, or by the same words of the same
person at the same place: a file may count places otherwise when it comes again, or call the text
otherwise. So importing twice adds nothing.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping

from assistant.counting import counted_many
from assistant.interchange.export.saying import from_elsewhere
from assistant.interchange.names.renamed import corrected_names
from assistant.interchange.projects.coders import Named
from assistant.interchange.projects.records import Project, ProjectCoding, ProjectMemo
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.projects.texts import SourceText
from assistant.store.database import Store
from assistant.store.people.coding_notes import add_coding_note
from assistant.store.people.memos import About, Said, add_memo, known_memos, said_before
from assistant.store.texts.transcripts import transcript
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
        self.corrected = corrected_names(store, options.same_coder)
        self.left: Counter[str] = Counter()

    def take(self) -> tuple[int, tuple[Skipped, ...]]:
        wanted = [*self.project.memos, *self._of_codings()]
        ids = self._guids(wanted)
        known = known_memos(self.store, ids)
        before = said_before(self.store)
        coming: list[tuple[Said, ProjectMemo, str]] = []
        for memo, guid in zip(wanted, ids, strict=True):
            said = self._said(memo) if memo.text.strip() else None
            if said is not None and guid in known:
                before[said] -= 1
            elif said is not None:
                coming.append((said, memo, guid))
            elif memo.text.strip() and guid not in known:
                self.left["their text is not in the study"] += 1
        added = 0
        for said, memo, guid in coming:
            before[said] -= 1
            if before[said] < 0:
                self._add(said, memo, guid)
                added += 1
        skipped = tuple(
            Skipped(what=counted_many(count, "memos"), why=why)
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

    def _said(self, memo: ProjectMemo) -> Said | None:
        """As it would stand in the study; None: it has no text there."""
        about: About = memo.about
        key, span = None, None
        if memo.source:
            if memo.source not in self.places:
                return None
            key, text = self.places[memo.source]
            span = self._span(memo, text, key)
            if about == "passage" and span is None:
                # What somebody wrote is kept, though the passage is not to be found.
                about = "transcript"
        start, end = span or (None, None)
        code = self.names.get(memo.code, memo.code)
        return Said(about, key, start, end, code, self._who(memo), memo.text.strip())

    def _add(self, said: Said, memo: ProjectMemo, guid: str) -> None:
        add_memo(
            self.store,
            said.about,
            said.text,
            said.who,
            transcript_id=said.transcript_id,
            start=said.start,
            end=said.end,
            code=said.code,
            guid=guid,
            at=memo.at,
        )

    def _who(self, memo: ProjectMemo) -> str:
        if memo.who in self.coders:
            return self.coders[memo.who].name
        name = self.users.get(memo.who, memo.who)
        said = self.options.same_coder.get(name) or self.options.coder or name or "unknown"
        return self.corrected[said].new if said in self.corrected else said

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
