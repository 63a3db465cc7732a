"""A person states that she has looked at her codes again, with the codebook as it is now.

Her codes keep what they are called by, such as `independent`, only as long as nobody else's codes
of that transcript were shown to her: after that she cannot look again independently. That is read
from the record and not from a claim, and the statement is refused with what was seen. What she said
about codes that did not change stands as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.codebook.records import Codebook
from assistant.decisions.own import Seen, seen_before
from assistant.errors import UserError
from assistant.store.database import Store
from assistant.store.people.codings import scopes, set_scope_codebook
from assistant.store.people.looked_again import record_looked_again
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.trail.events import record_event
from assistant.transcripts.records import NEVER_REFERENCE

__all__ = ["LookedAgain", "SeenOthers", "state_looked_again"]


@dataclass(frozen=True)
class SeenOthers:
    """One coder in one transcript of whom it cannot be stated, and what she had been shown."""

    coder: str
    transcript: str
    seen: Seen

    def __str__(self) -> str:
        whose = [f"the model {name}" for name in self.seen.model] + list(self.seen.people)
        since = f" (first on {self.seen.first_at[:10]})" if self.seen.first_at else ""
        return f"{self.coder} was shown codes of {', '.join(whose)} in “{self.transcript}”{since}"


@dataclass(frozen=True)
class LookedAgain:
    stated: tuple[tuple[str, str], ...]
    """(coder, transcript) of whom it is stated now."""
    refused: tuple[SeenOthers, ...]

    def sentences(self, codes: Sequence[str] = ()) -> list[str]:
        """What happened, for people; ``codes``: names of those it was said of, empty: all."""
        n = len(self.stated)
        who = ", ".join(dict.fromkeys(coder for coder, _ in self.stated))
        of = f" for {', '.join(codes)}" if codes else ""
        said = [
            f"Stated: {who} looked at the codes of {n} coded transcript{'' if n == 1 else 's'} "
            f"again{of}, with the codebook as it is now. They count for "
            f"{'these definitions' if codes else 'its definitions'} from now on, and passages "
            "without a code as “no”."
        ]
        return [*said, *(f"Not stated, because {one}." for one in self.refused)]


def state_looked_again(
    store: Store,
    transcripts: Sequence[int],
    book: Codebook,
    *,
    coder: str = "",
    codes: Sequence[str] = (),
    who: str = "",
) -> LookedAgain:
    """State it of these transcripts' coders, or of one; for all codes, or for some of ``book``.

    What was coded blind in this program, and an audit's sample, keep their version. Raises
    `UserError` for a code that the codebook lacks and where it can be stated of nobody.
    """
    ids = tuple(dict.fromkeys(_resolve(book, code) for code in codes))
    names = {info.id: info.name for info in transcript_infos(store)}
    stated: list[tuple[str, str]] = []
    refused: list[SeenOthers] = []
    with store.transaction():
        for key in transcripts:
            for scope in scopes(store, key):
                if scope.coder.kind != "human" or coder not in ("", scope.coder.name):
                    continue
                if scope.finished_at or scope.segments is not None:
                    continue
                seen = seen_before(store, scope.coder.name, key)
                if scope.exposure not in NEVER_REFERENCE and (seen.model or seen.people):
                    refused.append(SeenOthers(scope.coder.name, names[key], seen))
                    continue
                if ids:
                    record_looked_again(store, scope.coder.id, key, ids, book.sha256)
                else:
                    set_scope_codebook(
                        store, book.sha256, coder=scope.coder.name, transcript_id=key
                    )
                stated.append((scope.coder.name, names[key]))
        found = LookedAgain(tuple(stated), tuple(refused))
        if not stated:
            raise _nobody(found)
        for sentence in found.sentences([book.by_id[i].label for i in ids]):
            record_event(
                store,
                "statement",
                sentence,
                who,
                transcripts=sorted({name for _, name in stated}),
                coder=coder,
                codes=list(ids),
                codebook=book.sha256,
            )
    return found


def _resolve(book: Codebook, code: str) -> str:
    found = book.resolve(code)
    if found is None:
        raise UserError(
            f"The codebook has no code “{code}”.",
            hint=f"{book.meant(code)}`secondcoder codebook show` lists the codes.",
        )
    return found


def _nobody(found: LookedAgain) -> UserError:
    if found.refused:
        shown = "; ".join(str(one) for one in found.refused)
        return UserError(
            f"Nothing was stated: {shown}. Looking again after that is not independent, so these "
            "codes stay out of all figures; codes that did not change count as before.",
            hint="Let somebody code these transcripts with the codebook as it is now who has seen "
            "nobody's codes of them, or take new transcripts.",
        )
    return UserError(
        "No coder's codes match, so nothing was changed.",
        hint="`secondcoder transcripts` lists who coded what; spell the name so. What was coded "
        "blind in this program keeps the version that it was coded with.",
    )
