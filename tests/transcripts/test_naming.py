"""Titles and coders from file names."""

from __future__ import annotations

import pytest

from assistant.transcripts import name_parts


@pytest.mark.parametrize(
    ("file_name", "expected"),
    [
        ("2023-06-04-Interview 35 - Ilan.pdf", ("Interview 35", "Ilan")),
        ("2023-06-04-Interview 30 - Mouna.txt.pdf", ("Interview 30", "Mouna")),
        ("Interview 32 - PO.txt", ("Interview 32", "PO")),
        ("Interview 2.txt", ("Interview 2", "")),
        ("20230604 Interview 2 – Zoe\u0308.md", ("Interview 2", "Zoë")),
        ("04.06.2023_Talk_5 - A. B. Cole (2).docx", ("Talk_5", "A. B. Cole")),
        ("Bread - village - Ada.txt", ("Bread - village", "Ada")),
        ("Interview 4 - part 2.txt", ("Interview 4 - part 2", "")),
        ("Interview 4 - v2.txt", ("Interview 4 - v2", "")),
        ("Interview 4 - final.txt", ("Interview 4 - final", "")),
        ("A talk - on bread and life in towns.txt", ("A talk - on bread and life in towns", "")),
        ("Jean-Luc.txt", ("Jean-Luc", "")),
        ("2023-06-04.txt", ("2023-06-04", "")),
        (".txt", (".txt", "")),
        ("Interview 7.5 - Ada", ("Interview 7.5", "Ada")),
    ],
)
def test_name_parts(file_name: str, expected: tuple[str, str]) -> None:
    assert name_parts(file_name) == expected
