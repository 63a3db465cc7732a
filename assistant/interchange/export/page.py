"""HTML of a coded transcript: one file that opens anywhere and prints, with no script.

Colour is never the only sign: people's codings are underlined once, a model's are underlined with
dashes, numbers in the text lead to labels beside each paragraph, and the legend says all of this.
Everything from the study is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from assistant.counting import counted
from assistant.interchange.export.loading import Export
from assistant.interchange.export.passages import (
    NOT_SHOWN,
    Numbered,
    Passage,
    numbered,
    passages,
    said_of,
)
from assistant.interchange.refi.elements import shown_name
from assistant.isolating import said

__all__ = ["write_html"]

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.6 Georgia, "Times New Roman", serif; max-width: 75rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.5rem; } header p, .legend { font: .9rem/1.5 system-ui, sans-serif; }
.legend { border: 1px solid; padding: .5rem 1rem; margin: 1rem 0 2rem; }
.row { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem; }
.row > p { margin: 0 0 .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.speaker { font-weight: bold; }
mark { background: none; color: inherit; text-underline-offset: .2em; }
mark.person { text-decoration: underline solid .1em; background: rgba(33, 102, 172, .12); }
mark.model { text-decoration: underline dashed .1em; background: rgba(178, 88, 0, .12); }
mark.both { text-decoration: underline double .1em; background: rgba(90, 60, 130, .14); }
sup { font: .65em/1 system-ui, sans-serif; }
aside { font: .8rem/1.4 system-ui, sans-serif; border-left: 1px solid; padding-left: .8rem;
  margin-bottom: .8rem; }
aside ul { list-style: none; margin: 0; padding: 0; }
.code { font-weight: bold; } .why { display: block; }
@media (max-width: 45rem) { .row { grid-template-columns: 1fr; } }
@media print { :root { font-size: 10pt; } body { max-width: none; margin: 0; }
  .row { break-inside: avoid; } mark { print-color-adjust: economy; } }
"""


def write_html(export: Export, key: int, target: Path) -> dict[str, int]:
    """Write one transcript; what is in it, and how many codings a reader cannot see."""
    text = export.transcript(key)
    shown, unseen = numbered(text, export.codings(key))
    language = f' lang="{escape(text.language)}"' if text.language else ""
    with open(target, "w", encoding="utf-8", errors="replace", newline="\n") as out:
        out.write(
            f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{said(text.name, plain=True)}</title>\n"
            f"<style>{_STYLE}</style>\n</head>\n<body>\n"
            f"<header><h1>{said(text.name)}</h1>\n<p>{_coders(export, shown)}</p>\n"
            "<p>This page holds a participant’s words. Keep it as you keep the interview.</p>"
            f"</header>\n{_LEGEND}\n<main{language}>\n"
        )
        for passage in passages(text, shown):
            out.write(_passage(export, passage))
        out.write("</main>\n</body>\n</html>\n")
    return {"codings shown": len(shown), NOT_SHOWN: len(unseen)}


_LEGEND = """<section class="legend" aria-label="How to read this page">
<p><mark class="person">Underlined</mark>: coded by a person. <mark class="model">Dashed</mark>:
suggested by a model. <mark class="both">Double</mark>: by both. A number in square brackets opens
or closes a coding; beside the paragraph where it opens, the same number names code and coder.</p>
</section>"""


def _coders(export: Export, shown: tuple[Numbered, ...]) -> str:
    names = sorted({shown_name(one.coding.coder) for one in shown})
    many = counted(len(shown), "coding")
    by = f" by {', '.join(map(said, names))}" if names else ""
    return f"{said(export.name)}: {many}{by}."


def _passage(export: Export, passage: Passage) -> str:
    label = f'<span class="speaker">{said(passage.speaker)}: </span>' if passage.speaker else ""
    opened = [
        one
        for piece in passage.pieces
        for one in piece.codings
        if piece.start <= one.start < piece.end
    ]
    notes = "".join(f"<li>{_label(export, one)}</li>" for one in opened)
    beside = f"<aside><ul>{notes}</ul></aside>" if notes else "<div></div>"
    return (
        f'<div class="row" id="p{passage.segment.index}"><p dir="auto">{label}'
        f"{''.join(_pieces(passage))}</p>{beside}</div>\n"
    )


def _pieces(passage: Passage) -> Iterator[str]:
    for piece in passage.pieces:
        body = escape(piece.text)
        if not piece.codings:
            yield body
            continue
        models = {one.coding.by_model for one in piece.codings}
        kind = "both" if len(models) == 2 else "model" if models == {True} else "person"
        opens = [one.number for one in piece.codings if one.start == piece.start]
        closes = [one.number for one in piece.codings if one.end == piece.end]
        before = f"<sup>[{_numbers(opens)}</sup>" if opens else ""
        after = f"<sup>{_numbers(closes)}]</sup>" if closes else ""
        yield f'{before}<mark class="{kind}">{body}</mark>{after}'


def _numbers(found: list[int]) -> str:
    """``1,3–6``: many codes begin at one word."""
    runs: list[list[int]] = []
    for number in sorted(found):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else ",".join(map(str, run)) for run in runs
    )


def _label(export: Export, one: Numbered) -> str:
    coding = one.coding
    parts = [
        f'{one.number} <span class="code">{said(export.label(coding.code))}</span> '
        f"– {said(coding.coder.name)} ({escape(said_of(coding))})"
    ]
    if coding.rationale:
        parts.append(f'<span class="why">{said(coding.rationale)}</span>')
    if coding.because:
        parts.append(
            f'<span class="why">Accepted in bulk against the evidence, because: '
            f"{said(coding.because)}</span>"
        )
    return "".join(parts)
