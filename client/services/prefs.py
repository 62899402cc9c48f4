"""What this person has chosen, and what they have seen: sealed notes, because both tell much."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from client.services.notes import Notes
from shared_schema.limits import NEWS_BUDGET_BYTES_DEFAULT, NEWS_BUDGET_BYTES_MIN

Theme = Literal["system", "light", "dark"]
DataUse = Literal["all", "lean"]
TEXT_PERCENTS: Final = (100, 125, 150, 175, 200)
LEAN_BYTES: Final = 64 * 1024
"""What a sparing exchange brings at most: the most urgent first, the rest next time."""
_PREFS: Final = "prefs"
_SEEN: Final = "seen"


class Preferences(msgspec.Struct, frozen=True, omit_defaults=True):
    """The choices of one person on one device; what is not said yet has the city's default."""

    language: str = ""
    text_percent: Annotated[int, msgspec.Meta(ge=100, le=200)] = 100
    theme: Theme = "system"
    contrast: bool = False
    district: str = ""
    address: str = ""
    queues: dict[str, str] = msgspec.field(default_factory=dict)
    """The queue by utility, where it was chosen by hand and not found by address."""
    data_use: DataUse = "all"
    news_budget_bytes: Annotated[int, msgspec.Meta(ge=NEWS_BUDGET_BYTES_MIN)] = (
        NEWS_BUDGET_BYTES_DEFAULT
    )


class Seen(msgspec.Struct, frozen=True):
    """How many of the city's words in each own thread were on the screen, by record."""

    words: dict[str, int] = msgspec.field(default_factory=dict)


class Prefs:
    """Reading and writing them. Every change is saved at once: there is no "apply"."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def get(self) -> Preferences:
        """The choices so far."""
        return self._notes.get(_PREFS, Preferences) or Preferences()

    def put(self, preferences: Preferences) -> None:
        """Replace the choices."""
        self._notes.put(_PREFS, preferences)

    def seen(self) -> dict[str, int]:
        """How many of the city's words were seen, by record."""
        return dict((self._notes.get(_SEEN, Seen) or Seen()).words)

    def mark_seen(self, record: str, words: int) -> dict[str, int]:
        """Note that so many were seen; returns all marks."""
        seen = self.seen()
        if seen.get(record, 0) < words:
            seen[record] = words
            self._notes.put(_SEEN, Seen(seen))
        return seen
