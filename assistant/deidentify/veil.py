"""The veil over what leaves: transcripts, codebooks and finished requests without the names.

A run sees veiled transcripts only: chunks, requests and the places of quotes in replies are all in
the veiled text, and the last step leads spans back to the original. So a stored quote is always the
original's, and no step in between can mix the two.

Invariant: no term of the list stands in a request that a veil has finished, but for one written in
small letters in the prompt's own instructions, which are nobody's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from assistant.codebook.records import Codebook
from assistant.deidentify.masking import Masked, Numbers, mask
from assistant.deidentify.matching import Matcher
from assistant.deidentify.records import Edit, Pseudonym
from assistant.hashing import hash_json
from assistant.llm.records import ChatRequest
from assistant.transcripts.records import Transcript

__all__ = ["Veil"]

_FREE_TEXT = ("name", "definition", "include", "exclude", "family")


class Veil:
    """One state of a study's list. Use one for all of a run: what it made once it gives again."""

    def __init__(self, terms: Sequence[Pseudonym], *, patterns: bool) -> None:
        """``terms`` are confirmed ones."""
        self.terms = tuple(sorted(terms, key=lambda term: term.term))
        self.patterns = patterns
        self._matcher = Matcher(self.terms)
        self._transcripts: dict[tuple[int, str], tuple[Transcript, Masked]] = {}
        self._codebooks: dict[str, Codebook] = {}
        self._systems: dict[str, str] = {}

    @cached_property
    def sha256(self) -> str:
        """Hash of the list that is in force."""
        return hash_json(
            {
                "terms": [[t.term, t.replacement, t.keep_lower] for t in self.terms],
                "patterns": self.patterns,
            }
        )

    def text(self, text: str, *, capitals_only: bool = False) -> Masked:
        """One text by itself; numbers of patterns begin with 1."""
        numbers = Numbers() if self.patterns else None
        return mask(text, self._matcher, numbers, capitals_only=capitals_only)

    # --- transcripts -----------------------------------------------------------------------------

    def transcript(self, original: Transcript) -> Transcript:
        """The transcript as the model may see it: same segments, other words and places.

        Name, hash and id are those of the original: they say which transcript it is, and never
        leave.
        """
        return self._veiled(original)[0]

    def masked(self, original: Transcript) -> Masked:
        """The veiled text with its edits."""
        return self._veiled(original)[1]

    def _veiled(self, original: Transcript) -> tuple[Transcript, Masked]:
        key = (original.id, original.sha256)
        if key not in self._transcripts:
            self._transcripts[key] = self._veil(original)
        return self._transcripts[key]

    def _veil(self, original: Transcript) -> tuple[Transcript, Masked]:
        numbers = Numbers() if self.patterns else None
        parts: list[str] = []
        edits: list[Edit] = []
        segments = []
        length = 0
        speakers: dict[str, str] = {}
        for segment in original.segments:
            # By segment: nothing that is replaced may run over a segment's border.
            done = mask(
                original.text[segment.start : segment.end],
                self._matcher,
                numbers,
                shift=(segment.start, length),
            )
            if segment.speaker not in speakers:
                speakers[segment.speaker] = self.text(segment.speaker).text
            parts.append(done.text)
            edits.extend(done.edits)
            segments.append(
                segment.model_copy(
                    update={
                        "start": length,
                        "end": length + len(done.text),
                        "speaker": speakers[segment.speaker],
                    }
                )
            )
            length += len(done.text)
        veiled = "".join(parts)
        return (
            original.model_copy(update={"text": veiled, "segments": tuple(segments)}),
            Masked(veiled, tuple(edits)),
        )

    # --- codebooks -------------------------------------------------------------------------------

    def codebook(self, original: Codebook) -> Codebook:
        """The codebook as the model may see it, codes in the same order."""
        if original.sha256 not in self._codebooks:
            self._codebooks[original.sha256] = self._veil_codebook(original)
        return self._codebooks[original.sha256]

    def code(self, original: Codebook, veiled_id: str) -> str:
        """The original id of a code that a reply names by its veiled one."""
        pairs = zip(self.codebook(original).codes, original.codes, strict=True)
        return next((o.id for v, o in pairs if v.id == veiled_id), veiled_id)

    def _veil_codebook(self, original: Codebook) -> Codebook:
        numbers = Numbers() if self.patterns else None

        def veiled(text: str) -> str:
            return mask(text, self._matcher, numbers).text

        ids: dict[str, str] = {}
        for code in original.codes:
            new = veiled(code.id)
            while new in ids.values():
                new += " (2)"
            ids[code.id] = new
        data: dict[str, Any] = original.model_dump()
        data["name"] = veiled(original.name)
        data["families"] = {veiled(n): veiled(d) for n, d in original.families.items()}
        for entry in data["codes"]:
            entry["id"] = ids[entry["id"]]
            entry["parent"] = ids.get(entry["parent"], veiled(entry["parent"]))
            entry["exclusive_with"] = [ids.get(c, veiled(c)) for c in entry["exclusive_with"]]
            for field in _FREE_TEXT:
                entry[field] = veiled(entry[field])
            for example in entry["examples"]:
                example["text"] = veiled(example["text"])
        return Codebook.model_validate(data)

    # --- requests --------------------------------------------------------------------------------

    def finish(self, request: ChatRequest) -> ChatRequest:
        """A request whose parts are veiled, with what is left in the prompt's own words replaced.

        A name that the prompt writes in small letters throughout is taken for another word: “you
        may”, “mark the passage”.
        """
        if request.system not in self._systems:
            # Long, and the same in all requests about a transcript.
            self._systems[request.system] = self.text(request.system, capitals_only=True).text
        system = self._systems[request.system]
        user = self.text(request.user, capitals_only=True).text
        if (system, user) == (request.system, request.user):
            return request
        return request.model_copy(update={"system": system, "user": user})
