"""A label that is known from one file counts in all files of an import; nothing is lost unsaid."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import shipped
from assistant.interchange.imports.reports import LabelSeen
from assistant.store.database import open_store
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.study import create_study
from tests.cli.command import secondcoder
from tests.interchange.interviews import PARAGRAPHS, bring, delve_text, holdings, plain
from tests.readers.test_word_comments import comment, end, run, start
from tests.readers.test_word_comments import make as make_word
from tests.transcripts.delve_prints import DelvePrint

ANA = {1: ["slow-work"], 3: ["slow-work"], 9: ["late-frost"]}
BEN = {5: ["late-frost"], 7: ["late-frost"], 11: ["slow-work"]}
OTHER = tuple((speaker, said.replace("the", "my")) for speaker, said in PARAGRAPHS)


def test_a_label_that_stands_once_in_a_file_and_more_in_another(tmp_path: Path) -> None:
    files = [
        delve_text(tmp_path / f"Beds - {who}.txt", c) for who, c in (("Ana", ANA), ("Ben", BEN))
    ]
    store, _ = open_store()
    with store:
        report = bring(store, *files, labels=(), trust_guesses=True)
        assert [(f.codings, f.exact) for f in report.files] == [(3, 3), (3, 3)]
        assert [(s.label, s.times, len(s.files), s.taken) for s in report.labels] == [
            ("late-frost", 3, 2, True),
            ("slow-work", 3, 2, True),
        ]
        assert len(codings(store)) == 6


def test_without_a_word_of_the_user_none_of_them_is_taken_and_none_is_text(tmp_path: Path) -> None:
    files = [
        delve_text(tmp_path / f"Beds - {who}.txt", c) for who, c in (("Ana", ANA), ("Ben", BEN))
    ]
    store, _ = open_store()
    with store:
        report = bring(store, *files, labels=())
        assert [len([s for s in f.skipped if "confirmed" in s.why]) for f in report.files] == [3, 3]
        (info,) = transcript_infos(store)
        assert "late-frost" not in transcript(store, info.id).text
        asked: list[tuple[LabelSeen, ...]] = []

        def only_frost(seen: tuple[LabelSeen, ...]) -> tuple[str, ...]:
            asked.append(seen)
            return ("late-frost",)

        bring(store, *files, labels=(), confirm_labels=only_frost)
        assert len(asked) == 1  # once for both files
        assert {c.code for c in codings(store)} == {"late-frost"}
        assert len(codings(store)) == 3


def test_a_label_that_the_study_knows_is_taken_in_a_later_import(tmp_path: Path) -> None:
    ana = delve_text(tmp_path / "Beds - Ana.txt", {1: ["slow-work"], 3: ["slow-work"]})
    ben = delve_text(tmp_path / "Roof - Ben.txt", {5: ["slow-work"]}, OTHER)
    store, _ = open_store()
    with store:
        bring(store, ana, labels=(), trust_guesses=True)
        (report,) = bring(store, ben, labels=()).files
        assert (report.codings, report.coder) == (1, "Ben")


def test_once_in_each_of_two_interviews_is_enough_and_in_copies_of_one_is_not(
    tmp_path: Path,
) -> None:
    once = {5: ["slow-work"]}
    files = [
        delve_text(tmp_path / "Beds - Ana.txt", once),
        delve_text(tmp_path / "Beds - Ben.txt", once),
    ]
    store, _ = open_store()
    with store:
        report = bring(store, *files, labels=(), trust_guesses=True)
        assert [f.codings for f in report.files] == [0, 0]
        assert [[s.what for s in f.as_words] for f in report.files] == [["slow-work"]] * 2
        assert all(s.where.startswith("line ") for f in report.files for s in f.as_words)
        files.append(delve_text(tmp_path / "Roof - Ben.txt", once, OTHER))
        report = bring(store, *files, labels=(), trust_guesses=True)
        assert [f.codings for f in report.files] == [1, 1, 1]
        fresh, _ = open_store()
        with fresh:
            bring(fresh, *reversed(files), labels=(), trust_guesses=True)
            assert holdings(fresh) == holdings(store)


def test_what_is_read_as_words_is_printed_with_its_line(tmp_path: Path) -> None:
    create_study(tmp_path / "study")
    file = delve_text(tmp_path / "Beds - Ana.txt", {5: ["slow-work"]})
    line = file.read_text(encoding="utf-8").split("\n").index("slow-work") + 1
    ended = secondcoder(tmp_path / "study", "import", str(file), "--trust-labels")
    assert f"Beds - Ana.txt, line {line}: “slow-work”" in ended.err


@pytest.mark.slow
def test_all_codes_of_the_example_study_without_its_codebook(tmp_path: Path) -> None:
    """769 lines of 36 files are labels; what is said of them fits on a page."""
    create_study(tmp_path)
    coded = str(shipped.examples() / "codings")
    ended = secondcoder(tmp_path, "import", coded, "--trust-labels")
    assert "15 placed" in ended.out
    assert "Taken for code labels (18 labels on 769 lines of 36 files)" in ended.err
    assert "Looks like a code label" not in ended.err
    assert "the title of the interview (36): " in ended.err
    assert len(ended.out.splitlines()) + len(ended.err.splitlines()) < 100
    rows = json.loads(secondcoder(tmp_path, "transcripts", "--json").out)
    assert sum(c["codings"] for row in rows for c in row["coders"]) == 769
    everything = secondcoder(tmp_path, "import", coded, "--trust-labels", "--all", "--dry-run")
    assert everything.code == 0


def test_all_lists_every_line(tmp_path: Path) -> None:
    create_study(tmp_path / "study")
    files = [plain(tmp_path / f"Beds {n}.txt", OTHER[: 2 * n]) for n in range(3, 8)]
    for file in files:
        file.write_text(f"{file.stem}\n\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    given = ["import", *map(str, files), "--dry-run"]
    short = secondcoder(tmp_path / "study", *given).err
    long = secondcoder(tmp_path / "study", *given, "--all").err
    assert "the title of the interview (5): " in short
    assert "“Beds 7”" not in short
    assert "Beds 7.txt, line 1: “Beds 7” (the title of the interview)" in long
    assert "Speakers (files): " in short
    assert long.count("Speakers (turns): ") == 5


def _of_three_kinds(folder: Path) -> list[Path]:
    """One interview: a text with codes on lines of their own, each once or a plain word, which
    nothing but a Word document with comments and a table name as codes."""
    folder.mkdir()
    labels = {1: ["Weather"], 3: ["Tools"], 5: ["late-frost"], 7: ["Tools"], 9: ["Weather"]}
    body = "".join(
        f"<w:p>{run(speaker + ': ')}{start(n)}{run(said)}{end(n)}</w:p>"
        if n == 1
        else f"<w:p>{run(f'{speaker}: {said}')}</w:p>"
        for n, (speaker, said) in enumerate(PARAGRAPHS)
    )
    comments = comment(1, "Ben", "Weather; Soil; late-frost")
    quote = PARAGRAPHS[3][1][:40]
    table = folder / "codes.csv"
    table.write_text(f"transcript,quote,code,coder\nBeds,{quote},Tools,Cem\n", encoding="utf-8")
    return [
        delve_text(folder / "Beds - Ana.txt", labels),
        make_word(folder / "Beds.docx", body, comments),
        table,
    ]


@pytest.mark.parametrize("backwards", [False, True])
def test_codes_of_word_comments_and_tables_are_known_to_the_texts_beside_them(
    tmp_path: Path, backwards: bool
) -> None:
    files = _of_three_kinds(tmp_path / "in")
    store, _ = open_store()
    with store:
        report = bring(store, *(files[::-1] if backwards else files), labels=())
        assert [(f.status, f.codings, f.exact) for f in report.files] == [("imported", 5, 5)]
        assert {p.error for p in report.projects} == {""}
        assert [info.name for info in transcript_infos(store)] == ["Beds"]
        found = sorted((c.coder.name, c.code) for c in codings(store))
        assert found == [
            *(("Ana", code) for code in ("Tools", "Tools", "Weather", "Weather", "late-frost")),
            *(("Ben", code) for code in ("Soil", "Weather", "late-frost")),
            ("Cem", "Tools"),
        ]
        before = holdings(store)
        bring(store, *files, labels=())
        assert holdings(store) == before


def test_codes_of_a_print_are_known_to_the_texts_beside_it(tmp_path: Path) -> None:
    page = DelvePrint()
    page.name("Interviewer").passage("How did the garden start?")
    page.name("Rosa").passage("Well, [[my aunt had]] the forks for it.").codes(
        "Tools", "late-frost"
    )
    text = delve_text(tmp_path / "Beds - Ana.txt", {3: ["Tools"], 5: ["late-frost"]})
    store, _ = open_store()
    with store:
        report = bring(store, text, page.save(tmp_path, "Hut - Ben.pdf"), labels=())
        assert [(Path(f.path).name, f.codings) for f in report.files] == [
            ("Beds - Ana.txt", 2),
            ("Hut - Ben.pdf", 2),
        ]
