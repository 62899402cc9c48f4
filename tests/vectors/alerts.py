"""Vectors of alerts: an urgent wording is in force once a second newsroom device has signed it."""

from __future__ import annotations

from typing import Final

from shared_schema.records.news import Corrected, NewsConfirmed, NewsWithdrawn, Published
from tests.vectors import cast
from tests.vectors.told import Told, hashed

_MS: Final = cast.NOW_MS
_ALERT: Final = Published("Евакуація", "Збір о 14:00.", "danger", "", "urgent")
_LATER: Final = Corrected("Евакуація", "Збір о 16:00.", "danger", "", "urgent")
_CALM: Final = Corrected("Відбій", "Загрози немає.", "danger")


def alerts() -> dict[str, list[Told]]:
    """Acts by what they show."""
    first = Told("newsroom", 1, _MS, _MS, _ALERT)
    signed = _signs("editor", 1, _MS + 5, ("newsroom", 1))
    corrected = Told("newsroom", 2, _MS + 9, _MS + 9, _LATER)
    withdrawn = Told("newsroom", 2, _MS + 9, None, NewsWithdrawn("ні"))
    calm = Told("newsroom", 3, _MS + 20, _MS + 20, _CALM)
    return {
        "urgent by one alone: in force, and no alert": [first],
        "urgent and signed by another: an alert": [first, signed],
        "nobody signs what is one's own": [first, _signs("newsroom", 2, _MS + 5, ("newsroom", 1))],
        "a correction of an alert waits; what was signed stays": [first, signed, corrected],
        "the correction is signed": [
            first, signed, corrected, _signs("editor", 2, _MS + 12, ("newsroom", 2)),
        ],
        "one signature is for one wording": [
            first, corrected, _signs("editor", 1, _MS + 12, ("newsroom", 1)),
        ],
        "the editor corrects, the author signs": [
            first, Told("editor", 1, _MS + 9, _MS + 9, _LATER),
            _signs("newsroom", 2, _MS + 12, ("editor", 1)),
        ],
        "calm needs no signature": [first, signed, corrected, calm],
        "withdrawn by one": [first, signed, withdrawn],
    }  # fmt: skip


def _signs(who: str, seq: int, ms: int, wording: tuple[str, int]) -> Told:
    return Told(who, seq, ms, ms, NewsConfirmed(hashed(*wording).hex()))
