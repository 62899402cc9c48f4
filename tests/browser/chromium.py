"""Driving the app in Debian's Chromium: opening it, finding controls by name, typing, pictures."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "artifacts" / "screenshots"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = (390, 844)
SMALL_PHONE = (360, 640)
DESKTOP = (1280, 800)
PATIENCE_MS = 30_000


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser, not one that Playwright would fetch."""
    path = shutil.which("chromium")
    assert path, "Chromium is not installed (scripts/browser.sh)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        try:
            yield browser
        finally:
            browser.close()


def open_app(
    browser: Browser, url: str, size: tuple[int, int] = PHONE, *, scale: int = 1, text: int = 100
) -> Page:
    """A window of its own on the app, with the tree for screen readers switched on.

    Args:
        scale: device pixels per pixel, for pictures.
        text: text size in percent, as a person sets it in the browser.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, device_scale_factor=scale, locale="uk-UA"
    )
    page = context.new_page()
    if text != 100:
        style = f"document.documentElement.style.fontSize = '{text}%'"
        page.add_init_script(f"document.addEventListener('DOMContentLoaded', () => {{{style}}})")
    page.goto(url)
    wake_semantics(page)
    return page


def wake_semantics(page: Page) -> None:
    """Flutter draws on a canvas; its accessible tree appears once somebody asks for it."""
    page.wait_for_selector("flt-semantics-placeholder", state="attached", timeout=60_000)
    page.evaluate("document.querySelector('flt-semantics-placeholder').click()")
    page.wait_for_selector("flt-semantics[role], flt-semantics-host *", state="attached")


def named(page: Page, name: str) -> Locator:
    """The control that the app calls `name` (`ft.Semantics(identifier=...)`)."""
    return page.locator(f'[flt-semantics-identifier="{name}"]')


def enter(page: Page, name: str, text: str) -> None:
    """Type into a field. Filling at once loses text while the focus still moves between fields."""
    field = named(page, name).locator("input, textarea").first
    for _ in range(4):
        field.click()
        expect(field).to_be_focused()
        page.wait_for_timeout(100)
        field.fill(text)
        page.wait_for_timeout(50)
        if field.input_value() == text:
            return
    raise AssertionError(f"could not enter {text!r} into {name}")


def shot(page: Page, name: str) -> Path:
    """A picture of the window, once its animations are over."""
    page.wait_for_timeout(450)
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path)
    return path
