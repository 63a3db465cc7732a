"""The stamp of an export: from what is exported to `assistant.interchange.refi.stamp`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from assistant.interchange.export.loading import Export
from assistant.interchange.export.records import REJECTED, ExportCode, ExportCoding
from assistant.interchange.refi.elements import clean, code_guid, coder_guid, flat, shown_name
from assistant.interchange.refi.naming import mark, model_mark
from assistant.interchange.refi.stamp import (
    Stamp,
    StampCode,
    StampCoder,
    StampGroup,
    StampScope,
    StampSource,
)
from assistant.store.records import Coder

__all__ = ["Marks", "stamp_of"]


@dataclass
class Marks:
    """People's codings by what they share, and which suggestions were rejected."""

    marks: dict[tuple[str, str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    _rejected: set[str] = field(default_factory=set)
    _others: set[str] = field(default_factory=set)

    def add(
        self, coding: ExportCoding, source_sha256: str, label: str, at: tuple[int, int]
    ) -> None:
        """``label``: name of the code, ``at``: the place, both as they stand in the file."""
        code = clean(label)
        if coding.by_model:
            who = coding.coder
            one = model_mark(source_sha256, clean(who.name), who.recipe_sha256, code, *at)
            (self._rejected if coding.decision in REJECTED else self._others).add(one)
            return
        one = mark(source_sha256, shown_name(coding.coder), code, *at)
        spelled = "" if coding.written == coding.code else coding.written
        self.marks[coding.exposure, coding.origin, spelled].append(one)

    def rejected(self) -> frozenset[str]:
        """Marks of suggestions that nobody wanted; of two repeats one may have been accepted."""
        return frozenset(self._rejected - self._others)

    def made(self) -> tuple[StampGroup, ...]:
        return tuple(
            StampGroup.model_validate(
                {"exposure": e, "origin": o, "written": w, "marks": tuple(marks)}
            )
            for (e, o, w), marks in sorted(self.marks.items())
        )


def stamp_of(
    export: Export,
    tree: tuple[ExportCode, ...],
    coders: tuple[Coder, ...],
    sources: list[StampSource],
    groups: Marks,
    at: str,
) -> Stamp:
    guids = {info.id: source.guid for info, source in zip(export.infos, sources, strict=True)}
    return Stamp(
        study=export.name,
        exported_at=at,
        sources=tuple(sources),
        coders=tuple(
            StampCoder(
                guid=coder_guid(coder),
                name=coder.name,
                kind=coder.kind,
                recipe_sha256=coder.recipe_sha256,
            )
            for coder in coders
        ),
        codes=tuple(
            StampCode(guid=code_guid(code.id), name=clean(code.name), code=code.id)
            for code in flat(tree)
            if code.applicable
        ),
        scopes=tuple(
            StampScope(
                source=guids[info.id],
                coder=coder_guid(scope.coder),
                exposure=scope.exposure,
                first_segment=scope.first_segment,
                last_segment=scope.last_segment,
                segments=scope.segments,
                codes=scope.codes,
                finished_at=scope.finished_at,
            )
            for info in export.infos
            for scope in export.scopes(info.id)
        ),
        groups=groups.made(),
        rejected=groups.rejected(),
    )
