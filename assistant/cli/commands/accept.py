"""``secondcoder accept``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.common import counted, json_option, note, opened, print_json
from assistant.errors import UserError
from assistant.store.model.reply_records import Suggestion
from assistant.store.records import Coding

__all__ = ["accept"]


@click.command()
@click.argument("numbers", nargs=-1, type=int)
@click.option("--reject", "reject_", is_flag=True, help="Reject these suggestions instead.")
@click.option("--amend", "amend_", metavar="CODE", help="Use another code: your own coding.")
@click.option("--undo", "undo_", is_flag=True, help="Take back the last decision on these.")
@click.option("--reason", default="", help="Why, for the record.")
@click.option("--all-of", metavar="CODE", help="All open suggestions of a code, where allowed.")
@click.option("--run", "run_id", type=int, help="The run that --all-of means.")
@click.option(
    "--in",
    "names",
    multiple=True,
    metavar="TRANSCRIPT",
    help="The transcripts that --all-of means; more than one: repeat it. Default: all of the run.",
)
@click.option("--because", default="", help="Override what the evidence says; printed in reports.")
@click.option("--undo-bulk", type=int, metavar="NUMBER", help="Undo a bulk decision as one.")
@click.option(
    "--reviewer", default="", help="Who decides. Default: the name that `secondcoder who` says."
)
@json_option
@click.pass_obj
def accept(
    folder: Path,
    numbers: tuple[int, ...],
    reject_: bool,
    amend_: str | None,
    undo_: bool,
    reason: str,
    all_of: str | None,
    run_id: int | None,
    names: tuple[str, ...],
    because: str,
    undo_bulk: int | None,
    reviewer: str,
    as_json_: bool,
) -> None:
    """Decide on suggestions: singly by NUMBERS, or with --all-of where lane and audit allow it.

    Examples:

      secondcoder accept 12 14

      secondcoder accept 13 --reject --reason "she jokes"

      secondcoder accept --all-of cost --run 1 --in "Interview 12"
    """
    from assistant.decisions import in_bulk
    from assistant.decisions.several import What, decide_several
    from assistant.guide.bulk import accept_at_once
    from assistant.guide.whose import whose_name
    from assistant.interchange.transcripts import named

    _one_of(
        {"NUMBERS": bool(numbers), "--all-of": all_of is not None, "--undo-bulk": bool(undo_bulk)}
    )
    _one_of(
        {
            "--all-of": all_of is not None,
            "--undo-bulk": undo_bulk is not None,
            "--reject": reject_,
            "--amend": amend_ is not None,
            "--undo": undo_,
        }
    )
    if amend_ is not None and not amend_.strip():
        raise UserError(
            "--amend needs the code that you would use instead.",
            hint="`secondcoder codebook show` lists the codes.",
        )
    done: list[object] = []
    with opened(folder) as (study, store):
        whose = "" if reviewer else whose_name(store)
        if undo_bulk is not None:
            count = in_bulk.undo(store, undo_bulk, reviewer)
            done.append({"undone": undo_bulk, "open_again": count})
            said = [
                f"Bulk decision {undo_bulk} is undone: {counted(count, 'suggestion')} "
                f"{'is' if count == 1 else 'are'} open again."
            ]
        elif all_of is not None:
            if run_id is None:
                raise UserError(
                    "Which run?", hint="Add `--run NUMBER`; `secondcoder runs` lists them."
                )
            bulk = accept_at_once(
                study,
                store,
                run_id,
                all_of,
                because=because,
                transcripts=named(store, names) if names else (),
                reviewer=reviewer,
            )
            done.append(bulk)
            said = [
                f"{counted(bulk.accepted, 'suggestion')} of “{bulk.code}” accepted as bulk "
                f"decision {bulk.bulk_id}. Undo: secondcoder accept --undo-bulk {bulk.bulk_id}"
            ]
        elif numbers:
            what: What = (
                "amend" if amend_ else "take back" if undo_ else "reject" if reject_ else "accept"
            )
            verb = {"accept": "accepted", "reject": "rejected"}.get(what, f"amended to {amend_}")
            now = decide_several(
                store, numbers, what, code=amend_ or "", reason=reason, reviewer=reviewer
            )
            done.extend(now)
            said = [
                f"Suggestion {number}: {_undone(one) if what == 'take back' else verb}."
                for number, one in zip(numbers, now, strict=True)
            ]
        else:
            raise UserError(
                "Nothing to decide on.",
                hint="Give numbers of suggestions (`secondcoder runs RUN --suggestions`), or "
                "`--all-of CODE --run RUN`.",
            )
    if as_json_:
        print_json(done)
    else:
        click.echo("\n".join(said))
        if whose:
            note(whose)


def _one_of(given: dict[str, bool]) -> None:
    """Raises `UserError` where a command line says two things of which one would be passed over."""
    said = [name for name, there in given.items() if there]
    if len(said) > 1:
        raise UserError(
            f"{' and '.join(said)} are different decisions; nothing was decided.",
            hint="Make one after the other.",
        )


def _undone(one: Suggestion | Coding) -> str:
    """What holds after the last decision was taken back."""
    now = one.decision if isinstance(one, Suggestion) else "open"
    past = {"accept": "accepted", "reject": "rejected", "amend": "changed"}
    return f"{past[now]}, as before the last decision" if now in past else "open again"
