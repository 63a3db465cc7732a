"""Codings as W3C Web Annotations (JSON-LD), one for each code on each span.

People's codings and models' suggestions are told apart by the type of their creator, and a
suggestion says what was decided about it. Positions are code points, as the recommendation counts
them. The words themselves stand there only where they are asked for.
"""

from __future__ import annotations

import uuid
from typing import Any

from assistant import __version__
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings
from assistant.store.model.runs import runs
from assistant.store.model.suggestions import suggestions
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.transcripts.records import Transcript

__all__ = ["annotation_collection"]

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32
_GENERATOR = {
    "id": "urn:second-coder:program",
    "type": "Software",
    "name": f"Second Coder {__version__}",
}


def annotation_collection(store: Store, *, study: str, with_quotes: bool) -> dict[str, Any]:
    """An AnnotationCollection with one page. Without words of a withdrawn transcript, and without
    blind codings of people who have not finished."""
    gone = {info.id for info in transcript_infos(store) if info.withdrawn}
    texts = {i.id: transcript(store, i.id) for i in transcript_infos(store) if i.id not in gone}
    items: list[dict[str, Any]] = []
    for coding in shown_codings(store):
        if coding.transcript_id in gone:
            continue
        items.append(
            _annotation(
                coding.guid,
                coding.code,
                texts[coding.transcript_id],
                (coding.start, coding.end),
                {
                    "id": f"urn:second-coder:coder:{coding.coder.id}",
                    "type": "Person",
                    "name": coding.coder.name,
                },
                coding.at,
                with_quotes,
                {"sc:exposure": coding.exposure, "sc:origin": coding.origin},
            )
        )
    for run in runs(store):
        for one in suggestions(store, run.id):
            if one.transcript_id in gone:
                continue
            items.append(
                _annotation(
                    one.guid,
                    one.code,
                    texts[one.transcript_id],
                    (one.start, one.end),
                    {
                        "id": f"urn:second-coder:coder:{run.coder.id}",
                        "type": "Software",
                        "name": run.coder.name,
                    },
                    run.ended_at or run.started_at,
                    with_quotes,
                    {"sc:run": run.id, "sc:decision": one.decision},
                )
            )
    return {
        "@context": [CONTEXT, {"sc": "urn:second-coder:"}],
        "id": "urn:second-coder:codings",
        "type": "AnnotationCollection",
        "label": f"Codings of {study}",
        "generator": _GENERATOR,
        "total": len(items),
        "first": {
            "id": "urn:second-coder:codings:1",
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    }


def _annotation(
    guid: str,
    code: str,
    text: Transcript,
    span: tuple[int, int],
    creator: dict[str, str],
    at: str,
    with_quotes: bool,
    more: dict[str, Any],
) -> dict[str, Any]:
    start, end = span
    selectors: list[dict[str, Any]] = [{"type": "TextPositionSelector", "start": start, "end": end}]
    if with_quotes:
        selectors.append(
            {
                "type": "TextQuoteSelector",
                "exact": text.text[start:end],
                "prefix": text.text[max(0, start - _AROUND) : start],
                "suffix": text.text[end : end + _AROUND],
            }
        )
    return {
        "id": _urn(guid),
        "type": "Annotation",
        "motivation": "tagging",
        "creator": creator,
        "created": at,
        "generator": _GENERATOR,
        "body": {"type": "TextualBody", "purpose": "tagging", "value": code},
        "target": {
            "source": f"urn:second-coder:transcript:{text.sha256.removeprefix('sha256:')}",
            "sc:transcript": text.name,
            "selector": selectors,
        },
        **more,
    }


def _urn(guid: str) -> str:
    try:
        return f"urn:uuid:{uuid.UUID(guid)}"
    except ValueError:
        return f"urn:second-coder:coding:{guid}"
