"""Study -> .qdpx -> study: no span moves by a character, and origin is kept, whatever the tool."""

from __future__ import annotations

import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assistant.codebook.records import Code, Codebook
from assistant.interchange.export.records import Choice
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.projects.readers import ReadOptions, find_reader
from assistant.interchange.projects.reports import ProjectOptions, ProjectReport
from assistant.interchange.projects.taking import take_project
from assistant.interchange.refi.writing import write_qdpx
from assistant.store.database import Store, open_store
from assistant.store.people.codings import codings, scopes
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
from tests.export.studies import add_text, code, exported, garden, long_turns
from tests.export.test_layout import SCRIPTS
from tests.export.test_qdpx import AT
from tests.export.test_round_tables import held


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
