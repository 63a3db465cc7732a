"""Files that want harm are refused with a message, within bounded memory."""

from __future__ import annotations

import re
import sqlite3
import stat
import subprocess
import sys
import tracemalloc
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import DataError
from assistant.hashing import hash_bytes
from assistant.interchange.projects.readers import find_reader
from assistant.interchange.refi import archive as limits
from tests.readers.test_qualcoder import make as qualcoder
from tests.readers.test_taguette import make as taguette
from tests.refi.making import ANA, BEN, TEXT, Mark, archive, project_xml, qdpx, read, text

LEEKS = Mark(TEXT.index("Leeks"), TEXT.index("Leeks") + 15)


@pytest.mark.parametrize(
    "name", ["../evil.txt", "Sources/../../evil.txt", "/etc/evil", "C:\\evil", "..\\evil"]
)
def test_paths_that_lead_out(tmp_path: Path, name: str) -> None:
    xml = project_xml(text([LEEKS])).encode()
    with pytest.raises(DataError, match="outside of it") as caught:
        read(archive(tmp_path / "p.qdpx", {"project.qde": xml, name: b"x"}))
    assert caught.value.where
    assert caught.value.hint


def test_a_link_in_the_archive(tmp_path: Path) -> None:
    file = qdpx(tmp_path / "p.qdpx", project_xml(text([LEEKS])), {})
    with zipfile.ZipFile(file, "a") as made:
        link = zipfile.ZipInfo("Sources/one.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    with pytest.raises(DataError, match="link to another file"):
        read(file)


@pytest.mark.parametrize(
    "path",
    [
        *("absolute:///etc/passwd", "relative:///../secret.txt", "file:///etc/passwd", "../x"),
        *("relative:///%2e%2e/secret.txt", "internal://..%2Fsecret.txt", "..%5csecret.txt"),
    ],
)
def test_a_project_reads_nothing_outside_of_it(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "x").write_text("secret", encoding="utf-8")
    file = folder / "p.qde"
    file.write_text(project_xml(text([LEEKS], path=path)), encoding="utf-8")
    project = read(file)
    assert project.sources == ()
    assert [m.why for m in project.missing] == ["it lies outside of the project file"]


def test_a_link_beside_a_qde(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "in"
    (folder / "Sources").mkdir(parents=True)
    try:
        (folder / "Sources" / "one.txt").symlink_to(tmp_path / "secret.txt")
    except OSError:
        pytest.skip("this system makes no links")
    file = folder / "p.qde"
    file.write_text(project_xml(text([LEEKS])), encoding="utf-8")
    assert read(file).sources == ()


@pytest.mark.slow
def test_a_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "p.qdpx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("project.qde", project_xml(text([LEEKS])))
        with made.open("Sources/one.txt", "w") as stream:
            for _ in range(400):
                stream.write(b"\0" * 2**20)
    assert file.stat().st_size < 2**20
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="was not read"):
            read(file)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200 * 2**20, f"{peak / 2**20:.0f} MiB"


def test_sizes_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = qdpx(tmp_path / "p.qdpx", project_xml(text([LEEKS])))
    monkeypatch.setattr(limits, "LARGEST_TEXT", 50)
    with pytest.raises(DataError, match="larger than"):
        read(file)


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
    ],
)
def test_entities_and_document_types(tmp_path: Path, declared: str) -> None:
    xml = project_xml(text([LEEKS]))
    head, _, body = xml.partition("?>")
    for encoding in ("utf-8", "utf-16"):
        trap = f"{head}?> <!-- x --> <!DOCTYPE Project [{declared}]>{body}".replace(
            "utf-8", encoding, 1
        )
        file = archive(tmp_path / f"{encoding}.qdpx", {"project.qde": trap.encode(encoding)})
        with pytest.raises(DataError, match="DOCTYPE"):
            read(file)


def test_attributes_count_as_memory_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = qdpx(tmp_path / "p.qdpx", project_xml(text([LEEKS])), {"one.txt": b"leeks and beans"})
    monkeypatch.setattr("assistant.interchange.refi.parsing.MOST_NODES", 30)
    with pytest.raises(DataError, match="more than 30 XML elements and attributes"):
        read(file)
    monkeypatch.setattr("assistant.interchange.refi.parsing.MOST_NODES", 50)
    assert dict(read(file).counts)["codings"] == 1


def test_positions_that_no_text_has(tmp_path: Path) -> None:
    body = "leeks and beans in the wet corner " * 40
    wild = [Mark(10**30, 10**31), Mark(-5, 3), Mark(20, 10), Mark(0, 10**18)]
    good = [Mark(n * 34, n * 34 + 5) for n in range(40)]
    xml = project_xml(text([*good, *wild]))
    project = read(qdpx(tmp_path / "p.qdpx", xml, {"one.txt": body.encode()}))
    # Too many of them and nothing of the file can be believed; either way they are counted.
    assert len(project.codings) in (0, 40)
    numbers = [s.what.split()[0] for s in project.skipped]
    left = sum(int(one) if one.isdecimal() else 1 for one in numbers)  # some are listed one by one
    assert left == 44 - len(project.codings)


def test_deep_nesting_and_html_in_names(tmp_path: Path) -> None:
    deep = '<Code guid="d" name="d" isCodable="true">' * 300 + "</Code>" * 300
    with pytest.raises(DataError, match="250 deep"):
        read(qdpx(tmp_path / "deep.qdpx", project_xml(text([LEEKS]), codes=deep)))
    codes = '<Code guid="c1" name="&lt;script&gt;x&lt;/script&gt;" isCodable="true"/>'
    project = read(qdpx(tmp_path / "p.qdpx", project_xml(text([LEEKS]), codes=codes)))
    assert project.codes[0].name == "<script>x</script>"


STORES = """
import sys
from pathlib import Path
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.database import open_store

store, _ = open_store(Path(sys.argv[1]))
with store:
    (report,) = import_files(store, [Path(sys.argv[2])], ImportOptions()).projects
    assert not report.error and not report.not_placed, report
    rows = store.row("SELECT count(*) AS n, count(DISTINCT guid) AS guids FROM codings")
    print(report.codings, rows["n"], rows["guids"])
(peak,) = (row for row in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in row)
print(peak.split()[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="peak memory is read in /proc")
def test_a_hundred_thousand_codings_are_stored_in_bounded_memory(tmp_path: Path) -> None:
    body = "".join(
        f"{('Ana', 'Ben')[n % 2]}: In row {n} we sowed leeks and beans in the wet corner.\n\n"
        for n in range(2_000)
    )
    words = [found.span() for found in re.finditer(r"\w+", body)][:20_005]
    marks = [
        Mark(words[n % 20_000][0], words[n % 20_000 + n // 20_000][1], user=(ANA, BEN)[n % 2])
        for n in range(100_000)
    ]
    marks = [one for one in marks if not body[one.start : one.end].startswith(("Ana", "Ben"))]
    file = qdpx(tmp_path / "p.qdpx", project_xml(text(marks)), {"one.txt": body.encode()})
    done = subprocess.run(
        [sys.executable, "-c", STORES, str(tmp_path / "study.db"), str(file)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    said, peak = done.stdout.split("\n")[:2]
    assert said == f"{len(marks)} {len(marks)} {len(marks)}"
    assert len(marks) > 90_000
    assert int(peak) < 1_200_000, f"{int(peak) / 1024:.0f} MiB"


@pytest.mark.slow
@pytest.mark.parametrize("format", ["qdpx", "taguette", "qualcoder"])
def test_a_large_project_is_not_held_in_memory(tmp_path: Path, format: str) -> None:
    # Sound and pictures make projects large; nothing of them is needed but for the file's hash.
    if format == "qdpx":
        file = qdpx(tmp_path / "p.qdpx", project_xml(text([LEEKS])))
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("Sources/sound.wav", bytes(64 * 2**20))
    else:
        if format == "taguette":
            page = "<p>Leeks and beans in the wet corner.</p>"
            file = taguette(tmp_path / "p.sqlite3", [page], [(0, "Leeks", [1], "ana")])
        else:
            file = qualcoder(tmp_path / "G.qda", [(1, "It was cold", "Ana")])
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("CREATE TABLE sounds AS SELECT zeroblob(67108864) AS sound")
    reader = find_reader(file)
    assert reader is not None
    tracemalloc.start()
    try:
        project = reader.read(file)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (reader.format, bool(project.codings)) == (
        "refi-qda" if format == "qdpx" else format,
        True,
    )
    assert project.file_sha256 == hash_bytes(file.read_bytes())
    assert peak < 16 * 2**20, f"{peak / 2**20:.0f} MiB"
