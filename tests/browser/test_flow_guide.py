"""Places and outages in Chromium, with the server stopped: where to go, and until when."""

from __future__ import annotations

import time
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from client.services.guide import GuideDesk
from client.services.prefs import Preferences
from shared_schema.records.outage import Announced, Scheduled
from shared_schema.records.place import Listed
from tests.browser.acts import (
    BOTH,
    OFFLINE,
    SMALL,
    choose,
    fill,
    line,
    listed_names,
    pick,
    reach,
    reads,
    says,
    tap,
    top,
    until,
    visit,
    window,
)
from tests.browser.chromium import named, shot
from tests.browser.town import Town

pytestmark = pytest.mark.browser
HOUR_MS: Final = 3_600_000
STEP_E5: Final = 500
"""Half a kilometre and a little more, to the north."""
SHELTERS: Final = {
    "А": (0, "вул. Садова, 1", "Центр"),
    "Б": (1, "вул. Паркова, 2", "Центр"),
    "В": (2, "вул. Шкільна, 3", "Центр"),
    "Г": (6, "вул. Лугова, 4", "Затишшя"),
    "Ґ": (7, "вул. Лісова, 5", "Затишшя"),
    "Д": (8, "вул. Нова, 6", "Затишшя"),
}
THERE: Final = {"latitude": 46.6334, "longitude": 32.6102, "accuracy": 30.0}


@pytest.mark.parametrize("size", BOTH)
def test_the_nearest_places_are_found_and_reported_without_a_network(
    browser: Browser, city: Town, size: tuple[int, int]
) -> None:
    records = listed(city)
    page = offline(browser, city, size)
    visit(page, "Поруч" if size == SMALL else "Місця поруч")
    first_are(page, records, ["Б", "А", "В"])
    shot(page, f"places-district-{size[0]}")

    # A typed street, then the phone's own rough position.
    top(page)
    fill(page, "places-address", "вул. Нова, 12")
    page.keyboard.press("Tab")
    expect(says(page, "Відстань від: вул. Нова, 12")).to_be_attached()
    first_are(page, records, ["Д", "Ґ", "Бювет"])
    tap(page, "places-here")
    expect(says(page, "Відстань від вашого місця, приблизно")).to_be_attached()
    first_are(page, records, ["Г", "Ґ", "Бювет"])
    tap(page, "sort-water")
    expect(reads(page, "place-", "Бювет")).to_be_visible()
    expect(named(page, f"place-{records['Г']}")).to_have_count(0)
    shot(page, f"places-water-{size[0]}")

    report(page, records["Бювет"])
    shot(page, f"places-report-{size[0]}")
    expect(reads(page, "exchange-line", "1 звернення чекає на цьому пристрої")).to_be_attached()
    tap(page, "exchange-line")
    expect(says(page, "Зачинено: Бювет")).to_be_attached()


def listed(city: Town) -> dict[str, str]:
    """A row of shelters from south to north, and one well; returns their records by name."""
    city.server.start()
    with city.device("newsroom") as (replica, exchange):
        desk = GuideDesk(replica)
        records = {
            name: desk.list_place(
                Listed(f"Укриття {name}", "shelter", address, district,
                       4_660_000 + step * STEP_E5, 3_261_000, "24/7")
            )
            for name, (step, address, district) in SHELTERS.items()
        }  # fmt: skip
        well = Listed("Бювет", "water", "вул. Лісова, 9", "Затишшя", 4_663_500, 3_261_200, "24/7")
        records["Бювет"] = desk.list_place(well)
        exchange.once()
    return records


def offline(browser: Browser, city: Town, size: tuple[int, int]) -> Page:
    """A window on an app that has exchanged once; the server is dead by now."""
    with city.device("resident") as (_, exchange):
        exchange.once()
    city.server.kill()
    choose(city, Preferences(district="Центр"))
    city.app("resident").start()
    page = window(
        browser, city.app("resident").url, size, permissions=["geolocation"], geolocation=THERE
    )
    line(page, OFFLINE)
    return page


def in_order(page: Page, records: dict[str, str]) -> list[str]:
    """All places of the list as a screen reader meets them, scrolled to its end and back before."""
    names = {f"place-{record}": name for name, record in records.items()}
    reach(page, f"place-{records['Ґ']}")
    top(page)
    return [names[each] for each in listed_names(page, "place-")]


def first_are(page: Page, records: dict[str, str], names: list[str]) -> None:
    """A list that is put into a new order is not in it at once. None of it may be missing."""

    def so() -> bool:
        found = in_order(page, records)
        return found[:3] == names and sorted(found) == sorted(records)

    until(so, f"the nearest are not {names}, or one is missing")


def report(page: Page, record: str) -> None:
    tap(page, f"place-{record}")
    tap(page, "report-closed")
    tap(page, "report-yes")
    reach(page, "report-sent")


def test_one_s_own_queue_is_found_by_address_or_by_hand(browser: Browser, city: Town) -> None:
    scheduled(city)
    page = offline(browser, city, SMALL)
    tap(page, "home-outages")
    fill(page, "outages-address", "вул. Садова, 5")
    tap(page, "outages-find")
    expect(reads(page, "supply-now-power", "Немає, найближчу добу без змін")).to_be_attached()
    expect(says(page, "Черга 1.1 · за вашою адресою")).to_be_attached()
    expect(page.locator('[flt-semantics-identifier^="announced-"]')).to_have_count(0)
    shot(page, "outages-address")

    pick(page, "queue-power", "2.1")
    top(page)
    now = reads(page, "supply-now-power", "далі немає")
    expect(now).to_be_attached()
    announced = page.locator('[flt-semantics-identifier^="announced-"]')
    expect(announced).to_have_count(1)
    above, below = announced.bounding_box(), now.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] < below["y"]
    expect(says(page, "Смуга на 24 години")).to_be_attached()
    expect(says(page, "Немає (Аварія на підстанції)")).to_be_attached()
    reach(page, "queue-power")
    expect(says(page, "Черга 2.1 · обрано вами")).to_be_attached()
    shot(page, "outages-chosen")
    tap(page, "back")
    expect(reads(page, "home-outages", "далі немає")).to_be_attached()


def scheduled(city: Town) -> None:
    """One queue without power all week, one with it; in the other's third hour there is none."""
    now = time.time_ns() // 1_000_000
    city.server.start()
    with city.device("newsroom") as (replica, exchange):
        desk = GuideDesk(replica)
        desk.schedule(Scheduled("power", "1.1", ["-" * 48] * 7, ["Садова: 1-19"]))
        desk.schedule(Scheduled("power", "2.1", ["+" * 48] * 7, ["Садова: 20-40", "Нова"]))
        begins = now + 2 * HOUR_MS
        broken = Announced("power", begins, begins + HOUR_MS, "Аварія на підстанції", ["2.1"])
        desk.announce(broken)
        exchange.once()
