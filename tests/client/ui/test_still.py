"""Cards of lists are drawn anew when something on them changes, and only then."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from client.viewmodels.base import PAGE
from client.views import news as news_views
from tests.client.ui.conftest import Clock
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import HOUR, MINUTE, NOW, answered, news

pytestmark = pytest.mark.anyio


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The news cards that were drawn, one after the other."""
    found: list[str] = []
    real = news_views._foot
    monkeypatch.setattr(
        news_views, "_foot", lambda app, item: found.append(item.record) or real(app, item)
    )
    return found


def cards(screen: Window) -> list[str]:
    return [name.removeprefix("news-") for name in screen.names() if name.startswith("news-n")]


async def of(drawn: list[str], act: Callable[[], object], screen: Window) -> list[str]:
    drawn.clear()
    act()
    await screen.settle()
    return list(drawn)


async def test_an_exchange_and_an_open_item_draw_no_card_again(drawn: list[str]) -> None:
    device = FakeDevice()
    device.news_items = [news(f"n{i}") for i in range(PAGE)]
    async with window(device, route="/news") as screen:
        app = screen.app
        assert len(drawn) == PAGE
        assert await of(drawn, lambda: app.go("news", "n3"), screen) == []
        assert await of(drawn, app.back, screen) == []
        assert await of(drawn, app.tick, screen) == []
        assert await of(drawn, app.exchange.notify, screen) == []


async def test_a_card_follows_its_item_the_minute_and_the_language(
    drawn: list[str], clock: Clock
) -> None:
    device = FakeDevice()
    device.news_items = [news("n1", read=False), news("n2", read=False)]
    async with window(device, route="/news") as screen:
        await screen.click("news-n1")
        await screen.until(lambda: "Нове" not in screen.said("news-n1"))
        assert "Нове" in screen.said("news-n2")
        assert await of(drawn, lambda: clock.on(screen, 3 * MINUTE), screen) == ["n1", "n2"]
        assert await of(drawn, lambda: screen.app.speak("en"), screen) == ["n1", "n2"]
        assert "New" in screen.said("news-n2")


async def test_an_item_that_expires_between_two_minutes_says_so_at_once(clock: Clock) -> None:
    device = FakeDevice()
    device.news_items = [news("n1", expires_at_ms=NOW + 1_000)]
    async with window(device, route="/news") as screen:
        assert "Строк дії минув" not in " ".join(screen.said("news-n1"))
        clock.on(screen, 1_000)
        await screen.until(lambda: "Строк дії минув" in " ".join(screen.said("news-n1")))


async def test_a_list_that_changes_its_order_keeps_each_card_with_its_item() -> None:
    device = FakeDevice()
    device.news_items = [news(f"n{i}", title=f"Заголовок {i}") for i in range(6)]
    async with window(device, route="/news") as screen:
        for order in ([5, 0, 3], [0, 1, 2, 3, 4, 5], [3, 5, 4, 0], [1], [5, 4, 3, 2, 1, 0]):
            device.news_items = [news(f"n{i}", title=f"Заголовок {i}") for i in order]
            await screen.app.news.refresh()
            await screen.settle()
            assert cards(screen) == [f"n{i}" for i in order]
            for i in order:
                assert f"Заголовок {i}" in screen.said(f"news-n{i}")


async def test_the_open_item_is_marked_in_its_list_on_a_wide_window(drawn: list[str]) -> None:
    device = FakeDevice()
    device.news_items = [news(f"n{i}") for i in range(4)]
    async with window(device, route="/news", width=1200) as screen:
        assert await of(drawn, lambda: screen.app.go("news", "n1"), screen) == ["n1"]
        assert sorted(await of(drawn, lambda: screen.app.go("news", "n2"), screen)) == ["n1", "n2"]


async def test_an_appeal_that_was_read_is_new_no_more(clock: Clock) -> None:
    device = FakeDevice()
    device.appeal_items = [answered("a2")]
    async with window(device, route="/appeals") as screen:
        unread = screen.app.words("appeals.new_words")
        assert unread in screen.said("appeal-a2")
        await screen.click("appeal-a2")
        screen.app.back()
        await screen.until(lambda: unread not in screen.said("appeal-a2"))
        clock.on(screen, HOUR)
        await screen.settle()
        assert unread not in screen.said("appeal-a2")
