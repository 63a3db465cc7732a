"""Every older file comes to head, unharmed; what cannot be opened is refused in plain words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from assistant.errors import DataError, UserError
from assistant.store import database
from assistant.store.database import Store, backups, open_store
from assistant.store.schema import MIGRATIONS, NAME
from tests.store.older import ROWS, STEPS, make_older, schema_of, tables_of


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as connection:
        found = {
            name: [tuple(row) for row in connection.execute(f'SELECT * FROM "{name}"')]
            for name in tables_of(path)
        }
    connection.close()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("with_rows", [False, True], ids=["empty", "rows"])
@pytest.mark.parametrize("step", STEPS[1:])
def test_every_older_file_comes_to_head(step: str, with_rows: bool, tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    make_older(path, step, with_rows)
    before = rows_of(path)
    assert any(before.values()) == with_rows
    store, note = open_store(path)
    with store:
        assert MIGRATIONS.pending(store.db) == []
        assert store.value("PRAGMA integrity_check") == "ok"
        assert not store.rows("PRAGMA foreign_key_check")
        head = schema_of(store)
    after = rows_of(path)
    for name, rows in before.items():
        # A later step may add columns at the end; what was there stays as it was.
        width = len(rows[0]) if rows else 0
        assert [row[:width] for row in after[name]] == rows
    fresh, _ = open_store(tmp_path / "fresh.db")
    with fresh:
        assert head == schema_of(fresh)
    (copy,) = backups(path)
    assert copy.name == f"study.db.before-{step}"
    assert copy.name in note
    assert note.count(".") >= 2
    assert "upgraded" in note
    assert rows_of(copy) == before
    store, note = open_store(path)
    with store:
        assert schema_of(store) == head
    assert note == ""
    assert backups(path) == [copy]


def test_the_rows_for_old_files_are_of_every_table() -> None:
    """A new table must get a row here, or its migration is tested on nothing."""
    store, _ = open_store()
    with store:
        tables = {
            row["name"]
            for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not row["name"].startswith(("sqlite_", "_sqlite"))
        }
    assert {table for step in ROWS.values() for table, _ in step} == tables


def test_a_new_file_needs_no_copy(tmp_path: Path) -> None:
    store, note = open_store(tmp_path / "runs" / "study.db")
    store.close()
    assert note == ""
    assert not backups(tmp_path / "runs" / "study.db")


def test_copies_are_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    make_older(path, STEPS[-1], True)
    (tmp_path / f"study.db.before-{STEPS[-1]}").write_text("an older copy", encoding="utf-8")
    store, note = open_store(path)
    store.close()
    assert f"study.db.before-{STEPS[-1]}-2" in note
    assert (tmp_path / f"study.db.before-{STEPS[-1]}").read_text("utf-8") == "an older copy"


def test_the_copy_holds_what_still_stands_in_the_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    make_older(path, STEPS[-1], False)
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("INSERT INTO coders (name, kind) VALUES ('Ana', 'human')")
    writer.commit()
    store, _ = open_store(path)
    store.close()
    (copy,) = backups(path)
    assert rows_of(copy)["coders"] == [(1, "Ana", "human", None)]
    writer.close()


def _with(extra: Callable[[Database], None]) -> Migrations:
    changed = Migrations(NAME)
    for step in MIGRATIONS._migrations:
        changed(name=step.name)(step.fn)
    changed(name="m999_next")(extra)
    return changed


def test_a_failing_step_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "study.db"
    store, _ = open_store(path)
    with store:
        store.write("INSERT INTO coders (name, kind) VALUES ('Ana', 'human')")
        before = schema_of(store)
    rows = rows_of(path)

    def breaks(db: Database) -> None:
        db.execute("CREATE TABLE half_done (id INTEGER PRIMARY KEY) STRICT")
        db.execute("UPDATE coders SET name = 'Ben'")
        db.execute("INSERT INTO nowhere VALUES (1)")

    monkeypatch.setattr(database, "MIGRATIONS", _with(breaks))
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        open_store(path)
    monkeypatch.undo()
    assert rows_of(path) == rows
    (copy,) = backups(path)
    assert rows_of(copy) == rows
    store, note = open_store(path)
    with store:
        assert schema_of(store) == before
    assert note == ""


def test_a_database_of_a_newer_program_is_refused_and_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "study.db"

    def newer(db: Database) -> None:
        db.execute("CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY) STRICT")

    monkeypatch.setattr(database, "MIGRATIONS", _with(newer))
    open_store(path)[0].close()
    monkeypatch.undo()
    before = path.read_bytes()
    with pytest.raises(UserError) as refused:
        open_store(path)
    said = str(refused.value)
    assert "newer version of Second Coder" in said
    assert "m999_next" in said
    assert "Update Second Coder" in said
    assert str(path) in said
    assert path.read_bytes() == before
    assert not backups(path)


def test_another_programs_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes_for_soup (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(DataError, match="not one of Second Coder"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    path.write_bytes(b"Dear diary, " * 100)
    with pytest.raises(DataError) as refused:
        open_store(path)
    assert "damaged" in str(refused.value)
    assert "copy" in refused.value.hint


def test_a_path_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "study.db").mkdir()
    with pytest.raises(UserError, match="cannot be opened or written"):
        open_store(tmp_path / "study.db")
    (tmp_path / "runs").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(UserError, match="folder for the study's database cannot be made"):
        open_store(tmp_path / "runs" / "study.db")


def test_a_full_disk_is_explained_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    store, _ = open_store(path)
    with store:
        store.write("INSERT INTO coders (name, kind) VALUES ('Ana', 'human')")
        # SQLite then says what it says when the disk is full.
        pages = store.value("PRAGMA page_count")
        store.db.execute(f"PRAGMA max_page_count = {pages}")
        many = [(f"{n}" * 200,) for n in range(500)]
        with pytest.raises(UserError) as full:
            store.write_many(
                "INSERT INTO events (at, who, kind, what, details) VALUES (?, '', '', '', '')", many
            )
        assert "The disk is full" in str(full.value)
        assert "run the same command again" in full.value.hint
        assert store.value("SELECT count(*) FROM events") == 0
        assert store.value("SELECT name FROM coders") == "Ana"
        store.db.execute("PRAGMA max_page_count = 1000000")
        store.write("INSERT INTO coders (name, kind) VALUES ('Ben', 'human')")


def test_a_read_only_file_is_explained(tmp_path: Path) -> None:
    store, _ = open_store(tmp_path / "study.db")
    with store:
        store.db.execute("PRAGMA query_only = ON")
        with pytest.raises(UserError) as refused:
            store.write("INSERT INTO coders (name, kind) VALUES ('Ana', 'human')")
    assert "cannot be opened or written" in str(refused.value)
    assert "may write to this folder" in refused.value.hint


def test_a_locked_file_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    store, _ = open_store(path)
    other = Store(path)
    with store, other:
        store.db.execute("PRAGMA busy_timeout = 10")
        other.db.execute("BEGIN IMMEDIATE")
        with pytest.raises(UserError, match="Another program is writing"):
            store.write("INSERT INTO coders (name, kind) VALUES ('Ana', 'human')")
        other.db.rollback()


def test_nested_transactions_are_one(tmp_path: Path) -> None:
    def fails(store: Store) -> None:
        with store.transaction():
            store.write("INSERT INTO coders (name, kind) VALUES ('Ana', 'human')")
            with store.transaction():
                store.write("INSERT INTO coders (name, kind) VALUES ('Ben', 'human')")
            raise ZeroDivisionError

    store, _ = open_store(tmp_path / "study.db")
    with store:
        with pytest.raises(ZeroDivisionError):
            fails(store)
        assert store.value("SELECT count(*) FROM coders") == 0


def test_half_a_copy_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "study.db"
    make_older(path, STEPS[-1], True)
    before = rows_of(path)

    class NoRoom:
        def __init__(self, real: sqlite3.Connection) -> None:
            self.real = real

        def __getattr__(self, name: str) -> object:
            return getattr(self.real, name)

        def backup(self, target: sqlite3.Connection) -> None:
            target.execute("CREATE TABLE half (id INTEGER)")
            raise sqlite3.OperationalError("database or disk is full")

    real_open = Store.__init__

    def opened(self: Store, file: Path | None = None) -> None:
        real_open(self, file)
        self._connection = NoRoom(self._connection)  # type: ignore[assignment]

    monkeypatch.setattr(Store, "__init__", opened)
    with pytest.raises(UserError, match="The disk is full"):
        open_store(path)
    assert not backups(path)
    assert rows_of(path) == before


def test_a_new_database_made_step_by_step_is_the_one_that_tests_begin_with(tmp_path: Path) -> None:
    stepwise = Store(tmp_path / "stepwise.db")
    with stepwise:
        stepwise.use_wal()
        Migrations.apply(MIGRATIONS, stepwise.db)  # not the copying one of `tests.one_schema`
        made = schema_of(stepwise)
        steps = [step.name for step in MIGRATIONS.applied(stepwise.db)]
        assert stepwise.value("PRAGMA journal_mode") == "wal"
    copied, note = open_store(tmp_path / "copied.db")
    with copied:
        assert schema_of(copied) == made
        assert [step.name for step in MIGRATIONS.applied(copied.db)] == steps
        assert copied.value("PRAGMA journal_mode") == "wal"
        assert copied.value("PRAGMA integrity_check") == "ok"
    assert note == ""
