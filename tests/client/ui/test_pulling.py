"""Pulling a list down exchanges: long or short, Android's way or Apple's, and only a pull does."""

from __future__ import annotations

import pytest

from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import alert, answered, news, place, schedule

pytestmark = pytest.mark.anyio
ROOMS = pytest.mark.parametrize(
    ("room", "name"),
    [("home", "home"), ("news", "news-list"), ("appeals", "appeals-list"), ("outbox", "outbox"),
     ("places", "places-list"), ("outages", "outages")],
)  # fmt: skip


@pytest.fixture
def device() -> FakeDevice:
    device = FakeDevice()
    device.news_items = [news("n1"), alert("u1")]
    device.appeal_items = [answered("a1")]
    device.places, device.schedules = [place("p1")], [schedule()]
    return device


async def pull(screen: Window, name: str) -> None:
    """From the top on, past it: many events."""
    await screen.scroll(name, "start")
    for _ in range(3):
        await screen.scroll(name, "overscroll", overscroll=-12.0)


@ROOMS
async def test_a_list_that_is_pulled_exchanges_once(
    device: FakeDevice, room: str, name: str
) -> None:
    async with window(device) as screen:
        await screen.go(room)
        before = device.exchanges
        await pull(screen, name)
        assert device.exchanges == before + 1, "one pull sends many events"


@ROOMS
async def test_so_does_one_that_is_too_short_to_scroll(
    device: FakeDevice, room: str, name: str
) -> None:
    async with window(device) as screen:
        await screen.go(room)
        before = device.exchanges
        await screen.draw(name, 30.0)
        await screen.draw(name, -200.0)
        assert device.exchanges == before, "neither a slip nor a draw upwards is a pull"
        await screen.draw(name, 120.0)
        assert device.exchanges == before + 1


@pytest.mark.parametrize(
    ("room", "name"),
    [("news", "news-none"), ("appeals", "appeals-none"), ("places", "places-none")],
)
async def test_so_does_one_that_is_empty(room: str, name: str) -> None:
    device = FakeDevice()
    async with window(device) as screen:
        await screen.go(room)
        before = device.exchanges
        await screen.draw(name, 120.0)
        assert device.exchanges == before + 1


async def test_apple_s_lists_follow_the_finger_above_their_top(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.go("news")
        before = device.exchanges
        await screen.scroll("news-list", "start")
        await screen.scroll("news-list", "update", -20.0)
        assert device.exchanges == before
        await screen.scroll("news-list", "update", -60.0)
        assert device.exchanges == before + 1


async def test_coming_back_to_the_top_is_no_pull(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.go("news")
        before = device.exchanges
        await screen.scroll("news-list", "start", 400.0)
        await screen.scroll("news-list", "update", 10.0)
        await screen.scroll("news-list", "overscroll", overscroll=-12.0)
        await screen.scroll("news-list", "update", -60.0)
        assert device.exchanges == before
        await screen.scroll("news-list", "start", 400.0)
        await screen.scroll("news-list", "overscroll", 900.0, overscroll=12.0)
        assert device.exchanges == before, "nor is pulling up at the end"


async def test_one_can_pull_again_at_once(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.go("news")
        before = device.exchanges
        for _ in range(2):
            await pull(screen, "news-list")
            await screen.draw("news-list", 120.0)
        assert device.exchanges == before + 4
