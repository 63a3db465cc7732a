"""Codebooks of every shape, and the standard's schema where it lies beside the program."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from lxml import etree

from assistant.codebook.records import Code, Codebook
from assistant.codebook.writing import codebook_yaml
from assistant.study import Study, StudyConfig
from tests.export.test_qdpx import SCHEMAS

__all__ = ["NAMES", "against_the_schema", "codebooks", "study_with"]

NAMES = ("fear", "“joy” & <b>", "Positive", "Negative", "Autocode")
"""Some of them such as programs give to what they code by themselves."""


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    """Codes below each other and in families, or not in the codebook at all."""
    codes: list[Code] = []
    for name in NAMES:
        if draw(st.booleans()):
            parent = draw(st.sampled_from(["", *(code.id for code in codes)]))
            family = "" if parent else draw(st.sampled_from(["", "Sentiment", "Land"]))
            codes.append(Code(id=name, definition="d", parent=parent, family=family))
    families = {"Sentiment": "What people feel.", "Land": ""}
    return Codebook(name="B", families=families, codes=tuple(codes))


def study_with(folder: Path, book: Codebook) -> Study:
    study = Study(folder, StudyConfig())
    study.codebook_file.parent.mkdir(parents=True)
    study.codebook_file.write_text(codebook_yaml(book), encoding="utf-8")
    return study


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / "Project.xsd")))


def against_the_schema(file: Path) -> str:
    """What the standard's schema says against a project; empty: nothing, or there is no schema."""
    if not SCHEMAS.is_dir():
        return ""
    with zipfile.ZipFile(file) as archive:
        tree = etree.fromstring(archive.read("project.qde"))
    return "" if _schema().validate(tree) else str(_schema().error_log)
