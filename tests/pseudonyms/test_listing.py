"""The list: what is proposed, what a person says of it, and what is said about what is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.deidentify.proposing import propose
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.texts.pseudonyms import pseudonyms
from assistant.store.trail.events import events
from assistant.study import Study
from assistant.transcripts.records import Segment, Transcript
from tests.cli.command import secondcoder
from tests.runs.studies import make_study, opened

INTERVIEWS = {
    "One": (
        "We asked Ana Brook about it, and Ana said that Millbury was wet. In Millbury it rains.",
        "Yes. People in Millbury know Mr Pell. I told Ana twice. The Garden Society paid, and the "
        "Garden Society asked again.",
    ),
    "Two": ("Nothing here. Nobody is named, only Millbury at the end of it.",),
}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return make_study(tmp_path / "s", "", INTERVIEWS)


def test_proposals_are_confirmed_and_refused_by_a_person(study: Study) -> None:
    done = secondcoder(study.folder, "pseudonyms", "propose", "--json").json
    found = {p["pseudonym"]["term"]: p for p in done["new"]}
    assert {"Ana Brook", "Ana", "Millbury", "Pell", "Garden Society"} <= set(found)
    assert not {"Yes", "People", "Nothing", "Nobody", "In"} & set(found)
    assert (
        found["Ana"]["pseudonym"]["replacement"] == found["Ana Brook"]["pseudonym"]["replacement"]
    )
    assert found["Millbury"]["pseudonym"]["kind"] == "place"
    assert found["Garden Society"]["pseudonym"]["kind"] == "organisation"
    assert found["Pell"]["why"] == "after a title"
    with opened(study) as store:
        assert pseudonyms(store, "confirmed") == ()
    assert secondcoder(study.folder, "pseudonyms", "refuse", "pell").code == 0
    assert secondcoder(study.folder, "pseudonyms", "confirm", "--all").code == 0
    assert secondcoder(study.folder, "pseudonyms", "propose", "--json").json["new"] == []
    listed = secondcoder(study.folder, "pseudonyms", "list", "--json").json["list"]
    assert {one["pseudonym"]["status"] for one in listed} == {"confirmed", "refused"}
    assert next(o for o in listed if o["pseudonym"]["term"] == "Millbury")["times"] == 4
    with opened(study) as store:
        said = " ".join(e.what + str(e.details) for e in events(store, "pseudonyms"))
    assert said
    assert not any(name in said for name in ("Ana", "Millbury", "Pell"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "…"), "at least one letter"),
        (("add", "Ana", "--as", "Ana B."), "is on the list itself"),
        (("confirm", "Nobody At All"), "not on the list"),
        (("confirm",), "say --all"),
    ],
)
def test_what_is_refused(study: Study, arguments: tuple[str, ...], message: str) -> None:
    ended = secondcoder(study.folder, "pseudonyms", *arguments)
    assert ended.code == 2
    assert message in ended.err


def test_a_replacement_that_would_be_replaced_is_refused(study: Study) -> None:
    assert secondcoder(study.folder, "pseudonyms", "add", "Brook", "--as", "Lake").code == 0
    ended = secondcoder(study.folder, "pseudonyms", "add", "Lake", "--as", "Sea")
    assert (ended.code, "on the list itself" in ended.err) == (2, True)


def test_check_says_what_is_left(study: Study) -> None:
    secondcoder(study.folder, "pseudonyms", "add", "Mill", "--as", "Place 1", "--kind", "place")
    ended = secondcoder(study.folder, "pseudonyms", "check", "--json")
    assert ended.code == 4
    left = {(one["what"], one["text"]) for one in ended.json["left"]}
    assert ("inside a longer word", "Millbury") in left
    assert ("looks like a name", "Ana Brook") in left
    for name in ("Ana Brook", "Ana", "Millbury", "Pell", "Garden Society"):
        secondcoder(study.folder, "pseudonyms", "add", name)
    ended = secondcoder(study.folder, "pseudonyms", "check", "--json")
    assert (ended.code, ended.json["left"]) == (0, [])
    assert "cannot find a name that only begins sentences" in ended.json["limits"]
    said = " ".join(secondcoder(study.folder, "pseudonyms", "check").out.split())
    assert "no all-clear: rules see capital letters, not names" in said


def test_check_names_a_capital_inside_one_sentence_until_it_is_decided(tmp_path: Path) -> None:
    study = make_study(
        tmp_path / "s",
        "",
        {
            "One": ("There are three of us: me, Yusuf and old Pat. Yusuf sings, for Pat I shape.",),
            "Two": ("We work for Comfort. And for Rose.", "It was a comfort."),
            "Three": ("He had a rose. Rose sang of Rose.",),
        },
    )
    secondcoder(study.folder, "pseudonyms", "add", "Pat")

    def left(*named: str) -> dict[tuple[str, str], int]:
        ended = secondcoder(study.folder, "pseudonyms", "check", "--json", *named)
        return {(one["what"], one["text"]): one["times"] for one in ended.json["left"]}

    assert left()["looks like a name", "Yusuf"] == 2, "where a sentence begins it leaves as well"
    assert ("looks like a name", "Comfort") not in left(), "a word of the study"
    assert ("looks like a name", "Rose") in left(), "comes again, in another interview"
    assert not left("Two"), "what is a word in another interview is one here"
    secondcoder(study.folder, "pseudonyms", "propose")
    assert ("not decided", "Yusuf") in left()
    secondcoder(study.folder, "pseudonyms", "refuse", "Yusuf")
    secondcoder(study.folder, "pseudonyms", "confirm", "--all")
    assert not left()


def test_one_unknown_name_and_none_is_confirmed_which_is_said(study: Study) -> None:
    secondcoder(study.folder, "pseudonyms", "propose")
    ended = secondcoder(study.folder, "pseudonyms", "confirm", "Ana Brook", "Yusuf", "Pell")
    assert ended.code == 2
    said = " ".join(ended.err.split())
    assert "“Yusuf” is not on the list. So none was confirmed, “Ana Brook”, “Pell” neither." in said
    assert 'pseudonyms confirm "Ana Brook" Pell' in said
    with opened(study) as store:
        assert not pseudonyms(store, "confirmed")


def test_languages_without_capitals_are_said_to_be_so() -> None:
    text = "قالت كريمة إن المطر نزل"
    one = Transcript(
        id=1,
        name="A",
        sha256="x",
        text=text,
        language="ar",
        consent="",
        segments=(Segment(index=0, start=0, end=len(text), speaker="كريمة"),),
    )
    found = propose([one])
    assert "without capital letters" in found.remarks[0]
    assert [p.pseudonym.term for p in found.proposals] == ["كريمة"]


def test_names_of_a_withdrawn_interview_leave_the_list(study: Study) -> None:
    secondcoder(study.folder, "pseudonyms", "add", "Ana Brook")
    secondcoder(study.folder, "pseudonyms", "add", "Millbury")
    with opened(study) as store:
        done = withdraw_transcript(study, store, "One", "asked")
        assert done.erased["names on the list of pseudonyms"] == 1
        assert [p.term for p in pseudonyms(store)] == ["Millbury"], "it stands in the other one too"


def test_a_speakers_name_counts_wherever_it_would_be_replaced(tmp_path: Path) -> None:
    """Before each passage a request shows who speaks; every command counts that."""
    study = make_study(tmp_path / "s", "")
    lines = ("Orla: It rained. Orla? No.", "Ben: So it did, and with Orla.", "Orla: It rained.")
    file = study.transcripts_folder / "Wet.txt"
    file.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    assert secondcoder(study.folder, "import", str(file), "--language", "en").code == 0

    def times(*command: str) -> dict[str, int]:
        done = secondcoder(study.folder, "pseudonyms", *command, "--json").json
        rows = done.get("new") or done.get("list") or done.get("left")
        return {r.get("text") or r["pseudonym"]["term"]: r["times"] for r in rows}

    counted = {"Orla": 4, "Ben": 1}
    assert times("check") == counted
    assert times("propose") == counted
    assert times("check") == counted
    assert times("list") == counted
    secondcoder(study.folder, "pseudonyms", "confirm", "Ben")
    preview = ("pseudonyms", "preview", "Wet")
    assert secondcoder(study.folder, *preview, "--json").json["replaced"] == {"person": 1}
    assert "replaced 1 person" in secondcoder(study.folder, *preview).err
    secondcoder(study.folder, "pseudonyms", "confirm", "Orla")
    assert secondcoder(study.folder, *preview, "--json").json["replaced"] == {"person": 5}
    assert secondcoder(study.folder, "pseudonyms", "add", "Orla", "--json").json["times"] == 4
