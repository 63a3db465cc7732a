"""What a template may do, and what a rendered prompt looks like."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from assistant.errors import UserError
from assistant.prompts.loading import load_prompt, parse_prompt
from assistant.prompts.records import Prompt
from assistant.prompts.rendering import render, variables_used
from assistant.shipped import prompts
from tests.prompts.mini import CODEBOOK, segment, variables

LISTS = ("list-v1", "list-v2")


def template(system: str, user: str = "Go.") -> Prompt:
    text = f"---\nid: t\npurpose: test\nstrategy: list\n---\n## system\n{system}\n## user\n{user}\n"
    return parse_prompt(text, "t.md")


@pytest.mark.parametrize("name", LISTS)
def test_shipped_prompt(name: str, snapshot: SnapshotAssertion) -> None:
    rendered = render(load_prompt(prompts() / f"{name}.md"), variables())
    assert f"{rendered.system}\n\n======== user ========\n\n{rendered.user}\n" == snapshot


@pytest.mark.parametrize("name", LISTS)
def test_shipped_prompts_need_no_context_language_or_details(name: str) -> None:
    prompt = load_prompt(prompts() / f"{name}.md")
    bare = variables(
        before=[], after=[], language="", codebook={"name": "x", "families": [], "codes": []}
    )
    rendered = render(prompt, {**bare, "segments": [segment(1, "", "Yes.")]})
    assert "<context place" not in rendered.user
    assert "<context where" not in rendered.user
    assert "ISO" not in rendered.system
    assert variables_used(prompt) == set(variables())


@pytest.mark.parametrize("name", LISTS)
def test_the_system_text_is_the_same_for_all_chunks_of_a_transcript(name: str) -> None:
    prompt = load_prompt(prompts() / f"{name}.md")
    one = render(prompt, variables())
    two = render(
        prompt,
        variables(before=[], segments=[segment(9, "Ben", "Other words.")], after=[]),
    )
    assert one.system.encode() == two.system.encode()
    assert one.user != two.user


@pytest.mark.parametrize("name", LISTS)
def test_everything_of_the_codebook_is_shown(name: str) -> None:
    system = render(load_prompt(prompts() / f"{name}.md"), variables()).system
    for code in CODEBOOK["codes"]:
        assert f"`{code['id']}`" in system
        for field in ("label", "include", "exclude", "family"):
            assert code[field] in system
        for line in code["definition"].split("\n"):
            assert line in system
        for example in code["examples"]:
            assert f'"{example["text"]}"' in system


def test_a_changed_variable_is_never_answered_from_memory() -> None:
    prompt = template("{{ codebook }} {{ language }}")
    given = variables(codebook=["a"])
    assert render(prompt, given).system == "['a'] en"
    given["codebook"].append("b")
    assert render(prompt, given).system == "['a', 'b'] en"
    assert render(prompt, {**given, "codebook": ("a", "b")}).system == "('a', 'b') en"
    assert render(prompt, {**given, "codebook": True}).system == "True en"
    assert render(prompt, {**given, "codebook": 1}).system == "1 en"

    class Counter:
        count = 0

        def __str__(self) -> str:
            self.count += 1
            return str(self.count)

    counter = Counter()
    assert render(prompt, {**given, "codebook": counter}).system == "1 en"
    assert render(prompt, {**given, "codebook": counter}).system == "2 en"


def test_a_variable_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(UserError) as caught:
        render(template("a\n{{ codebok.name }}"), variables())
    assert "“codebok”" in caught.value.what
    assert caught.value.where == "prompt “t”, line 8 (## system)"
    assert caught.value.hint == "There are: after, before, codebook, language, segments."


def test_an_undefined_variable_counts_even_where_it_is_not_reached() -> None:
    with pytest.raises(UserError, match="“never”"):
        render(template("{% if false %}{{ never }}{% endif %}a"), variables())


def test_a_field_that_does_not_exist_is_named_with_those_that_do() -> None:
    prompt = template(
        "a", "b\n{% for code in codebook.codes %}\n{{ code.defintion }}\n{% endfor %}"
    )
    with pytest.raises(UserError, match="defintion") as caught:
        render(prompt, variables())
    assert caught.value.where == "prompt “t”, line 11 (## user)"
    assert "codebook.codes[].definition" in caught.value.hint


@pytest.mark.parametrize(
    "attack",
    [
        "{{ codebook.__class__ }}",
        "{{ codebook.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''.__class__ }}",
        "{{ segments.__add__ }}",
        "{{ items.append(1) }}",
        "{{ mapping.update({}) }}",
        "{{ range(10000000) | list }}",
        "{% include 'secret' %}",
        "{% import 'os' as os %}",
        "{{ language | random }}",
        "{{ lipsum() }}",
        "{{ 1 // 0 }}",
        "{{ language + 1 }}",
        "{{ open('file') }}",
    ],
)
def test_templates_see_what_they_are_given_and_nothing_else(attack: str) -> None:
    given: dict[str, Any] = variables(items=[1], mapping={"a": 1})
    with pytest.raises(UserError) as caught:
        render(template("a", attack), given)
    assert caught.value.where
    assert given["items"] == [1]
    assert given["mapping"] == {"a": 1}


def test_text_of_variables_is_never_read_as_a_template() -> None:
    planted = "{{ language }} {% for x in segments %} {# gone #}"
    rendered = render(template("a", "{{ segments }} {{ language }}"), variables(segments=planted))
    assert rendered.user == f"{planted} en"


def test_blocks_leave_no_lines_behind() -> None:
    prompt = template("a", "{% if language %}\n  {% for c in codebook.codes %}\n{{ c.id }}\n"
                      "  {% endfor %}\n{% endif %}\nend")  # fmt: skip
    assert render(prompt, variables()).user == "soil-worry\nneighbours\nsoil-pride\nweather\nend"
