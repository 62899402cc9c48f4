"""How alike two cases are: one category, one place, one fortnight, and words that agree.

Only a hint to a person. The nearer the place, the less the words must agree. The score is the same
from either side. `duplicates.DuplicateIndex` asks this of many cases at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from client.services.nearby import COARSE_E5, distance_m
from client.services.office.case import Case
from client.services.office.wording import (
    Street,
    grams,
    plain,
    same_street,
    signature,
    stems,
    street,
)
from shared_schema.records.appeal import Position

NEAR_M: Final = 300
FAR_APART_MS: Final = 14 * 86_400_000
CLOSE_TEXT: Final = 0.28
"""What texts need to agree when the place is the same house or street, or a few steps away."""
AREA_TEXT: Final = 0.45
"""What they need when only the district is the same, or neither says where."""
_CELL_E5: Final = 540
"""600 m of latitude in hundred-thousandths of a degree."""
_LONELY_LAT_E5: Final = 8_000_000
Key = tuple[str, str] | tuple[int, int]


class Likeness(NamedTuple):
    """A case that may be about the same, how alike (0 to 1), and why, as codes for the screen."""

    record: str
    score: float
    reasons: tuple[str, ...]


class _Place(NamedTuple):
    closeness: float
    reason: str
    close: bool


@dataclass(slots=True, eq=False)
class Entry:
    """What is compared of a case; by identity, so that collections of them are fast."""

    record: str
    category: str
    received_at_ms: int
    title: str
    text: str
    place: str
    street: Street
    position: tuple[int, int] | None
    area: str
    signature: int

    @property
    def block(self) -> tuple[str, int]:
        """Under what it lies among all cases: its category and fortnight."""
        return self.category, self.received_at_ms // FAR_APART_MS

    def shelves(self) -> Iterator[Key]:
        """Under what it lies in its block."""
        yield "area", self.area
        if self.place:
            yield "place", self.place
        if self.street.name:
            yield "street", self.street.name
        if self.position is not None:
            yield self.position[0] // _CELL_E5, self.position[1] // _CELL_E5

    def around(self) -> Iterator[Key]:
        """Under what those lie that may be close by."""
        if self.place:
            yield "place", self.place
        if self.street.name:
            yield "street", self.street.name
        if self.position is not None and abs(self.position[0]) <= _LONELY_LAT_E5:
            yield from _cells(*self.position)

    def words(self) -> frozenset[str]:
        """The stems of what it says."""
        return stems(f"{self.title} {self.text}")


def _cells(lat_e5: int, lon_e5: int) -> Iterator[tuple[int, int]]:
    """The cells that hold everything within `NEAR_M`; a degree of longitude is shorter."""
    wide = math.ceil(_CELL_E5 / 2 / math.cos(math.radians(lat_e5 / 1e5))) + 1
    high = _CELL_E5 // 2 + 1
    for lat in range((lat_e5 - high) // _CELL_E5, (lat_e5 + high) // _CELL_E5 + 1):
        for lon in range((lon_e5 - wide) // _CELL_E5, (lon_e5 + wide) // _CELL_E5 + 1):
            yield lat, lon


def likeness(one: Case, other: Case) -> Likeness | None:
    """How alike two cases are; None when they are not. The score is the same from either side."""
    return Asked(entry_of(one)).compare(entry_of(other))


def entry_of(case: Case) -> Entry:
    """What is compared of a case; a roughly known position says no more than a district."""
    position = case.position
    exact = position is not None and position.within_m <= NEAR_M
    return Entry(
        record=case.record,
        category=case.category,
        received_at_ms=case.received_at_ms,
        title=case.title,
        text=case.text,
        place=case.place,
        street=street(case.address),
        position=(position.lat_e5, position.lon_e5) if position and exact else None,
        area=_area(case.district, position),
        signature=signature(case.title) | signature(case.text),
    )


def _area(district: str, position: Position | None) -> str:
    """The district; without one, about a kilometre around; empty when nothing says where."""
    if district.strip():
        return plain(district).strip()
    if position is None:
        return ""
    return f"{round(position.lat_e5 / COARSE_E5)} {round(position.lon_e5 / COARSE_E5)}"


class Asked:
    """One entry that is compared with many; what is needed of it is worked out once."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self._words = entry.words()
        self._grams = grams(self._words)

    def compare(self, other: Entry) -> Likeness | None:
        """How alike the other is; None when it is not."""
        apart = abs(self.entry.received_at_ms - other.received_at_ms)
        if self.entry.category != other.category or apart > FAR_APART_MS:
            return None
        place = _place(self.entry, other)
        if place is None:
            return None
        words = other.words()
        copied = words == self._words and (bool(words) or other.text == self.entry.text)
        text = 1.0 if copied else text_likeness(self._grams, grams(words))
        if text < (CLOSE_TEXT if place.close else AREA_TEXT):
            return None
        score = 0.75 * text + 0.2 * place.closeness + 0.05 * (1 - apart / FAR_APART_MS)
        why = ("same_text" if copied else "similar_text", place.reason)
        return Likeness(other.record, round(score, 6), why)


def text_likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How alike two sets of character runs are: half what they share of all, half of the shorter.

    The second half finds the short complaint in the long one about the same.
    """
    if not one or not other:
        return 0.0
    both = len(one & other)
    return 0.5 * both / (len(one) + len(other) - both) + 0.5 * both / min(len(one), len(other))


def _place(one: Entry, other: Entry) -> _Place | None:
    """The nearest way in which two are in one place; None when they are not."""
    if one.place and one.place == other.place:
        return _Place(1.0, "same_place", True)
    alike = same_street(one.street, other.street)
    if alike and one.street.house and one.street.house == other.street.house:
        return _Place(1.0, "same_house", True)
    if one.position is not None and other.position is not None:
        far = distance_m(one.position, other.position)
        if far <= NEAR_M:
            return _Place(1 - far / NEAR_M / 2, "near", True)
    if alike:
        return _Place(0.5, "same_street", True)
    if one.area == other.area:
        return _Place(0.25, "same_district" if one.area else "no_place", False)
    return None
