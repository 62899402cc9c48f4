"""When to exchange: at start, after each save, on resuming, and now and then while visible.

Failures back off exponentially with full jitter (the whole interval is random, so that a city's
phones do not all come back in the same second after a blackout). There is never more than one
exchange at a time, and each runs in a thread, because it works with the disk and waits for the
network.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from client.services.types import ExchangeResult, SyncState
from shared_schema.errors import MistoError

INTERNAL_ERROR: Final = "internal_error"
log = logging.getLogger("misto.exchange")


class Exchanges(Protocol):
    """What the scheduler drives; `services.exchange.Exchange` is one."""

    def once(self) -> ExchangeResult:
        """One exchange."""

    def state(self) -> SyncState:
        """How the replica stands."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, in seconds."""

    visible_s: float = 60.0
    """Between exchanges while somebody looks."""
    debounce_s: float = 0.3
    """After a save, so that several saves make one exchange."""
    backoff_first_s: float = 2.0
    backoff_max_s: float = 300.0


class ExchangeScheduler:
    """Runs exchanges in the background of an asyncio loop.

    `on_state` is called in the loop's thread whenever there is something new to say. `sleep` and
    `jitter` are given by tests.
    """

    def __init__(
        self,
        exchange: Exchanges,
        on_state: Callable[[SyncState], None],
        rhythm: Rhythm | None = None,
        *,
        jitter: Callable[[float], float] | None = None,
    ) -> None:
        self._exchange = exchange
        self._on_state = on_state
        self._rhythm = rhythm or Rhythm()
        self._jitter = jitter or (lambda longest: random.uniform(0.0, longest))
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._visible = True
        self._saved = False
        self._failures = 0
        self._last_error: str | None = None

    def start(self) -> None:
        """Begin with an exchange; idempotent. Must be called in the running loop."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """End; an exchange that runs in its thread is left to finish by itself."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def saved(self) -> None:
        """Something was saved: exchange soon."""
        self._saved = True
        self._wake.set()

    def resume(self) -> None:
        """The app is looked at again, or the network is back: exchange now, forget the backoff."""
        self._visible = True
        self._failures = 0
        self._wake.set()

    def pause(self) -> None:
        """Nobody looks: only saves and resuming lead to exchanges."""
        self._visible = False

    async def _run(self) -> None:
        while True:
            await self._once()
            await self._wait()

    async def _once(self) -> None:
        self._wake.clear()
        self._saved = False
        await self._tell(running=True)
        try:
            await asyncio.to_thread(self._exchange.once)
        except MistoError as error:
            self._fail(error.code)
        except Exception:  # the loop must survive whatever a device comes up with
            log.exception("exchange failed in a way nobody expected")
            self._fail(INTERNAL_ERROR)
        else:
            self._failures, self._last_error = 0, None
        await self._tell(running=False)

    async def _wait(self) -> None:
        """Until it is time again, or until somebody saves or looks: that is worth a try at once,
        also while backing off.
        """
        if self._failures:
            await self._sleep(self._backoff_s())
        else:
            await self._sleep(self._rhythm.visible_s if self._visible else None)
        if self._saved:
            await asyncio.sleep(self._rhythm.debounce_s)

    async def _sleep(self, seconds: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)

    def _backoff_s(self) -> float:
        longest = self._rhythm.backoff_first_s * 2.0 ** min(self._failures - 1, 16)
        return self._jitter(min(longest, self._rhythm.backoff_max_s))

    def _fail(self, code: str) -> None:
        self._failures += 1
        self._last_error = code

    async def _tell(self, *, running: bool) -> None:
        try:
            state = await asyncio.to_thread(self._exchange.state)
        except MistoError as error:
            state = SyncState(None, 0, 0)
            self._last_error = error.code
        self._on_state(replace(state, running=running, last_error=self._last_error))
