"""A reviewer's own codings: what she adds while reading, and what she codes blind.

Exposure is known, not claimed: it follows from what was shown to her
(`assistant.store.people.openings`) and from what she decided on. Codings added on a page that
shows others' codes are never reference.
Blind codings become a scope only when she says that she is done: before that her "no" means
nothing, and nobody else sees them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal

from assistant.codebook.records import Codebook
from assistant.counting import counted
from assistant.errors import UserError
from assistant.store.database import Store, now
from assistant.store.decided.reviewing import (
    coding_by_id,
    delete_own_coding,
    hold,
    is_unfinished_blind,
    reviewers,
)
from assistant.store.people.coders import add_coder, find_coder
from assistant.store.people.codings import add_coding, codings, scopes, set_scope
from assistant.store.people.openings import openings
from assistant.store.records import Coding, Scope
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import events, record_event
from assistant.transcripts.records import Exposure, Transcript

__all__ = [
    "BlindState",
    "Seen",
    "add_blind",
    "add_missed",
    "begin_blind",
    "blind_state",
    "finish_blind",
    "give_up_blind",
    "remove",
    "seen_before",
]


@dataclass(frozen=True)
class Seen:
    """What a person has seen of others' codes of one transcript, as recorded."""

    model: tuple[str, ...]
    """Names of the model coders whose suggestions she was shown or decided on."""
    people: tuple[str, ...]
    first_at: str

    @property
    def exposure(self) -> Exposure:
        """What codes that she makes now have to be called."""
        if self.model:
            return "after-model"
        return "adjudicated" if self.people else "blind"


def seen_before(store: Store, who: str, transcript_id: int) -> Seen:
    """From the record of what was shown, and from decisions made without a page."""
    shown = openings(store, who, transcript_id)
    model = {o.coder or "a model" for o in shown if o.shown == "model"}
    people = {o.coder or "others" for o in shown if o.shown == "people" and o.coder != who}
    times = [o.opened_at for o in shown]
    for name, coder, at in reviewers(store, transcript_id):
        if name == who:
            model.add(coder)
            times.append(at)
    return Seen(tuple(sorted(model)), tuple(sorted(people)), min(times, default=""))


def _placed(
    store: Store, book: Codebook, transcript_id: int, code: str, start: int, end: int
) -> tuple[Transcript, str, int, int]:
    """The code's id and the span without white space at its ends."""
    resolved = book.resolve(code)
    if resolved is None:
        raise UserError(
            f"The codebook has no code “{code}”.", hint="Choose one from the list, or add it first."
        )
    try:
        text = transcript(store, transcript_id)
    except KeyError:
        raise UserError(f"There is no transcript {transcript_id}.") from None
    if not 0 <= start < end <= len(text.text) or not text.text[start:end].strip():
        raise UserError("No words are selected.", hint="Select a passage in the text first.")
    quote = text.text[start:end]
    first = start + len(quote) - len(quote.lstrip())
    return text, resolved, first, start + len(quote.rstrip())


def _add(
    store: Store,
    text: Transcript,
    who: str,
    code: str,
    start: int,
    end: int,
    origin: Literal["review", "blind"],
    exposure: Exposure,
) -> Coding:
    coder = add_coder(store, who, "human")
    for there in codings(store, text.id):
        if (there.coder.name, there.code, there.start, there.end) == (who, code, start, end):
            raise UserError(f"You have coded exactly this passage with “{code}” already.")
    key = add_coding(
        store,
        Coding(
            0,
            str(uuid.uuid4()),
            text.id,
            coder,
            code,
            start,
            end,
            text.text[start:end],
            origin,
            exposure,
        ),
    )
    made = coding_by_id(store, key)
    assert made is not None
    return made


def add_missed(
    store: Store, book: Codebook, transcript_id: int, code: str, start: int, end: int, who: str
) -> Coding:
    """A coding that the model and people had missed, made anywhere but in blind coding.

    Its exposure is `after-model`, or `adjudicated` where no model's codes had been shown and she
    has not coded the transcript herself before. Only blind coding keeps watch over what somebody
    sees meanwhile, so this is never reference, also where she says that she looked at nothing.
    Raises `UserError` for a code that is not there or a span without words.
    """
    with store.transaction():
        hold(store)
        text, own, first, last = _placed(store, book, transcript_id, code, start, end)
        seen = seen_before(store, who, transcript_id)
        # Beside codes of her own that count as reference, only `after-model` is kept apart.
        coded = any(s.coder.name == who for s in scopes(store, transcript_id))
        apart: Exposure = "after-model" if seen.model or coded else "adjudicated"
        return _add(store, text, who, own, first, last, "review", apart)


def remove(store: Store, coding_id: int, who: str) -> Coding:
    """Take back a coding that ``who`` added here. That she did stays on record, without the words.

    Raises `UserError` when it is not hers, was imported, or came from changing a suggestion.
    """
    with store.transaction():
        hold(store)
        found = coding_by_id(store, coding_id)
        if found is None:
            raise UserError("This coding is not there any more.")
        if found.coder.name != who or found.origin == "import":
            raise UserError(
                f"This coding is {found.coder.name}'s; only codings that you added here can be "
                "taken back."
            )
        if found.origin == "blind" and not is_unfinished_blind(store, who, found.transcript_id):
            raise UserError("You have finished coding this transcript blind; its codes stay.")
        if not delete_own_coding(store, coding_id):
            raise UserError("This coding came from changing a suggestion: undo that decision.")
        record_event(
            store,
            "coding-removed",
            f"{who} took back a coding with “{found.code}”",
            who,
            transcript=found.transcript_id,
            code=found.code,
            start=found.start,
            end=found.end,
            guid=found.guid,
        )
    return found


# --- blind ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BlindState:
    """Where one person's blind coding of one transcript stands."""

    begun: bool
    finished_at: str
    seen: Seen
    coded_before: str
    """Why it cannot be begun, in words; empty when it can."""
    codings: tuple[Coding, ...]


def blind_state(store: Store, who: str, transcript_id: int) -> BlindState:
    mine = tuple(
        c for c in codings(store, transcript_id) if c.coder.name == who and c.origin == "blind"
    )
    scope = next((s for s in scopes(store, transcript_id) if s.coder.name == who), None)
    before = ""
    if scope is not None and not (scope.finished_at and scope.segments is None):
        before = (
            "a sample of it was coded by you for an audit"
            if scope.segments is not None
            else "your codes of it came from a file"
        )
    return BlindState(
        is_unfinished_blind(store, who, transcript_id),
        scope.finished_at if scope is not None and not before else "",
        seen_before(store, who, transcript_id),
        before,
        mine,
    )


_FIRST_CODE = "blind-first-code"


def _begun_with(store: Store, who: str, transcript_id: int) -> tuple[bool, str]:
    """(whether she has made a code, version of the codebook): that of her first code, else the one
    with which she began; empty where neither was recorded."""
    version, coded = "", False
    for event in events(store):
        if event.who != who or event.details.get("transcript") != transcript_id:
            continue
        if event.kind == "blind-given-up":
            version, coded = "", False
        elif event.kind in ("blind-begun", _FIRST_CODE) and not coded:
            version = str(event.details.get("codebook") or "")
            coded = event.kind == _FIRST_CODE
    return coded, version


def begin_blind(
    store: Store, who: str, transcript_id: int, book: Codebook | None = None
) -> BlindState:
    """Begin, or go on. Raises `UserError` when she has codes of this transcript already.

    ``book``: the codebook as it is, a recorded version.
    """
    with store.transaction():
        hold(store)
        state = blind_state(store, who, transcript_id)
        if state.coded_before:
            raise UserError(
                f"{who} cannot code this transcript blind: {state.coded_before}.",
                hint="Blind coding needs a person who has not coded it yet.",
            )
        if not state.begun and not state.finished_at:
            record_event(
                store,
                "blind-begun",
                f"{who} began to code a transcript blind",
                who,
                transcript=transcript_id,
                seen_before=state.seen.exposure,
                codebook=book.sha256 if book is not None else "",
            )
    return blind_state(store, who, transcript_id)


def add_blind(
    store: Store, book: Codebook, transcript_id: int, code: str, start: int, end: int, who: str
) -> Coding:
    """One coding while coding blind. Raises `UserError` when she has not begun, or has finished.

    ``book``: a recorded version. The first coding settles by which version all of them are.
    """
    with store.transaction():
        hold(store)
        if not is_unfinished_blind(store, who, transcript_id):
            raise UserError("You are not coding this transcript blind at the moment.")
        text, own, first, last = _placed(store, book, transcript_id, code, start, end)
        exposure = seen_before(store, who, transcript_id).exposure
        if not _begun_with(store, who, transcript_id)[0]:
            record_event(
                store,
                _FIRST_CODE,
                f"{who} made the first code of a transcript blind",
                who,
                transcript=transcript_id,
                codebook=book.sha256,
            )
        return _add(store, text, who, own, first, last, "blind", exposure)


def finish_blind(store: Store, book: Codebook, transcript_id: int, who: str) -> Scope:
    """She has read all of it: from now on what she did not code is a "no".

    The scope is `blind` if nothing was shown to her before this moment, else what it is. Codings
    keep the exposure that they had when they were made. Where the codebook (``book``: as it is now,
    a recorded version) changed after her first code, the scope is of the older version: passages
    that she had read by then say nothing about codes that changed or came later.
    """
    with store.transaction():
        hold(store)
        if not is_unfinished_blind(store, who, transcript_id):
            raise UserError("You are not coding this transcript blind at the moment.")
        scope = Scope(
            add_coder(store, who, "human"),
            transcript_id,
            seen_before(store, who, transcript_id).exposure,
            codebook_sha256=_begun_with(store, who, transcript_id)[1] or book.sha256,
            codes=tuple(code.id for code in book.codes),
            finished_at=now(),
        )
        set_scope(store, scope)
        changed = scope.codebook_sha256 != book.sha256
        record_event(
            store,
            "blind-finished",
            f"{who} finished coding a transcript blind; exposure: {scope.exposure}"
            + ("; the codebook had changed since the first code" if changed else ""),
            who,
            transcript=transcript_id,
            exposure=scope.exposure,
        )
    return scope


def give_up_blind(store: Store, transcript_id: int, who: str) -> int:
    """Stop without a result: her codes of it are taken away; how many there were."""
    with store.transaction():
        hold(store)
        if not is_unfinished_blind(store, who, transcript_id):
            raise UserError("You are not coding this transcript blind at the moment.")
        mine = blind_state(store, who, transcript_id).codings
        for coding in mine:
            delete_own_coding(store, coding.id)
        coder = find_coder(store, who, "human")
        record_event(
            store,
            "blind-given-up",
            f"{who} gave up coding a transcript blind; taken away: {counted(len(mine), 'coding')}",
            who,
            transcript=transcript_id,
            coder=coder.id if coder else None,
        )
    return len(mine)
