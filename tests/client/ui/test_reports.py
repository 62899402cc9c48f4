"""Telling the city that a place is closed or empty: two taps, no name, exactly once."""

from __future__ import annotations

import asyncio

import pytest

from client.services.prefs import Preferences
from client.storage.errors import StorageFull
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import window
from tests.client.ui.samples import place

pytestmark = pytest.mark.anyio


@pytest.fixture
def device() -> FakeDevice:
    device = FakeDevice()
    device.prefs.kept = Preferences(district="Центр")
    return device


@pytest.mark.parametrize(
    ("sort", "tap", "category", "title"),
    [
        ("shelter", "closed", "shelter", "Зачинено: Укриття школи № 3"),
        ("water", "empty", "water", "Порожньо: Укриття школи № 3"),
        ("pharmacy", "closed", "health", "Зачинено: Укриття школи № 3"),
        ("charging", "closed", "power", "Зачинено: Укриття школи № 3"),
        ("sauna", "closed", "other", "Зачинено: Укриття школи № 3"),
    ],
)
async def test_two_taps_tell_the_city_without_a_name(
    device: FakeDevice, sort: str, tap: str, category: str, title: str
) -> None:
    device.places = [place("p1", sort=sort)]
    async with window(device, route="/places/p1") as screen:
        await screen.click(f"report-{tap}")
        assert device.appeal_items == [], "the first tap only asks"
        await screen.click("report-yes")
        await screen.until(lambda: screen.has("report-sent"))
        item = device.appeal_items[0]
        assert (item.lane, item.place, item.category) == ("signal", "p1", category)
        assert (item.title, item.district, item.name) == (title, "Центр", "")
        assert "вул. Садова, 5" in item.text


async def test_a_report_can_be_taken_back_and_is_gone_with_its_place(device: FakeDevice) -> None:
    device.places = [place("p1"), place("p2")]
    async with window(device, route="/places/p1") as screen:
        await screen.click("report-closed")
        await screen.click("report-no")
        assert not screen.has("report-yes")
        await screen.click("report-empty")
        await screen.click("back")
        await screen.click("place-p2")
        await screen.until(lambda: screen.has("report-empty"))
        assert not screen.has("report-yes")
        assert device.appeal_items == []


async def test_a_report_that_is_not_saved_can_be_sent_again(device: FakeDevice) -> None:
    device.places = [place("p1")]
    async with window(device, route="/places/p1") as screen:
        await screen.click("report-closed")
        device.fail = StorageFull("disk")
        await screen.click("report-yes")
        await screen.until(lambda: screen.has("notice"))
        assert not screen.has("report-sent")
        await screen.click("report-yes")
        await screen.until(lambda: screen.has("report-sent"))


async def test_an_impatient_third_tap_is_no_second_signal(device: FakeDevice) -> None:
    device.places = [place("p1")]
    async with window(device, route="/places/p1") as screen:
        await screen.click("report-closed")
        model = screen.app.places
        await asyncio.gather(model.send_report(), model.send_report())
        assert len(device.appeal_items) == 1
