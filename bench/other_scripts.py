"""What `bench.other_readers` lets another interpreter run: other programs read and write files.

Nothing of this project is imported here, and the other programs are imported nowhere else. Called
as ``PYTHON other_scripts.py WHAT PACKAGE IN OUT``; answers are JSON:

- ``have``: name of each package -> version, or ``""``
- ``read``: sources (name -> text), coders, codes, and codings (source, coder, code, start, end,
  quote), where the quote is what that program says the place holds
- ``write``: a project made by that program, from sources and codings (source, coder, code, start,
  end) as JSON, or from our file
"""

from __future__ import annotations

import html
import json
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

__all__ = ["PACKAGES"]

PACKAGES = ("pyrefiqda", "pyqdpx", "qdapy", "pandas", "taguette", "exegete")


def _pyrefiqda(path: Path) -> dict[str, Any]:
    """Its models hold places only, so the quote is cut from the text that it leads to."""
    package = import_module("pyrefiqda")
    if path.suffix == ".qdc":
        return {"codes": _names(package.RefiCodebook.load(path).codes.code, [])}
    with tempfile.TemporaryDirectory() as folder:
        project = package.RefiProject.load(path, extract_dir=folder)
        users = {user.guid: user.name for user in project.users.user}
        codes: dict[str, str] = {}
        listed = _names(project.code_book.codes.code, [], codes)
        sources: dict[str, str] = {}
        codings = []
        for source in project.sources.text_source:
            place = package.RefiProject.resolve_source_path(source.plain_text_path, folder)
            text = sources[source.name] = place.read_bytes().decode("utf-8")
            for one in source.plain_text_selection:
                start, end = one.start_position, one.end_position
                codings += [
                    (source.name, users[c.creating_user], code, start, end, text[start:end])
                    for c in one.coding
                    for code in [codes[c.code_ref.target_guid]]
                ]
    return _found(sources, users.values(), listed, codings)


def _names(codes: list[Any], found: list[str], by_guid: dict[str, str] | None = None) -> list[str]:
    for code in codes:
        found.append(code.name)
        if by_guid is not None:
            by_guid[code.guid] = code.name
        _names(code.code, found, by_guid)
    return found


def _pyqdpx(path: Path) -> dict[str, Any]:
    project = import_module("pyqdpx").QDPX(str(path)).get_project()
    sources, codings = {}, []
    for source in project.sources.values():
        sources[source.name] = source.text_content
        for one in source.coded_selections.values():
            codings.append(
                (source.name, one.user.name, one.code.name, one.start, one.end, one.text)
            )
    names = [code.name for code in project.codes.values()]
    return _found(sources, [user.name for user in project.users.values()], names, codings)


def _qdapy(path: Path) -> dict[str, Any]:
    """It shows a code with all that stands above it; texts it keeps to itself."""
    project = import_module("qdapy").read_qdpx(path, warn=False)
    rows = project.fragments
    names = dict(zip(project.codebook["codeId"], project.codebook["name"], strict=True))
    columns = ("title", "codedBy", "codeId", "positionStart", "positionEnd", "text")
    codings = [
        (title, who, names[code], int(start), int(end), text)
        for title, who, code, start, end, text in zip(*(rows[c] for c in columns), strict=True)
    ]
    return _found(dict.fromkeys(project.sources, ""), project.coders, names.values(), codings)


def _pandas(path: Path) -> dict[str, Any]:
    rows = import_module("pandas").read_csv(path)
    columns = ("transcript", "coder", "code", "start", "end", "quote")
    codings = [
        (str(source), str(who), str(code), int(start), int(end), str(quote))
        for source, who, code, start, end, quote in zip(*(rows[c] for c in columns), strict=True)
    ]
    return _found(
        dict.fromkeys((row[0] for row in codings), ""),
        {row[1] for row in codings},
        {row[2] for row in codings},
        codings,
    )


def _found(sources: dict[str, str], coders: Any, codes: Any, codings: Any) -> dict[str, Any]:
    return {
        "sources": sources,
        "coders": list(coders),
        "codes": list(codes),
        "codings": list(codings),
    }


def _write_pyrefiqda(given: Path, out: Path) -> None:
    """Reads our file into its own models, and writes it anew from them."""
    package = import_module("pyrefiqda")
    with tempfile.TemporaryDirectory() as folder:
        project = package.RefiProject.load(given, extract_dir=folder)
        package.RefiProject.save(project, out, source_media_dir=Path(folder) / "sources")


def _write_pyqdpx(given: Path, out: Path) -> None:
    """It changes a file in place, and only one that somebody changed: a user is added."""
    package = import_module("pyqdpx")
    out.write_bytes(given.read_bytes())
    opened = package.QDPX(str(out))
    project = opened.get_project()
    project.add_user(package.User("Somebody else"))
    project.modified = True
    # What it hands to the archive has to be text, which its own saving leaves undone.
    with zipfile.ZipFile(given) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = str(project._save()) if name == "project.qde" else old.read(name)
            new.writestr(name, content)


def _write_taguette(given: Path, out: Path) -> None:
    """By its tables and its own cutting of passages; then its own import has to take the file."""
    database = import_module("taguette.database")
    extract = import_module("taguette.extract").extract
    made = json.loads(given.read_text(encoding="utf-8"))
    db = database.connect(f"sqlite:///{out}")()
    project = database.Project(name="Example", description="")
    db.add(project)
    for login in sorted({row[1] for row in made["codings"]}):
        db.add(database.User(login=login))
    tags = {
        name: database.Tag(project=project, path=name, description="")
        for name in sorted({row[2] for row in made["codings"]})
    }
    db.add_all(tags.values())
    for name, text in made["sources"].items():
        page = "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n"))
        document = database.Document(
            name=name,
            description="",
            filename=f"{name}.txt",
            project=project,
            text_direction=database.TextDirection.LEFT_TO_RIGHT,
            contents=page,
        )
        db.add(document)
        db.flush()
        db.add(database.Command.document_add(next(iter(made["codings"]))[1], document))
        for source, who, code, first, last in made["codings"]:
            if source != name:
                continue
            start, end = (len(text[:place].encode("utf-8")) for place in (first, last))
            highlight = database.Highlight(
                document=document,
                start_offset=start,
                end_offset=end,
                snippet=extract(page, start, end),
                tags=[tags[code]],
            )
            db.add(highlight)
            db.flush()
            tag_ids = [tags[code].id]
            db.add(database.Command.highlight_add(who, document, highlight, tag_ids))
    db.commit()
    with tempfile.TemporaryDirectory() as folder:
        theirs = database.connect(f"sqlite:///{folder}/taguette.sqlite3")()
        theirs.add(database.User(login="admin"))
        theirs.commit()
        database.copy_project(db, theirs, project.id, "admin")
    import_module("taguette.export").codebook_xml(list(tags.values()), str(out) + ".qdc")


def _write_exegete(given: Path, out: Path) -> None:
    """A project as QualCoder keeps it; its writer refuses a quote that is not at its place."""
    new_project = import_module("exegete.new_project")
    database = import_module("exegete.database")
    made = json.loads(given.read_text(encoding="utf-8"))
    said = new_project.about_line(version("exegete"))
    new_project.write_project(
        out, new_project.creation_statements("", said, new_project.creation_date())
    )
    db = database.QualcoderDatabase(str(out), read_only=False)
    owner = "Somebody"
    codes = {
        name: db.add_code(name, owner) for name in dict.fromkeys(row[2] for row in made["codings"])
    }
    files = {
        name: db.import_text_file(f"{name}.txt", text, owner)["id"]
        for name, text in made["sources"].items()
    }
    for source, who, code, start, end in made["codings"]:
        quote = made["sources"][source][start:end]
        db.add_coding(files[source], codes[code], start, end, quote, who, auto_commit=False)
    db.conn.commit()


READ: dict[str, Callable[[Path], dict[str, Any]]] = {
    "pyrefiqda": _pyrefiqda,
    "pyqdpx": _pyqdpx,
    "qdapy": _qdapy,
    "pandas": _pandas,
}
WRITE: dict[str, Callable[[Path, Path], None]] = {
    "pyrefiqda": _write_pyrefiqda,
    "pyqdpx": _write_pyqdpx,
    "taguette": _write_taguette,
    "exegete": _write_exegete,
}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def main() -> None:
    what, package, given, out = (*sys.argv[1:], "", "", "")[:4]
    warnings.simplefilter("ignore")
    if what == "have":
        sys.stdout.write(json.dumps({name: _version(name) for name in PACKAGES}))
    elif what == "read":
        Path(out).write_text(json.dumps(READ[package](Path(given))), encoding="utf-8")
    else:
        WRITE[package](Path(given), Path(out))


if __name__ == "__main__":
    main()
