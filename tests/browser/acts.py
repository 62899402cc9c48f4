"""What a person does in the app, as the flows' tests do it: reaching, typing, choosing, waiting.

Nothing here sleeps blindly: every act waits for what it needs, and every wait has an end.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from client.services.notes import Notes
from client.services.prefs import Preferences, Prefs
from client.services.replica import Replica
from tests.browser.chromium import DESKTOP, enter, named, shot, wake_semantics
from tests.browser.town import Process, Town, free_port

SMALL: Final = (360, 740)
"""The phone that most people in the city have."""
BOTH: Final = (
    pytest.param(SMALL, id="phone"),
    pytest.param(DESKTOP, id="desktop", marks=pytest.mark.sweep),
)
"""Sizes for a flow that is no other on a desktop: there it is for `make test-looks`."""
RECEIVED: Final = "усе отримано містом"
OFFLINE: Final = "Немає зв’язку"
WAIT_S: Final = 30.0
_TRY_MS: Final = 1_500
_ATTACH_MS: Final = 400
_MOVE_MS: Final = 300
_STILL_MS: Final = 90
_WHERE: Final = """name => {
    const scroller = e => e && e.closest('flt-semantics[style*="scrollbar-width"]');
    const target = document.querySelector(`[flt-semantics-identifier="${name}"]`);
    const marks = document.querySelectorAll('flt-semantics[style*="scrollbar-width"] *');
    const mark = [...marks].map(e => e.getBoundingClientRect())
        .map(box => Math.round(box.top) + Math.round(box.left)).join();
    const low = [...document.querySelectorAll('flt-semantics[style*="scrollbar-width"]')]
        .map(e => e.getBoundingClientRect()).filter(box => box.height && box.height < 100);
    const row = low.length ? low[0].top + low[0].height / 2 : 0;
    if (!target) return {seen: false, by: null, row, mark};
    const box = target.getBoundingClientRect();
    let around = scroller(target), across = 0;
    while (around && around.getBoundingClientRect().height < 100) {
        if (box.width < 24) across = box.left > innerWidth / 8 ? 120 : -120;
        around = scroller(around.parentElement);
    }
    const aside = {x: box.left + 1, y: box.top + box.height / 2, by: 0, across, mark};
    if (!around) return {seen: box.height > 0 && box.bottom <= innerHeight && !across, ...aside};
    const area = around.getBoundingClientRect();
    const tall = box.height > area.height * 0.8;
    const seen = tall ? box.top < area.bottom - 48 && box.bottom > area.top + 48
        : box.height > 0 && box.top > area.top + 1 && box.bottom < area.bottom - 1;
    if (seen) return {seen: !across, ...aside};
    const by = Math.round(box.top - area.top - Math.min(area.height * 0.3, 160));
    const x = area.left + area.width / 2, y = area.top + area.height / 2;
    return {seen, by, across: 0, x, y, mark};
}"""
"""Where a control is in what scrolls it. What is cut by the edge of its list ends exactly there."""
_WAYS: Final = (
    (0.75, 0.6, 0, 0.5), (0.75, 0.6, 0, -0.5), (0.25, 0.6, 0, -0.5), (0.25, 0.6, 0, 0.5),
    (0.25, 0.6, -0.8, 0), (0.25, 0.6, 0.8, 0),
)  # fmt: skip
"""Where a thumb looks for what is not in sight: both panes, down and up, then along a row."""
_NAMES: Final = """prefix => [...document.querySelectorAll(
    `[flt-semantics-identifier^="${prefix}"][flt-tappable]`)]
    .map(e => [e.getBoundingClientRect().top, e.getAttribute('flt-semantics-identifier')])
    .sort((a, b) => a[0] - b[0]).map(pair => pair[1])"""
_ANSWERED: Final = re.compile(r'misto_exchanges_total\{outcome="answered"\} (\d+)')

expect.set_options(timeout=15_000)  # two cores are shared with others


def window(
    browser: Browser, url: str, size: tuple[int, int] = SMALL, *, dark: bool = False, **more: Any
) -> Page:
    """A window of its own on the app; `more` goes to the browser's context (touch, position)."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="uk-UA",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",  # nothing is to be waited for that only pleases
        **more,
    )
    page = context.new_page()
    page.goto(url)
    wake_semantics(page)
    return page


def again(page: Page, process: Process) -> None:
    """The app's process has begun anew; look at it as somebody who opens the app.

    The window that was left may have found the new process by itself already. Loaded anew it would
    be that same window, still in the room in which it was: so it is left and forgotten first.
    """
    page.goto(f"{process.url}/manifest.json")
    page.evaluate("sessionStorage.clear()")
    page.goto(process.url)
    wake_semantics(page)


def reach(page: Page, name: str) -> Locator:
    """Scroll as a thumb would until a control is wholly in sight; on both sides of two panes."""
    target = named(page, name).first
    with contextlib.suppress(PlaywrightTimeout):
        target.wait_for(state="attached", timeout=_ATTACH_MS)
    size = page.viewport_size or {"width": 0, "height": 0}
    ways = itertools.cycle(_WAYS)
    (x, y, right, down), stuck = next(ways), 0
    for attempt in range(80):
        here = page.evaluate(_WHERE, name)
        if here["seen"]:
            if attempt:
                _settle(target)
            return target
        if here["by"] is None:
            page.mouse.move(size["width"] * x, here["row"] if right else size["height"] * y)
            page.mouse.wheel(size["width"] * right, size["height"] * down)
        else:
            page.mouse.move(min(here["x"], size["width"] - 8), here["y"])
            page.mouse.wheel(here["across"], here["by"])
        stuck = 0 if _moved(page, name, here["mark"]) else stuck + 1
        if stuck == 2:
            (x, y, right, down), stuck = next(ways), 0
    raise AssertionError(f"{name} cannot be reached: see {shot(page, 'lost')}")


def _moved(page: Page, name: str, mark: str) -> bool:
    """Whether the page has scrolled; its tree for screen readers follows a little later."""
    changed = f"([name, mark]) => ({_WHERE})(name).mark !== mark"
    with contextlib.suppress(PlaywrightTimeout):
        page.wait_for_function(changed, arg=[name, mark], timeout=_MOVE_MS)
        return True
    return False


def _settle(target: Locator) -> None:
    """Wait until it stands: its place in the tree lags behind what is drawn; a tap would miss."""
    before = target.bounding_box()
    for _ in range(12):
        target.page.wait_for_timeout(_STILL_MS)
        here = target.bounding_box()
        if here == before:
            return
        before = here


def top(page: Page) -> None:
    """Back to the beginning of a page: what is far out of sight is not there for tests either."""
    size = page.viewport_size or {"width": 0, "height": 0}
    for across in (0.25, 0.75):
        page.mouse.move(size["width"] * across, size["height"] * 0.6)
        page.mouse.wheel(0, -20_000)


def visit(page: Page, name: str) -> None:
    """Tap a room in the bar (a tab to screen readers) or in the rail (a button that counts)."""
    tab = page.get_by_role("tab", name=name, exact=True)
    rail = page.get_by_role("button", name=re.compile(rf"^{re.escape(name)}\s"))
    tab.or_(rail).first.click()


def tap(page: Page, name: str) -> None:
    """Reach a control and tap it."""
    reach(page, name).click()


def fill(page: Page, name: str, text: str) -> None:
    """Reach a field and type into it."""
    reach(page, name)
    enter(page, name, text)


def holds(page: Page, name: str, text: str) -> None:
    """A field holds this text; Flutter tells only of the one that has the focus.

    The focus goes with a field that another form's takes the place of, so it is given again.
    """
    deadline = time.monotonic() + WAIT_S
    while True:
        field = reach(page, name).locator("input, textarea")
        field.click()
        try:
            expect(field).to_have_value(text, timeout=_TRY_MS)
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        else:
            return


def pick(page: Page, name: str, option: str) -> None:
    """Choose from a list that opens."""
    tap(page, name)
    page.get_by_role("menuitem", name=option, exact=True).click()
    expect(page.get_by_role("menuitem")).to_have_count(0)


def segment(page: Page, name: str, option: str) -> None:
    """Choose one of two or three that are all in sight."""
    reach(page, name).get_by_role("button", name=option, exact=True).click()


def line(page: Page, said: str) -> None:
    """The line of truth says this, if need be after asking for an exchange, as a person would."""
    arrives(page, named(page, "exchange-line").filter(has_text=said))


def reads(page: Page, name: str, text: str) -> Locator:
    """A control of this name that says so: its words may be a label, or a piece inside of it."""
    own = f'[flt-semantics-identifier^="{name}"]'
    label = f'[aria-label*="{text}"]'
    return page.locator(f'{own}{label}, {own}:has({label}), {own}:has-text("{text}")').first


def says(page: Page, text: str) -> Locator:
    """Whatever says this to a screen reader."""
    return page.locator(f'[aria-label*="{text}"]').or_(page.get_by_text(text)).last


def arrives(page: Page, awaited: Locator) -> None:
    """Something is there, if need be after an exchange or several: the arrows ask for them."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        with contextlib.suppress(AssertionError):
            expect(awaited.first).to_be_attached(timeout=_TRY_MS)
            return
        named(page, "exchange-now").first.click()
    expect(awaited.first).to_be_attached()


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something outside the browser: a file, a row, a count."""
    deadline = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def answered(city: Town) -> int:
    """How many exchanges the city's server has answered so far."""
    found = _ANSWERED.search(httpx.get(f"{city.server.url}/metrics").text)
    return int(found[1]) if found else 0


def newcomer(city: Town, name: str) -> Process:
    """An app that has only the city's card: no device yet, in a folder that is not there."""
    card = city.folder / "city.card"
    card.write_bytes(city.card)
    port = free_port()
    arguments = ("client", "--profile", str(folder_of(city, name)), "--card", str(card), "--web",
                 "--port", str(port), "--server", city.server.url)  # fmt: skip
    city.apps[name] = Process(arguments, port, city.folder / f"{name}.log")
    return city.apps[name]


def folder_of(city: Town, name: str) -> Path:
    """Where a device's folder is; unlike `Town.profile` it makes none."""
    return city.folder / "devices" / name


def notes_in(profile: Path, prefix: str) -> bytes:
    """The sealed notes of a device that may be running; empty when there are none."""
    ask = "SELECT sealed FROM sealed_notes WHERE name LIKE ? ORDER BY name"
    with contextlib.closing(sqlite3.connect(f"file:{profile}/replica.db?mode=ro", uri=True)) as db:
        return b"".join(bytes(row[0]) for row in db.execute(ask, (f"{prefix}%",)))


def everything_in(folder: Path) -> bytes:
    """All bytes of all files, as somebody who found the phone would read them."""
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def choose(city: Town, preferences: Preferences, name: str = "resident") -> None:
    """Put choices on a device before its app runs, as its settings would."""
    with Replica.open(city.profile(name)) as replica:
        Prefs(Notes(replica)).put(preferences)


def listed_names(page: Page, prefix: str) -> list[str]:
    """The names of the cards of a list from its top on, as the tree for screen readers has them."""
    names: list[str] = page.evaluate(_NAMES, prefix)
    return names
