"""Settings in Chromium: looks hold at once and stay, a PIN locks, wiping leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from client.services.notes import Notes
from client.services.prefs import Prefs
from tests.browser.acts import (
    BOTH,
    RECEIVED,
    again,
    everything_in,
    fill,
    folder_of,
    line,
    newcomer,
    notes_in,
    pick,
    reach,
    reads,
    says,
    segment,
    tap,
    until,
    visit,
    window,
)
from tests.browser.chromium import enter, named, shot
from tests.browser.town import Town

pytestmark = pytest.mark.browser
PIN, OTHER = "2580", "2581"
QUIET_MODULES = 2


@pytest.mark.parametrize("size", BOTH)
def test_looks_hold_at_once_and_after_a_restart(
    browser: Browser, city: Town, size: tuple[int, int]
) -> None:
    app = city.app("resident")
    app.start()
    page = window(browser, app.url, size)
    tap(page, "settings")
    segment(page, "settings-language", "English")
    expect(heading(page, "Looks")).to_be_visible()
    small = height(heading(page, "Looks"))
    tap(page, "settings-text-150")
    until(lambda: height(heading(page, "Looks")) > 1.3 * small, "the text did not grow")

    assert luminance(page, "settings-light") > 200
    tap(page, "settings-theme-dark")
    until(lambda: luminance(page, "settings-dark") < 60, "it is not dark")
    reach(page, "settings-contrast").click()
    until(lambda: luminance(page, "settings-contrast") == 0, "it is not black")
    profile = city.profile("resident")
    before = notes_in(profile, "prefs")
    pick(page, "settings-district", "Затишшя")
    until(lambda: notes_in(profile, "prefs") != before, "the choice was not saved")

    # All of it is still so after a restart.
    app.kill()
    app.start()
    again(page, app)
    expect(reads(page, "exchange-line", "No connection")).to_be_attached()
    until(lambda: luminance(page, "settings-again") == 0, "the looks are forgotten")
    app.kill()
    with city.device("resident") as (replica, _):
        kept = Prefs(Notes(replica)).get()
    assert (kept.language, kept.text_percent, kept.theme) == ("en", 150, "dark")
    assert (kept.contrast, kept.district) == (True, "Затишшя")


def heading(page: Page, text: str) -> Locator:
    return page.get_by_role("heading", name=text, exact=True)


def height(control: Locator) -> float:
    box = control.bounding_box()
    return box["height"] if box else 0


def luminance(page: Page, name: str) -> int:
    """How light the ground of the window is, where nothing stands."""
    with Image.open(shot(page, name)) as picture:
        return picture.convert("L").tobytes()[picture.width * (picture.height // 2) + 3]


def test_what_is_used_and_who_this_device_is(browser: Browser, city: Town) -> None:
    city.server.start()
    city.app("resident").start()
    page = window(browser, city.app("resident").url)
    line(page, RECEIVED)
    tap(page, "settings")
    expect(reads(page, "settings-session", "За цей сеанс: надіслано")).to_be_attached()
    for nothing in ("надіслано 0 Б", "отримано 0 Б"):
        expect(reads(page, "settings-session", nothing)).to_have_count(0)
    tap(page, "settings-budget-8")
    tap(page, "settings-data-lean")

    reach(page, "settings-device")
    shown, code = named(page, "settings-device").get_attribute("aria-label"), read_qr(page)
    city.app("resident").kill()
    with city.device("resident") as (replica, _):
        kept, device = Prefs(Notes(replica)).get(), replica.device.hex()
    assert (kept.news_budget_bytes, kept.data_use) == (8 * 1024 * 1024, "lean")
    assert shown == device
    assert code == [[bool(each) for each in row] for row in segno_of(device)]


def segno_of(text: str) -> list[list[int]]:
    return [list(row) for row in segno.make(text, error="m", micro=False).matrix]


def read_qr(page: Page) -> list[list[bool]]:
    """The modules of the code on the screen, dark ones true."""
    page.mouse.wheel(0, -240)
    code = page.get_by_role("img", name="QR-код номера пристрою")
    box = code.bounding_box()
    assert box is not None
    with Image.open(shot(page, "settings-device")) as picture:
        width, grey = picture.width, picture.convert("L").tobytes()
    modules = 29 + 2 * QUIET_MODULES
    size = box["width"] / modules

    def dark(row: int, column: int) -> bool:
        x, y = box["x"] + (column + 0.5) * size, box["y"] + (row + 0.5) * size
        return grey[round(y) * width + round(x)] < 128

    inside = range(QUIET_MODULES, modules - QUIET_MODULES)
    return [[dark(row, column) for column in inside] for row in inside]


def test_a_pin_locks_the_device_and_no_other_opens_it(browser: Browser, city: Town) -> None:
    app = city.app("resident")
    app.start()
    page = window(browser, app.url, dark=True)
    tap(page, "settings")
    tap(page, "ask-pin")
    set_pin(page, PIN, OTHER)
    expect(reads(page, "secret-again", "PIN-коди різні.")).to_be_visible()
    set_pin(page, PIN, PIN)
    expect(reads(page, "settings-done", "PIN встановлено.")).to_be_attached()
    app.kill()
    app.start()
    again(page, app)

    expect(named(page, "gate-locked")).to_be_visible()
    unlock(page, OTHER)
    expect(reads(page, "gate-pin", "PIN не підходить")).to_be_visible()
    shot(page, "gate-wrong-pin")
    unlock(page, PIN)
    expect(named(page, "exchange-line")).to_be_visible()


def set_pin(page: Page, pin: str, repeated: str) -> None:
    fill(page, "secret", pin)
    fill(page, "secret-again", repeated)
    tap(page, "pin-save")


def unlock(page: Page, pin: str) -> None:
    enter(page, "gate-pin", pin)
    tap(page, "gate-unlock")


def test_wiping_leaves_nothing_and_begins_anew(browser: Browser, city: Town) -> None:
    app, folder = newcomer(city, "newcomer"), folder_of(city, "newcomer")
    app.start()
    page = window(browser, app.url)
    tap(page, "welcome-begin")
    named(page, "exchange-line").wait_for()
    visit(page, "Написати")
    fill(page, "write-title", "Впало дерево")
    fill(page, "write-text", "Перегородило дорогу.")
    tap(page, "write-review")
    tap(page, "write-save")
    named(page, "write-saved").wait_for()
    tap(page, "settings")
    tap(page, "ask-wipe")
    reach(page, "wipe-sure")
    expect(says(page, "1 запис ще не дійшов до міста й буде втрачений.")).to_be_attached()
    shot(page, "settings-wipe")
    tap(page, "wipe-yes")

    expect(named(page, "welcome")).to_be_visible()
    assert files_in(folder) == []
    tap(page, "welcome-begin")
    named(page, "exchange-line").wait_for()
    visit(page, "Мої")
    expect(named(page, "appeals-empty")).to_be_visible()
    assert "Впало дерево".encode() not in everything_in(folder)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []
