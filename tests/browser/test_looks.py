"""How the app looks where looks are hard: twice the text, a small phone, the dark, a wide window.

The server is gone while the rooms are judged: without it the line of truth is at its longest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from client.keys.vault import Vault
from client.services.replica import Replica
from misto.demo.seed import load_seed
from tests.browser.acts import newcomer
from tests.browser.chromium import DESKTOP, named, open_app, shot
from tests.browser.layout import faults, read, scrolled, still
from tests.browser.picture import compose, take
from tests.browser.stage import HOME, Stage, choose, set_stage
from tests.browser.town import Town, town
from tests.browser.walk import Room, go, rooms, whole_room

pytestmark = pytest.mark.browser
NARROW = (360, 740)
TWICE = 200
IN_ENGLISH = (
    "home", "thread", "outages", "settings", "settings-pin",
    "write", "write-review", "write-saved", "write-problems",
)  # fmt: skip


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Town]:
    """A city with all the districts that the stage speaks of."""
    with town(tmp_path, load_seed().all_districts) as made:
        yield made


def staged(city: Town, **choices: object) -> Stage:
    """The stage with the server gone and the resident's app running."""
    city.server.start()
    stage = set_stage(city)
    choose(city, msgspec.structs.replace(HOME, **choices))
    city.server.kill()
    city.app("resident").start()
    return stage


def look(page: Page, visited: Iterable[Room]) -> dict[str, list[str]]:
    """The faults by room: as it comes into the window, and all of it."""
    named(page, "exchange-line").first.wait_for()
    size = page.viewport_size
    assert size is not None
    wrong: dict[str, list[str]] = {}
    for room in visited:
        go(page, room)
        found = faults(read(page), (size["width"], size["height"]))
        with whole_room(page, room.act) as tall:
            found += faults(read(page), tall)
        if found:
            wrong[room.name] = list(dict.fromkeys(found))
    return wrong


@pytest.mark.parametrize("language", ["uk", pytest.param("en", marks=pytest.mark.sweep)])
def test_twice_the_text_on_a_small_phone(browser: Browser, city: Town, language: str) -> None:
    stage = staged(city, text_percent=TWICE, language=language)
    visited = [room for room in rooms(stage) if language == "uk" or room.name in IN_ENGLISH]
    page = open_app(browser, city.app("resident").url, NARROW)
    assert look(page, visited) == {}


def test_twice_the_text_as_the_browser_has_it(browser: Browser, city: Town) -> None:
    visited = [room for room in rooms(staged(city)) if room.name in ("home", "news", "thread")]
    page = open_app(browser, city.app("resident").url, NARROW, text=TWICE)
    assert look(page, visited) == {}


@pytest.mark.sweep
def test_a_wide_window(browser: Browser, city: Town) -> None:
    visited = rooms(staged(city))
    page = open_app(browser, city.app("resident").url, DESKTOP)
    assert look(page, visited) == {}


def test_what_scrolls_stays_under_the_bars(browser: Browser, city: Town) -> None:
    visited = [room for room in rooms(staged(city)) if room.name in ("home", "thread", "places")]
    page = open_app(browser, city.app("resident").url, NARROW)
    for room in visited:
        go(page, room)
        assert scrolled(page) == [], room.name


def test_the_first_run(browser: Browser, city: Town) -> None:
    """Before there is a profile nobody could have chosen: the size is the browser's."""
    fresh = newcomer(city, "newcomer")
    fresh.start()
    page = open_app(browser, fresh.url, NARROW, text=TWICE)
    expect(named(page, "welcome")).to_be_attached()
    with whole_room(page) as tall:
        assert faults(read(page), tall) == []
        named(page, "welcome-restore").click()
        expect(named(page, "restore-go")).to_be_attached()
        still(page)
    with whole_room(page) as tall:
        assert faults(read(page), tall) == []


@pytest.mark.parametrize("gate", ["missing", "locked"])
def test_the_gate(browser: Browser, city: Town, gate: str) -> None:
    resident = city.app("resident")
    profile = city.profile("resident")
    if gate == "missing":
        (profile / "device.keys").unlink()
    else:
        with Replica.open(profile) as replica:
            Vault.create(profile, replica.secrets, "1234")
    resident.start()
    page = open_app(browser, resident.url, NARROW, text=TWICE)
    expect(named(page, f"gate-{gate}")).to_be_attached()
    still(page)
    shot(page, gate)
    with whole_room(page) as tall:
        assert faults(read(page), tall) == []


def test_the_dark_is_dark(browser: Browser, city: Town) -> None:
    staged(city)
    page = open_app(browser, city.app("resident").url, dark=True)
    named(page, "exchange-line").wait_for()
    with Image.open(shot(page, "dark-home")) as picture:
        corner = picture.convert("L").getpixel((5, 5))
    assert isinstance(corner, int | float)
    assert corner < 60


@pytest.mark.sweep
def test_the_picture_of_the_readme_can_be_made(
    browser: Browser, city: Town, tmp_path: Path
) -> None:
    city.server.start()
    target = tmp_path / "app.png"
    compose(take(browser, city), target)
    with Image.open(target) as picture:
        assert picture.width > 1800
        assert len(picture.convert("RGB").getcolors(2**24) or []) > 100
    assert target.stat().st_size < 600_000
