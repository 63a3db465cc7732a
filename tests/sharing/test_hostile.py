"""Share files that are damaged or made to harm: refused with a message, and nothing has changed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import secondcoder
from tests.sharing.studies import Folder, rows_of, two_folders


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Folder, Folder]:
    return two_folders(tmp_path)


def remade(source: Path, change: Callable[[dict[str, bytes]], None], *, honest: bool) -> Path:
    """A share file with changed members; ``honest``: the manifest's hashes fit them."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if honest:
        manifest = json.loads(members["manifest.json"])
        for table in manifest["tables"]:
            data = members.get(f"rows/{table}.jsonl", b"")
            manifest["tables"][table] = {
                "rows": data.count(b"\n"),
                "sha256": "sha256:" + hashlib.sha256(data).hexdigest(),
            }
        members["manifest.json"] = json.dumps(manifest).encode()
    target = source.with_name("changed.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


def replacing(table: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        name = f"rows/{table}.jsonl"
        assert old.encode() in members[name], members[name][:300]
        members[name] = members[name].replace(old.encode(), new.encode(), 1)

    return change


def all_of(*changes: Callable[[dict[str, bytes]], None]) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        for one in changes:
            one(members)

    return change


def setting(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.__setitem__(name, data)


def an_event(kind: str, details: str) -> Callable[[dict[str, bytes]], None]:
    """One more event, with these details as they are written."""
    row = {"at": "2026-01-01", "who": "Ana", "kind": kind, "what": "Said.", "guid": "planted"}
    line = json.dumps({**row, "details": "@"}).replace('"@"', details) + "\n"

    def change(members: dict[str, bytes]) -> None:
        name = "rows/events.jsonl"
        members[name] = members.get(name, b"") + line.encode()

    return change


def in_manifest(key: str, value: object) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        manifest[key] = value
        members["manifest.json"] = json.dumps(manifest).encode()

    return change


CASES: dict[str, tuple[Callable[[dict[str, bytes]], None], bool, str]] = {
    "changed word": (replacing("memos", "mine", "MINE"), False, "not what the manifest says"),
    "path": (setting("../../evil.txt", b"x"), False, "not what its manifest says"),
    "absolute path": (setting("/tmp/evil.txt", b"x"), False, "not what its manifest says"),
    "no manifest": (lambda m: m.__delitem__("manifest.json"), False, "has no manifest"),
    "other format": (in_manifest("format", "zip"), False, "not a file that `secondcoder share`"),
    "newer form": (in_manifest("version", 2), False, "another version"),
    "newer schema": (in_manifest("steps", ["m999_later"]), False, "newer version"),
    "manifest of lists": (in_manifest("tables", [1]), False, "manifest is not what it should be"),
    "unknown table": (
        in_manifest("tables", {"sqlite_master": {"rows": 0, "sha256": ""}}),
        False,
        "tables that no study has",
    ),
    "no JSON": (setting("rows/memos.jsonl", b"{broken\n"), True, "rows/memos.jsonl, line 1"),
    "deep JSON": (setting("rows/memos.jsonl", b"[" * 100_000 + b"\n"), True, "line 1"),
    "deep event": (
        an_event("statement", '{"transcripts": ' + "[" * 480 + "]" * 480 + "}"),
        True,
        "deeper than any study has",
    ),
    "deepest event": (
        an_event("statement", '{"old": ' * 100_000 + "1" + "}" * 100_000),
        True,
        "rows/events.jsonl, line",
    ),
    "list for what an event holds": (
        an_event("statement", "[]"),
        True,
        "every record can be read",
    ),
    "split of nothing": (an_event("split", '{"seed": 1}'), True, "“development” is no list"),
    "deep evaluation": (
        replacing(
            "evaluations", '"content": "{', '"content": "{\\"x\\": ' + "[" * 90 + "]" * 90 + ","
        ),
        True,
        "deeper than any study has",
    ),
    "list for a row": (setting("rows/memos.jsonl", b"[]\n"), True, "is no row"),
    "bomb": (setting("rows/memos.jsonl", b" " * 120_000_000 + b"\n"), True, "would unpack to"),
    "unknown column": (replacing("memos", '"who"', '"id": 1, "who"'), True, "not the columns"),
    "wrong type": (replacing("segments", '"idx": 0', '"idx": "DROP"'), True, "does not fit"),
    "object for a word": (replacing("memos", '"text": "mine"', '"text": {}'), True, "does not fit"),
    "number too large": (
        replacing("memos", '"start_char": null', '"start_char": 1' + "0" * 40),
        True,
        "does not fit",
    ),
    "not allowed": (
        replacing("memos", '"about": "transcript"', '"about": "x"'),
        True,
        "does not fit",
    ),
    "quote that is not there": (
        lambda m: m.__setitem__(
            "rows/codings.jsonl",
            m["rows/codings.jsonl"]
            .replace(b'"guid": "One-', b'"guid": "new-', 1)
            .replace(b"Paragraph 1 tells", b"Paragraph 1 TELLS", 1),
        ),
        True,
        "every quote stands in its transcript",
    ),
    "other words": (
        all_of(
            replacing("transcripts", "Paragraph 0", "Paragraph X"),
            replacing("transcripts", '"sha256": "sha256:', '"sha256": "sha256:00'),
            replacing("transcripts", '"name": "One"', '"name": "Else"'),
        ),
        True,
        "a transcript never changes",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_refused_and_nothing_changes(folders: tuple[Folder, Folder], case: str) -> None:
    from assistant.store.people.memos import add_memo

    a, b = folders
    add_memo(a.store, "transcript", "mine", who="Ana", transcript_id=1)
    change, honest, message = CASES[case]
    before = rows_of(b.store)
    file = remade(a.share(), change, honest=honest)
    ended = secondcoder(b.study.folder, "merge", str(file))
    assert ended.code == 2, ended.out + ended.err
    assert message in ended.err, ended.err
    assert "Traceback" not in ended.err
    assert rows_of(b.store) == before
    assert not (b.study.folder.parent / "evil.txt").exists()


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip at all" * 100])
def test_no_zip(folders: tuple[Folder, Folder], tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(data)
    ended = secondcoder(folders[1].study.folder, "merge", str(file))
    assert ended.code == 2
    assert "no whole zip file" in ended.err


def test_half_a_file(folders: tuple[Folder, Folder], tmp_path: Path) -> None:
    a, b = folders
    whole = a.share().read_bytes()
    file = tmp_path / "half.zip"
    file.write_bytes(whole[: len(whole) // 2])
    assert secondcoder(b.study.folder, "merge", str(file)).code == 2


def test_a_share_overwrites_nothing(folders: tuple[Folder, Folder], tmp_path: Path) -> None:
    file = tmp_path / "mine.zip"
    file.write_text("mine", encoding="utf-8")
    ended = secondcoder(folders[0].study.folder, "share", "--to", str(file))
    assert (ended.code, file.read_text("utf-8")) == (2, "mine")
