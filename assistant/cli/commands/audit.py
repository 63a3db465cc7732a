"""``secondcoder audit``: draw a sample of new interviews, take what was coded blind, judge it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import (
    as_json,
    counted,
    json_option,
    note,
    opened,
    print_json,
    table,
)
from assistant.errors import ThresholdError

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
    from assistant.guide.audit_by_file import draw_into_files
    from assistant.guide.audits import listed_audits
    from assistant.guide.words import explained
    from assistant.interchange.transcripts import named
    from assistant.store.finding import find_audit
    from assistant.store.trail.events import person
    from eval.audit.samples import samples_of

    with opened(folder) as (study, store):
        keys = named(store, transcripts) if transcripts else ()
        drawn, files = draw_into_files(
            study, store, run_id, keys, segments=segments, seed=seed, out=out
        )
        counts = samples_of(store, find_audit(store, drawn.id)).judged
        mine = [one for one in listed_audits(store, person()) if one.newer == drawn.id]
    replaced = [one for one in mine if one.coded]
    if as_json_:
        print_json({**as_json(drawn), "files": files})
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
    for one in replaced:
        note(
            f"Note: this takes the place of audit {one.id}, of which {one.coded} of "
            f"{counted(one.passages, 'passage')} are coded: only the newest sample of the same "
            "interviews can be judged. What was coded blind there stays, and counts here where the "
            "same passages were drawn."
        )
    if counts > 1:
        note(
            f"Note: this is number {counts} of the samples of these interviews that are judged or "
            "wholly coded, so this one is judged more strictly."
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


@audit.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--coder", required=True, help="Who coded them.")
@json_option
@click.pass_obj
def take(folder: Path, files: tuple[Path, ...], coder: str, as_json_: bool) -> None:
    """Bring in FILES of an audit (or folders of them) that a person has filled in.

    Example: secondcoder audit take runs/audits/audit-1 --coder Ana
    """
    from assistant.guide.audit_by_file import take_files

    with opened(folder) as (_, store):
        taken = take_files(store, files, coder)
    if as_json_:
        print_json(taken)
        return
    for one in taken:
        click.echo(
            f"{one.transcript}: {counted(one.passages, 'passage')} with "
            f"{counted(one.codes, 'code')} by {coder}."
        )
    click.echo(f"Then: secondcoder audit result {taken[-1].audit}")


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
    from assistant.guide.audits import listed_audits
    from assistant.store.trail.events import person

    with opened(folder) as (_, store):
        rows = [
            {
                "audit": one.id,
                "run": one.run_id,
                "drawn_at": one.drawn_at[:10],
                "transcripts": len(one.transcripts),
                "passages": one.passages,
                "coded": one.coded,
                "state": one.state,
                "found": one.found,
            }
            for one in listed_audits(store, person())[::-1]
        ]
    if as_json_:
        print_json(rows)
        return
    if not rows:
        click.echo("There is no audit yet: secondcoder audit draw RUN")
        return
    table(
        ["audit", "run", "drawn", "transcripts", "passages", "coded", "state", "found"],
        [tuple(r.values()) for r in rows],
    )
