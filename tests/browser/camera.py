"""Taking the pictures of `make screenshots`: a window that is closed again, a room, all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.browser.chromium import SHOTS, open_app
from tests.browser.walk import Room, whole_room


def take(page: Page, name: str, room: Room, *, whole: bool) -> None:
    """A picture of a room; `whole`: down to its end."""
    if not whole and room.act is None:
        shoot(page, name)
        return
    with whole_room(page, room.act):
        if whole:
            shoot(page, name)
    if not whole:
        shoot(page, name)


def shoot(page: Page, name: str) -> None:
    """A picture of the window as it is."""
    size = page.viewport_size or {"width": 2, "height": 2}
    page.mouse.move(size["width"] / 2, 2)  # there is nothing to hover over
    page.wait_for_timeout(250)  # ripples and fading
    page.screenshot(path=SHOTS / f"{name}.png")


@contextmanager
def opened(
    browser: Browser, url: str, size: tuple[int, int], *, dark: bool = False, text: int = 100
) -> Iterator[Page]:
    """A window that is closed again: many open ones would slow each other."""
    page = open_app(browser, url, size, dark=dark, text=text)
    try:
        yield page
    finally:
        page.context.close()
