"""Where one paragraph ends and the next begins, decided over the whole file.

- Files with empty lines between turns (half of the speakers' lines or more stand after one; for a
  file without speakers: any empty line within it): an empty line ends a paragraph, a single line
  end is a broken line. In texts that another program shows as they are (``as_shown``) it is one
  only where lines are *wrapped*, or the line has not ended its sentence: such programs keep
  paragraphs of a turn on lines of their own.
- Other files show it by their lines. *Wrapped* files have lines that end because the next word did
  not fit into the width of the file: there a line end is a broken line, but for a line that had
  room left and ended its sentence. In files that are not wrapped every line is a paragraph, but for
  a line that goes on in small letters after one that did not end its sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from assistant.transcripts.lines import Line

__all__ = ["breaks_before"]

_TERMINAL = ".?!…:;。？！؟۔।»”\"')]"
_WIDEST = 160


def breaks_before(
    lines: Sequence[Line], begins_turn: Callable[[Line], bool], *, as_shown: bool = False
) -> tuple[Callable[[int], bool], str]:
    """``(does a paragraph begin at this line, the mode)`` for lines that begin no turn.

    The mode is ``blank``, ``wrapped`` or ``lines``. The line asked for is not empty.
    """
    rows = [index for index, line in enumerate(lines) if not line.blank]
    after_blank = {
        index for index in rows if index > 0 and lines[index - 1].blank and index != rows[0]
    }
    turns = [index for index in rows[1:] if begins_turn(lines[index])]
    spaced = sum(1 for index in turns if index in after_blank)
    pairs = [
        (left, right)
        for left, right in pairwise(rows)
        if right == left + 1 and not begins_turn(lines[right])
    ]
    width = max((len(lines[index].raw.rstrip()) for index in rows), default=0)

    def full(left: int, right: int) -> bool:
        word = lines[right].text.split(" ", 1)[0]
        return len(lines[left].raw.rstrip()) + 1 + len(word) > width

    def ended(left: int) -> bool:
        return lines[left].text[-1] in _TERMINAL

    filled = sum(1 for left, right in pairs if full(left, right))
    wrapped = bool(pairs) and width <= _WIDEST and filled >= 0.6 * len(pairs)

    if (turns and spaced >= len(turns) / 2) or (not turns and after_blank):

        def spaced_begins(index: int) -> bool:
            if not as_shown or wrapped or index == 0 or lines[index - 1].blank:
                return index in after_blank
            if width > _WIDEST:  # no program breaks lines there
                return ended(index - 1) or not lines[index].text[:1].islower()
            return ended(index - 1) and not lines[index].text[:1].islower()

        return spaced_begins, "blank"

    def begins(index: int) -> bool:
        if index == 0 or lines[index - 1].blank:
            return True
        if wrapped:
            return not full(index - 1, index) and ended(index - 1)
        return ended(index - 1) or not lines[index].text[:1].islower()

    return begins, "wrapped" if wrapped else "lines"
