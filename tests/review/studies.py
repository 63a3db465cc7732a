"""A small study as the pages find it: one interview, two people, a run with 36 suggestions.

All of it invented. The text has emoji, letters outside the basic plane and line breaks, because the
browser counts positions in other units than Python does.
"""

from __future__ import annotations

import json
from pathlib import Path

from assistant.codebook.loading import load_codebook
from assistant.decisions.policy import policy_hash
from assistant.hashing import hash_text
from assistant.llm.records import ChatReply, ChatRequest
from assistant.recipe import code_recipe_hash
from assistant.store.database import Store, open_store
from assistant.store.measured.evidence import NewVerdict, record_evaluation
from assistant.store.measured.reference import RESTS_ON, rests_on
from assistant.store.model.calls import record_call, record_request
from assistant.store.model.chunks import add_chunk, set_chunk
from assistant.store.model.outcomes import set_segment_outcomes
from assistant.store.model.reply_records import NewSuggestion, SegmentOutcome
from assistant.store.model.runs import finish_run, open_run
from assistant.store.model.suggestions import record_results
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, set_scope
from assistant.store.records import Coding, Scope
from assistant.store.texts.transcripts import new_transcript
from assistant.store.versions import record_codebook, record_recipe
from assistant.study import Study, create_study
from assistant.transcripts.records import Segment

__all__ = ["CODES", "SHED", "add_interview", "add_suggestions", "shed"]

CODES = ("tools", "weather", "sharing")
_CODEBOOK = """\
name: Shed
version: "1"
codes:
  - id: tools
    name: Tools
    definition: Something to work with in the garden.
    include: Words about owning or mending tools.
  - id: weather
    definition: What the sky does to the garden.
  - id: sharing
    definition: Giving and lending among neighbours.
"""
_SAID = (
    "We share one spade between five of us, and on Tuesdays it is mine.",
    "Last spring the frost 🌱 took everything; we stood there\nand nobody said a word for a while.",
    "My neighbour lends me her shears 👩‍🌾 and I bring her beans in August.",
    "The shed is never locked, which is how we came to have three rakes and no hoe.",
)
SHED: tuple[tuple[str, str], ...] = tuple(
    (
        "Interviewer" if number % 4 == 0 else "Gardener",
        f"How was year {number // 4 + 1} for you?"
        if number % 4 == 0
        else f"In part {number}: {_SAID[number % len(_SAID)]}",
    )
    for number in range(48)
)
"""(speaker, what was said); 48 segments, 36 of them by the gardener."""


def add_interview(store: Store, name: str, paragraphs: tuple[tuple[str, str], ...] = SHED) -> int:
    pieces: list[str] = []
    segments: list[Segment] = []
    place = 0
    for number, (speaker, said) in enumerate(paragraphs):
        piece = said + ("" if number == len(paragraphs) - 1 else "\n\n")
        segments.append(
            Segment(index=number, start=place, end=place + len(piece), speaker=speaker, turn=number)
        )
        pieces.append(piece)
        place += len(piece)
    text = "".join(pieces)
    return new_transcript(store, name, hash_text(text), text, "en", segments)


def _spans(store: Store, key: int) -> list[tuple[Segment, str]]:
    from assistant.store.texts.transcripts import transcript

    text = transcript(store, key)
    return [(s, text.text[s.start : s.end].rstrip("\n")) for s in text.segments]


def add_people(store: Store, key: int, name: str) -> None:
    """Ana codes every third passage of the gardener, Ben every fourth; both independently."""
    for who, every in (("Ana", 3), ("Ben", 4)):
        coder = add_coder(store, who, "human")
        set_scope(store, Scope(coder, key, "independent"))
        for segment, said in _spans(store, key):
            if segment.index % 4 and segment.index % every == 1:
                code = CODES[segment.index % 3]
                end = segment.start + len(said)
                add_coding(
                    store,
                    Coding(
                        0,
                        f"{name}-{who}-{segment.index}",
                        key,
                        coder,
                        code,
                        segment.start,
                        end,
                        said,
                        "import",
                        "independent",
                    ),
                )


def add_suggestions(store: Store, study: Study, *keys: int, recipe: str = "sha256:recipe") -> int:
    """A run with a suggestion on every passage of the gardener; its number."""
    book = load_codebook(study.codebook_file)
    record_codebook(store, book, study.codebook_file.read_text(encoding="utf-8"))
    content = {
        "strategy": "list",
        "endpoint": "http://localhost:9/v1",
        "prompt_id": "list-1",
        "codes": {},
    }
    record_recipe(store, recipe, content)
    run, _ = open_run(
        store,
        f"run over {keys}",
        recipe_sha256=recipe,
        repeat=1,
        coder=add_coder(store, "model m", "model", recipe),
        strategy="list",
        codebook_sha256=book.sha256,
        prompt_sha256="",
        header={"recipe": content, "model_asked": "m", "models_answered": ["m"], "notes": []},
        transcripts=[(key, "") for key in keys],
    )
    for key in keys:
        request = ChatRequest(model="m", system="rules", user=f"the text of {key}")
        record_request(store, request.sha256, request.model_dump_json())
        chunk = add_chunk(store, run.id, key, f"{key}/0", 0, len(SHED) - 1, request.sha256)
        reply = ChatReply(outcome="ok", text='{"applications": []}', raw='{"choices": []}')
        call = record_call(store, run.id, chunk.id, request.sha256, 1, 1, reply)
        made = [
            NewSuggestion(
                key,
                s.index,
                CODES[(s.index // 2) % 3],
                s.start,
                s.start + len(said),
                said,
                said,
                "exact",
                f"Reason number {s.index} <b>not bold</b>.",
                0.5,
            )
            for s, said in _spans(store, key)
            if s.index % 4
        ]
        record_results(store, run.id, call, made, [], [])
        set_chunk(store, chunk.id, "done")
        set_segment_outcomes(
            store,
            run.id,
            [
                SegmentOutcome(key, s.index, "coded" if s.index % 4 else "coded-empty")
                for s, _ in _spans(store, key)
            ],
        )
    finish_run(store, run.id, "complete", "")
    return run.id


def add_verdicts(store: Store, study: Study, run_id: int, **lanes: str) -> None:
    """A stored evaluation of the run, with a lane for each code."""
    from assistant.store.model.runs import run

    row = run(store, run_id)
    record_evaluation(
        store,
        kind="model",
        run_id=run_id,
        recipe_sha256=row.recipe_sha256,
        codebook_sha256=row.codebook_sha256,
        policy_sha256=policy_hash(study),
        provisional=False,
        who="Ana",
        content=json.dumps(lanes),
        lineage="Shed",
        verdicts=[
            NewVerdict(
                code,
                code_recipe_hash(
                    {
                        "strategy": "list",
                        "endpoint": "http://localhost:9/v1",
                        "prompt_id": "list-1",
                        "codes": {},
                    },
                    code,
                ),
                lane,
                (f"why {code} is {lane}",),
                {
                    RESTS_ON: rests_on(store, row.transcripts),
                    "evidence": {
                        "kappa": {"estimate": 0.62, "low": 0.41, "high": 0.8},
                        "person_person": {"estimate": 0.7, "low": 0.55, "high": 0.84},
                    },
                },
            )
            for code, lane in lanes.items()
        ],
    )


def shed(folder: Path, *, run: bool = True) -> Study:
    """The study, with a run of 36 suggestions unless told otherwise."""
    study = create_study(folder, name="Shed")
    study.codebook_file.write_text(_CODEBOOK, encoding="utf-8")
    store, _ = open_store(study.database)
    with store:
        key = add_interview(store, "Shed 1")
        add_people(store, key, "Shed 1")
        if run:
            number = add_suggestions(store, study, key)
            add_verdicts(store, study, number, tools="review", weather="unproven")
    return study
