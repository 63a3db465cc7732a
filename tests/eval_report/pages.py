"""A page as a tree of elements, read by the standard parser, strict about what it closes."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "link", "input"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def all(self, *names: str) -> list[Element]:
        found = [self] if not names or self.name in names else []
        for child in self.children:
            found += child.all(*names)
        return found

    @property
    def text(self) -> str:
        """All words inside, in order of elements; good enough to look for sentences."""
        return " ".join([*self.texts, *(child.text for child in self.children)])

    def by_id(self, name: str) -> Element:
        return next(e for e in self.all() if e.attributes.get("id") == name)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        drawn = any(e.name == "svg" for e in self.open)
        assert drawn or tag in VOID, f"<{tag}/> stays open in HTML"
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.open[-1].texts.append(" ".join(data.split()))


def read(page: str) -> Element:
    """Fails where elements do not nest."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert [e.name for e in reader.open] == ["document"]
    return reader.root
