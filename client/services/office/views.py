"""Choosing, sorting and counting cases for a table. Pure: a case comes in, a page goes out.

Each case is a `Line` with what views ask of it, worked out once until the case changes. A state
changes with time: a line knows the moments at which it does, so time itself changes no line. The
orders that were asked for are kept, and a changed line finds its new place in each by bisection;
what was found last is kept only until a line changes.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from operator import attrgetter
from typing import Final

from client.services.office.asked import VIEWS, Choices, Query, Sort, View
from client.services.office.case import Case
from client.services.office.clock import Clock
from client.services.office.search import needles
from client.services.office.sorting import KEYS, Key, urgency

_NEW, _MINE, _RETURNED, _SIGNALS, _CONFLICTS, _OPEN = (1 << bit for bit in range(6))
_BITS: Final[dict[View, int]] = {
    "new": _NEW, "mine": _MINE, "returned": _RETURNED, "signals": _SIGNALS,
    "conflicts": _CONFLICTS, "open": _OPEN,
}  # fmt: skip
_FIELDS: Final = ("queue", "lane", "kind", "category", "district")
_REBUILT_FROM: Final = 500
"""So many changed lines at once are not put in place one by one: orders are made anew."""


class Line:
    """A case, its words, and what views ask of it."""

    __slots__ = ("case", "flags", "soon_ms", "until_ms", "urgency", "words")

    def __init__(self, case: Case, words: bytes, clock: Clock, me: str) -> None:
        standing = clock.standing(case)
        self.case = case
        self.words = words
        self.soon_ms = standing.soon_ms
        self.until_ms = standing.until_ms
        self.urgency = urgency(case, standing.until_ms)
        self.flags = _flags(case, me)


def _flags(case: Case, me: str) -> int:
    flags = _CONFLICTS if case.conflicts else 0
    if not case.open:
        return flags | (_RETURNED if case.status == "returned" else 0)
    flags |= _OPEN if case.status else _OPEN | _NEW
    if case.lane == "signal":
        flags |= _SIGNALS
    return flags | _MINE if case.assignee == me else flags


class Views:
    """All lines, by record. Not safe to share between threads without a lock."""

    def __init__(self, clock: Clock, me: str) -> None:
        self._clock = clock
        self._me = me
        self._lines: dict[str, Line] = {}
        self._orders: dict[Sort, list[Line]] = {}
        self._found: dict[Query, list[Line]] = {}
        self._choices: Choices | None = None

    def __len__(self) -> int:
        return len(self._lines)

    def update(self, changed: Iterable[tuple[str, Case | None, bytes]]) -> None:
        """Take in cases as they are now; None for one that is none any more."""
        rows = list(changed)
        if len(rows) >= _REBUILT_FROM:
            self._orders.clear()
        for record, case, words in rows:
            self._take_out(record)
            if case is not None:
                self._put_in(Line(case, words, self._clock, self._me))
        if rows:
            self._found.clear()
            self._choices = None

    def select(self, query: Query, now_ms: int) -> list[Line]:
        """All lines that a query asks for, in its order. Do not change the list."""
        lines = _in_view(self._matching(query), query.view, now_ms)
        return lines[::-1] if query.descending else lines

    def page(self, query: Query, now_ms: int, offset: int, limit: int) -> tuple[list[Line], int]:
        """Some of the lines that a query asks for, in its order, and how many there are in all."""
        lines = _in_view(self._matching(query), query.view, now_ms)
        if not query.descending:
            return lines[offset : offset + limit], len(lines)
        end = max(0, len(lines) - offset)
        return lines[max(0, end - limit) : end][::-1], len(lines)

    def counts(self, query: Query, now_ms: int) -> dict[str, int]:
        """How many lines each view has among those that match the rest of a query."""
        # Where nothing is left out, in the order in which lines lie in memory: three times as fast.
        whole = query == Query(query.view, sort=query.sort, descending=query.descending)
        lines = self._order("received") if whole else self._matching(query)
        flags = Counter(map(attrgetter("flags"), lines))
        counts = {
            view: sum(count for value, count in flags.items() if value & bit)
            for view, bit in _BITS.items()
        }
        overdue = sum(until <= now_ms for until in map(attrgetter("until_ms"), lines))
        begun = sum(soon <= now_ms for soon in map(attrgetter("soon_ms"), lines))
        counts |= {"overdue": overdue, "soon": begun - overdue, "all": len(lines)}
        return {view: counts[view] for view in VIEWS}

    def choices(self) -> Choices:
        """What there is to filter by."""
        if self._choices is None:
            cases = [line.case for line in self._lines.values()]
            self._choices = Choices(
                *(_most(cases, name) for name in ("queue", "category", "district", "assignee"))
            )
        return self._choices

    def _take_out(self, record: str) -> None:
        line = self._lines.pop(record, None)
        if line is None:
            return
        for sort, order in self._orders.items():
            place = _place_of(sort)
            del order[bisect_left(order, place(line), key=place)]

    def _put_in(self, line: Line) -> None:
        self._lines[line.case.record] = line
        for sort, order in self._orders.items():
            insort(order, line, key=_place_of(sort))

    def _order(self, sort: Sort) -> list[Line]:
        if sort not in self._orders:
            if sort == "received":
                self._orders[sort] = sorted(self._lines.values(), key=_place_of(sort))
            else:  # sorting is stable: ties stay as they were received
                self._orders[sort] = sorted(self._order("received"), key=_key_of(sort))
        return self._orders[sort]

    def _matching(self, query: Query) -> list[Line]:
        """Lines that match all of a query but its view, in its order."""
        asked = replace(query, view="all", descending=False)
        if asked not in self._found:
            found = _matching(self._order(query.sort), query)
            self._found = {asked: found}
        return self._found[asked]


def _matching(lines: list[Line], query: Query) -> list[Line]:
    for name in _FIELDS:
        if wanted := getattr(query, name):
            value: Callable[[Case], str] = attrgetter(name)
            lines = [line for line in lines if value(line.case) == wanted]
    if query.status:
        status = "" if query.status == "new" else query.status
        lines = [line for line in lines if line.case.status == status]
    if query.assignee:
        assignee = "" if query.assignee == "-" else query.assignee
        lines = [line for line in lines if line.case.assignee == assignee]
    if query.received_from_ms or query.received_until_ms:
        first, end = query.received_from_ms, query.received_until_ms or math.inf
        lines = [line for line in lines if first <= line.case.received_at_ms < end]
    for needle in needles(query.text):
        lines = [line for line in lines if needle.found(line.case, line.words)]
    return lines


def _in_view(lines: list[Line], view: View, now_ms: int) -> list[Line]:
    if view == "all":
        return lines
    if view == "overdue":
        return [line for line in lines if line.until_ms <= now_ms]
    if view == "soon":
        return [line for line in lines if line.soon_ms <= now_ms < line.until_ms]
    bit = _BITS[view]
    return [line for line in lines if line.flags & bit]


def _most(cases: list[Case], name: str) -> tuple[tuple[str, int], ...]:
    """The values of a field that cases have, the most frequent first."""
    counted = Counter(map(attrgetter(name), cases))
    return tuple(sorted(((v, n) for v, n in counted.items() if v), key=lambda vn: (-vn[1], vn[0])))


def _key_of(sort: Sort) -> Callable[[Line], Key]:
    if sort == "urgency":
        return attrgetter("urgency")
    of_case = KEYS[sort]
    return lambda line: of_case(line.case)


def _place_of(sort: Sort) -> Callable[[Line], tuple[Key, int, str]]:
    """Where a line stands in an order: no two are the same."""
    key = _key_of(sort)
    return lambda line: (key(line), line.case.received_at_ms, line.case.record)
