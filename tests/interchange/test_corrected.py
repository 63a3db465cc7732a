"""A corrected file of an interview that is there: its name, its text, and what is said of both."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.codebook.records import Code, Codebook
from assistant.store.database import Store, open_store
from assistant.store.people.coded_parts import set_coded_part
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import codings, scopes, set_exposure, set_scope
from assistant.store.records import Scope
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.verify import verify
from assistant.study import create_study
from eval.units.loading import load
from tests.cli.command import secondcoder
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text, holdings, plain
from tests.store.filled import add_run

ANA = {1: ["weather"], 3: ["tools", "neighbours"], 9: ["water-shortage"]}
MENDED = tuple((s, said.replace("week 2 I", "week two I")) for s, said in PARAGRAPHS)


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def text_of(store: Store) -> tuple[str, str]:
    (info,) = transcript_infos(store)
    return info.name, transcript(store, info.id).text


def test_its_text_is_taken_the_name_stays_and_codings_move(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt"), delve_text(tmp_path / "Beds - Ana.txt", ANA))
    (report,) = bring(store, plain(tmp_path / "Beds corrected.txt", MENDED)).files
    name, text = text_of(store)
    assert (name, report.transcript) == ("Beds", "Beds")
    assert "week two I" in text
    assert report.said.startswith(
        "The same interview as “Beds”, which keeps its name; its text was"
    )
    assert "its text was taken, because" in report.said
    assert "4 codings of earlier files moved to it" in report.said
    assert len(codings(store)) == 4
    assert verify(store).ok


def test_with_a_run_its_text_is_not_taken_and_that_is_said(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt"), delve_text(tmp_path / "Beds - Ana.txt", ANA))
    (info,) = transcript_infos(store)
    add_run(store, info.id)
    before = text_of(store)
    (report,) = bring(store, plain(tmp_path / "Beds corrected.txt", MENDED)).files
    assert text_of(store) == before
    assert "its text was not taken, because runs or decisions rest on" in report.said
    assert "4 codings of earlier files kept" in report.said


def test_in_any_order_the_corrected_text_counts(store: Store, tmp_path: Path) -> None:
    files = [
        plain(tmp_path / "Beds corrected.txt", MENDED),
        plain(tmp_path / "Beds.txt"),
        delve_text(tmp_path / "Beds - Ana.txt", ANA),
    ]
    bring(store, *files)
    assert text_of(store)[0] == "Beds"
    assert "week two I" in text_of(store)[1]
    for turned in (files, files[::-1]):
        one_by_one, _ = open_store()
        with one_by_one:
            said = [bring(one_by_one, file).files[0].said for file in turned]
            assert holdings(one_by_one) == holdings(store)
            assert said[0] == ""
            assert any("its text was" in one for one in said)


def test_one_more_coded_file_of_the_name_needs_no_words(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt"))
    (report,) = bring(store, delve_text(tmp_path / "Beds - Ana.txt", ANA)).files
    assert report.said == ""


def test_the_same_words_under_another_name(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt"))
    other = tmp_path / "Plot.txt"
    other.write_text((tmp_path / "Beds.txt").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (report,) = bring(store, other).files
    assert "which keeps its name, with the same words." in report.said
    assert text_of(store)[0] == "Beds"


def test_unknown_is_said_only_where_it_is_so(store: Store, tmp_path: Path) -> None:
    ana = delve_text(tmp_path / "Beds - Ana.txt", ANA)
    ben = delve_text(tmp_path / "Beds - Ben.txt", ANA)
    assert bring(store, ana).unknown == ("Ana",)
    set_exposure(store, "independent")
    assert bring(store, ana).unknown == ()
    assert bring(store, ana, plain(tmp_path / "Beds.txt", MENDED)).unknown == ()
    assert bring(store, ana, ben).unknown == ("Ben",)


def test_the_command_line_says_unknown_only_where_it_is_so(tmp_path: Path) -> None:
    create_study(tmp_path / "study")
    file = str(delve_text(tmp_path / "Beds - Ana.txt", {1: ["slow-work"], 3: ["slow-work"]}))
    given = ["import", file, "--trust-labels"]
    assert "recorded as unknown (Ana)" in secondcoder(tmp_path / "study", *given).out
    secondcoder(tmp_path / "study", "transcripts", "--set-exposure", "independent")
    assert "unknown" not in secondcoder(tmp_path / "study", *given).out


def test_codings_outside_what_she_is_said_to_have_coded_are_told(
    store: Store, tmp_path: Path
) -> None:
    first = bring(store, delve_text(tmp_path / "Beds - Ana.txt", {1: ["weather"]})).files[0]
    (info,) = transcript_infos(store)
    assert set_coded_part(store, "Ana", info.id, first=0, last=2, codes=None)
    (report,) = bring(store, delve_text(tmp_path / "Beds again - Ana.txt", ANA)).files
    (note,) = (n for n in report.notes if "outside" in n)
    assert "3 codings of Ana in “Beds” lie outside passages 1 to 3" in note
    assert '`secondcoder transcripts "Beds" --coder "Ana" --set-scope' in note
    (scope,) = scopes(store)
    assert (scope.first_segment, scope.last_segment) == (0, 2), "nothing is widened in silence"
    book = Codebook(name="Beds", codes=(Code(id="weather", name="Weather", definition="Sky."),))
    (said,) = (n for n in load(store, book, ()).notes if "outside" in n)
    assert "Ana 3 in Beds" in said
    set_coded_part(store, "Ana", info.id, first=0, last=9, codes=None)
    assert not any("outside" in n for n in (*first.notes, *load(store, book, ()).notes))


def test_a_file_makes_no_whole_transcript_of_a_sample(store: Store, tmp_path: Path) -> None:
    bring(store, plain(tmp_path / "Beds.txt"))
    (info,) = transcript_infos(store)
    ana = add_coder(store, "Ana", "human")
    set_scope(store, Scope(ana, info.id, "blind", segments=(1, 3), finished_at="2026-01-01"))
    bring(store, delve_text(tmp_path / "Beds - Ana.txt", {1: ["weather"]}))
    (scope,) = scopes(store)
    assert (scope.segments, scope.exposure, scope.finished_at) == ((1, 3), "blind", "2026-01-01")


def test_a_first_line_that_may_be_a_title_is_told_and_not_called_a_label(tmp_path: Path) -> None:
    create_study(tmp_path / "study")
    first = delve_text(tmp_path / "Beds - Ana.txt", ANA)
    said = first.read_text(encoding="utf-8").partition("\n\n")[2]
    first.write_text(said, encoding="utf-8")
    labels = tmp_path / "labels.txt"
    labels.write_text("weather\ntools\nneighbours\nwater-shortage\n", encoding="utf-8")
    given = ("--labels", str(labels))
    assert secondcoder(tmp_path / "study", "import", str(first), *given).code == 0
    new = tmp_path / "Beds corrected - Ana.txt"
    new.write_text(f"A year on the plot\n\n{said.replace('leeks', 'leek')}", encoding="utf-8")
    told = secondcoder(tmp_path / "study", "import", str(new), *given, "--dry-run").err
    assert "The first line, “A year on the plot”, has no speaker and was read as words" in told
    assert "“A year on the plot”, may be a title" in told
    assert "looks like a code label" not in told
    new.write_text(f"# {new.read_text(encoding='utf-8')}", encoding="utf-8")
    told = secondcoder(tmp_path / "study", "import", str(new), *given).err
    assert "“# A year on the plot” (a title or heading before the interview)" in told
    assert "may be a title" not in told
