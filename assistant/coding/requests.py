"""Building the request of a chunk for the `list` strategy.

The same words, codebook, prompt and settings give the same request, byte for byte: passages are
numbered from 1 in every request, and neither the transcript's name nor its place in the study
enters. The system text is the same for all chunks of a transcript, so that prefix caches work.

No text of a transcript stands in a prompt that codes that transcript, except as the text to be
coded: examples from it are left out, by their transcript's name and by their words, and
instructions or definitions that repeat it are refused.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from assistant.codebook.leaks import shared_passages
from assistant.codebook.records import Codebook
from assistant.codebook.transcripts import without_examples_from
from assistant.coding.records import Chunk
from assistant.coding.reply import reply_schema
from assistant.coding.variables import chunk_variables, shared_variables, system_words
from assistant.deidentify.veil import Veil
from assistant.errors import UserError
from assistant.llm.records import ChatRequest, Schema
from assistant.prompts.records import Prompt
from assistant.prompts.rendering import render_part
from assistant.transcripts.records import Transcript

__all__ = [
    "ENUM_CHARACTERS",
    "ENUM_VALUES",
    "QUOTE_CAP",
    "ListOptions",
    "Questions",
    "codebook_shown",
    "list_request",
    "schema_for",
]

QUOTE_CAP = 600
"""Characters of a quote. Longer passages are quoted in part."""
ENUM_VALUES = 1000
ENUM_CHARACTERS = 15_000
"""Above these, hosted endpoints refuse an enum; codes are then any string, checked by us."""


@dataclass(frozen=True)
class ListOptions:
    """What a `list` request needs besides words, codebook and prompt."""

    model: str
    endpoint: str = ""
    temperature: float = 0.0
    max_output_tokens: int = 2000
    seed: int | None = None


def list_request(
    prompt: Prompt,
    codebook: Codebook,
    transcript: Transcript,
    chunk: Chunk,
    options: ListOptions,
    veil: Veil | None = None,
) -> ChatRequest:
    """The request that asks about one chunk.

    With a veil, ``transcript`` is still the original, and the chunk's places are those of the
    veiled one.

    Raises `UserError` when the prompt is not for `list`, when the codebook has no code that a
    model may be asked about, or when prompt or definitions hold eight words in a row of this very
    transcript; and what `render` raises.
    """
    return Questions(prompt, codebook, transcript, options, veil).about(chunk)


class Questions:
    """The requests about one transcript. What is the same in all of them is made once.

    Making it raises what `list_request` does for any chunk of the transcript.
    """

    def __init__(
        self,
        prompt: Prompt,
        codebook: Codebook,
        transcript: Transcript,
        options: ListOptions,
        veil: Veil | None = None,
    ) -> None:
        shown = codebook_shown(prompt, codebook, transcript)
        if veil is not None:
            shown, transcript = veil.codebook(shown), veil.transcript(transcript)
        self._prompt, self._transcript = prompt, transcript
        self._options, self._veil = options, veil
        self._shared = shared_variables(shown, transcript)
        self._system = render_part(prompt, "system", self._shared)
        self._schema = schema_for(shown, options.endpoint)

    def about(self, chunk: Chunk) -> ChatRequest:
        """The request of one chunk; with a veil, of one of the veiled transcript."""
        variables = {**self._shared, **chunk_variables(self._transcript, chunk)}
        options = self._options
        request = ChatRequest(
            model=options.model,
            system=self._system,
            user=render_part(self._prompt, "user", variables),
            temperature=options.temperature,
            max_output_tokens=options.max_output_tokens,
            json_schema=self._schema,
            seed=options.seed,
            endpoint=options.endpoint,
        )
        return request if self._veil is None else self._veil.finish(request)


def codebook_shown(prompt: Prompt, codebook: Codebook, transcript: Transcript) -> Codebook:
    """The codebook as it is shown when this transcript is coded: without its own examples.

    The same for all chunks of a transcript. Raises as `list_request` does.
    """
    if prompt.strategy != "list":
        raise UserError(
            f"The prompt “{prompt.id}” is for the strategy “{prompt.strategy}”, not “list”.",
            hint="Choose a prompt for list, or the other strategy, in study.toml.",
        )
    if not codebook.sent:
        raise UserError(
            "The codebook has no code that a model may be asked about.",
            where=f"codebook “{codebook.name}”, version {codebook.version}",
            hint="Structural, attribute and ignored codes are never sent. Add a code of the kind "
            "semantic or latent.",
        )
    shown = without_examples_from(codebook, transcript.name, transcript.text)
    _refuse_leaks(prompt, shown, transcript)
    return shown


def _refuse_leaks(prompt: Prompt, shown: Codebook, transcript: Transcript) -> None:
    """A model that has read a passage in its instructions is not tested by that passage."""
    for words, where in (
        (f"{prompt.system}\n{prompt.user}", f"prompt “{prompt.id}”"),
        (system_words(shown), f"codebook “{shown.name}”, in a definition, rule or family"),
    ):
        found = shared_passages(words, transcript.text)
        if found:
            raise UserError(
                f"The instructions for transcript “{transcript.name}” already hold words of that "
                f"transcript: “{found[0]}”.",
                where=where,
                hint="Put it in other words, or give the passage as an example of its code with "
                "its transcript: examples are left out for the transcript that they are from.",
            )


def schema_for(codebook: Codebook, endpoint: str = "") -> Schema:
    """The reply schema for a codebook at an endpoint.

    Codes are an enum of ids where the enum keeps to what hosted endpoints accept; else any string
    (`planning` says so in its notes). Lengths are capped in the schema for endpoints on
    this computer or in its network only, because hosted ones may refuse the keyword.
    """
    return _schema(tuple(code.id for code in codebook.sent), _is_near(endpoint))


@lru_cache(maxsize=16)
def _schema(ids: tuple[str, ...], near: bool) -> Schema:
    """Made once: the requests of a run share it."""
    fits = len(ids) <= ENUM_VALUES and sum(map(len, ids)) <= ENUM_CHARACTERS
    body = reply_schema(ids if fits else (), quote_cap=QUOTE_CAP, capped=near)
    return Schema(name="codes", body=body)


def _is_near(endpoint: str) -> bool:
    """Whether an address is this computer or its private network."""
    host = urlsplit(endpoint).hostname or ""
    if not host or host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host
