"""Look for what a person would want to mend in a codebook, before or after people used it.

Every finding names the code, says what is the matter and what can be done. Nothing is changed.
``error``: the codebook cannot be used as it stands; ``warning``: results will suffer or surprise;
``note``: worth a look, may well be meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from assistant.codebook.loading import SourceLines
from assistant.codebook.naming import closest, near_pairs, nearness
from assistant.codebook.records import Code, Codebook
from assistant.codebook.transcripts import same_transcript

__all__ = ["Finding", "Severity", "UsedCode", "check", "unknown_codes"]

Severity = Literal["error", "warning", "note"]
_ORDER = ("error", "warning", "note")


@dataclass(frozen=True)
class UsedCode:
    """A code name as people wrote it, and how often they used it."""

    code: str
    codings: int
    """Distinct codings: each passage of each coder once."""
    transcripts: int = 0


@dataclass(frozen=True)
class Finding:
    severity: Severity
    kind: str
    """One word for programs: ``double``, ``no-definition``, ``near-name``, ``unknown-code`` …"""
    code: str
    """Id of the code, name as people wrote it, or pattern of an ignore rule."""
    what: str
    where: str = ""
    """File and line, where they are known."""
    hint: str = ""


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
    checker = _Checker(codebook, lines)
    found = [
        *checker.doubles(),
        *checker.aliases(),
        *checker.links(),
        *checker.definitions(),
        *checker.near_names(),
        *checker.examples(transcripts),
        *checker.ignore(used),
        *checker.unknown(used),
    ]
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))


def unknown_codes(codebook: Codebook, used: Sequence[UsedCode]) -> tuple[UsedCode, ...]:
    """The codes that people applied and that the codebook neither knows nor ignores, commonest
    first.
    """
    missing = [
        use
        for use in used
        if codebook.resolve(use.code) is None and codebook.ignored(use.code) is None
    ]
    return tuple(sorted(missing, key=lambda use: (-use.codings, use.code)))


class _Checker:
    def __init__(self, codebook: Codebook, lines: SourceLines | None) -> None:
        self.codebook = codebook
        self.lines = lines

    def found(
        self,
        severity: Severity,
        kind: str,
        code: str,
        what: str,
        hint: str = "",
        *,
        field: str = "",
        place: str = "code",
    ) -> Finding:
        where = self.lines.place(place, code, field) if self.lines else ""
        return Finding(severity, kind, code, what, where, hint)

    def all_names(self) -> dict[str, str]:
        """Every id, name and alias, with the code it leads to first."""
        owner: dict[str, str] = {}
        for code in self.codebook.codes:
            for name in (code.id, code.name, *code.aliases):
                if name:
                    owner.setdefault(name, code.id)
        return owner

    def doubles(self) -> Iterator[Finding]:
        by_id: dict[str, int] = defaultdict(int)
        by_name: dict[str, list[Code]] = defaultdict(list)
        by_definition: dict[str, list[Code]] = defaultdict(list)
        for code in self.codebook.codes:
            by_id[code.id] += 1
            if code.name and code.name != code.id:
                by_name[code.name].append(code)
            if code.definition:
                by_definition[_folded(code.definition)].append(code)
        for code_id, count in by_id.items():
            if count > 1:
                yield self.found(
                    "error",
                    "double",
                    code_id,
                    f"{count} codes have the id “{code_id}”.",
                    "Give each its own id.",
                )
        for name, codes in by_name.items():
            others = [code for code in self.codebook.codes if code.id == name]
            if len(codes) + len(others) > 1:
                yield self.found(
                    "error",
                    "double",
                    codes[-1].id,
                    f"The name “{name}” belongs to several codes: {_ids([*others, *codes])}.",
                    "Give each its own name.",
                    field="name",
                )
        for codes in by_definition.values():
            if len({code.id for code in codes}) > 1:
                yield self.found(
                    "warning",
                    "double",
                    codes[-1].id,
                    f"{_ids(codes)} have the same definition.",
                    "Make one code of them, or write what sets them apart.",
                    field="definition",
                )

    def aliases(self) -> Iterator[Finding]:
        owner: dict[str, str] = {}
        for code in self.codebook.codes:
            for own in (code.id, code.name):
                if own:
                    owner.setdefault(own, code.id)
        for code in self.codebook.codes:
            seen: set[str] = set()
            for alias in code.aliases:
                first = owner.setdefault(alias, code.id)
                if first != code.id:
                    yield self.found(
                        "error",
                        "alias",
                        code.id,
                        f"The alias “{alias}” is also a name of “{first}”.",
                        "A name can lead to one code only: delete it in one of the two.",
                        field="aliases",
                    )
                elif alias in seen or alias in (code.id, code.name):
                    yield self.found(
                        "note",
                        "alias",
                        code.id,
                        f"The alias “{alias}” is not needed: the code has that name already.",
                        "Delete the alias.",
                        field="aliases",
                    )
                seen.add(alias)

    def links(self) -> Iterator[Finding]:
        known = self.codebook.by_id
        unlisted: dict[str, list[Code]] = defaultdict(list)
        for code in self.codebook.codes:
            if code.family and code.family not in self.codebook.families:
                unlisted[code.family].append(code)
            if code.parent and code.parent not in known:
                yield self._names_nothing(code, "parent", code.parent)
            for other in code.exclusive_with:
                if other == code.id:
                    yield self.found(
                        "warning",
                        "link",
                        code.id,
                        f"“{code.id}” excludes itself.",
                        "Delete it from its own exclusive_with.",
                        field="exclusive_with",
                    )
                elif other not in known:
                    yield self._names_nothing(code, "exclusive_with", other)
        for family, codes in unlisted.items():
            near = closest(family, list(self.codebook.families))
            yield self.found(
                "warning",
                "link",
                codes[0].id,
                f"The family “{family}” ({_number(len(codes), 'code')}) is not listed under "
                "families.",
                f"Did you mean “{near}”?" if near else f"Add “{family}: …” under families.",
                field="family",
            )
        yield from self._cycles()

    def _names_nothing(self, code: Code, field: str, written: str) -> Finding:
        resolved = self.codebook.resolve(written)
        near = resolved or closest(written, list(self.codebook.by_id))
        return self.found(
            "error",
            "link",
            code.id,
            f"{field} names “{written}”, and no code has that id.",
            f"Did you mean “{near}”?" if near else "Write the id of a code of this codebook.",
            field=field,
        )

    def _cycles(self) -> Iterator[Finding]:
        known = self.codebook.by_id
        reported: set[str] = set()
        for code in self.codebook.codes:
            path = [code.id]
            while (parent := known[path[-1]].parent) in known and parent not in path:
                path.append(parent)
            if parent == code.id and code.id not in reported:
                reported.update(path)
                yield self.found(
                    "error",
                    "cycle",
                    code.id,
                    "Parents go round in a circle: " + " → ".join([*path, code.id]) + ".",
                    "Take the parent away from one of them.",
                    field="parent",
                )

    def definitions(self) -> Iterator[Finding]:
        for code in self.codebook.sent:
            if not code.definition:
                yield self.found(
                    "warning",
                    "no-definition",
                    code.id,
                    f"“{code.id}” has no definition.",
                    "Write one or two sentences: a model sees nothing but the name otherwise.",
                )

    def near_names(self) -> Iterator[Finding]:
        owner = self.all_names()
        reported: set[frozenset[str]] = set()
        # Plain differences come before differing letters, so that each two codes are named once.
        for pair in sorted(near_pairs(list(owner)), key=lambda pair: pair.spelling):
            codes = frozenset((owner[pair.one], owner[pair.other]))
            if len(codes) == 1 or codes in reported:
                continue
            reported.add(codes)
            yield self.found(
                "note" if pair.spelling else "warning",
                "near-name",
                owner[pair.other],
                f"“{pair.one}” and “{pair.other}” are nearly the same name; they differ in "
                f"{pair.difference}.",
                "If they are one idea, make one an alias of the other; if not, choose names that "
                "nobody can confuse.",
            )

    def examples(self, transcripts: Sequence[str]) -> Iterator[Finding]:
        for code in self.codebook.codes:
            without = [n for n, e in enumerate(code.examples, 1) if not e.transcript]
            if without:
                numbers = ", ".join(str(n) for n in without)
                yield self.found(
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
                    yield self.found(
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

    def ignore(self, used: Sequence[UsedCode]) -> Iterator[Finding]:
        for rule in self.codebook.ignore:
            inside = [
                code.id
                for code in self.codebook.codes
                if any(
                    fnmatchcase(name, rule.pattern)
                    for name in (code.id, code.name, *code.aliases)
                    if name
                )
            ]
            if inside:
                yield self.found(
                    "warning",
                    "ignore",
                    rule.pattern,
                    f"The ignore pattern “{rule.pattern}” also fits codes of the codebook: "
                    f"{', '.join(inside)}. They are not ignored.",
                    "Make the pattern narrower, or delete the codes.",
                    place="ignore",
                )
            elif used and not any(fnmatchcase(use.code, rule.pattern) for use in used):
                yield self.found(
                    "note",
                    "ignore",
                    rule.pattern,
                    f"The ignore pattern “{rule.pattern}” fits no code that anybody used.",
                    "Patterns are case-sensitive and must fit the whole name.",
                    place="ignore",
                )

    def unknown(self, used: Sequence[UsedCode]) -> Iterator[Finding]:
        names = list(self.all_names())
        for use in unknown_codes(self.codebook, used):
            near = next((n for n in names if nearness(use.code, n)), None)
            if near:
                difference = nearness(use.code, near)
                hint = f"It differs from “{near}” in {difference} only: make it an alias?"
            elif (near := closest(use.code, names)) is not None:
                hint = f"The nearest name is “{near}”. Add it as an alias, as a code, or to ignore."
            else:
                hint = "Add it as a code, as an alias of one, or to ignore."
            many = _number(use.codings, "coding")
            files = f" in {_number(use.transcripts, 'transcript')}" if use.transcripts else ""
            yield Finding(
                "warning",
                "unknown-code",
                use.code,
                f"People used “{use.code}” ({many}{files}); the codebook does not know it.",
                self.lines.where if self.lines else "",
                hint,
            )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _ids(codes: Sequence[Code]) -> str:
    return ", ".join(f"“{code.id}”" for code in codes)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
