"""Finding one's way: five rooms, a back that leads where one came from, honest addresses."""

from __future__ import annotations

from pathlib import Path

import flet as ft
import pytest

from client.branding import Branding
from client.main import build_app
from client.viewmodels.navigation import BEHIND, RESIDENT, address, bar_of, behind_of, parsed
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import NOW, alert, answered, news, place, schedule

pytestmark = pytest.mark.anyio


@pytest.fixture
def device() -> FakeDevice:
    device = FakeDevice()
    device.news_items = [news("n1"), alert("u1")]
    device.appeal_items = [answered("a1")]
    device.places, device.schedules = [place("p1")], [schedule()]
    return device


def bar(screen: Window) -> ft.NavigationBar:
    return next(c for c in screen.controls() if isinstance(c, ft.NavigationBar))


async def test_a_resident_s_bar_has_five_rooms_and_begins_at_home(device: FakeDevice) -> None:
    async with window(device) as screen:
        labels = [each.label for each in bar(screen).destinations]
        assert labels == ["Головна", "Новини", "Написати", "Мої", "Поруч"]
        assert bar(screen).selected_index == 0
        for at, room in enumerate(RESIDENT):
            await screen.fire(bar(screen), "change", selected_index=at)
            assert screen.app.section == room
            assert len(screen.views()) == 1


@pytest.mark.parametrize("room", BEHIND)
@pytest.mark.parametrize("under", RESIDENT)
async def test_back_from_a_room_behind_the_bar_leads_to_the_one_under_it(
    device: FakeDevice, room: str, under: str
) -> None:
    async with window(device) as screen:
        await screen.go(under)
        await screen.go(room)
        assert len(screen.views()) == 2
        await screen.click("back")
        assert (screen.app.section, len(screen.views())) == (under, 1)


async def test_the_system_s_back_does_the_same(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.go("news")
        await screen.click("news-n1")
        assert len(screen.views()) == 2
        await screen.back_gesture()
        assert (screen.app.section, screen.app.record) == ("news", "")


@pytest.mark.parametrize(
    "route", ["/nowhere", "/queue/xyz", "/news/gone", "//", "/%F0", "/settings/x", "/appeals/a1/b"]
)
async def test_an_odd_address_leaves_a_window_that_works(device: FakeDevice, route: str) -> None:
    async with window(device, route=route) as screen:
        assert screen.has("exchange-line")
        await screen.go("write")
        assert screen.has("write-title")


@pytest.mark.parametrize(
    ("route", "name"),
    [("/news/n1", "exchange-line"), ("/appeals/a1", "custody"), ("/places/p1", "report-closed"),
     ("/outages", "supply-power"), ("/outbox", "outbox-exchange"), ("/settings", "ask-wipe")],
)  # fmt: skip
async def test_an_address_opens_what_it_names(device: FakeDevice, route: str, name: str) -> None:
    async with window(device, route=route) as screen:
        await screen.until(lambda: screen.has(name))
        await screen.click("back")
        assert len(screen.views()) == 1


async def test_an_address_typed_later_is_followed(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.address("/appeals/a1")
        await screen.until(lambda: screen.has("custody"))


async def test_a_wide_window_has_a_rail_with_every_room_and_two_panes(device: FakeDevice) -> None:
    async with window(device, width=1280) as screen:
        rail = next(c for c in screen.controls() if isinstance(c, ft.NavigationRail))
        labels = [each.label for each in rail.destinations]
        assert {"Головна", "Відключення", "Налаштування"} <= set(labels)
        await screen.fire(rail, "change", selected_index=labels.index("Новини"))
        assert "Оберіть новину" in screen.texts()
        await screen.click("news-n1")
        await screen.until(lambda: "Підпис редакції перевірено" in screen.texts())
        assert len(screen.views()) == 1
        await screen.resize(390)
        assert len(screen.views()) == 2


async def test_turning_the_phone_loses_no_words(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await screen.type("write-title", "Яма")
        await screen.resize(900)
        assert screen.field("write-title") == "Яма"
        await screen.resize(390)
        assert screen.field("write-title") == "Яма"


async def test_a_notice_does_not_follow_into_the_next_room(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await screen.click("write-here")
        await screen.until(lambda: screen.has("notice"))
        await screen.go("news")
        assert not screen.has("notice")


async def test_a_hidden_app_asks_nobody_and_one_that_is_shown_asks_at_once(
    device: FakeDevice,
) -> None:
    async with window(device) as screen:
        await screen.life(ft.AppLifecycleState.HIDE)
        assert device.paused
        before = device.exchanges
        await screen.life(ft.AppLifecycleState.RESUME)
        assert not device.paused
        assert device.exchanges > before


async def test_one_visible_window_is_enough_to_go_on(device: FakeDevice) -> None:
    target = build_app(Path("unused"), branding=Branding(), open_services=device.services)
    first, second = await Window().run(target), await Window().run(target)
    await first.life(ft.AppLifecycleState.HIDE)
    assert not device.paused
    second.app.leave()
    assert device.paused
    third = await Window().run(target)
    assert not device.paused, "a window that is opened later is looked at"
    for screen in (first, second, third):
        await screen.close()


async def test_a_browser_that_is_gone_looks_at_nothing_until_it_is_back(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.fire(screen.page, "disconnect")
        assert device.paused
        before = device.exchanges
        await screen.fire(screen.page, "connect")
        assert not device.paused
        assert device.exchanges > before


async def test_a_network_that_comes_back_is_used_at_once(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.go("news")  # after an event, Flet forgets services that nobody holds
        before = device.exchanges
        await screen.network("wifi")
        assert device.exchanges == before + 1
        await screen.network("none")
        assert device.exchanges == before + 1


async def test_an_exchange_that_was_asked_for_says_that_it_runs(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.click("exchange-now")
        device.on_state(device.state.__class__(NOW, 0, 0, running=True))
        await screen.until(lambda: any("Обмінюємося з містом" in t for t in screen.texts()))
        device.exchanged(last_success_ms=NOW)
        await screen.until(lambda: not any("Обмінюємося" in t for t in screen.texts()))


def test_every_role_has_its_rooms() -> None:
    assert bar_of(set()) == RESIDENT
    assert bar_of({"desk", "newsroom"}) == ("queue", "reports", "newsroom", "news")
    assert "outbox" in behind_of(set())
    assert "outbox" not in behind_of({"desk"})


@pytest.mark.parametrize("room", ["news", "appeals"])
def test_an_address_means_what_it_was_made_from(room: str) -> None:
    assert parsed(address(room, "ab12")) == (room, "ab12")
    assert parsed(address(room)) == (room, "")
