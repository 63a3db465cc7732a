"""How far a figure hangs on the rule, on codes without an entry and on words alone, by hand.

Whole evaluations from stored rows: two people, a run, and passages that can be counted by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import pytest

from assistant.hashing import hash_text
from assistant.store.database import Store, open_store
from assistant.store.model.outcomes import set_segment_outcomes
from assistant.store.model.reply_records import NewSuggestion, SegmentOutcome
from assistant.store.model.runs import finish_run, run
from assistant.store.model.suggestions import replace_transcript_suggestions
from assistant.store.people.coders import add_coder
from assistant.store.people.codings import set_scope
from assistant.store.records import Coding, DocumentCoding, Scope
from assistant.store.texts.documents import add_document, replace_imported_codings
from assistant.store.texts.transcripts import new_transcript, transcript
from assistant.transcripts.records import Document, Segment, SourceCoding
from eval.evaluation.evaluating import evaluate
from eval.evaluation.results import Evaluation, ModelResult
from eval.evaluation.subject import Subject
from eval.statistics.agreement import measure
from eval.statistics.values import is_defined
from eval.units.words import RULES
from eval.verdicts.policy import Policy
from tests.store.filled import CODEBOOK, RECIPE, add_run

WORDS = 30
"""In each paragraph, of which the interviewer says the first and every third after it."""
Mark = tuple[str, int, int]
"""Code, paragraph, how many of its words from the first."""


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store()[0] as made:
        yield made


def interview(
    store: Store, name: str, marks: Mapping[str, Sequence[Mark]], said: Sequence[str]
) -> int:
    """A transcript whose paragraphs are ``said``, with each person's ``marks``."""
    pieces, segments, place = [], [], 0
    said = [f"{name} {said[0].partition(' ')[2]}", *said[1:]]  # no two texts are the same
    for number, paragraph in enumerate(said):
        piece = paragraph + ("" if number == len(said) - 1 else "\n\n")
        speaker = "Ann" if number % 3 else "Interviewer"
        segments.append(
            Segment(index=number, start=place, end=place + len(piece), speaker=speaker, turn=number)
        )
        pieces.append(piece)
        place += len(piece)
    text = "".join(pieces)
    with store.transaction():
        key = new_transcript(store, name, hash_text(text), text, "en", segments)
        carried, codings, base = [], [], 0
        for person, mine in marks.items():
            spans = []
            for code, number, words in mine:
                start = segments[number].start
                length = len(" ".join(said[number].split()[:words]))
                spans.append((code, start, start + length))
            document = Document(
                name=f"{name} - {person}.txt",
                format="delve-text",
                file_sha256=hash_text(name + person),
                title=name,
                coder=person,
                language="en",
                text=text,
                segments=tuple(segments),
                codings=tuple(SourceCoding(code=c, start=a, end=b) for c, a, b in spans),
            )
            who = add_coder(store, person, "human")
            row = add_document(store, key, document, who, f"/nowhere/{name} - {person}.txt")
            set_scope(store, Scope(who, key, "independent"))
            made = [
                Coding(
                    0, f"{name}{person}{i}", key, who, c, a, b, text[a:b], "import", "independent"
                )
                for i, (c, a, b) in enumerate(spans)
            ]
            fates = [DocumentCoding(c.code, c.start, c.end, coding_guid=c.guid) for c in made]
            carried.append((row, fates))
            codings += [(row, c) for c in made]
            base = base or row
        replace_imported_codings(store, key, base, carried, codings)
    return key


def suggested(store: Store, found: Mapping[int, Sequence[tuple[str, int]]]) -> int:
    """A finished run: for each transcript, the code and paragraph of its suggestions."""
    made = add_run(store, *found)
    for key, cells in found.items():
        text = transcript(store, key)
        rows = []
        for code, number in cells:
            s = text.segments[number]
            quote = text.text[s.start : s.start + 20]
            rows.append(
                NewSuggestion(
                    key, number, code, s.start, s.start + 20, quote, quote, "exact", "", 0.5
                )
            )
        replace_transcript_suggestions(store, made.id, key, [(None, row) for row in rows])
        coded = {number for _, number in cells}
        set_segment_outcomes(
            store,
            made.id,
            [
                SegmentOutcome(key, s.index, "coded" if s.index in coded else "coded-empty", "")
                for s in text.segments
            ],
        )
    recipe = {**RECIPE, "codes": {code.id: code.sha256 for code in CODEBOOK.sent}}
    header = {"recipe": recipe, "models_answered": [], "model_asked": "m", "notes": []}
    store.write("UPDATE recipes SET content = ?", (json.dumps(recipe),))
    store.write("UPDATE runs SET header = ?", (json.dumps(header),))
    finish_run(store, made.id, "complete", "")
    return made.id


def evaluated(store: Store, number: int | None = None) -> Evaluation:
    policy = Policy.model_validate({"intervals": {"resamples": 100}})
    found = run(store, number) if number is not None else None
    return evaluate(store, Subject("s", CODEBOOK, policy, ("Interviewer",), True, found))


def filler(paragraphs: int) -> list[str]:
    return [" ".join(["word"] * WORDS) for _ in range(paragraphs)]


def kappa(*cells: int) -> object:
    return pytest.approx(measure("kappa", cells), abs=1e-12)


ANN: list[Mark] = [("tools", 1, WORDS), ("tools", 4, WORDS), ("tools", 7, WORDS)]
BEN: list[Mark] = [
    ("tools", 1, WORDS),  # by every rule
    ("tools", 4, 12),  # 40%, and ten words: not by half of it alone
    ("tools", 7, 8),  # 27%, and five words
    ("tools", 8, 2),  # any word
]
MOON = {"Ann": [("the-moon", 1, WORDS)], "Ben": [("the-moon", 2, WORDS)]}
"""Nine paragraphs in three exchanges; two codes have an entry, so that there are 18 cells."""


def test_sensitivity_is_kappa_under_each_rule(store: Store) -> None:
    for name in ("one", "two", "three"):
        interview(store, name, {"Ann": ANN, "Ben": BEN}, filler(9))
    found = evaluated(store)
    counted = {
        "any word": (3, 0, 1, 14),
        "25% of it or 5 words": (3, 0, 0, 15),
        "50% of it or 10 words": (2, 1, 0, 15),
        "50% of it": (1, 2, 0, 15),
        "all of it": (1, 2, 0, 15),
    }
    assert [str(rule) for rule in RULES] == list(counted)
    rows = {row.what: row.people for row in found.sensitivity}
    assert len(rows) == len(counted) + 1
    for rule, cells in counted.items():
        shown = rows[f"segments, a span counts if it covers {rule}"]
        assert shown is not None
        assert shown.estimate == kappa(*cells)
    # By exchange (90 words): Ann has all three, Ben the first two (a passage of ten words counts
    # in its segment), and ten words in two segments of the third.
    by_exchange = rows["exchanges (a question with its answers)"]
    assert by_exchange is not None
    assert by_exchange.estimate == kappa(3, 0, 0, 3)
    # The headline is the row of the rule that stands above the report.
    assert found.people is not None
    assert found.coverage.rule == "50% of it or 10 words"
    assert found.people.together.pooled.values["kappa"].estimate == kappa(2, 1, 0, 15)


def test_behind_each_kappa_of_sensitivity_stand_its_codes_and_transcripts(store: Store) -> None:
    """Each rule has its own mean over codes and worst cases, not those of the headline."""
    interview(store, "one", {"Ann": ANN, "Ben": BEN}, filler(9))
    sky = {"Ann": [("weather", 1, WORDS)], "Ben": [("weather", 2, WORDS)]}
    interview(store, "two", sky, filler(9))
    found = evaluated(store)
    weather = measure("kappa", (0, 1, 1, 16))
    assert is_defined(weather)
    for rule, tools in {
        "any word": (3, 0, 1, 14),
        "50% of it or 10 words": (2, 1, 0, 15),
        "all of it": (1, 2, 0, 15),
    }.items():
        (row,) = (
            row
            for row in found.sensitivity
            if row.what == f"segments, a span counts if it covers {rule}"
        )
        behind, one = row.people_behind, measure("kappa", tools)
        assert behind is not None
        assert is_defined(one)
        assert behind.codes == 2
        assert behind.macro.estimate == pytest.approx((one + weather) / 2, abs=1e-12)
        assert (behind.worst_code.name, behind.worst_code.value) == ("weather", kappa(0, 1, 1, 16))
        assert behind.worst_transcript.name == "two"
        assert behind.worst_transcript.value == kappa(0, 1, 1, 16)
        assert row.model_behind is None
    # The rule above the report: the same figures as in the headline.
    people = found.people
    assert people is not None
    (row,) = (row for row in found.sensitivity if "50% of it or 10 words" in row.what)
    assert row.people_behind is not None
    assert row.people_behind.macro == people.together.macro["kappa"]
    assert row.people_behind.worst_code == people.together.worst_code["kappa"]
    assert row.people_behind.worst_transcript == people.together.worst_transcript["kappa"]


def test_sensitivity_of_the_model_goes_with_the_people_it_is_beside(store: Store) -> None:
    keys = [
        interview(store, name, {"Ann": ANN, "Ben": BEN}, filler(9))
        for name in ("one", "two", "three")
    ]
    number = suggested(store, {key: [("tools", 1), ("tools", 4)] for key in keys})
    found = evaluated(store, number)
    rows = {row.what: row.model for row in found.sensitivity}
    assert found.model is not None
    (same,) = (row for row in found.sensitivity if "50% of it or 10 words" in row.what)
    assert same.model_behind is not None
    assert same.model_behind.macro == found.model.summary.macro["kappa"]
    # With Ann 2 of her 3; with Ben by the rule. Over all codes, the mean of the two.
    for rule, ben in {
        "any word": (2, 2, 0, 14),
        "50% of it or 10 words": (2, 0, 0, 16),
        "all of it": (1, 0, 1, 16),
    }.items():
        shown = rows[f"segments, a span counts if it covers {rule}"]
        assert shown is not None
        both = [measure("kappa", (2, 1, 0, 15)), measure("kappa", ben)]
        assert all(is_defined(one) for one in both)
        assert shown.estimate == pytest.approx(sum(both) / 2, abs=1e-12)  # type: ignore[arg-type]


def test_agreement_with_and_without_codes_that_have_no_entry(store: Store) -> None:
    marks = {"Ann": [*ANN, *MOON["Ann"]], "Ben": [*BEN, *MOON["Ben"]]}
    for name in ("one", "two", "three"):
        interview(store, name, marks, filler(9))
    found = evaluated(store)
    people = found.people
    assert people is not None
    without, within = people.together.pooled.values["kappa"], people.with_missing_codes
    assert without.estimate == kappa(2, 1, 0, 15)
    assert within.estimate == kappa(2, 2, 1, 22)  # nine cells more, of which two differ
    assert is_defined(without.low)
    assert {c.code for c in found.coverage.left_out_codes} == {"the-moon"}
    # Ann marked three passages and Ben five; one of each has the code without an entry.
    assert found.coverage.missing_share == pytest.approx(2 / 8)


def test_without_such_codes_the_two_are_the_same(store: Store) -> None:
    for name in ("one", "two"):
        interview(store, name, {"Ann": ANN, "Ben": BEN}, filler(9))
    people = evaluated(store).people
    assert people is not None
    assert people.with_missing_codes == people.together.pooled.values["kappa"]


# --- the best of the baselines -------------------------------------------------------------------


def of_model(store: Store, number: int) -> ModelResult:
    model = evaluated(store, number).model
    assert model is not None
    return model


def kappas(model: ModelResult) -> dict[str, float]:
    found = {b.name: b.summary.pooled.values["kappa"].estimate for b in model.baselines}
    return {name: value if is_defined(value) else float("-inf") for name, value in found.items()}


def test_where_nearly_all_is_one_code_the_commonest_is_the_baseline_to_beat(store: Store) -> None:
    marks: list[Mark] = [("tools", n, WORDS) for n in range(9) if n != 4]
    keys = [
        interview(store, name, {"Ann": marks, "Ben": marks}, filler(9)) for name in ("one", "two")
    ]
    model = of_model(store, suggested(store, {key: [("tools", 1)] for key in keys}))
    found = kappas(model)
    # Two transcripts are too few to learn words from: that baseline is then "never".
    assert found["word statistics"] == found["never"] == 0
    assert found["commonest"] == kappa(8, 0, 1, 9)
    assert model.best_baseline == "commonest"


@pytest.mark.slow
def test_where_words_tell_word_statistics_are_the_baseline_to_beat(store: Store) -> None:
    said = filler(12)
    for n in (1, 4, 7):
        said[n] = " ".join(["spade"] * 10 + ["word"] * 20)
    said[2] = " ".join(["cloud"] * 10 + ["word"] * 20)
    marks: list[Mark] = [("tools", n, WORDS) for n in (1, 4, 7)] + [("weather", 2, WORDS)]
    keys = [
        interview(store, name, {"Ann": marks, "Ben": marks}, said)
        for name in ("one", "two", "three", "four")
    ]
    model = of_model(store, suggested(store, {key: [("tools", 1)] for key in keys}))
    found = kappas(model)
    assert found["word statistics"] == 1
    assert model.best_baseline == "word statistics"
    best = next(b for b in model.baselines if b.name == model.best_baseline)
    ours = model.summary.pooled.values["kappa"].estimate
    assert is_defined(ours)
    assert best.over_pooled.estimate == pytest.approx(ours - 1, abs=1e-9)


def test_luck_is_no_baseline_to_beat(store: Store) -> None:
    """Random may come out above the others by chance; what is named is the best that is not."""
    keys = [
        interview(
            store, name, {"Ann": [("tools", 1, WORDS)], "Ben": [("tools", 1, WORDS)]}, filler(9)
        )
        for name in ("one", "two", "three")
    ]
    model = of_model(store, suggested(store, {key: [("tools", 1)] for key in keys}))
    found = kappas(model)
    named = {name: value for name, value in found.items() if name != "random"}
    assert model.best_baseline != "random"
    assert found[model.best_baseline] == max(named.values())
