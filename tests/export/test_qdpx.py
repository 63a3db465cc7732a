"""REFI-QDA: what the file holds, whose it is, and that every span lies on its words."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from assistant.interchange.export.records import Choice
from assistant.interchange.refi.codebook_writing import write_qdc
from assistant.interchange.refi.layout import to_transcript
from assistant.interchange.refi.naming import STAMP_NAME, mark
from assistant.interchange.refi.stamp import read_stamp
from assistant.interchange.refi.writing import write_qdpx
from assistant.store.database import open_store
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript
from assistant.study import Study, StudyConfig
from tests.export.studies import (
    DEFAULT,
    Garden,
    add_text,
    code,
    exported,
    garden,
    overridden,
    with_a_rejected_one,
)
from tests.export.test_layout import SCRIPTS

AT = "2026-01-02T03:04:05.000+00:00"
P = "{urn:QDA-XML:project:1.0}"
ALL = Choice(decisions=("accept", "open", "reject"))
SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "exchange" / "refi-qda"


class Read:
    """A project as any program would read it."""

    def __init__(self, file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
            self.names = archive.namelist()
            self.raw = archive.read("project.qde")
            self.texts = {
                name.removeprefix("sources/").removesuffix(".txt"): archive.read(name).decode()
                for name in self.names
                if name.startswith("sources/")
            }
        self.root = etree.fromstring(self.raw, etree.XMLParser(huge_tree=True))
        self.users = {u.get("guid"): u.get("name") for u in self.root.iter(P + "User")}
        self.codes = {c.get("guid"): c.get("name") for c in self.root.iter(P + "Code")}
        self.notes = {n.get("guid"): n for n in self.root.iter(P + "Note")}

    def note(self, guid: str) -> str:
        return str(self.notes[guid].findtext(P + "PlainTextContent") or "")

    def stamp_text(self) -> str:
        (found,) = (g for g, n in self.notes.items() if n.get("name") == STAMP_NAME)
        return self.note(found)

    def codings(self) -> list[tuple[str, str, str, str]]:
        """(user, code, the words, note)"""
        found = []
        for source in self.root.iter(P + "TextSource"):
            text = self.texts[source.get("guid")]
            for selection in source.iter(P + "PlainTextSelection"):
                start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
                for coding in selection.iter(P + "Coding"):
                    (ref,) = coding.iter(P + "CodeRef")
                    notes = [self.note(n.get("targetGUID")) for n in coding.iter(P + "NoteRef")]
                    found.append(
                        (
                            self.users[coding.get("creatingUser")],
                            self.codes[ref.get("targetGUID")],
                            text[start:end],
                            "\n".join(notes),
                        )
                    )
        return found


def written_by(made: Garden, choice: Choice = DEFAULT) -> Read:
    file = made.study.folder / "out.qdpx"
    write_qdpx(exported(made.study, made.store, choice), file, AT)
    return Read(file)


def test_people_and_accepted_suggestions_leave_with_their_reasons(tmp_path: Path) -> None:
    read = written_by(garden(tmp_path / "s"))
    assert sorted(read.codings()) == sorted(
        [
            ("Ana", "tools", "=SUM(leeks) and 🌱 beans <b>in</b> the \tshade & sun", ""),
            ("Ana", "tools", "My neighbour does, in the café’s yard.", ""),
            (
                "Ben",
                "weather",
                "My neighbour does, in the café’s yard.",
                "",
            ),
            next(c for c in read.codings() if c[0] == "Second Coder model: model m"),
        ]
    )
    (note,) = (c[3] for c in read.codings() if c[0].startswith("Second Coder model: "))
    assert note.startswith("She says: =SUM(leeks)")
    assert "in run 1." in note
    assert "Confidence that the model stated: 0.50" in note
    assert re.search(r"Lane of this code: accept|Lane of this code: unproven", note)
    assert re.search(r"Accepted by Cleo, 20\d\d-", note)


def test_the_text_is_for_readers(tmp_path: Path) -> None:
    read = written_by(garden(tmp_path / "s"))
    (text,) = read.texts.values()
    assert text == (
        "Interviewer: What do you grow?\n\n"
        "Gardener: =SUM(leeks) and 🌱 beans <b>in</b> the \tshade & sun\n\n"
        "Interviewer: Who waters it?\n\n"
        "Gardener: My neighbour does, in the café’s yard."
    )


def test_open_and_rejected_ones_only_when_asked_for(tmp_path: Path) -> None:
    made = with_a_rejected_one(tmp_path / "s")
    assert {c[0] for c in written_by(made).codings()} == {"Ana"}
    both = [c for c in written_by(made, ALL).codings() if c[0] != "Ana"]
    assert len(both) == 2
    assert any("Rejected by Cleo" in c[3] and "Reason: no tool" in c[3] for c in both)
    assert any("Nobody has decided on it yet." in c[3] for c in both)
    only = written_by(made, Choice(kinds=("model",), decisions=("open",))).codings()
    assert ["Nobody has decided" in c[3] for c in only] == [True]


def test_an_override_stands_in_the_note_of_each_coding(tmp_path: Path) -> None:
    read = written_by(overridden(tmp_path / "s", "the deadline is tomorrow"))
    notes = [c[3] for c in read.codings() if c[0].startswith("Second Coder model: ")]
    assert len(notes) == 2
    for note in notes:
        assert "Accepted in bulk against the evidence, because: the deadline is tomorrow" in note


def test_stored_guids_leave_and_are_the_same_next_time(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    first, again = written_by(made), written_by(made)
    assert first.raw == again.raw
    guids = {c.get("guid") for c in first.root.iter(P + "Coding")}
    ben = next(c.guid for c in codings(made.store) if c.coder.name == "Ben")
    accepted = next(s.guid for s in suggestions(made.store, 1) if s.id == made.accepted)
    assert {ben, accepted} <= guids


def test_memos_are_notes_where_they_belong(tmp_path: Path) -> None:
    read = written_by(garden(tmp_path / "s"))
    (project,) = (
        read.note(n.get("targetGUID"))
        for n in read.root.findall(P + "NoteRef")
        if read.notes[n.get("targetGUID")].get("name") != STAMP_NAME
    )
    assert project == "Gardens are small."
    (of_code,) = (
        n.get("targetGUID") for c in read.root.iter(P + "Code") for n in c if n.tag == P + "NoteRef"
    )
    assert read.note(of_code) == "Should be split?"
    (selection,) = (
        s for s in read.root.iter(P + "PlainTextSelection") if s.find(P + "Coding") is None
    )
    assert read.note(selection[0].get("targetGUID")) == "She laughs here."


def test_nothing_dangles_and_nothing_is_empty(tmp_path: Path) -> None:
    read = written_by(garden(tmp_path / "s"), ALL)
    named = [e.get("guid") for e in read.root.iter() if e.get("guid")]
    assert len(named) == len(set(named))
    for element in read.root.iter():
        for key in ("targetGUID", "creatingUser"):
            if element.get(key):
                assert element.get(key) in named
    order = [child.tag.removeprefix(P) for child in read.root]
    assert order == ["Users", "CodeBook", "Sources", "Notes", "NoteRef", "NoteRef"]
    for name in ("Users", "CodeBook", "Codes", "Sources", "Notes"):
        assert all(len(one) for one in read.root.iter(P + name))


def test_the_stamp_keeps_what_the_format_cannot_say(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    read = written_by(made)
    stamp = read_stamp(read.stamp_text())
    assert stamp is not None
    assert {(c.name, c.kind, c.recipe_sha256) for c in stamp.coders} == {
        ("Ana", "human", ""),
        ("Ben", "human", ""),
        ("model m", "model", "sha256:recipe"),
    }
    (source,) = stamp.sources
    assert source.with_models
    assert source.layout.transcript_sha256 == transcript(made.store, made.transcript_id).sha256
    assert [(s.exposure) for s in stamp.scopes] == ["independent"]
    ben = next(c for c in codings(made.store) if c.coder.name == "Ben")
    for selection in read.root.iter(P + "PlainTextSelection"):
        start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
        if to_transcript(source.layout, start, end) == (ben.start, ben.end):
            group = stamp.group_of(mark(source.layout.source_sha256, "Ben", "weather", start, end))
            assert group is not None
            assert (group.exposure, group.origin) == ("after-model", "review")


def test_people_only_says_that_no_model_is_in_the_file(tmp_path: Path) -> None:
    read = written_by(garden(tmp_path / "s"), Choice(kinds=("human",)))
    stamp = read_stamp(read.stamp_text())
    assert stamp is not None
    assert not stamp.sources[0].with_models
    assert all(c.kind == "human" for c in stamp.coders)


def test_names_cannot_break_the_file(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    key = add_text(made.store, 'A "<b>&\x0b\u202e\n', [("x\x00<", ["one ]]> two"])])
    code(made.store, key, 'E<v>a\x01 & "co"', [("new\x02 <code>", 0, 3)])
    read = written_by(made)
    assert ('E<v>a\ufffd & "co"', "new\ufffd <code>", "one", "") in read.codings()


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "Ana", "רות"]), st.lists(SCRIPTS, min_size=1, max_size=2)),
        min_size=1,
        max_size=4,
    ),
    st.data(),
)
def test_every_span_lies_on_its_words(
    turns: list[tuple[str, list[str]]], data: st.DataObject
) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder, open_store()[0] as store:
        key = add_text(store, "T", turns)
        text = transcript(store, key).text
        starts = st.integers(0, len(text) - 1)
        spans = []
        for _ in range(data.draw(st.integers(0, 5))):
            start = data.draw(starts)
            spans.append(("c", start, data.draw(st.integers(start + 1, len(text)))))
        code(store, key, "Ana", spans)
        file = Path(folder) / "x.qdpx"
        study = Study(Path(folder), StudyConfig())
        counts = write_qdpx(exported(study, store), file, AT)
        read = Read(file)
    assert counts["codings"] == len(spans)
    stamp = read_stamp(read.stamp_text())
    assert stamp is not None
    back = []
    for selection in read.root.iter(P + "PlainTextSelection"):
        first, last = int(selection.get("startPosition")), int(selection.get("endPosition"))
        back += [
            ("c", *to_transcript(stamp.sources[0].layout, first, last))
            for _ in selection.iter(P + "Coding")
        ]
    assert sorted(back) == sorted(spans)


def test_a_codebook_nests_families_and_leaves_examples_behind(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    made.study.codebook_file.write_text(
        "name: G\nfamilies: {Land: What one stands on.}\ncodes:\n"
        "  - {id: soil, name: The soil, family: Land, definition: Earth., include: mud,"
        " exclude: sand, examples: [{text: She sank in, transcript: Garden 1}]}\n"
        "  - {id: clay, parent: soil}\n",
        encoding="utf-8",
    )
    file = tmp_path / "x.qdc"
    counts = write_qdc(exported(made.study, made.store), file)
    root = etree.parse(str(file)).getroot()
    c = "{urn:QDA-XML:codebook:1.0}"
    land = root[0][0]
    assert (land.get("name"), land.get("isCodable")) == ("Land", "false")
    assert land.findtext(c + "Description") == "What one stands on."
    (soil,) = land.findall(c + "Code")
    assert soil.get("name") == "The soil"
    assert soil.findtext(c + "Description") == "Earth.\nInclude: mud\nExclude: sand"
    assert [one.get("name") for one in soil.findall(c + "Code")] == ["clay"]
    assert b"sank" not in file.read_bytes()
    # People used "tools" and "weather", which this codebook does not know: they leave as well.
    assert {one.get("name") for one in root[0]} == {"Land", "tools", "weather"}
    assert counts == {"codes": 4}


@pytest.mark.real
@pytest.mark.parametrize("kind", ["full", "nothing"])
def test_exports_validate_against_the_schema(tmp_path: Path, kind: str) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip(f"the schema is not there ({SCHEMAS})")
    made = garden(tmp_path / "s")
    if kind == "nothing":
        made.study.codebook_file.write_text("name: G\ncodes: []\n", encoding="utf-8")
        made.store.write("UPDATE transcripts SET withdrawn_at = '2026-01-01'")
        made.store.write("DELETE FROM memos")
    read = written_by(made, ALL)
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "Project.xsd")))
    assert schema.validate(read.root), schema.error_log
    if kind == "full":
        file = tmp_path / "x.qdc"
        write_qdc(exported(made.study, made.store), file)
        schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "Codebook.xsd")))
        assert schema.validate(etree.parse(str(file))), schema.error_log
    else:
        assert read.codings() == []
        assert not read.texts
