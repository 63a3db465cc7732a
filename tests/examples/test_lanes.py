"""With the recorded replies and the default policy, every lane of a verdict is reached, by the
codes that the README names.
"""

from __future__ import annotations

from functools import cache

import pytest

from assistant import shipped
from assistant.coding.anchoring import anchor
from assistant.coding.records import Anchored, Application
from assistant.transcripts.reading import read_document
from eval.baselines import unit_texts, with_baselines
from eval.evidence import gather_evidence
from eval.policy import load_policy
from eval.unit_building import build_units
from eval.units import CodedTranscript, CoderScope, CodingSpan, UnitPlan, UnitSegment
from eval.verdicts import LANES, decide
from tests.examples.files import CODERS, EXAMPLES, codebook, positives, replies, transcript_names

EVERYBODY = (*CODERS, "model")
EXPECTED = {
    "accept": {"Growing-and-crops", "Help-between-plots", "Family-and-plot"},
    "review": {"Cost-and-money", "Rules-and-committee", "Conflict-on-site"},
    "vague": {"Calm-and-relief", "Pride-in-doing", "Guilt-and-burden"},
    "withhold": {"Stands-in-for-someone"},
    "unproven": {"Theft-and-damage", "Wildlife-noticed"},
}


def _coded(name: str) -> CodedTranscript:
    (file,) = (EXAMPLES / "transcripts").glob(f"{name}.*")
    document, book = read_document(file), codebook()
    spans = [
        CodingSpan(coder, code.id, segment.start, segment.end)
        for coder in CODERS
        for code in book.sent
        for segment in document.segments
        if (name, segment.index) in positives(code.id, coder)
    ]
    for reply in replies():
        if reply.transcript == name:
            asked = Application(
                segment=1,
                code=reply.code,
                quote=reply.quote,
                rationale=reply.rationale,
                confidence=reply.confidence,
            )
            segment = document.segments[reply.segment]
            placed = anchor(asked, book, document.text, segment, "en")
            if isinstance(placed, Anchored):
                spans.append(CodingSpan("model", placed.code, placed.start, placed.end))
    segments = tuple(
        UnitSegment(s.start, s.end, s.speaker, s.turn, s.speaker.startswith("Interviewer"))
        for s in document.segments
    )
    scopes = tuple(CoderScope(coder) for coder in EVERYBODY)
    return CodedTranscript(name, document.text, segments, tuple(spans), scopes)


@cache
def _lanes() -> dict[str, str]:
    book, policy = codebook(), load_policy(shipped.policy())
    coded = [_coded(name) for name in transcript_names()]
    matrix = build_units(coded, UnitPlan(tuple(code.id for code in book.sent), EVERYBODY))
    assert matrix.left_out.too_small == 0
    matrix = with_baselines(matrix, CODERS, unit_texts(matrix, coded), seed=1)
    kinds = {code.id: code.kind for code in book.sent}
    evidence = gather_evidence(matrix, CODERS, "model", policy, kinds=kinds)
    return {found.code: decide(found, policy).lane for found in evidence}


@pytest.mark.parametrize("lane", LANES)
def test_every_lane_is_reached(lane: str) -> None:
    assert {code for code, reached in _lanes().items() if reached == lane} == EXPECTED[lane]


def test_the_readme_says_the_same() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    names = {code.label: code.id for code in codebook().codes}
    for lane, codes in EXPECTED.items():
        (row,) = [line for line in readme.splitlines() if line.startswith(f"| {lane} |")]
        assert {names[name.strip()] for name in row.split("|")[2].split(",")} == codes
