"""What every draft has in common: saved while it is typed, sealed, the one changed last first."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

import msgspec

from client.services.notes import Notes


class SealedDraft(msgspec.Struct, frozen=True):
    """Words that are being written, by the field they are in."""

    id: str
    texts: dict[str, str] = msgspec.field(default_factory=dict)
    changed_at_ms: int = 0

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it that anybody would miss."""
        return not any(text.strip() for text in self.texts.values())


D = TypeVar("D", bound=SealedDraft)


class SealedDrafts(Generic[D]):
    """The drafts of one sort on one device; their names begin with `prefix`."""

    prefix: ClassVar[str]
    sort: type[D]

    def __init__(self, notes: Notes, clock: Callable[[], int]) -> None:
        self._notes = notes
        self._clock = clock

    def put(self, draft: D) -> D:
        """Save a draft durably, as changed now. A blank one is forgotten instead."""
        if draft.blank:
            self.forget(draft.id)
            return draft
        saved = msgspec.structs.replace(draft, changed_at_ms=self._clock())
        self._notes.put(self.prefix + saved.id, saved)
        return saved

    def list(self) -> list[D]:
        """All drafts."""
        drafts = self._notes.all(self.prefix, self.sort).values()
        return sorted(drafts, key=lambda draft: draft.changed_at_ms, reverse=True)

    def forget(self, draft_id: str) -> None:
        """Throw a draft away."""
        self._notes.forget(self.prefix + draft_id)

    @classmethod
    def end(cls, connection: sqlite3.Connection, draft_id: str) -> None:
        """End a draft in the commit in which it is said; without an id there is none."""
        if draft_id:
            name = cls.prefix + draft_id
            connection.execute("DELETE FROM sealed_notes WHERE name = ?", (name,))


def new_draft_id() -> str:
    """A name for a draft that tells nothing."""
    return os.urandom(8).hex()
