"""Study -> .qdpx -> study: no span moves by a character, and origin is kept, whatever the tool."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assistant.codebook.records import Code, Codebook
from assistant.interchange.export.records import Choice
from assistant.interchange.export.table import write_csv
from assistant.interchange.export.word import write_docx
from assistant.interchange.export.workbook import write_xlsx
from assistant.interchange.importing import ImportOptions, import_files
from assistant.interchange.projects.knowing import REJECTED
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.reports import ProjectOptions, ProjectReport
from assistant.interchange.projects.taking import take_project
from assistant.interchange.refi.writing import write_qdpx
from assistant.store.database import Store, open_store
from assistant.store.model.suggestions import suggestions
from assistant.store.people.codings import codings, scopes, set_scope
from assistant.store.people.memos import memos
from assistant.store.texts.transcripts import transcript, transcript_infos
from assistant.store.verify import verify
from assistant.study import Study, StudyConfig
from eval.statistics.agreement import cohen_kappa
from eval.statistics.counts import count_cells
from eval.units.building import build_units
from eval.units.loading import load
from eval.units.records import UnitPlan
from tests.export.codebooks import NAMES, against_the_schema, codebooks, study_with
from tests.export.studies import PARAGRAPHS as GARDEN
from tests.export.studies import add_text, code, exported, garden, long_turns, with_a_rejected_one
from tests.export.test_layout import SCRIPTS
from tests.export.test_qdpx import AT
from tests.export.test_round_tables import held
from tests.store.filled import add_interview


def _as_readers_give_it(text: str) -> bool:
    """No reader lets a control character into a transcript, or white space around a paragraph."""
    return (
        text.strip("\ufeff").strip() == text
        and any(map(str.isalnum, text))
        and all(char >= " " or char in "\t\n" for char in text)
    )


PARAGRAPHS = SCRIPTS.map(lambda text: re.sub(r"[\x00-\x08\x0b-\x1f]", "x", text).strip()).filter(
    _as_readers_give_it
)
ALL = Choice(decisions=("accept", "open", "reject", "amend"))  # type: ignore[arg-type]


def texts(store: Store) -> set[object]:
    found = (transcript(store, i.id) for i in transcript_infos(store) if not i.withdrawn)
    return {(t.name, t.sha256, t.text, t.language, t.segments) for t in found}


def stated(store: Store) -> set[object]:
    return {(s.coder.name, s.exposure, s.segments) for s in scopes(store)}


def taken(store: Store, file: Path) -> ProjectReport:
    reader = find_reader(file)
    assert reader is not None
    report = take_project(store, reader.read(file, ReadOptions()), file, ProjectOptions())
    assert verify(store).findings == ()
    return report


@pytest.mark.slow
@settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "Ana", "רות", "I"]),
            st.lists(PARAGRAPHS, min_size=1, max_size=3),
        ),
        min_size=1,
        max_size=5,
    ),
    st.lists(st.sampled_from(["Eva", "Ben & <co>", "=רות"]), min_size=1, max_size=3, unique=True),
    st.sampled_from(["independent", "blind", "adjudicated", "unknown"]),
    codebooks(),
    st.data(),
)
def test_everything_comes_back(
    turns: list[tuple[str, list[str]]],
    people: list[str],
    exposure: str,
    book: Codebook,
    data: st.DataObject,
) -> None:
    several = st.sets(st.sampled_from(NAMES), min_size=1, max_size=4)
    with tempfile.TemporaryDirectory() as folder, open_store()[0] as one, open_store()[0] as two:
        key = add_text(one, "T", turns)
        text = transcript(one, key).text
        for who in people:
            spans: set[tuple[str, int, int]] = set()
            for _ in range(data.draw(st.integers(1, 4))):
                start = data.draw(st.integers(0, len(text) - 1))
                end = data.draw(st.integers(start + 1, len(text)))
                if text[start:end].strip():
                    spans |= {(name, start, end) for name in data.draw(several)}
            code(one, key, who, sorted(spans), exposure)
        file = Path(folder) / "x.qdpx"
        write_qdpx(exported(study_with(Path(folder), book), one), file, AT)
        assert against_the_schema(file) == ""
        report = taken(two, file)
        assert report.not_placed == ()
        assert texts(two) == texts(one)
        assert held(two) == held(one)
        assert stated(two) == stated(one)


@pytest.mark.slow
def test_a_text_of_more_than_a_million_characters(tmp_path: Path) -> None:
    with open_store()[0] as one, open_store()[0] as two:
        key = add_text(one, "Long", long_turns())
        text = transcript(one, key).text
        assert len(text) > 1_200_000
        last = len(text)
        spans = [("c", n, n + 1 + n % 97) for n in range(0, last - 100, 4_001)]
        spans += [("c", 0, last), ("c", last - 1, last)]
        code(one, key, "Ana", spans, "independent")
        file = tmp_path / "x.qdpx"
        write_qdpx(exported(Study(tmp_path, StudyConfig()), one), file, AT)
        taken(two, file)
        assert texts(two) == texts(one)
        assert held(two) == held(one)


def windows(source: Path, target: Path) -> None:
    """As NVivo on Windows writes: CRLF, a byte-order mark, UTF-16 units, GUIDs in capitals; the
    codings have new ones."""
    with zipfile.ZipFile(source) as archive:
        names = [name for name in archive.namelist() if name.startswith("sources/")]
        project = archive.read("project.qde").decode()
        said = {name: archive.read(name).decode() for name in names}
    (text,) = said.values()
    units = [0]
    for char in text:
        units.append(units[-1] + (2 if char == "\n" or ord(char) > 0xFFFF else 1))
    project = re.sub(
        r'(startPosition|endPosition)="(\d+)"',
        lambda found: f'{found[1]}="{units[int(found[2])]}"',
        project,
    )
    project = re.sub(r'origin="[^"]*"', 'origin="NVivo 12"', project, count=1)
    number = iter(range(10**6))
    project = re.sub(
        r'<Coding guid="[^"]*"',
        lambda _: f'<Coding guid="00000000-0000-4000-8000-{next(number):012d}"',
        project,
    )
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("Project.qde", project)
        for name in names:
            archive.writestr(name, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())


PASSAGE = re.compile(r"[^\n.?]{12,}")
TURNS = [
    ("I", ["What do you grow, and since when have you had the plot by the river?"]),
    ("R", ["Leeks 🌱 and beans, since my aunt gave it to me.", "It floods every single spring."]),
    ("I", ["And who helps?"]),
    ("R", ["My neighbour 👩‍🌾 does, when her knees allow it, and sometimes the children."]),
]


def test_what_another_tool_did_to_the_file_is_undone(tmp_path: Path) -> None:
    with open_store()[0] as one, open_store()[0] as two:
        key = add_text(one, "T", TURNS)
        text = transcript(one, key).text
        words = [found.span() for found in re.finditer(r"\w+[^\n.?]*", text)]
        code(one, key, "Ana", [("c", *span) for span in words], "independent")
        code(one, key, "Ben", [("d", words[0][0], words[-1][1])], "blind")
        file, back = tmp_path / "x.qdpx", tmp_path / "back.qdpx"
        write_qdpx(exported(Study(tmp_path, StudyConfig()), one), file, AT)
        windows(file, back)
        report = taken(two, back)
        assert report.not_placed == ()
        assert texts(two) == texts(one)
        assert held(two) == held(one)
        assert stated(two) == stated(one)


def test_the_same_study_takes_nothing_twice(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file = tmp_path / "x.qdpx"
    write_qdpx(exported(made.study, made.store, ALL), file, AT)
    before = held(made.store)
    report = taken(made.store, file)
    assert report.codings == 0
    assert held(made.store) == before
    assert len(memos(made.store)) == 3


def test_a_models_coding_stays_a_models_and_memos_come_back(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file = tmp_path / "x.qdpx"
    write_qdpx(exported(made.study, made.store, ALL), file, AT)
    with open_store()[0] as fresh:
        taken(fresh, file)
        assert held(fresh) == held(made.store)
        models = codings(fresh, kind="model")
        assert Counter((c.coder.name, c.code) for c in models) == {("model m", "tools"): 1}
        assert {c.exposure for c in codings(fresh) if c.coder.name == "Ben"} == {"after-model"}
        assert {c.exposure for c in codings(fresh) if c.coder.name == "Ana"} == {"independent"}
        assert {(m.about, m.text, m.start, m.end, m.who) for m in memos(fresh)} == {
            (m.about, m.text, m.start, m.end, m.who) for m in memos(made.store)
        }


@pytest.mark.slow
@pytest.mark.parametrize("format", ["qdpx", "qdpx with new GUIDs", "csv", "xlsx", "docx"])
def test_what_a_person_rejected_is_not_open_again(format: str, tmp_path: Path) -> None:
    made = with_a_rejected_one(tmp_path / "s")
    export = exported(made.study, made.store, Choice(decisions=("open", "reject")))
    file = tmp_path / f"Garden 1.{format[:4].strip()}"
    if format.startswith("qdpx"):
        write_qdpx(export, file, AT)
        if format != "qdpx":
            windows(file, file.with_name("back.qdpx"))
            file = file.with_name("back.qdpx")
    elif format == "csv":
        write_csv(export, file)
    elif format == "xlsx":
        write_xlsx(export, file, (), "")
    else:
        write_docx(export, made.transcript_id, file)
    with open_store()[0] as fresh:
        if format in ("csv", "xlsx"):
            add_interview(fresh, "Garden 1", GARDEN)
        report = import_files(fresh, [file], ImportOptions()).projects[0]
        models = codings(fresh, kind="model")
        (kept,) = (s for s in suggestions(made.store, made.run_id) if s.id == made.accepted)
        assert [" ".join(m.quote.split()) for m in models] == [" ".join(kept.quote.split())]
        assert [one.why for one in report.not_placed] == [REJECTED]


def test_what_people_had_seen_comes_back_from_word(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file = tmp_path / "Garden 1.docx"
    write_docx(exported(made.study, made.store), made.transcript_id, file)
    with open_store()[0] as fresh:
        import_files(fresh, [file], ImportOptions(exposure="independent"))
        seen = {(c.coder.name, c.exposure) for c in codings(fresh)}
        assert seen == {("Ana", "independent"), ("Ben", "after-model")}


def test_a_sample_stays_a_sample(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    (ana,) = (s for s in scopes(made.store) if s.coder.name == "Ana")
    at = "2026-01-02T03:04:05+00:00"
    sample = replace(ana, exposure="blind", segments=(1, 3), codes=("tools",), finished_at=at)
    set_scope(made.store, sample)
    file = tmp_path / "x.qdpx"
    write_qdpx(exported(made.study, made.store), file, AT)
    with open_store()[0] as fresh:
        taken(fresh, file)
        (back,) = (s for s in scopes(fresh) if s.coder.name == "Ana")
        assert (back.exposure, back.segments, back.codes) == ("blind", (1, 3), ("tools",))
        assert back.finished_at == at


def test_also_where_the_tool_drops_the_stamp(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file, back = tmp_path / "x.qdpx", tmp_path / "back.qdpx"
    write_qdpx(exported(made.study, made.store, ALL), file, AT)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(back, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "project.qde":
                data = re.sub(rb'<Note [^>]*name="Second Coder".*?</Note>', b"", data, flags=re.S)
            new.writestr(name, data)
    with open_store()[0] as fresh:
        report = taken(fresh, back)
        assert {c.coder.name for c in codings(fresh)} == {"Ana", "Ben"}
        assert len(codings(fresh, kind="model")) == 1
        # The notes tell what a person had decided.
        assert [one.why for one in report.not_placed] == [REJECTED]
        # Without the stamp the text is read like anybody's: a tab within a line is a space.
        said = {" ".join(c.quote.split()) for c in codings(made.store)}
        assert {c.quote for c in codings(fresh)} == said


def test_what_a_person_adds_beside_a_model_was_made_after_seeing_it(tmp_path: Path) -> None:
    made = garden(tmp_path / "s")
    file, back = tmp_path / "x.qdpx", tmp_path / "back.qdpx"
    write_qdpx(exported(made.study, made.store, ALL), file, AT)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(back, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            if name == "project.qde":
                ana = re.search(r'<User guid="([^"]*)" name="Ana"', data)
                tool = re.search(r'<Code guid="([^"]*)" name="weather"', data)
                assert ana is not None
                assert tool is not None
                added = (
                    '<PlainTextSelection guid="11111111-0000-4000-8000-000000000000" '
                    f'startPosition="13" endPosition="29" creatingUser="{ana[1]}">'
                    f'<Coding guid="21111111-0000-4000-8000-000000000000" creatingUser="{ana[1]}">'
                    f'<CodeRef targetGUID="{tool[1]}"/></Coding></PlainTextSelection></TextSource>'
                )
                data = data.replace("</TextSource>", added, 1)
            new.writestr(name, data)
    with open_store()[0] as fresh:
        taken(fresh, back)
        found = {(c.code, c.quote, c.exposure) for c in codings(fresh) if c.coder.name == "Ana"}
        assert ("weather", "What do you grow", "after-model") in found
        assert {e for code_, _, e in found if code_ == "tools"} == {"independent"}


def with_herself(one: Store, two: Store) -> dict[str, float]:
    """Kappa of each coder of one study with the same coder of the other, on all segments."""
    ids = sorted({found.code for found in codings(one)} | {found.code for found in codings(two)})
    book = Codebook(name="B", codes=tuple(Code(id=name, definition="d") for name in ids))
    loaded = [load(store, book, (), with_adjudicated=True) for store in (one, two)]
    assert {p.name for p in loaded[0].people} == {p.name for p in loaded[1].people}
    people = tuple(sorted({person.name for person in loaded[0].people}))
    plan = UnitPlan(codes=tuple(ids), coders=people)
    first, second = (
        build_units(sorted(study.transcripts, key=lambda t: t.name), plan) for study in loaded
    )
    assert first.transcripts == second.transcripts
    found = {}
    for number, name in enumerate(people):
        assert (first.scope[number] == second.scope[number]).all()
        cells = count_cells(
            first.positive[number],
            second.positive[number],
            first.scope[number],
            first.transcript,
            len(first.transcripts),
        ).sum(axis=(0, 1))
        assert cells[0] > 0, f"{name} has no coding that counts in any unit"
        found[name] = float(cohen_kappa(cells))
    return found


def test_agreement_with_herself_sees_a_coding_that_is_gone(tmp_path: Path) -> None:
    with open_store()[0] as one, open_store()[0] as two:
        for store, spans in ((one, 3), (two, 2)):
            key = add_text(store, "T", TURNS)
            found = list(PASSAGE.finditer(transcript(store, key).text))
            code(store, key, "Ana", [("c", *one_.span()) for one_ in found[:spans]])
            code(store, key, "Ben", [("d", *found[0].span())])
        assert with_herself(one, one) == {"Ana": 1.0, "Ben": 1.0}
        assert with_herself(one, two)["Ana"] < 1.0
        assert with_herself(one, two)["Ben"] == 1.0


@pytest.mark.real
@pytest.mark.slow
def test_the_real_interviews_come_back(interviews: Path, tmp_path: Path) -> None:
    with open_store()[0] as one, open_store()[0] as two:
        import_files(one, [interviews], ImportOptions(exposure="independent", trust_guesses=True))
        assert codings(one)
        file = tmp_path / "x.qdpx"
        write_qdpx(exported(Study(tmp_path, StudyConfig()), one), file, AT)
        report = taken(two, file)
        assert report.not_placed == ()
        assert texts(two) == texts(one)
        assert held(two) == held(one)
        assert stated(two) == stated(one)
        agreement = with_herself(one, two)
        assert len(agreement) >= 5
        assert set(agreement.values()) == {1.0}
