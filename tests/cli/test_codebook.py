"""``secondcoder codebook``: what a researcher sees, and how the command ends."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from assistant.codebook.loading import load_codebook
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.imports.known_codes import known_codes
from assistant.store.database import open_store
from assistant.store.people.coders import find_coder
from assistant.store.people.codings import set_exposure, set_scope
from assistant.store.records import Scope
from assistant.store.texts.transcripts import find_transcript
from assistant.store.versions import codebook_operations, codebook_versions
from assistant.study import Study, create_study
from tests.cli.allotment import CODEBOOK, allotment
from tests.cli.command import secondcoder


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return allotment(tmp_path)


def write(study: Study, text: str) -> None:
    study.codebook_file.write_text(text, encoding="utf-8")


def test_show_lists_codes_with_their_use_by_people(study: Study) -> None:
    ended = secondcoder(study.folder, "codebook", "show")
    assert ended.code == 0
    assert "Allotment, version 1, sha256:" in ended.out
    rows = [line.split() for line in ended.out.splitlines()]
    assert ["frost", "Weather", "semantic", "1", "Harm", "done", "by", "cold."] in rows
    found = secondcoder(study.folder, "codebook", "show", "--json").json
    assert found["used"] == {"frost": 1, "patience": 2}


def test_show_one_code_by_its_alias(study: Study) -> None:
    write(study, CODEBOOK.replace("by cold.", "by cold.\n    aliases: [Frost]"))
    ended = secondcoder(study.folder, "codebook", "show", "Frost")
    assert "frost   used 2 times" in ended.out
    assert "definition: Harm done by cold." in ended.out
    missing = secondcoder(study.folder, "codebook", "show", "sun")
    assert missing.code == 2
    assert "no code “sun”" in missing.err


def test_check_groups_by_severity_with_lines_and_counts(study: Study) -> None:
    write(study, CODEBOOK + "  - id: path\n")
    ended = secondcoder(study.folder, "codebook", "check")
    assert ended.code == 0
    assert "3 codes in the codebook; 7 codings by people." in ended.out
    assert "\nWarnings (" in ended.out
    assert "codebook.yaml:\n" in ended.out
    assert "- line 11: “path” has no definition." in ended.out
    assert "People used “Frost” (1 coding in 1 transcript)" in ended.out
    assert "differs from “frost” in case only" in ended.out
    assert "Not in the codebook: 4 names that people used, 4 codings." in ended.out


def test_check_says_the_same_advice_once_and_guesses_no_other_interview(study: Study) -> None:
    examples = "".join(
        f"      - text: A frost in plot {n}.\n        transcript: Plot {n}\n" for n in (7, 8, 9)
    )
    write(study, CODEBOOK.replace("by cold.\n", f"by cold.\n    examples:\n{examples}"))
    said = secondcoder(study.folder, "codebook", "check").out
    assert said.count("names the transcript “Plot ") == 3
    assert said.count("Import that transcript, or name one that the study has.") == 1
    assert "Did you mean" not in said
    nearly = examples.replace("Plot 7", "Plott 1")
    write(study, CODEBOOK.replace("by cold.\n", f"by cold.\n    examples:\n{nearly}"))
    assert "Did you mean “Plot 1”?" in secondcoder(study.folder, "codebook", "check").out


def test_check_ends_with_4_only_for_errors(study: Study) -> None:
    write(study, CODEBOOK + "    exclusive_with: [sun]\n")
    ended = secondcoder(study.folder, "codebook", "check", "--json")
    assert ended.code == 4
    found = ended.json
    assert not found["ok"]
    first = found["findings"][0]
    assert first["severity"] == "error"
    assert first["where"].endswith("codebook.yaml, line 11")
    assert sum(use["codings"] for use in found["unknown"]) == 4


def test_a_mistake_in_line_12_is_named(study: Study) -> None:
    write(study, CODEBOOK + "  - id: path\n    definitoin: Where people walk.\n")
    ended = secondcoder(study.folder, "codebook", "check")
    assert ended.code == 2
    assert "codebook.yaml, line 12" in ended.err
    assert "Did you mean “definition”?" in ended.err
    assert "Traceback" not in ended.err


def test_derive_does_not_overwrite_codes(study: Study) -> None:
    refused = secondcoder(study.folder, "codebook", "derive")
    assert refused.code == 2
    assert "holds 2 codes already" in refused.err
    assert study.codebook_file.read_text(encoding="utf-8") == CODEBOOK
    write(study, "name: [broken\n")
    refused = secondcoder(study.folder, "codebook", "derive")
    assert refused.code == 2
    assert "cannot be read as a codebook" in refused.err


def test_derive_writes_counts_and_proposals(study: Study, tmp_path: Path) -> None:
    target = tmp_path / "new" / "derived.yaml"
    ended = secondcoder(study.folder, "codebook", "derive", "--output", str(target))
    assert ended.code == 0
    assert "Proposed: “Frost” is another spelling of “frost”" not in ended.out  # used as often
    assert "“frost” is another spelling of “Frost” (differs in case)" in ended.out
    assert "6 codes from 7 codings by 2 people in 2 transcripts" in ended.out
    book = load_codebook(target)
    assert {code.id for code in book.codes} == {
        "frost",
        "Frost",
        "weather-damage",
        "patience",
        "new-start",
        "neglect",
    }
    (example,) = book.by_id["neglect"].examples
    assert example.transcript == "Plot 2"
    assert example.text.startswith("Nobody does")


def test_derive_fills_the_empty_codebook_of_a_new_study_and_force_replaces(study: Study) -> None:
    write(study, "name: Empty\n")
    assert secondcoder(study.folder, "codebook", "derive", "--json").json["codes"] == 6
    assert secondcoder(study.folder, "codebook", "derive").code == 2
    assert secondcoder(study.folder, "codebook", "derive", "--force").code == 0


def test_derive_needs_codings(tmp_path: Path) -> None:
    empty = create_study(tmp_path / "empty")
    ended = secondcoder(empty.folder, "codebook", "derive")
    assert ended.code == 2
    assert "no codes by people" in ended.err


def test_history_records_the_working_copy_once(study: Study) -> None:
    first = secondcoder(study.folder, "codebook", "history").out
    assert "Allotment, version 1, 2 codes — the working copy, recorded now" in first
    assert first.startswith("1. ")
    assert "No coding by people needs recoding." in first
    again = secondcoder(study.folder, "codebook", "history").out
    assert "recorded now" not in again
    store, _ = open_store(study.database)
    with store:
        assert len(codebook_versions(store)) == 1


def test_the_empty_codebook_of_a_new_study_is_no_version(tmp_path: Path) -> None:
    empty = create_study(tmp_path / "empty")
    ended = secondcoder(empty.folder, "codebook", "history")
    assert ended.code == 0
    assert "No version yet" in ended.out


def test_a_changed_definition_needs_recoding_a_retired_code_is_kept(study: Study) -> None:
    secondcoder(study.folder, "codebook", "history")
    write(
        study,
        CODEBOOK.replace("Harm done by cold.", "Any harm by weather.").partition("  - id: pat")[0],
    )
    found = secondcoder(study.folder, "codebook", "history", "--json").json
    (step,) = found["steps"]
    assert [(o["op"], o["codes"]) for o in step["operations"]] == [
        ("redefine", ["frost"]),
        ("retire", ["patience"]),
    ]
    assert [(r["coder"], r["code"], r["codings"]) for r in found["recoding"]] == [
        ("Ana", "frost", 1)
    ]
    assert [(r["transcript"], r["codings"]) for r in found["retired"]] == [
        ("Plot 1", 1),
        ("Plot 2", 1),
    ]
    said = secondcoder(study.folder, "codebook", "history").out
    assert "redefine frost" in said
    assert "Needs recoding" in said


def test_what_counts_nowhere_is_nobodys_to_look_at_again(study: Study) -> None:
    secondcoder(study.folder, "codebook", "history")
    write(
        study,
        CODEBOOK.replace("Harm done by cold.", "Any harm by weather.").replace("doing it", ""),
    )
    store, _ = open_store(study.database)
    with store:
        ana = find_coder(store, "Ana", "human")
        assert ana is not None
        first, second = (find_transcript(store, name) for name in ("Plot 1", "Plot 2"))
        assert first is not None
        assert second is not None

        def listed() -> list[tuple[str, str]]:
            found = secondcoder(study.folder, "codebook", "history", "--json").json
            return [(r["transcript"], r["code"]) for r in found["recoding"]]

        assert listed() == [("Plot 1", "frost"), ("Plot 1", "patience"), ("Plot 2", "patience")]
        set_exposure(store, "adjudicated", coder="Ana", transcript_id=first)
        assert listed() == [("Plot 2", "patience")]
    assert secondcoder(study.folder, "withdraw", "Plot 2", "--yes").code == 0
    said = secondcoder(study.folder, "codebook", "history").out
    assert "Plot 2" not in said
    assert "No coding by people needs recoding." in said
    checked = secondcoder(study.folder, "verify").out
    assert "1 withdrawn transcript." in checked
    assert "1 transcript, " in checked


def test_a_declared_split_is_stored_and_offers_the_new_codes(study: Study) -> None:
    secondcoder(study.folder, "codebook", "history")
    write(
        study,
        CODEBOOK.replace("id: patience", "id: waiting")
        + "  - id: again\n    definition: Starting once more.\n",
    )
    inferred = secondcoder(study.folder, "codebook", "history", "--json").json
    assert inferred["steps"][0]["operations"][0]["op"] == "rename"
    assert not inferred["recoding"]
    split = "split patience -> waiting, again: two things"
    found = secondcoder(study.folder, "codebook", "history", "--declare", split, "--json").json
    assert [o["op"] for o in found["steps"][0]["operations"]] == ["split"]
    assert found["recoding"][0]["choose_from"] == ["waiting", "again"]
    later = secondcoder(study.folder, "codebook", "history").out
    assert "split patience -> waiting, again   (two things)" in later
    rename = "rename patience -> waiting"
    found = secondcoder(study.folder, "codebook", "history", "--declare", rename, "--json").json
    assert not found["recoding"]  # what is declared later about the same code replaces it
    store, _ = open_store(study.database)
    with store:
        old, new = (v.sha256 for v in codebook_versions(store))
        assert [o.op for o in codebook_operations(store, old, new)] == ["rename", "add"]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("frost is now cold", "not a change to a codebook that can be declared"),
        ("rename frost -> ice", "The newer version has no code “ice”"),
        ("split frost -> patience", "too few codes or too many"),
    ],
)
def test_wrong_declarations_change_nothing(study: Study, declared: str, said: str) -> None:
    secondcoder(study.folder, "codebook", "history")
    write(study, CODEBOOK.replace("version: 1", "version: 2"))
    ended = secondcoder(study.folder, "codebook", "history", "--declare", declared)
    assert ended.code == 2
    assert said in ended.err
    store, _ = open_store(study.database)
    with store:
        assert len(codebook_versions(store)) == 1  # all or nothing


def test_a_declaration_needs_two_versions(study: Study) -> None:
    ended = secondcoder(study.folder, "codebook", "history", "--declare", "redefine frost")
    assert ended.code == 2
    assert "one version of the codebook only" in ended.err


def test_codings_of_a_scope_with_a_version_count_from_that_version(study: Study) -> None:
    secondcoder(study.folder, "codebook", "history")
    write(study, CODEBOOK.replace("Harm done by cold.", "Any harm by weather."))
    found = secondcoder(study.folder, "codebook", "history", "--json").json
    assert len(found["recoding"]) == 1
    store, _ = open_store(study.database)
    with store:
        ana, plot = find_coder(store, "Ana", "human"), find_transcript(store, "Plot 1")
        assert ana is not None
        assert plot is not None
        newest = found["versions"][-1]["sha256"]
        set_scope(store, Scope(ana, plot, "unknown", codebook_sha256=newest))
    found = secondcoder(study.folder, "codebook", "history", "--json").json
    assert not found["recoding"]


@pytest.mark.parametrize("command", ["show", "check", "derive", "history"])
def test_every_help_has_an_example(study: Study, command: str) -> None:
    ended = secondcoder(study.folder, "codebook", command, "--help")
    assert ended.code == 0
    assert f"Example: secondcoder codebook {command}" in ended.out


@pytest.mark.real
@pytest.mark.slow
def test_the_real_codebook_lacks_nine_names_of_21_codings(interviews: Path, tmp_path: Path) -> None:
    study = create_study(tmp_path / "real")
    shutil.copyfile(interviews / "codebook.yaml", study.codebook_file)
    store, _ = open_store(study.database)
    with store:
        files = [interviews / name for name in ("delve-pdf", "delve-text", "transcripts")]
        import_files(store, files, ImportOptions(known_codes=known_codes(study.codebook_file)))
    ended = secondcoder(study.folder, "codebook", "check", "--json")
    assert ended.code == 0
    unknown = ended.json["unknown"]
    assert len(unknown) == 9
    assert sum(use["codings"] for use in unknown) == 21


def test_a_table_gives_codes_that_were_imported_by_name_what_it_says_of_them(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Codings came first, with nothing but names; the table of codes makes ids of the names."""
    write(study, "name: Plot\nversion: 1\ncodes:\n  - id: late frost\n  - id: patience\n")
    file = tmp_path / "codes.csv"
    file.write_text(
        "code,definition,include,exclude\n"
        "late frost,Harm done by cold.,Frozen beans,Snow\n"
        "patience,Waiting.,,\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    asked = secondcoder(study.folder, "codebook", "import", str(file))
    assert asked.code == 3
    assert "Add the definitions of 2 codes that have none to the 2 that are there?" in (
        asked.out + asked.err
    )
    assert load_codebook(study.codebook_file).by_id["patience"].definition == ""
    assert secondcoder(study.folder, "codebook", "import", str(file), "--yes").code == 0
    book = load_codebook(study.codebook_file)
    assert [code.id for code in book.codes] == ["late frost", "patience"]
    frost = book.by_id["late frost"]
    assert (frost.definition, frost.include, frost.exclude) == (
        *("Harm done by cold.", "Frozen beans", "Snow"),
    )
    again = secondcoder(study.folder, "codebook", "import", str(file), "--yes")
    assert again.code == 0
    assert "wherever the file has one; nothing was changed" in " ".join(again.err.split())
    assert "--replace" in again.err
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    whole = secondcoder(study.folder, "codebook", "import", str(file), "--replace")
    assert "would have another id; their codings go along: late frost → late-frost." in whole.err
