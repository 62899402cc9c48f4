"""What the desk and the newsroom see and do."""

from __future__ import annotations

import pytest

from tests.client.ui.fake import HOUR, NOW, FakeDevice, answered, appeal, news
from tests.client.ui.headless import window

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk() -> FakeDevice:
    device = FakeDevice({("desk", "queue/main")})
    device.appeal_items = [appeal("a1", state="received", mine=False, pending=False), answered()]
    return device


@pytest.fixture
def newsroom() -> FakeDevice:
    return FakeDevice({("newsroom", "news")})


async def test_the_desk_opens_on_its_queue_and_writes_no_appeals(desk: FakeDevice) -> None:
    async with window(desk) as screen:
        assert screen.has("appeal-a1")
        assert "Стіл звернень" in screen.texts()
        assert "Написати" not in screen.texts()


async def test_registering_gives_a_number_and_takes_the_button_away(desk: FakeDevice) -> None:
    async with window(desk, route="/queue/a1") as screen:
        await screen.until(lambda: screen.has("desk-register"))
        await screen.click("desk-register")
        await screen.until(lambda: "№ ЗВ-000001" in screen.texts())
        assert not screen.has("desk-register")
        assert screen.has("desk-done")


async def test_a_status_is_set(desk: FakeDevice) -> None:
    async with window(desk, route="/queue/a2") as screen:
        await screen.until(lambda: screen.has("desk-status"))
        await screen.fire(screen.named("desk-status"), "select", value="closed")
        await screen.until(lambda: desk.appeal_items[1].state == "closed")
        await screen.until(lambda: screen.has("desk-done"))


async def test_an_empty_reply_is_not_sent_and_a_full_one_is(desk: FakeDevice) -> None:
    async with window(desk, route="/queue/a1") as screen:
        await screen.until(lambda: screen.has("desk-reply"))
        await screen.click("desk-reply")
        assert getattr(screen.named("desk-reply-text"), "error", "") == "Напишіть відповідь."
        await screen.type("desk-reply-text", "Бригада вже їде.")
        await screen.click("desk-reply")
        await screen.until(lambda: "Бригада вже їде." in screen.texts())
        assert desk.appeal_items[0].said[-1].by_desk
        assert getattr(screen.named("desk-reply-text"), "value", "") == ""


async def test_the_desk_sees_who_writes(desk: FakeDevice) -> None:
    async with window(desk, route="/queue/a2") as screen:
        await screen.until(lambda: "Олена Іванівна Гончар" in screen.texts())
    async with window(desk, route="/queue/a1") as screen:
        await screen.until(lambda: "Без імені" in screen.texts())


async def test_news_are_published(newsroom: FakeDevice) -> None:
    async with window(newsroom, width=1280) as screen:
        await screen.type("newsroom-title", "Пройдіть в укриття")
        await screen.type("newsroom-text", "Загроза обстрілу.")
        await screen.fire(screen.named("newsroom-priority"), "change", selected=["urgent"])
        await screen.fire(screen.named("newsroom-district"), "select", value="Центр")
        await screen.type("newsroom-hours", "6")
        await screen.click("newsroom-save")
        await screen.until(lambda: screen.has("newsroom-saved"))
        item = newsroom.news_items[0]
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


async def test_both_roles_on_one_device() -> None:
    device = FakeDevice({("desk", "queue/main"), ("newsroom", "news")})
    async with window(device) as screen:
        assert {"Черга", "Редакція", "Новини"} <= set(screen.texts())
