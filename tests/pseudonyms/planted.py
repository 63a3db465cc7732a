"""Invented interviews with planted names and numbers, none of which may leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.deidentify.listing import add_term
from assistant.study import Study, open_study
from tests.runs.studies import make_study, opened

__all__ = ["BOOK", "IDENTIFIERS", "INTERVIEWS", "LIST", "planted_study"]

LIST: tuple[tuple[str, str, str], ...] = (
    ("Zelda Quarrington", "person", "Person 1"),
    ("Zelda", "person", "Person 1"),
    ("Quarrington", "person", "Person 1"),
    ("Ümit Öztaş", "person", "Person 2"),
    ("O'Brannigan", "person", "Person 3"),
    ("Wimblecombe-on-Sea", "place", "Place 1"),
    ("Thistledown Cooperative", "organisation", "Organisation 1"),
)

IDENTIFIERS = (
    *("zelda", "quarrington", "ümit", "öztaş", "umit", "oztas", "brannigan", "wimblecombe"),
    *("thistledown", "zq@allotments.example", "0044 20 7946", "+44 20 7946 0958", "7946 0991"),
    *("www.thistle", "123-45-6789", "GB82 WEST 1234", "ümi̇t"),
    *("jan-quarry", "janquarry", "612-345", "98.123.456", "555-1234", "０３０", "７６５４３２１"),
    *("850101", "123.456.789", "756.1234"),
)
"""Small letters; none stands in any request byte."""

INTERVIEWS: Mapping[str, Sequence[str]] = {
    "Plot of Zelda": (
        "I am Zelda Quarrington, and zelda's spade is the one by the door.",
        "ZELDA QUARRINGTON rained on, they say; write to zq@allotments.example or call "
        "+44 20 7946 0958.",
        "My neighbour Umit Oztas came, and Ümit Öztaş's brother. The O’Brannigans came with soup "
        "to Wimblecombe-\non-Sea.",
        "We belong to the Thistledown  Cooperative, see www.thistledown.example/plots. My number "
        "is 123-45-6789, my account GB82 WEST 1234 5698 7654 32.",
    ),
    "Other plot": (
        "It rained in Wimblecombe on Sea in 1987, for 9 days, until 12-03-1990.",
        "Zelda-\u00adQuarring\u00adton? No, the other one, Quar-\nrington, the neighbour. "
        "Ring 020 7946 0991.",
        "He is at linkedin.example.com/in/jan-quarry-1985 and t.me/janquarry, his number "
        "612-345-678 or 98.123.456 or 555-1234, or ０３０－７６５４３２１. 850101-1234, "
        "123.456.789-00 and 756.1234.5678.97 are numbers of persons.",
    ),
}

BOOK = """\
name: Plots of Wimblecombe-on-Sea
families:
  Zelda's things: What Zelda owns
codes:
  - id: tools
    family: Zelda's things
    definition: Something to work with, such as the spade of Zelda Quarrington.
    examples:
      - text: Umit Oztas lent me his barrow, call 020 7946 0991.
        transcript: A third plot
  - id: weather
    definition: What the sky did.
  - id: company-of-zelda
    definition: Others who are there, such as neighbours.
    aliases: [company]
"""


def planted_study(folder: Path, base_url: str, **coding: Any) -> Study:
    """The interviews imported, the list confirmed, and the model treated as elsewhere."""
    study = make_study(folder, base_url, INTERVIEWS, codebook=BOOK, coding=coding)
    file = folder / "study.toml"
    file.write_text(
        file.read_text("utf-8") + '[privacy]\npseudonyms = "always"\n', encoding="utf-8"
    )
    speakers = folder / "prompts" / "list-v1.md"
    speakers.write_text(
        speakers.read_text("utf-8").replace(
            "You are the second coder", "For Zelda Quarrington: you are the second coder"
        ),
        encoding="utf-8",
    )
    with opened(study) as store:
        for term, kind, replacement in LIST:
            add_term(store, term, kind, replacement)
    return open_study(folder)
