"""Word documents and pages: codes on their words, readable without colour, nothing runs."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.interchange.export.page import write_html
from assistant.interchange.export.passages import NOT_SHOWN, numbered, passages
from assistant.interchange.export.records import Choice
from assistant.interchange.export.word import write_docx
from assistant.store.database import open_store
from assistant.store.texts.transcripts import transcript
from assistant.study import Study, StudyConfig
from tests.export.studies import add_text, code, empty_study, exported, garden, overridden
from tests.export.test_layout import SCRIPTS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ALL = Choice(decisions=("accept", "open", "reject"))


def commented(file: Path) -> list[tuple[str, str, str]]:
    """(author, first line of the comment, the words between its range marks)"""
    document = docx.Document(str(file))
    running: dict[str, str] = {}
    for element in document.element.body.iter():
        if element.tag == W + "commentRangeStart":
            running[element.get(W + "id")] = ""
        elif element.tag == W + "commentRangeEnd":
            running[element.get(W + "id")] += "\x00"
        else:
            said = {W + "t": element.text or "", W + "tab": "\t", W + "br": "\n"}.get(element.tag)
            if said is not None:
                for key, text in running.items():
                    if not text.endswith("\x00"):
                        running[key] = text + said
    return [
        (c.author, c.paragraphs[0].text, running[str(c.comment_id)].rstrip("\x00"))
        for c in document.comments
    ]


def test_word_has_codes_as_comments_by_their_coders(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    code(made.store, made.transcript_id, "Eva", [("weather", 5, 30), ("tools", 12, 20)])
    file = tmp_path / "x.docx"
    counts = write_docx(exported(made.study, made.store), made.transcript_id, file)
    assert counts == {"comments": 6, NOT_SHOWN: 0}
    found = commented(file)
    planted = "=SUM(leeks) and 🌱 beans <b>in</b> the \tshade & sun"
    assert ("Ana", "tools", planted) in found
    assert ("Second Coder model: model m", "tools", planted) in found
    # Over a border of paragraphs, with the next speaker's name in between.
    assert ("Eva", "weather", "do you grow?Gardener: =SUM(leeks)") in found
    document = docx.Document(str(file))
    bold = [run.text for p in document.paragraphs for run in p.runs if run.bold]
    assert bold == ["Interviewer: ", "Gardener: ", "Interviewer: ", "Gardener: "]
    model = next(c for c in document.comments if c.author.startswith("Second Coder model"))
    assert any("Accepted by Cleo" in p.text for p in model.paragraphs[1:])


def test_overrides_stand_in_word_and_on_the_page(tmp_path: Path) -> None:
    made = overridden(tmp_path / "s", "agreed <today>")
    export = exported(made.study, made.store)
    write_docx(export, made.transcript_id, tmp_path / "x.docx")
    write_html(export, made.transcript_id, tmp_path / "x.html")
    document = docx.Document(str(tmp_path / "x.docx"))
    said = "\n".join(p.text for c in document.comments for p in c.paragraphs)
    assert said.count("because: agreed <today>") == 2
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert page.count("because: agreed &lt;today&gt;") == 2


class Page(HTMLParser):
    """What a reader sees of a page, and everything that is not text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_a_page_stands_alone_and_runs_nothing(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    bad = '<script>alert(1)</script>"'
    key = add_text(made.store, f"T {bad}", [(f"S {bad}", [f"said {bad}"])])
    code(made.store, key, f"C {bad}", [(f"K {bad}", 0, 4)])
    file = tmp_path / "x.html"
    write_html(exported(made.study, made.store, ALL), key, file)
    page = file.read_text(encoding="utf-8")
    assert "<script" not in page
    seen = Page(page)
    for tag, attributes in seen.tags:
        assert tag not in {"script", "link", "img", "iframe", "object"}
        assert not {"src", "href", "style", "onclick"} & set(attributes)
    assert "url(" not in page
    assert "".join(seen.text).count(bad) == 7  # title, heading, coders, speaker, words, code, coder


def test_a_page_can_be_read_without_colour(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file = tmp_path / "x.html"
    counts = write_html(exported(made.study, made.store, ALL), made.transcript_id, file)
    page = file.read_text(encoding="utf-8")
    assert counts == {"codings shown": 4, NOT_SHOWN: 0}
    for kind, line in (("person", "solid"), ("model", "dashed"), ("both", "double")):
        assert re.search(rf"mark\.{kind} {{ text-decoration: underline {line}", page)
    # Ana and the model on the same words: a double line, opened and closed by their numbers.
    assert re.search(
        r'<sup>\[1,2</sup><mark class="both">=SUM.*?</mark><sup>1,2\]</sup>', page, re.S
    )
    assert "Ana (person)" in page
    assert "model m (model, accepted by Cleo)" in page
    assert "Ben (person, after seeing the model)" in page


def test_a_coding_of_white_space_alone_is_said(tmp_path: Path) -> None:
    study, store = empty_study(tmp_path / "s")
    key = add_text(store, "T", [("Ana", ["one"]), ("Ben", ["two"])])
    code(store, key, "Ana", [("tools", 3, 5), ("tools", 2, 6)])
    export = exported(study, store)
    for write, name in ((write_docx, "x.docx"), (write_html, "x.html")):
        counts = write(export, key, tmp_path / name)
        assert list(counts.values()) == [1, 1]
        assert counts[NOT_SHOWN] == 1
    assert commented(tmp_path / "x.docx") == [("Ana", "tools", "eBen: t")]


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "Ana"]), st.lists(SCRIPTS, min_size=1, max_size=2)),
        min_size=1,
        max_size=4,
    ),
    st.data(),
)
def test_pieces_cover_each_coding_and_no_more(
    turns: list[tuple[str, list[str]]], data: st.DataObject
) -> None:
    with open_store()[0] as store:
        key = add_text(store, "T", turns)
        text = transcript(store, key)
        spans = []
        for _ in range(data.draw(st.integers(0, 5))):
            start = data.draw(st.integers(0, len(text.text) - 1))
            spans.append(("c", start, data.draw(st.integers(start + 1, len(text.text)))))
        code(store, key, "Ana", spans)
        export = exported(Study(Path("nowhere"), StudyConfig()), store)
        shown, unseen = numbered(text, export.codings(key))
    assert len(shown) + len(unseen) == len(spans)
    covered: dict[int, str] = {one.number: "" for one in shown}
    for passage in passages(text, shown):
        body = "".join(piece.text for piece in passage.pieces)
        assert body == text.text[passage.pieces[0].start : passage.pieces[-1].end]
        for piece in passage.pieces:
            for one in piece.codings:
                assert one.start <= piece.start
                assert piece.end <= one.end
                covered[one.number] += piece.text
    for one in shown:
        wanted = text.text[one.start : one.end]
        assert "".join(covered[one.number].split()) == "".join(wanted.split())


def test_numbers_in_a_row_are_a_range() -> None:
    from assistant.interchange.export.page import _numbers

    assert _numbers([7, 1, 3, 4, 5, 6]) == "1,3–7"
    assert _numbers([1, 2, 9]) == "1,2,9"
