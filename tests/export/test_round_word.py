"""Study -> Word documents -> study: the same transcripts, no span moved."""

from __future__ import annotations

import re
import tempfile
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assistant.interchange.export.exporting import export_study
from assistant.interchange.export.records import Choice
from assistant.interchange.export.word import write_docx
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.database import Store, open_store
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.verify import verify
from assistant.study import Study, StudyConfig
from assistant.transcripts.decoding import clean_text
from assistant.transcripts.lines import squeeze
from assistant.transcripts.records import Segment
from tests.export.studies import add_text, code, exported
from tests.export.test_layout import SCRIPTS

TURNS = (
    ("Interviewer", ["How did it begin?"]),
    (
        "Rosa",
        ["My sister took me along 🌱.", "a line that goes on in small letters", "Note: cold."],
    ),
    ("", ["Somebody laughs here."]),
    ("Rosa", ["Yes."]),
    ("Rosa", ["It was in the café’s yard."]),
)
"""Two paragraphs in a turn, a turn of nobody, the same speaker twice, a name that occurs once."""


def written(store: Store, key: int, file: Path) -> None:
    write_docx(exported(Study(file.parent, StudyConfig()), store), key, file)


def text_of(store: Store, name: str) -> tuple[str, str, str, tuple[Segment, ...]]:
    (info,) = (one for one in transcript_infos(store) if one.name == name)
    one = transcript(store, info.id)
    return one.text, one.sha256, one.language, one.segments


def places(store: Store) -> set[tuple[str, str, int, int, str]]:
    return {(c.coder.name, c.code, c.start, c.end, c.quote) for c in codings(store)}


def fresh(file: Path) -> Store:
    store, _ = open_store()
    (report,) = import_files(store, [file], ImportOptions()).projects
    assert report.not_placed == ()
    assert verify(store).findings == ()
    return store


def test_text_segments_and_places_are_the_same(tmp_path: Path) -> None:
    with open_store()[0] as store:
        key = add_text(store, "Talk 1", TURNS)
        text = transcript(store, key).text
        sister = text.index("sister")
        code(store, key, "Ana", [("family", sister, text.index(" laughs")), ("no", 4, 12)])
        written(store, key, tmp_path / "another name.docx")
        with fresh(tmp_path / "another name.docx") as back:
            assert text_of(back, "Talk 1") == text_of(store, "Talk 1")
            assert places(back) == places(store)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["n" * 255, "Talk " * 60 + "1", "語" * 300])
def test_a_long_name_is_whole_when_it_comes_back(name: str, tmp_path: Path) -> None:
    with open_store()[0] as store:
        key = add_text(store, name, TURNS)
        code(store, key, "Ana", [("family", 0, 3)])
        written(store, key, tmp_path / "x.docx")
        with fresh(tmp_path / "x.docx") as back:
            assert text_of(back, name) == text_of(store, name)
            assert places(back) == places(store)
        study = Study(tmp_path, StudyConfig())
        for format in ("docx", "html"):
            done = export_study(study, store, format, Choice(), policy_sha256="sha256:policy")
            assert [path.is_file() for path in done.files] == [True]


def test_a_transcript_that_nobody_coded_comes_back_too(tmp_path: Path) -> None:
    with open_store()[0] as store:
        key = add_text(store, "Talk 1", TURNS)
        written(store, key, tmp_path / "Talk 1.docx")
        with fresh(tmp_path / "Talk 1.docx") as back:
            assert text_of(back, "Talk 1") == text_of(store, "Talk 1")


@pytest.mark.slow
@settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "Ana", "Zed", "רות"]),
            st.lists(
                SCRIPTS.map(lambda s: squeeze(clean_text("x" + s)[0])), min_size=1, max_size=3
            ),
        ),
        min_size=1,
        max_size=5,
    ),
    st.data(),
)
def test_any_text(turns: list[tuple[str, list[str]]], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder, open_store()[0] as store:
        key = add_text(store, "T", turns)
        text = transcript(store, key).text
        if any((ord(c) < 32 and c != "\n") or 0xFFFE <= ord(c) <= 0xFFFF for c in text):
            return  # Word cannot hold these
        spans = set()
        for _ in range(3):
            start = data.draw(st.integers(0, len(text) - 1))
            end = data.draw(st.integers(start + 1, len(text)))
            said = text[start:end]
            if said.strip():
                start += len(said) - len(said.lstrip())
                spans.add(("fear", start, start + len(said.strip())))
        code(store, key, "Eva", sorted(spans))
        written(store, key, Path(folder) / "T.docx")
        with fresh(Path(folder) / "T.docx") as back:
            assert text_of(back, "T")[::3] == text_of(store, "T")[::3]
            assert places(back) == places(store)


def edited(file: Path, change: tuple[str, str]) -> None:
    """As somebody changed it in Word, and other programs leave out what they do not know."""
    document = docx.Document(str(file))
    document.core_properties.identifier = ""
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace(*change)
    document.save(str(file))


def test_an_edited_document_keeps_speakers_and_paragraphs(tmp_path: Path) -> None:
    with open_store()[0] as store:
        key = add_text(store, "Talk 1", TURNS)
        text = transcript(store, key).text
        code(store, key, "Ana", [("family", text.index("café"), len(text))])
        file = tmp_path / "Talk 1.docx"
        written(store, key, file)
        edited(file, ("It was", "It was all"))
        with fresh(file) as back:
            ((_, _, start, _, quote),) = places(back)
            assert quote == "café’s yard."
            assert text_of(back, "Talk 1")[0] == text.replace("It was", "It was all")
            assert start == text.index("café") + 4
            speakers = [one.speaker for one in text_of(back, "Talk 1")[3]]
            assert speakers == [one.speaker for one in transcript(store, key).segments]


@pytest.mark.parametrize("what", ["a table", "white space"])
def test_what_cannot_be_told_is_read_like_any_document(what: str, tmp_path: Path) -> None:
    """The title never becomes part of what was said."""
    with open_store()[0] as store:
        turns = [("Rosa", ["Yes, we do."]), ("Cem", ["No, we do not."])] * 3
        key = add_text(store, "Talk 1", turns)
        code(store, key, "Ana", [("no", 0, 3)])
        file = tmp_path / "Talk 1.docx"
        written(store, key, file)
        document = docx.Document(str(file))
        if what == "a table":
            document.add_table(1, 1).cell(0, 0).text = "Rosa: What is more."
        else:
            document.paragraphs[1].runs[-1].text += "  well   \t then"
        document.save(str(file))
        with fresh(file) as back:
            text, _, _, segments = text_of(back, "Talk 1")
            assert text.startswith("Yes, we do.")
            assert {one.speaker for one in segments} == {"Rosa", "Cem"}
            assert [c.quote for c in codings(back)] == ["Yes"]


def test_nothing_hidden_but_hashes_and_language(tmp_path: Path) -> None:
    with open_store()[0] as store:
        key = add_text(store, "Talk 1", TURNS)
        code(store, key, "Ana", [("family", 4, 12)])
        written(store, key, tmp_path / "Talk 1.docx")
        one = transcript(store, key)
    document = docx.Document(str(tmp_path / "Talk 1.docx"))
    assert document.core_properties.identifier == one.sha256
    assert document.core_properties.language == one.language
    with zipfile.ZipFile(tmp_path / "Talk 1.docx") as archive:
        own = archive.read("docProps/custom.xml").decode()
    assert re.findall(r'name="([^"]*)"', own) == ["Second Coder comments 1"]
    assert re.fullmatch(r"[0-9a-f]{8}", re.findall(r"<vt:lpwstr>([^<]*)<", own)[0])
