"""The study's codebook beside what people coded: show, check, derive.

The codebook's file is the user's: a file that has codes is never overwritten unless they say so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from assistant.codebook.checking import check
from assistant.codebook.checking_names import unknown_codes
from assistant.codebook.deriving import CodedPassage, ProposedAlias, derive, derived_yaml
from assistant.codebook.findings import Finding, UsedCode
from assistant.codebook.loading import load_codebook, read_codebook
from assistant.codebook.records import Code, Codebook
from assistant.counting import counted
from assistant.errors import SecondCoderError, UserError
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.versions import codebook, codebook_versions
from assistant.study import Study
from assistant.writing import write_whole

__all__ = [
    "Checked",
    "Derived",
    "Shown",
    "check_study",
    "coded_passages",
    "derive_study",
    "find_version",
    "show_codebook",
    "used_codes",
]


@dataclass(frozen=True)
class Shown:
    """A codebook with how often people used each of its codes."""

    codebook: Codebook
    sha256: str
    codes: tuple[Code, ...]
    """The codes that were asked for."""
    used: dict[str, int]
    """Code id -> codings by people, aliases counted."""


@dataclass(frozen=True)
class Checked:
    findings: tuple[Finding, ...]
    unknown: tuple[UsedCode, ...]
    """Names that people used and the codebook neither knows nor ignores, commonest first."""
    codes: int
    codings: int

    @property
    def errors(self) -> int:
        return sum(finding.severity == "error" for finding in self.findings)


@dataclass(frozen=True)
class Derived:
    file: str
    codes: int
    codings: int
    transcripts: int
    coders: int
    proposals: tuple[ProposedAlias, ...]
    counts: tuple[UsedCode, ...]


def used_codes(store: Store) -> tuple[UsedCode, ...]:
    """The codes that people applied, as they wrote them, commonest first.

    Counted are distinct codings: the same passage by the same coder once, in how many files or how
    often in one it may stand.
    """
    transcripts: dict[str, set[int]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for transcript_id, _, code, _, _ in {
        (c.transcript_id, c.coder.id, c.code, c.start, c.end) for c in shown_codings(store)
    }:
        counts[code] += 1
        transcripts[code].add(transcript_id)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(UsedCode(code, count, len(transcripts[code])) for code, count in ordered)


def find_version(study: Study, store: Store, version: str = "") -> Codebook:
    """The working copy, or the stored version whose hash begins with ``version``.

    The ``sha256:`` in front may be left out. Raises `UserError` when none or several begin so.
    """
    if not version:
        return load_codebook(study.codebook_file)
    wanted = version.removeprefix("sha256:").casefold()
    stored = codebook_versions(store)
    found = [v for v in stored if v.sha256.removeprefix("sha256:").startswith(wanted)]
    if len(found) != 1:
        there = ", ".join(v.sha256.removeprefix("sha256:")[:12] for v in stored) or "none yet"
        raise UserError(
            f"{'No' if not found else 'More than one'} stored version of the codebook begins with "
            f"“{version}”.",
            hint=f"Stored versions: {there}. `secondcoder codebook history` lists them.",
        )
    return codebook(store, found[0].sha256)


def show_codebook(study: Study, store: Store, code: str = "", version: str = "") -> Shown:
    """A codebook, or one of its codes by id, name or alias.

    Raises `UserError` when there is no such version or code, and for mistakes in the file.
    """
    book = find_version(study, store, version)
    codes = book.codes
    if code:
        key = book.resolve(code)
        if key is None:
            raise UserError(
                f"The codebook has no code “{code}”.",
                hint=f"{book.meant(code)}`secondcoder codebook show` lists the codes.",
            )
        codes = (book.by_id[key],)
    used: Counter[str] = Counter()
    for use in used_codes(store):
        resolved = book.resolve(use.code)
        if resolved is not None:
            used[resolved] += use.codings
    return Shown(book, book.sha256, codes, {c.id: used[c.id] for c in codes})


def check_study(study: Study, store: Store) -> Checked:
    """Look for what a person would want to mend in the codebook, with what people coded."""
    loaded = read_codebook(study.codebook_file)
    used = used_codes(store)
    names = [info.name for info in transcript_infos(store)]
    findings = check(loaded.codebook, used, names, lines=loaded.lines)
    return Checked(
        findings,
        unknown_codes(loaded.codebook, used),
        len(loaded.codebook.codes),
        sum(use.codings for use in used),
    )


def coded_passages(store: Store) -> tuple[CodedPassage, ...]:
    """What people coded, each passage of each coder once, in the order of the texts."""
    names = {info.id: info.name for info in transcript_infos(store)}
    found: dict[tuple[int, int, str, int, int], CodedPassage] = {}
    for c in shown_codings(store):
        key = (c.transcript_id, c.coder.id, c.code, c.start, c.end)
        found.setdefault(key, CodedPassage(c.code, c.quote, names[c.transcript_id], c.coder.name))
    return tuple(found.values())


def derive_study(
    study: Study, store: Store, output: Path | None = None, *, force: bool = False
) -> Derived:
    """Write a first codebook from the codes that people applied.

    ``output``: default the study's codebook file. Raises `UserError` when nobody has coded
    anything, and when the file is there and holds codes (or cannot be read) without ``force``.
    """
    uses = coded_passages(store)
    if not uses:
        raise UserError(
            "The study has no codes by people, so there is nothing to make a codebook from.",
            hint="Bring in coded files with `secondcoder import`, or write the codebook yourself.",
        )
    file = output or study.codebook_file
    if not force:
        _refuse_to_overwrite(file)
    book, proposals = derive(study.config.name, uses)
    text = derived_yaml(book, proposals, uses)
    with store.transaction():
        if not force:
            _refuse_to_overwrite(file)  # somebody may have begun one meanwhile
        write_whole(file, text, hint="Name another file with --output.")
    return Derived(
        str(file),
        len(book.codes),
        len(uses),
        len({use.transcript for use in uses}),
        len({use.coder for use in uses}),
        proposals,
        used_codes(store),
    )


def _refuse_to_overwrite(file: Path) -> None:
    if not file.exists():
        return
    try:
        there = load_codebook(file)
    except SecondCoderError:
        what = "This file is there already, and it cannot be read as a codebook."
    else:
        if not there.codes:
            return
        many = counted(len(there.codes), "code")
        what = f"This codebook holds {many} already; it was not overwritten."
    raise UserError(
        what,
        where=str(file),
        hint="Write to another file with `--output FILE`, or replace this one with `--force`.",
    )
