"""A resident's appeals: filing them, going on with them, and reading how they stand."""

from __future__ import annotations

from typing import Final

from client.services.appeal_view import just_filed, reason_name
from client.services.authoring import save
from client.services.errors import TooLate, UnknownRecord, record_id
from client.services.replica import Replica
from client.services.types import AppealView, Refusal
from shared_schema.ids import queue_scope
from shared_schema.records.appeal import Amended, Commented, Opened, Payload, Withdrawn
from shared_schema.records.kinds import BY_NUMBER

URGENCY: Final = {
    "danger": 2,
    "shelter": 2,
    "water": 1,
    "power": 1,
    "heat": 1,
    "health": 1,
}
"""By category; what is not here is routine (0)."""


class Appeals:
    """What a resident does with appeals. Everything is saved durably before it is returned."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._scope = queue_scope(replica.card.main_queue)

    def file(self, opened: Opened) -> AppealView:
        """Open a new appeal to the city's main queue."""
        urgency = URGENCY.get(opened.category, 0)
        change = save(self._replica, opened, scope=self._scope, urgency=urgency)
        return just_filed(opened, change)

    def amend(self, record: str | bytes, amended: Amended) -> AppealView:
        """Give an own appeal a new wording.

        Raises:
            TooLate: the desk has registered it, or it was withdrawn.
        """
        view = self._own(record)
        if view.withdrawn or view.number:
            raise TooLate(view.record)
        return self._say(record, amended)

    def withdraw(self, record: str | bytes, note: str = "") -> AppealView:
        """Take an own appeal back.

        Raises:
            TooLate: it was withdrawn before.
        """
        view = self._own(record)
        if view.withdrawn:
            raise TooLate(view.record)
        return self._say(record, Withdrawn(note))

    def comment(self, record: str | bytes, text: str) -> AppealView:
        """Add to an own appeal."""
        self._own(record)
        return self._say(record, Commented(text))

    def list(self) -> list[AppealView]:
        """Own appeals: those still waiting here first, then newest first."""
        return self._replica.threads.own()

    def get(self, record: str | bytes) -> AppealView:
        """One own appeal.

        Raises:
            UnknownRecord: there is none.
        """
        return self._own(record)

    def refusals(self) -> tuple[Refusal, ...]:
        """Own changes that the city refused, with their texts: nothing is dropped silently."""
        return tuple(
            Refusal(
                kept.change.record.hex(),
                BY_NUMBER[kept.change.kind, kept.change.kind_version].name,
                reason_name(kept.reason),
                _text(payload),
            )
            for kept, payload in self._replica.threads.refused()
            if payload is not None
        )

    def _own(self, record: str | bytes) -> AppealView:
        view = self._replica.threads.get(record_id(record))
        if view is None or not view.mine:
            raise UnknownRecord(str(record))
        return view

    def _say(self, record: str | bytes, payload: Payload) -> AppealView:
        raw = record_id(record)
        view = self._own(record)
        save(
            self._replica,
            payload,
            scope=self._scope,
            record=raw,
            urgency=URGENCY.get(view.category, 0),
        )
        return self._own(record)


def _text(payload: Payload) -> str:
    if isinstance(payload, Opened | Amended):
        return f"{payload.title}\n\n{payload.text}"
    return str(getattr(payload, "text", getattr(payload, "note", "")))
