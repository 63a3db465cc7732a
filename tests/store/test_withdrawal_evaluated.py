"""A withdrawal from a study whose evaluation is a real one, not an invented record."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant import shipped
from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.interchange.imports.known_codes import known_codes
from assistant.interchange.withdrawal.withdrawing import withdraw_transcript
from assistant.store.database import open_store
from assistant.store.verify import verify
from assistant.study import create_study
from eval.evaluation.studying import evaluate_study, last_evaluation


@pytest.mark.slow
def test_withdraw_after_a_real_evaluation(tmp_path: Path) -> None:
    study = create_study(tmp_path / "study")
    examples = shipped.examples()
    shutil.copyfile(examples / "codebook" / "codebook.yaml", study.codebook_file)
    files = [
        path
        for number in ("01", "02", "03")
        for path in sorted((examples / "codings").glob(f"Interview {number} - *.txt"))
    ]
    store, _ = open_store(study.database)
    with store:
        options = ImportOptions(
            known_codes=known_codes(study.codebook_file), exposure="independent"
        )
        import_files(store, files, options)
        before = evaluate_study(study, store)
        done = withdraw_transcript(study, store, "Interview 02", "asked by the participant")
        assert done.erased["evaluations marked"] == 1
        # The figures of before can still be read, and new ones do without the transcript.
        assert last_evaluation(store, before.id).evaluation.people is not None
        after = evaluate_study(study, store).evaluation
        assert after.coverage.transcripts == ("Interview 01", "Interview 03")
        assert after.withdrawn == ("Interview 02",)
        assert verify(store).ok
