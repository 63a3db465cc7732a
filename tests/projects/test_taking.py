"""From a project to the study: texts that merge, people, models, codes, memos."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.interchange.projects.records import (
    Project,
    ProjectCoder,
    ProjectMemo,
    ProjectScope,
    Source,
)
from assistant.interchange.projects.reports import ProjectOptions
from assistant.store.database import Store, open_store
from assistant.store.people.coders import coders
from assistant.store.people.coding_notes import coding_notes
from assistant.store.people.codings import codings, scopes
from assistant.store.people.memos import memos
from assistant.store.texts.transcripts import set_transcript_name, transcript, transcript_infos
from assistant.store.verify import verify
from assistant.store.withdrawal.withdrawal import withdraw
from tests.projects.making import CODES, TEXT, coding, held, make, take

LEEKS, HOSE = "Leeks and beans", "She has a long hose"
TWO = (coding(LEEKS), coding(HOSE, "c3", "b"))


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def test_one_text_two_coders(store: Store) -> None:
    report = take(store, make(TWO))
    assert held(store) == [
        ("Garden 1", "Ana", "sowing", LEEKS),
        ("Garden 1", "Ben", "tools", HOSE),
    ]
    (source,) = report.sources
    assert (source.status, source.codings, source.language) == ("imported", 2, "en")
    assert (report.status, report.codings) == ("imported", 2)
    assert [(c.name, c.kind, c.codings) for c in report.coders] == [
        ("Ana", "human", 1),
        ("Ben", "human", 1),
    ]
    text = transcript(store, 1)
    assert [s.speaker for s in text.segments] == ["Interviewer", "Gardener"] * 2
    assert verify(store).ok


def test_again_adds_nothing(store: Store) -> None:
    take(store, make(TWO))
    before = held(store)
    report = take(store, make(TWO))
    assert (report.status, report.codings) == ("already there", 0)
    assert report.sources[0].already == 2
    assert held(store) == before


def test_projects_of_one_text_become_one_transcript(store: Store) -> None:
    crlf = TEXT.replace("\n", "\r\n").replace("corner", "corner,")
    take(store, make([coding(LEEKS)]))
    second = make([coding(HOSE, "c3", "b", text=crlf)], text=crlf, file="ben.qdpx")
    report = take(store, second)
    assert [i.name for i in transcript_infos(store)] == ["Garden 1"]
    assert report.transcripts == ("Garden 1",)
    assert [row[1:] for row in held(store)] == [("Ana", "sowing", LEEKS), ("Ben", "tools", HOSE)]


@pytest.mark.parametrize("number", range(4))
def test_the_same_coding_in_a_newer_project_counts_once(store: Store, number: int) -> None:
    take(store, make([coding(LEEKS)]))
    # Which of the two files counts depends on their hashes; what is new does not.
    report = take(store, make([coding(LEEKS), coding("wet corner")], file=f"later {number}.qdpx"))
    assert report.sources[0].same == 1
    assert report.codings == report.sources[0].codings == 1
    assert [row[3] for row in held(store)] == [LEEKS, "wet corner"]


def test_what_one_project_says_twice_was_meant(store: Store) -> None:
    take(store, make([coding(LEEKS), coding("beans, in the wet corner")]))
    assert [row[3] for row in held(store)] == [LEEKS, "beans, in the wet corner"]


def test_a_coding_on_a_name_or_on_nothing_is_listed(store: Store) -> None:
    found = (coding("Gardener"), coding(" this year?\n\n"), coding("\n\n", "c2"))
    report = take(store, make([*found, coding("Who waters it when you are away?\n\nGardener: My")]))
    assert [(n.code, n.why) for n in report.not_placed] == [
        ("sowing", "it lies on a speaker's name or a time stamp, not on what was said"),
        ("help", "it holds nothing but white space"),
    ]
    assert [row[3] for row in held(store)] == [
        "this year?",
        "Who waters it when you are away?\n\nMy",
    ]


# --- people ------------------------------------------------------------------------------------


def test_nobody_named_is_asked_for(store: Store) -> None:
    project = make([coding(LEEKS, coder="")])
    with pytest.raises(UserError, match="nothing says who made them") as caught:
        take(store, project)
    assert "--coder" in caught.value.hint
    asked: list[str] = []

    def answer(question: str, likely: str) -> str:
        asked.append(question)
        return "Cleo"

    take(store, project, ProjectOptions(ask_coder=answer))
    assert [row[1] for row in held(store)] == ["Cleo"]
    assert asked == ["garden.qdpx does not say who made 1 coding. Who coded?"]


def test_one_user_for_several_people(store: Store) -> None:
    people = (ProjectCoder(key="a", name="Admin"),)
    report = take(store, make([coding(LEEKS)], coders=people))
    assert any("“Admin” was taken for one person" in note for note in report.notes)
    other = make([coding(HOSE)], coders=people, file="two.qdpx")
    take(store, other, ProjectOptions(ask_coder=lambda question, likely: "Dana"))
    assert {row[1] for row in held(store)} == {"Admin", "Dana"}


def test_coder_and_same_coder(store: Store) -> None:
    take(store, make(TWO), ProjectOptions(coder="Eve"))
    assert {row[1] for row in held(store)} == {"Eve"}
    report = take(store, make(TWO, file="two.qdpx"), ProjectOptions(same_coder={"Ben": "Eve"}))
    assert {c.name for c in report.coders} == {"Ana", "Eve"}


def test_a_name_that_the_study_knows_is_said(store: Store) -> None:
    take(store, make(TWO))
    people = (ProjectCoder(key="a", name="Ana"), ProjectCoder(key="b", name="BEN"))
    report = take(store, make(TWO, file="two.qdpx", coders=people))
    said = " ".join(report.notes)
    assert "“Ana” was taken for the coder of that name" in said
    assert "“BEN” (1 coding) was taken for “Ben”, since only capitals differ" in said
    assert "taken for two people" not in said
    assert {row[1] for row in held(store)} == {"Ana", "Ben"}
    two = ProjectOptions(same_coder={"BEN": "BEN"})
    report = take(store, make(TWO, file="three.qdpx", coders=people), two)
    assert not any("BEN" in note for note in report.notes)
    assert {row[1] for row in held(store)} == {"Ana", "BEN", "Ben"}
    # Now they are two people of the study, and each name is its own.
    report = take(store, make(TWO, file="four.qdpx", coders=people))
    assert not any("only capitals differ" in note for note in report.notes)


def test_names_in_other_capitals_within_one_file_are_the_commonest(store: Store) -> None:
    people = (ProjectCoder(key="a", name="hanna"), ProjectCoder(key="b", name="Hanna"))
    codings = [coding(LEEKS, "c1", "a"), coding(LEEKS, "c2", "b"), coding(HOSE, "c1", "b")]
    report = take(store, make(codings, coders=people))
    assert {row[1] for row in held(store)} == {"Hanna"}
    assert any("“hanna” (1 coding) was taken for “Hanna”" in note for note in report.notes)
    assert not any("users of the file" in note for note in report.notes)


# --- models ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    [
        ProjectCoder(key="m", name="small", kind="model", recipe_sha256="sha256:r"),
        ProjectCoder(key="m", name="Second Coder model: small"),
    ],
)
def test_a_model_never_becomes_a_person(store: Store, model: ProjectCoder) -> None:
    people = (ProjectCoder(key="a", name="Ana"), model)
    project = make([coding(LEEKS), coding(HOSE, "c3", "m", note="why")], coders=people)
    report = take(store, project, ProjectOptions(coder="Eve", same_coder={model.name: "Eve"}))
    assert [row[1:3] for row in held(store)] == [("Eve", "sowing")]
    assert [row[1:3] for row in held(store, "model")] == [("small", "tools")]
    assert [c.name for c in coders(store, "model")] == ["small"]
    assert [s.coder.name for s in scopes(store)] == ["Eve"]
    (info,) = transcript_infos(store)
    assert list(coding_notes(store, info.id).values()) == ["why"]
    assert memos(store) == ()
    assert not any("memos" in skip.what for skip in report.skipped)
    assert verify(store).ok


# --- codes -------------------------------------------------------------------------------------


# --- exposure ----------------------------------------------------------------------------------


def test_exposure_is_kept_for_a_coding_alone(store: Store) -> None:
    project = make(
        [coding(LEEKS), coding(HOSE, exposure="after-model")],
        scopes=[ProjectScope(source="s", coder="a", exposure="independent")],
    )
    take(store, project)
    assert [(c.quote, c.exposure) for c in codings(store)] == [
        (LEEKS, "independent"),
        (HOSE, "after-model"),
    ]
    assert [(s.coder.name, s.exposure) for s in scopes(store)] == [("Ana", "independent")]


def test_a_scope_without_codings_says_that_nothing_was_found(store: Store) -> None:
    scope = ProjectScope(source="s", coder="b", exposure="blind", first_segment=0, last_segment=1)
    take(store, make([coding(LEEKS)], scopes=[scope]))
    found = {s.coder.name: (s.exposure, s.first_segment, s.last_segment) for s in scopes(store)}
    assert found == {"Ana": ("unknown", None, None), "Ben": ("blind", 0, 1)}


# --- memos, names, withdrawal ------------------------------------------------------------------


def memo(**more: object) -> ProjectMemo:
    return ProjectMemo.model_validate({"about": "study", "text": "Ask more.", "who": "b", **more})


def test_memos_come_with_their_places_and_only_once(store: Store) -> None:
    start = TEXT.index(HOSE)
    found = (
        memo(guid="g1"),
        memo(about="passage", source="s", start=start, end=start + len(HOSE)),
        memo(about="passage", source="s", start=0, end=11, text="On a name."),
        memo(about="code", code="c3", text="Split?"),
    )
    project = make([coding(LEEKS, note="Twice a year.")], memos=found)
    assert take(store, project).memos == 5
    assert [(m.about, m.text, m.who, m.quote, m.code) for m in memos(store)] == [
        ("study", "Ask more.", "Ben", "", ""),
        ("passage", "Ask more.", "Ben", HOSE, ""),
        ("transcript", "On a name.", "Ben", "", ""),
        ("code", "Split?", "Ben", "", "tools"),
        ("passage", "Twice a year.", "Ana", LEEKS, "sowing"),
    ]
    assert take(store, project).memos == 0


def test_another_interview_of_the_same_name(store: Store) -> None:
    take(store, make(TWO))
    other = TEXT.replace("Leeks", "Plums").replace("hose", "ladder").replace("wet", "dry")
    report = take(store, make([coding("Plums", text=other)], text=other, file="b.qdpx"))
    assert report.transcripts == ("Garden 1 (2)",)
    assert any("another transcript named" in note for note in report.sources[0].notes)


def test_two_that_differ_in_capitals_only_leave_a_third_its_own_name(store: Store) -> None:
    """A merge may have brought both: the import broke off, since the name led to neither."""
    take(store, make(TWO))
    for number, name in enumerate(("Rosa", "rosa")):
        text = " ".join(
            f"Line {number} of {n} other words." for n in range(40 * number, 70 * number + 40)
        )
        take(store, make(text=text, file=f"{number}.qdpx"))
        key = max(info.id for info in transcript_infos(store))
        set_transcript_name(store, key, name)
    other = TEXT.replace("Leeks", "Plums").replace("hose", "ladder").replace("wet", "dry")
    taken = take(store, make(text=other, name="ROSA", file="b.qdpx"))
    assert taken.transcripts == ("ROSA (2)",)


def test_withdrawn_words_stay_out(store: Store) -> None:
    take(store, make(TWO, memos=[memo(about="transcript", source="s")]))
    withdraw(store, 1, "asked to")
    again = take(store, make(TWO, memos=[memo(about="transcript", source="s", text="New.")]))
    assert again.status == "refused"
    assert "withdrew" in again.sources[0].error
    renamed = take(store, make(TWO, name="Other", file="b.qdpx"))
    assert "withdrawn" in renamed.sources[0].error
    assert {row[3] for row in held(store)} == {""}
    assert memos(store) == ()


def test_a_text_without_words_is_refused_and_the_others_go_on(store: Store) -> None:
    sources = (Source(key="s", name="Garden 1", text=TEXT), Source(key="e", name="E", text=" \n"))
    report = take(store, make(TWO, sources=sources))
    assert {s.name: s.status for s in report.sources} == {"E": "refused", "Garden 1": "imported"}


def test_codings_on_a_text_that_is_not_there_are_counted(store: Store) -> None:
    report = take(store, make([coding(LEEKS), coding(HOSE, source="gone")]))
    assert [(s.what, s.why) for s in report.skipped] == [
        ("1 coding", "their text (gone) is not in the file")
    ]


def test_nothing_but_a_codebook(store: Store, tmp_path: Path) -> None:
    project = Project(name="codes.qdc", format="refi-qda", file_sha256="x", codes=CODES)
    file = tmp_path / "codebook.yaml"
    report = take(store, project, ProjectOptions(codebook_file=file, dry_run=True))
    assert report.codebook is not None
    assert report.codebook.written == str(file)
    assert not file.exists()
