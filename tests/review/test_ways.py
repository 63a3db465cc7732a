"""Who has only the browser is shown the page, not a command."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from assistant.review.reporting import section_html
from assistant.review.ways import in_links, in_words, linked_html
from assistant.store.database import open_store
from assistant.study import Study
from eval.report.document import Note, Section
from tests.review.asking import JSON

_TAG = re.compile(r"<[^>]+>")


@pytest.mark.parametrize(
    ("said", "words", "path"),
    [
        (
            "`secondcoder runs RUN --suggestions` lists them with their numbers.",
            "The page “Runs” lists them with their numbers.",
            "/runs",
        ),
        (
            "Evaluate again: `secondcoder evaluate --run 4`.",
            "Evaluate again: the page of run 4.",
            "/runs/4",
        ),
        ("Then run `secondcoder codebook check`.", "Then use the page “Codebook”.", "/codebook"),
        (
            "Draw a new sample: secondcoder audit draw 3.",
            "Draw a new sample: the page “Audits”.",
            "/audits",
        ),
        (
            "(secondcoder transcripts --set-exposure).",
            "(the page “Study”).",
            "/#seen",
        ),
        (
            'record it: secondcoder transcripts --set-consent "University cluster" Anna.',
            "record it: the page “Study”.",
            "/#seen",
        ),
        (
            'Import it: secondcoder import field/May.txt --in "Interview 12" --coder Ana.',
            "Import it: the page “Study”.",
            "/#import",
        ),
        (
            "Bring some in with `secondcoder import`.",
            "Bring some in with the page “Study”.",
            "/#import",
        ),
    ],
)
def test_a_command_becomes_the_page_that_does_it(said: str, words: str, path: str) -> None:
    assert in_words(said) == words
    html = in_links(said)
    assert _TAG.sub("", html) == words
    assert f'href="{path}"' in html
    assert "By command: secondcoder " in html


def test_an_option_without_its_command_is_what_to_do_on_the_page() -> None:
    said = "Name the person with `--coder NAME`. If she coded a part: `secondcoder transcripts NAME"
    said += " --coder NAME --set-scope 1-40`."
    wanted = "Name the person with the field “Coded by”. If she coded a part: the page “Study”."
    assert in_words(said) == wanted
    assert _TAG.sub("", in_links(said)) == wanted


@pytest.mark.parametrize(
    "said",
    [
        "Start “secondcoder review” again.",
        "The list is changed with `secondcoder pseudonyms`.",
        "Check it with `secondcoder verify`; it says what is damaged.",
    ],
)
def test_what_no_page_does_keeps_its_command(said: str) -> None:
    assert in_words(said) == said
    assert in_links(said) == said


def test_nothing_in_a_message_becomes_markup() -> None:
    assert in_links("<b>x</b> `secondcoder runs <i>`") == (
        "&lt;b&gt;x&lt;/b&gt; "
        '<a href="/runs" title="By command: secondcoder runs &lt;i&gt;">the page “Runs”</a>'
    )


def test_in_parts_of_reports_too() -> None:
    html = section_html(Section("s", "S", (Note("`secondcoder code --repeats 3` codes again."),)))
    assert _TAG.sub("", html).strip() == "The page “Plan a run” codes again."
    assert 'href="/run"' in html


def test_errors_and_reasons_on_pages_name_pages(
    study: Study, opened: Callable[..., TestClient]
) -> None:
    ana = opened(study.folder)
    body = {"action": "accept", "after": 0}
    hint = ana.post("/suggestions/999/decide", json=body, headers=JSON).json()["error"]["hint"]
    assert hint == "The page “Runs” lists them with their numbers."
    html = ana.post("/suggestions/999/decide", json=body).text
    assert '<a href="/runs" title="By command: secondcoder runs RUN --suggestions">' in html
    with open_store(study.database)[0] as store:
        store.write("DELETE FROM audits")
    bulk = ana.get("/bulk?run=1&code=tools").text
    assert "cannot be accepted at once" in bulk
    assert "secondcoder " not in _TAG.sub("", bulk)


@pytest.mark.parametrize("quote", ["&quot;", "&#34;", '"'])
def test_quotation_marks_of_a_command_are_escaped_once(quote: str) -> None:
    said = f"<p>Say so: secondcoder transcripts --set-consent {quote}Our cluster{quote}.</p>"
    html = linked_html(said)
    assert _TAG.sub("", html) == "Say so: the page “Study”."
    assert 'title="By command: secondcoder transcripts --set-consent &#34;Our cluster&#34;"' in html
