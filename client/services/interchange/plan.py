"""What a table would change: each row beside what the city says already, before anybody accepts it.

A row is about a place of the same sort, name and address, and about the schedule of the same queue;
so that the same file, read again, changes nothing. A column that a table does not have says nothing
about what would stand in it: what the city knows stays. Nothing is removed for not being in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Final, Generic, Literal, NamedTuple, TypeVar

import msgspec

from client.services.guide_types import PlaceView, ScheduleView
from client.services.interchange.columns import DAY_COLUMNS
from client.services.interchange.problems import Problem, shown
from client.services.interchange.rows import Row, Table
from shared_schema.records.outage import Scheduled
from shared_schema.records.place import Listed

Effect = Literal["new", "changed", "same"]
T = TypeVar("T", Listed, Scheduled)
PLACE_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name",), "sort": ("sort",), "address": ("address",), "district": ("district",),
    "lat": ("lat_e5", "lon_e5"), "hours": ("hours",), "note": ("note",), "phone": ("phone",),
    "offers": ("offers",), "by": ("by",), "expires": ("expires_at_ms",),
}  # fmt: skip
"""The fields of a place that a column gives; a position is one thing in two columns."""
SCHEDULE_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "utility": ("utility",), "queue": ("queue",), DAY_COLUMNS[0]: ("week",),
    "streets": ("streets",), "district": ("district",), "note": ("note",),
    "expires": ("expires_at_ms",),
}  # fmt: skip


class Step(NamedTuple, Generic[T]):
    """What one row comes to."""

    row: int
    effect: Effect
    value: T
    """What is to be said: the row, and what is known where the table has no column."""
    record: str
    """What it is about; empty for something new."""
    fields: tuple[str, ...]
    """The columns, by code, in which it differs from what the city says."""


class Plan(NamedTuple, Generic[T]):
    """What a whole table comes to; nothing of it has been said yet."""

    steps: tuple[Step[T], ...]
    problems: tuple[Problem, ...]
    """Rows that are left out, and why."""
    ignored: tuple[str, ...]
    """Columns that mean nothing to Misto."""
    untouched: int
    """How many the city has and the table does not name; they stay as they are."""

    def only(self, *effects: Effect) -> tuple[Step[T], ...]:
        """The rows that come to one of these."""
        return tuple(step for step in self.steps if step.effect in effects)


def plan_places(table: Table[Listed], known: Sequence[PlaceView]) -> Plan[Listed]:
    """What a table of places would change."""
    own = {_place_key(place_wording(view)): view for view in reversed(known)}

    def find(listed: Listed) -> tuple[str, Listed] | None:
        view = own.get(_place_key(listed))
        return (view.record, place_wording(view)) if view else None

    return _plan(table, find, _place_key, PLACE_FIELDS, len(known))


def plan_schedules(table: Table[Scheduled], known: Sequence[ScheduleView]) -> Plan[Scheduled]:
    """What a table of schedules would change.

    A queue that has moved to another district is still that queue, where both the table and the
    city have but one of its name: nobody is to have two weeks.
    """
    exact = {_queue_key(view.scheduled): view for view in reversed(known)}
    single = _single((_queue_key(view.scheduled)[:2], view) for view in known)
    asked = _single((_queue_key(scheduled)[:2], scheduled) for scheduled in table.values)

    def find(scheduled: Scheduled) -> tuple[str, Scheduled] | None:
        key = _queue_key(scheduled)
        view = exact.get(key)
        if view is None and key[:2] in asked:
            view = single.get(key[:2])
        return (view.record, view.scheduled) if view else None

    return _plan(table, find, _queue_key, SCHEDULE_FIELDS, len(known))


def place_wording(view: PlaceView) -> Listed:
    """What was said of a place when it was last said in full, whoever has confirmed it since."""
    if view.wording is not None:
        return view.wording
    lat, lon = view.position or (None, None)
    offers = [sort for sort in view.serves if sort != view.sort]
    return Listed(
        view.name, view.sort, view.address, view.district, lat, lon, view.hours, view.note,
        view.phone, offers, view.confirmed_by, view.expires_at_ms,
    )  # fmt: skip


def _plan(
    table: Table[T],
    find: Callable[[T], tuple[str, T] | None],
    key: Callable[[T], Hashable],
    fields: dict[str, tuple[str, ...]],
    known: int,
) -> Plan[T]:
    steps: list[Step[T]] = []
    problems = list(table.problems)
    first: dict[Hashable, int] = {}
    for row in table.rows:
        if row.value is None:
            continue
        own = key(row.value)
        if own in first:
            problems.append(_again(row, first[own]))
            continue
        first[own] = row.number
        steps.append(_step(row.number, row.value, find(row.value), fields, table.columns))
    touched = {step.record for step in steps if step.record}
    ordered = tuple(sorted(problems, key=lambda problem: problem.row))
    return Plan(tuple(steps), ordered, table.ignored, known - len(touched))


def _again(row: Row[T], first: int) -> Problem:
    """Of two rows about one thing neither can be told to be right; the first one is taken."""
    name = getattr(row.value, "name", "") or getattr(row.value, "queue", "")
    return Problem("row_again", row.number, value=shown(name), limit=first)


def _step(
    row: int,
    value: T,
    known: tuple[str, T] | None,
    fields: dict[str, tuple[str, ...]],
    columns: frozenset[str],
) -> Step[T]:
    if known is None:
        return Step(row, "new", value, "", ())
    record, wording = known
    said = {each: getattr(value, each) for code in columns for each in fields.get(code, ())}
    merged = msgspec.structs.replace(wording, **said)
    differing = tuple(code for code, names in fields.items() if _differ(merged, wording, names))
    return Step(row, "changed" if differing else "same", merged, record, differing)


def _differ(one: Any, other: Any, names: tuple[str, ...]) -> bool:
    return any(_said(one, name) != _said(other, name) for name in names)


def _said(wording: Any, name: str) -> Any:
    """What else a place offers is a set, in whatever order a table has it."""
    value = getattr(wording, name)
    return frozenset(value) if name == "offers" else value


def _place_key(listed: Listed) -> tuple[str, str, str]:
    return listed.sort, _folded(listed.name), _folded(listed.address)


def _queue_key(scheduled: Scheduled) -> tuple[str, str, str]:
    return scheduled.utility, _folded(scheduled.queue, dots=True), _folded(scheduled.district)


def _folded(text: str, *, dots: bool = False) -> str:
    """A name as it is compared: no case, marks and spare spaces; the queue `1.1` is not `11`."""
    plain = text.casefold().replace("’", "ʼ").replace("'", "ʼ")
    kept = "".join(char if char.isalnum() or char == "ʼ" or (dots and char == ".") else " "
                   for char in plain)  # fmt: skip
    return " ".join(kept.split())


def _single(pairs: Iterable[tuple[Hashable, Any]]) -> dict[Hashable, Any]:
    """What stands under a key that only one has."""
    found: dict[Hashable, Any] = {}
    twice: set[Hashable] = set()
    for key, value in pairs:
        if key in found:
            twice.add(key)
        found[key] = value
    return {key: value for key, value in found.items() if key not in twice}
