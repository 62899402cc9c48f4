"""Outages: what is not known is never shown as light."""

from __future__ import annotations

import flet as ft
import pytest

from client.services.prefs import Preferences
from client.viewmodels.outages import Supply
from client.views.outages import SIGNS
from shared_schema.records.outage import Stretch
from tests.client.ui.conftest import Clock
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import (
    DAY,
    HOUR,
    MAYBE,
    MINUTE,
    NOW,
    OFF,
    ON,
    announcement,
    schedule,
)
from tests.client.ui.tree import controls_in

pytestmark = pytest.mark.anyio


@pytest.fixture
def device() -> FakeDevice:
    """A person of Садова street, whose queue is 3.1."""
    device = FakeDevice()
    device.prefs.kept = Preferences(address="Садова, 5")
    return device


def now(screen: Window, utility: str = "power") -> str:
    return " ".join(screen.said(f"supply-now-{utility}"))


async def test_nothing_published_says_so_and_claims_nothing(device: FakeDevice) -> None:
    async with window(device, route="/outages") as screen:
        assert screen.has("outages-empty")
        assert not {"Є", "Немає"} & set(screen.texts())


@pytest.mark.parametrize(
    ("day", "said"), [(ON, "Є, найближчу"), (OFF, "Немає, найближчу"), (MAYBE, "Може не бути")]
)
async def test_the_own_queue_says_what_there_is(device: FakeDevice, day: str, said: str) -> None:
    device.schedules = [schedule(week=[day] * 7)]
    async with window(device, route="/outages") as screen:
        assert now(screen).startswith(said)
        assert any("за вашою адресою" in text for text in screen.said("supply-power"))


async def test_an_exception_stands_on_top_and_above_the_schedule(device: FakeDevice) -> None:
    device.schedules = [schedule(week=[ON] * 7)]
    device.announcements = [announcement("x1")]
    async with window(device, route="/outages") as screen:
        said = screen.said("supply-power")
        banner = screen.said("announced-x1")[0]
        assert banner.startswith("Аварія на підстанції")
        assert said.index(banner) < said.index(now(screen))
        assert now(screen).startswith("Немає до")
        assert any("(Аварія на підстанції)" in text for text in said)


@pytest.mark.parametrize(
    "more", [{"queues": ["5.2"]}, {"district": "Затишшя"}, {"utility": "water"}]
)
async def test_somebody_else_s_exception_is_not_shown_as_one_s_own(
    device: FakeDevice, more: dict[str, object]
) -> None:
    device.schedules = [schedule(week=[ON] * 7)]
    device.announcements = [announcement("x1", **more)]
    async with window(device, route="/outages") as screen:
        assert now(screen).startswith("Є")


async def test_an_exception_that_ends_while_on_the_screen_leaves_it(
    device: FakeDevice, clock: Clock
) -> None:
    device.schedules = [schedule(week=[ON] * 7)]
    device.announcements = [announcement("x1", until_ms=NOW + 5 * MINUTE)]
    async with window(device, route="/outages") as screen:
        assert now(screen).startswith("Немає")
        clock.on(screen, 5 * MINUTE)
        await screen.until(lambda: not screen.has("announced-x1"))
        assert now(screen).startswith("Є")


async def test_without_a_queue_the_room_asks_for_one(device: FakeDevice) -> None:
    device.prefs.kept = Preferences()
    device.schedules = [schedule("s1"), schedule("s2", queue="5.2", streets=["Шкільна"])]
    async with window(device, route="/outages") as screen:
        said = screen.said("supply-power")
        assert "Вкажіть адресу або чергу" in said
        assert not screen.has("supply-now-power")
        assert not any(text.startswith("Є") for text in said)


async def test_the_address_finds_the_queue_and_is_kept(device: FakeDevice) -> None:
    device.prefs.kept = Preferences()
    device.schedules = [schedule("s1"), schedule("s2", queue="5.2", streets=["Шкільна"])]
    async with window(device, route="/outages") as screen:
        await screen.type("outages-address", " Шкільна, 12 ")
        await screen.click("outages-find")
        await screen.until(lambda: any("Черга 5.2 ·" in text for text in screen.texts()))
        assert device.prefs.kept.address == "Шкільна, 12"


async def test_what_is_typed_survives_the_clock(device: FakeDevice, clock: Clock) -> None:
    device.schedules = [schedule()]
    async with window(device, route="/outages") as screen:
        await screen.type("outages-address", "Шкіль")
        clock.on(screen, MINUTE)
        device.exchanged(last_success_ms=NOW)
        await screen.settle()
        assert screen.field("outages-address") == "Шкіль"


async def test_a_queue_chosen_by_hand_goes_before_the_address(device: FakeDevice) -> None:
    device.schedules = [schedule("s1"), schedule("s2", queue="5.2", week=[OFF] * 7)]
    async with window(device, route="/outages") as screen:
        assert now(screen).startswith("Є")
        await screen.select("queue-power", "5.2")
        await screen.until(lambda: now(screen).startswith("Немає"))
        assert device.prefs.kept.queues == {"power": "5.2"}
        assert any("обрано вами" in text for text in screen.texts())
        await screen.select("queue-power", "*")
        await screen.until(lambda: now(screen).startswith("Є"))
        assert device.prefs.kept.queues == {}


async def test_the_only_queue_of_a_district_is_its_people_s(device: FakeDevice) -> None:
    device.prefs.kept = Preferences(district="Центр")
    device.schedules = [schedule(streets=[], district="Центр")]
    async with window(device, route="/outages") as screen:
        assert now(screen).startswith("Є")
        assert any("за вашим районом" in text for text in screen.texts())


async def test_a_stale_schedule_says_so_and_is_not_relied_on(device: FakeDevice) -> None:
    device.schedules = [schedule(expires_at_ms=NOW - HOUR)]
    async with window(device, route="/outages") as screen:
        assert "Новішого тут немає" in screen.said("stale-power")[0]
        assert now(screen).startswith("Невідомо")
        assert not any(text.startswith("Є") for text in screen.said("supply-power"))
        assert "Вкажіть адресу або чергу" not in screen.texts(), "the queue is known"


async def test_a_schedule_that_ends_today_is_not_stretched_over_tomorrow(
    device: FakeDevice,
) -> None:
    device.schedules = [schedule(expires_at_ms=NOW + 2 * HOUR)]
    async with window(device, route="/outages") as screen:
        assert now(screen).startswith("Є до")
        assert now(screen).endswith("далі невідомо")


async def test_hours_that_were_read_long_ago_are_not_those_of_now(
    device: FakeDevice, clock: Clock
) -> None:
    device.schedules = [schedule()]
    async with window(device, route="/outages") as screen:
        clock.on(screen, 2 * DAY)
        await screen.until(lambda: not screen.has("supply-now-power"))
        assert "Невідомо" in screen.said("supply-power")


async def test_every_utility_has_its_card_in_its_order_and_new_ones_too(
    device: FakeDevice,
) -> None:
    device.schedules = [
        schedule("s1", utility="steam"),
        schedule("s2", utility="water"),
        schedule("s3"),
    ]
    async with window(device, route="/outages") as screen:
        order = ("supply-power", "supply-water", "supply-steam")
        assert [name for name in screen.names() if name in order] == [*order]
        assert "steam" in screen.said("supply-steam")


async def test_the_strip_is_one_picture_and_the_list_says_the_same_in_words(
    device: FakeDevice,
) -> None:
    half = "-" * 24 + "+" * 24
    device.schedules = [schedule(week=[half] * 7)]
    async with window(device, route="/outages") as screen:
        card = screen.named("supply-power")
        strips = [c for c in controls_in(card) if isinstance(c, ft.Semantics) and c.image]
        assert len(strips) == 1
        assert strips[0].exclude_semantics
        assert strips[0].label
        spans = [text for text in screen.said("supply-power") if "–" in text]
        assert len(spans) == len(screen.app.outages.supplies[0].stretches)
        assert all(text.endswith(("Є", "Немає")) for text in spans)


def test_what_is_unknown_looks_like_nothing_else() -> None:
    assert len(set(SIGNS.values())) == len(SIGNS) == 4


def test_a_supply_forgets_what_is_over() -> None:
    stretches = (Stretch(0, 10, "off", ""), Stretch(10, 20, "on", ""))
    supply = Supply("power", None, "", (), (announcement(until_ms=15),), stretches)
    assert supply.at(10).now == Stretch(10, 20, "on", "")
    assert supply.at(5).stretches == (Stretch(5, 10, "off", ""), stretches[1])
    assert supply.at(14).announcements
    assert not supply.at(15).announcements
    assert supply.at(20).now is None
