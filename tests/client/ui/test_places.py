"""Places: nobody is sent through the dark to a door that is known to be locked."""

from __future__ import annotations

import dataclasses

import flet as ft
import pytest

from client.i18n import words
from client.services.guide_types import Near
from client.services.prefs import Preferences
from client.viewmodels.base import PAGE
from client.viewmodels.phone import Fix
from client.views.places import distance, hours_words, sort_name
from tests.client.ui.conftest import Clock
from tests.client.ui.fake import FakeDevice, FakePhone
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import CENTRE, DAY, HOUR, MINUTE, NOW, place

pytestmark = pytest.mark.anyio
UK = words("uk")
LAT, LON = CENTRE


@pytest.fixture
def device() -> FakeDevice:
    device = FakeDevice()
    device.prefs.kept = Preferences(district="Центр")
    return device


def cards(screen: Window) -> list[str]:
    return [name for name in screen.names() if name.startswith("place-p")]


def row(count: int) -> list[object]:
    """Places to the north of Садова street, the farthest first; the first one is on it."""
    return [
        place(f"p{n}", position=(LAT + 500 * n, LON), address=f"вул. {'Садова' * (n < 2)}, {n}")
        for n in range(count, 0, -1)
    ]


async def test_an_empty_directory_says_when_it_will_come(device: FakeDevice) -> None:
    async with window(device, route="/places") as screen:
        assert screen.has("places-empty")
        assert not screen.has("places-address")


async def test_the_nearest_three_stand_apart_from_the_rest(device: FakeDevice) -> None:
    device.places = row(6)  # type: ignore[assignment]
    async with window(device, route="/places") as screen:
        await screen.type("places-address", "Садова, 1")
        await screen.until(lambda: cards(screen) == [f"place-p{n}" for n in range(1, 7)])
        shown = screen.texts()
        assert shown.index("Найближчі") < shown.index("Інші")
        assert len(screen.app.places.nearest) == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"condition": "closed"}, "Зачинено"),
        ({"condition": "empty"}, "Закінчилося"),
        ({"hours": "Mo-Su off"}, "Зараз зачинено"),
    ],
)
async def test_a_closed_place_comes_after_open_ones_however_near(
    device: FakeDevice, change: dict[str, str], said: str
) -> None:
    shut = place("p1", **change)
    device.places = [shut, place("p2", position=(LAT + 2_000, LON), district="")]
    async with window(device, route="/places") as screen:
        assert cards(screen) == ["place-p2", "place-p1"]
        assert said in screen.said("place-p1")
        assert "Відчинено цілодобово" in screen.said("place-p2")


async def test_hours_that_nobody_understands_claim_nothing(device: FakeDevice) -> None:
    device.places = [place("p1", hours="за домовленістю"), place("p2", hours="")]
    async with window(device, route="/places") as screen:
        for name in cards(screen):
            assert "Години невідомі" in screen.said(name)


async def test_closing_time_passes_while_the_list_is_on_the_screen(
    device: FakeDevice, clock: Clock
) -> None:
    clock.ms = 1_774_008_000_000  # 20 March 2026, 14:00 in Kyiv
    device.places = [place("p1", hours="Mo-Su 09:00-15:00")]
    async with window(device, route="/places") as screen:
        assert "Відчинено до 15:00" in screen.said("place-p1")
        clock.on(screen, 90 * MINUTE)
        await screen.until(lambda: "Відчинено до 15:00" not in screen.said("place-p1"))
        assert "Відчиниться о 21 бер, 09:00" in screen.said("place-p1")


async def test_a_stale_place_says_so_in_the_list_and_in_full(device: FakeDevice) -> None:
    device.places = [place("p1", expires_at_ms=NOW - HOUR), place("p2", expires_at_ms=NOW + DAY)]
    async with window(device, route="/places") as screen:
        assert any("може бути неактуально" in text for text in screen.said("place-p1"))
        assert not any("може бути неактуально" in text for text in screen.said("place-p2"))
        await screen.click("place-p1")
        await screen.until(lambda: screen.has("place-stale"))
        assert "Майте на увазі інше місце" in screen.said("place-stale")[0]


async def test_who_confirmed_it_and_when_is_on_the_card(device: FakeDevice) -> None:
    device.places = [place("p1", confirmed_by="Червоний Хрест")]
    async with window(device, route="/places") as screen:
        assert "Перевірено 3 год тому, Червоний Хрест" in screen.said("place-p1")


async def test_only_a_chosen_sort_is_shown_and_what_serves_as_it(device: FakeDevice) -> None:
    device.places = [
        place("p1"),
        place("p2", sort="water"),
        place("p3", serves=("shelter", "water")),
        place("p4", sort="sauna"),
    ]
    async with window(device, route="/places") as screen:
        assert "sauna" in screen.said("sort-sauna"), "a sort of a newer version has its chip too"
        await screen.click("sort-water")
        await screen.until(lambda: sorted(cards(screen)) == ["place-p2", "place-p3"])
        await screen.click("sort-all")
        await screen.until(lambda: len(cards(screen)) == 4)


async def test_an_unknown_address_says_so_at_its_field(device: FakeDevice) -> None:
    device.places = [place("p1")]
    async with window(device, route="/places") as screen:
        await screen.type("places-address", "Невідома, 1")
        await screen.until(lambda: bool(screen.field("places-address", "error")))
        assert "в довіднику немає" in screen.field("places-address", "error")
        await screen.type("places-address", "Садова, 5")
        await screen.until(lambda: not screen.field("places-address", "error"))
        assert "Відстань від: Садова, 5" in screen.said("places-origin")


async def test_where_distances_are_from_is_always_said(device: FakeDevice) -> None:
    device.places = [place("p1")]
    async with window(device, route="/places") as screen:
        assert "Відстань від середини району Центр" in screen.said("places-origin")
    device.prefs.kept = Preferences()
    async with window(device, route="/places") as screen:
        assert any("Напишіть вулицю" in text for text in screen.said("places-origin"))
        assert not any(" м на " in text for text in screen.said("place-p1"))


async def test_the_phone_s_position_is_used_roughly(device: FakeDevice) -> None:
    phone = FakePhone()
    phone.fix = Fix(LAT + 123, LON + 321, 5)
    device.places = [place("p1", position=(LAT + 3_000, LON))]
    async with window(device, route="/places", phone=phone) as screen:
        await screen.click("places-here")
        await screen.until(
            lambda: any("приблизно" in each for each in screen.said("places-origin"))
        )
        origin = screen.app.places.origin
        assert origin is not None
        assert origin.position == (LAT, LON), "rounded to about a kilometre"
        assert any("км на північ" in text for text in screen.said("place-p1"))


async def test_no_position_is_told(device: FakeDevice) -> None:
    device.places = [place("p1")]
    async with window(device, route="/places") as screen:
        await screen.click("places-here")
        await screen.until(lambda: screen.has("notice"))


async def test_a_cleared_address_stays_cleared(device: FakeDevice) -> None:
    device.prefs.kept = Preferences(address="Садова, 5")
    device.places = [place("p1")]
    async with window(device, route="/places") as screen:
        assert screen.field("places-address") == "Садова, 5"
        await screen.type("places-address", "")
        device.exchanged(last_success_ms=NOW)
        await screen.settle()
        assert screen.field("places-address") == ""


async def test_a_place_in_full_shows_what_one_goes_there_for(device: FakeDevice) -> None:
    device.places = [
        place("p1", serves=("shelter", "water"), phone="+380 00 000 00 00", note="Вхід із двору",
              hours="Mo-Fr 09:00-18:00", condition_note="вода з 14:00")
    ]  # fmt: skip
    async with window(device, route="/places/p1") as screen:
        shown = screen.texts()
        assert {"Укриття · Вода", "+380 00 000 00 00", "Вхід із двору", "вода з 14:00"} <= set(
            shown
        )
        assert "пн–пт 09:00–18:00" in shown
        assert "Підпис міста перевірено" in shown


async def test_a_place_that_closes_while_it_is_open_on_the_screen_says_so(
    device: FakeDevice,
) -> None:
    device.places = [place("p1")]
    async with window(device, route="/places/p1") as screen:
        assert "Відчинено цілодобово" in screen.texts()
        device.places = [dataclasses.replace(place("p1"), condition="closed")]
        device.exchanged(last_success_ms=NOW)
        await screen.until(lambda: "Відчинено цілодобово" not in screen.texts())
        assert "Зачинено" in screen.texts()


async def test_a_long_directory_comes_by_pages(device: FakeDevice) -> None:
    device.places = row(PAGE + 5)  # type: ignore[assignment]
    async with window(device, route="/places") as screen:
        assert len(cards(screen)) == PAGE
        await screen.click("places-more")
        await screen.until(lambda: len(cards(screen)) == PAGE + 5)


def test_distances_are_as_precise_as_they_are_worth() -> None:
    assert distance(UK, Near(place(), 12, "n")) == "50 м на північ"
    assert distance(UK, Near(place(), 430, "se")) == "450 м на південний схід"
    assert distance(UK, Near(place(), 1_240, "w")) == "1,2 км на захід"


def test_hours_are_said_in_the_person_s_language() -> None:
    assert hours_words(UK, "Mo-Fr 08:00-13:00; Su off") == "пн–пт 08:00–13:00; нд вихідний"
    assert hours_words(words("en"), "24/7") == words("en")("hours.always")
    assert sort_name(UK, "sauna") == "sauna"


def test_every_sort_has_a_picture_of_its_own() -> None:
    from client.views.places import ICONS

    assert len(set(ICONS.values())) == len(ICONS)
    assert all(isinstance(icon, ft.IconData) for icon in ICONS.values())
