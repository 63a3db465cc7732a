"""The coders of the example study agree and disagree as its README says, so that every lane of a
verdict is within reach.
"""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.examples.files import CODERS, EXAMPLES, codebook, mean_kappa, positives

PAIRS = list(combinations(CODERS, 2))
MODEL = [(coder, "model") for coder in CODERS]

# code: lowest and highest mean kappa between people, and of the recorded replies with people
BANDS = {
    "Growing-and-crops": ((0.88, 1.0), (0.90, 1.0)),
    "Help-between-plots": ((0.90, 1.0), (0.90, 1.0)),
    "Family-and-plot": ((0.90, 1.0), (0.90, 1.0)),
    "Cost-and-money": ((0.85, 1.0), (0.80, 0.95)),
    "Rules-and-committee": ((0.85, 1.0), (0.70, 0.87)),
    "Conflict-on-site": ((0.85, 1.0), (0.60, 0.80)),
    "Theft-and-damage": ((0.85, 1.0), (0.85, 1.0)),
    "Stands-in-for-someone": ((0.75, 0.9), (-0.1, 0.15)),
    "Calm-and-relief": ((0.50, 0.70), (0.60, 0.85)),
    "Guilt-and-burden": ((0.40, 0.60), (0.55, 0.85)),
    "Pride-in-doing": ((0.35, 0.50), (0.50, 0.75)),
    "Wildlife-noticed": ((-0.01, 0.01), (0.2, 0.5)),
}


def test_every_code_has_its_band() -> None:
    assert set(BANDS) == set(codebook().by_id)


@pytest.mark.parametrize("code", BANDS)
def test_people_agree_as_said(code: str) -> None:
    low, high = BANDS[code][0]
    assert low <= mean_kappa(code, PAIRS) <= high


@pytest.mark.parametrize("code", BANDS)
def test_the_recorded_replies_agree_as_said(code: str) -> None:
    low, high = BANDS[code][1]
    assert low <= mean_kappa(code, MODEL) <= high


def test_frequent_codes_can_be_proven_and_rare_ones_cannot() -> None:
    """A verdict needs 10 positives spread over 5 transcripts."""
    for code in BANDS:
        for coder in CODERS:
            places = positives(code, coder)
            spread = {name for name, _ in places}
            if code in ("Theft-and-damage", "Wildlife-noticed"):
                assert len(places) < 10
            elif code in ("Pride-in-doing", "Guilt-and-burden"):
                assert len(spread) >= 4  # one of the three hardly uses it
            else:
                assert len(places) >= 10
                assert len(spread) >= 5
    for code in ("Growing-and-crops", "Help-between-plots", "Family-and-plot"):
        for coder in CODERS:
            assert len(positives(code, coder)) >= 20
            assert len({name for name, _ in positives(code, coder)}) == 12


def test_one_code_is_used_by_one_person() -> None:
    assert [bool(positives("Wildlife-noticed", coder)) for coder in CODERS] == [False, False, True]


def test_the_model_over_codes_where_the_readme_says_so() -> None:
    for code in ("Cost-and-money", "Rules-and-committee", "Conflict-on-site"):
        team, model = positives(code, "Team"), positives(code, "model")
        assert len(model - team) > len(team - model), code


def test_the_figures_in_the_readme_are_true() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in readme.splitlines() if line.startswith("| ")]
    figures = {names: row[0].strip() for _, names, *row in rows}
    names = {code.label: code.id for code in codebook().codes}
    checked = set()
    for row, figure in figures.items():
        codes = [names[name.strip()] for name in row.split(",") if name.strip() in names]
        if not codes:
            continue
        kappas = [mean_kappa(code, PAIRS) for code in codes]
        low, _, high = figure.partition(" to ")
        assert f"{min(kappas):.2f}".removeprefix("0") == low, row
        assert f"{max(kappas):.2f}".removeprefix("0") == (high or low), row
        checked |= set(codes)
    assert checked == set(names.values())
