"""An app that nobody touches draws nothing: in a blackout every frame is taken from the battery.

What makes it draw without end is easily brought in and hard to see: a spinner that is covered, a
text without a font, which a browser's client then looks for again and again.
"""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.acts import SMALL, reach, tap, visit
from tests.browser.chromium import named, wake_semantics
from tests.browser.town import Town

pytestmark = pytest.mark.browser
REST_MS: Final = 2_000
FRAMES_MAX: Final = 3
"""The age of something may have changed meanwhile."""
_COUNT: Final = """
    const draw = window.requestAnimationFrame.bind(window);
    window.framesAsked = 0;
    window.requestAnimationFrame = f => { window.framesAsked += 1; return draw(f); };
"""


def test_an_app_at_rest_draws_nothing(browser: Browser, city: Town) -> None:
    city.app("resident").start()
    page = browser.new_page(viewport={"width": SMALL[0], "height": SMALL[1]}, locale="uk-UA")
    page.add_init_script(_COUNT)
    page.goto(city.app("resident").url)
    wake_semantics(page)
    named(page, "exchange-line").first.wait_for()
    assert frames_at_rest(page) <= FRAMES_MAX, "home"
    visit(page, "Новини")
    assert frames_at_rest(page) <= FRAMES_MAX, "news"
    tap(page, "settings")
    reach(page, "settings-contrast")
    assert frames_at_rest(page) <= FRAMES_MAX, "settings"


def frames_at_rest(page: Page) -> int:
    """How many frames were asked for in two seconds, once what had begun is over."""
    page.wait_for_timeout(REST_MS)
    before = page.evaluate("window.framesAsked")
    page.wait_for_timeout(REST_MS)
    return int(page.evaluate("window.framesAsked")) - int(before)
