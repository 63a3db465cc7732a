"""The command ``secondcoder``. Only parses and prints: each command calls one library function.

Commands stand in `assistant.cli.commands`, one file each, and are imported when they are used, so
that ``--help`` is quick.
"""

from __future__ import annotations

import errno
import importlib
import keyword
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from assistant import __version__
from assistant.cli.advice import advice
from assistant.cli.harmless import harmless_streams
from assistant.cli.twice import refuse_twice
from assistant.errors import BugError, SecondCoderError
from assistant.writing import NO_ROOM

__all__ = ["cli", "run"]

_PLACES = frozenset(
    (
        *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST),
        *(errno.ENAMETOOLONG, errno.ELOOP, errno.EIO),
    )
)
"""What is wrong with a place that the user gave, or with the disk that it is on."""

COMMANDS = {
    "init": "Make a new study in a folder.",
    "import": "Bring in transcripts and people's codes.",
    "transcripts": "List transcripts; set what people had seen, a coder's name, consent.",
    "codebook": "Show, check, derive and compare codebooks.",
    "prompts": "List, check and preview prompt versions.",
    "model": "Get, choose and remove the embedded model.",
    "code": "Let the model suggest codes for transcripts.",
    "runs": "List runs and what became of every call.",
    "inspect": "Look at what people coded, before any model is asked.",
    "evaluate": "Measure people against people, and a run against people.",
    "report": "Write the last evaluation as HTML, Markdown and JSON.",
    "review": "Read, review and code in the browser.",
    "disagreements": "Write where coders disagree, sorted by who agrees with whom.",
    "compare": "Is one run better than another, and what did it fix and break?",
    "split": "Keep transcripts for a test that nothing is chosen by.",
    "audit": "Check new interviews before their suggestions are accepted at once.",
    "watch": "Does the evidence still hold for new interviews?",
    "counts": "How often each code occurs: a model's numbers, corrected.",
    "methods": "Write the paragraph and the table that a paper needs.",
    "accept": "Decide on suggestions, singly or where allowed in bulk.",
    "export": "Take codings to NVivo, ATLAS.ti, MAXQDA, a spreadsheet, Word or a browser.",
    "show": "Why is this code here? Everything behind a suggestion.",
    "pseudonyms": "Names that are replaced in what leaves this computer.",
    "share": "Write one file with this study's rows.",
    "merge": "Take in what somebody else shared.",
    "trail": "Write down everything that happened.",
    "verify": "Check every hash, quote and rule of the study.",
    "status": "Where the study stands and what to do next.",
    "who": "Say under which name your decisions are stored.",
    "withdraw": "Erase a participant's words for good.",
    "demo": "Run the main job on the invented example study.",
}
"""Every command with its one line in the list; ``_word`` says in which module it stands."""


def _word(name: str) -> str:
    """The module of a command, and the function in it, are called as the command is."""
    return f"{name}_" if keyword.iskeyword(name) else name


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        word = _word(cmd_name)
        module = importlib.import_module(f"assistant.cli.commands.{word}")
        command: click.Command = getattr(module, word)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            refuse_twice(command, name or "", ctx, rest)
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="secondcoder")
@click.option(
    "--study",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    help="The study's folder. Default: the current folder.",
)
@click.pass_context
def cli(ctx: click.Context, study: Path) -> None:
    """A second coder for interview research.

    It suggests codes, measures them against the codes that people applied, and lets nothing
    through that has not earned it. Start with `secondcoder demo` or `secondcoder init FOLDER`.
    """
    ctx.obj = study


def run(arguments: list[str] | None = None) -> Any:
    """Entry point: turns errors into messages and exit codes; prints nothing that does harm."""
    with harmless_streams():
        _run(arguments)


def _run(arguments: list[str] | None) -> Any:
    if threading.current_thread() is threading.main_thread():
        # Whoever ends a long run from outside (a time limit, a shutdown) ends it as Ctrl-C does:
        # it is stored as stopped, not left behind as running.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        result = cli.main(args=arguments, prog_name="secondcoder", standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        where = advice(error, arguments)
        if where:
            click.echo(where, err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo(
            "\nStopped. What was stored is kept; the same command goes on from there.", err=True
        )
        sys.exit(3)
    except BugError:
        raise
    except SecondCoderError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of a pipe (`| head`) went away; that is not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OverflowError as error:
        if "SQLite" not in str(error):
            raise
        click.echo(
            "Nothing in a study has so large a number.\n"
            "What to do: Look at the number again; `secondcoder runs` lists the runs.",
            err=True,
        )
        sys.exit(2)
    except OSError as error:
        if error.errno in NO_ROOM:
            click.echo(
                "The disk is full: nothing more could be written. What was stored before is safe.\n"
                "What to do: Make room on this disk, then run the same command again.",
                err=True,
            )
            sys.exit(2)
        if error.errno in _PLACES:
            click.echo(
                f"This cannot be read or written: {error.strerror}.\nWhere: {error.filename}\n"
                "What to do: Look whether you may write there, and whether a file of that name is "
                "in the way.",
                err=True,
            )
            sys.exit(2)
        raise
    sys.exit(result if isinstance(result, int) else 0)
