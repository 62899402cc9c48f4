"""The device that a slip is: a replica in memory alone, for as long as somebody looks at it.

A slip's appeal is the appeal of a device like any other, so all that a device can do is done by the
same code as ever: filing, folding, checking receipts. Only where its log lies differs: in memory,
filled from the request that a courier carries and from the city's reply to it, and gone on leaving.

What goes out is always the slip's whole log: a request that knows of nothing but itself can be read
by whoever has the words, on a device that has never heard of the slip.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple

from client.keys.vault import SECRET_BYTES, DeviceSecrets
from client.services.appeals import Appeals
from client.services.courier.late import apply_reply
from client.services.exchange import Transport
from client.services.replica import Replica
from client.services.types import AppealView
from client.storage import feeds, outbox
from client.storage.db import MemoryStore
from client.storage.log import (
    ME,
    Pulled,
    State,
    append_own,
    append_pulled,
    author_number,
    known_rows,
)
from shared_schema.crypto.slip import SlipSecrets
from shared_schema.errors import ProtocolError
from shared_schema.ids import MAIL, OWN, TRUST, feed_id
from shared_schema.limits import SLIP_BUDGET_BYTES
from shared_schema.sync.bundle import Want
from shared_schema.sync.carried import read_carried
from shared_schema.sync.change import Change, decode
from shared_schema.sync.compose import compose_request
from shared_schema.sync.receive import Held, read_reply, read_request
from shared_schema.sync.run import Entry

_TRUST: Final = (
    "SELECT d.public_key, c.raw, c.version, c.received FROM changes c"
    f" JOIN devices d ON d.id = c.author WHERE c.scope = ? AND c.state <> {State.REFUSED:d}"
    " ORDER BY c.id"
)
_ANSWERED_MAX: Final = 4
"""Answered threads that are remembered: two that hold one slip may make more than one."""
_OWN: Final = (
    f"SELECT change_id, scope, seq, raw FROM changes WHERE author = {ME}"
    " ORDER BY scope, seq, change_id"
)


class Thread(NamedTuple):
    """A request of a slip, and the city's answer to it, if there is one."""

    request: bytes
    reply: bytes | None


class _BySlip(Appeals):
    """A slip's appeals: none of them was written on the device that shows them."""

    def list(self) -> list[AppealView]:
        return [replace(view, by_slip=True) for view in super().list()]

    def _own(self, record: str | bytes) -> AppealView:
        return replace(super()._own(record), by_slip=True)


class _Answered(NamedTuple):
    """A thread that the city has answered: when, which changes it has, how many came with it."""

    thread: Thread
    time_ms: int
    ids: frozenset[bytes]
    brought: int

    def covers(self, other: _Answered) -> bool:
        """Whether it says all that the other one says, and says it no earlier."""
        later = self.time_ms >= other.time_ms
        return later and self.ids >= other.ids and self.brought >= other.brought


class SlipDevice:
    """A slip's device, made on a host device of its city. A context manager: leaving forgets it."""

    def __init__(self, host: Replica, secrets: SlipSecrets) -> None:
        self.secrets = secrets
        own = DeviceSecrets(secrets.signing_seed, secrets.device_secret, os.urandom(SECRET_BYTES))
        store = MemoryStore.fresh()
        self._replica = Replica(Path(os.devnull), host.card, own, store, host.clock)
        self._replica.begin()
        self._host = host
        self._answered: list[_Answered] = []
        """Oldest first; what a later one says as well is gone."""
        self._last: bytes | None = None
        """The request that had all that was said, when it was taken or composed."""
        self._learn_trust()
        self.appeals: Appeals = _BySlip(self._replica)

    @property
    def device(self) -> bytes:
        """Its id."""
        return self._replica.device

    def views(self) -> list[AppealView]:
        """What the slip's holder has said to the city, and how that stands."""
        return self.appeals.list()

    def request(self) -> bytes:
        """All that the slip has said, as a request that anybody may post, now or in weeks.

        It asks for the slip's whole mailbox, and for digests in full, so that a courier can check
        the reply, and a device that knows nothing of the slip can read it. As long as nothing is
        said anew it is the same bytes, so that couriers carry one request and not many.
        """
        own = self._replica.store.rows(_OWN)
        if self._last is None or read_carried(self._last).changes < len(own):
            signer = self._replica.signer
            entries = [
                Entry(0, 0, signer.public_key, signer.device, scope, seq, identity, raw)
                for identity, scope, seq, raw in own
            ]
            wants = self._wants()
            self._last = compose_request(signer, wants, entries, SLIP_BUDGET_BYTES).raw
        return self._last

    def question(self) -> bytes:
        """A request that offers nothing and asks for everything, its own words among it."""
        wants = [*self._wants(), Want(OWN)]
        return compose_request(self._replica.signer, wants, [], SLIP_BUDGET_BYTES).raw

    def take(self, request: bytes, reply: bytes | None = None) -> None:
        """Know what a request of this slip said, and what the city answered to it.

        In any order: an older reply takes nothing back, and may be to more words.

        Raises:
            ProtocolError: the request is another device's or damaged, or the reply no answer to it.
        """
        rows = self._said(request)
        if rows and len(set(rows)) == len(self._replica.store.rows(_OWN)):
            self._last = request
        if reply is None:
            return
        asked = read_carried(request)
        outgoing = asked.outgoing
        city = self._replica.card.city
        held = {
            want.feed: Held(feed_id(city, want.feed, self.device), b"") for want in outgoing.wants
        }
        answer = read_reply(reply, outgoing, held, self._replica.card.server_keys)
        own = [each.change for each in answer.arrivals if each.feed == OWN]
        self._put(change for change in own if change.device == self.device)
        # As whatever couriers bring: places beside a signed statement anybody may have written.
        apply_reply(self._replica, asked, answer)
        if rows:
            thread = Thread(request, reply)
            self._keep(_Answered(thread, answer.time_ms, asked.ids, len(answer.arrivals)))

    def _keep(self, new: _Answered) -> None:
        """An answer to fewer words may be newer than the one to all, and both are needed then.

        One that comes late takes the place of none that the city has given since.
        """
        if any(each.covers(new) for each in self._answered):
            return
        left = [each for each in self._answered if not new.covers(each)]
        self._answered = sorted([*left, new], key=lambda each: each.time_ms)[-_ANSWERED_MAX:]

    def look(self, transport: Transport) -> bool:
        """Ask the city for everything about this slip; returns whether there is anything.

        First what the slip itself has said, maybe on another phone, then, knowing that, what the
        city has to say to all of it.

        Raises:
            MistoError: the transport failed, or the reply does not verify. What was known stays.
        """
        question = self.question()
        self.take(question, transport.post(question))
        if not self.said:
            return False
        request = self.request()
        self.take(request, transport.post(request))
        return True

    @property
    def said(self) -> bool:
        """Whether anything of the slip is known here."""
        return bool(self._replica.store.rows(f"SELECT 1 FROM changes WHERE author = {ME} LIMIT 1"))

    @property
    def waiting(self) -> int:
        """How many changes of the slip have no verdict of the city yet."""
        with self._replica.store.holding() as connection:
            return outbox.count(connection, State.PENDING)

    def threads(self) -> list[Thread]:
        """The least that one needs to know all this again, in the order to take it: mostly one.

        What the city answered last, and all that was said, where something was said since.
        """
        answered = [each.thread for each in self._answered]
        known = {change for each in self._answered for change in each.ids}
        fresh = any(row[0] not in known for row in self._replica.store.rows(_OWN))
        return [*answered, Thread(self.request(), None)] if fresh or not answered else answered

    def close(self) -> None:
        """Forget everything."""
        self._replica.close()

    def __enter__(self) -> SlipDevice:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _said(self, request: bytes) -> list[int]:
        """Put a request's changes into the log; returns the rows of all of them, in its order."""
        incoming = read_request(request)
        changes = [self._own(each.change) for run in incoming.runs for each in run.offered]
        if incoming.request.sender != self.device:
            raise ProtocolError("another device's request")
        known = self._put(changes)
        return [known[change.id] for change in changes]

    def _put(self, changes: Iterable[Change]) -> dict[bytes, int]:
        """Put own changes into the log where they are not yet; returns the rows of all of them."""
        own = list(changes)
        with self._replica.store.writing() as connection:
            known = known_rows(connection, [change.id for change in own])
            for change in own:
                if change.id not in known:
                    known[change.id] = append_own(connection, change)
        return known

    def _wants(self) -> list[Want]:
        with self._host.store.holding() as connection:
            trust = feeds.load(connection)[TRUST].cursor
        return [Want(TRUST, trust.top, list(trust.gaps), 0, True), Want(MAIL, 0, [], 0, True)]

    def _own(self, change: Change | None) -> Change:
        if change is None or change.device != self.device:
            raise ProtocolError("a change that is not the slip's")
        return change

    def _learn_trust(self) -> None:
        """Know who the desk is, and its key in force, as well as the host does."""
        scope = self._replica.scopes.id_of[TRUST]
        rows = self._host.store.rows(_TRUST, (scope,))
        heard = [(key, decode(raw), version, received) for key, raw, version, received in rows]
        with self._replica.store.writing() as connection:
            known = known_rows(connection, [change.id for _, change, _, _ in heard])
            append_pulled(
                connection,
                [
                    Pulled(author_number(connection, key), change, version, received)
                    for key, change, version, received in heard
                    if change.id not in known
                ],
            )
        self._replica.forget_grants()
