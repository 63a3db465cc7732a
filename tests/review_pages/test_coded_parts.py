"""Who coded a part says nothing about the rest: said in the browser and as a command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.codebook.loading import load_codebook
from assistant.counting import counted
from assistant.interchange.coded_parts import part_in_words
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.imports.known_codes import known_codes
from assistant.recipe import entries
from assistant.store.database import open_store
from assistant.store.measured.evidence import standing_verdicts
from assistant.store.people.coded_parts import set_coded_part
from assistant.store.people.codings import codings, scopes
from assistant.store.records import Coder, Scope
from assistant.store.texts.transcripts import transcript
from assistant.store.trail.events import events
from assistant.store.versions import record_codebook, record_recipe
from assistant.study import Study
from assistant.transcripts.records import Exposure
from eval.evaluation.studying import evaluate_study
from tests.cli.command import secondcoder
from tests.review.studies import add_suggestions, shed
from tests.review_pages.conftest import EXAMPLES


def scope_of(study: Study, who: str = "Ana") -> Scope:
    with open_store(study.database)[0] as store:
        return next(s for s in scopes(store) if s.coder.name == who)


def part(**said: str) -> dict[str, str]:
    return {"coder": "Ana", "transcript": "Shed 1", "passages": "all", **said}


def test_passages_and_codes_are_said_in_the_browser(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    dora = opened(study.folder, "Dora")
    for path in ("/", "/start?step=seen"):
        assert 'action="/statements/part"' in dora.get(path).text
    done = dora.post("/statements/part", data=part(passages="some", first="2", last="47"))
    assert done.status_code == 303
    assert (scope_of(study).first_segment, scope_of(study).last_segment) == (1, 46)
    assert "passages 2 to 47" in dora.get("/").text
    with open_store(study.database)[0] as store:
        event = events(store, "statement")[-1]
        assert (event.who, event.details) == ("Dora", {"transcripts": ["Shed 1"], "coder": "Ana"})
        assert event.what == "Ana coded passages 2 to 47 of Shed 1."
    dora.post("/statements/part", data=part())
    assert scope_of(study).first_segment is None
    assert "passages 2 to 47" not in dora.get("/").text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"passages": "some", "first": "1", "last": "20"}, "Ana coded outside passages 1 to 20"),
        ({"passages": "some", "first": "1", "last": "49"}, "Shed 1 has no passages 1 to 49"),
        ({"passages": "some", "first": "9", "last": "3"}, "Shed 1 has no passages 9 to 3"),
        ({"code": "tools"}, "Ana gave other codes than these"),
        ({"code": "nothing"}, "The codebook has no code"),
        ({"passages": "some", "first": "1", "last": "20", "transcript": ""}, "none was chosen"),
        ({"coder": "Zoe"}, "No codes of Zoe are there"),
        ({"coder": ""}, "Whose codes are meant"),
        ({"passages": ""}, "Nothing was chosen"),
    ],
)
def test_what_cannot_be_true_is_refused(
    said: dict[str, str], why: str, study: Study, opened: Callable[..., TestClient]
) -> None:
    before = scope_of(study)
    refused = opened(study.folder, "Dora").post("/statements/part", data=part(**said))
    assert refused.status_code == 400
    assert why in refused.text
    assert scope_of(study) == before


def test_on_the_command_line_too(study: Study) -> None:
    said = secondcoder(
        study.folder, "transcripts", "Shed 1", "--set-scope", "2-47", "--coder", "Ana"
    )
    assert said.code == 0, said.err
    assert "Ana coded passages 2 to 47 of Shed 1." in said.out
    assert "passages 2 to 47" in secondcoder(study.folder, "transcripts").out
    codes = [word for code in ("sharing", "tools", "weather") for word in ("--code", code)]
    said = secondcoder(
        study.folder, "transcripts", "--set-scope", "all", "--coder", "Ana", *codes[:4]
    )
    assert said.code != 0
    assert "Ana gave other codes than these in Shed 1: weather." in said.err
    assert (
        secondcoder(
            study.folder, "transcripts", "--set-scope", "all", "--coder", "Ana", *codes
        ).code
        == 0
    )
    assert scope_of(study).codes == ("sharing", "tools", "weather")
    assert "only sharing, tools, weather" in secondcoder(study.folder, "transcripts").out
    assert "of other codes" not in secondcoder(study.folder, "transcripts").out
    assert secondcoder(study.folder, "transcripts", "--set-scope", "half", "--coder", "Ana").code
    both = ("transcripts", "--set-scope", "all", "--looked-again", "--coder", "Ana")
    assert "two statements" in secondcoder(study.folder, *both).err


def test_codes_that_a_scope_does_not_name_are_told_with_it(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    """A file that comes later may bring some; they count for nothing, and nobody would know."""
    with open_store(study.database)[0] as store:
        key = next(s.transcript_id for s in scopes(store) if s.coder.name == "Ana")
        set_coded_part(store, "Ana", key, first=None, last=None, codes=("Tools", "sharing"))
        there = [c for c in codings(store, key) if c.coder.name == "Ana" and c.code == "weather"]
        record_codebook(store, load_codebook(study.codebook_file), "")
    said = f"{counted(len(there), 'coding')} of other codes, which no agreement counts"
    (row,) = secondcoder(study.folder, "transcripts", "--json").json
    (ana,) = (c for c in row["coders"] if c["name"] == "Ana")
    assert ana["beside"] == ["weather"]
    assert ana["part"].endswith(said)
    printed = " ".join(secondcoder(study.folder, "transcripts").out.split())
    assert "agreement counts: weather" in printed
    assert said in opened(study.folder, "Dora").get("/").text


@pytest.mark.slow
def test_the_rest_is_no_no_and_what_rested_on_it_is_void(tmp_path: Path) -> None:
    made = shed(tmp_path / "study", run=False)
    with open_store(made.database)[0] as store:
        book = load_codebook(made.codebook_file)
        record_recipe(store, "sha256:recipe", {"strategy": "list", "codes": entries(book)})
        add_suggestions(store, made, 1)
        whole = evaluate_study(made, store, run_id=1, who="Ana").evaluation
        assert not any(s.void for s in standing_verdicts(store))
    said = ("transcripts", "Shed 1", "--set-scope", "2-47", "--coder", "Ana")
    assert secondcoder(made.folder, *said).code == 0
    with open_store(made.database)[0] as store:
        assert all(
            "who counts as an independent coder" in s.void[0] for s in standing_verdicts(store)
        )
        now = evaluate_study(made, store, run_id=1, who="Ana").evaluation
    before, after = (
        next(one.units for one in e.model.each if one.first == "Ana")
        for e in (whole, now)
        if e.model is not None
    )
    assert before - after == 2 * 3, "two passages of three codes"


def test_a_file_that_comes_again_takes_no_statement_back(field: Study) -> None:
    with open_store(field.database)[0] as store:
        name = next(s for s in scopes(store) if s.coder.name == "Ana").transcript_id
        text = transcript(store, name)
        number = len(text.segments)
    said = ("transcripts", text.name, "--set-scope", f"1-{number}", "--coder", "Ana")
    assert secondcoder(field.folder, *said).code == 0
    changed = field.folder / "Interview 01 - Ana.txt"
    file = EXAMPLES / "codings" / "Interview 01 - Ana.txt"
    changed.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with open_store(field.database)[0] as store:
        options = ImportOptions(known_codes=known_codes(field.codebook_file))
        import_files(store, [changed], options)
        mine = [s for s in scopes(store, text.id) if s.coder.name == "Ana"]
        assert [(s.first_segment, s.last_segment) for s in mine] == [(0, number - 1)]
        assert transcript(store, text.id).sha256 == text.sha256


def test_a_refusal_tells_nobody_who_codes_blind_where_others_coded(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    eva.post("/blind/1/begin")
    for said in ({"passages": "some", "first": "1", "last": "20"}, {"code": "tools"}):
        refused = eva.post("/statements/part", data=part(**said))
        assert refused.status_code == 400
        assert "coded more than that in Shed 1" in refused.text
        assert "the first in passage" not in refused.text
        assert "weather" not in refused.text


@pytest.mark.parametrize(
    ("exposure", "segments", "words"),
    [
        ("adjudicated", (), "all in dispute decided in no passage yet"),
        ("adjudicated", (3, 4), "all in dispute decided in 2 passages"),
        ("blind", (3,), "a sample of 1 passage"),
        ("blind", (), "no passage yet"),
    ],
)
def test_what_was_coded_of_a_transcript_is_no_sample_of_0_passages(
    exposure: Exposure, segments: tuple[int, ...], words: str
) -> None:
    assert part_in_words(Scope(Coder(1, "Team", "human"), 1, exposure, segments=segments)) == words
