"""Look for what a person would want to mend in a codebook, before or after people used it.

Every finding names the code, says what is the matter and what can be done. Nothing is changed.
``error``: the codebook cannot be used as it stands; ``warning``: results will suffer or surprise;
``note``: worth a look, may well be meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from assistant.codebook.checking_names import aliases, doubles, near_names, unknown
from assistant.codebook.findings import Checked, Finding, UsedCode
from assistant.codebook.loading import SourceLines
from assistant.codebook.naming import closest
from assistant.codebook.records import Code, Codebook
from assistant.codebook.transcripts import same_transcript
from assistant.counting import counted

__all__ = ["check"]

_ORDER = ("error", "warning", "note")


def check(
    codebook: Codebook,
    used: Sequence[UsedCode] = (),
    transcripts: Sequence[str] = (),
    *,
    lines: SourceLines | None = None,
) -> tuple[Finding, ...]:
    """All findings, errors first, then in the order of the codebook.

    ``used``: the codes that people applied; without them, nothing is said about use.
    ``transcripts``: names of the study's transcripts; without them, names in examples are not
    checked. ``lines``: where things stand in the file, as `read_codebook` gives them.
    """
    book = Checked(codebook, lines)
    found = [
        *doubles(book),
        *aliases(book),
        *_links(book),
        *_definitions(book),
        *near_names(book),
        *_examples(book, transcripts),
        *_ignore(book, used),
        *unknown(book, used),
    ]
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))


def _links(book: Checked) -> Iterator[Finding]:
    known = book.codebook.by_id
    unlisted: dict[str, list[Code]] = defaultdict(list)
    for code in book.codebook.codes:
        if code.family and code.family not in book.codebook.families:
            unlisted[code.family].append(code)
        if code.parent and code.parent not in known:
            yield _names_nothing(book, code, "parent", code.parent)
        for other in code.exclusive_with:
            if other == code.id:
                yield book.found(
                    "warning",
                    "link",
                    code.id,
                    f"“{code.id}” excludes itself.",
                    "Delete it from its own exclusive_with.",
                    field="exclusive_with",
                )
            elif other not in known:
                yield _names_nothing(book, code, "exclusive_with", other)
    for family, codes in unlisted.items():
        near = closest(family, list(book.codebook.families))
        yield book.found(
            "warning",
            "link",
            codes[0].id,
            f"The family “{family}” ({counted(len(codes), 'code')}) is not listed under families.",
            f"Did you mean “{near}”?" if near else f"Add “{family}: …” under families.",
            field="family",
        )
    yield from _cycles(book)


def _names_nothing(book: Checked, code: Code, field: str, written: str) -> Finding:
    resolved = book.codebook.resolve(written)
    near = resolved or closest(written, list(book.codebook.by_id))
    return book.found(
        "error",
        "link",
        code.id,
        f"{field} names “{written}”, and no code has that id.",
        f"Did you mean “{near}”?" if near else "Write the id of a code of this codebook.",
        field=field,
    )


def _cycles(book: Checked) -> Iterator[Finding]:
    known = book.codebook.by_id
    reported: set[str] = set()
    for code in book.codebook.codes:
        path = [code.id]
        while (parent := known[path[-1]].parent) in known and parent not in path:
            path.append(parent)
        if parent == code.id and code.id not in reported:
            reported.update(path)
            yield book.found(
                "error",
                "cycle",
                code.id,
                "Parents go round in a circle: " + " → ".join([*path, code.id]) + ".",
                "Take the parent away from one of them.",
                field="parent",
            )


def _definitions(book: Checked) -> Iterator[Finding]:
    for code in book.codebook.sent:
        if not code.definition:
            yield book.found(
                "warning",
                "no-definition",
                code.id,
                f"“{code.id}” has no definition.",
                "Write one or two sentences: a model sees nothing but the name otherwise.",
            )


def _examples(book: Checked, transcripts: Sequence[str]) -> Iterator[Finding]:
    for code in book.codebook.codes:
        without = [n for n, e in enumerate(code.examples, 1) if not e.transcript]
        if without:
            numbers = ", ".join(str(n) for n in without)
            yield book.found(
                "note",
                "example",
                code.id,
                f"Examples of “{code.id}” without a transcript: number {numbers}.",
                "Name the transcript of every real passage, so that it is never shown to a "
                "model that codes that transcript. Invented examples need none.",
                field="examples",
            )
        for example in code.examples:
            name = example.transcript
            if not name or not transcripts:
                continue
            if not any(same_transcript(name, known) for known in transcripts):
                near = closest(name, list(transcripts))
                yield book.found(
                    "warning",
                    "example",
                    code.id,
                    f"An example of “{code.id}” names the transcript “{name}”, which this "
                    "study does not have.",
                    f"Did you mean “{near}”?"
                    if near
                    else "Import that transcript, or name one that the study has.",
                    field="examples",
                )


def _ignore(book: Checked, used: Sequence[UsedCode]) -> Iterator[Finding]:
    for rule in book.codebook.ignore:
        inside = [
            code.id
            for code in book.codebook.codes
            if any(
                fnmatchcase(name, rule.pattern)
                for name in (code.id, code.name, *code.aliases)
                if name
            )
        ]
        if inside:
            yield book.found(
                "warning",
                "ignore",
                rule.pattern,
                f"The ignore pattern “{rule.pattern}” also fits codes of the codebook: "
                f"{', '.join(inside)}. They are not ignored.",
                "Make the pattern narrower, or delete the codes.",
                place="ignore",
            )
        elif used and not any(fnmatchcase(use.code, rule.pattern) for use in used):
            yield book.found(
                "note",
                "ignore",
                rule.pattern,
                f"The ignore pattern “{rule.pattern}” fits no code that anybody used.",
                "Patterns are case-sensitive and must fit the whole name.",
                place="ignore",
            )
