"""A codebook and its codes, as the rest of the program sees them.

A codebook is addressed by the hash of its canonical form (`Codebook.sha256`): comments and order of
keys in the YAML do not matter, wording does.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cached_property
from random import Random
from typing import Literal

from pydantic import Field

from assistant.hashing import hash_json
from assistant.meant import did_you_mean
from assistant.transcripts.records import Frozen

__all__ = [
    "Code",
    "Codebook",
    "Example",
    "Ignored",
    "Kind",
    "Operation",
    "RecordedVersion",
    "Unit",
]

Kind = Literal["semantic", "latent", "structural", "attribute"]
Unit = Literal["segment", "exchange", "transcript"]


class Example(Frozen):
    """A passage that shows a code, with the transcript it is from.

    It is left out of every prompt that codes that transcript. ``transcript`` is empty for an
    example that was made up.
    """

    text: str
    transcript: str = ""
    """Name of the transcript."""
    applies: bool = True
    """False: a passage that looks like the code and is not."""


class Code(Frozen):
    id: str
    name: str = ""
    """Display name; the id when left out."""
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[Example, ...] = ()
    family: str = ""
    parent: str = ""
    aliases: tuple[str, ...] = ()
    exclusive_with: tuple[str, ...] = ()
    kind: Kind = "semantic"
    unit: Unit = "segment"

    @property
    def label(self) -> str:
        return self.name or self.id

    @property
    def measured(self) -> bool:
        """Structural and attribute codes are imported, never sent, never measured."""
        return self.kind in ("semantic", "latent")

    @cached_property
    def sha256(self) -> str:
        return hash_json(self.model_dump(mode="json"))


class Ignored(Frozen):
    """Codes that are imported but neither sent nor measured."""

    pattern: str
    """A name, or a glob for the whole name, case-sensitive."""
    why: str = ""


class Operation(Frozen):
    """What leads from one version of a codebook to the next."""

    op: Literal["rename", "merge", "split", "redefine", "add", "retire", "change"]
    codes: tuple[str, ...]
    """Ids in the older version (in the newer for ``add``)."""
    into: tuple[str, ...] = ()
    """Ids in the newer version, for rename, merge and split."""
    why: str = ""


class Codebook(Frozen):
    name: str
    version: str = "1"
    families: dict[str, str] = Field(default_factory=dict)
    """Family name -> description."""
    ignore: tuple[Ignored, ...] = ()
    codes: tuple[Code, ...]

    @cached_property
    def sha256(self) -> str:
        return hash_json(self.model_dump(mode="json"))

    @cached_property
    def by_id(self) -> dict[str, Code]:
        return {code.id: code for code in self.codes}

    @cached_property
    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for code in self.codes:
            for alias in code.aliases:
                names[alias] = code.id
        for code in self.codes:
            if code.name:
                names.setdefault(code.name, code.id)
        for code in self.codes:
            names[code.id] = code.id
        return names

    def resolve(self, written: str) -> str | None:
        """Id of the code that ``written`` names (exact id, name or listed alias), else None."""
        return self._names.get(written)

    def meant(self, written: str) -> str:
        """``Did you mean “…”? `` for what is nearly an id, a name or an alias, else nothing; a code
        that is meant by several of them is named once."""
        return did_you_mean(written, self._names, self._names)

    def ignored(self, written: str) -> Ignored | None:
        """The ignore rule that ``written`` falls under; a code of the codebook has none."""
        if written in self._names:
            return None
        for rule in self.ignore:
            if fnmatchcase(written, rule.pattern):
                return rule
        return None

    @cached_property
    def sent(self) -> tuple[Code, ...]:
        """The codes that a model is asked about and that are measured, in codebook order."""
        return tuple(code for code in self.codes if code.measured)

    def in_another_order(self, seed: int) -> Codebook:
        """The same codes, shuffled: what a model says should not hang on their order."""
        codes = list(self.codes)
        Random(seed).shuffle(codes)
        return Codebook(
            name=self.name,
            version=self.version,
            families=self.families,
            ignore=self.ignore,
            codes=tuple(codes),
        )

    def family_of(self, code_id: str) -> str:
        """The family of a code, its topmost parent's id where it has parents, or ``""``."""
        code = self.by_id[code_id]
        seen = {code_id}
        while code.parent and code.parent in self.by_id and code.parent not in seen:
            seen.add(code.parent)
            code = self.by_id[code.parent]
        return code.family or (code.id if code.id != code_id else "")


class RecordedVersion(Frozen):
    """A version of the study's codebook, and what the user said of the way to the next."""

    sha256: str
    """Under which it was recorded; a withdrawal may have taken examples out of ``book`` since."""
    book: Codebook
    recorded_at: str
    """Empty: it is the working copy, not recorded yet."""
    declared: tuple[Operation, ...] = ()
    """Of the way to the next one."""
    declared_further: dict[str, tuple[Operation, ...]] = Field(default_factory=dict)
    """Of the way to others, by their hash: other versions came in between since, or the user named
    the version that a change leads from."""
