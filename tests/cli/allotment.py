"""A small invented study about gardening: two interviews, two coders, a codebook."""

from __future__ import annotations

from pathlib import Path

from assistant.interchange.imports.importing import ImportOptions, import_files
from assistant.store.database import open_store
from assistant.study import Study, create_study

__all__ = ["ANA", "BEN", "CODEBOOK", "SECOND", "allotment"]

ANA = """\
Interviewer: What did the weather do to you this year?

Gardener: The late frost took every bean that we had sown in April.
frost
weather-damage

Gardener: So we sowed again in May, and those came up well.
patience
"""
BEN = """\
Interviewer: What did the weather do to you this year?

Gardener: The late frost took every bean that we had sown in April.
Frost

Gardener: So we sowed again in May, and those came up well.
new-start
"""
SECOND = """\
Interviewer: Who looks after the paths between the plots?

Warden: Nobody does, which is why the nettles stand as high as my shoulder.
neglect
patience
"""
CODEBOOK = """\
name: Allotment
version: 1
families:
  Weather: What the sky does
codes:
  - id: frost
    family: Weather
    definition: Harm done by cold.
  - id: patience
    definition: Waiting or doing it all again.
"""


def allotment(folder: Path) -> Study:
    """The study with both interviews imported, and the codebook that knows two of the codes."""
    study = create_study(folder / "study")
    files = folder / "files"
    files.mkdir()
    for name, text in (
        ("Plot 1 - Ana.txt", ANA),
        ("Plot 1 - Ben.txt", BEN),
        ("Plot 2 - Ana.txt", SECOND),
    ):
        (files / name).write_text(text, encoding="utf-8")
    labels = ("frost", "Frost", "weather-damage", "patience", "new-start", "neglect")
    store, _ = open_store(study.database)
    with store:
        report = import_files(store, [files], ImportOptions(labels=labels))
    assert not report.refused
    assert report.transcripts == ("Plot 1", "Plot 2")
    assert [f.codings for f in report.files] == [3, 2, 2]
    study.codebook_file.write_text(CODEBOOK, encoding="utf-8")
    return study
