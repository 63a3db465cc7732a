"""Small studies to run: a few invented passages, a codebook of three codes, a fake endpoint.

A study is a real folder with ``study.toml``, read and imported as a user's would be.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.coding.coding import CodeOptions, RunResult, code_transcripts
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.transcripts import named
from assistant.llm.retry import RetryPolicy
from assistant.store.database import Store, open_store
from assistant.store.model.outcomes import segment_outcomes
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import add_coding, set_scope
from assistant.store.records import Coding, Scope
from assistant.store.texts.transcripts import transcript
from assistant.store.verify import verify
from assistant.study import Study, create_study, open_study
from assistant.transcripts.records import segment_body
from tests.fakes.recorded import passages_of
from tests.fakes.server import FakeRequest

__all__ = [
    "CODEBOOK",
    "GARDEN",
    "QUICK",
    "by_words",
    "calls",
    "dump",
    "long_interview",
    "make_study",
    "opened",
    "people",
    "run_study",
    "says",
    "segments",
]

QUICK = RetryPolicy(attempts=3, first_wait=0.01, longest_wait=0.02)
"""The real retries, without their waiting."""

CODEBOOK = """\
name: Garden
codes:
  - id: tools
    definition: Something that people work with, such as a spade or a barrow.
  - id: weather
    definition: What the sky did, such as rain or sun.
  - id: company
    definition: Other people who are there, such as neighbours.
"""

GARDEN = (
    "I bought a spade that winter and it never broke on me.",
    "Then it rained for nine days, and nine nights, without a break.",
    "My neighbour came over with soup. My neighbour came over with bread.",
    "Nothing much happened after that, we only waited.",
)

_WORDS = {"spade": "tools", "rained": "weather", "neighbour": "company"}


def says(*applications: tuple[int, str, str], uncoded: Sequence[tuple[int, str, str]] = ()) -> str:
    """A reply: (number, code, quote) each; ``uncoded`` are (number, quote, note)."""
    return json.dumps(
        {
            "applications": [
                {
                    "segment": number,
                    "code": code,
                    "quote": quote,
                    "rationale": "It is said there.",
                    "confidence": 0.8,
                }
                for number, code, quote in applications
            ],
            "something_uncoded": [
                {"segment": number, "quote": quote, "note": note} for number, quote, note in uncoded
            ],
        },
        ensure_ascii=False,
    )


def by_words(request: FakeRequest) -> str:
    """An honest model that knows three words and quotes the whole passage."""
    return says(
        *(
            (number, code, text)
            for number, text in passages_of(request.user).items()
            for word, code in _WORDS.items()
            if word in text
        )
    )


def long_interview(passages: int, *, words: int = 30) -> tuple[str, ...]:
    """Distinct passages, each with one of the three words."""
    about = ("the spade", "how it rained", "my neighbour")
    filler = "and then we went on with it as people do when there is time "
    return tuple(
        f"Passage number {n} is about {about[n % 3]}, "
        + " ".join((filler * (words // 13 + 1)).split()[:words])
        + "."
        for n in range(passages)
    )


def make_study(
    folder: Path,
    base_url: str,
    interviews: Mapping[str, Sequence[str]] | None = None,
    *,
    codebook: str = CODEBOOK,
    coding: Mapping[str, Any] | None = None,
    **endpoint: Any,
) -> Study:
    """A study whose interviews are imported. ``endpoint`` and ``coding`` go into study.toml."""
    create_study(folder, name="Garden")
    settings: dict[str, Any] = {
        "base_url": base_url,
        "model": "fake-model",
        "timeout_seconds": 600.0,
        **endpoint,
    }
    lines = ['name = "Garden"', "[endpoint]"]
    lines += [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    lines += ["[coding]"]
    lines += [f"{name} = {json.dumps(value)}" for name, value in (coding or {}).items()]
    (folder / "study.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "codebook" / "codebook.yaml").write_text(codebook, encoding="utf-8")
    for name, passages in (interviews or {"Garden": GARDEN}).items():
        text = "\n\n".join(f"P{n % 2}: {passage}" for n, passage in enumerate(passages))
        (folder / "transcripts" / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    study = open_study(folder)
    with opened(study) as store:
        report = import_files(
            store, [study.transcripts_folder], ImportOptions(language="en", reader="auto")
        )
        assert not report.refused, report.refused
    return study


@contextmanager
def opened(study: Study) -> Iterator[Store]:
    store, _ = open_store(study.database)
    with store:
        yield store


def people(study: Study, coder: str, codes: Mapping[str, Sequence[str]]) -> None:
    """One person's blind codes, by transcript: the code of each passage, or ``""``."""
    with opened(study) as store:
        who = add_coder(store, coder, "human")
        for name, each in codes.items():
            (key,) = named(store, [name])
            text = transcript(store, key)
            set_scope(store, Scope(who, key, "blind"))
            for code, segment in zip(each, text.segments, strict=True):
                if code:
                    start, end = segment_body(text.text, segment)
                    quote = text.text[start:end]
                    guid = f"{coder}-{name}-{start}-{code}"
                    add_coding(
                        store,
                        Coding(0, guid, key, who, code, start, end, quote, "blind", "blind"),
                    )


def run_study(study: Study, *names: str, retry: RetryPolicy = QUICK, **options: Any) -> RunResult:
    """Code transcripts as the command does; the database must be sound afterwards."""
    with opened(study) as store:
        chosen = CodeOptions(named(store, names), retry=retry, **options)
        result = code_transcripts(study, store, chosen)
        found = verify(store)
        assert found.ok, found.findings
        return result


def calls(study: Study, column: str = "outcome") -> list[Any]:
    """One column of all calls, in their order."""
    with opened(study) as store:
        return [row[0] for row in store.rows(f"SELECT {column} FROM calls ORDER BY id")]


def segments(study: Study, run_id: int = 1) -> list[str]:
    """What became of each segment of a run, in the order of the text."""
    with opened(study) as store:
        return [outcome.status for outcome in segment_outcomes(store, run_id)]


Rows = list[tuple[Any, ...]]


def dump(study: Study, *, but: Sequence[str] = ("events",)) -> dict[str, Rows]:
    """Every row of every table, but for the journal of events."""
    connection = sqlite3.connect(study.database)
    try:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
        ]
        return {
            table: connection.execute(f'SELECT * FROM "{table}" ORDER BY 1').fetchall()
            for table in tables
            if table not in but
        }
    finally:
        connection.close()
