"""Worked examples with known values, by number, each with its publication.

Only data stand here; the arithmetic is shown where a value is checked.
"""

from __future__ import annotations

import numpy as np

NAN = np.nan


def ratings(*rows: str) -> np.ndarray:
    """Coders x units from lines of numbers; ``.`` is missing."""
    return np.array([[NAN if v == "." else float(v) for v in row.split()] for row in rows])


def square(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Two coders' answers (categories from 0) from a table with the first coder's as rows."""
    first, second = [], []
    for i, row in enumerate(rows):
        for j, count in enumerate(row):
            first += [i] * count
            second += [j] * count
    return np.array(first, dtype=float), np.array(second, dtype=float)


# O1: Krippendorff 2011, Computing Krippendorff's alpha-reliability, example C; the same data are
# the four-rater example of Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed.
O1 = ratings(
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
# O2: the 3 x 15 example of the encyclopedia article on Krippendorff's alpha.
O2 = ratings(
    ". . . . . 3 4 1 2 1 1 3 3 . 3",
    "1 . 2 1 3 3 4 3 . . . . . . .",
    ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
)
# O3: Krippendorff 2004, Content Analysis, 2nd ed., p. 224: ten units, two coders.
O3 = (
    np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], dtype=bool),
    np.array([0, 1, 1, 0, 0, 1, 0, 1, 0, 0], dtype=bool),
)
# O4: the same book, p. 227.
O4 = ("aabbbbbccccc", "abbbbbcccccc")
# O5: Hayes & Krippendorff 2007, Answering the call for a standard reliability measure for coding
# data, Commun. Methods Meas. 1, 77-89, p. 84: five observers, forty newspaper articles.
O5 = ratings(
    "1 1 2 . 0 0 1 1 2 2 . 0 1 3 1 1 2 1 1 0 0 0 2 0 1 0 0 1 1 1 1 2 2 3 2 2 2 2 2 1",
    "1 1 3 0 0 0 0 . 2 1 1 0 2 3 1 1 1 2 1 0 0 0 3 0 2 1 0 2 1 1 1 1 2 2 2 2 2 2 2 1",
    "2 0 3 0 0 0 2 2 2 1 0 0 2 2 1 1 2 3 0 0 1 . 3 0 . 1 0 1 2 2 0 2 . 2 2 3 2 . 2 1",
    ". 1 3 . . . . 0 . 1 0 0 2 2 . . . 3 1 . 1 0 3 0 2 1 1 2 2 . . 1 2 2 . . . 1 2 .",
    "2 . . 0 0 0 1 . 2 . . . . 3 1 1 2 . . 0 . 0 . . 2 . 0 . . 2 0 . 2 . 2 2 2 2 . 1",
)
# O6: Cohen 1960, A coefficient of agreement for nominal scales, p. 45 and p. 37.
O6_P45 = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
O6_P37 = [[25, 12, 3], [13, 2, 15], [12, 16, 2]]
# O7: Artstein & Poesio 2008, Inter-coder agreement for computational linguistics, Comput.
# Linguist. 34, 555-596: STAT and IReq; then STAT, IReq and Chck.
O7 = [[20, 10], [20, 50]]
O7_THREE = [[46, 0, 0], [6, 32, 6], [0, 0, 10]]
# O8: the prevalence paradox (Feinstein & Cicchetti 1990), values as in Gwet 2008.
O8 = [[80, 7], [8, 5]]
O8_HAND = [[8, 1], [0, 1]]
O8_ORDINAL = [[20, 5, 1, 0], [4, 15, 6, 1], [0, 5, 18, 4], [0, 1, 3, 12]]
# O15: exact McNemar (two-sided binomial): discordant counts and p.
O15_MCNEMAR = [(10, 2, 0.038574), (15, 5, 0.041389)]
# O15: the encyclopedia's example of Fleiss' kappa, 10 subjects x 5 categories, 14 raters.
O15_FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]
# O15: a manual's example in characters: both 50, one of them 150, neither 800.
O15_CHARACTERS = (50, 75, 75, 800)

# O9: nine items with sets of codes by two coders, from the test suite of DKPro Agreement (Meyer et
# al. 2014, DKPro Agreement: an open-source Java library for measuring inter-rater agreement).
O9 = [
    ("", ""),
    ("A", ""),
    ("A", "A"),
    ("A", "B"),
    ("AB", "A"),
    ("AB", "AC"),
    ("ABC", "ABC"),
    ("C", "AC"),
    ("C", "AC"),
]

# O10: Krippendorff 2004, Content Analysis, 2nd ed., p. 254: a continuum from 150 to 450; (start,
# length) by category.
O10_START, O10_LENGTH = 150, 300
O10_I = {"c": [(225, 70), (370, 30)], "k": [(180, 60), (300, 50)]}
O10_J = {"c": [(220, 80), (355, 20), (400, 20)], "k": [(180, 60), (300, 50)]}
# O10: distances of single units; (start, length) of the two and the squared difference. The last is
# of a unit that lies in a gap of the other coder: its own length squared.
O10_DISTANCES = [
    ([(5, 6)], [(4, 2)], 26),
    ([(5, 6)], [(5, 2)], 16),
    ([(5, 6)], [(6, 2)], 10),
    ([(5, 6)], [(7, 2)], 8),
    ([(5, 6)], [(6, 4)], 2),
    ([(5, 6)], [(5, 6)], 0),
    ([(225, 70)], [(220, 80)], 50),
    ([(370, 30)], [(355, 20)], 850),
    ([], [(400, 20)], 400),
]
# O11: Krippendorff 1995, On the reliability of unitizing continuous data, p. 57: four pairs on a
# continuum of 24; then alpha with the formula of 2004 at that length and on a very fine grain, and
# the limit printed in 1995, which differs a little in D_e.
O11 = {
    "A": ([(2, 8), (14, 6)], [(4, 4), (15, 2)], 0.5153, 0.5530, 0.553),
    "B": (
        [(0, 18)],
        [(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)],
        -1.0811,
        -0.9284,
        -0.926,
    ),
    "C": (
        [(2, 6), (10, 2), (14, 4), (20, 2)],
        [(0, 2), (4, 4), (10, 4), (16, 2), (20, 2)],
        0.6034,
        0.6931,
        0.679,
    ),
    "D": (
        [(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)],
        [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)],
        -0.2069,
        0.0659,
        0.066,
    ),
}
O11_OBSERVED = {"A": 0.03125, "B": 2.26736, "C": 0.02777, "D": 0.38715}

# O13: Mathet, Widlöcher & Métivier 2015, The unified and holistic method gamma, Comput. Linguist.
# 41, 437-479: observed disorder with alpha = beta = delta_empty = 1; (start, end, category).
O13 = [
    (["1-5a 6-10b 11-15a", "2-6a 7-11b 12-16a"], 0.0625),
    (["1-5a 6-10b 20-24a 30-34b", "2-6a 31-35b"], 0.708333),
    (["1-5a 6-10b", "1-5a 6-10b"], 0.0),
]
# O14: Fournier 2013, Evaluating text segmentation using boundary edit distance, ACL: masses.
O14 = [
    ([2, 3, 6], [5, 6], 0.5),
    ([2, 3, 6], [2, 2, 7], 0.75),
    ([2, 3, 6], [2, 3, 3, 3], 0.6667),
    ([2, 3, 6], [1, 1, 3, 1, 5], 0.5),
]
