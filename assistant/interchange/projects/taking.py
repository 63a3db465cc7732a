"""A project of another tool becomes part of the study.

Each text and each of its coders is a document, as if it were a file of its own, and goes the way of
all files (`assistant.interchange.placing`): texts of the same words become one transcript,
whichever projects and files they come from. Nothing is dropped in silence: every coding is placed,
known already, or listed with the reason why it is neither.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import SecondCoderError
from assistant.hashing import hash_json, hash_text
from assistant.interchange.correcting import Corrected
from assistant.interchange.counting import counted
from assistant.interchange.near import Nearby, stated_transcript
from assistant.interchange.placing import Item, group_files, place
from assistant.interchange.present import keep_present_version
from assistant.interchange.projects.coders import Named, name_coders
from assistant.interchange.projects.codes import choose_codings, code_names, take_codebook
from assistant.interchange.projects.comparing import (
    Seen,
    corrected_in_words,
    no_longer_there,
    whose_already,
)
from assistant.interchange.projects.knowing import REJECTED, known
from assistant.interchange.projects.naming import with_own_name
from assistant.interchange.projects.notes import take_memos
from assistant.interchange.projects.ordering import order_in_words
from assistant.interchange.projects.recording import coder_reports, record_import
from assistant.interchange.projects.records import Project, ProjectCoding, Source
from assistant.interchange.projects.reports import (
    CodebookReport,
    NotPlaced,
    ProjectOptions,
    ProjectReport,
    SourceReport,
)
from assistant.interchange.projects.scoping import state_scopes
from assistant.interchange.projects.taken import (
    Taken,
    by_coder,
    coding_guids,
    count_corrected,
    count_fates,
    exposure_apart,
    source_report,
)
from assistant.interchange.projects.texts import read_source
from assistant.store.coders import add_coder
from assistant.store.database import Store
from assistant.store.documents import document_by_file, document_codings
from assistant.store.recognising import HeldCoding, held_codings, held_places, made_here
from assistant.store.transcripts import find_transcript, transcript, transcript_infos
from assistant.transcripts.records import Document, Exposure, Skipped, SourceCoding

__all__ = ["take_project"]


def take_project(
    store: Store, project: Project, path: Path, options: ProjectOptions
) -> ProjectReport:
    """Bring a project into the study; what became of everything in it.

    A text that cannot be taken (withdrawn, no words) is reported as refused and the others go on.
    A dry run is the caller's: it takes the transaction back. Raises `UserError` when nothing says
    who coded, and for a codebook file that holds codes already.
    """
    return _Taking(store, project, path, options).go()


class _Taking:
    def __init__(self, store: Store, project: Project, path: Path, options: ProjectOptions) -> None:
        self.store, self.project, self.path, self.options = store, project, path, options
        self.names = code_names(project)
        self.refused = [
            SourceReport(one.what, "missing", "refused", error=f"Its text is missing: {one.why}.")
            for one in project.missing
        ]
        self.not_placed: list[NotPlaced] = []
        self.skipped: list[Skipped] = list(project.skipped)
        self.notes: list[str] = list(project.notes)
        self.made: Counter[tuple[str, str]] = Counter()
        self.corrected: list[Corrected] = []
        self.changed_own = 0

    def go(self) -> ProjectReport:
        chosen = choose_codings(self.project, self.names, self.options)
        self.skipped += chosen.skipped
        self.coders, assumed = name_coders(self.store, self.project, chosen.codings, self.options)
        self.notes += [*chosen.notes, *assumed]
        codebook = take_codebook(self.project, self.names, chosen.left_out, self.options)
        file = self.options.codebook_file
        self.version = keep_present_version(file, self.store) if file else ""
        by_source: dict[str, list[ProjectCoding]] = defaultdict(list)
        for coding in chosen.codings:
            by_source[coding.source].append(coding)
        self.held = held_codings(self.store, {c.guid for c in chosen.codings if c.guid})
        self.own = made_here(self.store, set(self.held))
        self.withdrawn = {i.id for i in transcript_infos(self.store) if i.withdrawn}
        self.texts = {i.sha256: i.id for i in transcript_infos(self.store) if not i.withdrawn}
        taken = [
            found
            for source in self.project.sources
            if (found := self._read(source, by_source.pop(source.key, []))) is not None
        ]
        for key, codings in by_source.items():
            why = f"their text ({key or 'no name'}) is not in the file"
            self.skipped.append(Skipped(what=counted(len(codings), "codings"), why=why))
        if self.changed_own:
            self.notes.append(
                f"{counted(self.changed_own, 'codings')} made in this program "
                f"{'has' if self.changed_own == 1 else 'have'} another border or code in the file. "
                "What was coded here is changed by no file: both stand."
            )
        self._place(taken)
        memos = self._memos(taken)
        return self._report(taken, memos, codebook)

    # Texts and their documents

    def _read(self, source: Source, codings: list[ProjectCoding]) -> Taken | None:
        try:
            text = read_source(source, self.options.language)
            taken = Taken(source, text, hash_text(text.text))
            taken.stated = self._stated(taken)
        except SecondCoderError as error:
            self._refuse(source, str(error), codings)
            return None
        taken.there = taken.sha256 in self.texts
        places = held_places(self.store, taken.sha256) if taken.there else frozenset()
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
            who, code = self.coders[coding.coder], self._code(coding)
            taken.seen.add(Seen(who.name, code, *at))
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
                    what=f"{counted(len(codings), 'codings')} of {source.name}",
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
        places: frozenset[HeldCoding],
    ) -> str | None:
        who = self.coders[coding.coder]
        codes = {self._code(coding), self.names[coding.code]}
        here = HeldCoding(taken.sha256, who.name, who.kind, "", *at)
        found = known(here, codes, coding.guid, places, self.held)
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
        there = document_by_file(self.store, key)
        if there is not None:
            if there.transcript_id in self.withdrawn:
                taken.error = (
                    "These are the words of a participant who withdrew. They were not imported."
                )
                return
            known = len(document_codings(self.store, there.id))
            if not taken.stated and len(codings) <= known:
                taken.already += len(codings)
                taken.same_bytes.append(self._name_of(there.transcript_id))
                return
        if kind == "human" and (whose := whose_already(self.store, self.project, codings, name)):
            taken.error = whose
            return
        document = Document(
            name=f"{self.project.name}: {source.name}",
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

    # Places

    def _place(self, taken: Sequence[Taken]) -> None:
        owner = {key: one for one in taken for key in one.items if not one.error}
        items = [one.items[key] for key, one in owner.items()]
        for who in self.coders.values():
            if who.kind == "model":
                add_coder(self.store, who.name, "model", who.recipe_sha256)
        nearby = Nearby(self.store)
        for group in group_files(self.store, items):
            group, renamed = with_own_name(self.store, group, self.withdrawn)
            for key, note in renamed.items():
                owner[key].notes.append(note)
            before = coding_guids(self.store, group.transcripts)
            try:
                placed = place(
                    self.store, group, self.options.exposure, self.options.language, self.version
                )
            except SecondCoderError as error:
                for item in group.items:
                    owner[item.document.file_sha256].error = str(error)
                continue
            own = find_transcript(self.store, placed.transcript) or 0
            if not group.transcripts and own:
                near = nearby.nearest(transcript(self.store, own).text, own)
                if near is not None:
                    owner[group.items[0].document.file_sha256].notes.append(near.in_words())
            for item in group.items:
                self.not_placed += count_fates(
                    owner[item.document.file_sha256], item, placed, self.made
                )
                key = item.document.file_sha256
                borders, outside = placed.borders.get(key, ""), placed.outside.get(key, "")
                for said in (placed.said[key], borders, outside):
                    if said:
                        owner[key].notes.append(said)
            for key, note in state_scopes(
                self.store,
                placed.transcript,
                group,
                {key: (one.source.key, one.sha256) for key, one in owner.items()},
                self.project.scopes,
                self.coders,
                self.options.exposure,
                self.version,
            ):
                owner[key].notes.append(note)
            self.corrected += placed.corrected
            count_corrected(owner, placed, before, self.made)
            for row, failed in placed.earlier:
                self.notes.append(
                    f"{counted(len(failed), 'codings')} of {row.name}, which was imported before: "
                    f"no place in “{placed.transcript}” any more."
                )
        for one in taken:
            if one.error:
                self.refused.append(
                    SourceReport(one.source.name, one.source.kind, "refused", error=one.error)
                )
            elif not one.transcript:
                one.transcript = one.same_bytes[0] if one.same_bytes else self._by_text(one.sha256)

    def _by_text(self, sha256: str) -> str:
        return next((i.name for i in transcript_infos(self.store) if i.sha256 == sha256), "")

    # Memos and the report

    def _memos(self, taken: Sequence[Taken]) -> int:
        places = {
            one.source.key: (find_transcript(self.store, one.transcript), one.text)
            for one in taken
            if one.transcript and not one.error
        }
        count, skipped = take_memos(
            self.store, self.project, self.names, self.coders, places, self.options
        )
        self.skipped += skipped
        return count

    def _report(
        self, taken: Sequence[Taken], memos: int, codebook: CodebookReport | None
    ) -> ProjectReport:
        sources = [source_report(one) for one in taken if not one.error]
        coders = coder_reports(self.project, self.coders, self.made)
        codings = sum(self.made.values())
        gone = self._gone(taken)
        order = order_in_words(self.project.name, self.corrected, self.options.unsure)
        new = any(one.status == "imported" for one in sources)
        new = new or memos > 0 or (codebook is not None and bool(codebook.written))
        all_refused = self.refused and not new
        report = ProjectReport(
            str(self.path),
            "imported" if new else "refused" if all_refused else "already there",
            self.project.format,
            self.project.written_by,
            self.project.counts,
            tuple(sorted([*sources, *self.refused], key=lambda s: s.name)),
            coders,
            codings,
            memos,
            codebook,
            tuple(self.not_placed),
            tuple(self.skipped),
            (*self.notes, *filter(None, [corrected_in_words(self.corrected), order])),
            "None of its texts was taken." if all_refused else "",
            len(self.corrected),
            gone,
            bool(self.project.scopes),
        )
        if new:
            record_import(self.store, self.project, report, self.options.exposure, self.corrected)
        return report

    def _gone(self, taken: Sequence[Taken]) -> tuple[NotPlaced, ...]:
        found: list[NotPlaced] = []
        for one in taken:
            key = find_transcript(self.store, one.transcript) if one.transcript else None
            if key is not None and not one.error:
                found += no_longer_there(
                    self.store, self.project, one.source.name, key, one.text.text, one.seen
                )
        return tuple(found)
