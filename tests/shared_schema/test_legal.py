"""The dates of the law are those of the law, each row with where it stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.limits import TIME_MS_MAX
from shared_schema.records.legal import TERMS, due_dates

KYIV = ZoneInfo("Europe/Kyiv")


def ms(text: str) -> int:
    """Unix milliseconds of an ISO moment with its offset."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def due(received: str) -> dict[str, date]:
    return {each.kind: each.day for each in due_dates(ms(received), KYIV)}


@pytest.mark.parametrize(
    ("received", "kind", "last_day", "source"),
    [
        # Back to the applicant: "не пізніш як через десять днів від дня його надходження".
        ("2026-11-20T12:00+02:00", "return", "2026-11-30", "393/96-ВР, ст. 5"),
        ("2026-12-25T12:00+02:00", "return", "2027-01-04", "393/96-ВР, ст. 5"),
        # Nothing to be studied: "не пізніше п'ятнадцяти днів від дня їх отримання".
        ("2026-11-20T12:00+02:00", "simple", "2026-12-05", "393/96-ВР, ст. 20"),
        ("2028-02-20T12:00+02:00", "simple", "2028-03-06", "393/96-ВР, ст. 20"),
        # The rule: "у термін не більше одного місяця від дня їх надходження".
        ("2026-11-20T12:00+02:00", "answer", "2026-12-20", "393/96-ВР, ст. 20"),
        # A month that has no such day ends on its last day: Civil Code, art. 254, part 3.
        ("2026-01-31T12:00+02:00", "answer", "2026-02-28", "393/96-ВР, ст. 20"),
        ("2028-01-31T12:00+02:00", "answer", "2028-02-29", "393/96-ВР, ст. 20"),
        ("2028-01-29T12:00+02:00", "answer", "2028-02-29", "393/96-ВР, ст. 20"),
        ("2026-03-31T12:00+03:00", "answer", "2026-04-30", "393/96-ВР, ст. 20"),
        ("2026-02-28T12:00+02:00", "answer", "2026-03-28", "393/96-ВР, ст. 20"),
        # December goes into the next year.
        ("2026-12-05T12:00+02:00", "answer", "2027-01-05", "393/96-ВР, ст. 20"),
        ("2026-12-31T12:00+02:00", "answer", "2027-01-31", "393/96-ВР, ст. 20"),
        # In all: "не може перевищувати сорока п'яти днів".
        ("2026-11-20T12:00+02:00", "longest", "2027-01-04", "393/96-ВР, ст. 20"),
        ("2026-01-31T12:00+02:00", "longest", "2026-03-17", "393/96-ВР, ст. 20"),
    ],
)
def test_each_term_ends_on_the_day_the_law_says(
    received: str, kind: str, last_day: str, source: str
) -> None:
    (found,) = (each for each in due_dates(ms(received), KYIV) if each.kind == kind)
    assert (found.day, found.source) == (date.fromisoformat(last_day), source)


@pytest.mark.parametrize(
    ("received", "day"),
    [
        ("2026-11-20T23:59:59.999+02:00", 20),  # still the 20th, in UTC too
        ("2026-11-20T22:30+00:00", 21),  # the 20th in UTC, the 21st in Kyiv
        ("2026-11-21T00:00+02:00", 21),
        ("2026-07-20T20:59+00:00", 20),  # summer time: midnight is at 21:00 UTC
        ("2026-07-20T21:00+00:00", 21),
        ("2026-03-29T23:30+03:00", 29),  # the day of 23 hours
        ("2026-10-25T23:30+02:00", 25),  # the day of 25 hours
    ],
)
def test_the_day_of_arrival_is_that_of_the_city_and_not_of_utc(received: str, day: int) -> None:
    assert due(received)["return"].toordinal() - 10 == due(received)["simple"].toordinal() - 15
    assert (due(received)["return"] - timedelta(days=10)).day == day


def test_no_term_of_the_law_is_missing() -> None:
    assert [(term.kind, term.days) for term in TERMS] == [
        ("return", 10), ("simple", 15), ("answer", 0), ("longest", 45),
    ]  # fmt: skip


@given(st.integers(ms("2000-01-01T00:00+02:00"), ms("2100-01-01T00:00+02:00")))
def test_terms_never_end_out_of_order(received_at_ms: int) -> None:
    days = [each.day for each in due_dates(received_at_ms, KYIV)]
    assert days == sorted(days)
    assert 28 <= (days[2] - days[0]).days + 10 <= 31


@pytest.mark.parametrize("received_at_ms", [TIME_MS_MAX, 253_402_300_799_999, 2**53, -(2**60)])
def test_a_moment_that_no_calendar_has_gives_no_date_and_no_fault(received_at_ms: int) -> None:
    assert due_dates(received_at_ms, KYIV) == ()
