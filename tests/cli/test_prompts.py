"""``secondcoder prompts``: what a researcher sees, and how the command ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coding.opening import CodeOptions, open_spec
from assistant.coding.running import prepare
from assistant.prompts.comparing import difference
from assistant.prompts.loading import load_prompt
from assistant.prompts.records import Prompt
from assistant.store.database import open_store
from assistant.store.texts.transcripts import find_transcript
from assistant.study import Study, open_study
from tests.cli.allotment import allotment
from tests.cli.command import secondcoder

ENDPOINT = """\
[endpoint]
base_url = "http://localhost:9/v1"
model = "gpt-4o-mini"
"""
"""Nothing listens there: no test of this file asks anything."""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study = allotment(tmp_path)
    (study.folder / "study.toml").write_text(ENDPOINT, encoding="utf-8")
    return open_study(study.folder)


def copy_of_list_v1(study: Study, name: str, *changes: tuple[str, str]) -> Path:
    text = (study.prompts_folder / "list-v1.md").read_text(encoding="utf-8")
    for old, new in (("id: list-v1", f"id: {name}"), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    file = study.prompts_folder / f"{name}.md"
    file.write_text(text, encoding="utf-8")
    return file


def test_list_names_files_hashes_and_runs(study: Study) -> None:
    found = secondcoder(study.folder, "prompts", "list", "--json").json
    by_id = {p["id"]: p for p in found}
    assert {"list-v1", "list-v2"} <= set(by_id)
    assert by_id["list-v1"]["file"] == "list-v1.md"
    assert by_id["list-v1"]["runs"] == 0
    shown = secondcoder(study.folder, "prompts", "list").out
    assert by_id["list-v2"]["sha256"][7:19] in shown


def test_a_version_that_a_run_used_stays_when_its_file_changes(study: Study) -> None:
    mine = copy_of_list_v1(study, "mine")
    store, _ = open_store(study.database)
    with store:
        plot = find_transcript(store, "Plot 1")
        assert plot is not None
        prepared = prepare(study, store, CodeOptions((plot,), prompt="mine"))
        open_spec(study, store, prepared.spec)
    old = prepared.spec.settings.prompt.sha256
    text = mine.read_text(encoding="utf-8")
    mine.write_text(text.replace("# Rules", "# The rules"), encoding="utf-8")
    found = secondcoder(study.folder, "prompts", "list", "--json").json
    (gone,) = [p for p in found if not p["file"]]
    assert (gone["id"], gone["sha256"], gone["runs"]) == ("mine", old, 1)
    shown = secondcoder(study.folder, "prompts", "show", old[7:15])
    assert shown.out.strip("\n") == text.strip("\n")
    compared = secondcoder(study.folder, "prompts", "diff", old[:19], "mine")
    assert "# {+The rules+}" in compared.out.replace("[-Rules-]", "")


def test_show_gives_source_variables_and_hash(study: Study) -> None:
    found = secondcoder(study.folder, "prompts", "show", "list-v1", "--json").json
    prompt = load_prompt(study.prompts_folder / "list-v1.md")
    assert found["sha256"] == prompt.sha256
    assert found["source"] == prompt.source
    assert found["variables"] == ["after", "before", "codebook", "language", "segments"]
    ended = secondcoder(study.folder, "prompts", "show", "list-v1")
    assert ended.out == prompt.source + "\n"  # the source alone, so that it can be redirected
    assert prompt.sha256 in ended.err


def test_a_prompt_that_is_not_there(study: Study) -> None:
    ended = secondcoder(study.folder, "prompts", "show", "list-v9")
    assert ended.code == 2
    assert "There is no prompt “list-v9”" in ended.err
    assert "list-v1, list-v2" in ended.err


def test_check_is_content_with_the_prompts_that_come_with_the_program(study: Study) -> None:
    ended = secondcoder(study.folder, "prompts", "check")
    assert ended.code == 0
    assert "list-v1.md: good" in ended.out
    assert ", 0 with mistakes." in ended.out


def test_check_says_every_mistake_of_every_file(study: Study) -> None:
    copy_of_list_v1(study, "unclosed", ("# Rules", "{% if codebook %}"))
    copy_of_list_v1(study, "unknown-field", ("## user", "## user\n{{ segments[0].mood }}"))
    copy_of_list_v1(study, "unknown-name", ("## user", "## user\n{{ weather }}"))
    judge = (study.prompts_folder / "judge-v1.md").read_text(encoding="utf-8")
    (study.prompts_folder / "judge-v2.md").write_text(
        judge.replace("judge-v1", "judge-v2") + "{{ code.colour }}\n", encoding="utf-8"
    )
    copy_of_list_v1(study, "twice", ("id: twice", "id: list-v1"))
    ended = secondcoder(study.folder, "prompts", "check", "--json")
    assert ended.code == 4
    mistakes = {p["file"]: " ".join(p["mistakes"]) for p in ended.json["prompts"]}
    assert "cannot be read" in mistakes["unclosed.md"]
    assert "mood" in mistakes["unknown-field.md"]
    assert "no such variable" in mistakes["unknown-name.md"]
    assert "is that of list-v1.md too" in mistakes["twice.md"]
    assert "colour" in mistakes["judge-v2.md"]
    assert mistakes["list-v2.md"] == ""
    assert mistakes["judge-v1.md"] == ""
    said = secondcoder(study.folder, "prompts", "check").out
    assert "unclosed.md: MISTAKE" in said
    assert "5 with mistakes." in said


def test_preview_is_exactly_what_the_run_would_send(study: Study) -> None:
    store, _ = open_store(study.database)
    with store:
        plot = find_transcript(store, "Plot 2")
        assert plot is not None
        prepared = prepare(study, store, CodeOptions((plot,), prompt="list-v2"))
    (call,) = prepared.plan.calls
    arguments = ("prompts", "preview", "list-v2", "--transcript", "plot 2")
    found = secondcoder(study.folder, *arguments, "--json").json
    assert found["sha256"] == call.request.sha256
    assert (found["system"], found["user"]) == (call.request.system, call.request.user)
    assert found["input_tokens"] == call.input_tokens
    assert json.loads(found["request"]) == call.request.model_dump(mode="json")
    ended = secondcoder(study.folder, *arguments)
    assert call.request.user in ended.out
    assert f"{call.input_tokens} tokens" in ended.err
    assert "Nothing was sent" in ended.err
    payload = secondcoder(study.folder, *arguments, "--payload")
    assert payload.json == call.request.model_dump(mode="json")


def test_preview_of_a_chosen_chunk(study: Study) -> None:
    toml = study.folder / "study.toml"
    toml.write_text(
        ENDPOINT + "[coding]\nchunk_tokens = 100\ncontext_segments = 0\n", encoding="utf-8"
    )
    store, _ = open_store(study.database)
    text = "\n\n".join(
        f"{'Asker' if n % 2 else 'Gardener'}: In bed number {n} the leeks and the onions stand "
        f"{n} hands apart, and between them grows whatever the wind has brought in this year."
        for n in range(1, 15)
    )
    file = study.folder / "Beds.txt"
    file.write_text(text, encoding="utf-8")
    with store:
        from assistant.interchange.imports.importing import import_files

        import_files(store, [file])
    arguments = ("prompts", "preview", "list-v1", "--transcript", "Beds")
    one = secondcoder(study.folder, *arguments, "--json").json
    two = secondcoder(study.folder, *arguments, "--chunk", "2", "--json").json
    assert one["chunks"] == two["chunks"] > 1
    assert two["first_segment"] == one["last_segment"] + 1
    assert one["system"] == two["system"]
    assert one["user"] != two["user"]
    missing = secondcoder(study.folder, *arguments, "--chunk", "99")
    assert missing.code == 2
    assert f"“Beds” makes {one['chunks']}" in missing.err


def test_preview_obeys_consent(study: Study) -> None:
    secondcoder(study.folder, "transcripts", "Plot 1", "--set-consent", "none")
    ended = secondcoder(study.folder, "prompts", "preview", "list-v1", "--transcript", "Plot 1")
    assert ended.code == 2
    assert "may not be given to any model" in ended.err


def test_diff_marks_words(study: Study) -> None:
    copy_of_list_v1(study, "mine", ("Ask for every code", "Ask for each code"))
    ended = secondcoder(study.folder, "prompts", "diff", "list-v1", "mine")
    assert ended.code == 0
    assert "   3  purpose: Ask for [-every-]{+each+} code of a few passages" in ended.out
    assert "From list-v1 to mine: " in ended.out
    same = secondcoder(study.folder, "prompts", "diff", "mine", "mine")
    assert "are the same version" in same.out


def _prompt(source: str) -> Prompt:
    return Prompt(
        id="x",
        purpose="x",
        strategy="list",
        source=source,
        system="x",
        user="x",
        sha256="sha256:" + source,
    )


_LINES = st.lists(
    st.lists(st.sampled_from(["say", "which", "codes", "apply", ",", "{{ x }}"])).map(" ".join),
    min_size=1,
    max_size=8,
).map("\n".join)


@given(old=_LINES, new=_LINES)
def test_without_what_went_the_marked_lines_are_the_newer_file(old: str, new: str) -> None:
    found = difference(_prompt(old), _prompt(new))
    assert found.same == (old == new)
    kept: dict[int, str] = {}
    for changed in found.lines:
        without = re.sub(r"\[-.*?-\]", "", changed.text)
        come = re.sub(r"\{\+(.*?)\+\}", r"\1", without).replace("↵", "")
        kept[changed.line] = kept.get(changed.line, "") + come
    lines = new.split("\n")
    # Where nothing is left, a whole line went and the number is of the line that follows.
    assert {number: lines[number - 1] for number, text in kept.items() if text} == {
        number: text for number, text in kept.items() if text
    }


@pytest.mark.parametrize("command", ["list", "show", "check", "preview", "diff"])
def test_every_help_has_an_example(study: Study, command: str) -> None:
    ended = secondcoder(study.folder, "prompts", command, "--help")
    assert ended.code == 0
    assert f"Example: secondcoder prompts {command}" in ended.out
