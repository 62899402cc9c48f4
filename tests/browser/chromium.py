"""Driving the app in Debian's Chromium: opening it, finding controls by name, typing, pictures."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "artifacts" / "screenshots"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-3d-apis",  # drawn by the processor at once: WebGL would be, by way of a copy
    "--disable-quic",
    "--overscroll-history-navigation=0",  # a wheel sideways would leave the app
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = (390, 844)
SMALL_PHONE = (360, 640)
DESKTOP = (1280, 800)
PATIENCE_MS = 30_000
_FRAMES = """count => new Promise(done => {
    const next = () => count-- > 0 ? requestAnimationFrame(next) : done();
    next();
})"""
"""So many frames later: a busy machine takes its time for them, and for Flutter's work alike."""


@contextlib.contextmanager
def chromium(more: Sequence[str] = ()) -> Iterator[Browser]:
    """Debian's browser, not one that Playwright would fetch; `more` are arguments of its own."""
    path = shutil.which("chromium")
    assert path, "Chromium is not installed (scripts/browser.sh)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGS, *more])
        try:
            yield browser
        finally:
            browser.close()


def open_app(
    browser: Browser,
    url: str,
    size: tuple[int, int] = PHONE,
    *,
    scale: int = 1,
    text: int = 100,
    dark: bool = False,
) -> Page:
    """A window of its own on the app, with the tree for screen readers switched on.

    Args:
        scale: device pixels per pixel, for pictures.
        text: text size in percent, as a person sets it in the browser.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=scale,
        locale="uk-UA",
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    if text != 100:
        style = f"document.documentElement.style.fontSize = '{text}%'"
        page.add_init_script(f"document.addEventListener('DOMContentLoaded', () => {{{style}}})")
    page.goto(url)
    wake_semantics(page)
    return page


def wake_semantics(page: Page) -> None:
    """Flutter draws on a canvas; its accessible tree appears once somebody asks for it.

    The place to ask at is there a little before Flutter listens, and goes when it has heard.
    """
    asked_at = "flt-semantics-placeholder"
    page.wait_for_selector(asked_at, state="attached", timeout=60_000)
    for _ in range(30):
        page.evaluate("name => document.querySelector(name)?.click()", asked_at)
        with contextlib.suppress(PlaywrightTimeout):
            page.wait_for_selector(asked_at, state="detached", timeout=1_000)
            break
    page.wait_for_selector("flt-semantics[role]", state="attached")


def named(page: Page, name: str) -> Locator:
    """The control that the app calls `name` (`ft.Semantics(identifier=...)`)."""
    return page.locator(f'[flt-semantics-identifier="{name}"]')


def enter(page: Page, name: str, text: str) -> None:
    """Type into a field. Filling at once loses text while the focus still moves between fields.

    So does a page that has just changed: Flutter puts another element into the field's place some
    frames later, on a busy machine half a second. The text counts when it is still there then.
    """
    field = named(page, name).locator("input, textarea").first
    for _ in range(6):
        field.click()
        with contextlib.suppress(AssertionError):
            expect(field).to_be_focused(timeout=1_000)
            page.wait_for_timeout(100)
            field.fill(text)
            page.evaluate(_FRAMES, 3)
            if field.input_value() != text:
                continue
            # Flutter tells the app again what the field holds when the cursor moves.
            page.keyboard.press("Home")
            page.keyboard.press("End")
            page.evaluate(_FRAMES, 6)
            if field.input_value() == text:
                return
    raise AssertionError(f"could not enter {text!r} into {name}")


def click(page: Page, name: str) -> None:
    """Tap a control, scrolling to it as a thumb would; far rows exist only once they are near."""
    target = named(page, name).first
    with contextlib.suppress(PlaywrightTimeout):
        target.wait_for(state="attached", timeout=4_000)
    before: object = ""
    for _ in range(40):
        here = target.bounding_box() if target.count() else None
        if here is not None and (_is_inside(page, target) or here == before):
            break
        before = here
        size = page.viewport_size or {"width": 0, "height": 0}
        page.mouse.move(size["width"] * 0.75, size["height"] * 0.6)
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(120)
    target.click()


def _is_inside(page: Page, target: Locator) -> bool:
    box, size = target.bounding_box(), page.viewport_size
    if box is None or size is None:
        return False
    # A navigation bar covers the lowest 80 pixels of a phone.
    bar = 80 if size["width"] < DESKTOP[0] else 0
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"] - bar


def room(page: Page, name: str) -> None:
    """Tap an entry of the navigation bar (a tab to screen readers) or of the rail (a button)."""
    named(page, "exchange-line").first.wait_for()
    role: Literal["tab", "button"] = "tab" if page.get_by_role("tab").count() else "button"
    page.get_by_role(role, name=name, exact=True).click()


def labelled(page: Page, name: str, text: str) -> Locator:
    """Controls of this name that read `text`, among other things, to a screen reader."""
    return page.locator(f'[flt-semantics-identifier^="{name}"][aria-label*="{text}"]')


def shot(page: Page, name: str) -> Path:
    """A picture of the window, once its animations are over."""
    page.wait_for_timeout(450)
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path)
    return path
