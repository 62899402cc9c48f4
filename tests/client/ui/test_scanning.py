"""The camera in the rooms: what is wanted is taken, what is not is told, and then it goes off."""

from __future__ import annotations

import asyncio

import flet as ft
import pytest

from client.services.courier.types import Taken
from client.services.scanning.pictures import NoDecoder, NotAPicture
from client.viewmodels.phone import CameraTrouble
from client.views.camera import why
from shared_schema.crypto.slip import Slip
from shared_schema.errors import ProtocolError
from shared_schema.sync.frames import Splitter, one_text
from shared_schema.sync.invitation import CODE_PREFIX
from tests.client.ui.fake import FakeDevice, FakePhone
from tests.client.ui.fake_beside import ADDRESS
from tests.client.ui.fake_camera import FakeCamera
from tests.client.ui.fake_doorstep import answered
from tests.client.ui.headless import Window, window

pytestmark = pytest.mark.anyio
LONG = bytes(range(256)) * 4
ROOMS = ("beside", "claim", "round")


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


@pytest.fixture
def phone() -> FakePhone:
    return FakePhone()


async def scanning(screen: Window, phone: FakePhone) -> FakeCamera:
    await screen.click("scan-open")
    camera = phone.cameras[-1]
    await screen.until(lambda: camera.is_on)
    return camera


def off(screen: Window) -> bool:
    return screen.app.scan.camera is None and not screen.has("scan-preview")


async def test_a_slip_is_scanned_and_opens_at_once(device: FakeDevice, phone: FakePhone) -> None:
    device.doorstep.here = [answered()]
    async with window(device, route="/claim", phone=phone) as screen:
        camera = await scanning(screen, phone)
        assert screen.has("scan-preview")
        camera.show("", device.doorstep.slip.qr)
        await screen.until(lambda: any("Майстер буде в четвер." in e for e in screen.texts()))
        await screen.until(lambda: not camera.is_on)
        assert off(screen)


async def test_an_invitation_is_scanned_and_joins_at_once(
    device: FakeDevice, phone: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.services.scanning.scanner.check_city", lambda text, city: None)
    async with window(device, route="/round", phone=phone) as screen:
        camera = await scanning(screen, phone)
        camera.show(CODE_PREFIX + "abc")
        await screen.until(lambda: bool(device.volunteers.joins))
        assert device.volunteers.joins == [CODE_PREFIX + "abc"]
        await screen.until(lambda: off(screen))


async def test_a_neighbours_address_is_scanned_and_visited(
    device: FakeDevice, phone: FakePhone
) -> None:
    async with window(device, route="/beside", phone=phone) as screen:
        camera = await scanning(screen, phone)
        camera.show(ADDRESS.for_qr)
        await screen.until(lambda: device.beside.visited == [str(ADDRESS)])
        await screen.until(lambda: off(screen) and screen.has("beside-done"))


async def test_a_sequence_fills_the_bar_and_ends_by_itself(
    device: FakeDevice, phone: FakePhone
) -> None:
    device.beside.result = Taken(replies=1)
    frames = Splitter(LONG, 100)
    async with window(device, route="/beside", phone=phone) as screen:
        camera = await scanning(screen, phone)
        camera.show(frames.text(0), frames.text(0), frames.text(7), frames.text(2))
        await screen.until(lambda: screen.app.scan.have == 3)
        await screen.settle()
        assert "Прочитано 3 з 11 частин. Тримайте камеру на екрані." in screen.texts()
        (bar,) = (each for each in screen.controls() if isinstance(each, ft.ProgressBar))
        assert bar.value == pytest.approx(3 / 11)
        assert not device.beside.taken
        camera.show(*(frames.text(number) for number in range(11, 40)))
        await screen.until(lambda: device.beside.taken == [LONG])
        await screen.until(lambda: off(screen) and not camera.is_on)
        assert "Узято 1 відповідь міста для інших." in screen.said("beside-done")[0]


async def test_what_was_read_before_the_room_was_left_counts_when_one_is_back(
    device: FakeDevice, phone: FakePhone
) -> None:
    frames = Splitter(LONG, 100)
    async with window(device, route="/beside", phone=phone) as screen:
        camera = await scanning(screen, phone)
        camera.show(*(frames.text(number) for number in range(6)))
        await screen.until(lambda: screen.app.scan.have == 6)
        screen.app.go("home")
        await screen.until(lambda: not camera.is_on)
        screen.app.go("beside")
        await screen.settle()
        again = await scanning(screen, phone)
        again.show(frames.text(6))
        await screen.until(lambda: screen.app.scan.have == 7)


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("how", ["closed", "another room", "back", "hidden", "window gone"])
async def test_leaving_in_any_way_turns_the_camera_off(
    device: FakeDevice, phone: FakePhone, room: str, how: str
) -> None:
    async with window(device, route=f"/{room}", phone=phone) as screen:
        camera = await scanning(screen, phone)
        if how == "closed":
            await screen.click("scan-close")
        elif how == "another room":
            screen.app.go("home")
        elif how == "back":
            await screen.back_gesture()
        elif how == "hidden":
            await screen.life(ft.AppLifecycleState.HIDE)
        else:
            screen.app.leave()
        await screen.until(lambda: not camera.is_on)
        assert screen.app.scan.camera is None


@pytest.mark.parametrize(
    ("room", "shown", "said"),
    [
        ("claim", ADDRESS.for_qr, "Це адреса сусіднього пристрою."),
        ("claim", one_text(b"x" * 50), "Це передача."),
        ("beside", Slip(b"9876543210", b"c" * 16).qr, "Це талон."),
        ("claim", Slip(b"9876543210", b"d" * 16).qr, "Це код іншого міста."),
        ("round", Slip(b"9876543210", b"c" * 16).qr, "Скануйте його в розділі «Талон»."),
        ("beside", "https://example.org", "Це не код Misto."),
        ("round", "misto:invite/9/x", "Цього коду застосунок ще не знає."),
    ],
)
async def test_a_code_that_is_not_wanted_is_told_and_the_camera_goes_on(
    device: FakeDevice, phone: FakePhone, room: str, shown: str, said: str
) -> None:
    async with window(device, route=f"/{room}", phone=phone) as screen:
        camera = await scanning(screen, phone)
        camera.show(shown)
        await screen.until(lambda: screen.has("scan-hint"))
        assert said in screen.said("scan-hint")[0]
        assert camera.is_on
        assert not device.beside.taken
        assert not device.doorstep.open


async def test_the_hint_goes_when_the_right_code_comes(
    device: FakeDevice, phone: FakePhone
) -> None:
    async with window(device, route="/beside", phone=phone) as screen:
        camera = await scanning(screen, phone)
        camera.show("https://example.org")
        await screen.until(lambda: screen.has("scan-hint"))
        camera.show(Splitter(LONG, 100).text(0))
        await screen.until(lambda: not screen.has("scan-hint"))


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (CameraTrouble("denied"), "Дозвольте її в налаштуваннях"),
        (CameraTrouble("no_camera"), "Введіть код текстом"),
        (CameraTrouble("failed"), "закрийте його й спробуйте ще раз"),
    ],
)
async def test_without_a_camera_it_is_said_what_to_do_and_typing_is_there(
    device: FakeDevice, phone: FakePhone, trouble: Exception, said: str
) -> None:
    phone.trouble = trouble
    async with window(device, route="/claim", phone=phone) as screen:
        await screen.click("scan-open")
        await screen.until(lambda: screen.has("scan-problem"))
        assert said in screen.said("scan-problem")[0]
        assert screen.has("claim-words")
        phone.trouble = None
        await scanning(screen, phone)
        await screen.settle()
        assert not screen.has("scan-problem"), "trying again begins anew"


async def test_without_zbar_the_camera_is_not_even_asked(
    device: FakeDevice, phone: FakePhone
) -> None:
    async with window(device, route="/claim", phone=phone) as screen:
        device.fail = NoDecoder()
        await screen.click("scan-open")
        await screen.until(lambda: screen.has("scan-problem"))
        assert "Введіть код текстом" in screen.said("scan-problem")[0]
        assert not phone.cameras[-1].is_on


async def test_a_forgotten_camera_goes_off_by_itself(
    device: FakeDevice, phone: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.viewmodels.scanning.QUIET_S", -1.0)
    async with window(device, route="/claim", phone=phone) as screen:
        camera = await scanning(screen, phone)
        camera.show("")
        await screen.until(lambda: screen.has("scan-problem"))
        assert "щоб берегти батарею" in screen.said("scan-problem")[0]
        assert not camera.is_on


@pytest.mark.parametrize("room", ROOMS)
async def test_a_device_that_cannot_have_a_camera_has_no_button(
    device: FakeDevice, phone: FakePhone, room: str
) -> None:
    phone.has_camera = False
    async with window(device, route=f"/{room}", phone=phone) as screen:
        assert not screen.has("scan-open")


async def test_one_spoiled_picture_is_passed_over(device: FakeDevice, phone: FakePhone) -> None:
    async with window(device, route="/beside", phone=phone) as screen:
        camera = await scanning(screen, phone)
        device.fail = NotAPicture()
        camera.show("", ADDRESS.for_qr)
        await screen.until(lambda: bool(device.beside.visited))


async def test_a_handover_that_cannot_be_taken_is_told_and_the_camera_goes_off(
    device: FakeDevice, phone: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(text: str) -> None:
        raise ProtocolError("x")

    monkeypatch.setattr(device.beside, "scan", fails)
    async with window(device, route="/beside", phone=phone) as screen:
        camera = await scanning(screen, phone)
        camera.show(one_text(b"x" * 60))
        await screen.until(lambda: bool(screen.app.notice))
        await screen.until(lambda: off(screen) and not camera.is_on)


async def test_a_slip_found_as_the_room_is_left_does_not_open(
    device: FakeDevice, phone: FakePhone
) -> None:
    device.doorstep.here = [answered()]
    async with window(device, route="/claim", phone=phone) as screen:
        camera = await scanning(screen, phone)
        camera.show(device.doorstep.slip.qr)
        screen.app.go("home")
        await screen.until(lambda: not camera.is_on)
        await asyncio.sleep(0.05)
        assert screen.app.claim.claimed is None
        assert all(each.closed for each in device.doorstep.open)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("CameraException(CameraAccessDenied, The camera cannot be used or the …", "denied"),
        ("CameraException(CameraAccessDeniedWithoutPrompt, User has …", "denied"),
        ("CameraException(CameraAccessRestricted, …", "denied"),
        ("CameraException(cameraPermission, …", "denied"),
        ("CameraException(cameraNotFound, No camera found for the given …", "no_camera"),
        ("CameraException(cameraNotReadable, …", "failed"),
        ("", "failed"),
    ],
)
def test_the_plugins_words_say_why(said: str, reason: str) -> None:
    assert why(said) == reason
