"""By whose codes a model is judged: by nobody's that were made after seeing anybody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.codebook.loading import load_codebook
from assistant.codebook.records import Codebook
from assistant.decisions.own import add_missed
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.database import open_store
from assistant.store.measured.reference import rests_on
from assistant.store.people.codings import codings, scopes, set_exposure
from assistant.store.texts.transcripts import transcript_infos
from assistant.study import Study, create_study
from assistant.transcripts.records import EXPOSURES, NEVER_REFERENCE, REFERENCE, Exposure
from eval.units.loading import load

TALK = """Interviewer: Which tools did you have in the garden then?

Ann: We had one spade between five of us for many years.
{spade}
Ann: The sky was grey for weeks and nothing would come up at all.
the-weather
"""
BOOK = "name: Garden\ncodes:\n  - {id: the-tools}\n  - {id: the-weather}\n"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Ana and Ben coded one interview, each without the other."""
    made = create_study(tmp_path / "study", name="Garden")
    made.codebook_file.write_text(BOOK, encoding="utf-8")
    coded = tmp_path / "coded"
    coded.mkdir()
    for name, spade in (("Ana", "the-tools"), ("Ben", "")):
        (coded / f"Spades - {name}.txt").write_text(TALK.format(spade=spade), encoding="utf-8")
    known = ("the-tools", "the-weather")
    with open_store(made.database)[0] as store:
        import_files(
            store,
            [coded],
            ImportOptions(language="en", known_codes=known, exposure="independent"),
        )
    return made


@pytest.fixture
def book(study: Study) -> Codebook:
    return load_codebook(study.codebook_file)


@pytest.mark.parametrize("exposure", EXPOSURES)
def test_only_codings_made_without_seeing_others_are_reference(
    study: Study, book: Codebook, exposure: Exposure
) -> None:
    counts = exposure in ("independent", "blind")
    assert counts == (exposure in REFERENCE)
    with open_store(study.database)[0] as store:
        (info,) = transcript_infos(store)
        rests = rests_on(store, [info.id])
        set_exposure(store, exposure, coder="Ana")
        reference = {s.coder.name for s in scopes(store) if s.is_reference}
        assert reference == ({"Ana", "Ben"} if counts else {"Ben"})
        judged_by = load(store, book, ("Interviewer",), reference_only=True)
        assert set(judged_by.coders) == reference
        assert {c.coder for t in judged_by.transcripts for c in t.codings} == reference
        # What a verdict rested on is another thing once she is no reference any more.
        assert (rests_on(store, [info.id]) == rests) is counts
        measured = set(load(store, book, ("Interviewer",)).coders)
        assert measured == ({"Ben"} if exposure in NEVER_REFERENCE else {"Ana", "Ben"})


def test_a_code_added_later_by_a_reference_coder_is_none(study: Study, book: Codebook) -> None:
    with open_store(study.database)[0] as store:
        (info,) = transcript_infos(store)
        rests = rests_on(store, [info.id])
        spade = next(c for c in codings(store, info.id) if c.code == "the-tools")
        made = add_missed(store, book, info.id, "the-tools", spade.start, spade.end, "Ben")
        assert made.exposure == "after-model"
        (found,) = load(store, book, ("Interviewer",), reference_only=True).transcripts
        assert ("Ben", "the-tools") not in {(c.coder, c.code) for c in found.codings}
        assert rests_on(store, [info.id]) == rests
