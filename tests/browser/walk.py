"""Going through every room of the app, for those who look at it: tests and screenshots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from playwright.sync_api import Page

from tests.browser.chromium import PATIENCE_MS, enter, named
from tests.browser.layout import still
from tests.browser.stage import Stage
from tests.browser.wording import APPEALS, LONG_TEXT, LONG_TITLE, REFUSED

Act = Callable[[Page], None]
TALL_MAX: Final = 8_000
"""Higher windows are drawn wrongly: 8192 is the side of the browser's largest texture."""
GROWTH: Final = 2_500
"""Of a long list Flutter guesses how far it goes, and guesses much."""


class Room(NamedTuple):
    """A screen: its address, what shows that it is there, and what has to be tapped in it."""

    name: str
    route: str
    shows: str
    """Words on it, or what an identifier on it begins with."""
    act: Act | None = None
    """Wants the whole room in the window; see `whole_room`."""


def tap(*names: str) -> Act:
    """Tap one control after another."""

    def act(page: Page) -> None:
        for name in names:
            _grow(page)
            named(page, name).first.click()
            still(page)

    return act


def _fail(page: Page) -> None:
    """An empty form about which the app complains, from the form or from the review."""
    named(page, "write-edit").or_(named(page, "write-discard")).first.wait_for()
    if named(page, "write-edit").count():
        tap("write-edit")(page)
    tap("write-discard", "write-lane-appeal", "write-review")(page)


def _save(page: Page) -> None:
    tap("write-lane-signal")(page)
    for field, words in (("write-title", LONG_TITLE), ("write-text", LONG_TEXT)):
        enter(page, field, words)
    tap("write-review", "write-save")(page)


def rooms(stage: Stage) -> list[Room]:
    """The resident's rooms; the last one files an appeal."""
    appeals, news, places = stage.appeals, stage.news, stage.places
    identified, received, answered = (
        APPEALS[name].title for name in ("identified", "received", "answered")
    )
    return [
        Room("home", "/home", "alert-"),
        Room("news", "/news", "news-search"),
        Room("news-item", f"/news/{news['long']}", LONG_TITLE),
        Room("news-withdrawn", f"/news/{news['withdrawn']}", "news-withdrawn"),
        Room("appeals", "/appeals", "appeals-search"),
        Room("thread", f"/appeals/{appeals['identified']}", identified),
        Room("thread-open", f"/appeals/{appeals['received']}", received, tap("withdraw")),
        Room("thread-answered", f"/appeals/{appeals['answered']}", answered, tap("star-4")),
        Room("thread-refused", f"/appeals/{appeals['refused']}", REFUSED.title),
        Room("places", "/places", "places-address"),
        Room("place", f"/places/{places['closed']}", "place-note"),
        Room("place-stale", f"/places/{places['stale']}", "place-stale", tap("report-empty")),
        Room("outages", "/outages", "outages-address"),
        Room("outbox", "/outbox", "outbox-exchange"),
        Room("beside", "/beside", "beside-codes", tap("beside-codes")),
        Room("settings", "/settings", "settings-language"),
        Room("settings-pin", "/settings", "settings-language", tap("ask-pin")),
        Room("settings-copy", "/settings", "settings-language", tap("ask-export")),
        Room("settings-wipe", "/settings", "settings-language", tap("ask-wipe")),
        Room("collect", "/collect", "collect-read"),
        Room("collect-problems", "/collect", "collect-read", tap("collect-read")),
        Room("claim", "/claim", "claim-open"),
        Room("write", "/write", "write-draft"),
        Room("write-review", "/write", "write-", tap("write-review")),
        Room("write-problems", "/write", "", _fail),
        Room("write-saved", "/write", "", _save),
    ]  # fmt: skip


def go(page: Page, room: Room) -> None:
    """Show a room, as the browser's history would, and wait until it stands still."""
    page.evaluate(_GO, room.route)
    page.wait_for_function(_SHOWN, arg=room.shows, timeout=PATIENCE_MS)
    still(page)


@contextmanager
def whole_room(page: Page, act: Act | None = None) -> Iterator[tuple[int, int]]:
    """A window so tall that nothing in the room has to scroll; yields its size."""
    size = page.viewport_size
    assert size is not None
    try:
        _grow(page)
        if act is not None:
            act(page)
        yield size["width"], _grow(page)
    finally:
        page.set_viewport_size(size)
        still(page)


def _grow(page: Page) -> int:
    """How tall it is in the end: rows that are far away are built only once there is room."""
    size = page.viewport_size
    assert size is not None
    height = size["height"]
    while height < TALL_MAX and (hidden := int(page.evaluate(_HIDDEN))) > 0:
        height = min(TALL_MAX, height + min(hidden, GROWTH) + 8)
        page.set_viewport_size({"width": size["width"], "height": height})
        still(page)
    return height


_GO: Final = """route => {
  history.pushState({}, '', route);
  dispatchEvent(new PopStateEvent('popstate', {state: {}}));
}"""
_SHOWN: Final = """shows => [...document.querySelectorAll('[id^=flt-semantic-node]')].some(e =>
  (e.getAttribute('flt-semantics-identifier') || '').startsWith(shows)
  || (e.getAttribute('aria-label') || e.textContent || '').includes(shows))"""
_HIDDEN: Final = """() => Math.max(0, ...[...document.querySelectorAll('flt-semantics')]
  .filter(e => /scroll|hidden/.test(e.style.overflowY))
  .map(e => e.scrollHeight - e.clientHeight))"""
