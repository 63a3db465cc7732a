"""The files of a report: complete, offline, escaped, and without words where none are wanted."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from assistant.codebook.records import Codebook
from assistant.errors import UserError
from assistant.store.database import Store, open_store
from assistant.store.model.runs import run
from eval.disagreements import Gathered, Wanted, gather
from eval.disagreements.writing import DisagreementFiles, Options, write_disagreements
from tests.disagreements.studies import BOOK, book_of, interview, model, person
from tests.eval_report.pages import Element, read

NASTY = "<script>alert('x')</script>"


@pytest.fixture
def store() -> Store:
    return open_store()[0]


def gathered(store: Store, book: Codebook = BOOK, said: str = "was killed") -> Gathered:
    """Two people and a model in one interview; all classes but one."""
    key = interview(
        store,
        "Plot",
        [
            ("Interviewer", "How was the spring in your garden this year?"),
            ("Ida", f"The bean {said} by a frost that nobody had foreseen at all."),
            ("Ida", "And then it rained for a month so that nothing could be sown."),
            ("Interviewer", "What did you do with the tools in all that time?"),
            ("Ida", "=SUM of it: they rusted in the shed, the old spade above all."),
        ],
    )
    codes = [c.id for c in book.codes]
    person(store, key, "Ana", {1: codes[:1], 2: codes[1:2], 4: codes[2:3]})
    person(store, key, "Ben", {1: codes[:1], 2: codes[:1]})
    number = model(store, {key: {2: codes[1:2], 4: codes[2:3]}}, book=book)
    lines = {book.codes[0].id: 7}
    wanted = Wanted(interviewers=("Int*",))
    return gather(store, book, run=run(store, number), wanted=wanted, lines=lines)


def written(
    store: Store, folder: Path, found: Gathered | None = None, **options: Any
) -> tuple[DisagreementFiles, Element, str]:
    made = found or gathered(store)
    lines = {made.codebook.codes[0].id: 7}
    files = write_disagreements(made, lines, Options("Gardens", 1, **options), folder)
    text = files.html.read_text(encoding="utf-8")
    return files, read(text), text


def test_the_page_has_every_disagreement_with_both_sides(store: Store, tmp_path: Path) -> None:
    found = gathered(store)
    files, page, _ = written(store, tmp_path, found)
    assert (
        "Ana, Ben and the model disagree 3 times at 3 passages in 1 transcript: 1 where people"
        in page.text
    )
    cards = page.all("article")
    assert [c.attributes["id"] for c in cards] == [d.key for d in found.disagreements]
    assert len(cards) == 3
    missed = cards[0].text
    for said in ("left out", "People agree, the model differs", "Ana and Ben", "killed"):
        assert said in missed
    assert "does not give Frost" in missed
    assert "Harm done by cold." in missed
    assert "Exclude: Cold that harms nothing." in missed
    assert "How was the spring" in missed, "context"
    confused = next(c for c in cards if "confused" in c.text)
    assert "Because of And then it." in confused.text
    marks = [m.attributes["class"].split() for m in confused.all("mark")]
    assert ["m1", "m2"] in marks, "both spans, also where they overlap"
    assert {s.text for s in confused.all("sup")} == {"1", "2"}
    for path in files.codes:
        assert read(path.read_text(encoding="utf-8")).all("article")


def test_links_lead_to_what_is_there(store: Store, tmp_path: Path) -> None:
    files, page, _ = written(store, tmp_path)
    ids = {e.attributes["id"] for e in page.all() if "id" in e.attributes}
    for link in page.all("a"):
        href = link.attributes["href"]
        if href.startswith("#"):
            assert href[1:] in ids, href
        else:
            assert (tmp_path / href).is_file(), href
    assert len([p for p in files.codes if p.is_file()]) == 3


def test_it_is_offline_and_runs_only_its_own_script(store: Store, tmp_path: Path) -> None:
    _, page, text = written(store, tmp_path)
    assert not re.search(r"https?://|//[a-z]", text.split("<body>")[1].split("<script>")[0])
    policy = next(
        m.attributes["content"]
        for m in page.all("meta")
        if m.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    script = text.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert len(page.all("script")) == 1


def test_what_people_wrote_is_escaped_everywhere(store: Store, tmp_path: Path) -> None:
    book = book_of(
        f"name: x\ncodes:\n  - id: frost\n    name: {NASTY!r}\n    definition: a|b {NASTY}\n"
        "  - id: rain\n    name: '@rain'\n  - id: tools\n"
    )
    files, page, text = written(store, tmp_path, gathered(store, book, NASTY))
    assert len(page.all("script")) == 1
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert "<script>alert" not in files.markdown.read_text(encoding="utf-8").replace("\\<", "")


def test_without_quotes_no_word_is_left(store: Store, tmp_path: Path) -> None:
    found = gathered(store)
    write_disagreements(found, {}, Options("Gardens", 1, quotes=False), tmp_path)
    words = ("killed", "rained", "rusted", "Because", "spring in your")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not [w for w in words if w in text], path
    page = read((tmp_path / "disagreements.html").read_text(encoding="utf-8"))
    assert "characters" in page.all("article")[0].text
    assert not page.all("blockquote")


HIDDEN = "Ana|Ben|[Mm]odel|left out|added|only one side|confused|People|Look at|second look"


def test_hidden_sides_tell_neither_names_nor_kind_until_opened(
    store: Store, tmp_path: Path
) -> None:
    found = gathered(store)
    files, page, text = written(store, tmp_path, found, hide_sides=True)
    for card in page.all("article"):
        assert (card.attributes["data-group"], card.attributes["data-kind"]) == ("", "")
        closed = card.all("details")
        assert len(closed) == 3
        for part in closed:
            (summary,) = part.all("summary")
            assert not re.search(HIDDEN, summary.text)
        outside = card.text
        for part in closed:
            outside = outside.replace(part.text, "")
        assert not re.search(HIDDEN, outside)
    told = "".join(part.text for card in page.all("article") for part in card.all("details"))
    for kind in ("left out", "confused with another code", "Ana", "A second look by"):
        assert kind in told
    # Who did not look says who stands where, too.
    lacking = [d for d in found.disagreements if d.missing]
    assert text.count("Did not look here") == len(lacking)
    # Nothing can be opened in a text or a table: names come at the end, or not at all.
    before, _, after = files.markdown.read_text(encoding="utf-8").partition("## Who is who")
    assert not re.search(HIDDEN, before.partition("## Disagreements")[2])
    assert "Ana" in after
    table = files.csv.read_text(encoding="utf-8-sig")
    assert "side 1: gives" in table
    assert not re.search(HIDDEN, table)


def test_hidden_sides_are_all_told_as_one(store: Store, tmp_path: Path) -> None:
    """Two that agree would else be known by the plural."""
    plural = re.compile(r"\bgive [a-zF]|\bdo not give\b|\bgive neither\b")
    found = gathered(store)
    assert plural.search(written(store, tmp_path / "open", found)[1].all("body")[0].text)
    hidden = written(store, tmp_path / "hidden", found, hide_sides=True)[1]
    said = [side.text for card in hidden.all("article") for side in card.all("summary")]
    assert said
    sides = [text for text in said if not text.startswith("What kind")]
    assert all("gives" in side or "does not give" in side for side in sides)


def test_the_order_of_hidden_sides_is_drawn_and_stays(store: Store, tmp_path: Path) -> None:
    key = interview(store, "Long", 40)
    person(store, key, "Ana", {n: ["frost"] for n in range(0, 40, 2)})
    person(store, key, "Ben", {})
    found = gather(store, BOOK)
    one = written(store, tmp_path / "a", found, hide_sides=True)[2]
    other = written(store, tmp_path / "b", found, hide_sides=True)[2]
    assert one == other
    firsts = [c.all("details")[0].text for c in read(one).all("article")]
    ana = sum("Ana" in text for text in firsts)
    assert 3 < ana < 17


def test_table_for_spreadsheets_starts_no_formula(store: Store, tmp_path: Path) -> None:
    files, _, _ = written(store, tmp_path)
    rows = list(csv.DictReader(io.StringIO(files.csv.read_text(encoding="utf-8-sig"))))
    assert len(rows) == 3
    by_code = {row["codes"]: row for row in rows}
    assert by_code["tools"]["Ana: marks"].startswith("'=SUM")
    assert by_code["tools"]["Ben: gives"] == "none"
    assert not [v for row in rows for v in row.values() if v[:1] in ("=", "+", "@")]


def test_json_holds_all_of_it(store: Store, tmp_path: Path) -> None:
    found = gathered(store)
    files, _, _ = written(store, tmp_path, found)
    content = json.loads(files.json.read_text(encoding="utf-8"))
    assert len(content["disagreements"]) == len(found.disagreements)
    assert content["confusable"][0]["times"] == 1
    assert {row["code"] for row in content["codes"]} == {"frost", "rain", "tools"}


def test_markdown_shows_marks_by_number(store: Store, tmp_path: Path) -> None:
    files, _, _ = written(store, tmp_path)
    text = files.markdown.read_text(encoding="utf-8")
    assert "⟦1 " in text
    assert " 1⟧" in text
    assert "codebook, line 7" in text


def test_a_folder_that_cannot_be_written(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="cannot be written"):
        write_disagreements(gathered(store), {}, Options("G"), tmp_path / "file")


def test_two_codes_that_differ_in_case_have_two_pages(store: Store, tmp_path: Path) -> None:
    book = book_of("name: x\ncodes:\n  - id: Frost\n  - id: frost\n  - id: 'a/b: c'\n")
    files, _, _ = written(store, tmp_path, gathered(store, book))
    assert len({p.name.lower() for p in files.codes}) == 3
