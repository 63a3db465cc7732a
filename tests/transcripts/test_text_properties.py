"""What holds for every file, shown on many made up ones."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import DataError
from assistant.transcripts import read_document
from tests.transcripts.reading_help import check_form, check_words, codes, turns

SPOKEN = """
    bread oven flour Well yes, no. (laughs) so: today? Mm-hmm it's 42 10:30 Ça été – … 'tis slow.
    we and then I The aunt's “good” half-baked
"""
WORDS = st.sampled_from(SPOKEN.split())
SAID = st.lists(WORDS, min_size=1, max_size=25).map(" ".join)
NAMES = st.sampled_from(["Interviewer 1", "Interviewee", "Ana", "J. D.", "P2", "Zoë de la Cruz"])
TURN = st.tuples(NAMES, st.lists(SAID, min_size=1, max_size=3))
LABELS = ("warm-oven", "new_flour", "Q2.1")
FOOTER = "Created with the Delve Qualitative Analysis Tool (http://x.example)"
ODD_LINES = (
    *("", "", "", ": who", "**Ana**", "### Interviewee", "# Title", "---", "Page 3", "7", "8"),
    *("\t\t_", "a\tb\tc", "[00:12]", "0:12 Ana: yes", "warm-oven", "new-flour", "\f", "ı", "。"),
    *("Date: 3 May", FOOTER),
)
ANY_LINE = st.one_of(
    SAID,
    NAMES,
    NAMES.map(lambda name: f"{name}:"),
    st.tuples(NAMES, SAID).map(": ".join),
    st.sampled_from(ODD_LINES),
    st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=20),
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=st.lists(ANY_LINE, min_size=1, max_size=25), name=st.sampled_from(["t.txt", "t.md"]))
def test_any_lines_keep_form_and_words(lines: list[str], name: str) -> None:
    """Whatever the file: segments tile, spans lie inside, and no word vanishes unlisted."""
    text = "The bread and the oven were good.\n\n" + "\n".join(lines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text.encode("utf-8"))
        for trust in (False, True):
            try:
                document = read_document(path, language="en", trust_guesses=trust)
            except DataError:
                return
            check_form(document)
            if name.endswith(".txt"):
                check_words(path.read_bytes().decode(), document)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    content=st.lists(TURN, min_size=4, max_size=12).filter(
        lambda rows: len({name for name, _ in rows}) * 2 <= len(rows)
    ),
    own_line=st.booleans(),
)
def test_turns_come_back(content: list[tuple[str, list[str]]], own_line: bool) -> None:
    """Writing turns in either layout and reading them gives the same text and speakers."""
    names = [name for name, _ in content]
    content = [(name, said) for name, said in content if names.count(name) >= 2]
    if any(first[0] == second[0] for first, second in pairwise(content)):
        # a file that repeats names names every paragraph
        content = [(name, said[:1]) for name, said in content]
    if own_line:
        content = [(name, [f"we {words}" for words in said]) for name, said in content]
    if not content:
        return
    between = "\n\n" if own_line else ": "
    text = "\n\n".join(f"{name}{between}" + "\n\n".join(said) for name, said in content)
    reader = "speaker-lines" if own_line else "plain"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "talk.txt"
        path.write_text(text, encoding="utf-8")
        document = read_document(path, language="en", reader=reader)
    assert turns(document) == content


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(
        st.tuples(SAID, st.lists(st.sampled_from(LABELS), unique=True)), min_size=2, max_size=12
    )
)
def test_codes_come_back(rows: list[tuple[str, list[str]]]) -> None:
    """Every label becomes one coding on the body of the passage before it."""
    text = "\n\n".join(
        "\n\n".join([f"Interviewer {number % 2}", f"Well, {said}", *labels])
        for number, (said, labels) in enumerate(rows)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Talk - Ada.txt"
        path.write_text(text, encoding="utf-8")
        document = read_document(path, labels=LABELS, language="en")
    assert codes(document) == [(label, f"Well, {said}") for said, ls in rows for label in ls]
    assert document.coder == ("Ada" if document.codings else "")
    check_form(document)
