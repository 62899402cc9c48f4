"""Home: what cannot wait is on top, in words, and nothing on it looks truer than it is."""

from __future__ import annotations

import dataclasses

import pytest

from client.services.prefs import Preferences
from client.services.types import SaidLine
from tests.client.ui.conftest import Clock
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import (
    HOUR,
    MINUTE,
    NOW,
    OFF,
    alert,
    answered,
    draft,
    news,
    received,
    refused,
    schedule,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


def order(screen: Window, *names: str) -> list[str]:
    return [name for name in screen.names() if name in names]


async def test_an_empty_device_invites_to_write_and_promises_nothing(device: FakeDevice) -> None:
    async with window(device) as screen:
        assert screen.app.section == "home"
        assert {"quick-danger", "quick-other"} <= set(screen.names())
        assert "Новин ще немає" in screen.texts()
        assert "Чекає на вас" not in screen.texts()
        assert not screen.has("home-outages")


async def test_an_alert_says_so_in_words_for_whom_and_until_when(device: FakeDevice) -> None:
    device.news_items = [news("n1"), alert("u1", district="Центр")]
    async with window(device) as screen:
        assert order(screen, "alert-u1", "news-n1") == ["alert-u1", "news-n1"]
        said = screen.said("alert-u1")
        assert "Терміново" in said
        assert "Пройдіть в укриття" in said
        assert any("Центр" in text and "Діє до" in text for text in said)


async def test_an_alert_without_an_end_says_that_it_has_none(device: FakeDevice) -> None:
    device.news_items = [alert(expires_at_ms=0)]
    async with window(device) as screen:
        assert any("без строку" in text for text in screen.said("alert-u1"))


async def test_an_alert_that_expires_while_on_the_screen_leaves_it(
    device: FakeDevice, clock: Clock
) -> None:
    device.news_items = [alert(expires_at_ms=NOW + 5 * MINUTE)]
    async with window(device) as screen:
        assert screen.has("alert-u1")
        clock.on(screen, 5 * MINUTE)
        await screen.until(lambda: not screen.has("alert-u1"))
        assert "Терміново" not in screen.texts()


async def test_a_withdrawn_alert_is_no_alert(device: FakeDevice) -> None:
    device.news_items = [alert(withdrawn=True)]
    async with window(device) as screen:
        assert not screen.has("alert-u1")
        assert screen.has("news-u1"), "it stays among the news, as withdrawn"


async def test_another_district_s_alert_is_not_shown(device: FakeDevice) -> None:
    device.prefs.kept = Preferences(district="Центр")
    device.news_items = [alert("u1", district="Затишшя"), alert("u2", district="Центр")]
    async with window(device) as screen:
        assert order(screen, "alert-u1", "alert-u2") == ["alert-u2"]


async def test_an_alert_opens_in_full(device: FakeDevice) -> None:
    device.news_items = [alert()]
    async with window(device) as screen:
        await screen.fire(screen.named("alert-u1"), "click")
        await screen.until(lambda: (screen.app.section, screen.app.record) == ("news", "u1"))
        await screen.until(lambda: "Підпис редакції перевірено" in screen.texts())


async def test_replies_and_refusals_stand_above_power_and_news(device: FakeDevice) -> None:
    device.news_items = [news("n1")]
    device.schedules = [schedule(week=[OFF] * 7)]
    device.appeal_items = [answered("a1"), refused("a2"), received("a3")]
    async with window(device) as screen:
        names = ("alert-u1", "for-me-a1", "for-me-a2", "for-me-a3", "home-outages", "news-n1")
        assert order(screen, *names) == ["for-me-a1", "for-me-a2", "home-outages", "news-n1"]


async def test_each_reason_to_look_has_its_own_words(device: FakeDevice) -> None:
    step = answered().history[:1]
    device.appeal_items = [
        answered("a1"),
        refused("a2"),
        answered("a3", state="returned", status="returned"),
        received("a4", state="registered", status="registered", history=step),
    ]
    async with window(device) as screen:
        assert "Місто відповіло" in screen.said("for-me-a1")
        assert "Місто не прийняло, можна виправити" in screen.said("for-me-a2")
        assert "Повернуто з поясненням" in screen.said("for-me-a3")
        assert "Новий стан: Зареєстровано" in screen.said("for-me-a4")


async def test_a_reply_that_was_read_waits_no_more_and_a_new_one_does(device: FakeDevice) -> None:
    device.appeal_items = [answered("a1")]
    async with window(device) as screen:
        await screen.click("for-me-a1")
        await screen.until(lambda: device.prefs.marks.get("a1") == 4)
        await screen.go("home")
        assert not screen.has("for-me-a1")
        said = (*device.appeal_items[0].said, SaidLine(NOW, True, "Трубу замінено."))
        device.appeal_items = [dataclasses.replace(device.appeal_items[0], said=said)]
        device.exchanged(last_success_ms=NOW)
        await screen.until(lambda: screen.has("for-me-a1"))


async def test_an_item_that_was_read_is_not_called_new_on_home(device: FakeDevice) -> None:
    device.news_items = [news("n1", read=False)]
    async with window(device) as screen:
        assert "Нове" in screen.said("news-n1")
        await screen.click("news-n1")
        await screen.until(lambda: screen.app.record == "n1")
        await screen.go("home")
        await screen.until(lambda: "Нове" not in screen.said("news-n1"))


async def test_power_on_home_is_that_of_this_minute(device: FakeDevice, clock: Clock) -> None:
    week = schedule(week=["-" * 48] * 7, streets=["Садова"], expires_at_ms=NOW + HOUR)
    device.schedules = [week]
    device.prefs.kept = Preferences(address="Садова, 5")
    async with window(device) as screen:
        assert any("Світло: Немає" in text for text in screen.said("home-outages"))
        clock.on(screen, 2 * HOUR)
        await screen.until(
            lambda: any("Світло: Невідомо" in text for text in screen.said("home-outages"))
        )


async def test_home_s_outages_lead_to_the_room(device: FakeDevice) -> None:
    device.schedules = [schedule()]
    async with window(device) as screen:
        await screen.click("home-outages")
        assert screen.app.section == "outages"
        assert screen.has("supply-power")


async def test_a_topic_on_home_begins_a_form_about_it(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.click("quick-water")
        assert screen.app.section == "write"
        assert screen.app.write.category == "water"


async def test_drafts_are_counted_and_lead_to_the_outbox(device: FakeDevice) -> None:
    device.drafts.kept = {"d1": draft("d1"), "d2": draft("d2")}
    async with window(device) as screen:
        assert "2 чернетки" in screen.said("home-drafts")
        await screen.click("home-drafts")
        assert screen.app.section == "outbox"


async def test_home_shows_three_news_and_the_way_to_all(device: FakeDevice) -> None:
    device.news_items = [news(f"n{i}") for i in range(9)]
    async with window(device) as screen:
        assert order(screen, *(f"news-n{i}" for i in range(9))) == ["news-n0", "news-n1", "news-n2"]
        await screen.click("home-news")
        assert screen.app.section == "news"
