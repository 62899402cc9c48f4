"""The news room: what may not be relied on says so, and filters leave nothing out silently."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from client.services.prefs import Preferences
from client.viewmodels.base import PAGE
from tests.client.ui.conftest import Clock
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import HOUR, MINUTE, NOW, alert, news

pytestmark = pytest.mark.anyio
LOUD = "#B3261E"


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


def cards(screen: Window) -> list[str]:
    return [name for name in screen.names() if name.startswith(("news-n", "news-u"))]


async def test_urgent_news_says_so_in_words_and_stands_first(device: FakeDevice) -> None:
    device.news_items = [news("n1"), alert("u1")]
    async with window(device, route="/news") as screen:
        assert cards(screen) == ["news-u1", "news-n1"]
        assert "Терміново" in screen.said("news-u1")
        assert "Терміново" not in screen.said("news-n1")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"withdrawn": True}, "Відкликано редакцією"),
        ({"expires_at_ms": NOW - HOUR}, "Строк дії минув"),
        ({"corrections": 1}, "Виправлено"),
        ({"pending": True}, "Чекає на цьому пристрої"),
        ({"read": False}, "Нове"),
        ({"priority": "important"}, "Важливо"),
    ],
)
async def test_a_card_says_what_must_be_known_before_relying_on_it(
    device: FakeDevice, change: dict[str, object], said: str
) -> None:
    device.news_items = [news("n1"), news("n2", **change)]
    async with window(device, route="/news") as screen:
        assert said in " ".join(screen.said("news-n2"))
        assert said not in " ".join(screen.said("news-n1"))


async def test_a_withdrawn_correction_is_only_withdrawn(device: FakeDevice) -> None:
    device.news_items = [news("n1", withdrawn=True, corrections=2)]
    async with window(device, route="/news") as screen:
        assert "Виправлено" not in " ".join(screen.said("news-n1"))


@pytest.mark.parametrize("over", [{"expires_at_ms": NOW - MINUTE}, {"withdrawn": True}])
async def test_urgent_news_that_is_over_no_longer_shouts(
    device: FakeDevice, over: dict[str, Any]
) -> None:
    device.news_items = [alert(**over)]
    async with window(device, route="/news") as screen:
        assert screen.has("news-u1")
        assert not [c for c in screen.controls() if getattr(c, "bgcolor", "") == LOUD]


async def test_urgent_news_stops_shouting_while_it_is_on_the_screen(
    device: FakeDevice, clock: Clock
) -> None:
    device.news_items = [alert(expires_at_ms=NOW + MINUTE)]
    async with window(device, route="/news") as screen:
        assert [c for c in screen.controls() if getattr(c, "bgcolor", "") == LOUD]
        clock.on(screen, MINUTE)
        await screen.until(lambda: any("Строк дії" in said for said in screen.said("news-u1")))
        assert not [c for c in screen.controls() if getattr(c, "bgcolor", "") == LOUD]


async def test_a_withdrawn_item_opens_with_the_reason_and_closes_again(device: FakeDevice) -> None:
    device.news_items = [news("n1", withdrawn=True, note="Помилка в адресі")]
    async with window(device, route="/news") as screen:
        await screen.click("news-n1")
        await screen.until(lambda: screen.has("news-withdrawn"))
        assert "Відкликано: Помилка в адресі" in screen.texts()
        assert len(screen.views()) == 2
        await screen.click("back")
        assert len(screen.views()) == 1


@pytest.mark.parametrize(
    ("change", "banner"),
    [({"corrections": 1}, "news-corrected"), ({"expires_at_ms": NOW - HOUR}, "news-expired")],
)
async def test_an_open_item_warns_above_its_text(
    device: FakeDevice, change: dict[str, object], banner: str
) -> None:
    device.news_items = [news("n1", **change)]
    async with window(device, route="/news/n1") as screen:
        await screen.until(lambda: screen.has(banner))
        shown = screen.texts()
        assert shown.index(screen.said(banner)[0]) < len(shown) - 1 - shown[::-1].index(
            device.news_items[0].text
        )


async def test_an_item_withdrawn_while_it_is_open_says_so(device: FakeDevice) -> None:
    device.news_items = [news("n1")]
    async with window(device, route="/news/n1") as screen:
        await screen.until(lambda: "Підпис редакції перевірено" in screen.texts())
        device.news_items = [news("n1", withdrawn=True)]
        device.exchanged(last_success_ms=NOW)
        await screen.until(lambda: screen.has("news-withdrawn"))


async def test_opening_an_item_makes_it_read_here_and_on_the_disk(device: FakeDevice) -> None:
    device.news_items = [news("n1", read=False), news("n2", read=False)]
    async with window(device, route="/news") as screen:
        await screen.click("news-n1")
        await screen.until(lambda: device.news_items[0].read)
        await screen.click("back")
        assert "Нове" not in screen.said("news-n1")
        assert "Нове" in screen.said("news-n2")


async def test_search_finds_and_says_when_it_does_not(device: FakeDevice) -> None:
    device.news_items = [news("n1", title="Вода"), news("n2", title="Світло")]
    async with window(device, route="/news") as screen:
        await screen.type("news-search", "вод")
        await screen.until(lambda: cards(screen) == ["news-n1"])
        await screen.type("news-search", "молоко")
        await screen.until(lambda: "Нічого не знайдено" in screen.texts())
        assert "Новин ще немає" not in screen.texts(), "there are some: they were left out"


async def test_a_slow_search_does_not_overwrite_a_newer_one(device: FakeDevice) -> None:
    device.news_items = [news("n1", title="Вода"), news("n2", title="Світло")]
    async with window(device, route="/news") as screen:
        model = screen.app.news
        found = model._find

        async def slow(query: str, *more: object) -> list[object]:
            answer = await found(query, *more)  # type: ignore[arg-type]
            if query == "вод":
                await model.search("світ")
            return answer  # type: ignore[return-value]

        object.__setattr__(model, "_find", slow)
        await model.search("вод")
        await screen.settle()
        assert cards(screen) == ["news-n2"]


@pytest.mark.parametrize(
    ("chip", "left"),
    [
        ("filter-district", ["news-n1", "news-n3"]),
        ("filter-topic-Вода", ["news-n2"]),
        ("filter-unread", ["news-n3"]),
    ],
)
async def test_a_filter_narrows_the_list_and_one_tap_shows_all_again(
    device: FakeDevice, chip: str, left: list[str]
) -> None:
    device.prefs.kept = Preferences(district="Центр")
    device.news_items = [
        news("n1", district="Центр"),
        news("n2", district="Затишшя", topic="Вода"),
        news("n3", read=False),
    ]
    async with window(device, route="/news") as screen:
        assert len(cards(screen)) == 3
        assert not screen.has("filter-none")
        await screen.click(chip)
        await screen.until(lambda: cards(screen) == left)
        await screen.click("filter-none")
        await screen.until(lambda: len(cards(screen)) == 3)


async def test_filters_and_the_search_hold_together(device: FakeDevice) -> None:
    device.news_items = [
        news("n1", title="Вода о шостій", read=False),
        news("n2", title="Вода о сьомій"),
    ]
    async with window(device, route="/news") as screen:
        await screen.type("news-search", "вода")
        await screen.click("filter-unread")
        await screen.until(lambda: cards(screen) == ["news-n1"])


async def test_a_filter_that_leaves_nothing_says_that_it_was_the_filter(device: FakeDevice) -> None:
    device.news_items = [news("n1")]
    async with window(device, route="/news") as screen:
        await screen.click("filter-unread")
        await screen.until(lambda: "Нічого не знайдено" in screen.texts())
        assert screen.has("filter-none")


async def test_a_tap_on_a_chosen_filter_takes_it_back(device: FakeDevice) -> None:
    device.news_items = [news("n1"), news("n2", topic="Вода")]
    async with window(device, route="/news") as screen:
        await screen.click("filter-topic-Вода")
        await screen.until(lambda: cards(screen) == ["news-n2"])
        await screen.click("filter-topic-Вода")
        await screen.until(lambda: cards(screen) == ["news-n1", "news-n2"])


async def test_long_lists_come_by_pages(device: FakeDevice) -> None:
    device.news_items = [news(f"n{i}") for i in range(2 * PAGE + 20)]
    async with window(device, route="/news") as screen:
        assert len(cards(screen)) == PAGE
        await screen.click("news-more")
        assert len(cards(screen)) == 2 * PAGE
        await screen.click("news-more")
        await screen.until(lambda: screen.has(f"news-n{2 * PAGE + 19}"))
        assert not screen.has("news-more")


async def test_news_that_arrives_shows_without_a_tap(device: FakeDevice) -> None:
    device.news_items = [news("n1")]
    async with window(device, route="/news") as screen:
        device.news_items = [news("n2"), *device.news_items]
        device.exchanged(last_success_ms=NOW)
        await screen.until(lambda: cards(screen) == ["news-n2", "news-n1"])


async def test_an_age_grows_while_the_list_is_on_the_screen(
    device: FakeDevice, clock: Clock
) -> None:
    device.news_items = [dataclasses.replace(news("n1"), published_at_ms=NOW)]
    async with window(device, route="/news") as screen:
        assert "Усе місто · щойно" in screen.said("news-n1")
        clock.on(screen, 3 * HOUR)
        await screen.until(lambda: "Усе місто · 3 год тому" in screen.said("news-n1"))
