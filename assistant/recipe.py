"""The recipe: all that determines a model coder, and its hash.

Two runs of one recipe are the same coder. With `list` every code's entry stands in every request,
so an edit of one entry makes another recipe for all codes; with `judge` each code is asked about by
itself, so its hash for one code leaves the other codes' entries out.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from assistant.codebook.records import Codebook
from assistant.hashing import hash_json
from assistant.prompts.records import Strategy
from assistant.transcripts.records import Frozen

__all__ = ["Recipe", "code_recipe_hash", "embedding_of", "entries", "frame", "shortlist_by"]


class Recipe(Frozen):
    strategy: Strategy
    endpoint: str
    """Address; ``embedded`` for the model inside the program."""
    model: str
    model_sha256: str = ""
    """Hash of the weights, where they are known."""
    temperature: float
    max_output_tokens: int
    seed: int | None = None
    prompt_sha256: str
    prompt_id: str
    chunk_tokens: int
    context_segments: int
    shortlist: int = 0
    """``judge``: how many codes a segment is asked about."""
    embedder: str = ""
    """``judge``: what makes the shortlist."""
    calibration: str = ""
    """``judge``: how scores become a probability."""
    codes: dict[str, str]
    """Id -> hash of the entry, for the codes that are sent."""
    frame: str = ""
    """``list``: hash of what else of the codebook a model reads. With ``judge`` each code is asked
    about by itself."""

    @cached_property
    def sha256(self) -> str:
        return hash_json(self.model_dump(mode="json"))

    @property
    def coder_name(self) -> str:
        """Name of the model coder: tells that it is a model, and which recipe. Where no model is
        asked, what made the shortlist stands in the place of the prompt, of which none is sent."""
        by = _short(self.embedder) if self.model == "none" else self.prompt_id
        return f"{self.model} ({by}, {self.sha256.removeprefix('sha256:')[:8]})"


def entries(codebook: Codebook) -> dict[str, str]:
    """Id -> hash of what a model can be shown of it and of its kind, for every code that is sent.

    Aliases are left out: they are other spellings of people's codes, and no model sees them. The
    family's description is in: the question shows it.
    """
    found: dict[str, str] = {}
    for code in codebook.sent:
        shown = code.model_dump(mode="json", exclude={"aliases", "name", "parent", "family"})
        family = codebook.family_of(code.id)
        shown |= {"label": code.label, "family": [family, codebook.families.get(family, "")]}
        found[code.id] = hash_json(shown)
    return found


def frame(codebook: Codebook) -> str:
    """Hash of a codebook's name, its families' descriptions and the order of its codes."""
    order = [code.id for code in codebook.sent]
    return hash_json([codebook.name, codebook.families, order])


def code_recipe_hash(content: dict[str, object], code: str) -> str:
    """A stored recipe's hash as far as it concerns one code: with ``judge`` other codes' entries do
    not count, with ``list`` all of them do, since each request shows them."""
    if content["strategy"] != "judge":
        return hash_json(content)
    codes = content["codes"]
    assert isinstance(codes, dict)
    return hash_json({**content, "codes": {code: codes.get(code, "")}})


_EMBEDDER = re.compile(r"endpoint/(?P<model>.+) at (?P<address>\S+?)(/[0-9a-f]{8})?$")


def embedding_of(header: dict[str, Any]) -> tuple[str, str]:
    """(model, address) that a stored header says texts were sent to for vectors; else empty.

    Headers of earlier versions say it in the recipe only.
    """
    resolved = header.get("resolved", {})
    if "embedding_model" in resolved:
        return resolved["embedding_model"], resolved["embedding_endpoint"]
    found = _EMBEDDER.match(header.get("recipe", {}).get("embedder") or "")
    return (found["model"], found["address"]) if found else ("", "")


_PACKAGED = re.compile(r"(?P<package>[^/]+)-(?P<version>[\d.]+)/(?P<model>.+)")


def shortlist_by(embedder: str) -> str:
    """What made a shortlist, in words, from the name that a recipe keeps of it.

    Empty where the name is: a recipe without a shortlist, or of an earlier version.
    """
    if at := _EMBEDDER.match(embedder):
        return f"the embedding model {at['model']} at {at['address']}"
    if embedder.startswith("word-statistics"):
        return "word statistics"
    if named := _PACKAGED.match(embedder):
        package = f"{named['package']} {named['version']}"
        return f"the sentence embedding {named['model']} ({package})"
    return embedder


def _short(embedder: str) -> str:
    if at := _EMBEDDER.match(embedder):
        return at["model"]
    if embedder.startswith("word-statistics"):
        return "word statistics"
    named = _PACKAGED.match(embedder)
    return named["model"] if named else embedder or "no prompt"
