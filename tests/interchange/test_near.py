"""Files of one interview whose words are not quite the same: nothing goes without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.store.database import Store, open_store
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.verify import verify
from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text, plain
from tests.store.filled import add_run

CODES = {1: ["Trust"], 5: ["weather"], 9: ["Belonging"]}
CLEANED = tuple(
    (s, said.replace(", which is more than I had thought it would", "")) for s, said in PARAGRAPHS
)


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def names(store: Store) -> list[str]:
    return [info.name for info in transcript_infos(store)]


def test_labels_of_one_word_that_nobody_listed_are_named(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt"))
    file = delve_text(tmp_path / "Beds - Ana.txt", CODES)
    (report,) = bring(store, file, labels=("weather",)).files
    assert report.codings == 1
    assert [(line.what, line.where) for line in report.own_lines] == [
        ("Trust", "passage 3"),
        ("Belonging", "passage 12"),
    ]
    assert all("not in the transcript; it may be a code label" in o.why for o in report.own_lines)
    assert "Trust" not in transcript(store, 1).text
    (report,) = bring(store, file, labels=("weather", "Trust", "Belonging")).files
    assert (report.codings, report.own_lines) == (3, ())


def test_also_where_they_are_part_of_the_transcript_now(tmp_path: Path) -> None:
    files = [
        plain(tmp_path / "Beds.txt"),
        delve_text(tmp_path / "Beds corrected.txt", {1: ["Trust"]}),
    ]
    for given in (files, files[::-1]):
        store, _ = open_store()
        with store:
            reports = [r for file in given for r in bring(store, file, labels=()).files]
            (line,) = [line for report in reports for line in report.own_lines]
            assert line.what == "Trust"
            gone = "not in the transcript" if given == files else "it was in the transcript until"
            where = "Trust" in transcript(store, 1).text
            assert line.why.startswith("only in this file" if where else gone)


def test_what_two_files_have_is_in_no_file_alone(store: Store, tmp_path: Path) -> None:
    more = list(PARAGRAPHS)
    more[3] = (more[3][0], more[3][1] + " Bindweed")
    same = [
        plain(tmp_path / "Beds corrected.txt", more),
        delve_text(tmp_path / "Beds.md", {}, more),
    ]
    for file in (*same, plain(tmp_path / "Beds.txt")):
        report = bring(store, file)
    assert "Bindweed" in transcript(store, 1).text
    assert [line.why for line in report.files[0].own_lines] == []
    with open_store()[0] as fresh:
        lines = [f.own_lines for f in bring(fresh, *same, tmp_path / "Beds.txt").files]
    assert lines == [(), (), ()]


def test_words_that_were_corrected_are_no_lines_of_their_own(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt"))
    mended = [(s, said.replace("week 2 I", "week two I")) for s, said in PARAGRAPHS]
    mended[3] = (mended[3][0], mended[3][1].replace("would be.", "were."))
    (report,) = bring(store, plain(tmp_path / "Beds corrected.txt", mended)).files
    assert report.own_lines == ()


def test_a_cleaned_text_is_its_own_and_that_is_said(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt"))
    (report,) = bring(store, plain(tmp_path / "Garden clean.txt", CLEANED)).files
    assert names(store) == ["Beds", "Garden clean"]
    assert "of its words are those of “Beds”, in the same order" in report.near
    assert '--same-as "Beds"' in report.near
    other = [(s, " ".join(sorted(said.split()))) for s, said in PARAGRAPHS]
    assert bring(store, plain(tmp_path / "Other.txt", other)).files[0].near == ""


@pytest.mark.parametrize("first", [False, True], ids=["at once", "after it was its own"])
def test_it_is_put_there_where_somebody_says_so(store: Store, tmp_path: Path, first: bool) -> None:
    bring(store, plain(tmp_path / "Beds.txt"))
    text = transcript(store, 1).text
    file = delve_text(tmp_path / "Clean - Ana.txt", {1: ["weather"], 5: ["tools"]}, CLEANED)
    if first:
        bring(store, file)
        assert names(store) == ["Beds", "Clean"]
    (report,) = bring(store, file, same_as={"": "Beds"}).files
    assert (names(store), report.transcript) == (["Beds"], "Beds")
    assert transcript(store, 1).text == text  # the named transcript's text stays
    assert [(c.coder.name, c.code) for c in codings(store)] == [
        ("Ana", "weather"),
        ("Ana", "tools"),
    ]
    assert all(c.quote == text[c.start : c.end] for c in codings(store))
    assert verify(store).ok
    # A file of the same words as that one goes the same way, and takes no text either.
    ben = delve_text(tmp_path / "Clean - Ben.txt", {1: ["weather"]}, CLEANED)
    (report,) = bring(store, ben).files
    assert (names(store), report.transcript) == (["Beds"], "Beds")
    assert transcript(store, 1).text == text
    assert bring(store, file, same_as={"": "Beds"}).files[0].status == "already there"


def test_what_has_no_place_there_is_listed(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt"))
    more = list(CLEANED)
    more[1] = (more[1][0], "Nothing at all was said of this in the first transcript, I am sure.")
    file = delve_text(tmp_path / "Clean - Ana.txt", {1: ["weather"], 5: ["tools"]}, more)
    (report,) = bring(store, file, same_as={"Clean - Ana.txt": "Beds"}).files
    assert [c.code for c in report.failed] == ["weather"]
    assert [c.code for c in codings(store)] == ["tools"]


def test_what_is_refused(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt"))
    half = [*CLEANED[:6], *((s, " ".join(reversed(said.split()))) for s, said in PARAGRAPHS[6:])]
    file = plain(tmp_path / "Half.txt", half)
    (report,) = bring(store, file, same_as={"": "Beds"}).files
    assert report.status == "refused"
    assert "of its words are those of “Beds”" in report.error
    assert "are not put together" in report.error
    for dry_run in (True, False):
        with pytest.raises(UserError, match="no transcript named “Bed”") as refused:
            bring(store, file, same_as={"": "Bed"}, dry_run=dry_run)
        assert refused.value.hint == "Did you mean “Beds”? The study has: Beds."
    clean = plain(tmp_path / "Clean.txt", CLEANED)
    bring(store, clean)
    add_run(store, next(i.id for i in transcript_infos(store) if i.name == "Clean"))
    (report,) = bring(store, clean, same_as={"": "Beds"}).files
    assert "Runs or decisions rest on its text" in report.error
    assert names(store) == ["Beds", "Clean"]


def test_under_the_same_name_the_way_is_said_and_goes(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study").folder
    (tmp_path / "new").mkdir()
    first, clean = plain(tmp_path / "Beds.txt"), plain(tmp_path / "new" / "Beds.txt", CLEANED)
    assert secondcoder(study, "import", str(first)).code == 0
    done = secondcoder(study, "import", str(clean))
    assert done.code == 2
    said = done.out + done.err
    assert "its words are different (of its words 8" in said
    assert '--same-as "Beds"' in said
    right = ("--same-as", "Beds.txt=Beds")
    done = secondcoder(study, "import", str(clean), *right, "--same-as", "Bed.txt=Beds")
    assert done.code == 2
    assert "no file or text named “Bed.txt” is among these. Nothing was imported." in done.err
    assert "Did you mean “Beds.txt”? There are: Beds.txt." in done.err
    done = secondcoder(study, "import", str(clean), *right)
    assert done.code == 0, done.err
