"""What the newsroom is about to say: saved while it is typed, sealed like all that is not said yet.

A newsroom's draft may tell of an evacuation hours before it is announced, so a found device must
not tell it. It is told from an appeal's draft by its name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

import msgspec

from client.services.notes import Notes
from shared_schema.records.news import Priority

PREFIX: Final = "news-draft/"


class NewsDraft(msgspec.Struct, frozen=True):
    """A news item that is being written. `about` is the record that it corrects, or empty."""

    id: str
    texts: dict[str, str] = msgspec.field(default_factory=dict)
    priority: Priority = "normal"
    about: str = ""
    changed_at_ms: int = 0

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it that anybody would miss."""
        return not any(text.strip() for text in self.texts.values())


class NewsDrafts:
    """The newsroom's drafts on one device, the one changed last first."""

    def __init__(self, notes: Notes, clock: Callable[[], int]) -> None:
        self._notes = notes
        self._clock = clock

    def put(self, draft: NewsDraft) -> NewsDraft:
        """Save a draft durably, as changed now. A blank one is forgotten instead."""
        if draft.blank:
            self._notes.forget(PREFIX + draft.id)
            return draft
        saved = msgspec.structs.replace(draft, changed_at_ms=self._clock())
        self._notes.put(PREFIX + saved.id, saved)
        return saved

    def list(self) -> list[NewsDraft]:
        """All drafts."""
        drafts = self._notes.all(PREFIX, NewsDraft).values()
        return sorted(drafts, key=lambda draft: draft.changed_at_ms, reverse=True)

    def forget(self, draft_id: str) -> None:
        """Throw a draft away: it was said, or is not to be."""
        self._notes.forget(PREFIX + draft_id)


def forget_draft(connection: sqlite3.Connection, draft_id: str) -> None:
    """End a draft in the commit in which it is said; without an id there is none."""
    if draft_id:
        connection.execute("DELETE FROM sealed_notes WHERE name = ?", (PREFIX + draft_id,))
