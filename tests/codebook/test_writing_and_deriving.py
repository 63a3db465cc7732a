"""What is written reads back the same; what is derived holds what was found, no more."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.codebook.deriving import CodedPassage, ProposedAlias, derive, derived_yaml
from assistant.codebook.loading import load_codebook, parse_codebook
from assistant.codebook.records import Code, Codebook, Example, Ignored
from assistant.codebook.writing import codebook_yaml, write_codebook
from assistant.shipped import shipped_codebooks

# Texts as the loader gives them: NFC, without white space around them.
_words = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["no", "1984", "~", "null", "a: b", "# x", "- y", "*z", "&q", "!t", "'", '"', "%d", "@e",
         "{a}", "[b]", "a\nb", "a\n\n b", "tail \nx", "word " * 40 + "end", "1e3", "0x1F", "---",
         "\u2028", "é\u0301", "\U0001f600", "a\tb", "\ufeffx", "a\x85b", "x\r\ny", "=", "<<", "?"]
    ),
)  # fmt: skip
texts = _words.map(lambda t: unicodedata.normalize("NFC", t).strip()).filter(
    lambda t: "\x00" not in t and not any(0xD800 <= ord(c) <= 0xDFFF for c in t)
)
filled = texts.filter(bool)


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    ids = draw(st.lists(filled.filter(lambda t: "\n" not in t), max_size=4, unique=True))
    shown = st.builds(Example, text=filled, transcript=texts, applies=st.booleans())
    codes = tuple(
        Code(
            id=code_id,
            name=draw(texts),
            definition=draw(texts),
            include=draw(texts),
            exclude=draw(texts),
            examples=tuple(draw(st.lists(shown, max_size=2))),
            aliases=tuple(draw(st.lists(filled, max_size=2))),
            kind=draw(st.sampled_from(("semantic", "latent"))),
        )
        for code_id in ids
    )
    ignore = draw(st.lists(st.builds(Ignored, pattern=filled, why=texts), max_size=2))
    return Codebook(
        name=draw(filled),
        version=draw(filled),
        families=draw(st.dictionaries(filled, texts, max_size=2)),
        ignore=tuple({rule.pattern: rule for rule in ignore}.values()),
        codes=codes,
    )


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(book=codebooks(), comment=st.text(max_size=30))
@example(book=Codebook(name="x", codes=(Code(id="word " * 40 + "end"),)), comment="")
def test_what_is_written_reads_back_the_same(book: Codebook, comment: str) -> None:
    comments = {code.id: [comment] for code in book.codes}
    text = codebook_yaml(book, header=[comment], code_comments=comments, empty_definitions=True)
    assert parse_codebook(text, "c") == book


def test_long_texts_stand_over_several_lines(tmp_path: Path) -> None:
    long = "Somebody says that the price of something troubles them. " * 4
    book = Codebook(
        name="x",
        codes=(Code(id="cost", definition=long.strip(), include="First.\n\nSecond."),),
    )
    file = tmp_path / "c.yaml"
    write_codebook(file, book, header=["For you"])
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# For you\n")
    assert max(len(line) for line in text.split("\n")) <= 110
    assert "include: |-\n      First.\n\n      Second.\n" in text
    assert load_codebook(file) == book


def test_the_starter_with_its_example_uncommented_is_a_codebook() -> None:
    lines = (shipped_codebooks() / "starter.yaml").read_text(encoding="utf-8").split("\n")
    opened = [
        line.replace(" {}", "").replace(" []", "", 1)
        if line in ("families: {}", "ignore: []", "codes: []")
        else line
        for line in lines
    ]
    text = "\n".join(" " + line[1:] if line.startswith("# " + " ") else line for line in opened)
    book = parse_codebook(text, "starter.yaml")
    (code,) = book.codes
    assert (code.id, code.family, len(code.examples)) == ("cost-worry", "Money", 2)
    assert [rule.pattern for rule in book.ignore] == ["Q[0-9]*", "Misc"]


USES = [
    CodedPassage("soil-worry", "It is all clay down there and nothing grows.", "Ada", "P"),
    CodedPassage("soil-worry", "It is all clay down there and nothing grows.", "Ada", "Q"),
    CodedPassage("soil-worry", "The clay again, every single spring, I could cry.", "Ada", "P"),
    CodedPassage("soil-worry", "You dig and you dig and it is stones.", "Ben", "Q"),
    CodedPassage("soil-worry", "word " * 100, "Cleo", "Q"),
    CodedPassage("Soil worries", "Clay.", "Ben", "Q"),
    CodedPassage("worry-soil", "Nothing but couch grass and clay.", "Ben", "P"),
    CodedPassage("pride", "Look at those beans, I grew every one.", "Ben", "P"),
]


def test_derive_takes_names_as_they_are_and_proposes_spellings() -> None:
    book, proposals = derive("Allotments", USES)
    assert [code.id for code in book.codes] == ["soil-worry", "Soil worries", "pride", "worry-soil"]
    assert all(not code.aliases and not code.definition for code in book.codes)
    assert proposals == (
        ProposedAlias(
            "Soil worries", "soil-worry", "case and plural and hyphen, space or underscore"
        ),
        ProposedAlias("worry-soil", "soil-worry", "order of words"),
    )


def test_passages_are_verbatim_varied_and_name_their_transcript() -> None:
    book, _ = derive("Allotments", USES)
    examples = book.by_id["soil-worry"].examples
    assert len(examples) == 3
    assert {example.transcript for example in examples} == {"Ada", "Ben", "Cleo"}
    said = {
        use.transcript: [u.text for u in USES if u.transcript == use.transcript] for use in USES
    }
    for shown in examples:
        assert any(shown.text in text for text in said[shown.transcript])
        assert len(shown.text.split()) <= 60


def test_derived_yaml_loads_and_says_what_is_proposed() -> None:
    book, proposals = derive("Allotments", USES)
    text = derived_yaml(book, proposals, USES)
    assert parse_codebook(text, "c") == book
    assert "# 5 codings in 3 transcripts (Q 3, P 2)\n" in text
    assert "# proposed alias of soil-worry: differs in order of words\n" in text
    assert "# proposed alias: worry-soil (1 coding)\n" in text
    assert "4 names, 8 codings, 3 transcripts, 2 coders." in text
    assert text.count("    definition:\n") == 4


def test_nothing_used_gives_an_empty_codebook() -> None:
    book, proposals = derive("x", [])
    assert (book.codes, proposals) == ((), ())
    assert parse_codebook(derived_yaml(book, proposals, []), "c") == book
