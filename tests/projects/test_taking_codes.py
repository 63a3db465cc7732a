"""From a project to the study: its codes, what gathers others, and what is no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.codebook.loading import load_codebook
from assistant.errors import UserError
from assistant.interchange.projects.records import (
    ProjectCode,
)
from assistant.interchange.projects.reports import ProjectOptions
from assistant.store.database import Store, open_store
from tests.projects.making import CODES, coding, held, make, take
from tests.projects.test_taking import HOSE, LEEKS, TWO


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def test_the_codebook_is_written_where_there_is_none(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "codebook.yaml"
    options = ProjectOptions(codebook_file=file)
    report = take(store, make(TWO), options)
    book = load_codebook(file)
    assert [(c.id, c.parent, c.definition) for c in book.codes] == [
        ("sowing", "", "What was sown."),
        ("help", "", ""),
        ("tools", "help", ""),
    ]
    assert report.codebook is not None
    assert (report.codebook.colors, report.codebook.written) == (1, str(file))
    more = (*CODES, ProjectCode(key="c4", name="frost"))
    report = take(store, make(TWO, codes=more, file="two.qdpx"), options)
    assert report.codebook is not None
    assert (report.codebook.missing, report.codebook.written) == (("frost",), "")
    assert len(load_codebook(file).codes) == 3
    new = tmp_path / "new.yaml"
    take(store, make(TWO, codes=more), ProjectOptions(codebook_file=file, write_codebook=new))
    assert len(load_codebook(new).codes) == 4
    with pytest.raises(UserError, match="not overwritten"):
        take(store, make(TWO), ProjectOptions(write_codebook=new))


def test_the_same_name_below_two_parents(store: Store) -> None:
    codes = [ProjectCode(key=k, name=k) for k in ("costs", "joys")]
    codes += [ProjectCode(key=f"{p}-rent", name="rent", parent=p) for p in ("costs", "joys")]
    take(store, make([coding(LEEKS, "costs-rent"), coding(HOSE, "joys-rent")], codes=codes))
    assert [row[2] for row in held(store)] == ["costs::rent", "joys::rent"]


def test_a_parent_that_gathers_is_not_counted_twice(store: Store) -> None:
    said = (LEEKS, "wet corner", HOSE)
    both = [coding(words, code) for words in said for code in ("c3", "c2")]
    report = take(store, make([*both, coding("by the gate", "c2")]))
    assert [row[2] for row in held(store)] == ["tools", "tools", "help", "tools"]
    assert any("“help” gathers" in note and "3 of its codings" in note for note in report.notes)


def test_too_few_codings_to_tell_a_parent_that_gathers_are_asked_about(store: Store) -> None:
    both = [coding(words, code) for words in (LEEKS, HOSE) for code in ("c3", "c2")]
    asked: list[str] = []

    def yes(question: str) -> bool:
        asked.append(question)
        return True

    take(store, make(both), ProjectOptions(ask_take=yes))
    assert [row[2] for row in held(store)] == ["tools", "tools"]
    (question,) = asked
    assert "“help” and the codes below it are on the same 2 passages. Does “help” only" in question
    report = take(store, make(both, file="two.qdpx"), ProjectOptions(gathers=("help",)))
    assert len(held(store)) == 2
    assert any("“help” gathers" in note and "2 of its codings" in note for note in report.notes)
    report = take(store, make(both, file="three.qdpx"))
    assert [row[2] for row in held(store)].count("help") == 2
    (note,) = (note for note in report.notes if "too few to tell" in note)
    assert '2 codings of its own were taken. If it only gathers: `--gathers "help"`' in note


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("halp", "no code of this file has that name. Did you mean “help”?"),
        ("sowing", "no code below it has codings in this file"),
    ],
)
def test_a_name_after_gathers_that_changes_nothing_is_told(
    store: Store, name: str, says: str
) -> None:
    report = take(store, make([coding(HOSE, "c3")]), ProjectOptions(gathers=(name,)))
    (note,) = (note for note in report.notes if note.startswith(f"--gathers “{name}”"))
    assert says in note


def test_a_parent_that_a_person_used_stays(store: Store) -> None:
    found = [coding(words, "c3") for words in (LEEKS, "wet corner", HOSE)]
    take(store, make([*found, coding(LEEKS, "c2")]))
    assert [row[2] for row in held(store)].count("help") == 1


def test_cases_sentiment_and_automatic_codes_are_asked_about(store: Store) -> None:
    codes = (
        *CODES,
        ProjectCode(key="k", name="Gardener 1", kind="case"),
        ProjectCode(key="e", name="Sentiment", kind="sentiment"),
        ProjectCode(key="p", name="Positive", parent="e"),
    )
    found = [coding(LEEKS), coding(HOSE, "k"), coding("wet corner", "p")]
    report = take(store, make(found, codes=codes))
    assert [row[2] for row in held(store)] == ["sowing"]
    assert [(s.what, s.why) for s in report.skipped] == [
        (
            "1 case (people, places or things that passages belong to), with 1 coding",
            "not codes of a codebook; `--take cases` takes them",
        ),
        (
            "2 sentiments that a program gave, with 1 coding",
            "not codes of a codebook; `--take sentiment` takes them",
        ),
    ]
    # The same file again, with more of it wanted.
    take(store, make(found, codes=codes), ProjectOptions(take=("cases", "sentiment")))
    assert sorted(row[2] for row in held(store)) == ["Gardener 1", "Positive", "sowing"]
