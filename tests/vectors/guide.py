"""What the vectors' newsroom says of places and outages, for the folds."""

from __future__ import annotations

from typing import Final

from shared_schema.records import outage, place
from tests.vectors import cast
from tests.vectors.told import Told

_MS: Final = cast.NOW_MS
_HOUR: Final = 3_600_000
_LIT: Final = ["+" * 48] * 5 + ["+" * 20 + "?" * 8 + "+" * 20] * 2
_DARK: Final = ["-" * 8 + "+" * 40] * 7
_SCHOOL: Final = place.Listed(
    "Школа № 5", "shelter", "вул. Садова, 5", "Центр", 4_945_000, 3_205_000, "24/7",
    "вхід з двору", "+380501234567", ["water", "heat"], "ДСНС", _MS + 24 * _HOUR,
)  # fmt: skip


def places() -> dict[str, list[Told]]:
    """Acts of a place, by what they show."""
    listed = Told("newsroom", 1, _MS, _MS + 5, _SCHOOL)
    shut = Told(
        "newsroom", 2, _MS + 10, _MS + 15, place.Confirmed("closed", "Олена", "замкнено", _MS + 50)
    )
    dry = Told("newsroom", 3, _MS + 20, _MS + 25, place.Confirmed("empty", "Петро", "вода завтра"))
    again = Told("newsroom", 4, _MS + 30, _MS + 35, place.Updated("Школа № 7", "water", by="Місто"))
    gone = Told("newsroom", 5, _MS + 40, _MS + 45, place.Removed("будинок знесено"))
    late = Told("newsroom", 6, _MS + 50, _MS + 55, place.Confirmed("open", "Олена"))
    ahead = Told("newsroom", 1, _MS + 9_000_000, _MS + 5, _SCHOOL)
    desk = Told("desk", 1, _MS + 9_000_001, _MS + 5, place.Updated("Школа № 9", "shelter"))
    return {
        "a listing alone is a confirmation": [listed],
        "confirmed twice: the last counts, with its note and its date": [listed, shut, dry],
        "an update is a confirmation that it is open": [listed, shut, dry, again],
        "a confirmation after an update leaves its wording": [listed, again, late],
        "removed: it stays so, and the last removal says why": [listed, shut, gone, late],
        "a listing with a clock ahead stands first all the same": [ahead, desk],
        "no listing, no state": [shut, again, gone],
    }


def outages() -> dict[str, list[Told]]:
    """Acts of a schedule or an announcement, by what they show."""
    weekly = Told(
        "newsroom", 1, _MS, _MS + 5,
        outage.Scheduled("power", "1.1", _LIT, ["Садова: 1-19, 24", "Лісова"], "Центр"),
    )  # fmt: skip
    anew = Told(
        "newsroom", 2, _MS + 10, _MS + 15,
        outage.Rescheduled("power", "1.1", _DARK, ["Садова"], expires_at_ms=_MS + 24 * _HOUR),
    )  # fmt: skip
    ended = Told("newsroom", 3, _MS + 20, _MS + 25, outage.Cancelled("скасовано"))
    back = Told("newsroom", 4, _MS + 30, _MS + 35, outage.Rescheduled("power", "1.1", _LIT))
    repair = Told(
        "newsroom", 1, _MS, _MS + 5,
        outage.Announced("power", _MS + _HOUR, _MS + 2 * _HOUR, "Ремонт лінії", ["1.1", "2.1"]),
    )  # fmt: skip
    return {
        "a schedule, said again: the last wording counts": [weekly, anew],
        "cancelled: a mark that no later wording takes away": [weekly, anew, ended, back],
        "an announcement, cancelled": [repair, ended],
        "a rescheduling is nothing to an announcement": [repair, anew],
        "no opening, no state": [anew, ended],
    }
