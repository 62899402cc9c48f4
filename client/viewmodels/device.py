"""One device in one process: opened once, shared by every window or browser tab that looks at it.

Everything below runs in threads (SQLite and sealing take milliseconds, the screen has sixteen);
state is changed on the event loop only, because Flet's observables belong to it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from client.services.types import SyncState
from client.viewmodels.ports import SchedulerPort, Services, StarterPort

log = logging.getLogger(__name__)
T = TypeVar("T")
Listener = Callable[[bool], None]
"""Called with True when stored records may have changed, False when only the exchange's state."""


class Device:
    """The opened profile, its exchange, and who wants to hear of changes."""

    def __init__(
        self,
        open_services: Callable[[str | None], Services],
        starter: StarterPort | None = None,
    ) -> None:
        self._open_services = open_services
        self.starter = starter
        self._opening = asyncio.Lock()
        self._noting = asyncio.Lock()
        self._visible: set[int] = set()
        self._paused = False
        self._listeners: list[Listener] = []
        self._scheduler: SchedulerPort | None = None
        self.services: Services | None = None
        self.sync: SyncState | None = None

    async def open(self, pin: str | None = None) -> Services:
        """Open the profile (once) and start exchanging.

        Raises:
            MistoError: locked, missing or damaged; whatever `open_services` raises.
        """
        async with self._opening:
            if self.services is None:
                services = await asyncio.to_thread(self._open_services, pin)
                self.sync = await asyncio.to_thread(services.sync_state)
                self.services = services
                self._scheduler = services.scheduler(self._on_state)
                self._scheduler.start()
            return self.services

    async def read(self, act: Callable[..., T], *args: object) -> T:
        """What a service answers, asked in a thread."""
        return await asyncio.to_thread(act, *args)

    async def save(self, act: Callable[..., T], *args: object) -> T:
        """Let a service write; it returns after its COMMIT. Then tell everybody, and exchange."""
        result = await asyncio.to_thread(act, *args)
        await self._count_again()
        self._tell(True)
        if self._scheduler is not None:
            self._scheduler.saved()
        return result

    async def note(self, act: Callable[..., T], *args: object) -> T:
        """Let a service write what concerns this device alone: nothing to exchange, nobody to tell.

        Drafts, choices and marks come this way, one at a time, so that an older one never
        overwrites a newer one.
        """
        async with self._noting:
            return await asyncio.to_thread(act, *args)

    def exchange_now(self) -> None:
        """The person asked, the network is back, or the app came to the front."""
        if self._scheduler is not None:
            self._scheduler.now()

    def show(self, window: object) -> None:
        """A window can be seen; when none could, exchanging goes on."""
        self._visible.add(id(window))
        if self._paused and self._scheduler is not None:
            self._paused = False
            self._scheduler.resume()

    def hide(self, window: object) -> None:
        """A window cannot be seen any more; when none can, nothing is exchanged but saves."""
        self._visible.discard(id(window))
        if not self._visible and self._scheduler is not None:
            self._paused = True
            self._scheduler.pause()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear of changes until the returned function is called."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    async def close(self) -> None:
        """Stop exchanging and close the replica."""
        if self._scheduler is not None:
            await self._scheduler.stop()
            self._scheduler, self._paused = None, False
        if self.services is not None:
            services, self.services = self.services, None
            await asyncio.to_thread(services.close)

    async def _count_again(self) -> None:
        """What waits now. That there is no connection is still so: only the scheduler knows."""
        if self.services is None or self.sync is None:
            return
        counted = await asyncio.to_thread(self.services.sync_state)
        known = self.sync
        self.sync = replace(counted, running=known.running, last_error=known.last_error)

    def _on_state(self, state: SyncState) -> None:
        was, self.sync = self.sync, state
        # A failed exchange may have brought something too, in an earlier round.
        self._tell(was is None or (was.running and not state.running))

    def _tell(self, records_changed: bool) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(records_changed)
            except Exception:  # one broken window must not silence the others
                log.exception("a window failed to take a change")
