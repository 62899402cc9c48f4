"""A tab in Chromium that is hidden behind another asks for nothing; in sight again it does at once.

How many exchanges there were is what the city's server has counted.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from client.services.news import Newsroom
from shared_schema.records.news import Published
from tests.browser.acts import SMALL, answered, says, until
from tests.browser.chromium import named, shot, wake_semantics
from tests.browser.tabs import first_tab
from tests.browser.town import Town

pytestmark = pytest.mark.browser
EVERY_S: Final = 3
TITLE: Final = "Воду дадуть о шостій"


def test_a_hidden_tab_does_not_poll_and_one_that_is_shown_again_does_at_once(
    city: Town, tmp_path: Path
) -> None:
    city.server.start()
    app = city.app("resident", "--every", str(EVERY_S))
    app.start()
    with first_tab(tmp_path / "chromium", SMALL) as page:
        page.goto(app.url)
        wake_semantics(page)
        expect(named(page, "exchange-line")).to_be_visible()
        seen = answered(city)
        began = time.monotonic()
        until(lambda: answered(city) >= seen + 2, "a tab in sight does not exchange by itself")
        assert time.monotonic() - began > EVERY_S, "this was not the rhythm"

        other = page.context.new_page()
        other.bring_to_front()
        page.wait_for_function("document.visibilityState === 'hidden'")
        page.wait_for_timeout(500)  # what had begun may end
        before = answered(city)
        publish(city)
        by_newsroom = answered(city) - before
        page.wait_for_timeout(2.5 * EVERY_S * 1000)
        assert answered(city) == before + by_newsroom, "a hidden tab polls"

        shown = time.monotonic()
        other.close()
        page.bring_to_front()
        until(lambda: answered(city) > before + by_newsroom, "in sight again it does not exchange")
        assert time.monotonic() - shown < EVERY_S, "in sight again it waits for its time"
        expect(says(page, TITLE)).to_be_attached()
        shot(page, "unseen-shown-again")

        # The browser hides a page that it loads anew, and says nothing of showing the new one.
        page.reload()
        wake_semantics(page)
        expect(named(page, "exchange-line")).to_be_visible()
        seen = answered(city)
        until(lambda: answered(city) >= seen + 2, "a page that was loaded anew does not exchange")


def publish(city: Town) -> None:
    with city.device("newsroom") as (replica, exchange):
        Newsroom(replica).publish(Published(TITLE, "До ранку.", "Вода"))
        exchange.once()
