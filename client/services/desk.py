"""The desk's work on its queues: reading what has come, registering it, answering.

The desk opens appeals in memory only. Which texts are the desk's is decided by the grants of the
trust scope, on every replica alike.
"""

from __future__ import annotations

from typing import Any

import msgspec

from client.services.appeal_view import receipt_number
from client.services.authoring import save
from client.services.errors import NotAllowed, UnknownRecord, record_id
from client.services.replica import Replica
from client.services.threads import Kept, Threads
from client.services.types import AppealView
from shared_schema.ids import queue_scope
from shared_schema.records.appeal import (
    Extended,
    Forwarded,
    Payload,
    Registered,
    Replied,
    Status,
    StatusSet,
)
from shared_schema.records.desk import Assigned, JournalCard, Merged, Noted, fold_card

CardPayload = Assigned | Noted | Merged


class Desk:
    """What a desk does. Everything is saved durably before it is returned."""

    def __init__(self, replica: Replica, threads: Threads | None = None) -> None:
        """Args: threads: in place of the replica's, which hold all that has come in memory."""
        self._replica = replica
        self._threads = threads or replica.threads

    def queue(self, limit: int = 50, offset: int = 0) -> list[AppealView]:
        """Appeals of this desk's queues, the newest first; only these are opened.

        Raises:
            NotAllowed: this device is no desk.
        """
        scopes = [self._replica.scopes.id_of[name] for name in self._queues()]
        return self._threads.queue(frozenset(scopes), limit, offset)

    def get(self, record: str | bytes) -> AppealView:
        """One appeal.

        Raises:
            UnknownRecord: it has not come yet, or this desk has no key for it.
        """
        view = self._threads.get(record_id(record))
        if view is None:
            raise UnknownRecord(str(record))
        return view

    def card(self, record: str | bytes) -> JournalCard:
        """The journal card of an appeal: what officers hold of it, conflicts included."""
        return fold_card(self._threads.acts(record_id(record)))

    def register(
        self, record: str | bytes, number: str | None = None, note: str = "", **more: Any
    ) -> AppealView:
        """Enter an appeal in the journal; without a number it gets that of its receipt.

        Args:
            more: further fields of `Registered`: classifier, marks, collective, privileged.
        """
        opening = self._opening(record)
        scope = self._replica.scopes.name_of[opening.change.scope]
        default = receipt_number(self._replica.card, scope, opening.version)
        default = default or self.get(record).receipt_number
        over = self.card(record).registration.over
        return self._say(record, Registered(number or default, note, over=over, **more))

    def set_status(self, record: str | bytes, status: Status, note: str = "") -> AppealView:
        """Say where the matter stands."""
        over = self.card(record).status.over
        return self._say(record, StatusSet(status, note, over))

    def extend(self, record: str | bytes, note: str = "") -> AppealView:
        """Make the term 45 days, and give the applicant notice of it (law 393/96-ВР, art. 20)."""
        return self._say(record, Extended(note))

    def assign(self, record: str | bytes, to: str) -> AppealView:
        """Say who takes care of it; nobody when empty. The author does not hear of it."""
        return self._say(record, Assigned(to, self.card(record).assignee.over))

    def note(self, record: str | bytes, text: str) -> AppealView:
        """A note among officers; the author has no key for it and never receives it."""
        return self._say(record, Noted(text))

    def merge(self, record: str | bytes, into: str) -> AppealView:
        """Say that an appeal is about the same matter as another one; an empty `into` undoes it.

        Nothing is deleted and nobody is forgotten: both stay, and the one that goes on keeps every
        supporter and the earliest date.

        Raises:
            UnknownRecord: there is no such other record, or it is this one.
        """
        if into:
            other = record_id(into)
            if other == record_id(record) or self._threads.opening(other) is None:
                raise UnknownRecord(into)
        return self._say(record, Merged(into, self.card(record).merged.over))

    def settle(self, record: str | bytes, field: str, head: str) -> AppealView:
        """Choose one of the rivals of a field: it is said again, over all that are known.

        Args:
            field: registration, status, assignee, merged or forwarded.
            head: the id (hex) of the act whose value is to hold.

        Raises:
            UnknownRecord: there is no such rival any more.
        """
        register = getattr(self.card(record), field)
        chosen = next((each for each in register.heads if each.id.hex() == head), None)
        if chosen is None:
            raise UnknownRecord(head)
        if field == "forwarded":
            said = Forwarded(chosen.value, self.get(record).receipt_number, "", register.over)
            return self._say(record, said, queue_scope(chosen.value))
        return self._say(record, _again(field, chosen.value, register.over))

    def forward(self, record: str | bytes, queue: str, note: str = "") -> AppealView:
        """Hand an appeal on to another queue, with notice to the applicant (393/96-ВР, art. 7).

        The thread's key is wrapped to that queue; its officers get all that has been said, and what
        is said from now on reaches both. Notes among officers stay here.

        Raises:
            UnknownRecord: there is no such queue, or it has the appeal already.
        """
        if queue not in self.forwardable(record):
            raise UnknownRecord(queue)
        view, over = self.get(record), self.card(record).forwarded.over
        said = Forwarded(queue, view.receipt_number, note, over)
        return self._say(record, said, queue_scope(queue))

    def forwardable(self, record: str | bytes) -> tuple[str, ...]:
        """The queues that an appeal could be handed on to."""
        now = self._holder(record)
        return tuple(name for name in self._replica.card.facts.queues if queue_scope(name) != now)

    def reply(self, record: str | bytes, text: str) -> AppealView:
        """Write to the author."""
        return self._say(record, Replied(text))

    def me(self) -> str:
        """How this desk's device is called in its grant, or the head of its id."""
        labels = self._replica.grants.labels
        return labels.get(self._replica.device, "") or self._replica.device.hex()[:8]

    def _queues(self) -> list[str]:
        names = sorted(scope for role, scope in self._replica.roles() if role == "desk")
        if not names:
            raise NotAllowed("desk")
        return names

    def _opening(self, record: str | bytes) -> Kept:
        opening = self._threads.opening(record_id(record))
        if opening is None:
            raise UnknownRecord(str(record))
        return opening

    def _holder(self, record: str | bytes) -> str:
        """The scope of the queue that has an appeal now."""
        queue = self.card(record).forwarded.value
        scope = self._opening(record).change.scope
        return queue_scope(queue) if queue else self._replica.scopes.name_of[scope]

    def _here(self, record: str | bytes) -> str:
        """The queue of this desk in which its acts are said: the one that has the appeal, or had.

        Raises:
            NotAllowed: none of this desk's queues holds it.
        """
        names = self._replica.scopes.name_of
        held = {names[scope] for scope in self._threads.holders(record_id(record))}
        mine = [name for name in self._queues() if name in held]
        if not mine:
            raise NotAllowed("desk")
        now = self._holder(record)
        return now if now in mine else mine[0]

    def _say(self, record: str | bytes, payload: Payload | CardPayload, to: str = "") -> AppealView:
        """Args: to: the scope of the queue that it is handed on to, in place of this desk's."""
        raw, urgency = record_id(record), self._opening(record).change.urgency
        here = self._here(record)
        save(self._replica, payload, scope=to or here, record=raw, urgency=urgency)
        return self.get(raw)


def _again(field: str, value: Any, over: list[str]) -> Payload | CardPayload:
    """The act that says a rival's value once more, over all heads."""
    if field == "assignee":
        return Assigned(value, over)
    if field == "merged":
        return Merged(value, over)
    said: Payload = msgspec.structs.replace(value, over=over)
    return said
