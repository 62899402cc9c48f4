"""The picture of the README: `python -m tests.browser.picture` makes docs/images/app.png anew.

A real city with real processes; only the words are made up. Three phones show home, the way of an
appeal and when there will be power; a desktop window shows the desk at work on that appeal.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.news import Newsroom
from client.services.notes import Notes
from client.services.prefs import Prefs
from misto.demo.publishing import Clock, publish_all
from misto.demo.seed import load_seed
from shared_schema.records.news import Published
from tests.browser.acts import reads
from tests.browser.chromium import PHONE, ROOT, chromium, open_app, shot
from tests.browser.stage import HOME, HOUR_MS, in_the_past, now_ms
from tests.browser.town import Town, town
from tests.browser.walk import Room, go
from tests.browser.wording import ALERT, APPEALS, WHERE_TO

IMAGE: Final = ROOT / "docs" / "images" / "app.png"
DESK: Final = (1120, PHONE[1])
MARGIN, RADIUS, BACKDROP = 36, 28, "#DCE7E6"
SCALE: Final = 2
SHOWN: Final = ("identified", "in_progress", "registered", "answered")
SCROLLS: Final = {"readme-thread": 340, "readme-outages": 220}
REPLY: Final = "Бригада перекрила воду. Трубу замінять завтра до обіду."


def set_the_stage(city: Town) -> str:
    """The demo's news and guide, a few appeals and the desk's answers; returns one answered."""
    now = now_ms()
    clock = Clock(now)
    with in_the_past(city, "newsroom", clock) as newsroom:
        publish_all(newsroom, clock, load_seed(), lambda what, done, of: None)
        until = now + 6 * HOUR_MS
        Newsroom(newsroom).publish(Published(ALERT, WHERE_TO, "Безпека", "", "urgent", until))
    city.sign_alerts()
    with city.device("resident") as (replica, exchange):
        Prefs(Notes(replica)).put(HOME)
        of = {name: Appeals(replica).file(APPEALS[name]).record for name in SHOWN}
        exchange.once()
    with city.device("desk") as (replica, exchange):
        exchange.once()
        _answer(Desk(replica), of)
        exchange.once()
    with city.device("resident") as (_, exchange):
        exchange.once()
    return of["answered"]


def _answer(desk: Desk, of: dict[str, str]) -> None:
    desk.register(of["in_progress"])
    desk.set_status(of["in_progress"], "in_progress", "Передано теплокомуненерго")
    desk.register(of["answered"], note="Аварійна бригада їде")
    desk.reply(of["answered"], REPLY)
    desk.set_status(of["answered"], "answered")


def _open(browser: Browser, city: Town, name: str, size: tuple[int, int]) -> Page:
    city.app(name).start()
    page = open_app(browser, city.app(name).url, size, scale=SCALE)
    expect(reads(page, "exchange-line", "усе отримано містом")).to_be_attached()
    return page


def take(browser: Browser, city: Town) -> list[Path]:
    """The four screens."""
    answered = set_the_stage(city)
    title = APPEALS["answered"].title
    phone = _open(browser, city, "resident", PHONE)
    visited = (
        Room("readme-home", "/home", "alert-"),
        Room("readme-thread", f"/appeals/{answered}", title),
        Room("readme-outages", "/outages", "outages-address"),
    )
    shots = []
    for room in visited:
        go(phone, room)
        shots.append(_settled(phone, room.name))
    desk = _open(browser, city, "desk", DESK)
    go(desk, Room("readme-desk", f"/queue/{answered}", "desk-status"))
    return [*shots, _settled(desk, "readme-desk")]


def _settled(page: Page, name: str) -> Path:
    """Scrolled to what matters; nothing hovered over, and no scroll bar any more."""
    size = page.viewport_size or {"width": 2, "height": 2}
    if name in SCROLLS:
        page.mouse.move(size["width"] / 2, size["height"] * 0.6)
        page.mouse.wheel(0, SCROLLS[name])
    page.mouse.move(size["width"] / 2, 2)
    page.wait_for_timeout(1_200)
    return shot(page, name)


def compose(shots: Sequence[Path], target: Path) -> None:
    """Side by side on a quiet ground, with round corners."""
    screens = [Image.open(path).convert("RGB") for path in shots]
    width = sum(screen.width for screen in screens) + MARGIN * SCALE * (len(screens) + 1)
    height = max(screen.height for screen in screens) + 2 * MARGIN * SCALE
    sheet = Image.new("RGB", (width, height), BACKDROP)
    left = MARGIN * SCALE
    for screen in screens:
        mask = Image.new("L", screen.size, 0)
        box = (0, 0, screen.width - 1, screen.height - 1)
        ImageDraw.Draw(mask).rounded_rectangle(box, RADIUS * SCALE, fill=255)
        sheet.paste(screen, (left, MARGIN * SCALE), mask)
        left += screen.width + MARGIN * SCALE
    target.parent.mkdir(parents=True, exist_ok=True)
    # Half of a doubled size keeps letters sharp and the file small.
    small = sheet.resize((width // SCALE, height // SCALE), Image.Resampling.LANCZOS)
    small.quantize(192, dither=Image.Dither.NONE).save(target, optimize=True)


def main() -> int:
    """Make the picture."""
    with (
        tempfile.TemporaryDirectory() as folder,
        town(Path(folder), load_seed().all_districts) as city,
        chromium() as browser,
    ):
        city.server.start()
        compose(take(browser, city), IMAGE)
    print(IMAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
