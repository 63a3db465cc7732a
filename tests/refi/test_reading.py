"""Projects as programs really write them: what is read, what is counted, what is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import DataError
from assistant.interchange.imports.unpacked import part_of_unpacked
from assistant.interchange.projects.readers import find_reader
from assistant.interchange.projects.records import Project
from tests.refi.making import ANA, BEN, CODES, TEXT, Mark, archive, project_xml, qdpx, read, text

LEEKS = TEXT.index("Leeks"), TEXT.index("Leeks") + 15
HOSE = TEXT.index("She has"), TEXT.index(", and a key")
MARKS = (Mark(*LEEKS), Mark(*HOSE, code="c3", user=BEN))


def quotes(project: Project) -> list[tuple[str, str, str]]:
    texts = {source.key: source.text for source in project.sources}
    names = {code.key: code.name for code in project.codes}
    people = {coder.key: coder.name for coder in project.coders}
    return [
        (people[c.coder], names[c.code], texts[c.source][c.start : c.end]) for c in project.codings
    ]


EXPECTED = [("Ana", "sowing", "Leeks and beans"), ("Ben", "tools", "She has a long hose")]


def test_a_plain_project(tmp_path: Path) -> None:
    project = read(qdpx(tmp_path / "p.qdpx", project_xml(text(MARKS))))
    assert quotes(project) == EXPECTED
    assert dict(project.counts) == {
        "text sources": 1,
        "text selections": 2,
        "codings": 2,
        "users": 2,
        "codes": 3,
    }
    first, second, third = project.codes
    assert (first.definition, first.color, third.parent) == (
        "What was sown.",
        "#ff0000",
        second.key,
    )
    assert project.skipped == ()
    assert project.missing == ()


@pytest.mark.parametrize("name", ["Project.qde", "project.qde", "PROJECT.QDE", "Garden.qde"])
@pytest.mark.parametrize(
    "path", ["internal://one.txt", "one.txt", "internal:///ONE.TXT", "relative:///one.txt"]
)
def test_names_and_paths_as_programs_write_them(tmp_path: Path, name: str, path: str) -> None:
    xml = project_xml(text(MARKS, path=path))
    file = archive(
        tmp_path / "p.qdpx", {name: xml.encode(), "sources/One.txt": TEXT.encode("utf-8")}
    )
    assert quotes(read(file)) == EXPECTED


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("internal://My%20caf%C3%A9.txt", "My caf\N{LATIN SMALL LETTER E WITH ACUTE}.txt"),
        ("internal://My%20caf%C3%A9.txt", "My cafe\N{COMBINING ACUTE ACCENT}.txt"),
        ("internal://My cafe\N{COMBINING ACUTE ACCENT}.txt", "My café.txt"),
        ("internal://50%25.txt", "50%25.txt"),
        ("internal://50%.txt", "50%.txt"),
    ],
)
def test_paths_that_are_written_as_addresses(
    tmp_path: Path, path: str, name: str, packed: bool
) -> None:
    xml = project_xml(text([Mark(*LEEKS)], path=path))
    if packed:
        project = read(qdpx(tmp_path / "p.qdpx", xml, {name: TEXT.encode()}))
    else:
        file = tmp_path / "p.qde"
        file.write_text(xml, encoding="utf-8")
        (tmp_path / name).write_bytes(TEXT.encode())
        assert part_of_unpacked(tmp_path / name, tmp_path)
        project = read(file)
    assert [source.text for source in project.sources] == [TEXT]


def test_a_qde_with_its_texts_beside_it(tmp_path: Path) -> None:
    (tmp_path / "Sources").mkdir()
    (tmp_path / "Sources" / "one.txt").write_text(TEXT, encoding="utf-8", newline="")
    file = tmp_path / "garden.qde"
    file.write_text(project_xml(text(MARKS)), encoding="utf-8")
    assert quotes(read(file)) == EXPECTED


def test_text_inside_the_xml_and_in_utf_16(tmp_path: Path) -> None:
    xml = project_xml(text(MARKS, content=TEXT)).replace("utf-8", "utf-16", 1)
    file = tmp_path / "p.qde"
    file.write_bytes(xml.encode("utf-16"))
    found = find_reader(file)
    assert found is not None
    assert found.format == "refi-qda"
    assert quotes(read(file)) == EXPECTED


@pytest.mark.parametrize("space", ["urn:QDA-XML:project:0:4", "urn:QDA-XML:project:1.5"])
def test_other_namespaces_any_order_and_empty_containers(tmp_path: Path, space: str) -> None:
    xml = (
        f'<q:Project xmlns:q="{space}" name="P"><q:Sets/><q:Cases></q:Cases>'
        f"<q:Sources>{text(MARKS)}</q:Sources><q:CodeBook><q:Codes>{CODES}</q:Codes></q:CodeBook>"
        f'<q:Users><q:User guid="{{{ANA.upper()}}}" name="Ana"/>'
        f'<q:User guid="{BEN}" name="Ben"/></q:Users><q:Extras><q:Thing/></q:Extras></q:Project>'
    )
    project = read(qdpx(tmp_path / "p.qdpx", xml))
    assert quotes(project) == EXPECTED
    assert [(s.what, s.why) for s in project.skipped] == [
        ("1 element “Extras”", "not part of the REFI-QDA standard")
    ]


def test_missing_texts_are_named_with_their_codings(tmp_path: Path) -> None:
    sources = text(MARKS) + text(MARKS, key="s2", name="Lost", path="internal://two.txt", first=9)
    project = read(qdpx(tmp_path / "p.qdpx", project_xml(sources)))
    assert quotes(project) == EXPECTED
    assert [(m.what, m.why) for m in project.missing] == [("Lost", "it is not in the project file")]
    assert [s.what for s in project.skipped] == ["2 codings of Lost"]


def test_pdf_and_transcripts_count_by_their_plain_text(tmp_path: Path) -> None:
    inner = text(MARKS, key="r1").replace("TextSource", "Representation")
    film = "".join(m.xml(n) for n, m in enumerate(MARKS, start=20))
    sources = (
        '<PDFSource guid="p1" name="Report.pdf"><PDFSelection guid="a1" page="0" firstX="1" '
        'firstY="1" secondX="2" secondY="2"><Coding guid="k1"><CodeRef targetGUID="c1"/></Coding>'
        f"</PDFSelection>{inner}</PDFSource>"
        '<AudioSource guid="m1" name="Talk.m4a"><Transcript guid="t1" name="Talk" '
        f'plainTextPath="internal://one.txt"><SyncPoint guid="y1" position="{LEEKS[0]}"/>'
        f'<SyncPoint guid="y2" position="{LEEKS[1]}"/><TranscriptSelection guid="x1" '
        'fromSyncPoint="y1" toSyncPoint="y2"><Coding guid="k2" '
        f'creatingUser="{ANA}"><CodeRef targetGUID="c1"/></Coding></TranscriptSelection>'
        f"</Transcript></AudioSource>"
        f'<PictureSource guid="i1" name="Plot.jpg"><Coding guid="k3"><CodeRef targetGUID="c1"/>'
        "</Coding></PictureSource>"
    )
    assert film
    project = read(qdpx(tmp_path / "p.qdpx", project_xml(sources)))
    assert [(s.name, s.kind) for s in project.sources] == [
        ("Report.pdf", "pdf"),
        ("Talk", "transcript"),
    ]
    assert quotes(project) == [*EXPECTED, EXPECTED[0]]
    assert {s.what: s.why for s in project.skipped} == {
        "1 coding of Plot.jpg": "given to the whole text, not to a passage of it",
        "1 coding of PDF sources": "on an area of a page, not on its text",
        "Plot.jpg": "no plain text of it is in the project",
    }


def test_notes_become_memos_on_what_they_belong_to(tmp_path: Path) -> None:
    refer = '<NoteRef targetGUID="n1"/>'
    rest = (
        f'<Notes><Note guid="n1" name="Wet" creatingUser="{BEN}"><PlainTextContent>Too wet.'
        '</PlainTextContent></Note><Note guid="n2" name="Plan"><PlainTextContent>Ask more.'
        "</PlainTextContent></Note></Notes><Description>About gardens.</Description>"
    )
    marks = [Mark(*LEEKS, inner=refer + "<Description>Why leeks?</Description>"), MARKS[1]]
    codes = CODES.replace("<Description>", '<NoteRef targetGUID="n3"/><Description>')
    project = read(qdpx(tmp_path / "p.qdpx", project_xml(text(marks), rest=rest, codes=codes)))
    assert [(m.about, m.text, m.who, (m.start, m.end)) for m in project.memos] == [
        ("study", "About gardens.", "", (None, None)),
        ("passage", "Why leeks?", ANA, LEEKS),
        ("passage", "Wet\nToo wet.", BEN, LEEKS),
        ("study", "Plan\nAsk more.", "", (None, None)),
    ]


def test_the_same_guid_twice(tmp_path: Path) -> None:
    sources = text(MARKS) + text((Mark(*HOSE),), name="Other", content=TEXT + "More.", first=9)
    users = ((ANA, "Ana"), (BEN, "Ben"), (ANA, "Anna"))
    codes = CODES + '<Code guid="c1" name="frost" isCodable="true"/>'
    project = read(qdpx(tmp_path / "p.qdpx", project_xml(sources, users=users, codes=codes)))
    assert len({s.key for s in project.sources}) == 2
    assert len({c.key for c in project.codes}) == 4
    assert quotes(project) == [*EXPECTED, ("Ana", "sowing", "She has a long hose")]
    said = " ".join(project.notes)
    assert "Two users have one GUID" in said
    assert "Two codes have one GUID" in said
    assert "“Other” was kept apart" in said


def test_cases_sentiment_and_automatic_codes_are_known_for_what_they_are(tmp_path: Path) -> None:
    codes = CODES + (
        '<Code guid="e0" name="Sentiment" isCodable="true"><Code guid="e1" name="Positive" '
        'isCodable="true"/><Code guid="e2" name="Very negative" isCodable="true"/></Code>'
        '<Code guid="a0" name="Autocoded Themes" isCodable="true"><Code guid="a1" name="hose" '
        'isCodable="true"/></Code>'
    )
    rest = (
        '<Cases><Case guid="k1" name="Gardener 1"><SelectionRef '
        'targetGUID="22222222-0000-4000-8000-000000000001"/></Case></Cases>'
    )
    project = read(qdpx(tmp_path / "p.qdpx", project_xml(text(MARKS), codes=codes, rest=rest)))
    kinds = {code.name: code.kind for code in project.codes if code.kind}
    assert kinds == {
        "Sentiment": "sentiment",
        "Autocoded Themes": "automatic",
        "Gardener 1": "case",
    }
    assert quotes(project)[-1] == ("Ana", "Gardener 1", "Leeks and beans")


def test_a_codebook_alone(tmp_path: Path) -> None:
    file = tmp_path / "codes.qdc"
    file.write_text(
        f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{CODES}</Codes><Sets/></CodeBook>',
        encoding="utf-8",
    )
    project = read(file)
    assert [code.name for code in project.codes] == ["sowing", "help", "tools"]
    assert project.sources == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<Project><Users>", "no well-formed XML"),
        (b"<html xmlns='urn:QDA-XML'/>", "begins with “html”"),
        (b"", "no well-formed XML"),
        (b"PK\x03\x04 and then nothing", "damaged"),
    ],
)
def test_damaged_files_say_what_is_wrong(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "p.qdpx"
    file.write_bytes(data)
    with pytest.raises(DataError, match=said):
        read(file)


def test_an_archive_without_a_project(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no REFI-QDA project"):
        read(archive(tmp_path / "p.qdpx", {"notes.txt": b"x"}))


def test_other_files_are_no_projects(tmp_path: Path) -> None:
    for name, data in {"a.txt": b"Project notes: QDA", "b.xml": b"<Project/>"}.items():
        (tmp_path / name).write_bytes(data)
        found = find_reader(tmp_path / name)
        assert found is None or found.format != "refi-qda"
