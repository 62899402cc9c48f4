"""Exchanges as a person's phone makes them: as sparing as they chose, and tidy afterwards."""

from __future__ import annotations

from typing import Final, NamedTuple

from client.services.courier.courier import Courier
from client.services.courier.metered import CarryTransport
from client.services.courier.pace import Turn
from client.services.exchange import ROUNDS_MAX, Exchange
from client.services.own import Own
from client.services.prefs import LEAN_BYTES, Prefs
from client.services.types import ExchangeResult, SyncState

CARRIED_RESERVE_BYTES: Final = LEAN_BYTES // 4
"""What a sparing exchange leaves for others' words that have not reached the city: an appeal for
help must not wait until all old news are here."""


class Carrying(NamedTuple):
    """What is carried for others, and the way it goes."""

    courier: Courier
    transport: CarryTransport


class PacedExchange:
    """What the scheduler drives in the app."""

    def __init__(
        self, exchange: Exchange, prefs: Prefs, own: Own, carrying: Carrying | None = None
    ) -> None:
        """`carrying` goes after what is one's own, as far as it is due."""
        self._exchange = exchange
        self._carrying = carrying
        self._prefs = prefs
        self._own = own

    def once(self) -> ExchangeResult:
        """One exchange; where the person chose sparing ones, at most LEAN_BYTES each way in all.

        One's own goes first, and then what is carried, in the bytes that are left. One's own is
        sparing, a single round trip, also on a link that has been breaking lately; what is carried
        then goes in small steps by itself. The most urgent comes first in both, so what is left for
        the next time is the least urgent. Afterwards old news leave when they have outgrown their
        budget.
        """
        chosen = self._prefs.get().data_use == "lean"
        lean = chosen or self._exchange.rough
        budget, rounds = (self._lean_budget(), 1) if lean else (0, ROUNDS_MAX)
        result = self._exchange.once(budget, rounds=rounds)
        if result.pulled:
            self._own.trim()
        if self._carrying is not None:
            used = max(result.bytes_up, result.bytes_down)
            room = max(LEAN_BYTES - used, 0) if chosen else None
            self._carrying.courier.deliver(self._carrying.transport, Turn(False, room))
        return result

    def _lean_budget(self) -> int:
        """Bytes of own changes, either way, of a sparing exchange."""
        waits = self._carrying is not None and self._carrying.courier.waits
        return LEAN_BYTES - CARRIED_RESERVE_BYTES if waits else LEAN_BYTES

    def state(self) -> SyncState:
        """How this replica stands towards the city."""
        return self._exchange.state()
