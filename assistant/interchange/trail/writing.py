"""Write the trail: a page and JSON for people and programs, PROV-JSON, Web Annotations.

Without ``with_quotes`` no participant's word is in any of the files.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant import __version__
from assistant.interchange.trail.annotations import annotation_collection
from assistant.interchange.trail.page import trail_page
from assistant.interchange.trail.prov import prov_document
from assistant.interchange.trail.redacting import Redactor
from assistant.interchange.withdrawal.holding import record_written
from assistant.store.database import Store, now
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.trail.happening import Happening
from assistant.store.trail.happenings import happenings
from assistant.study import Study
from assistant.writing import write_whole

__all__ = ["Trail", "trail", "write_trail"]


@dataclass(frozen=True)
class Trail:
    entries: int
    kinds: dict[str, int]
    page: Path
    json: Path
    prov: Path
    annotations: Path


def trail(store: Store, *, with_quotes: bool) -> tuple[Happening, ...]:
    """Everything that happened, in time order; participants' words only where asked for."""
    found = happenings(store)
    if with_quotes:
        return found
    words = Redactor(transcript(store, info.id).text for info in transcript_infos(store))
    return tuple(
        replace(
            one,
            what=words.without(one.what),
            said=words.without(one.said),
            quote="",
            details=_without(one.details, words),
        )
        for one in found
    )


def _without(value: Any, words: Redactor) -> Any:
    if isinstance(value, str):
        return words.without(value)
    if isinstance(value, dict):
        return {key: _without(inner, words) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, words) for inner in value]
    return value


def write_trail(study: Study, store: Store, folder: Path, *, with_quotes: bool = False) -> Trail:
    """Write ``trail.html``, ``trail.json``, ``prov.json`` and ``annotations.jsonld``.

    Files of these names in the folder are replaced. Raises `UserError` when they cannot be written.
    """
    found = trail(store, with_quotes=with_quotes)
    made_at, name = now(), study.config.name
    words = "with" if with_quotes else "without"
    files = {
        "trail.html": trail_page(
            name, found, with_quotes=with_quotes, made_at=made_at, version=__version__
        ),
        "trail.json": _json(
            {
                "study": name,
                "made_at": made_at,
                "program": f"Second Coder {__version__}",
                "participants_words": words,
                "entries": [asdict(one) for one in found],
            }
        ),
        "prov.json": _json(prov_document(store)),
        "annotations.jsonld": _json(
            annotation_collection(store, study=name, with_quotes=with_quotes)
        ),
    }
    for file, text in files.items():
        write_whole(folder / file, text, hint="Choose another folder with --to.")
    if with_quotes:
        there = [info.name for info in transcript_infos(store) if not info.withdrawn]
        holds = {folder / file: there for file in files if file != "prov.json"}
        record_written(store, "export", "The trail was written with words of participants", holds)
    return Trail(
        len(found),
        dict(Counter(one.kind for one in found)),
        *(folder / file for file in files),
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
