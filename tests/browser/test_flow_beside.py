"""Handing over nearby, on a phone: the codes on the screen, read off it by a real decoder."""

from __future__ import annotations

import random
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from shared_schema.records.appeal import Opened
from shared_schema.sync.frames import Collector, Progress
from tests import eye
from tests.browser.acts import SMALL, reach, reads, tap
from tests.browser.chromium import named, shot, wake_semantics
from tests.browser.test_flow_rest import _COUNT, FRAMES_MAX, frames_at_rest
from tests.browser.town import Town

pytestmark = pytest.mark.browser
SEEN_S = 60.0


@pytest.fixture(autouse=True)
def _zbar() -> None:
    eye.need_zbar()


def written(city: Town, words: int) -> None:
    """An appeal of so many words that no compressor makes short."""
    dice = random.Random(9)
    letters = "абвгдежзийклмнопрстуфхцчшщьюя"
    text = " ".join("".join(dice.choices(letters, k=7)) for _ in range(words))
    with city.device("resident") as (replica, _):
        Appeals(replica).file(Opened("signal", "", "Яма", text, "roads", "Садова"))


def opened(browser: Browser, city: Town, script: str = "") -> Page:
    city.app("resident").start()
    page = browser.new_page(
        viewport={"width": SMALL[0], "height": SMALL[1]}, locale="uk-UA",
        device_scale_factor=2, reduced_motion="reduce",
    )  # fmt: skip
    page.add_init_script(_COUNT + script)
    page.goto(city.app("resident").url)
    wake_semantics(page)
    tap(page, "exchange-line")
    tap(page, "outbox-beside")
    reach(page, "beside-codes")
    return page


def filmed(page: Page, collector: Collector) -> tuple[Progress, int]:
    """What a camera before the screen gets, and how many pictures it took."""
    deadline, taken = time.monotonic() + SEEN_S, 0
    progress = None
    while time.monotonic() < deadline:
        taken += 1
        for text in eye.read(page.screenshot()):
            progress = collector.take(text)
            if progress.whole is not None:
                return progress, taken
    raise AssertionError(f"not read: {progress}, see {shot(page, 'beside-not-read')}")


def test_a_long_appeal_is_read_off_the_screen_code_by_code_and_then_nothing_is_drawn(
    browser: Browser, city: Town
) -> None:
    written(city, 250)
    page = opened(browser, city)
    tap(page, "beside-codes")
    expect(page.get_by_role("img", name="QR-код із вашою передачею")).to_be_visible()
    progress, _ = filmed(page, Collector())
    assert progress.needed > 3, "it takes several codes"
    shot(page, "beside-codes-360")

    with city.device("editor") as (courier, _):
        taken = Courier(courier).take(progress.whole or b"", "qr")
        assert (taken.requests, taken.refused) == (1, ())

    tap(page, "beside-codes")
    expect(page.get_by_role("img", name="QR-код із вашою передачею")).to_have_count(0)
    assert frames_at_rest(page) <= FRAMES_MAX


def test_a_short_one_is_a_single_code_and_stands_still(browser: Browser, city: Town) -> None:
    written(city, 4)
    page = opened(browser, city)
    assert frames_at_rest(page) <= FRAMES_MAX
    tap(page, "beside-codes")
    progress, _ = filmed(page, Collector())
    assert progress.needed == 1
    assert frames_at_rest(page) <= FRAMES_MAX
    shot(page, "beside-one-code-360")


def test_what_is_typed_wrongly_is_said_and_stays(browser: Browser, city: Town) -> None:
    page = opened(browser, city)
    reach(page, "beside-typed").locator("input, textarea").click()
    page.keyboard.type("abc")
    tap(page, "beside-visit")
    expect(reads(page, "notice", "Це не адреса й не код")).to_be_visible()
    expect(named(page, "beside-visit")).to_be_attached()


_SHEET = """
    Object.defineProperty(navigator, "platform", {get: () => "Win32"});
    window.shared = [];
    navigator.canShare = () => true;
    navigator.share = async ({files}) => {
        for (const file of files) {
            window.shared.push([file.name, [...new Uint8Array(await file.arrayBuffer())]]);
        }
    };"""


def test_a_file_goes_to_the_system_s_share_sheet(browser: Browser, city: Town) -> None:
    """Linux has none: a script plays the one of a system that has. Browsers never tell the end."""
    written(city, 8)
    page = opened(browser, city, _SHEET)
    tap(page, "beside-share")
    expect(reads(page, "beside-done", "Система не каже")).to_be_attached()
    ((name, raw),) = page.evaluate("window.shared")
    assert name == "misto.bundle"
    with city.device("volunteer") as (replica, _):
        taken = Courier(replica).take(bytes(raw), "file")
        assert (taken.requests, taken.flaw) == (1, "")
