"""What the desk and the newsroom see and do."""

from __future__ import annotations

import asyncio

import pytest

from tests.client.ui.conftest import Clock
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import window
from tests.client.ui.samples import HOUR, MINUTE, NOW, case, news

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk() -> FakeDevice:
    device = FakeDevice({("desk", "queue/main")})
    device.office.put(case("a1"))
    return device


@pytest.fixture
def newsroom() -> FakeDevice:
    return FakeDevice({("newsroom", "news")})


async def test_the_desk_opens_on_its_queue_and_writes_no_appeals(desk: FakeDevice) -> None:
    async with window(desk) as screen:
        assert screen.has("appeal-a1")
        assert "Стіл звернень" in screen.texts()
        assert "Написати" not in screen.texts()


async def test_news_are_published(newsroom: FakeDevice) -> None:
    async with window(newsroom, width=1280) as screen:
        await screen.type("newsroom-title", "Пройдіть в укриття")
        await screen.type("newsroom-text", "Загроза обстрілу.")
        await screen.click("newsroom-priority-urgent")
        await screen.select("newsroom-district", "Центр")
        await screen.type("newsroom-hours", "6")
        await screen.click("newsroom-save")
        await screen.click("newsroom-urgent-yes")
        await screen.until(lambda: screen.has("newsroom-saved"))
        (item,) = newsroom.newsroom.awaiting()
        assert (item.title, item.priority, item.district) == (
            "Пройдіть в укриття",
            "urgent",
            "Центр",
        )
        assert abs(item.expires_at_ms - (NOW + 6 * HOUR)) < HOUR
        assert getattr(screen.named("newsroom-title"), "value", "") == ""


@pytest.mark.parametrize("hours", ["0", "-1", "шість", "9000", "1.5", "²"])
async def test_odd_hours_are_not_published(newsroom: FakeDevice, hours: str) -> None:
    async with window(newsroom, width=1280) as screen:
        await screen.type("newsroom-title", "Заголовок")
        await screen.type("newsroom-text", "Текст")
        await screen.type("newsroom-hours", hours)
        await screen.click("newsroom-save")
        assert "від 1 до 8760" in str(getattr(screen.named("newsroom-hours"), "error", ""))
        assert newsroom.news_items == []


async def test_a_correction_starts_from_the_wording(newsroom: FakeDevice) -> None:
    newsroom.news_items = [news("n1", priority="important", expires_at_ms=NOW + HOUR)]
    async with window(newsroom) as screen:
        await screen.click("correct-n1")
        await screen.until(lambda: screen.has("newsroom-stop"))
        assert getattr(screen.named("newsroom-title"), "value", "") == newsroom.news_items[0].title
        await screen.type("newsroom-title", "Виправлений заголовок")
        await screen.click("newsroom-save")
        await screen.until(lambda: screen.has("newsroom-saved"))
        item = newsroom.news_items[0]
        assert (item.record, item.title, item.corrections) == ("n1", "Виправлений заголовок", 1)
        assert (item.priority, item.expires_at_ms) == ("important", NOW + HOUR)


async def test_withdrawing_asks_first_and_takes_a_note(newsroom: FakeDevice) -> None:
    newsroom.news_items = [news("n1")]
    async with window(newsroom) as screen:
        await screen.click("withdraw-n1")
        await screen.type("withdraw-note", "Помилка")
        await screen.click("withdraw-yes")
        await screen.until(lambda: newsroom.news_items[0].withdrawn)
        assert newsroom.news_items[0].note == "Помилка"
        await screen.until(lambda: not screen.has("correct-n1"))


async def test_a_note_that_is_being_typed_survives_the_clock(
    newsroom: FakeDevice, clock: Clock
) -> None:
    newsroom.news_items = [news("n1")]
    async with window(newsroom) as screen:
        await screen.click("withdraw-n1")
        await screen.type("withdraw-note", "Помилка")
        clock.on(screen, 3 * MINUTE)
        await screen.settle()
        assert screen.field("withdraw-note") == "Помилка"


async def test_an_impatient_second_tap_publishes_nothing_twice(newsroom: FakeDevice) -> None:
    async with window(newsroom, width=1280) as screen:
        await screen.type("newsroom-title", "Пройдіть в укриття")
        await screen.type("newsroom-text", "Загроза обстрілу.")
        model = screen.app.newsroom.writing
        await asyncio.gather(model.save(), model.save())
        assert len(newsroom.news_items) == 1


async def test_the_desk_has_no_outbox_and_no_resident_s_rooms(desk: FakeDevice) -> None:
    async with window(desk, route="/outbox") as screen:
        assert screen.app.section == "queue"
        assert not {"write", "appeals", "home", "outbox"} & {
            *screen.app.sections, *screen.app.behind
        }  # fmt: skip


async def test_both_roles_on_one_device() -> None:
    device = FakeDevice({("desk", "queue/main"), ("newsroom", "news")})
    async with window(device) as screen:
        assert {"Черга", "Редакція", "Новини"} <= set(screen.texts())
