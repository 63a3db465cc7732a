"""Two folders with the same interviews, and how to see that they hold the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from assistant.hashing import canonical_json
from assistant.interchange.sharing.merge import MergeReport, merge_file
from assistant.interchange.sharing.share import share
from assistant.store.database import Store, open_store
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, set_scope
from assistant.store.records import Coding, Scope
from assistant.store.sharing.sharing import shared_rows
from assistant.store.texts.transcripts import find_transcript, transcript
from assistant.store.verify import verify
from assistant.study import Study, create_study
from assistant.transcripts.records import segment_body
from tests.store.filled import add_interview, fill

__all__ = ["PARAGRAPHS", "Folder", "code_blind", "exchange", "rows_of", "two_folders"]

PARAGRAPHS = tuple(
    (f"Speaker {n % 2}", f"Paragraph {n} tells of a spade, and of what was dug with it that year.")
    for n in range(8)
)


class Folder:
    """A study with its open store."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.store: Store = open_store(study.database)[0]

    def share(self, name: str = "all", person: str = "") -> Path:
        """Write a share file; one of the same name is replaced."""
        target = self.study.folder.parent / f"{self.study.folder.name}-{name}.zip"
        target.unlink(missing_ok=True)
        return share(self.study, self.store, target, person=person).file

    def merge(self, file: Path, *, withdraw: bool = False) -> MergeReport:
        done = merge_file(self.study, self.store, file, withdraw=withdraw)
        found = verify(self.store)
        assert found.ok, found.findings
        return done

    def key(self, name: str) -> int:
        found = find_transcript(self.store, name)
        assert found is not None
        return found


def two_folders(tmp: Path, *names: str) -> tuple[Folder, Folder]:
    """A study with a run over the first interview, and a copy of its folder."""
    study = create_study(tmp / "a", name="Plots")
    with open_store(study.database)[0] as store:
        for name in names or ("One", "Two"):
            add_interview(store, name, [(s, f"{name}. {words}") for s, words in PARAGRAPHS])
        fill(store, 1)
    shutil.copytree(tmp / "a", tmp / "b")
    from assistant.study import open_study

    return Folder(study), Folder(open_study(tmp / "b"))


def rows_of(store: Store, *, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Every shared row by table, in an order of its own: equal for equal studies."""
    found: dict[str, list[str]] = {}
    for table, row in shared_rows(store):
        if table not in but:
            if table == "sealed":
                row.pop("arrived_at")
            found.setdefault(table, []).append(canonical_json(row))
    return {table: sorted(rows) for table, rows in found.items()}


def exchange(a: Folder, b: Folder) -> None:
    """Each takes in the other's file, written before either had."""
    from_a, from_b = a.share(), b.share()
    a.merge(from_b)
    b.merge(from_a)


def code_blind(
    folder: Folder, who: str, name: str, segments: dict[int, str], *, finished: bool
) -> None:
    """Blind codings as the pages store them."""
    store, key = folder.store, folder.key(name)
    coder = add_coder(store, who, "human")
    text = transcript(store, key)
    set_scope(
        store,
        Scope(coder, key, "blind", finished_at="2026-01-01T00:00:00.000+00:00" if finished else ""),
    )
    for number, code in segments.items():
        start, end = segment_body(text.text, text.segments[number])
        guid = f"{who}-{name}-{number}-{code}"
        if not store.value("SELECT 1 FROM codings WHERE guid = ?", (guid,)):
            add_coding(
                store,
                Coding(
                    0, guid, key, coder, code, start, end, text.text[start:end], "blind", "blind"
                ),
            )


def words_in(folder: Folder) -> str:
    """What any table but the sealed one says, as text."""
    return json.dumps(rows_of(folder.store, but=("sealed",)), ensure_ascii=False)
