"""A device with a modified app: it says what it may not say, and says two things as one number.

It holds even a stolen thread key, so that nothing but the judges keep its words out. Nobody grants
it anything. Whatever it signs bears `LIE`, and no honest screen may ever show that, except in the
appeals that it files in its own name, as anybody may.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple

import msgspec

from client.services.replica import Clock
from misto.simulation.device import Device
from misto.simulation.network import Network
from shared_schema.crypto.card import Card
from shared_schema.crypto.sealing import new_queue_secret, seal_later, seal_opening
from shared_schema.crypto.signing import Signer
from shared_schema.errors import MistoError
from shared_schema.ids import NEWS, TRUST, queue_scope, scope_id
from shared_schema.records.appeal import Commented, Opened, Replied
from shared_schema.records.kinds import BY_PAYLOAD, encode_payload
from shared_schema.records.news import Published
from shared_schema.records.trust import Granted
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, decode, finish, header_of
from shared_schema.sync.compose import Outgoing, compose_request
from shared_schema.sync.hlc import next_time
from shared_schema.sync.receive import Settled, read_reply
from shared_schema.sync.run import Entry
from shared_schema.sync.statement import Status

LIE: Final = "Неправда"
_REPLAYED: Final = 3
Seal = Callable[[bytes, bytes], bytes]


class Said(NamedTuple):
    """A change of the rascal's, and whether a right server refuses it."""

    change: Change
    forbidden: bool


class Rascal:
    """See above; it keeps nothing on disk."""

    name: Final = "rascal"

    def __init__(self, card: Card, network: Network, clock: Clock, dice: Random) -> None:
        """Join the city as anybody can: with the card alone."""
        self.signer = Signer.generate()[0]
        self.said: list[Said] = []
        self.forks: list[tuple[bytes, bytes]] = []
        """Pairs of changes with one seq."""
        self.verdicts: dict[bytes, set[Settled]] = defaultdict(set)
        """Every final verdict that the server ever signed about a change, by id."""
        self._card = card
        self._network = network
        self._clock = clock
        self._dice = dice
        self._secret = new_queue_secret()
        self._queue = queue_scope(card.main_queue)
        self._seqs: dict[str, int] = defaultdict(int)

    def misbehave(self, victim: Device) -> str:
        """Say something new, and some of the old again."""
        what = self._dice.randrange(5)
        lie = f"{LIE} {len(self.said)}"
        if what == 0:
            self._say(Published(lie, lie, priority="urgent"), NEWS)
        elif what == 1:
            key = self.signer.public_key.hex()
            self._say(Granted(key, "newsroom", NEWS, lie), TRUST)
        elif what == 2:
            self._fork(lie)
        else:
            self._intrude(victim, Replied(lie) if what == 3 else Commented(lie))
        return f"{what} {self.insist(_REPLAYED)}"

    def insist(self, count: int = 0) -> str:
        """Offer again what was said last, all of it by default, each in a bundle of its own."""
        ends = [self._offer(said.change) for said in self.said[-count:]]
        return " ".join(ends)

    def _fork(self, lie: str) -> None:
        """Two appeals with one seq: a cloned device. Both are authentic, both count."""
        first, second = (self._open(f"{lie}, {which}") for which in ("так", "ні"))
        self._seqs[self._queue] += 1
        self.forks.append((first.id, second.id))

    def _open(self, title: str) -> Change:
        queue = self._card.facts.queues[self._card.main_queue]
        return self._make(
            Opened("signal", "", title, title),
            (self._queue, None, self._seqs[self._queue] + 1),
            lambda header, packed: seal_opening(self._secret, (queue,), header, packed),
            forbidden=False,
        )

    def _intrude(self, victim: Device, payload: Replied | Commented) -> None:
        """Speak in another's thread, with its true key.

        A comment in a thread that the server does not know yet is kept for what may come; the
        readers refuse it. A reply takes a role, whatever the thread.
        """
        rows = victim.replica.store.rows(
            "SELECT raw FROM changes WHERE author = 1 AND record IS NULL AND kind_version = 1"
            " ORDER BY id LIMIT 1"
        )
        if not rows:
            return
        opening = decode(rows[0][0])
        thread_key = victim.replica.thread_keys.of(opening)
        self._seqs[self._queue] += 1
        self._make(
            payload,
            (self._queue, opening.record, self._seqs[self._queue]),
            lambda header, packed: seal_later(thread_key, header, packed),
            forbidden=isinstance(payload, Replied),
        )

    def _say(self, payload: Published | Granted, scope: str) -> None:
        self._seqs[scope] += 1
        self._make(payload, (scope, None, self._seqs[scope]), lambda _, packed: packed, True)

    def _make(
        self,
        payload: msgspec.Struct,
        where: tuple[str, bytes | None, int],
        seal: Seal,
        forbidden: bool,
    ) -> Change:
        scope, record, seq = where
        kind = BY_PAYLOAD[type(payload)]
        place = Place(
            scope_id(self._card.city, scope), seq, bytes([seq % 256]) * len(NO_PREV),
            next_time(0, self._clock()),
        )  # fmt: skip
        if seq == 1:
            place = place._replace(prev=NO_PREV)
        draft = Draft(kind.number, kind.version, record, kind.sealed)
        header = header_of(self.signer.device, place, draft)
        body = seal(header, encode_payload(payload, sealed=kind.sealed))
        change = finish(self.signer, header, body)
        self.said.append(Said(change, forbidden))
        return change

    def _offer(self, change: Change) -> str:
        asked = self._request(change)
        try:
            answer = read_reply(
                self._network.post(self.name, asked.raw), asked, {}, self._card.server_keys
            )
        except MistoError as error:
            return error.code
        for settled in answer.settled:
            if settled.status != Status.DEFERRED:
                self.verdicts[settled.id].add(settled)
        return ",".join(f"{each.status}/{each.reason}" for each in answer.settled)

    def _request(self, change: Change) -> Outgoing:
        key, device = self.signer.public_key, self.signer.device
        place = (device, change.scope, change.seq, change.id, change.raw)
        return compose_request(self.signer, (), [Entry(0, 0, key, *place)])
