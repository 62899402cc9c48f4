"""Drafts on their way to the disk: written a moment after the last key, one at a time.

A draft is taken down as it is when the form is left, not when its turn with the storage comes; one
that the storage did not take stays owed and is tried again, so that no words are lost in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from client.viewmodels.base import log

if TYPE_CHECKING:
    from client.viewmodels.app import App
    from client.viewmodels.ports import Services

AUTOSAVE_S: Final = 0.8


class Named(Protocol):
    """A draft of whatever sort."""

    @property
    def id(self) -> str: ...


D = TypeVar("D", bound=Named)


class Autosave(Generic[D]):
    """Saves what `current` gives, None while there is nothing to save, with what `put` gives."""

    def __init__(
        self,
        app: App,
        current: Callable[[], D | None],
        put: Callable[[Services], Callable[[D], object]],
    ) -> None:
        self.saving: set[asyncio.Task[None]] = set()
        self._app = app
        self._current = current
        self._put = put
        self._timer: asyncio.TimerHandle | None = None
        self._owed: dict[str, D] = {}

    def soon(self) -> None:
        """A key was pressed: save when no other follows for a moment."""
        self.stop()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(AUTOSAVE_S, self.now)

    def now(self) -> None:
        """Save what was typed since, and what is still owed, without waiting for a pause."""
        draft = self._current() if self._timer is not None else None
        self.stop()
        if draft is not None:
            self._owed[draft.id] = draft
        if self._owed and all(task.done() for task in self.saving):
            task = asyncio.ensure_future(self._pay())
            self.saving.add(task)
            task.add_done_callback(self.saving.discard)

    def stop(self) -> None:
        """Do not save what was typed last."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def forget(self, draft_id: str = "") -> None:
        """Owe nothing of a draft any more; of none without an id."""
        for each in [draft_id] if draft_id else [*self._owed]:
            self._owed.pop(each, None)

    def owes(self, draft_id: str) -> bool:
        """Whether words of a draft still wait, because the storage did not take them."""
        return draft_id in self._owed

    async def settled(self) -> None:
        """Wait until nothing is being written."""
        if self.saving:
            await asyncio.wait(self.saving)

    async def _pay(self) -> None:
        while self._owed and self._app.services is not None:
            draft = next(iter(self._owed.values()))
            try:
                await self._app.device.note(self._put(self._app.services), draft)
            except Exception:  # noqa: BLE001 - tried again at the next key, on leaving, on hiding
                log.exception("a draft was not saved")
                return
            if self._owed.get(draft.id) is draft:
                del self._owed[draft.id]
            if "outbox" in self._app.behind:
                await self._app.outbox.refresh()
