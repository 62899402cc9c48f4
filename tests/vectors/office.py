"""What the vectors' desks say of an appeal, for the folds: journal cards, longer terms, rivals."""

from __future__ import annotations

from typing import Final

from shared_schema.records import appeal
from shared_schema.records.desk import Assigned, Merged, Noted
from tests.vectors import cast
from tests.vectors.told import Told, named

_MS: Final = cast.NOW_MS
_OTHER: Final = "ab" * 16
_OPENED: Final = Told("author", 1, _MS, _MS + 50, cast.OPENED)


def threads() -> dict[str, list[Told]]:
    """Acts of a thread, by what they show."""
    longer = Told("desk", 3, _MS + 300, _MS + 350, appeal.Extended("чекаємо на експертизу"))
    registered = Told("desk", 1, _MS + 100, _MS + 150, appeal.Registered("ЗВ-000001", over=[]))
    answered = Told("desk", 2, _MS + 200, _MS + 250, appeal.StatusSet("answered", over=[]))
    over = named(("desk", 1))
    again = appeal.Registered("ЗВ-000002", "виправлено", "110", ["repeat"], 3, True, over)
    corrected = Told("desk", 3, _MS + 300, _MS + 350, again)
    old = Told("desk", 3, _MS + 300, _MS + 350, appeal.Registered("ЗВ-000002"))
    said = Told("desk", 4, _MS + 400, _MS + 450, Noted("не для автора"))
    return {
        "a longer term is a step of the history and no status": [_OPENED, registered, longer],
        "a longer term after an answer": [_OPENED, registered, answered, longer],
        "registered again as a correction: the status stays": [
            _OPENED, registered, answered, corrected,
        ],
        "registered again in the first release: the status is registered": [
            _OPENED, registered, answered, old,
        ],
        "what is internal is no part of a thread": [_OPENED, registered, said],
        "handed on is a step of the history and no status": [
            _OPENED, registered, _forward("desk", 3, 300, "water", "за належністю"),
            _forward("water", 1, 400, "general", ""),
        ],
    }  # fmt: skip


def cards() -> dict[str, list[Told]]:
    """Acts of a desk, by what their card shows."""
    return {**_journal(), **_rivals(), **_first_release(), **_handed_on()}


def _handed_on() -> dict[str, list[Told]]:
    first = _forward("desk", 1, 10, "water", "", [])
    return {
        "handed on and back": [
            _OPENED, first, _forward("water", 1, 20, "general", "не наше", named(("desk", 1))),
        ],
        "two desks hand it on to two queues": [
            _OPENED, first, _forward("desk2", 1, 12, "roads", "", []),
        ],
    }  # fmt: skip


def _status(
    who: str, seq: int, ms: int, status: appeal.Status, over: list[str] | None, note: str = ""
) -> Told:
    return Told(who, seq, _MS + ms, _MS + ms + 5, appeal.StatusSet(status, note, over))


def _forward(
    who: str, seq: int, ms: int, to: str, note: str, over: list[str] | None = None
) -> Told:
    said = appeal.Forwarded(to, "ЗВ-000001", note, over)
    return Told(who, seq, _MS + ms, _MS + ms + 5, said)


def _journal() -> dict[str, list[Told]]:
    number = appeal.Registered("ЗВ-000001", "прийнято", "110", ["mass", "repeat"], 12, True, [])
    whole = [
        _OPENED,
        Told("desk", 1, _MS + 10, _MS + 15, number),
        Told("desk", 2, _MS + 20, _MS + 25, Assigned("Олена", [])),
        Told("desk", 3, _MS + 30, _MS + 35, Noted("Дзвонили двічі.")),
        Told("desk", 4, _MS + 40, _MS + 45, appeal.Extended("чекаємо на експертизу")),
        Told("author", 2, _MS + 45, _MS + 46, appeal.Commented("Досі немає.")),
        _status("desk", 5, 50, "in_progress", []),
        Told("desk", 6, _MS + 60, _MS + 65, Merged(_OTHER, [])),
        Told("desk2", 1, _MS + 70, _MS + 75, Noted("Бригада виїхала.")),
        Told("desk2", 2, _MS + 80, _MS + 85, Assigned("", named(("desk", 2)))),
        Told("desk2", 3, _MS + 85, _MS + 86, appeal.Replied("Воду дали.")),
        _status("desk2", 4, 90, "answered", named(("desk", 5)), "виконано"),
        _status("desk", 7, 100, "in_progress", named(("desk2", 4))),
        Told("desk", 8, _MS + 110, _MS + 115, Merged("", named(("desk", 6)))),
        Told("desk", 9, _MS + 120, _MS + 125, appeal.Extended("ще раз")),
    ]
    return {"a journal card from registration to the end": whole, "no act of a desk": [_OPENED]}


def _rivals() -> dict[str, list[Told]]:
    first = _status("desk", 1, 10, "registered", [])
    north = _status("desk", 2, 20, "answered", named(("desk", 1)))
    south = _status("desk2", 1, 30, "returned", named(("desk", 1)), "не до нас")
    over_both = named(("desk", 2), ("desk2", 1))
    same = _status("desk2", 1, 30, "answered", [])
    third = _status("desk2", 2, 40, "closed", named(("desk2", 1)))
    numbers = [
        Told(who, 1, _MS + 10, _MS + 15, appeal.Registered(number, over=[]))
        for who, number in (("desk", "ЗВ-1"), ("desk2", "ЗВ-2"))
    ]
    merges = [
        Told("desk", 1, _MS + 10, None, Merged(_OTHER, [])),
        Told("desk", 2, _MS + 20, None, Merged("", named(("desk", 1)))),
        Told("desk2", 1, _MS + 20, None, Merged("cd" * 16, named(("desk", 1)))),
    ]
    other_field = Told("desk2", 1, _MS + 20, None, Assigned("Олена", named(("desk", 1))))
    return {
        "two desks apart: both stand, the later is in force": [_OPENED, first, north, south],
        "settled by an act over both": [
            _OPENED, first, north, south, _status("desk", 3, 50, "answered", over_both),
        ],
        "the same said twice, over different acts, is no conflict": [_OPENED, first, north, same],
        "who saw one rival leaves the other in place": [_OPENED, first, north, south, third],
        "two desks registered it": [_OPENED, *numbers],
        "a merge undone here and changed there": [_OPENED, *merges],
        "an act of another field, or of none, is named in vain": [_OPENED, first, other_field],
        "the act that is replaced has not come yet": [_OPENED, south],
    }  # fmt: skip


def _first_release() -> dict[str, list[Told]]:
    ahead = 10 * 365 * 86_400_000
    old = [
        _status("desk", 1, 10, "in_progress", None),
        _status("desk2", 1, 20, "answered", None),
        _status("desk", 2, 30, "closed", None),
    ]
    after = _status("desk2", 2, 40, "returned", named(("desk2", 1)))
    before = _status("desk2", 1, 5, "registered", [])
    # Both are clamped to one receipt, and the device decides which stands in front.
    low, high = sorted(("desk", "desk2"), key=lambda who: cast.PEOPLE[who].device)
    fast = Told(high, 1, _MS + ahead, _MS + 5, appeal.StatusSet("in_progress"))
    aware = [
        Told(low, 1, _MS + ahead + 1, _MS + 5,
             appeal.StatusSet("registered", over=named((high, 1)))),
        Told(low, 2, _MS + ahead + 2, _MS + 5,
             appeal.StatusSet("answered", over=named((low, 1)))),
    ]  # fmt: skip
    return {
        "acts of the first release: the last one is left": [_OPENED, *old],
        "an act of the first release replaces what stands before it": [_OPENED, before, old[0]],
        "and leaves what comes after, which has not seen it": [_OPENED, *old, after],
        "a clock ahead does not let it replace what names it": [_OPENED, fast, *aware],
    }
