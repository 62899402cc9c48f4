"""The line of truth: it says received only for receipts, and waiting for whatever has none."""

from __future__ import annotations

import dataclasses
from datetime import UTC
from pathlib import Path

import pytest

from client.branding import Branding
from client.i18n import words
from client.main import build_app
from client.services.types import SyncState
from client.viewmodels.navigation import BEHIND, RESIDENT
from client.views.exchange_line import describe
from tests.client.ui.fake import FakeDevice
from tests.client.ui.forms import filled
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import MINUTE, NOW, appeal, news, received

UK, EN = words("uk"), words("en")
AT = 1_774_008_000_000  # 20 March 2026, 12:00 UTC
CALM = SyncState(last_success_ms=AT - 3 * MINUTE, waiting=0, refused=0)


def said(state: SyncState, appeals: int = 0) -> str:
    return describe(UK, state, AT, UTC, appeals)


def test_everything_received() -> None:
    assert said(CALM) == "Обмін 3 хв тому · усе отримано містом"
    carrying = dataclasses.replace(CALM, carrying=2)
    assert said(carrying) == "Обмін 3 хв тому · несете 2 чужі запити", "not all is received"
    assert describe(EN, CALM, AT, UTC, 0) == "Exchanged 3 min ago · the city has everything"


@pytest.mark.parametrize(
    ("waiting", "text"),
    [
        (1, "1 звернення чекає на цьому пристрої"),
        (2, "2 звернення чекають на цьому пристрої"),
        (5, "5 звернень чекають на цьому пристрої"),
        (21, "21 звернення чекає на цьому пристрої"),
    ],
)
def test_no_connection_with_appeals_waiting(waiting: int, text: str) -> None:
    state = dataclasses.replace(CALM, waiting=waiting, last_error="unreachable")
    assert said(state, waiting) == f"Немає зв’язку з 11:57 · {text}"


def test_what_waits_is_not_called_an_appeal_when_it_is_none() -> None:
    assert "2 дописи чекають" in said(dataclasses.replace(CALM, waiting=2), appeals=1)


def test_a_device_that_never_exchanged_claims_nothing() -> None:
    never = SyncState(last_success_ms=None, waiting=0, refused=0)
    assert said(never) == "Обміну з містом ще не було · нічого не чекає"
    offline = dataclasses.replace(never, last_error="unreachable")
    assert said(offline) == "Немає зв’язку · нічого не чекає"


@pytest.mark.parametrize("error", ["unreachable", "server_refused", "bad_signature"])
@pytest.mark.parametrize("success", [None, AT])
@pytest.mark.parametrize("waiting", [0, 3])
def test_received_is_only_said_when_nothing_waits_and_nothing_was_refused(
    error: str, success: int | None, waiting: int
) -> None:
    state = SyncState(success, waiting, refused=1, last_error=error)
    assert "усе отримано" not in said(state)
    assert "не прийнято: 1" in said(state)


def test_trouble_that_is_not_the_network_is_not_called_the_network() -> None:
    assert said(dataclasses.replace(CALM, last_error="bad_signature")).startswith("Обмін не вд")


@pytest.mark.anyio
async def test_the_line_follows_the_exchange_and_the_arrows_ask_for_one() -> None:
    device = FakeDevice()
    device.appeal_items = [appeal("a1")]
    device.state = SyncState(None, 1, 0)
    async with window(device) as screen:
        assert any("1 звернення чекає" in text for text in screen.said("exchange-line"))
        before = device.exchanges
        await screen.click("exchange-now")
        assert device.exchanges == before + 1
        device.appeal_items = [received("a1")]
        device.exchanged(last_success_ms=NOW, waiting=0)
        await screen.until(
            lambda: any("усе отримано містом" in text for text in screen.said("exchange-line"))
        )


@pytest.mark.anyio
async def test_a_tap_on_the_line_shows_what_reached_whom() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        before = device.exchanges
        await screen.click("exchange-line")
        assert screen.app.section == "outbox"
        assert device.exchanges == before


@pytest.mark.anyio
async def test_at_the_desk_a_tap_on_the_line_exchanges() -> None:
    device = FakeDevice({("desk", "queue/main")})
    async with window(device) as screen:
        before = device.exchanges
        await screen.click("exchange-line")
        assert device.exchanges == before + 1


@pytest.mark.anyio
@pytest.mark.parametrize("room", [*RESIDENT, *BEHIND])
async def test_the_line_is_on_every_screen(room: str) -> None:
    async with window(FakeDevice(), route=f"/{room}") as screen:
        assert screen.app.section == room
        lines = [name for name in screen.names() if name == "exchange-line"]
        assert len(lines) == len(screen.views())


@pytest.mark.anyio
async def test_saving_without_a_connection_does_not_hide_that_there_is_none() -> None:
    device = FakeDevice()
    async with window(device, route="/write") as screen:
        device.exchanged(last_error="unreachable")
        device.state = dataclasses.replace(device.state, last_error=None)  # services do not know
        await filled(screen)
        await screen.click("write-save")
        line = "Немає зв’язку · 1 звернення чекає на цьому пристрої"
        await screen.until(lambda: line in screen.texts())


@pytest.mark.anyio
async def test_what_a_broken_exchange_brought_is_shown() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        device.news_items = [news("n1")]
        device.exchanged(last_error="unreachable")
        await screen.until(lambda: screen.has("news-n1"))


@pytest.mark.anyio
async def test_two_windows_on_one_device_see_the_same() -> None:
    device = FakeDevice()
    target = build_app(Path("unused"), branding=Branding(), open_services=device.services)
    first, second = await Window().run(target), await Window().run(target)
    assert device.exchanges == 1, "one exchange for all windows of a device"
    await second.go("write")
    await filled(second)
    await second.click("write-save")
    await first.go("appeals")
    await first.until(lambda: "Яма" in first.texts())
    await second.close()
    device.exchanged(last_success_ms=NOW, waiting=0)
    await first.until(lambda: any("усе отримано" in text for text in first.texts()))
    await first.close()
