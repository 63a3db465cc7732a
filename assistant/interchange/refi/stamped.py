"""What the stamp of this program says of a file that comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from assistant.interchange.projects.records import ProjectCoder, ProjectCoding, ProjectScope
from assistant.interchange.refi.layout import fold_line_ends
from assistant.interchange.refi.naming import mark, model_mark
from assistant.interchange.refi.parsing import guid
from assistant.interchange.refi.sources import FoundText
from assistant.interchange.refi.stamp import Stamp, StampSource

__all__ = ["said_of", "scopes_of", "stamped_codings"]


def scopes_of(stamp: Stamp | None) -> tuple[ProjectScope, ...]:
    """What people looked at and had seen, as the export knew it."""
    if stamp is None:
        return ()
    return tuple(
        ProjectScope(
            source=guid(one.source),
            coder=guid(one.coder),
            exposure=one.exposure,
            first_segment=one.first_segment,
            last_segment=one.last_segment,
            segments=one.segments,
            codes=one.codes,
            finished_at=one.finished_at,
        )
        for one in stamp.scopes
    )


def said_of(stamp: Stamp | None) -> tuple[str, ...]:
    """A remark for the user."""
    if stamp is None:
        return ()
    return (
        f"This file was written by Second Coder (study “{stamp.study}”, "
        f"{stamp.exported_at[:10]}): what came from where is known.",
    )


def stamped_codings(
    codings: list[ProjectCoding],
    stamp: Stamp | None,
    stamped: Mapping[str, StampSource],
    coders: Mapping[str, ProjectCoder],
    names: Mapping[str, str],
    texts: dict[str, FoundText],
) -> list[ProjectCoding]:
    """Codings with what the stamp says of them: spelling, what the coder had seen, rejection."""
    if stamp is None:
        return codings
    made: list[ProjectCoding] = []
    seen: Counter[str] = Counter()
    # Marks were made of positions in the text as it left, with one character a line end.
    ends = {
        key: fold_line_ends(texts[key].text, one.layout)
        for key, one in stamped.items()
        if key in texts
    }
    for coding in codings:
        source = stamped.get(coding.source)
        who = coders.get(coding.coder)
        if source is None:
            made.append(coding)
            continue
        folded = ends.get(coding.source)
        text, code = source.layout.source_sha256, names.get(coding.code, "")
        start = folded.position(coding.start) if folded is not None else coding.start
        end = folded.position(coding.end) if folded is not None else coding.end
        if who is not None and who.kind == "model":
            one = model_mark(text, who.name, who.recipe_sha256, code, start, end)
            rejected = one in stamp.rejected or coding.rejected
            made.append(coding.model_copy(update={"rejected": rejected}))
            continue
        one = mark(text, who.name if who is not None else "", code, start, end)
        known = stamp.group_of(one, seen[one])
        seen[one] += 1
        if known is not None:
            changes = {"exposure": known.exposure, "written": known.written}
            made.append(coding.model_copy(update=changes))
        elif source.with_models:
            # Whoever added this had the model's codings before her eyes.
            made.append(coding.model_copy(update={"exposure": "after-model"}))
        else:
            made.append(coding)
    return made
