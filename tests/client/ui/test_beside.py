"""Handing over nearby: nothing is shown or served unless asked, and nothing after one has left."""

from __future__ import annotations

import asyncio
import random

import flet as ft
import pytest

from client.services.courier.lan import CannotServe, NoNetwork, Served, Visited
from client.services.courier.types import Refused, Taken
from client.transports.http import Unreachable
from client.viewmodels import beside
from client.viewmodels.beside import results, visited
from client.viewmodels.phone import Shared
from shared_schema.errors import ProtocolError
from shared_schema.sync.frames import Splitter, one_text
from shared_schema.sync.lan_address import LanAddress
from tests.client.ui.fake import FakeDevice, FakePhone
from tests.client.ui.fake_beside import ADDRESS
from tests.client.ui.headless import Window, window

pytestmark = pytest.mark.anyio
LONG = random.Random(5).randbytes(1_000)


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "CODE_S", 0.02)


def picture(screen: Window) -> bytes:
    """The code on the screen, or nothing."""
    images = [c for c in screen.controls() if isinstance(c, ft.Image)]
    return bytes(images[0].src) if images and isinstance(images[0].src, bytes) else b""


async def test_the_outbox_leads_here_and_nothing_is_shown_or_served_unasked(
    device: FakeDevice,
) -> None:
    device.beside.bundles = [LONG]
    async with window(device, route="/outbox") as screen:
        await screen.click("outbox-beside")
        assert screen.app.section == "beside"
        assert not picture(screen)
        assert not device.beside.is_open


async def test_a_long_bundle_is_code_after_code_until_it_is_hidden(device: FakeDevice) -> None:
    device.beside.bundles = [LONG]
    async with window(device, route="/beside") as screen:
        await screen.click("beside-codes")
        seen = {picture(screen)}
        for _ in range(4):
            await screen.until(lambda: picture(screen) not in seen)
            seen.add(picture(screen))
        assert "" not in seen
        assert any("усього треба 10" in each for each in screen.texts())
        await screen.click("beside-codes")
        assert not picture(screen)
        assert still(screen)


def still(screen: Window) -> bool:
    return screen.app.beside._showing is None


async def test_what_fits_in_one_code_stands_still(device: FakeDevice) -> None:
    device.beside.bundles, device.beside.piece_bytes = [LONG[:200]], 200
    async with window(device, route="/beside") as screen:
        await screen.click("beside-codes")
        assert picture(screen)
        assert still(screen)


async def test_parts_come_one_after_the_other_and_round(device: FakeDevice) -> None:
    device.beside.bundles = [LONG, LONG[::-1]]
    device.beside.left_out = 1
    async with window(device, route="/beside") as screen:
        await screen.click("beside-codes")
        assert "Частина 1 з 2" in screen.texts()
        assert any("завелике" in each for each in screen.texts())
        await screen.click("beside-next")
        assert "Частина 2 з 2" in screen.texts()
        await screen.click("beside-next")
        assert "Частина 1 з 2" in screen.texts()


async def test_nothing_to_show_is_said(device: FakeDevice) -> None:
    async with window(device, route="/beside") as screen:
        await screen.click("beside-codes")
        assert "Зараз нічого передавати." in screen.texts()


@pytest.mark.parametrize("how", ["another room", "back", "hidden"])
async def test_leaving_ends_the_codes_and_shuts_the_door(device: FakeDevice, how: str) -> None:
    device.beside.bundles = [LONG]
    async with window(device, route="/beside") as screen:
        await screen.click("beside-codes")
        await screen.click("beside-door")
        assert device.beside.is_open
        if how == "another room":
            screen.app.go("home")
        elif how == "back":
            await screen.back_gesture()
        else:
            await screen.life(ft.AppLifecycleState.HIDE)
        await screen.until(lambda: not device.beside.is_open)
        assert still(screen)
        assert not screen.app.beside.codes.picture
        assert not screen.app.beside.address


async def test_a_window_that_is_closed_shuts_its_door(device: FakeDevice) -> None:
    async with window(device, route="/beside") as screen:
        await screen.click("beside-door")
        screen.app.leave()
        await asyncio.to_thread(device.beside.was_shut.wait, 10)
        assert not device.beside.is_open


async def test_a_door_follows_the_device_to_another_network(
    device: FakeDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "FOLLOW_S", 0.05)
    hotspot = LanAddress("172.20.10.1", 8312, ADDRESS.fingerprint)
    async with window(device, route="/beside") as screen:
        await screen.click("beside-door")
        assert str(ADDRESS) in screen.texts()
        device.beside.moved = hotspot
        await screen.until(lambda: str(hotspot) in screen.texts())
        assert str(ADDRESS) not in screen.texts()
        device.fail = CannotServe("in use")
        await screen.until(lambda: not screen.app.beside.address)
        assert screen.has("notice")


async def test_an_open_door_shows_its_address_and_tells_who_came(device: FakeDevice) -> None:
    async with window(device, route="/beside") as screen:
        await screen.click("beside-door")
        assert str(ADDRESS) in screen.texts()
        assert picture(screen)
        device.beside.served = Served(2, Taken(requests=3))
        exchanges = device.exchanges
        await asyncio.to_thread(device.beside.heard)
        await screen.until(lambda: screen.has("beside-done"))
        assert "Було 2 обміни" in screen.texts()
        assert "Узято 3 передачі від інших." in screen.said("beside-done")[0]
        await screen.until(lambda: device.exchanges > exchanges)  # it goes on to the city at once
        await screen.click("beside-door")
        assert not device.beside.is_open


async def test_a_neighbour_that_was_found_is_visited(device: FakeDevice) -> None:
    async with window(device, route="/beside") as screen:
        await screen.click("beside-look")
        assert any("Нікого не знайдено" in each for each in screen.texts())
        device.beside.neighbours = [ADDRESS]
        device.beside.went = Visited(given=1, taken=Taken(settled=2, arrived=1))
        await screen.click("beside-look")
        await screen.click("beside-found-0")
        await screen.until(lambda: screen.has("beside-done"))
        assert device.beside.visited == [str(ADDRESS)]
        (told,) = screen.said("beside-done")
        assert told.split("\n") == [
            "Сусід узяв ваше.", "Місто відповіло про 2 ваші записи.", "Прийшов 1 новий запис.",
        ]  # fmt: skip


async def test_an_address_is_typed_and_the_field_is_empty_afterwards(device: FakeDevice) -> None:
    device.beside.went = Visited(given=1, problem="cut")
    async with window(device, route="/beside") as screen:
        await screen.type("beside-typed", f"  {ADDRESS}\n")
        await screen.click("beside-visit")
        await screen.until(lambda: screen.has("beside-done"))
        assert device.beside.visited == [str(ADDRESS)]
        assert "Зв’язок урвався" in screen.said("beside-done")[0]
        assert screen.field("beside-typed") == ""


async def test_codes_that_a_camera_has_read_are_pasted(device: FakeDevice) -> None:
    device.beside.result = Taken(replies=1)
    long = Splitter(LONG, 400)
    async with window(device, route="/beside") as screen:
        for number in (2, 0, 1):
            assert not device.beside.taken
            await screen.type("beside-typed", long.text(number))
            await screen.click("beside-visit")
            await screen.until(lambda: screen.field("beside-typed") == "")
        assert device.beside.taken == [LONG]
        assert "Узято 1 відповідь міста для інших." in screen.said("beside-done")[0]
        await screen.type("beside-typed", one_text(b"another"))
        await screen.click("beside-visit")
        await screen.until(lambda: len(device.beside.taken) == 2)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nonsense", "Це не адреса й не код"),
        ("misto:lan/1/8.8.8.8:80/aaaaaaaaaaaaaaaa", "Це не адреса й не код"),
        ("MISTO:F/1/AAAA", "Це не передача Misto"),
    ],
)
async def test_what_is_neither_is_said(device: FakeDevice, typed: str, said: str) -> None:
    async with window(device, route="/beside") as screen:
        await screen.type("beside-typed", typed)
        await screen.click("beside-visit")
        await screen.until(lambda: bool(screen.app.notice))
        assert any(each.startswith(said) for each in screen.texts())
        assert screen.field("beside-typed") != "", "it can be mended"


@pytest.mark.parametrize(
    ("tapped", "error", "said"),
    [
        ("beside-door", NoNetwork(), "Увімкніть Wi-Fi або точку доступу"),
        ("beside-look", OSError("no"), "Не вийшло"),
        ("beside-codes", OSError("no"), "Не вийшло"),
        ("beside-load", ProtocolError("x"), "Це не передача Misto"),
    ],
)
async def test_what_fails_is_told_with_what_to_do(
    device: FakeDevice, tapped: str, error: Exception, said: str
) -> None:
    device.fail = error
    phone = FakePhone()
    phone.file = b"x"
    async with window(device, route="/beside", phone=phone) as screen:
        await screen.click(tapped)
        await screen.until(lambda: bool(screen.app.notice))
        assert any(said in each for each in screen.texts())
        assert not screen.app.beside.busy


async def test_a_neighbour_who_is_gone_is_told(device: FakeDevice) -> None:
    device.beside.neighbours = [ADDRESS]
    async with window(device, route="/beside") as screen:
        await screen.click("beside-look")
        device.fail = Unreachable()
        await screen.click("beside-found-0")
        await screen.until(lambda: screen.app.notice == "trouble.nobody_there")


async def test_files_go_out_and_come_in(device: FakeDevice) -> None:
    device.beside.bundles = [b"one", b"two"]
    phone = FakePhone()
    async with window(device, route="/beside", phone=phone) as screen:
        await screen.click("beside-save")
        await screen.until(lambda: screen.has("beside-done"))
        assert phone.files == {"misto.bundle": b"one", "misto-2.bundle": b"two"}
        assert device.beside.times_given == 1
        assert "Збережено 2 файли" in screen.said("beside-done")[0]
        phone.file = b"from a courier"
        await screen.click("beside-load")
        await screen.until(lambda: device.beside.taken == [b"from a courier"])
        assert "Нового для вас немає." in screen.said("beside-done")[0]


async def test_a_file_that_was_not_saved_is_not_with_a_courier(device: FakeDevice) -> None:
    device.beside.bundles = [b"one"]
    phone = FakePhone()
    phone.takes_files = False
    async with window(device, route="/beside", phone=phone) as screen:
        await screen.click("beside-save")
        await screen.until(lambda: screen.has("beside-done"))
        assert "Файл не збережено." in screen.said("beside-done")[0]
        assert device.beside.times_given == 0


@pytest.mark.parametrize(
    ("went", "said", "times_given"),
    [
        ("yes", "Файл надіслано.", 1),
        ("no", "Файл не надіслано.", 0),
        ("unknown", "Система не каже, чи файл надіслано.", 0),
    ],
)
async def test_a_file_in_the_share_sheet_is_with_a_courier_only_if_the_phone_says_so(
    device: FakeDevice, went: Shared, said: str, times_given: int
) -> None:
    device.beside.bundles = [b"one", b"two"]
    phone = FakePhone()
    phone.shared = went
    async with window(device, route="/beside", phone=phone) as screen:
        await screen.click("beside-share")
        await screen.until(lambda: screen.has("beside-done"))
        assert phone.files == {"misto.bundle": b"one", "misto-2.bundle": b"two"}
        assert said in screen.said("beside-done")[0]
        assert device.beside.times_given == times_given


async def test_without_a_share_sheet_none_is_offered(device: FakeDevice) -> None:
    async with window(device, route="/beside", phone=FakePhone()) as screen:
        assert screen.has("beside-save")
        assert not screen.has("beside-share")


def test_results_are_told_in_full_and_nothing_is_told_as_nothing() -> None:
    taken = Taken(requests=1, refused=(Refused("request", "full", 2),), flaw="cut")
    assert results(taken) == (("beside.requests", 1), ("beside.refused", 2), ("beside.short", 0))
    assert results(Taken()) == (("beside.nothing_new", 0),)
    both = visited(Visited(given=1, problem="cut", taken=taken))
    assert [key for key, _ in both if key in ("beside.cut", "beside.short")] == ["beside.cut"]
