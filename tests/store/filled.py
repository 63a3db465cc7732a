"""A database with a row of everything, written through the store, all of it invented."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.codebook.records import Code, Codebook, Example
from assistant.hashing import hash_text
from assistant.llm.records import ChatReply, ChatRequest
from assistant.prompts.records import Prompt
from assistant.recipe import code_recipe_hash
from assistant.store.database import Store
from assistant.store.measured.evidence import (
    NewVerdict,
    record_audit,
    record_evaluation,
    set_audit_result,
)
from assistant.store.measured.reference import RESTS_ON, rests_on
from assistant.store.model.calls import record_call, record_request
from assistant.store.model.chunks import add_chunk, set_chunk
from assistant.store.model.outcomes import set_segment_outcomes
from assistant.store.model.reply_records import (
    Judgement,
    NewSuggestion,
    NewUncoded,
    NewUnplaced,
    SegmentOutcome,
)
from assistant.store.model.runs import finish_run, open_run
from assistant.store.model.suggestions import record_results, replace_judgements, suggestions
from assistant.store.model.vectors import record_vectors
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import set_scope
from assistant.store.records import Coding, DocumentCoding, RunRow, Scope
from assistant.store.texts.documents import add_document, replace_imported_codings
from assistant.store.texts.transcripts import new_transcript, transcript
from assistant.store.versions import (
    record_codebook,
    record_fit,
    record_prompt,
    record_recipe,
)
from assistant.transcripts.records import Document, Segment, SourceCoding

__all__ = ["CODEBOOK", "EXAMPLE", "Filled", "add_interview", "add_run", "fill"]

EXAMPLE = 'We had <one> spade between "five" of us, and it was mine on Tuesdays'
"""A passage of the transcript Spades that stands in the codebook as an example."""
CODEBOOK = Codebook(
    name="Garden",
    codes=(
        Code(
            id="tools",
            definition="Something to work with.",
            examples=(Example(text=EXAMPLE, transcript="Spades"),),
        ),
        Code(id="weather", definition="What the sky does."),
    ),
)
_PROMPT = Prompt(
    id="p",
    purpose="x",
    strategy="list",
    source="src",
    system="s",
    user="u",
    sha256=hash_text("src"),
)


@dataclass(frozen=True)
class Filled:
    transcript_id: int
    run_id: int
    suggestions: tuple[int, ...]
    evaluation_id: int


def add_interview(store: Store, name: str, paragraphs: Sequence[tuple[str, str]]) -> int:
    """A transcript with one document and a coding by Ana of each second paragraph."""
    pieces, segments, place = [], [], 0
    for number, (speaker, said) in enumerate(paragraphs):
        piece = said + ("" if number == len(paragraphs) - 1 else "\n\n")
        segments.append(
            Segment(index=number, start=place, end=place + len(piece), speaker=speaker, turn=number)
        )
        pieces.append(piece)
        place += len(piece)
    text = "".join(pieces)
    spans = [(s.start, s.start + len(paragraphs[s.index][1])) for s in segments if s.index % 2]
    document = Document(
        name=f"{name} - Ana.txt",
        format="delve-text",
        file_sha256=hash_text(name + text),
        title=name,
        coder="Ana",
        language="en",
        text=text,
        segments=tuple(segments),
        codings=tuple(SourceCoding(code="tools", start=a, end=b) for a, b in spans),
        notes=(f"note about {text[:20]}",),
    )
    with store.transaction():
        key = new_transcript(store, name, hash_text(text), text, "en", segments)
        ana = add_coder(store, "Ana", "human")
        row = add_document(store, key, document, ana, f"/nowhere/{name}.txt")
        set_scope(store, Scope(ana, key, "independent"))
        made = [
            Coding(0, f"{name}-{a}", key, ana, "tools", a, b, text[a:b], "import", "unknown")
            for a, b in spans
        ]
        fates = [DocumentCoding("tools", c.start, c.end, coding_guid=c.guid) for c in made]
        replace_imported_codings(store, key, row, [(row, fates)], [(row, c) for c in made])
    return key


def add_run(store: Store, *transcripts: int, repeat: int = 1) -> RunRow:
    """A run over these transcripts, of which nothing has been asked yet."""
    record_codebook(store, CODEBOOK, "source of the codebook")
    record_prompt(store, _PROMPT)
    record_recipe(store, "sha256:recipe", RECIPE)
    row, _ = open_run(
        store,
        f"run over {transcripts} {repeat}",
        recipe_sha256="sha256:recipe",
        repeat=repeat,
        coder=add_coder(store, "model m", "model", "sha256:recipe"),
        strategy="list",
        codebook_sha256=CODEBOOK.sha256,
        prompt_sha256=_PROMPT.sha256,
        header={"recipe": RECIPE, "models_answered": []},
        transcripts=[(key, "") for key in transcripts],
    )
    return row


RECIPE = {"strategy": "list", "endpoint": "http://localhost:9/v1", "prompt_id": "p", "codes": {}}


def fill(store: Store, key: int, *, also: str = "") -> Filled:
    """A finished run over one transcript, with every kind of row that a run leaves.

    The request's system text holds ``also``. One suggestion for every second segment.
    """
    text = transcript(store, key)
    run = add_run(store, key)
    request = ChatRequest(model="m", system=f"rules {also}", user=text.text)
    repair = ChatRequest(model="m", system=f"rules {also}", user=f"You wrote: {text.text[:60]}")
    for one in (request, repair):
        record_request(store, one.sha256, one.model_dump_json())
    last = text.segments[-1].index
    chunk = add_chunk(store, run.id, key, f"{key}/0", 0, last, request.sha256)
    said = json.dumps({"quote": text.text[:60]})
    record_call(
        store,
        run.id,
        chunk.id,
        request.sha256,
        1,
        1,
        ChatReply(outcome="invalid", text=said, raw=said, error=f"not valid: {text.text[:30]}"),
    )
    call = record_call(
        store,
        run.id,
        chunk.id,
        repair.sha256,
        1,
        2,
        ChatReply(outcome="ok", text=said, raw=said),
    )
    coded = [s for s in text.segments if s.index % 2]
    made = []
    for s in coded:
        quote = text.text[s.start : s.end].strip()
        made.append(
            NewSuggestion(
                key,
                s.index,
                "tools",
                s.start,
                s.start + len(quote),
                quote,
                quote,
                "exact",
                f"She says: {quote[:25]}",
                0.5,
            )
        )
    unplaced = NewUnplaced(
        key,
        0,
        text.text[:15],
        text.text[:40] + "!",
        "unanchored",
        f"near {text.text[:25]}",
        rationale=text.text[:22],
    )
    record_results(
        store, run.id, call, made, [unplaced], [NewUncoded(key, 1, text.text[:30], text.text[:24])]
    )
    set_chunk(store, chunk.id, "done", f"after a repair of {text.text[:28]}")
    set_segment_outcomes(
        store,
        run.id,
        [
            SegmentOutcome(key, s.index, "coded" if s in coded else "coded-empty", text.text[:20])
            for s in text.segments
        ],
    )
    replace_judgements(store, run.id, [Judgement(key, 0, "tools", 0.1)])
    record_fit(store, "sha256:fit", "sha256:recipe", "{}", [text.sha256])
    record_vectors(store, "e", {hash_text("passage: " + text.text[:10]): b"1234"})
    finish_run(store, run.id, "complete", f"First reason: {text.text[:26]}")
    evaluation = record_evaluation(
        store,
        kind="model",
        run_id=run.id,
        recipe_sha256="sha256:recipe",
        codebook_sha256=CODEBOOK.sha256,
        policy_sha256="sha256:policy",
        provisional=False,
        who="Ana",
        content=json.dumps(
            {
                "coverage": {"transcripts": [text.name]},
                "withdrawn": [],
                "worst": [{"transcript": text.name, "quote": text.text[:33], "kappa": 0.25}],
            }
        ),
        lineage="Garden",
        verdicts=[
            NewVerdict(
                "tools",
                code_recipe_hash(dict(RECIPE), "tools"),
                "accept",
                ("all good",),
                {"kappa": 0.5, RESTS_ON: rests_on(store, [key])},
            )
        ],
    )
    audit = record_audit(store, run.id, [key], {"segments": 3})
    set_audit_result(store, audit, {"standards": "sha256:policy", "codes": ["tools"]}, True)
    return Filled(key, run.id, tuple(s.id for s in suggestions(store, run.id)), evaluation)
