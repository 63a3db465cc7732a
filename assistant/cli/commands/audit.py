"""``secondcoder audit``: draw a sample of new interviews, take what was coded blind, judge it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import counted, json_option, note, opened, print_json, table
from assistant.errors import ThresholdError, UserError

if TYPE_CHECKING:
    from eval.audit.found import AuditResult

__all__ = ["audit"]


@click.group()
def audit() -> None:
    """Check a batch of new interviews before its suggestions are accepted at once.

    A random sample of passages is coded by a person who has not seen the model's codes. That says
    how much of what would be accepted is wrong, and how much would be missed.
    """


@audit.command()
@click.argument("run_id", metavar="RUN", type=int)
@click.argument("transcripts", nargs=-1)
@click.option("--segments", type=click.IntRange(min=1), help="Passages to draw. Default: 120.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="A number to draw by: the same one draws the same sample.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the files to fill in. Default: runs/audits/audit-N/ of the study.",
)
@json_option
@click.pass_obj
def draw(
    folder: Path,
    run_id: int,
    transcripts: tuple[str, ...],
    segments: int | None,
    seed: int | None,
    out: Path | None,
    as_json_: bool,
) -> None:
    """Draw a sample of a run's new TRANSCRIPTS and write files to code it in.

    Default: all transcripts of the run that nobody has coded. The files show no codes; give them to
    a person who has not seen what the model suggested.

    Example: secondcoder audit draw 2 --segments 120
    """
    from assistant.guide.words import explained
    from assistant.interchange.audit_files import blind_file
    from assistant.interchange.transcripts import named
    from assistant.store.model.runs import run
    from assistant.store.texts.transcripts import transcript
    from assistant.store.versions import codebook
    from assistant.writing import check_folder, write_whole
    from eval.audit.auditing import draw_audit

    with opened(folder) as (study, store):
        keys = named(store, transcripts) if transcripts else ()
        check_folder(out or study.folder / "runs" / "audits", hint="Name another with --out.")
        drawn = draw_audit(study, store, run_id, keys, segments=segments, seed=seed)
        book = codebook(store, run(store, run_id).codebook_sha256)
        place = out or study.folder / "runs" / "audits" / f"audit-{drawn.id}"
        files = []
        for key in dict.fromkeys(d.transcript_id for d in drawn.plan.sample):
            text = transcript(store, key)
            path = place / f"{_safe(text.name)}.txt"
            write_whole(path, blind_file(drawn.id, text, drawn.plan.of(key), book))
            files.append(path)
    if as_json_:
        print_json({**_plain(drawn), "files": files})
        return
    click.echo(
        f"Audit {drawn.id}: {len(drawn.plan.sample)} of {counted(drawn.passages, 'passage')} of "
        f"{counted(len(drawn.transcripts), 'transcript')} drawn. "
        + explained(f"The draw has seed {drawn.plan.seed}", "seed")
        + "."
    )
    if not drawn.codes:
        note(
            "Note: no code is in the lane “accept” for this way of coding (model, prompt, codebook "
            "and settings), so nothing of this batch could be accepted at once, whatever the audit "
            "finds."
        )
    table(
        ["group of passages", "passages", "drawn", "each stands for"],
        [(s.name, s.population, s.sampled, s.weight) for s in drawn.plan.strata],
    )
    click.echo("To be coded by somebody who has not seen the model's codes:")
    for path in files:
        click.echo(f"  {path}")
    click.echo(
        f"Then: secondcoder audit take FILE --coder NAME, and secondcoder audit result {drawn.id}"
    )


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in " -_.()" else "_" for c in name).strip(" .") or "sample"


def _plain(drawn: object) -> dict[str, object]:
    from assistant.cli.common import as_json

    found: dict[str, object] = as_json(drawn)
    return found


@audit.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--coder", required=True, help="Who coded them.")
@json_option
@click.pass_obj
def take(folder: Path, files: tuple[Path, ...], coder: str, as_json_: bool) -> None:
    """Bring in FILES of an audit (or folders of them) that a person has filled in.

    Example: secondcoder audit take runs/audits/audit-1 --coder Ana
    """
    from assistant.decisions.blind import audit_tasks, finish, record_blind_coding
    from assistant.interchange.audit_files import read_blind_file

    paths = [p for f in files for p in (sorted(f.glob("*.txt")) if f.is_dir() else [f])]
    if not paths:
        raise UserError(
            "There is no file of an audit here.", where=", ".join(str(f) for f in files)
        )
    filled = [(path, read_blind_file(path)) for path in paths]
    said: list[dict[str, object]] = []
    with opened(folder) as (_, store), store.transaction():
        for path, found in filled:
            task = next(
                (t for t in audit_tasks(store, found.audit_id) if t.sha256 == found.sha256), None
            )
            if task is None:
                raise UserError(
                    f"Audit {found.audit_id} has no sample of “{found.transcript}”.",
                    where=str(path),
                    hint="Is it the file of another study?",
                )
            if found.empty:
                raise UserError(
                    f"{counted(len(found.empty), 'passage')} "
                    f"{'has' if len(found.empty) == 1 else 'have'} nothing behind “codes:”: "
                    + ", ".join(str(n + 1) for n in found.empty)
                    + ".",
                    where=str(path),
                    hint="Write the codes, or the word none where no code applies.",
                )
            for segment, codes in found.codes.items():
                try:
                    record_blind_coding(
                        store, found.audit_id, task.transcript_id, segment, codes, coder
                    )
                except UserError as error:
                    raise UserError(
                        error.what, where=f"{path}, passage {segment + 1}", hint=error.hint
                    ) from error
            finish(store, found.audit_id, task.transcript_id, coder)
            said.append(
                {
                    "audit": found.audit_id,
                    "transcript": task.transcript,
                    "passages": len(found.codes),
                    "codes": sum(len(c) for c in found.codes.values()),
                    "file": str(path),
                }
            )
    if as_json_:
        print_json(said)
        return
    for row in said:
        seen, given = int(str(row["passages"])), int(str(row["codes"]))
        click.echo(
            f"{row['transcript']}: {counted(seen, 'passage')} with {counted(given, 'code')} "
            f"by {coder}."
        )
    click.echo(f"Then: secondcoder audit result {said[-1]['audit']}")


@audit.command()
@click.argument("number", metavar="AUDIT", type=int)
@click.option("--open/--no-open", "open_it", default=False, help="Show it in the browser.")
@json_option
@click.pass_obj
def result(folder: Path, number: int, open_it: bool, as_json_: bool) -> None:
    """Say how much is wrong and how much is missed, and whether the batch passes.

    Ends with exit code 4 where it does not pass.

    Example: secondcoder audit result 1
    """
    from eval.audit.auditing import audit_result
    from eval.audit.page import write_audit

    with opened(folder) as (study, store):
        found = audit_result(study, store, number)
        page = write_audit(found, study.reports_folder / f"audit-{number}")
    if as_json_:
        print_json(found)
    else:
        _print(found)
        click.echo(f"The same with a figure: {page}")
    if open_it:
        click.launch(page.resolve().as_uri())
    if not found.passed:
        raise ThresholdError(
            f"Audit {number} did not pass.\n- " + "\n- ".join(found.reasons),
            hint="Decide on the suggestions one by one.",
        )


def _print(found: AuditResult) -> None:
    from eval.audit.telling import all_counted, chance, what_counts

    click.echo(found.sentence)
    click.echo(
        f"{found.sampled} of {counted(found.passages, 'passage')}, coded blind by "
        f"{', '.join(found.coders)}. {chance(found)}"
    )
    click.echo(what_counts(found.counted))
    sums = found.sums
    table(
        [
            "code",
            "suggested",
            "looked at",
            "wrong",
            "missed",
            "share wrong",
            "share missed",
            "at once",
        ],
        [
            (
                all_counted(found.counted),
                sums.suggested,
                sums.looked_at,
                f"{sums.wrong:g}",
                f"{sums.missed:g}",
                str(found.error),
                str(found.missed_share),
                "",
            ),
        ]
        + [
            (
                c.name,
                c.suggested,
                c.looked_at,
                f"{c.wrong:g}",
                f"{c.missed:g}",
                str(c.error),
                str(c.missed_share),
                "no: " + c.refused if c.refused else "yes" if found.passed else "if it had passed",
            )
            for c in found.codes
        ],
    )
    for name, why in found.outside.items():
        note(f"Note: “{name}” is unlike the evidence, so nothing of it is accepted at once: {why}.")
    if found.passed:
        click.echo("Passed.")


@audit.command("list")
@json_option
@click.pass_obj
def list_(folder: Path, as_json_: bool) -> None:
    """List the audits and what is still to be coded.

    Example: secondcoder audit list
    """
    from assistant.decisions.blind import audit_tasks
    from assistant.store.measured.audits import audits

    rows = []
    with opened(folder) as (_, store):
        for row in audits(store):
            tasks = audit_tasks(store, row.id)
            drawn = sum(len(t.segments) for t in tasks)
            done = sum(max((len(d) for d in t.done.values()), default=0) for t in tasks)
            state = "to be judged" if done == drawn else f"{drawn - done} to be coded"
            if row.passed is not None:
                state = "passed" if row.passed else "not passed"
            rows.append(
                {
                    "audit": row.id,
                    "run": row.run_id,
                    "drawn_at": row.drawn_at[:10],
                    "transcripts": len(row.transcripts),
                    "passages": drawn,
                    "state": state,
                    "found": (row.result or {}).get("sentence", ""),
                }
            )
    if as_json_:
        print_json(rows)
        return
    if not rows:
        click.echo("There is no audit yet: secondcoder audit draw RUN")
        return
    table(
        ["audit", "run", "drawn", "transcripts", "passages", "state", "found"],
        [tuple(r.values()) for r in rows],
    )
