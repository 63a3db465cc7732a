"""Times as they are stored, and what other programs write in their place.

Stored is ISO 8601 in UTC with milliseconds, which is also an ``xsd:dateTime``. A time without a
zone counts as UTC. Which of two numbers is the day and which the month is never guessed: it is
taken from dates of the same file that leave no choice, or nothing is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

__all__ = ["as_stored", "instant", "understood"]

_Order = Literal["day first", "month first", ""]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?:[,\s]+(?:at\s+)?(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([ap])?\.?(?:m\.?)?)?"
_YEAR_FIRST = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})\.?" + _TIME, re.IGNORECASE)
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})" + _TIME, re.IGNORECASE)
_DAY_NAMED = re.compile(r"(\d{1,2})[\s.-]+([a-z]{3,9})\.?[,\s-]+(\d{4})" + _TIME, re.IGNORECASE)
_MONTH_NAMED = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})" + _TIME, re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+", re.IGNORECASE)
_ZONE = re.compile(r"\s+(?:(UTC|GMT|Z)|([+-]\d\d:?\d\d))$")


def instant(said: str) -> datetime | None:
    """What an ISO 8601 date or time means, in UTC; None for anything else."""
    plain = _ZONE.sub(lambda found: found[2] or "+00:00", said.strip())
    try:
        at = datetime.fromisoformat(plain)
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def as_stored(said: str) -> str:
    """An ISO 8601 date or time as it is stored; empty for anything else."""
    at = instant(said)
    return "" if at is None else at.isoformat(timespec="milliseconds")


def understood(dates: Iterable[str]) -> dict[str, str]:
    """Dates of one file, each as it is stored; empty for those that could mean two days or none.

    Besides ISO 8601: ``31/12/2024``, ``31.12.2024``, ``2024/12/31``, ``31 Dec 2024``,
    ``December 31, 2024``, each with or without a weekday before it, a time and a zone (``GMT``,
    ``+02:00``; other names of zones are not understood). With dots the day comes first, as it does
    wherever dates are written so; else ``03/04/2024`` is read as the file's other dates are, where
    one of them is ``13/04/2024`` or ``04/13/2024`` and none says the opposite.
    """
    written = list(dict.fromkeys(dates))
    orders = {mark: _order(written, mark) for mark in "./-"}
    return {said: as_stored(said) or _zoned(said, orders) for said in written}


def _bare(said: str) -> tuple[str, str]:
    """Without weekday and zone; and the zone, as ISO 8601 writes it."""
    plain = (
        _WEEKDAY.sub("", said.strip(), count=1) if _WEEKDAY.match(said.strip()) else said.strip()
    )
    zone = _ZONE.search(plain)
    return (plain[: zone.start()], zone[2] or "+00:00") if zone else (plain, "+00:00")


def _zoned(said: str, orders: dict[str, _Order]) -> str:
    plain, zone = _bare(said)
    found = _other(plain, orders)
    return as_stored(found.removesuffix("+00:00") + zone) if found else ""


def _order(dates: Iterable[str], mark: str) -> _Order:
    pairs = [
        (int(found[1]), int(found[3]))
        for said in dates
        if (found := _YEAR_LAST.fullmatch(_bare(said)[0])) and found[2] == mark
    ]
    day = mark == "." or any(12 < first <= 31 and second <= 12 for first, second in pairs)
    month = any(12 < second <= 31 and first <= 12 for first, second in pairs)
    return "" if day == month else "day first" if day else "month first"


def _other(said: str, orders: dict[str, _Order]) -> str:
    if found := _YEAR_FIRST.fullmatch(said):
        return _made(found[1], found[3], found[4], found.groups()[4:])
    if found := _DAY_NAMED.fullmatch(said):
        return _made(found[3], _month(found[2]), found[1], found.groups()[3:])
    if found := _MONTH_NAMED.fullmatch(said):
        return _made(found[3], _month(found[1]), found[2], found.groups()[3:])
    found = _YEAR_LAST.fullmatch(said)
    if not found:
        return ""
    first, second, year, time = found[1], found[3], found[4], found.groups()[4:]
    if first == second or orders[found[2]] == "day first":
        return _made(year, second, first, time)
    return _made(year, first, second, time) if orders[found[2]] else ""


def _month(name: str) -> str:
    short = name[:3].casefold()
    return str(_MONTHS.index(short) + 1) if short in _MONTHS else "0"


def _made(year: str, month: str, day: str, time: tuple[str | None, ...]) -> str:
    hour, minute, second, half = time
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            return ""
        hours = hours % 12 + (12 if half.casefold() == "p" else 0)
    day_of = (int(year), int(month), int(day))
    try:
        at = datetime(*day_of, hours, int(minute or 0), int(second or 0), tzinfo=UTC)
    except ValueError:
        return ""
    return at.isoformat(timespec="milliseconds")
