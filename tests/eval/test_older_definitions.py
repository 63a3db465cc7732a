"""Codings under another definition are neither yes nor no, until their coder has looked again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.coding.judge.people import coded_by_people, people_hash
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.study_codebook.history import needs_recoding
from assistant.store.database import open_store
from assistant.store.measured.reference import rests_on
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import scopes
from assistant.store.people.openings import record_openings
from assistant.store.records import CoderKind
from assistant.store.texts.transcripts import transcript_infos
from assistant.store.versions import codebook, codebook_versions
from assistant.study import Study, create_study
from eval.evaluation.studying import evaluate_study, remarks
from eval.statistics.values import FloatArray
from eval.units.loading import load
from tests.cli.command import secondcoder

TALK = """Interviewer: Which tools did you have in the garden then?

Ann: We had one spade between five of us for many years.
{spade}
Ann: The sky was grey for weeks and nothing would come up at all.
{sky}
Ann: And the rake was borrowed from the people next door every spring.
{rake}
"""
FIRST = """name: Garden
codes:
  - {id: the-tools, definition: What is dug with.}
  - {id: the-weather, definition: What the sky does.}
"""
SECOND = FIRST.replace("What is dug with.", "What is dug or cut with.") + (
    "  - {id: the-money, definition: What it costs.}\n"
)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Ana and Ben coded with the first version; then the file was changed."""
    made = create_study(tmp_path / "study", name="Garden")
    made.codebook_file.write_text(FIRST, encoding="utf-8")
    assert secondcoder(made.folder, "codebook", "history").code == 0
    coded = tmp_path / "coded"
    coded.mkdir()
    for name, rake in (("Ana", "the-tools"), ("Ben", "")):
        text = TALK.format(spade="the-tools", sky="the-weather", rake=rake)
        (coded / f"Spades - {name}.txt").write_text(text, encoding="utf-8")
    store, _ = open_store(made.database)
    with store:
        import_files(
            store,
            [coded],
            ImportOptions(
                language="en", known_codes=("the-tools", "the-weather"), exposure="independent"
            ),
        )
    made.codebook_file.write_text(SECOND, encoding="utf-8")
    return made


class Ones:
    name = "ones"

    def embed(self, texts: Sequence[str], kind: str = "passage") -> FloatArray:
        return np.asarray(np.ones((len(texts), 2)) / np.sqrt(2))


@pytest.mark.slow
def test_they_are_left_out_of_both_sides_and_the_report_says_so(study: Study) -> None:
    with open_store(study.database)[0] as store:
        found = evaluate_study(study, store).evaluation
        left = {(c.code, c.why): c for c in found.coverage.left_out_codes}
        older = left["the-tools", "older definition"]
        assert (older.codings, older.coders) == (3, ("Ana", "Ben"))
        notes = " ".join(found.notes)
        assert "the-tools (Ana, Ben); 3 codings left out" in notes
        assert "nothing is known of it: the-money (Ana, Ben)" in notes
        from assistant.codebook.loading import load_codebook

        book = load_codebook(study.codebook_file)
        (coded,) = load(store, book, ("Interviewer",)).transcripts
        assert {c.code for c in coded.codings} == {"the-weather"}
        for scope in coded.scopes:
            assert scope.silent == {"the-tools", "the-money"}
            assert scope.looked_for("the-weather")
            assert not scope.looked_for("the-tools")
        drift = load(store, book, ("Interviewer",), any_definition=True).transcripts[0]
        assert {c.code for c in drift.codings} == {"the-weather", "the-tools"}


def test_who_has_looked_again_counts_again(study: Study) -> None:
    from assistant.codebook.loading import load_codebook

    book = load_codebook(study.codebook_file)
    ended = secondcoder(study.folder, "transcripts", "--looked-again", "--coder", "Ana")
    assert ended.code == 0, ended.err
    assert "Ana looked at the codes of 1 coded transcript again" in ended.out
    with open_store(study.database)[0] as store:
        (coded,) = load(store, book, ("Interviewer",)).transcripts
        silent = {scope.coder: scope.silent for scope in coded.scopes}
        assert silent == {"Ana": frozenset(), "Ben": frozenset({"the-tools", "the-money"})}
        assert {(c.coder, c.code) for c in coded.codings} == {
            ("Ana", "the-tools"),
            ("Ana", "the-weather"),
            ("Ben", "the-weather"),
        }
        assert {r.coder for r in needs_recoding(study, store)} == {"Ben"}


@pytest.mark.parametrize("kind", ["model", "human"])
def test_who_was_shown_others_codes_cannot_look_again(study: Study, kind: CoderKind) -> None:
    with open_store(study.database)[0] as store:
        (info,) = transcript_infos(store)
        other = add_coder(store, "a-model" if kind == "model" else "Cleo", kind)
        model, people = ([other.id], []) if kind == "model" else ([], [other.id])
        record_openings(store, "Ana", info.id, model=model, people=people, place="transcript page")
    for more in ((), ("--code", "the-tools")):
        again = ("transcripts", "--looked-again", *more)
        ended = secondcoder(study.folder, *again, "--coder", "Ana")
        assert ended.code == 2
        whose = "the model a-model" if kind == "model" else "Cleo"
        assert f"Ana was shown codes of {whose} in “Spades” (first on 20" in ended.err
        everybody = secondcoder(study.folder, *again)
        assert everybody.code == 0, everybody.err
        assert "Stated: Ben looked" in everybody.out
        assert "Not stated, because Ana was shown codes of" in everybody.out
    with open_store(study.database)[0] as store:
        assert {r.coder for r in needs_recoding(study, store)} == {"Ana"}
        assert {s.coder.name: s.exposure for s in scopes(store)} == {
            "Ana": "independent",
            "Ben": "independent",
        }
    # What is no reference anyway may be read again by whoever likes.
    secondcoder(study.folder, "transcripts", "--set-exposure", "after-model", "--coder", "Ana")
    assert secondcoder(study.folder, *again, "--coder", "Ana").code == 0


def test_she_may_have_looked_for_one_code_only(study: Study) -> None:
    from assistant.codebook.loading import load_codebook

    again = ("transcripts", "--looked-again", "--coder", "Ana")
    ended = secondcoder(study.folder, *again, "--code", "the-tools")
    assert ended.code == 0, ended.err
    assert "again for the-tools, with the codebook as it is now" in ended.out
    book = load_codebook(study.codebook_file)
    with open_store(study.database)[0] as store:
        (coded,) = load(store, book, ("Interviewer",)).transcripts
        silent = {scope.coder: scope.silent for scope in coded.scopes}
        assert silent == {"Ana": {"the-money"}, "Ben": {"the-tools", "the-money"}}
        assert ("Ana", "the-tools") in {(c.coder, c.code) for c in coded.codings}
        assert {r.coder for r in needs_recoding(study, store)} == {"Ben"}
    assert "no code “rake”" in secondcoder(study.folder, *again, "--code", "rake").err
    alone = secondcoder(study.folder, "transcripts", "--code", "the-tools")
    assert "it needs --looked-again" in alone.err


def test_a_statement_about_one_code_ends_what_rested_on_the_codings_before(study: Study) -> None:
    with open_store(study.database)[0] as store:
        (info,) = transcript_infos(store)
        before = rests_on(store, [info.id])
    again = ("transcripts", "--looked-again", "--coder", "Ana")
    assert secondcoder(study.folder, *again, "--code", "the-tools").code == 0
    with open_store(study.database)[0] as store:
        assert rests_on(store, [info.id])["people"] != before["people"]


def test_an_old_run_is_not_helped_by_looking_again(study: Study) -> None:
    """Measured under the older codebook, those who coded with the newer say nothing about it."""
    from assistant.codebook.loading import load_codebook

    with open_store(study.database)[0] as store:
        book = load_codebook(study.codebook_file)
        (now,) = (n for n in load(store, book, ()).notes if n.startswith("Coded under another"))
        assert "--looked-again" in now
        assert "would not help" not in now
    assert secondcoder(study.folder, "transcripts", "--looked-again").code == 0
    with open_store(study.database)[0] as store:
        first = codebook(store, codebook_versions(store)[0].sha256)
        (old,) = (n for n in load(store, first, ()).notes if n.startswith("Coded under another"))
        assert "Looking again would not help" in old
        assert "--looked-again" not in old


def test_a_code_spelled_in_two_ways_is_one_code(study: Study) -> None:
    text = TALK.format(spade="The-Tools", sky="the-weather", rake="the-tools")
    path = study.folder / "Spades - Cleo.txt"
    path.write_text(text, encoding="utf-8")
    first = FIRST.replace("{id: the-tools,", "{id: the-tools, aliases: [The-Tools],")
    study.codebook_file.write_text(first, encoding="utf-8")
    with open_store(study.database)[0] as store:
        options = ImportOptions(
            language="en", known_codes=("the-tools", "The-Tools", "the-weather"), exposure="blind"
        )
        import_files(store, [path], options)
    second = SECOND.replace("{id: the-tools,", "{id: the-tools, aliases: [The-Tools],")
    study.codebook_file.write_text(second, encoding="utf-8")
    with open_store(study.database)[0] as store:
        found = evaluate_study(study, store).evaluation.coverage.left_out_codes
        (one,) = (c for c in found if c.why == "older definition")
        assert (one.code, one.codings, one.coders) == ("the-tools", 5, ("Ana", "Ben", "Cleo"))


@pytest.mark.slow
def test_better_words_are_declared_and_keep_the_codings(study: Study) -> None:
    ended = secondcoder(
        study.folder, "codebook", "history", "--declare", "change the-tools: only said better"
    )
    assert ended.code == 0, ended.err
    with open_store(study.database)[0] as store:
        assert needs_recoding(study, store) == ()
        whys = {c.why for c in evaluate_study(study, store).evaluation.coverage.left_out_codes}
        assert "older definition" not in whys


def test_a_declaration_may_lead_from_any_earlier_version(study: Study) -> None:
    history = ("codebook", "history")
    first = secondcoder(study.folder, *history, "--json").json["versions"][0]["sha256"]
    study.codebook_file.write_text(SECOND.replace("dug or cut with", "cut with"), encoding="utf-8")
    better = ("--declare", "change the-tools: only said better")
    assert secondcoder(study.folder, *history, *better).code == 0
    with open_store(study.database)[0] as store:
        assert {r.code for r in needs_recoding(study, store)} == {"the-tools"}
    wrong = secondcoder(study.folder, *history, *better, "--from", "nothing")
    assert wrong.code == 2
    assert "No earlier version begins with “nothing”" in wrong.err
    begins = first.removeprefix("sha256:")[:12]
    ended = secondcoder(study.folder, *history, *better, "--from", begins)
    assert ended.code == 0, ended.err
    assert f"Declared from {begins} to " in ended.out
    with open_store(study.database)[0] as store:
        assert needs_recoding(study, store) == ()


def test_a_calibration_learns_nothing_from_them(study: Study) -> None:
    from assistant.codebook.loading import load_codebook

    book = load_codebook(study.codebook_file)
    with open_store(study.database)[0] as store:
        (info,) = transcript_infos(store)
        found = coded_by_people(store, info.id, book, Ones())
        assert found is not None
        numbers = {code.id: n for n, code in enumerate(book.sent)}
        for table in found.people:
            assert not table[:, numbers["the-tools"]].any()
            assert table[:, numbers["the-weather"]].any()
        before = people_hash(store, info.id, book)
    assert secondcoder(study.folder, "transcripts", "--looked-again").code == 0
    with open_store(study.database)[0] as store:
        assert people_hash(store, info.id, book) != before
        again = coded_by_people(store, info.id, book, Ones())
        assert again is not None
        assert any(table[:, numbers["the-tools"]].any() for table in again.people)


def test_without_a_codebook_nothing_can_be_stated(tmp_path: Path) -> None:
    made = create_study(tmp_path / "empty", name="Empty")
    made.codebook_file.unlink(missing_ok=True)
    ended = secondcoder(made.folder, "transcripts", "--looked-again")
    assert ended.code != 0
    assert "codebook" in ended.err


def test_a_file_that_was_changed_back_is_what_is_in_force(study: Study) -> None:
    """The version that was recorded last is then not the one that people would look again with."""
    assert secondcoder(study.folder, "transcripts", "--looked-again").code == 0
    study.codebook_file.write_text(FIRST, encoding="utf-8")
    found = secondcoder(study.folder, "codebook", "history", "--json").json
    assert found["working_copy"] == found["versions"][0]["sha256"]
    assert {r["code"] for r in found["recoding"]} == {"the-tools"}
    with open_store(study.database)[0] as store:
        told = " ".join(evaluate_study(study, store).evaluation.notes)
        assert {r.code for r in needs_recoding(study, store)} == {"the-tools"}
    assert "--looked-again" in told
    assert "would not help" not in told
    assert secondcoder(study.folder, "transcripts", "--looked-again").code == 0
    found = secondcoder(study.folder, "codebook", "history", "--json").json
    assert found["recoding"] == []


def test_what_is_declared_leads_to_the_version_in_force(study: Study) -> None:
    history = ("codebook", "history", "--json")
    third = SECOND.replace("dug or cut with", "cut with")
    for text in (SECOND, third, SECOND):
        study.codebook_file.write_text(text, encoding="utf-8")
        versions = [v["sha256"] for v in secondcoder(study.folder, *history).json["versions"]]
    better = "change the-tools: only said better"
    found = secondcoder(study.folder, *history, "--declare", better).json
    steps = {(s["old"], s["new"]): [o["op"] for o in s["operations"]] for s in found["steps"]}
    assert "change" in steps[versions[0], versions[1]]
    assert found["recoding"] == []


def test_an_evaluation_says_what_was_declared_since(study: Study) -> None:
    with open_store(study.database)[0] as store:
        made = evaluate_study(study, store)
        assert remarks(store, made.id) == ()
    better = "change the-tools: only said better"
    assert secondcoder(study.folder, "codebook", "history", "--declare", better).code == 0
    with open_store(study.database)[0] as store:
        (told,) = remarks(store, made.id)
        assert "what was declared of the definition of the-tools has changed" in told
        assert "the-weather" not in told
        assert remarks(store, evaluate_study(study, store).id) == ()
