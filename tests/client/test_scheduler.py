"""The scheduler: at start, after saves, on resuming; backing off, and never two at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from client.scheduler import ExchangeScheduler, Rhythm
from client.services.types import ExchangeResult, SyncState
from client.transports.http import Unreachable

pytestmark = pytest.mark.anyio


class Recorded:
    """An exchange that notes when it runs and does what it is told."""

    def __init__(self) -> None:
        self.runs = 0
        self.at_once = 0
        self.most_at_once = 0
        self.failing: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()

    def once(self) -> ExchangeResult:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.gate.wait(5)
            self.runs += 1
            if self.failing:
                raise self.failing
            return ExchangeResult()
        finally:
            self.at_once -= 1

    def state(self) -> SyncState:
        return SyncState(None, 0, 0)


NEVER = Rhythm(visible_s=3600, debounce_s=0.02, backoff_first_s=2, backoff_max_s=300)


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in a thread
            await asyncio.sleep(0.005)


async def test_it_exchanges_at_start_and_after_saves_together() -> None:
    recorded, states = Recorded(), list[SyncState]()
    scheduler = ExchangeScheduler(recorded, states.append, NEVER)
    scheduler.start()
    scheduler.start()
    await until(lambda: recorded.runs == 1)
    await until(lambda: states and not states[-1].running)
    for _ in range(5):
        scheduler.saved()
        await asyncio.sleep(0)
    await until(lambda: recorded.runs == 2)
    await asyncio.sleep(0.1)
    assert recorded.runs == 2
    await scheduler.stop()
    assert [state.running for state in states] == [True, False, True, False]


async def test_never_two_at_once_and_a_save_meanwhile_is_not_forgotten() -> None:
    recorded = Recorded()
    recorded.gate.clear()
    scheduler = ExchangeScheduler(recorded, lambda state: None, NEVER)
    scheduler.start()
    await until(lambda: recorded.at_once == 1)
    scheduler.saved()
    scheduler.resume()
    await asyncio.sleep(0.05)
    recorded.gate.set()
    await until(lambda: recorded.runs == 2)
    assert recorded.most_at_once == 1
    await scheduler.stop()


async def test_it_exchanges_now_and_then_while_visible_only() -> None:
    recorded = Recorded()
    scheduler = ExchangeScheduler(recorded, lambda state: None, Rhythm(visible_s=0.02))
    scheduler.start()
    await until(lambda: recorded.runs >= 3)
    scheduler.pause()
    await asyncio.sleep(0.1)
    runs = recorded.runs
    await asyncio.sleep(0.15)
    assert recorded.runs == runs
    scheduler.resume()
    await until(lambda: recorded.runs > runs)
    await scheduler.stop()


async def test_one_that_already_waits_stops_when_nobody_looks_any_more() -> None:
    recorded = Recorded()
    scheduler = ExchangeScheduler(recorded, lambda state: None, Rhythm(visible_s=0.1))
    scheduler.start()
    await until(lambda: recorded.runs == 1)
    scheduler.pause()
    await asyncio.sleep(0.3)
    assert recorded.runs == 1
    scheduler.now()  # the network is back, but still nobody looks
    await until(lambda: recorded.runs == 2)
    await asyncio.sleep(0.3)
    assert recorded.runs == 2
    await scheduler.stop()


async def test_unseen_only_what_was_saved_is_tried_again() -> None:
    recorded = Recorded()
    recorded.failing = Unreachable()
    scheduler = ExchangeScheduler(recorded, lambda state: None, NEVER, jitter=lambda most: 0.02)
    scheduler.start()
    await until(lambda: recorded.runs >= 2)
    scheduler.pause()
    await asyncio.sleep(0.1)
    runs = recorded.runs
    await asyncio.sleep(0.2)
    assert recorded.runs == runs
    scheduler.saved()
    await until(lambda: recorded.runs >= runs + 3)
    recorded.failing = None
    runs = recorded.runs
    await until(lambda: recorded.runs > runs)
    await asyncio.sleep(0.1)
    runs = recorded.runs
    await asyncio.sleep(0.2)
    assert recorded.runs == runs, "it arrived: nothing is owed any more"
    await scheduler.stop()


async def test_failures_back_off_with_full_jitter() -> None:
    recorded, states, longest = Recorded(), list[SyncState](), list[float]()
    recorded.failing = Unreachable()

    def jitter(most: float) -> float:
        longest.append(most)
        return 0.0

    scheduler = ExchangeScheduler(recorded, states.append, NEVER, jitter=jitter)
    scheduler.start()
    await until(lambda: len(longest) >= 10)
    recorded.failing = None
    await until(lambda: states[-1].last_error is None and not states[-1].running)
    await scheduler.stop()
    assert longest[:9] == [2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert "unreachable" in {state.last_error for state in states}


async def test_resuming_ends_a_backoff_at_once() -> None:
    recorded = Recorded()
    recorded.failing = Unreachable()
    scheduler = ExchangeScheduler(recorded, lambda state: None, NEVER, jitter=lambda most: 3600)
    scheduler.start()
    await until(lambda: recorded.runs == 1)
    recorded.failing = None
    scheduler.resume()
    await until(lambda: recorded.runs == 2)
    await scheduler.stop()


async def test_even_a_bug_does_not_end_it() -> None:
    recorded, states = Recorded(), list[SyncState]()
    recorded.failing = ZeroDivisionError()
    scheduler = ExchangeScheduler(recorded, states.append, NEVER, jitter=lambda most: 0.0)
    scheduler.start()
    await until(lambda: recorded.runs >= 3)
    assert "internal_error" in {state.last_error for state in states}
    await scheduler.stop()
