"""One exchange: offer what waits, take what is missing, until there is nothing of either.

A reply that is lost, late or wrong changes nothing here: the same changes are offered again, with
the same bytes, and the server answers for each what it answered before.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Protocol

from client.services.applying import Applied, apply
from client.services.asking import Asked, Terms, compose, missing
from client.services.collecting import without_collecting
from client.services.news import News
from client.services.replica import Replica
from client.services.types import ExchangeResult, SyncState
from client.storage import outbox, settings
from client.storage.log import State
from shared_schema.sync.receive import Answer, DigestMismatch, read_reply

ROUNDS_MAX: Final = 64


class Transport(Protocol):
    """Carries a bundle to the server and brings the answer."""

    def post(self, raw: bytes) -> bytes:
        """The reply to a request; raises an error with a code when there is none."""


@dataclass(slots=True)
class _Tally:
    """What the rounds of one exchange add up to."""

    pushed: int = 0
    settled: Counter[State] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)
    pulled: int = 0
    forged: int = 0
    rounds: int = 0
    body_up: int = 0
    body_down: int = 0

    def add(self, asked: Asked, answer: Answer, applied: Applied) -> None:
        self.pushed += len(asked.rows)
        self.settled.update(applied.settled)
        self.refused += applied.refused
        self.pulled += applied.arrived
        self.forged += answer.forged


class Exchange:
    """Exchanges between one replica and one server."""

    def __init__(
        self,
        replica: Replica,
        transport: Transport,
        *,
        news_max: int = 0,
        rounds_max: int = ROUNDS_MAX,
    ) -> None:
        self.replica = replica
        self.transport = transport
        self._news_max = news_max
        self._rounds_max = rounds_max

    def once(
        self, budget: int = 0, *, index: bool = True, rounds: int | None = None
    ) -> ExchangeResult:
        """Exchange until nothing waits and nothing is missing, or nothing moves any more.

        Args:
            budget: bytes of changes in either direction per round trip; 0 for the defaults.
            index: fill the news search index at the end, in a transaction of its own.
            rounds: round trips at most; the replica's own limit when None.

        Raises:
            MistoError: the transport failed, or the reply does not verify. What earlier rounds
            brought is durable.
        """
        with self.replica.exchanging:
            before = self._carried()
            tally = _Tally()
            terms = Terms(budget, self._news_max)
            complete = False
            rounds_max = self._rounds_max if rounds is None else rounds
            with self.replica.store.checkpoints_later():
                while not complete and tally.rounds < rounds_max:
                    applied = self._round(terms, tally)
                    complete = self._complete()
                    if not applied.moved:
                        break
            if index:
                News(self.replica).index_pending()
            return self._result(tally, before, complete)

    @property
    def rough(self) -> bool:
        """Whether the link has been breaking lately, as far as the transport can tell."""
        return bool(getattr(self.transport, "rough", False))

    def state(self) -> SyncState:
        """How this replica stands towards the city; `running` and errors are the scheduler's."""
        with self.replica.store.holding() as connection:
            return SyncState(
                settings.number(connection, settings.LAST_SUCCESS_MS),
                outbox.count(connection, State.PENDING),
                outbox.count(connection, State.REFUSED),
                server=getattr(self.transport, "address", self.replica.server),
                bytes_up=getattr(self.transport, "bytes_up", 0),
                bytes_down=getattr(self.transport, "bytes_down", 0),
            )

    def _round(self, terms: Terms, tally: _Tally) -> Applied:
        with without_collecting():
            return self._round_trip(terms, tally)

    def _round_trip(self, terms: Terms, tally: _Tally) -> Applied:
        try:
            asked, answer = self._ask(terms, tally, explain=False)
        except DigestMismatch:
            # Our digest of some feed is not the server's: ask for theirs, to see which.
            asked, answer = self._ask(terms, tally, explain=True)
        applied = apply(self.replica, asked, answer)
        tally.add(asked, answer, applied)
        return applied

    def _ask(self, terms: Terms, tally: _Tally, *, explain: bool) -> tuple[Asked, Answer]:
        asked = compose(self.replica, terms, explain)
        tally.rounds += 1
        tally.body_up += len(asked.outgoing.raw)
        raw = self.transport.post(asked.outgoing.raw)
        tally.body_down += len(raw)
        keys = self.replica.card.server_keys
        return asked, read_reply(raw, asked.outgoing, asked.held, keys)

    def _complete(self) -> bool:
        names = self.replica.followed()
        with self.replica.store.holding() as connection:
            waiting = outbox.count(connection, State.PENDING)
            return not waiting and not missing(connection, names)

    def _carried(self) -> tuple[int, int] | None:
        """What the transport has carried so far with all headers, if it counts."""
        up, down = (getattr(self.transport, f"bytes_{way}", None) for way in ("up", "down"))
        return None if up is None or down is None else (up, down)

    def _result(
        self, tally: _Tally, before: tuple[int, int] | None, complete: bool
    ) -> ExchangeResult:
        after = self._carried()
        up, down = tally.body_up, tally.body_down
        if before and after:
            up, down = after[0] - before[0], after[1] - before[1]
        return ExchangeResult(
            pushed=tally.pushed,
            accepted=tally.settled[State.ACCEPTED],
            refused=tuple(tally.refused),
            held=tally.settled[State.HELD],
            pulled=tally.pulled,
            forged=tally.forged,
            bytes_up=up,
            bytes_down=down,
            round_trips=tally.rounds,
            complete=complete,
        )
