"""The arguments of GET requests: each row of the specification's table, and what is no argument."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.office.open311_query import (
    REQUESTS_MAX,
    SPAN_MS,
    BadQuery,
    find,
    parse_query,
)
from tests.client.office.cases import DAY_MS, ms
from tests.client.office.feeds import NOW, feed

FEED = feed(600)


def found(**arguments: str | list[str]) -> list[str]:
    given = {key: [each] if isinstance(each, str) else each for key, each in arguments.items()}
    return [each.service_request_id for each in find(FEED, parse_query(given, NOW))]


def ids(**wanted: object) -> list[str]:
    return [
        each.service_request_id
        for each in FEED
        if all(getattr(each, key) == value for key, value in wanted.items())
        and NOW - SPAN_MS <= each.requested_at_ms <= NOW
    ]


def test_without_arguments_the_last_90_days_the_newest_first() -> None:
    assert found() == ids()
    assert 100 < len(found()) < 250


def test_numbers_override_all_other_arguments() -> None:
    old, new = FEED[-1].service_request_id, FEED[0].service_request_id
    assert found(service_request_id=f"{old},{new}", status="open", start_date="no") == [new, old]
    assert found(service_request_id=[old, new]) == [new, old]
    assert found(service_request_id="0000") == []


def test_codes_and_statuses_may_be_many() -> None:
    assert found(status="closed") == ids(status="closed")
    assert found(status="open,closed") == found()
    both = sorted(ids(service_code="water") + ids(service_code="roads"))
    assert sorted(found(service_code="water,roads")) == both
    assert sorted(found(service_code=["water", "roads"])) == both
    assert found(service_code="unheard") == []


def test_an_empty_argument_is_as_if_not_given() -> None:
    assert found(status="", service_code="", start_date="", end_date="") == found()


@pytest.mark.parametrize(
    ("arguments", "start", "end"),
    [
        ({}, NOW - SPAN_MS, NOW),
        ({"start_date": "2026-05-01T00:00:00Z"}, "2026-05-01T00:00+00:00", None),
        ({"end_date": "2026-05-01T00:00:00Z"}, None, "2026-05-01T00:00+00:00"),
        (
            {"start_date": "2026-05-01T00:00:00+03:00", "end_date": "2026-05-02T00:00:00 03:00"},
            "2026-05-01T00:00+03:00",
            "2026-05-02T00:00+03:00",
        ),
    ],
)
def test_a_range_is_at_most_90_days(
    arguments: dict[str, str], start: str | int | None, end: str | int | None
) -> None:
    query = parse_query({key: [value] for key, value in arguments.items()}, NOW)
    first, last = (ms(each) if isinstance(each, str) else each for each in (start, end))
    assert query.from_ms == (first if first is not None else (last or 0) - SPAN_MS)
    assert query.until_ms == (last if last is not None else (first or 0) + SPAN_MS)


@pytest.mark.parametrize(
    "arguments",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-01T00:00:01Z"},  # 90 days, 1 s
        {"start_date": "2026-04-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"start_date": "2026-01-01"},
        {"start_date": "2026-01-01T00:00:00"},  # without a zone: which day is it?
        {"start_date": "2026-02-30T00:00:00Z"},
        {"start_date": "٢٠٢٦-01-01T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00Z\r\nX: y"},
        {"end_date": "yesterday"},
        {"status": "lost"},
        {"status": "open,lost"},
        {"service_request_id": ",".join("a" * 1_001)},
    ],
)
def test_a_bad_argument_is_an_error_and_no_guess(arguments: dict[str, str]) -> None:
    with pytest.raises(BadQuery):
        parse_query({key: [value] for key, value in arguments.items()}, NOW)


def test_two_start_dates_are_one_too_many() -> None:
    with pytest.raises(BadQuery):
        parse_query({"start_date": ["2026-01-01T00:00:00Z"] * 2}, NOW)


def test_no_more_than_a_thousand_and_those_the_newest() -> None:
    many = [
        replace(FEED[0], service_request_id=f"{n:016x}", requested_at_ms=NOW - n * DAY_MS // 100)
        for n in range(1_500)
    ]
    result = find(reversed(many), parse_query({}, NOW))
    assert len(result) == REQUESTS_MAX
    assert list(result) == many[:REQUESTS_MAX]


@given(
    st.dictionaries(
        st.sampled_from(["service_request_id", "service_code", "start_date", "end_date", "status"]),
        st.lists(st.text(max_size=40), max_size=3),
    )
)
def test_any_argument_gives_a_query_or_a_bad_one(arguments: dict[str, list[str]]) -> None:
    try:
        query = parse_query(arguments, NOW)
    except BadQuery:
        return
    assert query.ids or query.until_ms - query.from_ms <= SPAN_MS
    assert isinstance(find(FEED[:20], query), tuple)
