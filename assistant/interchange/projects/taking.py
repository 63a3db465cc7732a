"""A project of another tool becomes part of the study.

Each text and each of its coders is a document (`assistant.interchange.projects.documents`), as if
it were a file of its own, and goes the way of all files (`assistant.interchange.imports.placing`):
texts of the same words become one transcript, whichever projects and files they come from. Nothing
is dropped in silence: every coding is placed, known already, or listed with the reason why it is
neither.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from assistant.counting import counted_many
from assistant.errors import SecondCoderError
from assistant.interchange.imports.correcting import Corrected
from assistant.interchange.imports.near import Nearby
from assistant.interchange.imports.placing import group_files, place
from assistant.interchange.projects.by_models import with_models
from assistant.interchange.projects.coders import name_coders
from assistant.interchange.projects.codes import choose_codings, code_names, take_codebook
from assistant.interchange.projects.comparing import (
    corrected_in_words,
    no_longer_there,
)
from assistant.interchange.projects.documents import Documents
from assistant.interchange.projects.first_codebook import codebook_there
from assistant.interchange.projects.naming import with_own_name
from assistant.interchange.projects.notes import take_memos
from assistant.interchange.projects.ordering import order_in_words
from assistant.interchange.projects.recording import coder_reports, record_import
from assistant.interchange.projects.records import Project, ProjectCoding
from assistant.interchange.projects.reports import (
    CodebookReport,
    NotPlaced,
    ProjectOptions,
    ProjectReport,
    SourceReport,
)
from assistant.interchange.projects.same_codes import in_one_case
from assistant.interchange.projects.scoping import state_scopes
from assistant.interchange.projects.taken import (
    Taken,
    coding_guids,
    count_corrected,
    count_fates,
    source_report,
)
from assistant.interchange.projects.why_not import NOTHING_TAKEN, missing_in_words
from assistant.interchange.projects.written_forms import in_one_form
from assistant.interchange.study_codebook.present import keep_present_version
from assistant.store.database import Store
from assistant.store.people.coders import add_coder
from assistant.store.texts.transcripts import find_transcript, transcript, transcript_infos
from assistant.transcripts.records import Skipped

__all__ = ["take_project"]


def take_project(
    store: Store, project: Project, path: Path, options: ProjectOptions
) -> ProjectReport:
    """Bring a project into the study; what became of everything in it.

    A text that cannot be taken (withdrawn, no words) is reported as refused and the others go on.
    A dry run is the caller's: it gives a copy of the study. Raises `UserError` when nothing says
    who coded, and for a codebook file that holds codes already.
    """
    known = with_models(in_one_form(project))
    one_case = in_one_case(known, codebook_there(options.codebook_file))
    return _Taking(store, one_case, path, options).go()


class _Taking:
    def __init__(self, store: Store, project: Project, path: Path, options: ProjectOptions) -> None:
        self.store, self.project, self.path, self.options = store, project, path, options
        self.names = code_names(project)
        self.refused = [
            SourceReport(one.what, "missing", "refused", error=missing_in_words(one.why))
            for one in project.missing
        ]
        self.not_placed: list[NotPlaced] = []
        self.skipped: list[Skipped] = list(project.skipped)
        self.notes: list[str] = list(project.notes)
        self.made: Counter[tuple[str, str]] = Counter()
        self.corrected: list[Corrected] = []

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
        self.withdrawn = {i.id for i in transcript_infos(self.store) if i.withdrawn}
        guids = {c.guid for c in chosen.codings if c.guid}
        documents = Documents(
            self.store, self.project, self.path, self.options, self.names, self.coders, guids
        )
        taken = [
            found
            for source in self.project.sources
            if (found := documents.read(source, by_source.pop(source.key, []))) is not None
        ]
        self.refused += documents.refused
        self.not_placed += documents.not_placed
        self.skipped += documents.skipped
        for key, codings in by_source.items():
            why = f"their text ({key or 'no name'}) is not in the file"
            self.skipped.append(Skipped(what=counted_many(len(codings), "codings"), why=why))
        if documents.changed_own:
            self.notes.append(
                f"{counted_many(documents.changed_own, 'codings')} made in this program "
                f"{'has' if documents.changed_own == 1 else 'have'} another border or code in the "
                "file. What was coded here is changed by no file: both stand."
            )
        self._place(taken)
        memos = self._memos(taken)
        return self._report(taken, memos, codebook)

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
                    f"{counted_many(len(failed), 'codings')} of {row.name}, which was imported "
                    f"before: no place in “{placed.transcript}” any more."
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
            self.project.doubtful,
            (*self.notes, *filter(None, [corrected_in_words(self.corrected), order])),
            NOTHING_TAKEN if all_refused else "",
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
