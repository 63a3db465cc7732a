"""Word documents with codes as comments, and Dedoose's export of one coder."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from assistant.errors import DataError
from assistant.interchange.projects.readers import ReadOptions
from assistant.interchange.projects.records import Project
from assistant.interchange.readers.word_comments import detects, read_project
from tests.conftest import REPOSITORY

DEDOOSE = REPOSITORY.parent / "shared" / "exchange" / "dedoose"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
W15 = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def start(key: int) -> str:
    return f'<w:commentRangeStart w:id="{key}"/>'


def end(key: int) -> str:
    return f'<w:commentRangeEnd w:id="{key}"/><w:r><w:commentReference w:id="{key}"/></w:r>'


def comment(key: int, author: str, *paragraphs: str) -> str:
    inside = "".join(
        f'<w:p w14:paraId="{key:04d}{n:04d}">{run(p)}</w:p>' for n, p in enumerate(paragraphs)
    )
    return f'<w:comment w:id="{key}" w:author="{author}" w:date="2026-01-01">{inside}</w:comment>'


def make(
    path: Path, body: str, comments: str, *, creator: str = "", replies: str = "", before: str = ""
) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "word/document.xml", f"{before}<w:document {W}><w:body>{body}</w:body></w:document>"
        )
        archive.writestr("word/comments.xml", f"<w:comments {W} {W14}>{comments}</w:comments>")
        if creator:
            dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
            archive.writestr("docProps/core.xml", f"<p {dc}><dc:creator>{creator}</dc:creator></p>")
        if replies:
            archive.writestr(
                "word/commentsExtended.xml", f"<w15:commentsEx {W15}>{replies}</w15:commentsEx>"
            )
    return path


def said(project: Project) -> list[tuple[str, str, str]]:
    text = project.sources[0].text
    return [(c.coder, c.code, text[c.start : c.end]) for c in project.codings]


BODY = (
    f"<w:p>{run('Rosa: I was ')}{start(1)}{run('shaking ')}{start(2)}"
    f"<w:ins>{run('all')}</w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>{end(1)}"
    f"{run(' night.')}</w:p><w:p>{run('Bo: It was cold.')}{end(2)}</w:p>"
    f"<w:p>{run('Rosa: Yes 😀 it was.')}<w:r><w:commentReference w:id='3'/></w:r></w:p>"
)


def test_ranges_authors_and_several_codes(tmp_path: Path) -> None:
    comments = (
        comment(1, "Ana", "fear; body", "night")
        + comment(2, "Bo", "fear")
        + comment(3, "Ana", "weather")
        + comment(4, "Ana", "yes")
        + comment(5, "Ana", "fear")
    )
    replies = '<w15:commentEx w15:paraId="00040000" w15:paraIdParent="00010000"/>'
    path = make(tmp_path / "Talk 1.docx", BODY, comments, replies=replies)
    assert detects(path, path.read_bytes()[:4096])
    project = read_project(path, ReadOptions())
    assert project.format == "word-comments"
    assert said(project) == [
        ("Ana", "fear", "shaking all"),
        ("Ana", "body", "shaking all"),
        ("Ana", "night", "shaking all"),
        ("Bo", "fear", "all night.\n\nBo: It was cold."),
        ("Ana", "weather", "Rosa: Yes 😀 it was."),
    ]
    assert [skip.why for skip in project.skipped] == [
        "a reply to another comment",
        "a comment that stands nowhere in the text",
    ]
    assert project.sources[0].lost == 1
    assert any("whole paragraph" in note for note in project.notes)
    assert "gone" not in project.sources[0].text


def test_remarks_are_no_codes(tmp_path: Path) -> None:
    remarks = (
        "I think that she means the other choir here, please check.",
        "Is this the right name?",
        "fear",
    )
    comments = "".join(comment(n, "Ana", text) for n, text in enumerate(remarks, 1))
    path = make(tmp_path / "a.docx", BODY, comments)
    assert not detects(path, path.read_bytes()[:4096])
    bare = make(tmp_path / "b.docx", BODY, "")
    assert not detects(bare, bare.read_bytes()[:4096])


ASKS = "I am really not sure about this one, should we talk about it when we meet next week?"
LATER = "Look again at what she says of the lake on the second day of the camp."
HOME = "I feel at home."


def coded(path: Path, *texts: str) -> Path:
    """A document with these comments, each on a passage of its own, behind short codes."""
    every = (*["fear", "night"] * 5, *texts)
    body = "".join(
        f"<w:p>{start(n)}{run(f'Passage {n}.')}{end(n)}</w:p>" for n in range(len(every))
    )
    return make(path, body, "".join(comment(n, "Ana", *t.split("|")) for n, t in enumerate(every)))


def test_a_sentence_among_codes_is_a_memo_and_named(tmp_path: Path) -> None:
    path = coded(tmp_path / "Talk.docx", f"night|{ASKS}", HOME, f"fear; {LATER}")
    assert detects(path, path.read_bytes()[:4096])
    project = read_project(path, ReadOptions())
    assert [code.name for code in project.codes] == ["fear", "night", HOME]
    assert [coding.code for coding in project.codings[-3:]] == ["night", HOME, "fear"]
    text = project.sources[0].text
    assert [(m.text, m.who, text[m.start : m.end]) for m in project.memos] == [
        (ASKS, "Ana", "Passage 10."),
        (LATER, "Ana", "Passage 12."),
    ]
    assert project.skipped == ()
    memos, codes = project.notes[-2:]
    assert "2 comments are sentences and no codes" in memos
    assert f"comment 11 by Ana, “{ASKS}”" in memos
    assert "name it in the codebook and import" in memos
    assert f"Taken as a code though it may be a remark: comment 12 by Ana, “{HOME}”." in codes


@pytest.mark.parametrize(
    ("texts", "known"),
    [
        ((ASKS,), (ASKS.upper(),)),  # somebody named it
        ((ASKS, ASKS), ()),  # it repeats
    ],
)
def test_what_has_a_sign_of_a_code_is_one(
    tmp_path: Path, texts: tuple[str, ...], known: tuple[str, ...]
) -> None:
    project = read_project(coded(tmp_path / "Talk.docx", *texts), ReadOptions(codes=known))
    assert project.memos == ()
    assert ASKS in [coding.code for coding in project.codings]


def test_where_no_code_repeats_a_sentence_is_a_code_and_named(tmp_path: Path) -> None:
    body = "".join(f"<w:p>{start(n)}{run(f'Passage {n}.')}{end(n)}</w:p>" for n in range(6))
    words = ("fear", "night", "cold", "body", "water", ASKS)
    comments = "".join(comment(n, "Ana", text) for n, text in enumerate(words))
    project = read_project(make(tmp_path / "Talk.docx", body, comments), ReadOptions())
    assert (project.memos, project.codings[-1].code) == ((), ASKS)
    assert any("though it may be a remark" in note for note in project.notes)


def test_three_exports_of_dedoose_are_one_text(tmp_path: Path) -> None:
    projects = []
    for name, codes in (("coder_a", ["fear"]), ("coder_b", ["fear", "body"])):
        path = make(tmp_path / f"{name}.docx", BODY, comment(1, "Coder", "Codes (3-90)", *codes))
        assert detects(path, path.read_bytes()[:4096])
        projects.append(read_project(path, ReadOptions()))
    assert [project.format for project in projects] == ["dedoose-word"] * 2
    assert projects[0].sources[0].text == projects[1].sources[0].text
    assert said(projects[1]) == [
        ("coder_b", "fear", "shaking all"),
        ("coder_b", "body", "shaking all"),
    ]
    named = read_project(tmp_path / "coder_a.docx", ReadOptions(coder="Ana"))
    assert [coder.name for coder in named.coders] == ["Ana"]


def test_our_own_document_keeps_model_and_remarks_apart(tmp_path: Path) -> None:
    comments = comment(1, "Second Coder model: tiny", "fear", "She shakes; so she fears.")
    path = make(tmp_path / "a.docx", BODY, comments, creator="Second Coder")
    assert detects(path, path.read_bytes()[:4096])
    project = read_project(path, ReadOptions())
    (coder,) = project.coders
    assert (coder.name, coder.kind) == ("tiny", "model")
    (coding,) = project.codings
    assert (coding.code, coding.note) == ("fear", "She shakes; so she fears.")


def test_hostile_documents(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("what stands in another file", encoding="utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    body = f"<w:p>{start(1)}<w:r><w:t>words &s;here</w:t></w:r>{end(1)}</w:p>"
    path = make(tmp_path / "a.docx", body, comment(1, "Ana", "fear"), before=entity)
    text = read_project(path, ReadOptions()).sources[0].text
    assert "words" in text
    assert "stands in another file" not in text
    cut = path.read_bytes()[:-40]
    assert not detects(path.with_name("gone.docx"), cut)
    path.write_bytes(cut)
    with pytest.raises(DataError, match="damaged"):
        read_project(path, ReadOptions())
    broken = make(tmp_path / "b.docx", "<w:p>", comment(1, "Ana", "fear"))
    with pytest.raises(DataError, match="damaged"):
        read_project(broken, ReadOptions())


def test_what_the_program_writes_itself(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.core_properties.author = "Second Coder"
    paragraph = document.add_paragraph()
    first = paragraph.add_run("It was cold")
    paragraph.add_run(" in there.")
    note = document.add_comment([first], text="weather", author="Ana", initials="A")
    note.add_paragraph("Made by a person after seeing a model's suggestions.")
    out = io.BytesIO()
    document.save(out)
    path = tmp_path / "Talk 1.docx"
    path.write_bytes(out.getvalue())
    assert said(read_project(path, ReadOptions())) == [("Ana", "weather", "It was cold")]


@pytest.mark.real
def test_real_exports_of_dedoose() -> None:
    if not DEDOOSE.is_dir():
        pytest.skip(f"the real files are not there ({DEDOOSE})")
    projects = [read_project(path, ReadOptions()) for path in sorted(DEDOOSE.glob("coder_?.docx"))]
    assert [len(project.codings) for project in projects] == [6, 5, 5]
    assert len({project.sources[0].text for project in projects}) == 1
    assert len({code.name for project in projects for code in project.codes}) == 6
    assert not [skip for project in projects for skip in project.skipped]
