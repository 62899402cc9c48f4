"""The desk's work on its queues: reading what has come, registering it, answering.

The desk opens appeals in memory only. Which texts are the desk's is decided by the grants of the
trust scope, on every replica alike.
"""

from __future__ import annotations

from client.services.appeal_view import receipt_number
from client.services.authoring import save
from client.services.errors import NotAllowed, UnknownRecord, record_id
from client.services.replica import Replica
from client.services.threads import Kept
from client.services.types import AppealView
from shared_schema.records.appeal import Payload, Registered, Replied, Status, StatusSet


class Desk:
    """What a desk does. Everything is saved durably before it is returned."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def queue(self, limit: int = 50, offset: int = 0) -> list[AppealView]:
        """Appeals of this desk's queues, the newest first; only these are opened.

        Raises:
            NotAllowed: this device is no desk.
        """
        scopes = [self._replica.scopes.id_of[name] for name in self._queues()]
        return self._replica.threads.queue(frozenset(scopes), limit, offset)

    def get(self, record: str | bytes) -> AppealView:
        """One appeal.

        Raises:
            UnknownRecord: it has not come yet, or this desk has no key for it.
        """
        view = self._replica.threads.get(record_id(record))
        if view is None:
            raise UnknownRecord(str(record))
        return view

    def register(
        self, record: str | bytes, number: str | None = None, note: str = ""
    ) -> AppealView:
        """Enter an appeal in the journal; without a number it gets that of its receipt."""
        opening = self._opening(record)
        scope = self._replica.scopes.name_of[opening.change.scope]
        default = receipt_number(self._replica.card, scope, opening.version)
        return self._say(record, Registered(number or default, note))

    def set_status(self, record: str | bytes, status: Status, note: str = "") -> AppealView:
        """Say where the matter stands."""
        return self._say(record, StatusSet(status, note))

    def reply(self, record: str | bytes, text: str) -> AppealView:
        """Write to the author."""
        return self._say(record, Replied(text))

    def _queues(self) -> list[str]:
        names = sorted(scope for role, scope in self._replica.roles() if role == "desk")
        if not names:
            raise NotAllowed("desk")
        return names

    def _opening(self, record: str | bytes) -> Kept:
        opening = self._replica.threads.opening(record_id(record))
        if opening is None:
            raise UnknownRecord(str(record))
        return opening

    def _say(self, record: str | bytes, payload: Payload) -> AppealView:
        opening = self._opening(record).change
        scope = self._replica.scopes.name_of[opening.scope]
        if scope not in self._queues():
            raise NotAllowed("desk")
        raw = record_id(record)
        save(self._replica, payload, scope=scope, record=raw, urgency=opening.urgency)
        return self.get(raw)
