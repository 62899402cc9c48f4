"""When to exchange: at start, after each save, on resuming, and now and then while visible.

While nobody looks, nothing is asked for: not even what failed is tried again, unless somebody has
saved something since, which goes on being offered.

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

VISIBLE_S: Final = 60.0
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

    visible_s: float = VISIBLE_S
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
        self._due = False
        """Somebody saved or asked since the last exchange began."""
        self._saved = False
        self._owed = False
        """Something was saved that no exchange has carried yet."""
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
        self._saved = self._owed = True
        self._call()

    def now(self) -> None:
        """Somebody asks, or the network is back: exchange at once, forget the backoff."""
        self._failures = 0
        self._call()

    def resume(self) -> None:
        """The app is looked at again: exchange at once, and from now on now and then."""
        self._visible = True
        self.now()

    def pause(self) -> None:
        """Nobody looks: only saves, asking and resuming lead to exchanges."""
        self._visible = False
        self._wake.set()

    def _call(self) -> None:
        self._due = True
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._once()
            await self._wait()

    async def _once(self) -> None:
        self._due = self._saved = False
        await self._tell(running=True)
        try:
            await asyncio.to_thread(self._exchange.once)
        except MistoError as error:
            self._fail(error.code)
        except Exception:  # the loop must survive whatever a device comes up with
            log.exception("exchange failed in a way nobody expected")
            self._fail(INTERNAL_ERROR)
        else:
            self._failures, self._last_error, self._owed = 0, None, self._saved
        await self._tell(running=False)

    async def _wait(self) -> None:
        """Until it is time again, or until somebody saves or asks: that is worth a try at once,
        also while backing off. What is waited for is weighed anew once nobody looks.
        """
        while not self._due:
            self._wake.clear()
            if not await self._woken(self._pause_s()):
                break
        if self._saved:
            await asyncio.sleep(self._rhythm.debounce_s)

    def _pause_s(self) -> float | None:
        """How long until the next exchange, if nobody asks before; None is without end."""
        if not self._visible and not self._owed:
            return None
        return self._backoff_s() if self._failures else self._rhythm.visible_s

    async def _woken(self, seconds: float | None) -> bool:
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self._wake.wait(), seconds)
        return False

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
