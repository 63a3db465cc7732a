"""What would leave this computer about a transcript, exactly, and what is left in it.

Made by the run's own planner with the setting that a model elsewhere would have, so that a user
with the embedded model can see it before she chooses one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from assistant.coding.previewing import RequestShown, preview_all, preview_request
from assistant.coding.vectorpreview import VectorsShown
from assistant.deidentify.scanning import Left, scan
from assistant.deidentify.veil import Veil
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.texts.pseudonyms import pseudonyms
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.study import Study
from assistant.transcripts.records import Transcript

__all__ = ["Leaving", "what_is_left", "what_would_leave"]


@dataclass(frozen=True)
class Leaving:
    transcript: str
    replaced: dict[str, int]
    """Kind -> how many places: in what is said, and the speaker's name before each passage."""
    text: str
    """The transcript's words as a model elsewhere would get them."""
    requests: tuple[RequestShown, ...]
    """Empty when the study's settings would ask nothing (no model)."""
    vectors: tuple[VectorsShown, ...]
    """Requests for vectors to an endpoint that the study names for embedding; they go first."""
    remark: str


def what_would_leave(study: Study, store: Store, transcript_id: int, chunk: int = 0) -> Leaving:
    """Every request about a transcript, or one of them (from 1). Sends nothing.

    Raises `UserError` as the planner does, and for a withdrawn transcript.
    """
    text = transcript(store, transcript_id)
    if any(i.id == transcript_id and i.withdrawn for i in transcript_infos(store)):
        raise UserError(f"“{text.name}” was withdrawn: its words are gone.")
    always = study.config.privacy.model_copy(update={"pseudonyms": "always"})
    never = study.config.privacy.pseudonyms == "never"
    wanted = study
    if not never:
        wanted = replace(study, config=study.config.model_copy(update={"privacy": always}))
    terms = () if never else pseudonyms(store, "confirmed")
    veil = Veil(terms, patterns=study.config.privacy.patterns and not never)
    masked = veil.masked(text)
    requests: tuple[RequestShown, ...] = ()
    remark = "Nothing is replaced, because study.toml says “never”." if never else ""
    vectors: tuple[VectorsShown, ...] = ()
    try:
        if chunk:
            requests = (preview_request(wanted, store, "", transcript_id, chunk),)
        else:
            found = preview_all(wanted, store, "", transcript_id)
            requests, vectors = found.requests, found.vectors
            none = () if requests else ("No question is asked with the study's settings.",)
            remark = " ".join(filter(None, (remark, *none, *found.remarks)))
    except UserError as error:
        if chunk > 1:
            raise
        remark = f"{remark} No request is made with the study's settings: {error.what}".strip()
    return Leaving(
        text.name,
        dict(sorted(_replaced(veil, text).items())),
        masked.text,
        requests,
        vectors,
        remark,
    )


def _replaced(veil: Veil, text: Transcript) -> Counter[str]:
    """Kind -> places: a speaker's name stands before each of her passages, and is replaced."""
    kinds = {s.speaker: [e.kind for e in veil.text(s.speaker).edits] for s in text.segments}
    said = Counter(edit.kind for edit in veil.masked(text).edits)
    return said + Counter(kind for s in text.segments for kind in kinds[s.speaker])


def what_is_left(study: Study, store: Store, transcripts: tuple[int, ...]) -> tuple[Left, ...]:
    """What rules still find in these transcripts after everything is replaced."""
    there = [transcript(store, i.id) for i in transcript_infos(store) if not i.withdrawn]
    texts = [text for text in there if text.id in transcripts]
    veil = Veil(pseudonyms(store, "confirmed"), patterns=study.config.privacy.patterns)
    return scan(texts, veil, pseudonyms(store), there)
