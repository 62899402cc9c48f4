"""A desk's volunteers: a code that is shown once, and an end that takes two taps."""

from __future__ import annotations

from typing import Any

import pytest

from client.services import qr
from client.storage.errors import StorageFull
from tests.client.ui.fake import FakeDevice
from tests.client.ui.fake_rounds import code, invited
from tests.client.ui.headless import window
from tests.client.ui.samples import HOUR, NOW

pytestmark = pytest.mark.anyio
MONTH = 30 * 24 * HOUR


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice({("desk", "queue/general")})


async def test_an_invitation_is_words_and_a_code_and_is_shown_once(device: FakeDevice) -> None:
    async with window(device, route="/settings") as screen:
        await screen.click("settings-volunteers")
        await screen.until(lambda: screen.has("volunteers-invite"))
        await screen.select("volunteers-district", "Кам’янка")
        await screen.click("volunteers-days-90")
        await screen.type("volunteers-name", " Оля, п’ятий під’їзд ")
        await screen.click("volunteers-invite")
        await screen.until(lambda: screen.has("volunteers-code"))
        made = device.volunteers.items[0]
        assert (made.district, made.until_ms) == ("Кам’янка", NOW + 3 * MONTH)
        assert (made.name, made.scope) == ("Оля, п’ятий під’їзд", "queue/general")
        (words,) = screen.said("volunteers-words")
        assert words.split() == [*code("", 0).words]
        await screen.click("volunteers-done")
        assert not screen.has("volunteers-code")
        assert screen.app.volunteers.code is None
        assert words not in screen.texts()


async def test_the_picture_is_the_code_itself(device: FakeDevice) -> None:
    async with window(device, route="/volunteers") as screen:
        await screen.click("volunteers-invite")
        made = screen.app.volunteers.code
        assert made is not None
        images: list[Any] = [c for c in screen.controls() if type(c).__name__ == "Image"]
        assert [image.src for image in images] == [qr.drawn(made.text)]


async def test_each_invitation_says_how_it_stands(device: FakeDevice) -> None:
    device.volunteers.items = [
        invited("a1"), invited("a2", state="joined", device="ef" * 16),
        invited("a3", state="joined", device="ee" * 16, confirmed=True, name=""),
        invited("a4", state="past"), invited("a5", state="dismissed"),
    ]  # fmt: skip
    async with window(device, route="/volunteers") as screen:
        assert "Ще не скористалися" in screen.said("invited-a1")
        assert "Волонтер · місто ще не підтвердило" in screen.said("invited-a2")
        assert "Пристрій efefefef" in screen.said("invited-a2")
        assert "Волонтер" in screen.said("invited-a3")
        assert "Без імені" in screen.said("invited-a3")
        assert "Термін минув" in screen.said("invited-a4")
        assert "Відкликано" in screen.said("invited-a5")
        assert [screen.has(f"dismiss-a{n}") for n in range(1, 6)] == [True] * 3 + [False] * 2


async def test_ending_one_takes_two_taps_and_can_be_taken_back(device: FakeDevice) -> None:
    device.volunteers.items = [invited("a1"), invited("a2")]
    async with window(device, route="/volunteers") as screen:
        await screen.click("dismiss-a1")
        await screen.click("dismiss-no")
        assert [each.state for each in device.volunteers.items] == ["open", "open"]
        await screen.click("dismiss-a2")
        await screen.click("dismiss-yes")
        await screen.until(lambda: "Відкликано" in screen.said("invited-a2"))
        assert [each.state for each in device.volunteers.items] == ["open", "dismissed"]


async def test_an_invitation_that_was_not_saved_shows_no_code(device: FakeDevice) -> None:
    async with window(device, route="/volunteers") as screen:
        device.fail = StorageFull("disk")
        await screen.click("volunteers-invite")
        await screen.until(lambda: screen.has("notice"))
        assert not screen.has("volunteers-code")


@pytest.mark.parametrize("roles", [set(), {("newsroom", "news")}])
async def test_only_a_desk_has_the_room(roles: set[tuple[str, str]]) -> None:
    async with window(FakeDevice(roles), route="/settings") as screen:
        assert not screen.has("settings-volunteers")
        assert screen.has("settings-round") is (not roles)
        assert "volunteers" not in (*screen.app.sections, *screen.app.behind)


async def test_two_queues_are_asked_for(device: FakeDevice) -> None:
    device.granted = {("desk", "queue/general"), ("desk", "queue/water")}
    async with window(device, route="/volunteers") as screen:
        await screen.select("volunteers-queue", "queue/water")
        await screen.click("volunteers-invite")
        await screen.until(lambda: screen.has("volunteers-code"))
        assert device.volunteers.items[0].scope == "queue/water"
