"""The texts of a project as documents: one for each text and each of its coders.

Each coding is in a document, known already, or listed with the reason why it is neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from assistant.counting import counted_many
from assistant.errors import SecondCoderError
from assistant.hashing import hash_json, hash_text
from assistant.interchange.imports.near import stated_transcript
from assistant.interchange.imports.placing import Item
from assistant.interchange.projects.coders import Named
from assistant.interchange.projects.comparing import Seen, hers_already, whose_already
from assistant.interchange.projects.knowing import REJECTED, known
from assistant.interchange.projects.records import Project, ProjectCoding, Source
from assistant.interchange.projects.reports import NotPlaced, ProjectOptions, SourceReport
from assistant.interchange.projects.spellings import Spellings
from assistant.interchange.projects.taken import Taken, by_coder, exposure_apart
from assistant.interchange.projects.texts import read_source
from assistant.interchange.projects.why_not import WITHDRAWN
from assistant.store.database import Store
from assistant.store.texts.documents import document_by_file, document_codings
from assistant.store.texts.recognising import (
    HeldCoding,
    Places,
    held_codings,
    held_places,
    made_here,
)
from assistant.store.texts.transcripts import transcript_infos
from assistant.transcripts.records import Document, Exposure, Skipped, SourceCoding

__all__ = ["Documents"]


class Documents:
    """Makes them, text by text, and keeps what became of all that is in none.

    ``names``: code of the project -> name in the study; ``coders``: coder of the project -> who it
    is in the study; ``guids``: of the codings that are to be taken.
    """

    def __init__(
        self,
        store: Store,
        project: Project,
        path: Path,
        options: ProjectOptions,
        names: Mapping[str, str],
        coders: Mapping[str, Named],
        guids: Collection[str],
    ) -> None:
        self.store, self.project, self.path, self.options = store, project, path, options
        self.names, self.coders = names, coders
        self.held = held_codings(store, guids)
        self.own = made_here(store, set(self.held))
        self.spellings = Spellings(options.codebook_file)
        infos = transcript_infos(store)
        self.withdrawn = {i.id for i in infos if i.withdrawn}
        self.texts = {i.sha256: i.id for i in infos if not i.withdrawn}
        self.refused: list[SourceReport] = []
        self.not_placed: list[NotPlaced] = []
        self.skipped: list[Skipped] = []
        self.changed_own = 0
        """Codings that were made in this program and are otherwise in the file."""

    def read(self, source: Source, codings: list[ProjectCoding]) -> Taken | None:
        """A text with its documents, ready to be placed; None: it was refused."""
        try:
            text = read_source(source, self.options.language)
            taken = Taken(source, text, hash_text(text.text), not_placed=source.lost)
            taken.stated = self._stated(taken)
        except SecondCoderError as error:
            self._refuse(source, str(error), codings)
            return None
        taken.there = taken.sha256 in self.texts
        places = held_places(self.store, taken.sha256) if taken.there else Places()
        spans: dict[tuple[str, Exposure | None], list[SourceCoding]] = defaultdict(list)
        scopes = {s.coder: s for s in self.project.scopes if s.source == source.key}
        for scope in scopes.values():
            if self.coders[scope.coder].kind == "human" and not taken.there:
                spans[scope.coder, None] = []
        for coding in codings:
            at = text.carry(coding.start, coding.end)
            if at is None:
                said = source.text[coding.start : coding.end]
                why = (
                    "it lies on a speaker's name or a time stamp, not on what was said"
                    if said.strip()
                    else "it holds nothing but white space"
                )
                self._list(source, coding, why)
                taken.not_placed += 1
                continue
            who = self.coders[coding.coder]
            taken.seen |= {
                Seen(who.name, code, *at) for code in self.spellings.of([self._code(coding)])
            }
            if (why_not := self._known(taken, coding, at, places)) is not None:
                taken.already += not why_not
                taken.not_placed += bool(why_not)
                if why_not:
                    self._list(source, coding, why_not)
            else:
                stated = scopes.get(coding.coder)
                usual = stated.exposure if stated is not None else self.options.exposure
                key = (coding.coder, exposure_apart(coding, usual))
                spans[key].append(
                    SourceCoding(code=self._code(coding), start=at[0], end=at[1], guid=coding.guid)
                )
        if not spans and (not taken.there or taken.stated):
            spans["", None] = []
        for (coder, exposure), found in by_coder(spans, self.coders).items():
            self._document(taken, coder, exposure, found)
        return taken

    def _stated(self, taken: Taken) -> int:
        """Id of the transcript that the user says it belongs to; 0: none, or it does anyhow."""
        said, name = self.options.same_as, taken.source.name
        wanted = said.get(name, said.get("", "") if len(self.project.sources) == 1 else "")
        if not wanted:
            return 0
        own = self.texts.get(taken.sha256, 0)
        return stated_transcript(self.store, wanted, taken.text.text, name, own)

    def _refuse(self, source: Source, error: str, codings: Sequence[ProjectCoding]) -> None:
        self.refused.append(SourceReport(source.name, source.kind, "refused", error=error))
        if codings:
            self.skipped.append(
                Skipped(
                    what=f"{counted_many(len(codings), 'codings')} of {source.name}",
                    why="it was not taken",
                )
            )

    def _code(self, coding: ProjectCoding) -> str:
        return coding.written or self.names[coding.code]

    def _list(self, source: Source, coding: ProjectCoding, why: str) -> None:
        self.not_placed.append(
            NotPlaced(
                source.name,
                self.coders[coding.coder].name,
                self._code(coding),
                coding.start,
                coding.end,
                why,
            )
        )

    def _known(
        self,
        taken: Taken,
        coding: ProjectCoding,
        at: tuple[int, int],
        places: Places,
    ) -> str | None:
        who = self.coders[coding.coder]
        codes = {self._code(coding), self.names[coding.code]}
        here = HeldCoding(taken.sha256, who.name, who.kind, "", *at)
        found = known(here, codes, self.spellings.of(codes), coding.guid, places, self.held)
        if found is None and coding.guid in self.own:
            self.changed_own += 1
        # Else a suggestion that nobody wanted would be open again.
        return REJECTED if found is None and coding.rejected and who.kind == "model" else found

    def _document(
        self,
        taken: Taken,
        who: Named | None,
        exposure: Exposure | None,
        codings: list[SourceCoding],
    ) -> None:
        source, text = taken.source, taken.text
        name, kind = (who.name, who.kind) if who is not None else ("", "human")
        key = hash_json([self.project.file_sha256, source.key, kind, name, exposure or ""])
        named = f"{self.project.name}: {source.name}"
        there = document_by_file(self.store, key)
        if there is None and kind == "human":
            there = hers_already(self.store, self.project, named, codings, name)
            key = there.file_sha256 if there is not None else key
        if there is not None:
            if there.transcript_id in self.withdrawn:
                taken.error = WITHDRAWN
                return
            mine = document_codings(self.store, there.id)
            # What two names of one person have in common in a file is there once.
            has = {(c.code, c.start, c.end) for c in mine}
            same = {(c.code, c.start, c.end) for c in codings} == has
            if not taken.stated and (same or len(codings) <= len(mine)):
                taken.already += len(codings)
                taken.same_bytes.append(self._name_of(there.transcript_id))
                return
        if kind == "human" and (whose := whose_already(self.store, self.project, codings, name)):
            taken.error = whose
            return
        document = Document(
            name=named,
            format=self.project.format,
            file_sha256=key,
            title=text.title,
            coder=name,
            language=text.language,
            text=text.text,
            segments=text.segments,
            codings=tuple(sorted(codings, key=lambda c: (c.start, c.end, c.code))),
            notes=text.notes,
        )
        taken.items[key] = Item(
            self.path,
            document,
            name,
            there.id if there is not None else 0,
            kind=kind,
            exposure=exposure,
            scoped=False,
            project_sha256=self.project.file_sha256,
            stated=taken.stated,
        )

    def _name_of(self, transcript_id: int) -> str:
        return next(i.name for i in transcript_infos(self.store) if i.id == transcript_id)
