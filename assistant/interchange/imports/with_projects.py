"""Projects of other tools among the files of an import, and the codebook that they make."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import SecondCoderError
from assistant.interchange.imports.reports import ImportOptions
from assistant.interchange.names.renamed import with_present_guids
from assistant.interchange.projects.first_codebook import (
    CodebookWritten,
    FirstCodebook,
    codebook_there,
)
from assistant.interchange.projects.readers import NothingTaken, ProjectReader, ReadOptions
from assistant.interchange.projects.records import Project
from assistant.interchange.projects.reports import ProjectOptions, ProjectReport
from assistant.interchange.projects.taking import take_project
from assistant.interchange.study_codebook.present import keep_present_version
from assistant.store.database import Store
from assistant.store.people.codings import name_versions
from assistant.store.texts.documents import codes_in_files
from assistant.store.texts.renaming import earlier_names
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.transcripts.records import Transcript

__all__ = ["bring_project", "write_codebook"]


def bring_project(
    store: Store,
    path: Path,
    reader: ProjectReader,
    options: ImportOptions,
    codes: FirstCodebook,
    unsure: frozenset[str] = frozenset(),
    project: Project | None = None,
    untold: set[str] | None = None,
) -> ProjectReport:
    """Take in a project of another tool, or say why not. ``unsure``: names of projects of the same
    import that came before it, though nothing says that they are earlier. ``project``: what is in
    it, where that was read already. ``untold``: as of `ProjectOptions`."""

    def transcripts() -> tuple[Transcript, ...]:
        there = (info for info in transcript_infos(store) if not info.withdrawn)
        return tuple(transcript(store, info.id) for info in there)

    try:
        if project is None:
            known = (*options.known_codes, *options.labels, *codes_in_files(store))
            before = {old: now for old, (now, _) in earlier_names(store).items()}
            same_as = {**before, **options.same_as}
            read = ReadOptions(options.coder, transcripts, options.columns, same_as, known)
            project = reader.read(path, read)
        return take_project(
            store,
            with_present_guids(store, project),
            path,
            ProjectOptions(
                coder=options.coder,
                same_coder=options.same_coder,
                same_as=options.same_as,
                exposure=options.exposure,
                language=options.language,
                take=options.take,
                gathers=options.gathers,
                ask_coder=options.ask,
                ask_take=options.ask_take,
                codebook_file=options.codebook_file,
                study=options.study,
                write_codebook=options.write_codebook,
                dry_run=options.dry_run,
                gathered=codes,
                untold=untold,
                unsure=unsure,
            ),
        )
    except SecondCoderError as error:
        skipped = error.skipped if isinstance(error, NothingTaken) else ()
        return ProjectReport(str(path), "refused", reader.format, skipped=skipped, error=str(error))


def write_codebook(
    store: Store, codes: FirstCodebook, options: ImportOptions
) -> CodebookWritten | None:
    """Write what was gathered: the study's first codebook, with the codes of all its files, or
    those of the projects alone where the user named a file."""
    target = options.write_codebook or options.codebook_file
    if not codes or target is None:
        return None
    if target != options.codebook_file:
        return codes.write(target, "", dry_run=options.dry_run)
    with store.transaction():
        begun = codebook_there(target)
        if begun is None or begun.codes:
            return None  # somebody has begun one while the files were read: it is not replaced
        labels = codes_in_files(store)
        written = codes.write(target, options.study, labels, dry_run=options.dry_run)
        if not options.dry_run:
            keep_present_version(target, store)
            name_versions(store)  # what came in was coded with this one
    return written
