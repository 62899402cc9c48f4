"""How the app looks where looks are hard: twice the text, a small phone, the dark, the README."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import SMALL_PHONE, click, labelled, named, open_app, room, shot
from tests.browser.picture import compose, set_the_stage, take
from tests.browser.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def fits(page: Page) -> None:
    """Nothing that can be tapped or read sticks out of the window sideways."""
    size = page.viewport_size
    assert size is not None
    boxes = page.eval_on_selector_all(
        "flt-semantics[role=button], flt-semantics[role=tab], flt-semantics-host h2",
        "all => all.map(e => { const b = e.getBoundingClientRect(); return [b.left, b.right] })",
    )
    assert boxes
    assert [box for box in boxes if box[0] < -1 or box[1] > size["width"] + 1] == []


def test_twice_the_text_on_a_small_phone(browser: Browser, city: Town) -> None:
    city.server.start()
    answered = set_the_stage(city)
    city.app("resident").start()
    page = open_app(browser, city.app("resident").url, SMALL_PHONE, text=200)
    expect(named(page, "exchange-line")).to_contain_text("усе отримано містом")
    fits(page)
    shot(page, "big-news")
    room(page, "Написати")
    fits(page)
    click(page, "write-save")
    expect(named(page, "form-problem")).to_be_attached()
    shot(page, "big-write")
    room(page, "Звернення")
    click(page, f"appeal-{answered}")
    expect(labelled(page, "thread-title", "Прорвало трубу")).to_be_visible()
    fits(page)
    shot(page, "big-thread")


def test_the_dark_is_dark(browser: Browser, city: Town) -> None:
    city.server.start()
    set_the_stage(city)
    city.app("resident").start()
    page = open_app(browser, city.app("resident").url, dark=True)
    expect(named(page, "exchange-line")).to_contain_text("усе отримано містом")
    with Image.open(shot(page, "dark-news")) as picture:
        corner = picture.convert("L").getpixel((5, 5))
    assert isinstance(corner, int)
    assert corner < 60


def test_a_missing_profile_says_what_to_do(browser: Browser, city: Town) -> None:
    resident = city.app("resident")
    (city.profile("resident") / "device.keys").unlink()
    resident.start()
    page = open_app(browser, resident.url)
    expect(named(page, "gate-missing")).to_be_visible()
    shot(page, "missing")


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
