"""Do other open programs find in our exports what we put there, and we in theirs?

    python -m bench.other_readers --python ENVIRONMENT/bin/python
    python -m bench.other_readers --python ENVIRONMENT/bin/python --study FOLDER

``ENVIRONMENT`` is one where the other programs are installed; this project never imports them
(`bench.other_scripts` runs there, with nothing of ours). What is missing there is said and left
out. A study that is given is copied first and never changed. Without one the example study is
exported, with the suggestions of a run without a language model.

What counts as the same says `bench.other_beside`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant import shipped
from assistant.coding.coding import CodeOptions, code_transcripts
from assistant.coding.settings import NO_MODEL
from assistant.interchange.export.exporting import export_study
from assistant.interchange.export.loading import load_export
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.imports.known_codes import known_codes
from assistant.interchange.transcripts import named
from assistant.store.database import open_store
from assistant.study import Study, create_study, open_study
from bench.other_beside import CHOICE, Compared, come_back, compare, ours

__all__ = ["installed", "main", "other_readers"]

_SCRIPT = Path(__file__).with_name("other_scripts.py")
_PATIENCE = 1800


def installed(python: str) -> dict[str, str]:
    """Package -> version in that environment, ``""`` where it is missing."""
    found: dict[str, str] = json.loads(_there(python, "have").stdout)
    return found


def _there(python: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run(
            [python, "-I", "-X", "utf8", str(_SCRIPT), *arguments],
            capture_output=True,
            encoding="utf-8",
            timeout=_PATIENCE,
            check=True,
            env={**os.environ, "HOME": home},
        )


def other_readers(python: str, study: Path | None = None) -> list[Compared]:
    """Every program that is installed there on every file that it reads or writes."""
    have = {name: found for name, found in installed(python).items() if found}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        copy = _copied(study, folder / "study") if study else _example(folder / "study")
        store, _ = open_store(copy.database)
        files = {name: folder / f"ours.{name}" for name in ("qdpx", "qdc", "csv")}
        with store:
            for name, file in files.items():
                export_study(copy, store, name, CHOICE, policy_sha256="", to=file)
            mine = ours(load_export(copy, store, CHOICE, ""))
        given = folder / "ours.json"
        given.write_text(
            json.dumps({"sources": mine.sources, "codings": list(mine.codings)}), encoding="utf-8"
        )
        rows = []
        for program, kind in (
            ("pyrefiqda", "qdpx"),
            ("pyrefiqda", "qdc"),
            ("pyqdpx", "qdpx"),
            ("qdapy", "qdpx"),
            ("pandas", "csv"),
        ):
            if program in have:
                out = folder / f"{program}.{kind}.json"
                failed = _tried(python, "read", program, str(files[kind]), str(out))
                if failed:
                    rows.append(Compared(program, kind, failed=failed))
                else:
                    rows.append(compare(program, kind, mine, json.loads(out.read_text("utf-8"))))
        for program, end, source in (
            ("pyrefiqda", "qdpx", files["qdpx"]),
            ("pyqdpx", "qdpx", files["qdpx"]),
            ("taguette", "sqlite3", given),
            ("exegete", "qda", given),
        ):
            if program in have:
                # The same codebook, since the other programs call codes by their names.
                fresh = create_study(folder / f"fresh-{program}", name="Fresh")
                if copy.codebook_file.is_file():
                    shutil.copyfile(copy.codebook_file, fresh.codebook_file)
                out = folder / f"theirs-{program}.{end}"
                failed = _tried(python, "write", program, str(source), str(out))
                if failed:
                    rows.append(Compared(f"{program} to us", end, failed=failed))
                else:
                    rows.append(
                        come_back(f"{program} to us", mine, out, fresh, once=source == given)
                    )
    return rows


def _tried(python: str, *arguments: str) -> str:
    """Why it did not work, in its last words; empty when it did."""
    try:
        _there(python, *arguments)
    except subprocess.CalledProcessError as error:
        return str((error.stderr or "").strip().splitlines()[-1:] or ["no message"])[2:-2][:150]
    except subprocess.TimeoutExpired:
        return f"it took more than {_PATIENCE} s"
    return ""


def _copied(study: Path, folder: Path) -> Study:
    shutil.copytree(study, folder, ignore=shutil.ignore_patterns("exports", "reports"))
    return open_study(folder)


def _example(folder: Path) -> Study:
    """The example study with its people's codes, and with a run that asks no model anything."""
    shutil.copytree(shipped.examples(), folder)
    shutil.copytree(shipped.prompts(), folder / "prompts", dirs_exist_ok=True)
    study = open_study(folder)
    known = known_codes(study.codebook_file)
    store, _ = open_store(study.database)
    with store:
        options = ImportOptions(known_codes=known, exposure="independent")
        import_files(store, [folder / "transcripts", folder / "codings"], options)
        every = named(store, ())
        code_transcripts(
            study, store, CodeOptions(every, strategy="judge", model=NO_MODEL, words_only=True)
        )
    return study


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="interpreter of an environment")
    parser.add_argument("--study", type=Path, help="another study than the example")
    given = parser.parse_args(arguments)
    if shutil.which(given.python) is None:
        parser.error(f"there is no interpreter {given.python}")
    have = installed(given.python)
    for name, found in have.items():
        print(f"{name} {found}" if found else f"{name}: not installed there, left out")
    if not any(have.values()):
        print("None of the other programs is there, so nothing was compared.")
        return 0
    head = ("program", "file", "texts", "coders", "codes", "same place", "same words", "not ours")
    rows = [head, *(row.row() for row in other_readers(given.python, given.study))]
    full = [row for row in rows if len(row) == len(head)]
    widths = [max(len(row[i]) for row in full) for i in range(len(head))]
    for row in rows:
        print("  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=False)).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
