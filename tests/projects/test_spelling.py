"""macOS writes é as two characters: a code, a person, a text is the same in either spelling."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from assistant.codebook.records import Code, Codebook
from assistant.interchange.imports.importing import import_files
from assistant.interchange.imports.known_codes import read_labels
from assistant.interchange.imports.reports import ImportOptions
from assistant.interchange.projects.records import ProjectCode, ProjectCoder
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.projects.same_codes import in_one_case
from assistant.interchange.projects.written_forms import in_one_form
from assistant.store.database import Store
from assistant.store.people.coders import add_coder, coders, find_coder
from assistant.store.texts.transcripts import find_transcript, new_transcript, transcript_infos
from tests.cli.command import secondcoder
from tests.projects.making import coding, held, make, take
from tests.projects.test_taking import HOSE, LEEKS
from tests.projects.test_taking import store as store
from tests.runs.studies import make_study, opened

TWO = unicodedata.normalize("NFD", "é")
CODES = (
    ProjectCode(key="a", name=f"caf{TWO}"),
    ProjectCode(key="b", name="café"),
    ProjectCode(key="under", name="tea", parent="b"),
)
CODERS = (ProjectCoder(key="a", name=f"Ren{TWO}e"), ProjectCoder(key="b", name="Renée"))


def test_in_one_project(store: Store) -> None:
    """The same passage with both spellings is one coding."""
    found = [coding(LEEKS, "a"), coding(LEEKS, "b"), coding(HOSE, "b", "b"), coding(HOSE, "under")]
    take(store, make(found, codes=CODES, coders=CODERS, name=f"Caf{TWO}"))
    assert sorted({row[:3] for row in held(store)}) == [
        ("Café", "Renée", "café"),
        ("Café", "Renée", "tea"),
    ]
    assert len([row for row in held(store) if row[2] == "café"]) == 2


@pytest.mark.parametrize("parents_first", [True, False])
def test_below_parents_of_two_spellings(parents_first: bool) -> None:
    parents = (ProjectCode(key="p", name="été"), ProjectCode(key="q", name=f"{TWO}t{TWO}"))
    children = (
        ProjectCode(key="a", name=f"soin {TWO}", parent="p"),
        ProjectCode(key="b", name="soin é", parent="q"),
        ProjectCode(key="c", name="soin é", parent="p"),
        ProjectCode(key="d", name="apart", parent="c"),
        ProjectCode(key="e", name="apart", parent="a"),
        ProjectCode(key="f", name="apart", parent="a"),
    )
    codes = (*parents, *children) if parents_first else (*children[::-1], *parents)
    project = in_one_form(make(codes=codes))
    names = sorted(code.name for code in project.codes)
    # Two that are written alike, below the same, stay two.
    assert names == ["apart", "apart", "soin é", "été"]


CASES = (
    ProjectCode(key="a", name="body and  Shame", definition="How a body is lived in."),
    ProjectCode(key="b", name="Body and Shame"),
    ProjectCode(key="under a", name="tea", parent="a"),
    ProjectCode(key="under b", name="Tea", parent="b"),
)


def test_other_capitals_in_one_project(store: Store, tmp_path: Path) -> None:
    """One code, as most codings spell it, and one coding of a passage that has both."""
    found = [
        *(coding(LEEKS, "a", guid="g1"), coding(LEEKS, "b", guid="g2"), coding(HOSE, "b")),
        coding(HOSE, "under a"),
    ]
    options = ProjectOptions(codebook_file=tmp_path / "codebook.yaml", dry_run=True)
    report = take(store, make(found, codes=CASES), options)
    assert sorted({(row[2], row[3]) for row in held(store)}) == [
        ("Body and Shame", LEEKS),
        ("Body and Shame", HOSE),
        ("tea", HOSE),
    ]
    assert (report.codings, report.codebook.codes if report.codebook else 0) == (3, 2)
    assert report.notes[:3] == (
        "The code “body and Shame” (1 coding) was taken for “Body and Shame”, since only capitals "
        "or spaces differ. If they are two codes, give one another name in the file.",
        "The code “Tea” (0 codings) was taken for “tea”, since only capitals or spaces differ. If "
        "they are two codes, give one another name in the file.",
        "1 coding had a code that is spelled in two ways twice on one passage, and counted once.",
    )


def test_the_codebook_says_how_a_code_is_spelled_and_which_are_two() -> None:
    project = make([coding(LEEKS, "a"), coding(HOSE, "b")], codes=CASES)
    book = Codebook(name="", codes=(Code(id="body", name="Body and Shame"),))
    made = in_one_case(project, book)
    assert [(c.name, c.definition) for c in made.codes] == [
        ("Body and Shame", "How a body is lived in."),
        ("tea", ""),
    ]
    both = Codebook(name="", codes=(Code(id="Body and Shame"), Code(id="body and Shame")))
    made = in_one_case(project, both)
    assert made.codes == project.codes, "nor are those below them one"
    assert "two codes of the study’s codebook" in made.notes[0]
    defined = (CASES[0], CASES[1].model_copy(update={"definition": "Something else."}), *CASES[2:])
    made = in_one_case(project.model_copy(update={"codes": defined}), None)
    assert (made.codes, len(made.notes)) == (defined, 1)


def test_other_capitals_in_a_table(tmp_path: Path) -> None:
    study = make_study(
        tmp_path / "s", "", {"One": ("We dug the bed. It rained.",)}, codebook="name: G"
    )
    table = tmp_path / "codes.csv"
    table.write_text(
        "Document,Quotation,Code,Coder\nOne,We dug the bed.,Body and Shame,Ana\n"
        'One,It rained.,"body and shame ",Ana\nOne,We dug the bed.,BODY AND SHAME,Ana\n',
        encoding="utf-8",
    )
    done = secondcoder(study.folder, "import", str(table), "--dry-run")
    said = " ".join(done.err.split())
    assert "“body and shame” (1 coding) was taken for “Body and Shame”" in said
    assert secondcoder(study.folder, "import", str(table)).code == 0
    with opened(study) as there:
        assert len({row[2] for row in held(there)}) == 1
        assert len(held(there)) == 2
    shown = secondcoder(study.folder, "codebook", "show").out.casefold()
    assert shown.count("body and shame") == 1


def test_in_two_projects_and_in_what_the_user_says(store: Store) -> None:
    take(store, make([coding(LEEKS, "a")], codes=CODES[:1], coders=CODERS[:1], file=f"{TWO}.qdpx"))
    again = make([coding(HOSE, "b", "b")], codes=CODES[1:], coders=CODERS[1:], file="é.qdpx")
    report = take(store, again)
    assert {row[1:3] for row in held(store)} == {("Renée", "café")}
    assert [one.code for one in report.gone] == ["café"]  # known as the same file, come again
    assert len(coders(store, "human")) == 1


def test_in_a_table_and_in_a_file_of_labels(store: Store, tmp_path: Path) -> None:
    take(store, make(name="Café"))
    table = tmp_path / "codes.csv"
    table.write_text(
        f"Document,Quotation,Code,Coder\nCaf{TWO},{LEEKS},caf{TWO},Ren{TWO}e\n"
        f"Café,{HOSE},café,Renée\n",
        encoding="utf-8",
    )
    (report,) = import_files(store, [table], ImportOptions()).projects
    assert report.codings == 2, report.skipped
    assert {row[:3] for row in held(store)} == {("Café", "Renée", "café")}
    labels = tmp_path / "labels.txt"
    labels.write_text(f"caf{TWO}\n", encoding="utf-8")
    assert read_labels(labels) == ("café",)


def test_what_the_user_names(store: Store, tmp_path: Path) -> None:
    file = tmp_path / f"Caf{TWO}.txt"
    file.write_text("Ana: We dug the whole bed over, and then it rained.\n", encoding="utf-8")
    options = ImportOptions(coder=f"Ren{TWO}e", same_as={"Café.txt": "Café"})
    report = import_files(store, [file], options)
    assert report.not_named == ()
    assert report.refused  # the file was found, and no transcript has that name yet
    take(store, make([coding(LEEKS)]), ProjectOptions(coder=f"Ren{TWO}e"))
    assert [one.name for one in coders(store, "human")] == ["Renée"]


@pytest.mark.parametrize(("there", "asked"), [(f"Caf{TWO}", "café"), ("Café", f"caf{TWO}")])
def test_names_that_earlier_versions_stored(store: Store, there: str, asked: str) -> None:
    key = new_transcript(store, "x", "sha256:x", "x", "en", [])
    store.write("UPDATE transcripts SET name = ? WHERE id = ?", (there, key))
    assert find_transcript(store, asked) == key
    coder = add_coder(store, "x", "human")
    store.write("UPDATE coders SET name = ? WHERE id = ?", (there, coder.id))
    same = f"{there[0]}{asked[1:]}"
    assert add_coder(store, same, "human").id == coder.id
    assert find_coder(store, same, "model") is None
    assert len(transcript_infos(store)) == 1
