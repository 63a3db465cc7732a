"""Write the report: a page, a page for each code, Markdown, a table for spreadsheets, JSON.

Without quotes, none of the files holds a word of a participant: no passage, no quote, no rationale.
Where sides are hidden, only the JSON file says openly who is who.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.hashing import hash_text
from assistant.writing import write_whole
from eval.disagreements.cards import SEED, Card, card
from eval.disagreements.codes import by_code, confusable
from eval.disagreements.data import csv_text, json_text
from eval.disagreements.document import about_code, overview
from eval.disagreements.finding import Gathered
from eval.disagreements.pages import Choice, Group, Page, page_html, page_markdown
from eval.disagreements.places import at_passages
from eval.disagreements.records import (
    KIND_WORDS,
    KINDS,
    WHO,
    WHO_LOOK,
    WHO_WORDS,
    Disagreement,
)
from eval.disagreements.sorting import together
from eval.disagreements.spots import spots
from eval.report.charts import Chart, Grid
from eval.report.drawing import standalone_svg
from eval.report.wording import listed

__all__ = ["DisagreementFiles", "Options", "write_disagreements", "write_texts"]


@dataclass(frozen=True, slots=True)
class Options:
    study: str
    run: int | None = None
    made_at: str = ""
    quotes: bool = True
    hide_sides: bool = False


@dataclass(frozen=True, slots=True)
class DisagreementFiles:
    """Where it was written."""

    html: Path
    markdown: Path
    csv: Path
    json: Path
    codes: tuple[Path, ...]
    """A page for each code that is in a disagreement."""


def write_disagreements(
    gathered: Gathered, lines: Mapping[str, int], options: Options, folder: Path
) -> DisagreementFiles:
    """Write all forms into ``folder``; files of an earlier report there are replaced.

    ``lines``: code id -> line in the codebook's file. Raises `UserError` where the folder cannot be
    written.
    """
    found = gathered.disagreements
    cards = {
        d.key: card(d, gathered, quotes=options.quotes, hide_sides=options.hide_sides)
        for d in found
    }
    used = [c.id for c in gathered.codebook.codes if any(c.id in d.codes for d in found)]
    names = {code: f"codes/{_file_name(code)}.html" for code in used}
    page = _main_page(gathered, cards, options, lambda code: names.get(code, ""))
    known, changing = by_code(gathered), confusable(gathered)
    texts: dict[Path, str] = {
        folder / "disagreements.html": page_html(page),
        folder / "disagreements.md": page_markdown(
            _main_page(gathered, cards, options, lambda code: "")
        ),
        folder / "disagreements.csv": csv_text(gathered, options.quotes, options.hide_sides),
        folder / "disagreements.json": json_text(
            gathered, options.study, options.run, options.made_at, options.quotes
        ),
    }
    for section in page.sections:
        for block in section.blocks:
            if isinstance(block, (Chart, Grid)):
                texts[folder / "plots" / f"{block.id}.svg"] = standalone_svg(block)
    for code in used:
        mine = [d for d in found if code in d.codes]
        about = about_code(gathered, code, lines.get(code), known, changing)
        texts[folder / names[code]] = page_html(
            Page(
                title=gathered.codebook.by_id[code].label,
                subtitle=f"{options.study}: {at_passages(mine)} about this code.",
                sections=(about,),
                groups=_groups(gathered, mine, cards, options, "../disagreements.html"),
                foot=page.foot,
                choices=_choices(gathered, mine, options, with_code=False),
                back="../disagreements.html",
            )
        )
    write_texts(texts, folder)
    return DisagreementFiles(
        folder / "disagreements.html",
        folder / "disagreements.md",
        folder / "disagreements.csv",
        folder / "disagreements.json",
        tuple(folder / name for name in names.values()),
    )


def write_texts(texts: Mapping[Path, str], folder: Path) -> None:
    """Write files. Raises `UserError` where a folder cannot be written."""
    for path, text in texts.items():
        write_whole(path, text, hint="Choose another folder with --out FOLDER.")


def _file_name(code: str) -> str:
    """A name that every file system takes, and no two codes share."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", code).strip("-")[:60]
    if plain == code and plain == plain.lower():
        return plain
    return f"{plain or 'code'}-{hash_text(code).removeprefix('sha256:')[:6]}"


# --- pages ---------------------------------------------------------------------------------------


def _main_page(
    gathered: Gathered,
    cards: Mapping[str, Card],
    options: Options,
    link: Callable[[str], str],
) -> Page:
    who = listed("the model" if name == gathered.model else name for name in gathered.coders)
    run = f" Run {options.run}." if options.run else ""
    foot = ["Nothing in here changes a codebook, a coding or a suggestion."]
    if options.quotes:
        foot.append("This report holds words of participants: treat it like the transcripts.")
    else:
        foot.append("This report holds no words of participants and no rationale of a model.")
    if options.hide_sides:
        foot.append(
            "Which side is whose stays closed until it is opened; their order is drawn by chance "
            f"(seed {SEED}), one for each passage. Only disagreements.json says it openly."
        )
    return Page(
        title=f"{options.study}: where coders disagree",
        subtitle=f"{who}.{run} Codebook {gathered.codebook.name} {gathered.codebook.version}"
        + (f", {options.made_at[:10]}." if options.made_at else "."),
        sections=overview(gathered, link) if not options.hide_sides else _hidden_head(gathered),
        groups=_groups(gathered, gathered.disagreements, cards, options, ""),
        foot=tuple(foot),
        choices=_choices(gathered, gathered.disagreements, options, with_code=True),
    )


def _hidden_head(gathered: Gathered) -> tuple[Any, ...]:
    """No table that would tell who is who."""
    from eval.report.document import Section, Text

    text = (
        f"{at_passages(gathered.disagreements)}, in an order drawn by chance. "
        "Decide first, then open the sides. Without --hide-sides the report says who agrees with "
        "whom and what that means for the codebook."
    )
    return (Section("answer", "In short", (Text(text, lead=True),)),)


def _groups(
    gathered: Gathered,
    found: Sequence[Disagreement],
    cards: Mapping[str, Card],
    options: Options,
    page: str,
) -> tuple[Group, ...]:
    """``page``: address of the main page; empty for that page itself."""
    if options.hide_sides:
        mixed = together(sorted(found, key=lambda d: hash_text(f"{SEED} {d.key}")))
        parts = [("all", "Disagreements", "", mixed)] if mixed else []
    else:
        parts = [
            (who, WHO_WORDS[who], WHO_LOOK[who], mine)
            for who in WHO
            if (mine := [d for d in found if d.who == who])
        ]
    return tuple(
        Group(
            *(name, title, text),
            tuple(cards[d.key] for d in mine),
            spots(
                *(mine, cards, gathered),
                quotes=options.quotes,
                hide_sides=options.hide_sides,
                page=page,
            ),
        )
        for name, title, text, mine in parts
    )


def _choices(
    gathered: Gathered,
    found: Sequence[Disagreement],
    options: Options,
    *,
    with_code: bool,
) -> tuple[Choice, ...]:
    if len(found) < 2:
        return ()
    made = []
    if not options.hide_sides:
        made.append(
            Choice(
                "group",
                "Who",
                tuple((w, WHO_WORDS[w]) for w in WHO if any(d.who == w for d in found)),
            )
        )
        made.append(
            Choice(
                "kind",
                "Kind",
                tuple((k, KIND_WORDS[k]) for k in KINDS if any(d.kind == k for d in found)),
            )
        )
    if with_code:
        used = {code for d in found for code in d.codes}
        options_ = [(c.id, c.label) for c in gathered.codebook.codes if c.id in used]
        made.append(Choice("code", "Code", tuple(options_)))
    names = [t.name for t in gathered.study.transcripts]
    made.append(
        Choice(
            "transcript",
            "Transcript",
            tuple((n, n) for n in names if any(d.transcript == n for d in found)),
        )
    )
    return tuple(choice for choice in made if len(choice.options) > 1)
