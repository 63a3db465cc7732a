"""A small PDF writer, and prints in the manner of Delve made with it, for tests.

Written for the tests, so that they need no PDF library. Measures are those of a real print: title
18 points, text 10.5, codes 7.9 in boxes, lines 23.3 apart, underlines 2.2 to 3.7 points below the
baseline, browser lines in the margins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pdfminer.fontmetrics import FONT_METRICS

WIDTH, HEIGHT, LEFT, RIGHT = 612.0, 792.0, 45.0, 556.0
PITCH = 23.3
CLOSING = "Created with the Delve Qualitative Analysis Tool (http://www.delvetool.com)"
BLUE = "0.29 0.56 0.89"


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Helvetica's width in points; characters that it lacks are 0.6 of the size wide."""
    widths = FONT_METRICS["Helvetica-Bold" if bold else "Helvetica"][1]
    return sum(float(widths.get(char, 600)) for char in text) * size / 1000


class Pdf:
    """Pages of drawing commands; coordinates from the upper left corner."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = []
        self._codes: dict[str, int] = {}

    def new_page(self) -> None:
        self.pages.append([])

    def text(self, x: float, y: float, text: str, size: float = 10.5, bold: bool = False) -> None:
        """Runs of ASCII in Helvetica; every other character by a font that only names it."""
        for char in text:
            if " " <= char <= "~":
                font, code = ("B" if bold else "R"), ord(char)
            else:
                font, code = "U", self._codes.setdefault(char, 33 + len(self._codes))
            self.pages[-1].append(
                f"BT /{font} {size} Tf 1 0 0 1 {x:.3f} {HEIGHT - y:.3f} Tm <{code:02x}> Tj ET"
            )
            x += text_width(char, size, bold)

    def filled(self, x0: float, top: float, x1: float, bottom: float, color: str = BLUE) -> None:
        box = f"{x0:.3f} {HEIGHT - bottom:.3f} {x1 - x0:.3f} {bottom - top:.3f}"
        self.pages[-1].append(f"q {color} rg {box} re f Q")

    def framed(self, x0: float, top: float, x1: float, bottom: float) -> None:
        box = f"{x0:.3f} {HEIGHT - bottom:.3f} {x1 - x0:.3f} {bottom - top:.3f}"
        self.pages[-1].append(f"q 0 0 0 RG {box} re S Q")

    def picture(self) -> None:
        """A grey image over the whole page, as a scanner makes."""
        self.pages[-1].append(f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /Scan Do Q")

    def data(self, *, password: bool = False) -> bytes:
        kids = " ".join(f"{10 + 2 * n} 0 R" for n in range(len(self.pages)))
        names = "".join(
            f"<{code:02x}> <{char.encode('utf-16-be').hex()}>\n"
            for char, code in self._codes.items()
        )
        cmap = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "1 begincodespacerange <00> <ff> endcodespacerange\n"
            f"{len(self._codes)} beginbfchar\n{names}endbfchar endcmap end end"
        )
        wide = " ".join(["600"] * 223)
        objects = {
            1: "<< /Type /Catalog /Pages 2 0 R >>",
            2: f"<< /Type /Pages /Kids [{kids}] /Count {len(self.pages)} >>",
            3: _font("Helvetica"),
            4: _font("Helvetica-Bold"),
            5: "<< /Type /Font /Subtype /Type1 /BaseFont /Names /FirstChar 33 /LastChar 255 "
            f"/Widths [{wide}] /ToUnicode 6 0 R /FontDescriptor 7 0 R >>",
            6: _stream(cmap),
            7: "<< /Type /FontDescriptor /FontName /Names /Flags 4 /FontBBox [0 -200 1000 800] "
            "/Ascent 800 /Descent -200 /ItalicAngle 0 /CapHeight 700 /StemV 80 >>",
            8: _stream(
                "\x80",
                "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
                "/ColorSpace /DeviceGray ",
            ),
        }
        for number, commands in enumerate(self.pages):
            objects[10 + 2 * number] = (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents "
                f"{11 + 2 * number} 0 R /Resources << /Font << /R 3 0 R /B 4 0 R /U 5 0 R >> "
                "/XObject << /Scan 8 0 R >> >> >>"
            )
            objects[11 + 2 * number] = _stream("\n".join(commands))
        extra = ""
        if password:
            # Keys that no password, and so not the empty one, leads to.
            objects[9] = (
                f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'5a' * 32}> /U <{'a5' * 32}> >>"
            )
            extra = f"/Encrypt 9 0 R /ID [<{'01' * 16}> <{'01' * 16}>] "
        return _file(objects, extra)


def _font(name: str) -> str:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"


def _stream(content: str, entries: str = "") -> str:
    return f"<< {entries}/Length {len(content)} >>\nstream\n{content}\nendstream"


def _file(objects: dict[int, str], extra: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    start = len(out)
    top = max(objects)
    out += f"xref\n0 {top + 1}\n0000000000 65535 f \n".encode()
    for number in range(1, top + 1):
        place = places.get(number)
        out += (f"{place:010d} 00000 n \n" if place else "0000000000 65535 f \n").encode()
    out += (
        f"trailer\n<< /Size {top + 1} /Root 1 0 R {extra}>>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return bytes(out)


@dataclass
class DelvePrint:
    """Lays passages out as Delve does. In ``passage``, underlined words stand between ``[[ ]]``."""

    title: str = "Interview 7 - Ada"
    margins: bool = True
    closing: bool = True
    bottom: float = 730.0
    pdf: Pdf = field(default_factory=Pdf)
    y: float = 0.0

    def __post_init__(self) -> None:
        self.page_break()
        self.pdf.text(LEFT, 87, self.title, 18)
        self.y = 109 - 42
        self._after_break = False

    def page_break(self) -> None:
        self.pdf.new_page()
        self.y = 71 - PITCH
        self._after_break = True

    def name(self, name: str) -> DelvePrint:
        self._down(42)
        self.pdf.text(LEFT, self.y, name, bold=True)
        self._named = True
        return self

    def passage(self, *lines: str) -> DelvePrint:
        """Lines as given; they should be as long as a browser would make them."""
        for number, line in enumerate(lines):
            self._down(18.8 if number == 0 and self._named else PITCH if number else 45.8)
            self._line(line)
        self._named = False
        return self

    def codes(self, *codes: str) -> DelvePrint:
        self._down(27)
        x = LEFT
        for code in codes:
            width = text_width(code, 7.9) + 12
            if x + width > RIGHT:
                self._down(15)
                x = LEFT
            self.pdf.framed(x, self.y - 9.5, x + width, self.y + 4)
            self.pdf.text(x + 6, self.y, code, 7.9)
            x += width + 14
        self.y -= 12
        return self

    def save(self, folder: Path, name: str = "2024-03-01-Interview 7 - Ada.pdf") -> Path:
        if self.closing:
            self._down(60)
            self.pdf.filled(LEFT, self.y - 18, RIGHT, self.y - 17.2, "0.93 0.93 0.93")
            self.pdf.text(LEFT, self.y, CLOSING)
        pages = len(self.pdf.pages)
        if self.margins:
            for number, commands in enumerate(self.pdf.pages, start=1):
                body = list(commands)
                commands.clear()
                self.pdf.pages.append(commands)
                self.pdf.text(26, 22, "3/1/24, 5:51 PM", 8)
                self.pdf.text(290, 22, f"2024-03-01-{self.title}", 8)
                self.pdf.text(26, 774, "https://app.delvetool.com/transcripts/97/print", 8)
                self.pdf.text(565, 774, f"{number}/{pages}", 8)
                self.pdf.pages.pop()
                commands += body
        path = folder / name
        path.write_bytes(self.pdf.data())
        return path

    _named = False
    _after_break = False

    def _down(self, step: float) -> None:
        if self._after_break and step != 18.8:
            step = PITCH if step != 42 else PITCH - 0.5
        elif self.y + step > self.bottom:
            self.page_break()
            step = PITCH
        self._after_break = False
        self.y += step

    def _line(self, line: str) -> None:
        x, marked = LEFT, False
        for piece in line.replace("]]", "[[").split("[["):
            width = text_width(piece, 10.5)
            self.pdf.text(x, self.y, piece)
            if marked and piece:
                self.pdf.filled(x, self.y + 2.2, x + width, self.y + 3.7)
            x, marked = x + width, not marked


def filled_lines(words: Sequence[str]) -> list[str]:
    """Words in lines as a browser breaks them."""
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer.replace("[[", "").replace("]]", ""), 10.5) > RIGHT - LEFT:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
