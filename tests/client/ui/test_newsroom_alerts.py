"""The second person: sees what waits, word for word, and signs exactly that, or does not."""

from __future__ import annotations

import dataclasses

import pytest

from client.services.types import NewsView
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import HOUR, MINUTE, NOW, alert

pytestmark = pytest.mark.anyio
LONG = "Автобуси від школи № 3 о 18:00 і 18:30. " * 12


def waits(record: str = "u1", **more: object) -> NewsView:
    known: dict[str, object] = {
        "title": "Евакуація з Шкільної", "text": LONG.strip(), "district": "Центр",
        "confirmed": False, "confirmable": True, "by": "Олена, зміна 2",
        "changed_at_ms": NOW - 7 * MINUTE,
    }  # fmt: skip
    return alert(record, **(known | more))


def put(device: FakeDevice, *items: NewsView) -> None:
    device.newsroom.waits = [*items]
    device.news_items = [dataclasses.replace(item, priority="important") for item in items]


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice({("newsroom", "news")})


async def opened(screen: Window) -> None:
    await screen.click("unsigned-look")
    await screen.until(lambda: screen.has("sign-u1"))


@pytest.mark.parametrize("width", [390, 1280])
async def test_the_second_person_sees_it_on_top_with_the_whole_wording(
    device: FakeDevice, width: int
) -> None:
    put(device, waits())
    async with window(device, width=width) as screen:
        assert "1 термінова новина чекає на другий підпис" in screen.said("unsigned-banner")
        assert "На підпис · 1" in screen.texts()
        names = screen.names()
        assert names.index("unsigned-banner") < names.index("published-u1")
        await opened(screen)
        said = screen.said("unsigned-u1")
        assert {"Евакуація з Шкільної", LONG.strip(), "Центр"} <= set(said)
        assert "Автор: Олена, зміна 2, 7 хв тому" in said
        assert any(text.startswith("Діє до") for text in said)


async def test_signing_makes_it_an_alert(device: FakeDevice) -> None:
    put(device, waits())
    async with window(device, width=1280, route="/newsroom/alerts") as screen:
        await screen.click("sign-u1")
        await screen.until(lambda: screen.has("unsigned-empty"))
        (item,) = device.news_items
        assert (item.priority, item.confirmed, item.text) == ("urgent", True, LONG.strip())
        assert screen.app.newsroom.unsigned == ()


async def test_a_wording_that_changed_while_it_was_read_is_not_signed(device: FakeDevice) -> None:
    put(device, waits())
    async with window(device, width=1280, route="/newsroom/alerts") as screen:
        device.newsroom.waits = [waits(title="Евакуація з Садової")]
        await screen.click("sign-u1")
        await screen.until(lambda: "Евакуація з Садової" in screen.said("unsigned-u1"))
        assert "Поки ви читали, текст змінили. Прочитайте новий." in screen.said("notice")
        assert not device.news_items[0].confirmed


async def test_who_wrote_it_cannot_sign_it(device: FakeDevice) -> None:
    put(device, waits(confirmable=False))
    async with window(device, width=1280, route="/newsroom/alerts") as screen:
        assert not screen.has("sign-u1")
        assert "інша людина" in screen.said("unsigned-own-u1")[0]


async def test_not_signing_takes_it_back_with_a_reason_or_leaves_it(device: FakeDevice) -> None:
    put(device, waits())
    async with window(device, width=1280, route="/newsroom/alerts") as screen:
        await screen.click("decline-u1")
        await screen.click("withdraw-no")
        assert screen.has("sign-u1")
        assert not device.news_items[0].withdrawn
        await screen.click("decline-u1")
        await screen.type("withdraw-note", "Неправда: автобусів немає")
        await screen.click("withdraw-yes")
        await screen.until(lambda: device.news_items[0].withdrawn)
        assert device.news_items[0].note == "Неправда: автобусів немає"
        await screen.until(lambda: screen.has("unsigned-empty"))


async def test_the_newest_stands_first_and_what_is_over_wakes_nobody(device: FakeDevice) -> None:
    put(device, waits("u0", expires_at_ms=NOW - HOUR), waits("u1"), waits("u2"))
    async with window(device, width=1280, route="/newsroom/alerts") as screen:
        shown = [name for name in screen.names() if name.startswith("sign-")]
        assert shown == ["sign-u2", "sign-u1"]


async def test_english_says_the_same(device: FakeDevice) -> None:
    put(device, waits(), waits("u2"))
    async with window(device, "en", width=1280) as screen:
        assert "2 urgent items wait for a second signature" in screen.said("unsigned-banner")
        assert "Waits for a second signature" in screen.said("unsigned-mark-u1")
