"""Many devices, one commit: requests that wait while a commit is under way share the next one.

A durable commit costs a disk flush, whatever is in it. One writer thread takes all jobs that wait,
up to the limits, and commits them together; each job learns its own outcomes. The queue is bounded:
when it is full, a client is told to come back rather than left to time out.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from shared_schema.errors import MistoError
from shared_schema.limits import (
    COMMIT_QUEUE_JOBS_MAX,
    GROUP_COMMIT_CHANGES_MAX,
    GROUP_COMMIT_JOBS_MAX,
)
from shared_schema.sync.compose import Outcome
from shared_schema.sync.receive import Incoming
from sync_server.storage.base import StoreFailed

log = logging.getLogger("misto.commit")

Outcomes = list[list[Outcome]]
Admit = Callable[[Sequence[Incoming]], list[Outcomes]]


class Busy(MistoError):
    """Too many requests wait already; come back later."""

    code = "busy"


class NotStored(MistoError):
    """A request that could not be stored, for a reason that is ours; nothing of it was kept."""

    code = "not_stored"


class _Job(NamedTuple):
    incoming: Incoming
    done: asyncio.Future[Outcomes]


class GroupCommitter:
    """Runs `admit` for groups of waiting requests, one group at a time."""

    def __init__(self, admit: Admit, on_group: Callable[[int], None] = lambda _: None) -> None:
        """`on_group` is told the size of each group, for the metrics."""
        self._admit = admit
        self._on_group = on_group
        self._waiting: deque[_Job] = deque()
        self._running: asyncio.Task[None] | None = None

    async def admit(self, incoming: Incoming) -> Outcomes:
        """The outcomes of a request, once they are durable.

        Raises:
            Busy: the queue is full. StoreFailed, NotStored: nothing of it was kept.
        """
        if len(self._waiting) >= COMMIT_QUEUE_JOBS_MAX:
            raise Busy("too many requests are waiting")
        job = _Job(incoming, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await job.done

    async def close(self) -> None:
        """Wait until everything that was taken has been committed."""
        if self._running is not None:
            await asyncio.shield(self._running)

    async def _run(self) -> None:
        while self._waiting:
            await self._commit(self._next_group())

    def _next_group(self) -> list[_Job]:
        group: list[_Job] = []
        changes = 0
        while self._waiting and len(group) < GROUP_COMMIT_JOBS_MAX:
            size = sum(len(run.offered) for run in self._waiting[0].incoming.runs)
            if group and changes + size > GROUP_COMMIT_CHANGES_MAX:
                break
            changes += size
            group.append(self._waiting.popleft())
        return group

    async def _commit(self, group: list[_Job]) -> None:
        self._on_group(len(group))
        try:
            outcomes = await asyncio.to_thread(self._admit, [job.incoming for job in group])
        except StoreFailed as error:
            log.error("commit failed", extra={"requests": len(group), "error": error.detail})
            _fail(group, error)
        except Exception:
            log.exception("commit failed", extra={"requests": len(group)})
            if len(group) == 1:
                _fail(group, NotStored("the request could not be stored"))
                return
            for job in group:  # one of them is at fault; the others must not suffer for it
                await self._commit([job])
        else:
            for job, each in zip(group, outcomes, strict=True):
                if not job.done.done():  # its client may have gone
                    job.done.set_result(each)


def _fail(group: Sequence[_Job], error: Exception) -> None:
    for job in group:
        if not job.done.done():
            job.done.set_exception(error)
