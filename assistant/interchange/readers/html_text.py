"""HTML to text as a reader sees it, with positions kept.

The *content* of a page is the characters of its text nodes, one after the other: what programs
count in. The *shown* text has line ends where the page has blocks. Every character of the content
stands in the shown text, in order; only line ends are put between.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Page", "read_html"]

_BLOCKS = frozenset(
    (
        *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "dd", "dt", "table"),
        *("blockquote", "pre", "section", "article", "body", "figure", "header", "footer", "hr"),
        *("address", "main", "form", "fieldset"),
    )
)
_LINES = frozenset(("br", "li", "tr"))
_UNSEEN = frozenset(("script", "style", "title", "head", "template", "noscript"))


@dataclass
class Page:
    content: str
    shown: str
    _content_at: list[int] = field(default_factory=list)
    _shown_at: list[int] = field(default_factory=list)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """``[start, end)`` of the content, in the shown text."""
        last = self._at(end - 1) + 1 if end > start else self._at(start)
        return self._at(start), last

    def _at(self, position: int) -> int:
        run = max(0, bisect_right(self._content_at, position) - 1)
        if not self._content_at:
            return 0
        return self._shown_at[run] + position - self._content_at[run]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.content: list[str] = []
        self.shown: list[str] = []
        self.length = 0
        self.shown_length = 0
        self.ends = 2  # line ends at the end of what is shown
        self.runs: list[tuple[int, int]] = []
        self.pre = 0
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        self.pre += tag == "pre"
        self._break(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        if tag == "pre":
            self.pre = max(0, self.pre - 1)
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if self.unseen:
            return
        # The parser of HTML makes every line end one character.
        data = data.replace("\r\n", "\n").replace("\r", "\n")
        if not self.content:
            data = data.lstrip(" \t\n\f")  # white space before a page's first word is no content
        if not data:
            return
        self.runs.append((self.length, self.shown_length))
        self.content.append(data)
        self.length += len(data)
        said = data if self.pre else data.replace("\n", " ").replace("\t", " ")
        self._show(said)
        if said.strip(" "):
            self.ends = len(said) - len(said.rstrip("\n")) if self.pre else 0

    def _show(self, text: str) -> None:
        self.shown.append(text)
        self.shown_length += len(text)

    def _break(self, tag: str) -> None:
        wanted = 2 if tag in _BLOCKS else 1 if tag in _LINES else 0
        if self.ends < wanted:
            self._show("\n" * (wanted - self.ends))
            self.ends = wanted


def read_html(source: str) -> Page:
    """Text of a page or of a part of one. Never raises: broken markup is read as it stands."""
    parser = _Parser()
    parser.feed(source)
    parser.close()
    return Page(
        "".join(parser.content),
        "".join(parser.shown),
        [content for content, _ in parser.runs],
        [shown for _, shown in parser.runs],
    )
