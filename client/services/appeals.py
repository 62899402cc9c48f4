"""A resident's appeals: filing them, going on with them, and reading how they stand."""

from __future__ import annotations

from typing import Final

from client.services.appeal_view import just_filed, reason_name
from client.services.authoring import save
from client.services.drafts import Drafts
from client.services.errors import TooEarly, TooLate, UnknownRecord, record_id
from client.services.receipts import KeptReceipt, receipt_of
from client.services.replica import Replica
from client.services.types import AppealView, Refusal
from shared_schema.ids import queue_scope
from shared_schema.records.appeal import (
    URGENCY,
    Amended,
    Commented,
    Opened,
    Payload,
    Rated,
    Withdrawn,
)
from shared_schema.records.kinds import BY_NUMBER

_ANSWERED: Final = ("answered", "returned", "closed")


class Appeals:
    """What a resident does with appeals. Everything is saved durably before it is returned."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._scope = queue_scope(replica.card.main_queue)

    def file(self, opened: Opened, draft: str = "") -> AppealView:
        """Open a new appeal to the city's main queue; its draft ends in the same commit."""
        urgency = URGENCY.get(opened.category, 0)
        with self._replica.store.writing() as connection:
            change = save(self._replica, opened, scope=self._scope, urgency=urgency)
            Drafts.end(connection, draft)
        return just_filed(opened, change)

    def amend(self, record: str | bytes, amended: Amended, draft: str = "") -> AppealView:
        """Give an own appeal a new wording; its draft ends in the same commit.

        Raises:
            TooLate: the desk has registered it, it was withdrawn, or the city has refused it.
        """
        view = self._own(record)
        if not view.amendable:
            raise TooLate(view.record)
        with self._replica.store.writing() as connection:
            self._save(view, amended)
            Drafts.end(connection, draft)
        return self._own(record)

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

    def rate(self, record: str | bytes, stars: int, note: str = "") -> AppealView:
        """Say what the answer was worth, 1 to 5; a later rating replaces it.

        Raises:
            TooEarly: the city has not answered yet.
        """
        view = self._own(record)
        if view.status not in _ANSWERED and not any(line.by_desk for line in view.said):
            raise TooEarly(view.record)
        return self._say(record, Rated(stars, note))

    def list(self) -> list[AppealView]:
        """Own appeals: those still waiting here first, then newest first."""
        return self._replica.threads.own()

    def get(self, record: str | bytes) -> AppealView:
        """One own appeal.

        Raises:
            UnknownRecord: there is none.
        """
        return self._own(record)

    def receipt(self, record: str) -> KeptReceipt | None:
        """The city's receipt for an own appeal, checked anew; None while there is none."""
        return receipt_of(self._replica, record)

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
        self._save(self._own(record), payload)
        return self._own(record)

    def _save(self, view: AppealView, payload: Payload) -> None:
        save(
            self._replica,
            payload,
            scope=self._scope,
            record=record_id(view.record),
            urgency=URGENCY.get(view.category, 0),
        )


def _text(payload: Payload) -> str:
    if isinstance(payload, Opened | Amended):
        return f"{payload.title}\n\n{payload.text}"
    return str(getattr(payload, "text", getattr(payload, "note", "")))
