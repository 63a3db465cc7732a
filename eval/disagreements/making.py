"""From disputes of one transcript to records: what each coder said there, and close by."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from assistant.codebook.records import Codebook
from assistant.hashing import hash_json
from assistant.store.database import Store
from assistant.store.decided.reviewing import shown_codings
from assistant.store.model.reply_records import Judgement, Suggestion, Unplaced
from assistant.store.model.suggestions import judgements, suggestions
from assistant.store.records import RunRow
from eval.disagreements.matching import Cells, Dispute
from eval.disagreements.places import at_places
from eval.disagreements.records import Disagreement, Nearby, Passage, Side
from eval.disagreements.sorting import kind_of, look_at, who_agrees
from eval.units.loading import LoadedStudy
from eval.units.records import CodedTranscript

__all__ = ["Maker", "former_key", "key_of"]


def key_of(sha256: str, start: int, codes: Sequence[str]) -> str:
    """Key of a disagreement: of the transcript's hash, its place in characters and its codes."""
    digest = hash_json([sha256, start, sorted(codes)])
    return "d-" + digest.removeprefix("sha256:")[:16]


def former_key(found: Disagreement, codebook: Codebook) -> str:
    """The key that it had where the codebook's order made a difference; what was said under that
    one still counts."""
    order = [code.id for code in codebook.codes if code.id in found.codes]
    digest = hash_json([found.transcript_sha256, found.start, order])
    return "d-" + digest.removeprefix("sha256:")[:16]


class Maker:
    """Makes records of one transcript's disputes."""

    def __init__(
        self,
        store: Store,
        codebook: Codebook,
        study: LoadedStudy,
        coded: CodedTranscript,
        transcript_id: int,
        cells: Cells,
        run: RunRow | None,
        model: str,
        ancestors: Mapping[str, frozenset[str]],
        lost: Sequence[Unplaced],
        families: Mapping[str, str],
        lines: Mapping[str, int],
    ) -> None:
        self.codebook, self.study, self.coded, self.cells = codebook, study, coded, cells
        self.id, self.model, self.ancestors = transcript_id, model, ancestors
        self.families, self.lines = families, lines
        self.passages: dict[str, list[Passage]] = {}
        self.suggested: list[Suggestion] = []
        self.lost = [u for u in lost if u.transcript_id == transcript_id]
        self.judged: dict[tuple[int, str], Judgement] = {}
        for coding in shown_codings(store, transcript_id):
            code = codebook.resolve(coding.code)
            if code is not None and coding.exposure != "after-model":
                self.passages.setdefault(coding.coder.name, []).append(
                    Passage(
                        code=code,
                        start=coding.start,
                        end=coding.end,
                        quote=coding.quote,
                        coding_id=coding.id,
                    )
                )
        if run is not None and model:
            self.suggested = list(suggestions(store, run.id, transcript_id))
            self.judged = {(j.segment, j.code): j for j in judgements(store, run.id, transcript_id)}
        # Who coded in this transcript at all.
        self.here = [c for k, c in enumerate(cells.coders) if cells.scope[k].any()]

    def all_of(self, disputes: Sequence[Dispute], larger: Collection[str]) -> list[Disagreement]:
        """``larger``: codes that are given to more than a segment."""
        found = at_places([self._disagreement(dispute) for dispute in disputes], larger)
        ends: dict[str, tuple[int, int]] = {}
        for d in found:
            first, last = ends.get(d.place, (d.first_segment, d.last_segment))
            ends[d.place] = min(first, d.first_segment), max(last, d.last_segment)
        return [self._with_nearby(d, *ends[d.place]) for d in found]

    def _disagreement(self, dispute: Dispute) -> Disagreement:
        families, lines = self.families, self.lines
        who, alone = who_agrees(dispute, self.model)
        kind = kind_of(dispute, alone, self.model, self.ancestors)
        first, last = dispute.segments[0], dispute.segments[1] - 1
        segments = self.coded.segments
        known = tuple((code, lines[code]) for code in dispute.codes if code in lines)
        labels = [self.codebook.by_id[code].label for code in dispute.codes]
        sha256 = self.study.sha256[self.coded.name]
        one, other = dispute.codes[0], dispute.codes[-1]
        return Disagreement(
            key=key_of(sha256, segments[first].start, dispute.codes),
            who=who,
            kind=kind,
            transcript=self.coded.name,
            transcript_id=self.id,
            transcript_sha256=sha256,
            language=self.study.languages[self.coded.name],
            first_segment=first,
            last_segment=last,
            start=segments[first].start,
            end=segments[last].end,
            speaker=segments[first].speaker,
            codes=dispute.codes,
            instead=dispute.instead,
            sides=tuple(self._side(coder, dispute) for coder in dispute.answers),
            alone=alone,
            missing=tuple(coder for coder in self.here if coder not in dispute.answers),
            same_family=one != other and bool(families[one]) and families[one] == families[other],
            look=look_at(who, kind, "the model" if alone == self.model else alone, labels, known),
            codebook_lines=known,
        )

    def _with_nearby(self, d: Disagreement, first: int, last: int) -> Disagreement:
        """``first`` and ``last`` segment of the place: what is shown reaches one further."""
        window = max(0, first - 1), min(len(self.coded.segments), last + 2)
        sides = tuple(
            side.model_copy(update={"nearby": self._nearby(side, d, window)}) for side in d.sides
        )
        return d.model_copy(update={"sides": sides})

    def _nearby(self, side: Side, d: Disagreement, window: tuple[int, int]) -> tuple[Nearby, ...]:
        """Before and after the segments in dispute; the closest of each code on either side."""
        segments = self.coded.segments
        start, end = segments[window[0]].start, segments[window[1] - 1].end
        closest: dict[tuple[str, bool], Nearby] = {}
        for code, a, b, quote in self._marked(side):
            before, after = b <= d.start, d.end <= a
            if code not in d.codes or code in side.codes or not (before or after):
                continue
            if not (a < end and start < b):
                continue
            where = next(n for n, s in enumerate(segments) if a < s.end)
            one = Nearby(code=code, segment=where, start=a, end=b, quote=quote)
            there = closest.get((code, after))
            if there is None or (a < there.start if after else b > there.end):
                closest[code, after] = one
        return tuple(sorted(closest.values(), key=lambda n: (n.start, n.code)))

    def _marked(self, side: Side) -> Iterator[tuple[str, int, int, str]]:
        """(code, start, end, words) of everything that a coder marked in the transcript."""
        if side.is_model:
            yield from ((s.code, s.start, s.end, s.quote) for s in self.suggested)
        else:
            mine = self.passages.get(side.coder, ())
            yield from ((p.code, p.start, p.end, p.quote) for p in mine)

    def _side(self, coder: str, dispute: Dispute) -> Side:
        first, last = dispute.segments
        rows = list(dispute.rows)
        k = self.cells.coders.index(coder)
        given = {
            self.cells.codes[c]
            for c in np.flatnonzero(self.cells.positive[k][rows].any(axis=0))
            if self.cells.codes[c] not in dispute.codes
        }
        codes = dispute.said(coder)
        others = tuple(code for code in self.cells.codes if code in given)
        if coder == self.model:
            return self._models_side(coder, codes, others, dispute)
        start, end = self.coded.segments[first].start, self.coded.segments[last - 1].end
        mine = tuple(
            p
            for p in self.passages.get(coder, ())
            if p.code in dispute.codes and p.start < end and start < p.end
        )
        note = "What is marked covers too little to count." if mine and not codes else ""
        return Side(coder=coder, codes=codes, passages=mine, others=others, note=note)

    def _models_side(
        self, coder: str, codes: tuple[str, ...], others: tuple[str, ...], dispute: Dispute
    ) -> Side:
        first, last = dispute.segments
        mine = [s for s in self.suggested if s.code in dispute.codes and first <= s.segment < last]
        lost = [
            u
            for u in self.lost
            if u.segment is not None
            and first <= u.segment < last
            and self.codebook.resolve(u.code_written) in dispute.codes
        ]
        asked = [
            self.judged[segment, code].probability
            for segment in range(first, last)
            for code in dispute.codes
            if (segment, code) in self.judged
        ]
        sure = [p for p in asked if p is not None]
        stated = [s.confidence for s in mine if s.confidence is not None]
        return Side(
            coder=coder,
            is_model=True,
            codes=codes,
            passages=tuple(
                Passage(code=s.code, start=s.start, end=s.end, quote=s.quote, suggestion_id=s.id)
                for s in mine
            ),
            others=others,
            rationale=" ".join(dict.fromkeys(s.rationale for s in mine if s.rationale)),
            confidence=max(stated, default=None),
            probability=max(sure, default=None),
            note="The model suggested it here too, but its quote could not be found in the text."
            if lost and not codes
            else "",
        )
