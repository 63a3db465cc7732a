"""The program's readers take every file of the example study for what it is."""

from __future__ import annotations

import pytest

from assistant.transcripts.reading import read_document
from assistant.transcripts.records import Document, segment_body
from tests.examples.files import CODERS, EXAMPLES, codebook, coded, paragraphs, transcript_names

FORMATS = {".txt": "plain", ".md": "speaker-lines", ".docx": "word"}


def _parts(document: Document) -> list[tuple[str, str]]:
    found = []
    for segment in document.segments:
        start, end = segment_body(document.text, segment)
        found.append((segment.speaker, document.text[start:end]))
    return found


@pytest.mark.parametrize("name", transcript_names())
def test_transcripts(name: str) -> None:
    (file,) = (EXAMPLES / "transcripts").glob(f"{name}.*")
    document = read_document(file)
    assert document.format == FORMATS[file.suffix]
    assert document.language == "en"
    assert (document.title, document.coder, document.codings) == (name, "", ())
    assert _parts(document) == list(paragraphs(name))


@pytest.mark.parametrize("name", transcript_names())
@pytest.mark.parametrize("coder", [*CODERS, "Team"])
def test_codings(name: str, coder: str) -> None:
    book = codebook()
    known = {x for code in book.codes for x in (code.id, code.label, *code.aliases)}
    known |= {rule.pattern for rule in book.ignore}
    folder = "adjudicated" if coder == "Team" else "codings"
    document = read_document(EXAMPLES / folder / f"{name} - {coder}.txt", known_codes=known)
    assert (document.format, document.title, document.coder) == ("delve-text", name, coder)
    assert _parts(document) == list(paragraphs(name))
    expected = {
        (number, label)
        for number, paragraph in enumerate(coded(name, coder))
        for label in paragraph.labels
    }
    bodies = {segment_body(document.text, s): s.index for s in document.segments}
    found = [(bodies[coding.start, coding.end], coding.code) for coding in document.codings]
    assert len(found) == len(set(found))
    assert set(found) == expected
