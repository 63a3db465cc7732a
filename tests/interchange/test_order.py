"""Files in every order, one by one or together, give the same study."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations
from pathlib import Path

import pytest

from assistant.store.database import Store, open_store
from assistant.store.texts.transcripts import transcript_infos
from tests.interchange.interviews import (
    PARAGRAPHS,
    bring,
    delve_text,
    holdings,
    plain,
    speaker_lines,
    word,
)

ANA = {1: ["weather"], 3: ["tools", "neighbours"], 9: ["water-shortage"]}
BEN = {1: ["weather"], 3: ["neighbours"], 5: ["tools"], 6: ["harvest"]}

# A word too many, a word spelled otherwise: the same interview by another typist.
TYPED_AGAIN = tuple(
    (speaker, said.replace("week 2 I", "week 2 well I").replace("path 10", "path ten"))
    for speaker, said in PARAGRAPHS
)
OTHER = tuple(
    (speaker, said.replace("the", "my").replace("plot", "roof").replace("took", "cost"))
    for speaker, said in PARAGRAPHS
)


def four_kinds(folder: Path) -> list[Path]:
    return [
        plain(folder / "Beds.txt", TYPED_AGAIN),
        delve_text(folder / "Beds - Ana.txt", ANA),
        delve_text(folder / "Beds - Ben.txt", BEN),
        word(folder / "Beds - Cleo.docx", {3: ["neighbours"], 11: ["harvest"]}),
    ]


def no_plain_file(folder: Path) -> list[Path]:
    return [
        speaker_lines(folder / "Garden talk.md", TYPED_AGAIN),
        delve_text(folder / "Beds - Ana.txt", ANA),
        delve_text(folder / "Beds - Ben.txt", BEN, TYPED_AGAIN),
        plain(folder / "Roof.txt", OTHER),
    ]


def one_coder_twice(folder: Path) -> list[Path]:
    (folder / "more").mkdir()
    return [
        delve_text(folder / "Beds - Ana.txt", ANA),
        word(folder / "more" / "Beds - Ana.docx", {**ANA, 13: ["harvest"]}, TYPED_AGAIN),
        plain(folder / "Beds.txt"),
        plain(folder / "more" / "Beds.txt", TYPED_AGAIN),
    ]


def a_chain(folder: Path) -> list[Path]:
    """Each is like the next to 99%, the ends are not like each other."""

    def typed(changes: int) -> Sequence[tuple[str, str]]:
        return [
            (s, said.replace("hours", "h") if s == "Gardener" and n < 2 * changes else said)
            for n, (s, said) in enumerate(PARAGRAPHS)
        ]

    return [
        delve_text(folder / "Beds - Ana.txt", ANA, typed(0)),
        delve_text(folder / "Beds - Ben.txt", BEN, typed(4)),
        plain(folder / "Plot.txt", typed(8)),
        plain(folder / "Roof.txt", OTHER),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "transcripts", "codings"),
    [
        (four_kinds, ["Beds"], 4 + 4 + 2),
        (no_plain_file, ["Garden talk", "Roof"], 4 + 4),
        (one_coder_twice, ["Beds"], 5),
        (a_chain, ["Plot", "Roof"], 4 + 4),
    ],
)
def test_every_order_gives_the_same_study(
    make: Callable[[Path], list[Path]], transcripts: list[str], codings: int, tmp_path: Path
) -> None:
    files = make(tmp_path)
    together, _ = open_store()
    with together:
        report = bring(together, *files)
        assert not report.refused
        wanted = holdings(together)
        assert [info.name for info in transcript_infos(together)] == transcripts
        assert len(wanted["codings"]) == codings  # type: ignore[arg-type]
    for order in permutations(files):
        one_by_one, _ = open_store()
        with one_by_one:
            for file in order:
                assert not bring(one_by_one, file).refused
            assert holdings(one_by_one) == wanted, [file.name for file in order]
    for order in list(permutations(files))[::5]:
        two_and_two, _ = open_store()
        with two_and_two:
            bring(two_and_two, *order[:2])
            bring(two_and_two, *order[2:])
            assert holdings(two_and_two) == wanted, [file.name for file in order]


def test_the_ends_of_a_chain_alone_are_two_interviews(tmp_path: Path) -> None:
    first, middle, last, _ = a_chain(tmp_path)
    store, _ = open_store()
    with store:
        bring(store, first, last)
        assert [info.name for info in transcript_infos(store)] == ["Beds", "Plot"]
        (report,) = bring(store, middle).files
        assert [info.name for info in transcript_infos(store)] == ["Beds"]
        assert "“Plot”, which was a transcript of its own, is part of it now." in report.said


def test_importing_all_again_changes_nothing(tmp_path: Path) -> None:
    files = four_kinds(tmp_path)
    store, _ = open_store()
    with store:
        bring(store, *files)
        before = (holdings(store), _dump(store))
        again = bring(store, *reversed(files))
        assert {f.status for f in again.files} == {"already there"}
        assert (holdings(store), _dump(store)) == before


def _dump(store: Store) -> list[str]:
    return [line for line in store.db.conn.iterdump() if '"events"' not in line]
