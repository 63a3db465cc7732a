"""Study -> table -> study: no span moves by a character, nothing changes hands."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assistant.interchange.export.records import Choice
from assistant.interchange.export.table import write_csv
from assistant.interchange.export.workbook import write_xlsx
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.reports import ProjectOptions
from assistant.interchange.projects.taking import take_project
from assistant.store.database import Store, open_store
from assistant.store.people.codings import codings
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.verify import verify
from assistant.study import Study, StudyConfig
from tests.export.studies import PARAGRAPHS, add_text, code, exported, garden, long_turns
from tests.export.test_layout import SCRIPTS
from tests.store.filled import add_interview

Held = tuple[str, str, str, int, int, str]


def held(store: Store) -> Counter[Held]:
    """(transcript, coder, code, start, end, exposure) of all codings."""
    names = {info.id: info.name for info in transcript_infos(store)}
    return Counter(
        (names[c.transcript_id], c.coder.name, c.code, c.start, c.end, c.exposure)
        for c in codings(store)
    )


def taken(store: Store, file: Path) -> None:
    reader = find_reader(file)
    assert reader is not None

    def texts() -> tuple[object, ...]:
        return tuple(transcript(store, info.id) for info in transcript_infos(store))

    project = reader.read(file, ReadOptions(transcripts=texts))  # type: ignore[arg-type]
    report = take_project(store, project, file, ProjectOptions())
    assert report.not_placed == ()
    assert verify(store).findings == ()


@pytest.mark.slow
@pytest.mark.parametrize("format", ["csv", "xlsx"])
@settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "Ana", "רות"]),
            st.lists(SCRIPTS.filter(lambda s: s.strip() == s), min_size=1, max_size=2),
        ),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.sampled_from(["Eva", "=Ben", "'@Ana"]), min_size=1, max_size=2, unique=True),
    st.data(),
)
def test_codings_come_back_to_the_character(
    format: str, turns: list[tuple[str, list[str]]], people: list[str], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder, open_store()[0] as one, open_store()[0] as two:
        key = add_text(one, "T", turns)
        add_text(two, "T", turns)
        text = transcript(one, key).text
        if format == "xlsx" and any(ord(c) < 32 and c not in "\n\t" for c in text):
            return  # a workbook cannot hold control characters; see test_tables.py
        for who in people:
            spans: set[tuple[str, int, int]] = set()
            for _ in range(data.draw(st.integers(1, 4))):
                start = data.draw(st.integers(0, len(text) - 1))
                end = data.draw(st.integers(start + 1, len(text)))
                if text[start:end].strip():
                    spans.add((data.draw(st.sampled_from(["fear", "+joy", "a, b; c"])), start, end))
            code(one, key, who, sorted(spans), "blind")
        if not codings(one):
            return
        file = Path(folder) / f"x.{format}"
        export = exported(Study(Path(folder), StudyConfig()), one)
        if format == "csv":
            write_csv(export, file)
        else:
            write_xlsx(export, file, (), "")
        taken(two, file)
        assert held(two) == held(one)


@pytest.mark.slow
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_text_of_more_than_a_million_characters(format: str, tmp_path: Path) -> None:
    with open_store()[0] as one, open_store()[0] as two:
        key = add_text(one, "Long", long_turns())
        add_text(two, "Long", long_turns())
        text = transcript(one, key).text
        last = len(text)
        assert last > 1_200_000
        spans = [("c", n, n + 1 + n % 97) for n in range(0, last - 100, 4_001)]
        spans = [one_ for one_ in spans if text[one_[1] : one_[2]].strip()]
        spans += [("c", 0, last), ("c", last - 1, last)]
        code(one, key, "Ana", spans, "independent")
        file = tmp_path / f"x.{format}"
        export = exported(Study(tmp_path, StudyConfig()), one)
        if format == "csv":
            write_csv(export, file)
        else:
            write_xlsx(export, file, (), "")  # the longest quote is cut to what a cell holds
        taken(two, file)
        assert held(two) == held(one)


def test_a_models_codings_stay_a_models(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file = tmp_path / "x.csv"
    write_csv(exported(made.study, made.store, Choice(decisions=("accept", "reject"))), file)
    with open_store()[0] as fresh:
        add_interview(fresh, "Garden 1", PARAGRAPHS)
        before = {(c.coder.name, c.coder.kind) for c in codings(fresh)}
        assert before == {("Ana", "human")}
        taken(fresh, file)
        assert {(c.coder.name, c.coder.kind) for c in codings(fresh, kind=None)} == {
            ("Ana", "human"),
            ("Ben", "human"),
            ("model m", "model"),
        }
        assert {c.exposure for c in codings(fresh) if c.coder.name == "Ben"} == {"after-model"}
        assert held(fresh) == held(made.store)
