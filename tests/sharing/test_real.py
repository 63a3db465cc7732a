"""The real interviews, coded in two folders and put together again. Counts only."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.database import open_store
from assistant.study import create_study, open_study
from tests.sharing.studies import Folder, exchange, rows_of


def without(folder: Folder, people: Sequence[str]) -> None:
    """Take everything of these people out, as if they had never coded here."""
    store = folder.store
    with store.transaction():
        for name in people:
            key = store.value("SELECT id FROM coders WHERE name = ? AND kind = 'human'", (name,))
            for sql in (
                "DELETE FROM codings WHERE coder_id = ?",
                "DELETE FROM document_codings WHERE document_id IN "
                "(SELECT id FROM documents WHERE coder_id = ?)",
                "DELETE FROM documents WHERE coder_id = ?",
                "DELETE FROM scopes WHERE coder_id = ?",
                "DELETE FROM coders WHERE id = ?",
            ):
                store.write(sql, (key,))


@pytest.mark.real
@pytest.mark.slow
def test_split_by_coder_and_put_together(interviews: Path, tmp_path: Path) -> None:
    study = create_study(tmp_path / "whole", name="Interviews")
    with open_store(study.database)[0] as store:
        import_files(store, [interviews], ImportOptions(trust_guesses=True))
        names = [r["name"] for r in store.rows("SELECT name FROM coders ORDER BY name")]
    assert len(names) > 2
    for name in ("a", "b"):
        shutil.copytree(tmp_path / "whole", tmp_path / name)
    a, b = (Folder(open_study(tmp_path / name)) for name in ("a", "b"))
    whole = Folder(open_study(tmp_path / "whole"))
    without(a, names[::2])
    without(b, names[1::2])
    assert rows_of(a.store)["codings"] != rows_of(b.store)["codings"]
    exchange(a, b)
    assert rows_of(a.store) == rows_of(b.store) == rows_of(whole.store)
