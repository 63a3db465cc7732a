"""Disagreements for spreadsheets and for programs.

Without quotes they hold no word of a participant. Where sides are hidden, the table has sides in
the order in which the page shows them, and nothing that tells whose they are.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from eval.disagreements.cards import drawn_order
from eval.disagreements.codes import by_code, confusable, one_sided
from eval.disagreements.finding import Gathered
from eval.disagreements.places import how_many_at
from eval.disagreements.records import KIND_WORDS, WHO_WORDS, Disagreement, Side

__all__ = ["csv_text", "json_text"]

_WHERE = ("transcript", "first segment", "last segment", "codes")


def json_text(
    gathered: Gathered, study: str, run: int | None, made_at: str, quotes: bool = True
) -> str:
    """Everything that was found."""
    content = {
        "study": study,
        "run": run,
        "made_at": made_at,
        "coders": list(gathered.coders),
        "model": gathered.model,
        "codebook": {
            "name": gathered.codebook.name,
            "version": gathered.codebook.version,
            "sha256": gathered.codebook.sha256,
        },
        "with_quotes": quotes,
        "passages": how_many_at(gathered.disagreements),
        "codes": [asdict(row) for row in by_code(gathered)],
        "confusable": [asdict(row) for row in confusable(gathered)],
        "one_sided": [asdict(row) for row in one_sided(gathered)],
        "disagreements": [_plain(d, quotes) for d in gathered.disagreements],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _plain(found: Disagreement, quotes: bool) -> dict[str, Any]:
    row = found.model_dump(mode="json")
    if not quotes:
        for side in row["sides"]:
            side["rationale"] = ""
            for passage in (*side["passages"], *side["nearby"]):
                passage["quote"] = ""
    return row


def csv_text(gathered: Gathered, quotes: bool = True, hide_sides: bool = False) -> str:
    """One row a disagreement; for each coder what was given, and the words where wanted."""
    out = io.StringIO()
    writer = csv.writer(out)
    rows = _hidden(gathered, quotes) if hide_sides else _open(gathered, quotes)
    for row in rows:
        writer.writerow([_cell(x) for x in row])
    return "\ufeff" + out.getvalue().replace("\r\n", "\n")


def _open(gathered: Gathered, quotes: bool) -> list[list[str]]:
    head = ["key", "place", "who", "kind", *_WHERE, "alone"]
    for name in gathered.coders:
        head += _heads(name, quotes)
    rows = [[*head, *(["rationale"] if quotes else []), "look"]]
    for d in gathered.disagreements:
        row = [d.key, d.place, WHO_WORDS[d.who], KIND_WORDS[d.kind], *_where(d), d.alone]
        sides = {side.coder: side for side in d.sides}
        for name in gathered.coders:
            row += _given([sides[name]] if name in sides else [], quotes)
        if quotes:
            row.append(" ".join(side.rationale for side in d.sides if side.rationale))
        rows.append([*row, d.look])
    return rows


def _hidden(gathered: Gathered, quotes: bool) -> list[list[str]]:
    found = sorted(gathered.disagreements, key=lambda d: (d.transcript, d.start, d.codes))
    most = max((len(d.parties) for d in found), default=0)
    heads = [_heads(f"side {number}", quotes) for number in range(1, most + 1)]
    rows = [["key", "place", *_WHERE, *(head for both in heads for head in both)]]
    for d in found:
        row = [d.key, d.place, *_where(d)]
        for index in drawn_order(d, d.place or d.key):
            row += _given(d.parties[index], quotes)
        rows.append([*row, *([""] * (len(rows[0]) - len(row)))])
    return rows


def _heads(name: str, quotes: bool) -> list[str]:
    return [f"{name}: gives", *([f"{name}: marks"] if quotes else [])]


def _where(d: Disagreement) -> tuple[str, ...]:
    return d.transcript, str(d.first_segment + 1), str(d.last_segment + 1), "; ".join(d.codes)


def _given(sides: Sequence[Side], quotes: bool) -> list[str]:
    """What those who say the same give, and the words that they marked."""
    if not sides:
        return ["did not look", *([""] if quotes else [])]
    words = dict.fromkeys(p.quote for side in sides for p in side.passages)
    return ["; ".join(sides[0].codes) or "none", *([" | ".join(words)] if quotes else [])]


def _cell(text: str) -> str:
    """A spreadsheet must not take words for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
