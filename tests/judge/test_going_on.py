"""What a judge run keeps when it is concluded again, and which examples it may see."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from assistant.coding.judge.preparing import prepare_judge
from assistant.coding.settings import resolve
from assistant.interchange.transcripts import named
from assistant.store.database import open_store
from assistant.store.decided.decisions import add_decision
from assistant.store.model.reply_records import NewSuggestion
from assistant.store.model.suggestions import replace_transcript_suggestions, suggestions
from tests.runs.interviews import interviews
from tests.runs.studies import make_study, opened
from tests.store.filled import add_interview, add_run
from tests.store.test_schema import TALK


def test_another_calibration_takes_back_only_what_nobody_decided_on() -> None:
    with open_store()[0] as store:
        key = add_interview(store, "Spades", TALK)
        number = add_run(store, key).id

        def one(segment: int, probability: float) -> tuple[None, NewSuggestion]:
            made = NewSuggestion(
                key, segment, "tools", 0, 3, "Who", "", "cut", "", None, probability
            )
            return None, made

        first = [one(0, 0.6), one(1, 0.7), one(2, 0.8)]
        assert replace_transcript_suggestions(store, number, key, first) == 3
        decided = next(s.id for s in suggestions(store, number) if s.segment == 1)
        add_decision(store, decided, "accept", "Ana")
        assert replace_transcript_suggestions(store, number, key, [one(2, 0.9), one(3, 0.5)]) == 1
        kept = {s.segment: (s.probability, s.decision) for s in suggestions(store, number)}
    assert kept == {1: (0.7, "accept"), 2: (0.9, "open"), 3: (0.5, "open")}


@pytest.mark.slow
def test_an_example_that_names_no_transcript_is_known_by_its_words(tmp_path: Path) -> None:
    study = make_study(
        tmp_path, "http://127.0.0.1:9/v1", interviews("AB"), coding={"strategy": "judge"}
    )
    with opened(study) as store:
        (key,) = named(store, ("A",))
        settings = resolve(study)
        plain = prepare_judge(study, store, settings, (key,), 1, words_only=True)
        text = plain.targets[0].transcript
        longest = max(text.segments, key=lambda s: s.end - s.start)
        words = text.text[longest.start : longest.end].strip()
        yaml = YAML()
        book = yaml.load(study.codebook_file)
        book["codes"][0]["examples"] = [{"text": words}, {"text": "Something from elsewhere."}]
        yaml.dump(book, study.codebook_file)
        plan = prepare_judge(study, store, settings, (key,), 1, words_only=True)
    shown = plan.targets[0].shown.sent[0].examples
    assert [example.text for example in shown] == ["Something from elsewhere."]
    asked = {q.request.user for q in plan.targets[0].questions if q.request and q.code == 0}
    assert asked
    assert max(one.count(words) for one in asked) == 1  # as the passage itself, or beside it
