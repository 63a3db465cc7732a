"""The way to what a message advises, for somebody who has only the browser.

Messages are made for the command line and the pages alike and name commands. Where a page does the
same, pages name and link that page; the command stays as its explanation on hover. What no page
does keeps its command.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from markupsafe import Markup, escape

from assistant.isolating import marked

__all__ = ["in_links", "in_words", "linked_html"]

_COMMAND = re.compile(
    r"(?P<use>\b[Rr]un (?:the same )?)?"
    r"(?:`secondcoder (?P<quoted>[a-z][^`]*)`"
    r"|secondcoder (?P<plain>[a-z]+(?: (?:"
    r"\"[^\"\n]*\"|(?P<mark>&quot;|&#34;).*?(?P=mark)|(?:--?)?[\w/-]+(?:\.\w+)*))*))"
)
_OPTIONS = (
    (re.compile(r"`?--coder NAME`?"), "the field “Coded by”"),
    (
        re.compile(r"`?--columns [^`\s]+`?"),
        "in the table's first row call them “transcript”, “quote”, “code” and “coder”",
    ),
)
"""Options that a message names without their command, and what to do in place of them."""
_SENTENCE = re.compile(r"(?:^|[.!?] )$")
_TAG = re.compile(r"(<[^>]+>)")


@dataclass(frozen=True)
class _Way:
    path: str
    words: str


def _of_run(arguments: list[str]) -> _Way:
    number = next((word for word in arguments if word.isdigit()), "")
    return _Way(f"/runs/{number}", f"the page of run {number}") if number else _Way("/runs", "Runs")


def _transcripts(arguments: list[str]) -> _Way | None:
    if "--set-coder-name" in arguments:
        return _Way("/#one-person", "Study") if "--same-person" in arguments else None
    stated = ("--set-exposure", "--set-consent", "--set-scope", "--set-codes")
    if any(word in arguments for word in stated):
        return _Way("/#seen", "Study")
    return _Way("/transcripts", "Transcripts")


def _codebook(arguments: list[str]) -> _Way:
    if "derive" in arguments:
        return _Way("/codebook#derive", "Codebook")
    return _Way("/codes", "Codes") if "show" in arguments else _Way("/codebook", "Codebook")


def _withdraw(arguments: list[str]) -> _Way | None:
    return _Way("/#no-interview", "Study") if "--no-interview" in arguments else None


_WAYS: dict[str, _Way | Callable[[list[str]], _Way | None]] = {
    "accept": _Way("/transcripts", "Transcripts"),
    "audit": _Way("/audits", "Audits"),
    "code": _Way("/run", "Plan a run"),
    "codebook": _codebook,
    "compare": _Way("/runs", "Runs"),
    "evaluate": lambda words: _of_run(words) if "--run" in words else _Way("/#measure", "Study"),
    "import": _Way("/#import", "Study"),
    "model": _Way("/run", "Plan a run"),
    "prompts": _Way("/prompts", "Prompts"),
    "report": _Way("/evaluations", "Evaluations"),
    "runs": _of_run,
    "transcripts": _transcripts,
    "withdraw": _withdraw,
}


def _way(command: str) -> _Way | None:
    verb, *arguments = command.split()
    if verb == "merge" and "--conflicts" in arguments:
        return _Way("/disagreements", "Disagreements")
    found = _WAYS.get(verb)
    return found(arguments) if callable(found) else found


def _pieces(text: str, link: Callable[[str, _Way, str], str], plain: Callable[[str], str]) -> str:
    """``text`` with each command that a page can do in words; ``link`` makes those of a page."""
    made, at = [], 0

    def rest(part: str) -> str:
        for option, words in _OPTIONS:
            part = option.sub(words, part)
        return plain(part)

    for found in _COMMAND.finditer(text):
        command = found["quoted"] or found["plain"]
        way = _way(command)
        if way is None:
            continue
        before = text[at : found.start()]
        words = way.words if way.words.startswith("the ") else f"the page “{way.words}”"
        if found["use"]:
            words = f"use {words}"
        if _SENTENCE.search(text[: found.start()]):
            words = words[:1].upper() + words[1:]
        made += [rest(before), link(words, way, f"secondcoder {command}")]
        at = found.end()
    return "".join([*made, rest(text[at:])])


def in_words(text: str) -> str:
    """For a message that can hold no link."""
    return _pieces(text, lambda words, way, command: words, str)


def in_links(text: str) -> Markup:
    """Escaped, with a link to each page."""
    return Markup(_pieces(text, _link, lambda part: str(escape(marked(part)))))


def _link(words: str, way: _Way, command: str) -> str:
    return str(
        Markup('<a href="{}" title="By command: {}">{}</a>').format(way.path, command, words)
    )


def _link_escaped(words: str, way: _Way, command: str) -> str:
    return _link(words, way, unescape(command))


def linked_html(html: str) -> str:
    """The same for HTML that another part has made: between its tags, outside links and plots."""
    if "secondcoder " not in html:
        return html
    parts = _TAG.split(html)
    deep = 0
    for place, part in enumerate(parts):
        if part.startswith("<"):
            if part.startswith(("<a ", "<svg", "<pre")):
                deep += 1
            elif part.startswith(("</a", "</svg", "</pre")):
                deep -= 1
        elif not deep:
            parts[place] = _pieces(part, _link_escaped, str)
    return "".join(parts)
