"""Numbers as people read them: never a zero below zero, nor for what is not zero, and of what."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.cli.common import table
from assistant.review.evidence import Figure
from eval.verdicts.lanes import decide
from eval.verdicts.policy import Policy
from tests.cli.command import secondcoder
from tests.eval.test_verdicts import GOOD
from tests.export.studies import garden


def test_a_zero_has_no_sign_and_what_is_not_zero_is_not_rounded_to_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table(["what", "difference"], [("a", -0.001), ("b", -0.01), ("c", -0.0)])
    said = capsys.readouterr().out
    assert re.findall(r"-?\d\.\d+", said) == ["-0.001", "-0.01", "0.00"]


def test_nor_in_the_evidence_beside_a_suggestion() -> None:
    figure = Figure("kappa", "", -0.001, -0.2, -0.004)
    assert figure.shown == "-0.001 [-0.20, -0.004]"


@pytest.mark.parametrize("low", [-0.045, -0.5])
def test_nor_in_the_reasons_of_a_lane(low: float) -> None:
    """No margin at all is written as 0.00."""
    strict = Policy().accept.model_copy(update={"worse_than_people_by": 0.0})
    policy = Policy().model_copy(update={"accept": strict})
    evidence = replace(GOOD, difference_low=low)
    verdict = decide(evidence, policy)
    assert "-0.00" not in " ".join(reason.text for reason in verdict.reasons)
    assert "at least 0.00" in " ".join(reason.text for reason in verdict.reasons)


def test_the_list_of_transcripts_counts_codings_and_does_not_call_them_codes(
    tmp_path: Path,
) -> None:
    """A codebook of 71 codes and "127 codes" beside a coder's name do not go together."""
    study = garden(tmp_path / "study").study
    said = re.sub(r"\s+", " ", secondcoder(study.folder, "transcripts").out)
    assert re.search(r": \d+ codings? \(", said)
    assert not re.search(r"\d codes?\b", said)
