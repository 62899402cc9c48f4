"""Without a mouse, in Chromium on a desktop: from home to a signal, to its thread, to settings."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from client.services.appeals import Appeals
from tests.browser.acts import RECEIVED, reads, window
from tests.browser.chromium import DESKTOP, named, shot
from tests.browser.keyboard import Keyboard
from tests.browser.town import Town

pytestmark = pytest.mark.browser
CLOSING_MS = 400
"""A list that closes gives the keyboard back when it is gone."""
LOOKED_MIN = 9
"""So many families of controls have been looked at, or the page scrolled too much to tell."""
TITLE, TEXT, ADDRESS = "Немає води", "Третій день.\nУ всьому дворі.", "Садова, 5"


def test_a_signal_is_written_saved_and_opened_and_settings_are_found(
    browser: Browser, city: Town
) -> None:
    city.server.start()
    city.app("resident").start()
    page = window(browser, city.app("resident").url, DESKTOP)
    expect(reads(page, "exchange-line", RECEIVED)).to_be_attached()
    keys = Keyboard(page)

    keys.to("Написати")
    keys.press("Enter")
    expect(named(page, "write-review")).to_be_attached()
    write(keys)
    keys.to("write-review")
    keys.press("Enter")
    expect(named(page, "write-save")).to_be_visible()
    shot(page, "keyboard-review")
    keys.to("write-save")
    keys.press("Enter")
    expect(named(page, "write-saved")).to_be_visible()

    keys.to("Мої звернення", "Shift+Tab")
    keys.press("Enter")
    keys.to("appeal-")
    shot(page, "keyboard-card")
    keys.press("Enter")
    expect(reads(page, "thread-title", TITLE)).to_be_visible()
    keys.to("amend")

    keys.to("Налаштування")
    keys.press("Enter")
    expect(named(page, "settings-language-uk")).to_be_visible()
    for name in ("settings-contrast", "settings-district", "ask-pin", "ask-wipe"):
        keys.to(name)
    shot(page, "keyboard-settings")
    keys.to("ask-pin", "Shift+Tab")
    assert [name for name, seen in keys.looked.items() if not seen] == []
    assert len(keys.looked) > LOOKED_MIN
    page.close()
    assert_saved(city)


def write(keys: Keyboard) -> None:
    """The topic by Space, the words, the district from its list; back a step and on again."""
    keys.to("category-water")
    keys.press("Space")
    assert keys.at().id == "category-water", "choosing must not throw the keyboard elsewhere"
    keys.to("write-title")
    keys.type(TITLE)
    keys.to("write-text")
    keys.type(TEXT)
    keys.to("write-address")
    keys.type(ADDRESS)
    assert keys.step("Shift+Tab").id == "write-text"
    keys.to("write-district")
    keys.press("Space")
    offered = keys.page.get_by_role("menuitem")
    expect(offered.first).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(offered).to_have_count(0)
    keys.page.wait_for_timeout(CLOSING_MS)
    expect(named(keys.page, "write-district")).to_be_focused()
    expect(reads(keys.page, "write-district", "Кам’янка")).to_be_attached()


def assert_saved(city: Town) -> None:
    city.app("resident").kill()
    with city.device("resident") as (replica, _):
        (saved,) = Appeals(replica).list()
    assert (saved.lane, saved.category, saved.title, saved.text) == ("signal", "water", TITLE, TEXT)
    assert (saved.address, saved.district) == (ADDRESS, "Кам’янка")
