"""Write a comparison: a page, Markdown with its plots, and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.codebook.records import Codebook
from assistant.store.database import Store
from assistant.store.texts.transcripts import transcript, transcript_infos
from eval.compare.document import sections, title
from eval.compare.records import HAPPENED, Changed, Comparison, Happened
from eval.disagreements.cards import Card, Definition, Party
from eval.disagreements.pages import Choice, Group, Page, page_html, page_markdown
from eval.disagreements.passages import paragraphs
from eval.disagreements.records import Passage
from eval.disagreements.writing import write_texts
from eval.report.charts import Chart, Grid
from eval.report.drawing import standalone_svg
from eval.report.wording import listed
from eval.units.records import CodedTranscript, UnitSegment

__all__ = ["ComparisonFiles", "comparison_json", "comparison_page", "write_comparison"]

_WORDS: dict[Happened, tuple[str, str]] = {
    "fixed": ("Fixed", "The second run says what people say, the first did not."),
    "broken": ("Broken", "The first run says what people say, the second does not."),
    "changed": (
        "Changed",
        "The two runs say different things, and people differ or nobody coded the place: nothing "
        "here says which is right.",
    ),
}


@dataclass(frozen=True, slots=True)
class ComparisonFiles:
    html: Path
    markdown: Path
    json: Path


def write_comparison(
    store: Store,
    found: Comparison,
    study: str,
    lines: Mapping[str, int],
    folder: Path,
    *,
    quotes: bool = True,
) -> ComparisonFiles:
    """Write all forms into ``folder``. Raises `UserError` where it cannot be written.

    ``lines``: code id -> line in the codebook's file. Without ``quotes`` no file holds a word of a
    participant or a rationale.
    """
    page = comparison_page(store, found, study, lines, quotes=quotes)
    files = ComparisonFiles(
        folder / "comparison.html", folder / "comparison.md", folder / "comparison.json"
    )
    written = {
        files.html: page_html(page),
        files.markdown: page_markdown(page),
        files.json: json.dumps(comparison_json(found, quotes=quotes), ensure_ascii=False, indent=1)
        + "\n",
    }
    for section in page.sections:
        for block in section.blocks:
            if isinstance(block, (Chart, Grid)):
                written[folder / "plots" / f"{block.id}.svg"] = standalone_svg(block)
    write_texts(written, folder)
    return files


def comparison_page(
    store: Store,
    found: Comparison,
    study: str,
    lines: Mapping[str, int],
    *,
    quotes: bool = True,
) -> Page:
    """The comparison before it is HTML or Markdown: its sections, and every place that changed."""
    texts = _texts(store, found) if quotes else {}
    book = found.definitions.codebook
    cards = {c.key: _card(c, found, book, lines, texts) for c in found.changed}
    groups = tuple(
        Group(what, *_WORDS[what], tuple(cards[c.key] for c in mine))
        for what in HAPPENED
        if (mine := [c for c in found.changed if c.happened == what])
    )
    names = list(dict.fromkeys(c.transcript for c in found.changed))
    codes = list(dict.fromkeys(c.code for c in found.changed))
    choices = (
        Choice("group", "What", tuple((w, _WORDS[w][0]) for w in HAPPENED)),
        Choice("kind", "How", tuple((h, h) for h in dict.fromkeys(c.how for c in found.changed))),
        Choice("code", "Code", tuple((c, found.code_names.get(c, c)) for c in codes)),
        Choice("transcript", "Transcript", tuple((n, n) for n in names)),
    )
    return Page(
        title=f"{study}: {title(found)}",
        subtitle=f"First: run {found.first.id}, {found.first.name}. Second: run "
        f"{found.second.id}, {found.second.name}.",
        sections=sections(found),
        groups=groups,
        foot=(
            "This report holds words of participants: treat it like the transcripts."
            if quotes
            else "This report holds no words of participants and no rationale of a model.",
        ),
        choices=choices if len(found.changed) > 1 else (),
    )


def comparison_json(found: Comparison, *, quotes: bool = True) -> dict[str, Any]:
    """Everything that was found, as plain JSON values."""
    from pydantic import TypeAdapter

    content: dict[str, Any] = TypeAdapter(Comparison).dump_python(found, mode="json")
    content["title"] = title(found)
    book = found.definitions.codebook
    content["definitions"]["codebook"] = {
        "name": book.name,
        "version": book.version,
        "sha256": book.sha256,
    }
    if not quotes:
        for row in content["changed"]:
            row["rationales"] = ["", ""]
    return content


def _texts(store: Store, found: Comparison) -> dict[str, CodedTranscript]:
    wanted = {c.transcript for c in found.changed}
    made = {}
    for info in transcript_infos(store):
        if info.name in wanted:
            text = transcript(store, info.id)
            made[info.name] = CodedTranscript(
                info.name,
                text.text,
                tuple(UnitSegment(s.start, s.end, s.speaker, s.turn) for s in text.segments),
                (),
                (),
            )
    return made


def _card(
    c: Changed,
    found: Comparison,
    book: Codebook,
    lines: Mapping[str, int],
    texts: Mapping[str, CodedTranscript],
) -> Card:
    label = found.code_names.get(c.code, c.code)
    first, last = c.first_segment + 1, c.last_segment + 1
    where = f"passage {first}" if first == last else f"passages {first} to {last}"
    parties = [_people(c, label)]
    for number, (side, said, why) in enumerate(
        zip((found.first, found.second), c.said, c.rationales, strict=True), 2
    ):
        says = f"gives {label}" if said else f"does not give {label}"
        details = (("Why", why),) if why and texts else ()
        spots = listed(f"{a} to {b}" for a, b in c.spans[number - 1])
        where_ = f"characters {spots}" if spots else ""
        parties.append(Party(number, f"Run {side.id}", says, details, where_))
    marks = {
        number: [Passage(code=c.code, start=a, end=b, quote="") for a, b in spans]
        for number, spans in enumerate(c.spans, 1)
    }
    code = book.by_id[c.code]
    shown = (
        paragraphs(texts[c.transcript], c.first_segment, c.last_segment + 1, marks) if texts else ()
    )
    entry = Definition(
        code.label, code.id, code.definition, code.include, code.exclude, lines.get(code.id)
    )
    return Card(
        key=c.key,
        title=label,
        who="",
        kind=f"{c.happened}: {c.how}",
        place=f"{c.transcript}, {where}",
        transcript=c.transcript,
        codes=(c.code,),
        language=c.language,
        paragraphs=shown,
        parties=tuple(parties),
        definitions=(entry,),
        look="",
        group=c.happened,
        sort=c.how,
    )


def _people(c: Changed, label: str) -> Party:
    spots = listed(f"{a} to {b}" for a, b in c.spans[0])
    where = f"characters {spots}" if spots else ""
    gives = "gives" if len(c.yes) == 1 else "give"
    does = "does" if len(c.no) == 1 else "do"
    if c.yes and c.no:
        says = f"{gives} {label}; {listed(c.no)} {does} not"
        return Party(1, listed(c.yes), says, (), where)
    if c.yes:
        return Party(1, listed(c.yes), f"{gives} {label}", (), where)
    if c.no:
        return Party(1, listed(c.no), f"{does} not give {label}", (), where)
    return Party(1, "Nobody", "coded this place", (), where)
