"""Write the report: a page, a page for each code, Markdown, a table for spreadsheets, JSON.

Without quotes, none of the files holds a word of a participant: no passage, no quote, no rationale.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import UserError
from assistant.hashing import hash_text
from eval.disagreements.cards import SEED, Card, card
from eval.disagreements.codes import by_code, confusable, one_sided
from eval.disagreements.document import about_code, overview
from eval.disagreements.finding import Gathered
from eval.disagreements.pages import Choice, Group, Page, page_html, page_markdown
from eval.disagreements.records import (
    KIND_WORDS,
    KINDS,
    WHO,
    WHO_LOOK,
    WHO_WORDS,
    Disagreement,
)
from eval.report.charts import Chart, Grid, standalone_svg
from eval.report.wording import how_many, listed

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
        folder / "disagreements.csv": _csv(gathered, cards, options),
        folder / "disagreements.json": _json(gathered, options),
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
                subtitle=f"{options.study}: {how_many(len(mine), 'disagreement')} about this code.",
                sections=(about,),
                groups=_groups(mine, cards, options),
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
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise UserError(
            f"The report cannot be written: {error.strerror}.",
            where=str(error.filename or folder),
            hint="Choose another folder with --out FOLDER.",
        ) from error


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
            f"(seed {SEED})."
        )
    return Page(
        title=f"{options.study}: where coders disagree",
        subtitle=f"{who}.{run} Codebook {gathered.codebook.name} {gathered.codebook.version}"
        + (f", {options.made_at[:10]}." if options.made_at else "."),
        sections=overview(gathered, link) if not options.hide_sides else _hidden_head(gathered),
        groups=_groups(gathered.disagreements, cards, options),
        foot=tuple(foot),
        choices=_choices(gathered, gathered.disagreements, options, with_code=True),
    )


def _hidden_head(gathered: Gathered) -> tuple[Any, ...]:
    """No table that would tell who is who."""
    from eval.report.document import Section, Text

    text = (
        f"{how_many(len(gathered.disagreements), 'disagreement')}, in an order drawn by chance. "
        "Decide first, then open the sides. Without --hide-sides the report says who agrees with "
        "whom and what that means for the codebook."
    )
    return (Section("answer", "In short", (Text(text, lead=True),)),)


def _groups(
    found: tuple[Disagreement, ...] | list[Disagreement],
    cards: Mapping[str, Card],
    options: Options,
) -> tuple[Group, ...]:
    if options.hide_sides:
        mixed = sorted(found, key=lambda d: hash_text(f"{SEED} {d.key}"))
        made = tuple(cards[d.key] for d in mixed)
        return (Group("all", "Disagreements", "", made),) if made else ()
    return tuple(
        Group(who, WHO_WORDS[who], WHO_LOOK[who], tuple(cards[d.key] for d in mine))
        for who in WHO
        if (mine := [d for d in found if d.who == who])
    )


def _choices(
    gathered: Gathered,
    found: tuple[Disagreement, ...] | list[Disagreement],
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


# --- data ----------------------------------------------------------------------------------------


def _plain(found: Disagreement, options: Options) -> dict[str, Any]:
    row = found.model_dump(mode="json")
    if not options.quotes:
        for side in row["sides"]:
            side["rationale"] = ""
            for passage in side["passages"]:
                passage["quote"] = ""
    return row


def _json(gathered: Gathered, options: Options) -> str:
    content = {
        "study": options.study,
        "run": options.run,
        "made_at": options.made_at,
        "coders": list(gathered.coders),
        "model": gathered.model,
        "codebook": {
            "name": gathered.codebook.name,
            "version": gathered.codebook.version,
            "sha256": gathered.codebook.sha256,
        },
        "with_quotes": options.quotes,
        "codes": [asdict(row) for row in by_code(gathered)],
        "confusable": [asdict(row) for row in confusable(gathered)],
        "one_sided": [asdict(row) for row in one_sided(gathered)],
        "disagreements": [_plain(d, options) for d in gathered.disagreements],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


_COLUMNS = ("key", "who", "kind", "transcript", "first segment", "last segment", "codes", "alone")


def _csv(gathered: Gathered, cards: Mapping[str, Card], options: Options) -> str:
    """One row a disagreement; for each coder what was given, and the words where wanted."""
    out = io.StringIO()
    writer = csv.writer(out)
    head = [*_COLUMNS]
    for name in gathered.coders:
        head += [f"{name}: gives"] + ([f"{name}: marks"] if options.quotes else [])
    writer.writerow([_cell(x) for x in (*head, *(["rationale"] if options.quotes else []), "look")])
    for d in gathered.disagreements:
        row = [
            d.key,
            WHO_WORDS[d.who],
            KIND_WORDS[d.kind],
            d.transcript,
            str(d.first_segment + 1),
            str(d.last_segment + 1),
            "; ".join(d.codes),
            d.alone,
        ]
        sides = {side.coder: side for side in d.sides}
        for name in gathered.coders:
            side = sides.get(name)
            row.append("did not look" if side is None else "; ".join(side.codes) or "none")
            if options.quotes:
                row.append(" | ".join(p.quote for p in side.passages) if side else "")
        if options.quotes:
            row.append(" ".join(side.rationale for side in d.sides if side.rationale))
        row.append(d.look)
        writer.writerow([_cell(x) for x in row])
    return "\ufeff" + out.getvalue().replace("\r\n", "\n")


def _cell(text: str) -> str:
    """A spreadsheet must not take words for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
