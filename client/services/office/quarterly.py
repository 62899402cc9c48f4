"""The quarterly report on citizens' appeals, as it is customary: totals by sign, kind and result.

The rows follow the sections of the state classifier of appeals (Cabinet resolution of 24.09.2008
No. 858), whose codes stand beside them. Counted are identified appeals that were received in the
quarter, as they stand now; a signal is no appeal by law 393/96-ВР. How a matter was decided
(satisfied, refused, explained) is not in the journal of the app: one row holds all answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, tzinfo
from itertools import count
from typing import Final, NamedTuple

from client.services.office.case import Case
from client.services.office.clock import Clock
from client.services.office.figures import midnight, percent
from client.services.office.journal import condition
from client.services.office.labels import Labels
from client.services.office.tables import Cell, Table
from shared_schema.records.appeal import APPEAL_KINDS

MARKS: Final = ("primary", "repeat", "duplicate", "recurring", "mass")
CHANNELS: Final = ("app", "post", "reception", "phone", "person", "authority", "media")
RESULTS: Final = (
    "answered", "returned", "forwarded", "closed", "merged", "withdrawn", "pending",
)  # fmt: skip
TERMS: Final = ("done_in_time", "done_late", "running", "overdue", "none")
_CODES: Final = {
    "channel": "1", "channel.reception": "1.2",
    "sign": "2", **{f"sign.{mark}": f"2.{n}" for n, mark in enumerate(MARKS, 1)},
    "kind": "3", **{f"kind.{kind}": f"3.{n}" for n, kind in enumerate(APPEAL_KINDS, 1)},
    "subject": "5", "subject.one": "5.1", "subject.many": "5.2", "subject.anonymous": "5.3",
    "result": "9", "result.answered": "9.1–9.3", "result.returned": "9.4",
    "result.forwarded": "9.5", "result.closed": "9.6",
}  # fmt: skip
WIDTHS: Final = (7, 9, 62, 12, 12)


class Quarter(NamedTuple):
    """A quarter of a calendar year, 1 to 4."""

    year: int
    number: int

    def span(self, zone: tzinfo) -> tuple[int, int]:
        """Its first moment, and the first after it, in a zone."""
        start = date(self.year, 3 * self.number - 2, 1)
        year, month = (self.year + 1, 1) if self.number == 4 else (self.year, start.month + 3)
        return midnight(start, zone), midnight(date(year, month, 1), zone)


class _Line(NamedTuple):
    code: str
    name: str
    counted: int | None
    heading: bool = False
    share: bool = True


def quarterly(
    cases: Iterable[Case], quarter: Quarter, now_ms: int, clock: Clock, labels: Labels
) -> Table:
    """The report of a quarter as a table: number, code, indicator, count, share of all.

    Raises:
        ValueError: there is no such quarter.
    """
    if not (1 <= quarter.number <= 4 and 1900 <= quarter.year < 9999):
        raise ValueError("no such quarter")
    start, end = quarter.span(clock.zone)
    appeals = [
        case for case in cases if case.lane == "appeal" and start <= case.received_at_ms < end
    ]
    lines = _lines(appeals, now_ms, clock, labels)
    named = {"year": quarter.year, "quarter": quarter.number}
    return Table(
        title=labels("quarterly.title", **named),
        sheet=labels("quarterly.sheet", **named),
        header=tuple(
            labels(f"quarterly.{key}") for key in ("number", "code", "name", "count", "share")
        ),
        rows=_rows(lines, len(appeals)),
        widths=WIDTHS,
        headings=frozenset(place for place, line in enumerate(lines) if line.heading),
    )


def result(case: Case) -> str:
    """How a case ended, one of `RESULTS`."""
    found = condition(case)
    return found if found in RESULTS else "pending"


def _lines(appeals: Sequence[Case], now_ms: int, clock: Clock, labels: Labels) -> list[_Line]:
    def section(key: str, counts: Counter[str], codes: Iterable[str]) -> list[_Line]:
        return _section(key, counts, codes, labels)

    signs = Counter(mark for case in appeals for mark in case.marks or ("none",))
    subjects = Counter("many" if case.collective else "one" for case in appeals)
    terms = Counter(_term(case, now_ms, clock) for case in appeals)
    people = sum(max(1, case.collective) for case in appeals)
    return [
        _Line("", labels("quarterly.total"), len(appeals)),
        _Line("", labels("quarterly.people"), people, share=False),
        _Line("", labels("quarterly.first"), sum(case.privileged for case in appeals)),
        _Line("", labels("quarterly.extended"), sum(case.extended for case in appeals)),
        *section("channel", Counter(app=len(appeals)), CHANNELS),
        *section("sign", signs, (*MARKS, "none")),
        *section("kind", Counter(case.kind or "none" for case in appeals), (*APPEAL_KINDS, "none")),
        *section("subject", subjects, ("one", "many", "anonymous")),
        *_listed("category", (case.category for case in appeals), labels.category, labels),
        *_listed(
            "classifier", (case.classifier for case in appeals if case.classifier), str, labels
        ),
        *section("result", Counter(map(result, appeals)), RESULTS),
        *section("term", terms, TERMS),
    ]


def _term(case: Case, now_ms: int, clock: Clock) -> str:
    state = clock.state(case, now_ms)
    return "running" if state in ("ok", "soon") else state


def _section(key: str, counts: Counter[str], codes: Iterable[str], labels: Labels) -> list[_Line]:
    """A heading and a line for each code, also for those that nothing was counted for.

    A code that a newer peer has sent gets a line of its own, so that a section adds up.
    """
    known = list(codes)
    groups = {"sign": "mark", "kind": "kind"}
    lines = [_Line(_CODES.get(key, ""), labels(f"quarterly.{key}"), None, heading=True)]
    for code in (*known, *sorted(counts.keys() - set(known))):
        own = labels.entries.get(f"quarterly.{key}.{code}")
        name = own or labels.of(groups.get(key, key), code)
        lines.append(_Line(_CODES.get(f"{key}.{code}", ""), name, counts[code]))
    return lines


def _listed(
    key: str, found: Iterable[str], name: Callable[[str], str], labels: Labels
) -> list[_Line]:
    """A heading and a line for each code that occurs, the most frequent first."""
    counts = sorted(Counter(found).items(), key=lambda each: (-each[1], each[0]))
    if not counts:
        return []
    none = labels("quarterly.category.none")
    return [
        _Line("", labels(f"quarterly.{key}"), None, heading=True),
        *(_Line("", name(code) if code else none, many) for code, many in counts),
    ]


def _rows(lines: Sequence[_Line], total: int) -> tuple[tuple[Cell, ...], ...]:
    numbers = count(1)
    return tuple(
        ("", line.code, line.name, None, None)
        if line.counted is None
        else (
            next(numbers),
            line.code,
            line.name,
            line.counted,
            percent(line.counted, total) if line.share else None,
        )
        for line in lines
    )
