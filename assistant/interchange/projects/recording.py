"""What an import of a project leaves behind: its coders for the report, its event for the trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from assistant.counting import counted_many
from assistant.interchange.imports.correcting import Corrected
from assistant.interchange.projects.coders import Named
from assistant.interchange.projects.records import Project
from assistant.interchange.projects.reports import CoderReport, ProjectReport
from assistant.store.database import Store
from assistant.store.trail.events import record_event
from assistant.transcripts.records import Exposure

__all__ = ["coder_reports", "record_import"]


def coder_reports(
    project: Project, coders: Mapping[str, Named], made: Mapping[tuple[str, str], int]
) -> tuple[CoderReport, ...]:
    """Coders of the study that users of the file stand for. ``made``: new codings of each."""
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    in_file = {coder.key: coder.name for coder in project.coders}
    for key, who in coders.items():
        users[who.kind, who.name].append(in_file.get(key, ""))
    return tuple(
        CoderReport(name, kind, tuple(u for u in found if u), made.get((kind, name), 0))
        for (kind, name), found in sorted(users.items())
    )


def record_import(
    store: Store,
    project: Project,
    report: ProjectReport,
    exposure: Exposure,
    corrected: Sequence[Corrected] = (),
) -> None:
    """``corrected``: codings of earlier files that this one has otherwise; by code and place."""
    again = [f"{report.corrected} corrected"] if report.corrected else []
    again += [f"{len(report.gone)} of an earlier file no longer in it"] if report.gone else []
    record_event(
        store,
        "import",
        ", ".join(
            [
                f"{project.name} imported: {counted_many(len(report.transcripts), 'transcripts')}",
                f"{counted_many(report.codings, 'codings')}",
                *again,
                f"{counted_many(report.memos, 'memos')}",
            ]
        ),
        file=project.name,
        format=project.format,
        written_by=project.written_by,
        transcripts=list(report.transcripts),
        coders=[f"{coder.name} ({coder.kind})" for coder in report.coders],
        exposure=exposure,
        corrected=[
            {"coder": c.coder, "was": [c.code, *c.span], "is": [c.now_code, *c.now_span]}
            for c in corrected
        ],
    )
