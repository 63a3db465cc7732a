"""Several programs open one database at the same moment, of which it is the first or a new version.

They are processes of their own: threads of one would share what SQLite locks.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from assistant.store.database import Store, backups, open_store
from assistant.store.people.coders import add_coder, coders
from tests.store.older import STEPS, make_older, schema_of

_PROGRAMS = 3


def _program(number: int, line: Connection) -> None:
    """Open each database that is named and write into it; say what was answered."""
    line.send("ready")
    while path := line.recv():
        try:
            store, note = open_store(path)
            with store:
                add_coder(store, f"P{number}", "human")
            line.send(note)
        except BaseException as error:
            line.send(f"{type(error).__name__}: {error}")


@pytest.fixture(scope="module")
def programs() -> Iterator[list[Connection]]:
    spawning = multiprocessing.get_context("spawn")
    lines, started = [], []
    for number in range(_PROGRAMS):
        mine, its = spawning.Pipe()
        lines.append(mine)
        started.append(spawning.Process(target=_program, args=(number, its)))
        started[-1].start()
    try:
        assert [_said(line) for line in lines] == ["ready"] * _PROGRAMS
        yield lines
    finally:
        for line, program in zip(lines, started, strict=True):
            line.send(None)
            program.join(30)
            program.kill()
            line.close()


def _said(line: Connection) -> str:
    assert line.poll(120), "a program says nothing"
    return str(line.recv())


def _open_at_once(programs: list[Connection], path: Path) -> list[str]:
    for line in programs:
        line.send(path)
    return [_said(line) for line in programs]


def _complete(path: Path) -> None:
    with open_store(path)[0] as store, open_store()[0] as fresh:
        assert schema_of(store) == schema_of(fresh)
        assert {c.name for c in coders(store)} >= {f"P{n}" for n in range(_PROGRAMS)}
        assert store.value("PRAGMA integrity_check") == "ok"
        assert store.value("PRAGMA journal_mode") == "wal"


def test_a_database_that_nobody_had_opened_before(
    programs: list[Connection], tmp_path: Path
) -> None:
    for study in "abc":
        path = tmp_path / study / "study.db"
        assert _open_at_once(programs, path) == [""] * _PROGRAMS
        _complete(path)


def test_a_database_of_an_older_version_is_upgraded_once(
    programs: list[Connection], tmp_path: Path
) -> None:
    path = tmp_path / "study.db"
    make_older(path, STEPS[1], True)
    said = _open_at_once(programs, path)
    assert sorted(said)[:-1] == [""] * (_PROGRAMS - 1)
    (copy,) = backups(path)
    assert copy.name in max(said)
    _complete(path)


def test_a_copy_is_never_made_within_a_transaction(tmp_path: Path) -> None:
    """SQLite would wait for the transaction, and the transaction for the copy."""
    with open_store(tmp_path / "study.db")[0] as store:
        with store.transaction(), pytest.raises(AssertionError), store.rehearsal():
            pass
        with store.rehearsal() as copy:
            assert isinstance(copy, Store)
