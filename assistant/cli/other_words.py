"""Words that people type for a command which is called otherwise, or is part of another.

A test holds each line to the commands and options that there are.
"""

from __future__ import annotations

__all__ = ["OTHER_WORDS", "in_other_words"]

_NAME = (
    'transcripts --coder "NAME" --set-coder-name "RIGHT NAME"',
    "corrects a coder's name in the whole study",
)
_RENAME = (
    'transcripts "OLD NAME" --set-name "NEW NAME"',
    'gives a transcript another name; for a coder: --coder "NAME" --set-coder-name "RIGHT NAME"',
)
_PEOPLE = ("transcripts", "lists who coded what; `inspect` how they coded")
_ONE = (
    'transcripts --coder "ONE" --set-coder-name "OTHER" --same-person',
    "makes two names of one person one",
)
_MEMO = ("review", "opens the study in the browser, where memos are written and read")
_BROWSER = ("review", "opens the study in the browser")
_ERASE = ('withdraw "TRANSCRIPT"', "erases an interview from the study for good")
_UNDO = ("accept NUMBER --undo", "takes a decision on a suggestion back")
_BACKUP = ("verify", "checks the study; to back it up, copy its whole folder while nothing runs")
_SETTINGS = (
    "status",
    "says where the study's folder is: the settings stand in its study.toml and eval/policy.toml, "
    "and every line of them is explained there or in docs/settings.md",
)
_BOOK = ("codebook import FILE", "takes a codebook from a file, or from another tool")
_CODES = ("codebook", "has commands to show, check, derive and compare codebooks")
_NAMES_OUT = ("pseudonyms", "replaces names in what leaves this computer")
_HELP = ("--help", "lists the commands; each has --help too")
_NEW = ('init "FOLDER"', "makes a new study")
_ADD = ("import PATH", "brings in interviews and people's codes")
_KAPPA = ("evaluate", "measures how well people agree, and a run with people")
_BLIND = ("review", "opens the browser; one codes there blind, or with everything in view")
_EXPOSURE = (
    "transcripts --set-exposure independent",
    "states what coders had seen when they coded",
)
_CONSENT = ("transcripts --set-consent WHO", "records who may be given the words of an interview")
_SETTLE = ("merge --conflicts", "lists what merged studies say differently")
_DECIDE = ("runs NUMBER --suggestions", "lists suggestions; `accept NUMBER` decides on one")

OTHER_WORDS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("rename",), _RENAME),
    **dict.fromkeys(("name", "names", "correct", "spelling"), _NAME),
    **dict.fromkeys(("coders", "coder", "people", "persons", "users", "person", "team"), _PEOPLE),
    **dict.fromkeys(("join", "same-person", "duplicates"), _ONE),
    **dict.fromkeys(("memo", "memos", "note", "notes", "comments"), _MEMO),
    **dict.fromkeys(("open", "browser", "web", "gui", "serve", "start"), _BROWSER),
    **dict.fromkeys(("delete", "remove", "erase"), _ERASE),
    **dict.fromkeys(("undo", "revert"), _UNDO),
    **dict.fromkeys(("backup", "back-up", "restore", "save"), _BACKUP),
    **dict.fromkeys(("settings", "config", "configure", "options", "policy"), _SETTINGS),
    **dict.fromkeys(("import-codebook", "codebook-import"), _BOOK),
    **dict.fromkeys(("codes", "definitions"), _CODES),
    **dict.fromkeys(("anonymize", "anonymise", "pseudonymize", "pseudonymise"), _NAMES_OUT),
    **dict.fromkeys(("help", "commands"), _HELP),
    **dict.fromkeys(("new", "create", "make"), _NEW),
    **dict.fromkeys(("add", "load"), _ADD),
    **dict.fromkeys(("kappa", "agreement", "measure", "alpha"), _KAPPA),
    **dict.fromkeys(("blind", "annotate"), _BLIND),
    **dict.fromkeys(("exposure",), _EXPOSURE),
    **dict.fromkeys(("consent",), _CONSENT),
    **dict.fromkeys(("conflicts", "settle"), _SETTLE),
    **dict.fromkeys(("suggestions", "decide", "reject"), _DECIDE),
}
"""Word -> (what follows `secondcoder`, what that does)."""


def in_other_words(word: str) -> str:
    """``secondcoder … does this.``, or "" for a word that is not known here either."""
    found = OTHER_WORDS.get(word.casefold())
    return f"What to do: `secondcoder {found[0]}` {found[1]}." if found else ""
