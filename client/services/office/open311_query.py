"""The arguments of GET requests in GeoReport v2, and what they find.

A list of numbers overrides all else. Otherwise requests of a range of at most 90 days are found by
the time they were made, the newest first, at most 1,000; without a range, of the last 90 days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from client.services.office.open311 import ServiceRequest

SPAN_MS: Final = 90 * 86_400_000
REQUESTS_MAX: Final = 1_000
VALUES_MAX: Final = 1_000
STATUSES: Final = frozenset(["open", "closed"])
_W3C: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)


class BadQuery(ValueError):
    """An argument is not as the specification has it; the text is for the one who asked."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for. An empty set takes everything."""

    ids: frozenset[str]
    service_codes: frozenset[str]
    statuses: frozenset[str]
    from_ms: int
    until_ms: int
    """Included."""


def parse_query(arguments: Mapping[str, Sequence[str]], now_ms: int) -> Query:
    """A query from the arguments of a URL; an empty argument is as if it were not given.

    Raises:
        BadQuery: a date or a status is none, the range is longer than 90 days, or backwards.
    """
    ids = _values(arguments, "service_request_id")
    statuses = _values(arguments, "status")
    if ids:
        return Query(ids, frozenset(), frozenset(), 0, now_ms)
    if not statuses <= STATUSES:
        raise BadQuery("status is open or closed")
    start, end = _range(_moment(arguments, "start_date"), _moment(arguments, "end_date"), now_ms)
    return Query(ids, _values(arguments, "service_code"), statuses, start, end)


def find(requests: Iterable[ServiceRequest], query: Query) -> tuple[ServiceRequest, ...]:
    """What a query finds, the newest first."""
    found = [each for each in requests if _matches(each, query)]
    found.sort(key=lambda each: (-each.requested_at_ms, each.service_request_id))
    return tuple(found[:REQUESTS_MAX])


def _matches(request: ServiceRequest, query: Query) -> bool:
    if query.ids:
        return request.service_request_id in query.ids
    return (
        query.from_ms <= request.requested_at_ms <= query.until_ms
        and (not query.service_codes or request.service_code in query.service_codes)
        and (not query.statuses or request.status in query.statuses)
    )


def _values(arguments: Mapping[str, Sequence[str]], name: str) -> frozenset[str]:
    """The values of an argument, which may be given many times and separated by commas."""
    parts = [part.strip() for given in arguments.get(name, ()) for part in given.split(",")]
    if len(parts) > VALUES_MAX:
        raise BadQuery(f"{name}: at most {VALUES_MAX} values")
    return frozenset(part for part in parts if part)


def _moment(arguments: Mapping[str, Sequence[str]], name: str) -> int | None:
    given = [each for each in arguments.get(name, ()) if each]
    if not given:
        return None
    text = given[0].replace(" ", "+")  # a plus that was not written as %2B
    if len(given) > 1 or not _W3C.fullmatch(text):
        raise BadQuery(f"{name} is one W3C date and time with a zone, as in 2010-01-01T00:00:00Z")
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise BadQuery(f"{name} is no date") from error


def _range(start: int | None, end: int | None, now_ms: int) -> tuple[int, int]:
    if start is None:
        end = now_ms if end is None else end
        return end - SPAN_MS, end
    end = start + SPAN_MS if end is None else end
    if not 0 <= end - start <= SPAN_MS:
        raise BadQuery("start_date and end_date may not span more than 90 days, and not backwards")
    return start, end
