"""Exchanges as a person's phone makes them: as sparing as they chose, and tidy afterwards."""

from __future__ import annotations

from collections.abc import Callable

from client.services.exchange import ROUNDS_MAX, Exchange
from client.services.own import Own
from client.services.prefs import LEAN_BYTES, Prefs
from client.services.types import ExchangeResult, SyncState


class PacedExchange:
    """What the scheduler drives in the app."""

    def __init__(
        self,
        exchange: Exchange,
        prefs: Prefs,
        own: Own,
        deliver: Callable[[], object] = lambda: None,
    ) -> None:
        """`deliver` brings what is carried for others, after what is one's own."""
        self._exchange = exchange
        self._deliver = deliver
        self._prefs = prefs
        self._own = own

    def once(self) -> ExchangeResult:
        """One exchange; a sparing one is a single round trip of at most LEAN_BYTES each way.

        Sparing is what the person chose, or what a link asks for that has been breaking lately.

        The most urgent comes first, so what a sparing exchange leaves for the next one is the least
        urgent. Afterwards old news leave when they have outgrown their budget.
        """
        lean = self._prefs.get().data_use == "lean" or self._exchange.rough
        budget, rounds = (LEAN_BYTES, 1) if lean else (0, ROUNDS_MAX)
        result = self._exchange.once(budget, rounds=rounds)
        if result.pulled:
            self._own.trim()
        self._deliver()
        return result

    def state(self) -> SyncState:
        """How this replica stands towards the city."""
        return self._exchange.state()
