"""Dates of other programs: what is certain is understood, what is not is left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dates import as_stored, instant, understood


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("2024-03-05 10:11:12", "2024-03-05T10:11:12.000+00:00"),  # QualCoder
        ("2024-03-05 10:11:12.123456", "2024-03-05T10:11:12.123+00:00"),  # Taguette
        ("2024-03-05T10:11:12Z", "2024-03-05T10:11:12.000+00:00"),  # REFI-QDA
        ("2024-03-05T10:11:12+02:00", "2024-03-05T08:11:12.000+00:00"),
        ("2024-03-05 10:11:12 +0200", "2024-03-05T08:11:12.000+00:00"),
        ("2024-03-05 10:11 UTC", "2024-03-05T10:11:00.000+00:00"),
        (" 2024-03-05 ", "2024-03-05T00:00:00.000+00:00"),
        ("2024/3/5 9:05", "2024-03-05T09:05:00.000+00:00"),
        ("05.03.2024", "2024-03-05T00:00:00.000+00:00"),
        ("05.03.2024, 18:30", "2024-03-05T18:30:00.000+00:00"),
        ("31/12/2024", "2024-12-31T00:00:00.000+00:00"),
        ("12/31/2024 12:05:09 AM", "2024-12-31T00:05:09.000+00:00"),
        ("12/31/2024 1:05 p.m.", "2024-12-31T13:05:00.000+00:00"),
        ("04/04/2024", "2024-04-04T00:00:00.000+00:00"),
        ("5 March 2024", "2024-03-05T00:00:00.000+00:00"),
        ("5-Mar-2024 10:11", "2024-03-05T10:11:00.000+00:00"),
        ("Sept. 5, 2024 at 6:07 PM", "2024-09-05T18:07:00.000+00:00"),
        ("31 Dec 2024 10:00 GMT", "2024-12-31T10:00:00.000+00:00"),
        ("31/12/2024 10:00 +02:00", "2024-12-31T08:00:00.000+00:00"),
        ("2024-12-31 10:00 PM", "2024-12-31T22:00:00.000+00:00"),
        ("Sunday, December 31, 2023", "2023-12-31T00:00:00.000+00:00"),
        ("Sun, 31 Dec 2023 10:11:12 +0100", "2023-12-31T09:11:12.000+00:00"),
        ("31 Dec 2024 10:00 CEST", ""),
        ("03/04/2024", ""),
        ("3-4-2024 10:11", ""),
        ("3/4/24", ""),
        ("31/31/2024", ""),
        ("30.02.2024", ""),
        ("10:11 yesterday", ""),
        ("45356", ""),
        ("0001-01-01T00:00:00+10:00", ""),
        ("", ""),
    ],
)
def test_what_is_certain_is_understood(said: str, stored: str) -> None:
    assert understood([said]) == {said: stored}


def test_the_files_other_dates_say_which_number_is_the_day() -> None:
    day = understood(["03/04/2024", "13/04/2024", "05-06-2024"])
    assert [at[:10] for at in day.values()] == ["2024-04-03", "2024-04-13", ""]
    month = understood(["03/04/2024", "04/13/2024"])
    assert [at[:10] for at in month.values()] == ["2024-03-04", "2024-04-13"]
    both = understood(["03/04/2024", "13/04/2024", "04/13/2024"])
    assert both["03/04/2024"] == ""


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_stored_stays_as_it_is(at: datetime) -> None:
    stored = at.isoformat(timespec="milliseconds")
    assert as_stored(stored) == stored
    assert understood([stored]) == {stored: stored}
    assert instant(stored) == at.replace(microsecond=at.microsecond // 1000 * 1000)


@given(st.text(alphabet="0123456789/.-: TZ+apmMar", max_size=24))
def test_nothing_else_than_a_stored_time_comes_out(said: str) -> None:
    found = understood([said])[said]
    assert found == "" or as_stored(found) == found
