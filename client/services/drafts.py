"""Drafts: what somebody is about to say, saved while they type, sealed like all that is private."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final, Literal

import msgspec

from client.services.notes import Notes
from shared_schema.records.appeal import AppealKind, Lane, Position

Purpose = Literal["new", "amend", "again"]
PREFIX: Final = "draft/"


class Draft(msgspec.Struct, frozen=True):
    """An appeal that is being written. `about` is the record it amends or says again."""

    id: str
    lane: Lane = "signal"
    kind: AppealKind = "application"
    texts: dict[str, str] = msgspec.field(default_factory=dict)
    position: Position | None = None
    place: str = ""
    purpose: Purpose = "new"
    about: str = ""
    changed_at_ms: int = 0

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it that anybody would miss."""
        return not any(text.strip() for text in self.texts.values())


class Drafts:
    """The drafts of one device, the one changed last first."""

    def __init__(self, notes: Notes, clock: Callable[[], int]) -> None:
        self._notes = notes
        self._clock = clock

    def put(self, draft: Draft) -> Draft:
        """Save a draft durably, as changed now. A blank one is forgotten instead."""
        if draft.blank:
            self._notes.forget(PREFIX + draft.id)
            return draft
        saved = msgspec.structs.replace(draft, changed_at_ms=self._clock())
        self._notes.put(PREFIX + saved.id, saved)
        return saved

    def list(self) -> list[Draft]:
        """All drafts."""
        drafts = self._notes.all(PREFIX, Draft).values()
        return sorted(drafts, key=lambda draft: draft.changed_at_ms, reverse=True)

    def forget(self, draft_id: str) -> None:
        """Throw a draft away."""
        self._notes.forget(PREFIX + draft_id)


def new_draft_id() -> str:
    """A name for a draft that tells nothing."""
    return os.urandom(8).hex()
