"""Small invented studies in a database: interviews, people and runs that say what they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path

from assistant.codebook.records import Codebook
from assistant.codebook.writing import codebook_yaml
from assistant.hashing import hash_text
from assistant.llm.records import ChatReply, ChatRequest
from assistant.prompts.records import Prompt
from assistant.store.database import Store, open_store
from assistant.store.model.calls import record_call, record_request
from assistant.store.model.chunks import add_chunk, set_chunk
from assistant.store.model.outcomes import set_segment_outcomes
from assistant.store.model.reply_records import NewSuggestion, SegmentOutcome
from assistant.store.model.runs import finish_run, open_run
from assistant.store.model.suggestions import record_results
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, set_scope
from assistant.store.records import Coding, Scope
from assistant.store.texts.transcripts import new_transcript, transcript
from assistant.store.versions import record_codebook, record_prompt, record_recipe
from assistant.study import Study, create_study
from assistant.transcripts.records import Exposure, Segment

__all__ = ["BOOK", "book_of", "interview", "model", "person", "study_with"]

_number = count(1)


def book_of(text: str) -> Codebook:
    from assistant.codebook.loading import parse_codebook

    return parse_codebook(text, "codebook.yaml")


BOOK = book_of(
    """\
name: Garden
version: 1
families:
  Weather: What the sky does
codes:
  - id: frost
    name: Frost
    family: Weather
    definition: Harm done by cold.
    exclude: Cold that harms nothing.
  - id: rain
    family: Weather
    definition: Water from above.
  - id: tools
    definition: Something to work with.
  - id: spades
    parent: tools
    definition: A tool to dig with.
  - id: patience
    definition: Waiting.
    unit: transcript
"""
)


def interview(store: Store, name: str, said: Sequence[tuple[str, str]] | int = 6) -> int:
    """A transcript; a number stands for as many paragraphs of ten words, a turn each."""
    apart = isinstance(said, int)
    if isinstance(said, int):
        said = [("Ida", f"In {name} part {n} of what was told has ten words.") for n in range(said)]
    pieces, segments, place, turn = [], [], 0, -1
    for number, (speaker, words) in enumerate(said):
        piece = words + ("" if number == len(said) - 1 else "\n\n")
        if apart or number == 0 or speaker != said[number - 1][0]:
            turn += 1
        segments.append(
            Segment(index=number, start=place, end=place + len(piece), speaker=speaker, turn=turn)
        )
        pieces.append(piece)
        place += len(piece)
    text = "".join(pieces)
    return new_transcript(store, name, hash_text(text), text, "en", segments)


def person(
    store: Store,
    key: int,
    name: str,
    given: Mapping[int | tuple[int, int], Sequence[str]],
    *,
    exposure: Exposure = "independent",
    codes: tuple[str, ...] | None = None,
    looked: tuple[int, int] | None = None,
    part: tuple[float, float] = (0.0, 1.0),
) -> None:
    """``given``: segment, or first and last, -> codes. ``part``: share of the passage, from and to.

    ``looked``: first and last segment of the scope.
    """
    coder = add_coder(store, name, "human")
    first, last = looked or (None, None)
    set_scope(store, Scope(coder, key, exposure, first, last, codes=codes))
    text = transcript(store, key)
    for place, names in given.items():
        low, high = place if isinstance(place, tuple) else (place, place)
        start = text.segments[low].start
        end = start + len(text.text[start : text.segments[high].end].rstrip())
        size = end - start
        start, end = start + int(part[0] * size), start + int(part[1] * size)
        for code in names:
            guid = f"{name}-{key}-{next(_number)}"
            quote = text.text[start:end]
            add_coding(
                store,
                Coding(0, guid, key, coder, code, start, end, quote, "import", exposure),
            )


def model(
    store: Store,
    given: Mapping[int, Mapping[int, Sequence[str]]],
    *,
    book: Codebook = BOOK,
    recipe: str = "one",
    repeat: int = 1,
    failed: Sequence[tuple[int, int]] = (),
    prompt: str = "Say what you see.",
    cost: float | None = None,
) -> int:
    """A complete run: transcript -> segment -> codes; its number."""
    record_codebook(store, book, codebook_yaml(book))
    record_prompt(
        store,
        Prompt(
            id=f"p-{recipe}",
            purpose="x",
            strategy="list",
            source=prompt,
            system="s",
            user="u",
            sha256=hash_text(prompt),
        ),
    )
    content = {
        "strategy": "list",
        "model": f"m-{recipe}",
        "prompt_id": f"p-{recipe}",
        "codes": {c.id: c.sha256 for c in book.sent},
    }
    sha256 = f"sha256:{recipe}"
    record_recipe(store, sha256, content)
    row, _ = open_run(
        store,
        f"{recipe} {repeat} {next(_number)}",
        recipe_sha256=sha256,
        repeat=repeat,
        coder=add_coder(store, f"model {recipe}", "model", sha256),
        strategy="list",
        codebook_sha256=book.sha256,
        prompt_sha256=hash_text(prompt),
        header={"recipe": content},
        transcripts=[(key, "") for key in given],
    )
    for key, said in given.items():
        text = transcript(store, key)
        request = ChatRequest(model="m", system=f"{recipe} {repeat}", user=f"text {key}")
        record_request(store, request.sha256, request.model_dump_json())
        last = text.segments[-1].index
        chunk = add_chunk(store, row.id, key, f"{key}/0", 0, last, request.sha256)
        reply = ChatReply(
            outcome="ok", text="{}", raw="{}", input_tokens=100, output_tokens=10, latency_ms=1500
        )
        call = record_call(store, row.id, chunk.id, request.sha256, repeat, 1, reply, cost=cost)
        made = []
        for segment, codes in said.items():
            s = text.segments[segment]
            quote = " ".join(text.text[s.start : s.end].split()[:3])
            for code in codes:
                made.append(
                    NewSuggestion(
                        key,
                        segment,
                        code,
                        s.start,
                        s.start + len(quote),
                        quote,
                        quote,
                        "exact",
                        f"Because of {quote}.",
                        0.75,
                    )
                )
        record_results(store, row.id, call, made, [], [])
        set_chunk(store, chunk.id, "done")
        set_segment_outcomes(
            store,
            row.id,
            [
                SegmentOutcome(
                    key,
                    s.index,
                    "failed"
                    if (key, s.index) in failed
                    else "coded"
                    if said.get(s.index)
                    else "coded-empty",
                )
                for s in text.segments
            ],
        )
    finish_run(store, row.id, "complete", "")
    return row.id


def study_with(folder: Path, book: Codebook = BOOK) -> tuple[Study, Store]:
    """An empty study on disk with this codebook, and its open database."""
    study = create_study(folder / "study", name="Garden talk")
    study.codebook_file.write_text(codebook_yaml(book), encoding="utf-8")
    store, _ = open_store(study.database)
    return study, store
