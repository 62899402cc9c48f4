"""Pulling a list down with a finger in Chromium brings what is new; nothing else does meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from client.services.news import Newsroom
from shared_schema.records.news import Published
from tests.browser.acts import RECEIVED, SMALL, answered, line, says, visit, window
from tests.browser.chromium import named, shot
from tests.browser.town import Town

pytestmark = pytest.mark.browser
FRAME_MS: Final = 16
REST_MS: Final = 120
SHORT, LONG = ("Воду дадуть о шостій",), [f"Підвіз води, двір {n}" for n in range(1, 13)]


def test_a_finger_pulls_an_empty_list_a_short_one_and_a_long_one(
    browser: Browser, city: Town
) -> None:
    city.server.start()
    city.app("resident").start()
    page = window(browser, city.app("resident").url, has_touch=True, is_mobile=True)
    line(page, RECEIVED)
    visit(page, "Новини")
    expect(named(page, "news-empty")).to_be_visible()
    brings(page, city, SHORT)
    brings(page, city, LONG)
    shot(page, "pull-long")

    # Drawing back to the top and on, from further down, is no pull.
    before = answered(city)
    draw(page, 620, 400)
    draw(page, 220, 640)
    page.wait_for_timeout(500)
    assert answered(city) == before
    brings(page, city, ("Світло повернулося",))


def brings(page: Page, city: Town, titles: Sequence[str]) -> None:
    """The city says something; a pull, and nothing before it, brings it in one exchange."""
    publish(city, *titles)
    before = answered(city)
    expect(says(page, titles[-1])).to_have_count(0)
    draw(page, 300, 620)
    expect(says(page, titles[-1])).to_be_attached()
    assert answered(city) == before + 1


def publish(city: Town, *titles: str) -> None:
    with city.device("newsroom") as (replica, exchange):
        for title in titles:
            Newsroom(replica).publish(Published(title, "Подробиці біля ринку.", "Вода"))
        exchange.once()


def draw(page: Page, from_y: int, to_y: int, steps: int = 16) -> None:
    """A finger on the glass, as Chromium hears of it from the screen; it rests before it leaves."""
    touch = page.context.new_cdp_session(page)
    x = SMALL[0] // 2
    for step in range(steps + 1):
        at = {"x": x, "y": from_y + (to_y - from_y) * step // steps}
        kind = "touchMove" if step else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
        page.wait_for_timeout(FRAME_MS)
    page.wait_for_timeout(REST_MS)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touch.detach()
