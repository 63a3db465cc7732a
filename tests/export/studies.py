"""Invented studies to export: people, a model, decisions, memos, and texts of every script."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.codebook.writing import codebook_yaml
from assistant.decisions.deciding import accept, amend, reject
from assistant.hashing import hash_text
from assistant.interchange.export.loading import Export, load_export
from assistant.interchange.export.records import Choice
from assistant.store.database import Store, now, open_store
from assistant.store.decided.decisions import add_bulk
from assistant.store.model.suggestions import suggestions
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, codings, set_scope
from assistant.store.records import Coding, Scope
from assistant.store.texts.documents import add_document, replace_imported_codings
from assistant.store.texts.transcripts import new_transcript, transcript
from assistant.study import Study, create_study
from assistant.transcripts.records import Document, Segment
from tests.store.filled import CODEBOOK, add_interview, fill

__all__ = [
    "DEFAULT",
    "PARAGRAPHS",
    "Garden",
    "add_text",
    "code",
    "empty_study",
    "exported",
    "garden",
    "long_turns",
    "memo",
]

DEFAULT = Choice()
PARAGRAPHS = (
    ("Interviewer", "What do you grow?"),
    ("Gardener", "=SUM(leeks) and 🌱 beans <b>in</b> the \tshade & sun"),
    ("Interviewer", "Who waters it?"),
    ("Gardener", "My neighbour does, in the café’s yard."),
)


@dataclass(frozen=True)
class Garden:
    study: Study
    store: Store
    transcript_id: int
    run_id: int
    accepted: int
    rejected: int


def empty_study(folder: Path) -> tuple[Study, Store]:
    study = create_study(folder, name="Garden study")
    study.codebook_file.write_text(codebook_yaml(CODEBOOK), encoding="utf-8")
    store, _ = open_store(study.database)
    return study, store


def garden(folder: Path, paragraphs: Sequence[tuple[str, str]] = PARAGRAPHS) -> Garden:
    """One interview by Ana, a run with two suggestions (one accepted, one rejected and another
    put in its place), a coding by Ben after seeing the model, three memos."""
    study, store = empty_study(folder)
    key = add_interview(store, "Garden 1", paragraphs)
    _real_guids(store)
    run = fill(store, key)
    first, second = (s.id for s in suggestions(store, run.run_id))
    accept(store, first, reviewer="Cleo")
    amend(store, second, code="weather", reason="the yard is wet", reviewer="Ben")
    memo(store, "study", "Gardens are small.")
    memo(store, "passage", "She laughs here.", key, 20, 30)
    memo(store, "code", "Should be split?", code="tools")
    return Garden(study, store, key, run.run_id, first, second)


def _real_guids(store: Store) -> None:
    """Of imported codings; `add_interview` makes short ones that no file format takes."""
    for coding in codings(store):
        guid = str(uuid.uuid4())
        store.write("UPDATE codings SET guid = ? WHERE id = ?", (guid, coding.id))
        store.write(
            "UPDATE document_codings SET coding_guid = ? WHERE coding_guid = ?",
            (guid, coding.guid),
        )


def overridden(folder: Path, because: str) -> Garden:
    """As `garden`, but all suggestions are accepted in bulk against the evidence."""
    study, store = empty_study(folder)
    key = add_interview(store, "Garden 1", PARAGRAPHS)
    run = fill(store, key)
    first, second = (s.id for s in suggestions(store, run.run_id))
    add_bulk(
        store,
        run.run_id,
        "tools",
        "Cleo",
        [first, second],
        verdict_id=None,
        audit_id=None,
        because=because,
    )
    return Garden(study, store, key, run.run_id, first, second)


def with_a_rejected_one(folder: Path) -> Garden:
    study, store = empty_study(folder)
    key = add_interview(store, "Garden 1", PARAGRAPHS)
    run = fill(store, key)
    first, second = (s.id for s in suggestions(store, run.run_id))
    reject(store, first, reason="no tool", reviewer="Cleo")
    return Garden(study, store, key, run.run_id, second, first)


def memo(
    store: Store,
    about: str,
    text: str,
    key: int | None = None,
    start: int | None = None,
    end: int | None = None,
    code: str = "",
    who: str = "Ana",
) -> str:
    guid = str(uuid.uuid4())
    store.write(
        "INSERT INTO memos (guid, about, transcript_id, start_char, end_char, code, text, who, "
        "written_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (guid, about, key, start, end, code, text, who, now()),
    )
    return guid


def add_text(store: Store, name: str, turns: Sequence[tuple[str, Sequence[str]]]) -> int:
    """A transcript in the form that readers give: turns of (speaker, paragraphs)."""
    pieces: list[str] = []
    segments: list[Segment] = []
    place = 0
    for number, (speaker, paragraphs) in enumerate(turns):
        for index, said in enumerate(paragraphs):
            end_of_turn = index == len(paragraphs) - 1
            last = end_of_turn and number == len(turns) - 1
            piece = said + ("" if last else "\n\n" if end_of_turn else "\n")
            segments.append(
                Segment(
                    index=len(segments),
                    start=place,
                    end=place + len(piece),
                    speaker=speaker,
                    turn=number,
                )
            )
            pieces.append(piece)
            place += len(piece)
    text = "".join(pieces)
    document = Document(
        name=f"{name}.txt",
        format="plain",
        file_sha256=hash_text(f"file {name} {text}"),
        title=name,
        language="en",
        text=text,
        segments=tuple(segments),
    )
    with store.transaction():
        key = new_transcript(store, name, hash_text(text), text, "en", segments)
        row = add_document(store, key, document, None, f"{name}.txt")
        replace_imported_codings(store, key, row, [(row, [])], [])
    return key


def long_turns() -> list[tuple[str, list[str]]]:
    """More than 1.2 million characters, some of them beyond the first 65,536."""
    said = "Wéll, 🌱 I sowed שלום leeks\tby the e\u0301cole; 𝄞 rain came. "
    return [(("I", "R")[n % 2], [f"{n} " + said * 12 + "End."]) for n in range(1880)]


def code(
    store: Store,
    key: int,
    who: str,
    spans: Sequence[tuple[str, int, int]],
    exposure: str = "independent",
) -> None:
    """Codings by a person as if made in the program, with the scope that says what she saw."""
    coder = add_coder(store, who, "human")
    text = transcript(store, key).text
    with store.transaction():
        set_scope(store, Scope(coder, key, exposure, finished_at=now()))  # type: ignore[arg-type]
        for name, start, end in spans:
            quote = text[start:end]
            guid = str(uuid.uuid4())
            add_coding(
                store,
                Coding(0, guid, key, coder, name, start, end, quote, "blind", exposure),  # type: ignore[arg-type]
            )


def exported(study: Study, store: Store, choice: Choice = DEFAULT) -> Export:
    return load_export(study, store, choice, "sha256:policy")
