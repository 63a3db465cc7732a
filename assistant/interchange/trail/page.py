"""The trail as one page that opens without a network: everything in time order, then by kind."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.counting import counted
from assistant.dates import instant
from assistant.isolating import said
from assistant.store.trail.happening import KINDS, Happening

__all__ = ["trail_page"]

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
nav ul { columns: 3 16rem; padding-left: 1.2rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid; }
td.at { white-space: nowrap; font-variant-numeric: tabular-nums; }
blockquote { margin: .3rem 0; padding-left: .7rem; border-left: 3px solid; }
.said { font-style: italic; } .wrap { overflow-x: auto; }
meter { width: 8rem; }
@media print { nav { display: none; } }
"""


def trail_page(
    study: str, found: Sequence[Happening], *, with_quotes: bool, made_at: str, version: str
) -> str:
    """HTML. Nothing in it is markup but what is written here."""
    counts = {kind: sum(one.kind == kind for one in found) for kind in KINDS}
    most = max([*counts.values(), 1])
    dated = [one.at for one in found if instant(one.at) is not None]
    words = (
        "It holds words of participants."
        if with_quotes
        else "It holds no words of participants; where researchers quoted them stands […]."
    )
    nav = "".join(
        f'<li><a href="#{kind}">{escape(KINDS[kind])}</a> ({n}) '
        f'<meter min="0" max="{most}" value="{n}" aria-hidden="true"></meter></li>'
        for kind, n in counts.items()
        if n
    )
    parts = [_section("everything", "Everything, in the order of time", found, with_kind=True)]
    parts += [
        _section(kind, heading, [one for one in found if one.kind == kind], with_kind=False)
        for kind, heading in KINDS.items()
        if counts[kind]
    ]
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        f"<title>{said(study, plain=True)}: trail</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<style>{_STYLE}</style></head><body>"
        f"<h1>{said(study)}: everything that happened</h1>"
        f"<p>{counted(len(found), 'entry', 'entries')}, from "
        f"{_time(dated[0]) if dated else '–'} to "
        f"{_time(dated[-1]) if dated else '–'} (UTC). {words} "
        f"Written {_time(made_at)} by Second Coder {escape(version)}.</p>"
        f'<nav aria-label="Kinds"><ul><li><a href="#everything">Everything</a> ({len(found)})</li>'
        f"{nav}</ul></nav><main>{''.join(parts)}</main></body></html>\n"
    )


def _section(name: str, heading: str, found: Sequence[Happening], *, with_kind: bool) -> str:
    kind = '<th scope="col">Kind</th>' if with_kind else ""
    rows = "".join(_row(one, with_kind) for one in found)
    return (
        f'<section id="{name}"><h2>{escape(heading)}</h2><div class="wrap" tabindex="0" '
        f'role="region" aria-label="{escape(heading)}"><table>'
        f"<caption>{counted(len(found), 'entry', 'entries')}</caption><thead><tr><th "
        'scope="col">When (UTC)</th>'
        f'<th scope="col">Who</th>{kind}<th scope="col">What</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _row(one: Happening, with_kind: bool) -> str:
    kind = f'<td><a href="#{one.kind}">{escape(KINDS[one.kind])}</a></td>' if with_kind else ""
    words = f'<div class="said">{said(one.said)}</div>' if one.said else ""
    quote = f"<blockquote>{said(one.quote)}</blockquote>" if one.quote else ""
    return (
        f'<tr><td class="at">{_time(one.at)}</td><td>{said(one.who)}</td>{kind}'
        f"<td>{said(one.what)}{words}{quote}</td></tr>"
    )


def _time(at: str) -> str:
    return escape(at[:19].replace("T", " "))
