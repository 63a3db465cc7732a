"""Two programs in one study at the same time: nobody's work fails because the other was quicker."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from assistant.errors import UserError
from assistant.store.database import Store, open_store
from assistant.store.people.coders import add_coder, coders
from assistant.store.people.openings import record_openings
from tests.disagreements.studies import interview
from tests.waiting import LIMIT


def _names(store: Store) -> set[str]:
    return {coder.name for coder in coders(store, "human")}


def test_what_reads_before_it_writes_is_not_refused_because_another_wrote_between(
    tmp_path: Path,
) -> None:
    path = tmp_path / "study.db"
    with open_store(path)[0] as one, open_store(path)[0] as other:
        wants = threading.Event()
        done = threading.Event()

        def write() -> None:
            wants.wait(LIMIT)
            add_coder(other, "Max", "human")
            done.set()

        thread = threading.Thread(target=write)
        thread.start()
        with one.transaction():
            assert _names(one) == set()
            wants.set()
            # Long enough for the other to write, if it can: it has to wait for the end of this one.
            assert not done.wait(0.5)
            add_coder(one, "Eva", "human")
        thread.join(LIMIT)
        assert _names(one) == _names(other) == {"Eva", "Max"}


def test_many_at_once_each_get_their_turn(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    open_store(path)[0].close()
    failed: list[BaseException] = []

    def work(who: str) -> None:
        try:
            with open_store(path)[0] as store:
                for number in range(15):
                    with store.transaction():
                        before = len(coders(store, "human"))
                        add_coder(store, f"{who}{number}", "human")
                        assert len(coders(store, "human")) == before + 1
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(who,)) for who in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert failed == []
    with open_store(path)[0] as store:
        assert len(_names(store)) == 60


def test_a_rehearsal_sees_what_there_is_changes_nothing_and_keeps_nobody_waiting(
    tmp_path: Path,
) -> None:
    path = tmp_path / "study.db"
    with open_store(path)[0] as store, open_store(path)[0] as other:
        add_coder(store, "Eva", "human")
        with store.rehearsal() as copy:
            add_coder(copy, "Max", "human")
            assert _names(copy) == {"Eva", "Max"}
            add_coder(other, "Ana", "human")
            assert _names(copy) == {"Eva", "Max"}
        assert _names(store) == _names(other) == {"Eva", "Ana"}


def test_whoever_is_stopped_while_it_waits_keeps_nobody_else_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "study.db"
    with open_store(path)[0] as store, open_store(path)[0] as other:
        real = Store._claim

        def stopped(self: Store) -> None:
            real(self)
            raise KeyboardInterrupt  # as when it was pressed while SQLite waited

        with monkeypatch.context() as patch:
            patch.setattr(Store, "_claim", stopped)
            with pytest.raises(KeyboardInterrupt), store.transaction():
                raise AssertionError("the change was begun all the same")
        add_coder(other, "Max", "human")
        add_coder(store, "Eva", "human")
        assert _names(other) == {"Eva", "Max"}


def test_a_change_that_the_database_has_ended_is_not_said_to_be_stored(tmp_path: Path) -> None:
    """As a full disk does; somebody in between passes over the error."""
    with open_store(tmp_path / "study.db")[0] as store:
        store.db.execute(
            "CREATE TRIGGER t BEFORE INSERT ON coders WHEN NEW.name = 'Bad' "
            "BEGIN SELECT RAISE(ROLLBACK, 'as a full disk does'); END"
        )

        def change() -> None:
            with store.transaction():
                add_coder(store, "Eva", "human")
                with pytest.raises(Exception, match="as a full disk does"):
                    add_coder(store, "Bad", "human")

        with pytest.raises(Exception, match="no transaction is active"):
            change()
        assert _names(store) == set()


def test_whoever_looks_at_a_page_again_waits_for_nobody(tmp_path: Path) -> None:
    with open_store(tmp_path / "study.db")[0] as store, open_store(tmp_path / "study.db")[0] as one:
        key = interview(store, "Plot 1")
        ben = add_coder(store, "Ben", "human").id
        said = {"people": (ben, None), "place": "transcript page"}
        assert record_openings(store, "Eva", key, **said) == 2  # type: ignore[arg-type]
        store.db.execute("PRAGMA busy_timeout = 10")
        with one.transaction():
            assert record_openings(store, "Eva", key, **said) == 0  # type: ignore[arg-type]
            with pytest.raises(UserError, match="Another program is writing"):
                record_openings(store, "Zoe", key, **said)  # type: ignore[arg-type]
