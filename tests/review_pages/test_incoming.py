"""A codebook that is dropped is compared with the own one, and taken only when somebody says so."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

from assistant.codebook.loading import parse_codebook
from assistant.interchange.study_codebook.editing import codebook_text, text_hash
from assistant.store.database import open_store
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.versions import codebook_versions
from assistant.study import Study, create_study

NEW = """\
# Of the other group
name: Shed
codes:
  - id: tools
    definition: Spades, and what is done with them.
  - id: weather
    definition: What the sky does to the garden.
  - id: quiet
    definition: <b>Nobody</b> says a word.
"""
QDC = """\
<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Other 1">
 <Codes>
  <Code guid="11111111-1111-4111-8111-111111111111" name="Tools" isCodable="true" color="#ff0000"/>
  <Code guid="22222222-2222-4222-8222-222222222222" name="Fences" isCodable="true">
   <Description>What stands between gardens.</Description>
  </Code>
 </Codes>
</CodeBook>
"""


def drop(client: TestClient, name: str, text: str | bytes) -> tuple[int, str]:
    data = text.encode() if isinstance(text, str) else text
    answer = client.post("/import", files={"files": (name, data, "application/octet-stream")})
    return answer.status_code, answer.text


def posted(page: str) -> dict[str, str]:
    """The fields of the form that takes the codebook, as a browser would send them."""
    found = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    }
    text = re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert text is not None
    return {**found, "text": html.unescape(text[1]).replace("\n", "\r\n")}


def test_what_would_change_is_shown_and_nothing_is_changed(
    client: TestClient, study: Study
) -> None:
    before = codebook_text(study)
    status, page = drop(client, "theirs.yaml", NEW)
    assert status == 200
    assert "Nothing has been changed yet" in page
    cells = re.findall(
        r'<th scope="row">(would [^<:]*).*?</th><td>(.*?)</td><td class="number">(.*?)</td>', page
    )
    found = {words: (codes, count) for words, codes, count in cells}
    assert found["would be new"][0] == "quiet"
    assert found["would be gone"][0] == "sharing"
    assert int(found["would be gone"][1]) > 0
    assert found["would have another definition"][0] == "tools"
    assert "<b>Nobody</b>" not in page
    assert "<del>" in page
    assert codebook_text(study) == before
    with open_store(study.database)[0] as store:
        assert [i.name for i in transcript_infos(store)] == ["Shed 1"], "it is no transcript"
    assert not list(study.transcripts_folder.glob("theirs*"))


def test_it_takes_the_place_of_the_old_one_which_is_kept(client: TestClient, study: Study) -> None:
    before = codebook_text(study)
    _, page = drop(client, "theirs.yaml", NEW)
    answer = client.post("/import/codebook", data={**posted(page), "way": "replace"})
    assert "The codebook is saved" in answer.text
    assert codebook_text(study) == NEW
    with open_store(study.database)[0] as store:
        kept = [v.sha256 for v in codebook_versions(store)]
    assert kept == [parse_codebook(t, "").sha256 for t in (before, NEW)]
    page = client.get("/codebook").text
    listed = re.findall(r"<li><strong>(\d\.)</strong>.*?<code[^>]*>(\w+)</code>", page)
    assert listed == [("2.", kept[1][7:19]), ("1.", kept[0][7:19])], "whatever the file calls them"


def test_only_what_is_missing_is_added(client: TestClient, study: Study) -> None:
    before = codebook_text(study)
    _, page = drop(client, "theirs.yml", NEW)
    assert "Add the 1 missing code" in page
    client.post("/import/codebook", data={**posted(page), "way": "add"})
    after = codebook_text(study)
    assert after.startswith(before)
    assert [c.id for c in parse_codebook(after, "").codes] == [
        "tools",
        "weather",
        "sharing",
        "quiet",
    ]


def test_a_code_of_ours_under_another_id_is_not_missing(client: TestClient, study: Study) -> None:
    _, page = drop(
        client, "theirs.yaml", codebook_text(study).replace("- id: weather", "- id: sky")
    )
    assert "weather → sky" in page
    assert 'value="add"' not in page


def test_a_codebook_changed_meanwhile_is_not_overwritten(client: TestClient, study: Study) -> None:
    _, page = drop(client, "theirs.yaml", NEW)
    changed = codebook_text(study).replace("garden", "orchard")
    study.codebook_file.write_text(changed, encoding="utf-8")
    for way in ("replace", "add"):
        answer = client.post("/import/codebook", data={**posted(page), "way": way})
        assert answer.status_code == 400
        assert "changed meanwhile" in answer.text
    assert codebook_text(study) == changed


def test_a_mistake_is_said_with_its_line_and_nothing_is_offered(
    client: TestClient, study: Study
) -> None:
    before = codebook_text(study)
    status, page = drop(client, "theirs.yaml", NEW.replace("definition: Spades", "colour: Spades"))
    assert status == 400
    assert "theirs.yaml, line 5" in page
    assert '<li value="5" class="wrong-line"><code>    colour: Spades' in page
    assert "/tmp" not in page.partition("<main")[2]
    assert 'action="/import/codebook"' not in page
    for wrong in ("codes: [", b"name: \xff\xfe", "", "name: x\ncodes: many\n"):
        status, page = drop(client, "b.yaml", wrong)
        assert status == 400, wrong
        assert "b.yaml" in page
        assert "What to do:" in page
    assert codebook_text(study) == before


def test_a_codebook_of_another_tool(client: TestClient, study: Study) -> None:
    before = codebook_text(study)
    status, page = drop(client, "Other.qdc", QDC)
    assert status == 200
    assert "a codebook of REFI-QDA with 2 codes" in page
    assert "1 colour of codes" in page
    assert codebook_text(study) == before
    client.post("/import/codebook", data={**posted(page), "way": "add"})
    made = parse_codebook(codebook_text(study), "")
    assert [c.id for c in made.codes] == ["tools", "weather", "sharing", "Fences"]
    assert made.by_id["Fences"].definition == "What stands between gardens."
    status, page = drop(client, "broken.qdc", "<CodeBook><Codes>")
    assert status == 400
    assert "broken.qdc" in page


def test_in_a_new_study_it_becomes_the_codebook(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    study = create_study(tmp_path / "new", name="New")
    client = opened(study.folder)
    _, page = drop(client, "Other.qdc", QDC)
    assert "Take it as the study's codebook" in page
    client.post("/import/codebook", data={**posted(page), "way": "replace"})
    assert len(parse_codebook(codebook_text(study), "").codes) == 2


def test_the_same_codebook_is_said_to_be_the_same(client: TestClient, study: Study) -> None:
    _, page = drop(client, "copy.yaml", "# another comment\n" + codebook_text(study))
    assert "the same as the codebook that the study has" in page
    assert 'action="/import/codebook"' not in page


def test_it_may_come_among_other_files(client: TestClient, study: Study) -> None:
    files = [
        ("files", ("Fence.txt", b"Interviewer: Who mends it?\n\nAda: We all do.", "text/plain")),
        ("files", ("theirs.yaml", NEW.encode(), "application/yaml")),
    ]
    page = client.post("/import", files=files).text
    assert "What was brought in" in page
    assert "Nothing has been changed yet" in page
    with open_store(study.database)[0] as store:
        assert [i.name for i in transcript_infos(store)] == ["Fence", "Shed 1"]


def test_of_a_project_it_is_said_what_is_taken_and_its_codes_are_offered(
    client: TestClient, study: Study, tmp_path: Path
) -> None:
    from tests.cli.command import secondcoder

    other = create_study(tmp_path / "other", name="Other")
    other.codebook_file.write_text(NEW, encoding="utf-8")
    target = tmp_path / "out.qdpx"
    interview = tmp_path / "Fence.txt"
    interview.write_text("Interviewer: Who mends it?\n\nAda: We all do.\n", encoding="utf-8")
    assert secondcoder(other.folder, "import", str(interview)).code == 0
    done = secondcoder(other.folder, "export", "qdpx", "--to", str(target))
    assert done.code == 0, done.err
    # An import of bare names came first, so that nothing is said of one of its codes.
    bare = codebook_text(study).replace("    definition: What the sky does to the garden.\n", "")
    study.codebook_file.write_text(bare, encoding="utf-8")
    before = codebook_text(study)
    _, page = drop(client, "Other.qdpx", target.read_bytes())
    assert "1 code of Other.qdpx has a definition that your codebook lacks" in page
    assert "Add the 1 missing code and the 1 definition, leave" in page
    assert "its texts as transcripts, its users as coders" in page
    assert "Codes that your codebook does not have" in page
    assert "1 code from Other.qdpx: quiet." in page
    assert "Nothing has been changed yet" not in page, "its codings are in"
    assert 'value="replace"' not in page
    assert codebook_text(study) == before
    client.post("/import/codebook", data={**posted(page), "way": "add"})
    now = parse_codebook(codebook_text(study), "").by_id
    assert "quiet" in now
    assert now["weather"].definition == "What the sky does to the garden."
    assert now["tools"].definition == "Something to work with in the garden.", "somebody wrote it"
    study.codebook_file.write_text(bare, encoding="utf-8")
    again = secondcoder(study.folder, "import", str(target)).out
    assert "1 code has a definition that the study's codebook lacks: weather." in again


def test_several_word_files_are_told_once_with_one_button_for_their_codes(
    client: TestClient, study: Study, tmp_path: Path
) -> None:
    from tests.readers.test_word_comments import coded

    talks = {
        "Fence.docx": coded(tmp_path / "Fence.docx", "tools", "Posts; Wire"),
        "Pond.docx": coded(tmp_path / "Pond.docx", "Posts", "Ducks"),
        "codes.csv": tmp_path / "codes.csv",
    }
    talks["codes.csv"].write_text("document;quote;code\nShed 1;never said by anybody;tools\n")
    files = [("files", (name, path.read_bytes(), "")) for name, path in talks.items()]
    main = client.post("/import", files=files).text.partition("<main")[2]
    assert "2 Word files with codes; 1 table of codings not brought in; 1 transcript." in main
    assert "project" not in main
    headings = re.findall(r"<h2>(.*?)</h2>", main)
    assert headings == [*talks, "Codes that your codebook does not have"]
    assert main.count('action="/import/codebook"') == main.count("<textarea") == 1
    assert "Nothing has been changed yet" not in main
    assert "from 2 files: fear, night, Posts, Wire, Ducks." in main
    # No options of commands on a page.
    assert "in the table's first row call them “transcript”" in html.unescape(main)
    assert not re.search(r"--(?:columns|coder|set-scope)\b", re.sub(r"<[^>]*>", "", main))
    client.post("/import/codebook", data={**posted(main), "way": "add"})
    assert {"Posts", "Wire", "Ducks"} <= set(parse_codebook(codebook_text(study), "").by_id)


def test_a_table_that_waits_for_an_answer_is_asked_about_and_called_no_mistake(
    client: TestClient, study: Study
) -> None:
    with open_store(study.database)[0] as store:
        text = transcript(store, 1).text
    words = " ".join(text.split()[:6])
    _, page = drop(client, "codes.csv", f"document;quote;code\nShed 1;{words};tools\n")
    main = page.partition("<main")[2]
    assert "1 table of codings not brought in yet; 0 transcripts." in main
    assert "Who coded?" in main
    assert "What to do:" not in main


def test_a_codebook_with_a_mistake_is_not_replaced(client: TestClient, study: Study) -> None:
    """It cannot be kept as a version, so nothing of it would be left."""
    _, page = drop(client, "theirs.yaml", NEW)
    fields = posted(page)
    broken = "name: Shed\ncodes:\n  - id: [mine\n"
    study.codebook_file.write_text(broken, encoding="utf-8")
    seen = text_hash(codebook_text(study))
    answer = client.post("/import/codebook", data={**fields, "seen": seen, "way": "replace"})
    assert answer.status_code == 400
    assert "is not replaced" in answer.text
    assert codebook_text(study) == broken


def test_nothing_is_compared_for_who_codes_blind(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    eva = opened(study.folder, "Eva")
    eva.post("/blind/1/begin", data={})
    status, page = drop(eva, "theirs.yaml", NEW)
    assert status == 403
    assert "What the sky does" not in page
    assert drop(opened(study.folder, "Ana"), "theirs.yaml", NEW)[0] == 200


def test_the_first_steps_take_a_codebook_from_a_file(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    study = create_study(tmp_path / "empty", name="Empty")
    client = opened(study.folder)
    step = client.get("/start?step=codebook").text
    form = re.search(r'<form[^>]*action="/import".*?</form>', step, re.DOTALL)
    assert form
    assert 'type="file" name="files"' in form[0]
    for ending in (".yaml", ".qdc", ".csv", ".xlsx"):
        assert ending in form[0]
    for name, text in (("theirs.qdc", QDC), ("theirs.yaml", NEW)):
        status, page = drop(client, name, text)
        assert status == 200
        assert "Take it as the study's codebook" in page or "Put it in the place of yours" in page
        taken = client.post("/import/codebook", data={**posted(page), "way": "replace"})
        assert "The codebook is saved" in taken.text
        assert 'href="/start"' in taken.text
    assert codebook_text(study) == NEW
    # With codes it is offered, too: what would change is shown before.
    assert 'action="/import"' in client.get("/start?step=codebook").text


def test_the_names_of_codes_of_a_table_are_taken(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    study = create_study(tmp_path / "empty", name="Empty")
    table = "document,speaker,text,code,coder\n" + "".join(
        f"Garden 9,Gardener,We lend spades to neighbour {n}.,{code},Ana\n"
        for n, code in enumerate(("lending", "tools", "lending"))
    )
    client = opened(study.folder)
    assert drop(client, "codes.csv", table)[0] == 200
    assert {c.id for c in parse_codebook(codebook_text(study), "").codes} == {"lending", "tools"}
    assert "2 codes." in client.get("/start?step=codebook").text


def test_a_codebook_that_several_files_make_is_told_of_once(
    tmp_path: Path, opened: Callable[..., TestClient]
) -> None:
    from tests.readers.test_word_comments import coded

    study = create_study(tmp_path / "new", name="New")
    talks = [
        coded(tmp_path / "Fence.docx", "tools", "Posts; Wire"),
        coded(tmp_path / "Pond.docx", "Posts", "Ducks"),
    ]
    files = [("files", (path.name, path.read_bytes(), "")) for path in talks]
    page = opened(study.folder).post("/import", files=files).text
    told = re.findall(r"Written to the codebook[^<]*", page)
    assert told == [
        "Written to the codebook, which had none: 6 codes (Fence.docx: 5, Pond.docx: 1)."
    ]
