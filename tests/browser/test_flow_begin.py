"""First run in Chromium: a device in a few taps without any network, or back from a copy."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from client.services.appeals import Appeals
from client.services.notes import Notes
from client.services.prefs import Prefs
from client.services.replica import Replica
from shared_schema.records.appeal import Opened
from tests.browser.acts import (
    SMALL,
    again,
    fill,
    folder_of,
    newcomer,
    pick,
    reach,
    reads,
    segment,
    tap,
    window,
)
from tests.browser.chromium import DESKTOP, named, room, shot
from tests.browser.town import Town

pytestmark = pytest.mark.browser
PASSPHRASE = "сім кроків до річки"
TITLE = "Зламана лавка в парку"


@pytest.mark.parametrize("size", [SMALL, DESKTOP], ids=["phone", "desktop"])
def test_a_first_run_needs_no_network_and_no_more_than_four_taps(
    browser: Browser, city: Town, size: tuple[int, int]
) -> None:
    app = newcomer(city, "newcomer")
    app.start()
    page = window(browser, app.url, size)
    expect(reads(page, "welcome", "Надріччя")).to_be_attached()
    shot(page, f"begin-{size[0]}")
    assert not folder_of(city, "newcomer").exists()
    pick(page, "welcome-district", "Центр")
    tap(page, "welcome-begin")

    named(page, "exchange-line").wait_for()
    expect(page.get_by_text("Центр", exact=True)).to_be_visible()
    reach(page, "quick-danger")
    shot(page, f"begin-home-{size[0]}")
    page.close()
    app.kill()
    with Replica.open(folder_of(city, "newcomer")) as replica:
        assert replica.card.facts.name == "Надріччя"
        assert Prefs(Notes(replica)).get().district == "Центр"


def test_a_first_run_in_english_stays_english(browser: Browser, city: Town) -> None:
    app = newcomer(city, "newcomer")
    app.start()
    page = window(browser, app.url, dark=True)
    segment(page, "welcome-language", "English")
    expect(reads(page, "welcome", "a city that works in the dark")).to_be_attached()
    shot(page, "begin-en-dark")
    tap(page, "welcome-begin")
    expect(page.get_by_role("tab", name="Home", exact=True)).to_be_visible()
    app.kill()
    app.start()
    again(page, app)
    expect(reads(page, "exchange-line", "No connection")).to_be_attached()


def test_a_copy_opens_with_its_passphrase_and_with_no_other(
    browser: Browser, city: Town, tmp_path: Path
) -> None:
    copy = copied(browser, city, tmp_path)
    app = newcomer(city, "newcomer")
    app.start()
    page = window(browser, app.url)
    tap(page, "welcome-restore")
    tap(page, "restore-go")
    expect(named(page, "welcome-problem")).to_be_visible()
    choose_file(page, copy)
    shot(page, "restore")

    restore(page, "сім кроків до лісу")
    expect(reads(page, "welcome-problem", "Парольна фраза не підходить")).to_be_attached()
    assert not folder_of(city, "newcomer").exists()
    restore(page, PASSPHRASE)
    named(page, "exchange-line").wait_for()
    room(page, "Мої")
    expect(page.locator('[flt-semantics-identifier^="appeal-"]')).to_contain_text(TITLE)
    shot(page, "restored")


def copied(browser: Browser, city: Town, folder: Path) -> Path:
    """The copy of another phone, made in its settings, with one appeal in it."""
    with city.device("resident") as (replica, _):
        Appeals(replica).file(Opened("signal", "", TITLE, "Дошку вирвано.", "green"))
    other = city.app("resident")
    other.start()
    page = window(browser, other.url)
    tap(page, "settings")
    tap(page, "ask-export")
    fill(page, "secret", PASSPHRASE)
    fill(page, "secret-again", PASSPHRASE)
    with page.expect_download() as download:
        tap(page, "export-save")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    expect(named(page, "settings-done")).to_be_attached()
    page.close()
    other.kill()
    return path


def choose_file(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        tap(page, "restore-file")
    chooser.value.set_files(path)
    expect(reads(page, "restore-file", "Файл обрано")).to_be_attached()


def restore(page: Page, passphrase: str) -> None:
    fill(page, "restore-passphrase", passphrase)
    tap(page, "restore-go")


def test_a_page_loaded_anew_while_the_app_opens_is_not_stuck(browser: Browser, city: Town) -> None:
    """The old page takes a session first, and the new one takes that over half drawn."""
    app = city.app("resident")
    app.start()
    page = window(browser, app.url)
    for _ in range(6):
        app.kill()
        app.start()
        again(page, app)
        expect(named(page, "exchange-line")).to_be_visible()
