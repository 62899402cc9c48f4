"""The picture of the README: `python -m tests.browser.picture` makes docs/images/app.png anew.

A real city with real processes; only the words are made up. A phone shows the news and an answered
appeal, a desktop window the desk's queue.
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
from shared_schema.records.appeal import Opened
from shared_schema.records.news import Published
from tests.browser.chromium import PHONE, ROOT, chromium, named, open_app, room, shot
from tests.browser.town import Town, town

IMAGE: Final = ROOT / "docs" / "images" / "app.png"
DESK: Final = (1120, PHONE[1])
MARGIN, RADIUS, BACKDROP = 36, 28, "#DCE7E6"
SCALE: Final = 2
NEWS: Final = (
    Published(
        title="Видача продуктових наборів у Кам’янці",
        text="Щодня з 9:00 до 15:00 у бібліотеці на Шкільній, 4. Візьміть документ.",
        topic="Допомога",
        district="Кам’янка",
    ),
    Published(
        title="Пункт обігріву у школі № 3 працює цілодобово",
        text="Чай, тепло, зарядка для телефонів, дитячий куток.",
        topic="Допомога",
    ),
    Published(
        title="Сьогодні з 22:00 до 5:00 не буде води",
        text="Водоканал міняє засувку на Польовій. Наберіть води заздалегідь; підвіз о 7:00.",
        topic="Вода",
        district="Затишшя",
        priority="important",
    ),
    Published(
        title="Пройдіть в укриття: загроза обстрілу",
        text="Найближчі укриття: школа № 3, поліклініка, підземний перехід на Садовій.",
        topic="Безпека",
        priority="urgent",
    ),
)
APPEALS: Final = (
    Opened("signal", "", "Не горить ліхтар біля школи № 7",
           "Третій вечір темно на переході, а діти йдуть із другої зміни.",
           "light", "вул. Шкільна, 12", "Затишшя"),
    Opened("appeal", "application", "Немає опалення у під’їзді",
           "Батареї холодні від понеділка, у квартирах 14 градусів.",
           "heat", "вул. Польова, 8", "Центр", "Гончар Олена Іванівна", "olena@example.org"),
    Opened("signal", "", "Яма на перехресті Садової та Польової",
           "Глибока, після дощу її не видно.", "roads", "Садова / Польова", "Центр"),
    Opened("appeal", "application", "Прорвало трубу у дворі",
           "Вода тече від другого під’їзду й підмиває стоянку. Перекрийте, будь ласка.",
           "water", "вул. Садова, 14", "Центр", "Мельник Ірина Петрівна", "+380 00 000 00 00"),
)  # fmt: skip


def set_the_stage(city: Town) -> str:
    """News, appeals and the desk's answers; returns the record of the answered appeal."""
    with city.device("newsroom") as (replica, exchange):
        newsroom = Newsroom(replica)
        for item in NEWS:
            newsroom.publish(item)
        exchange.once()
    with city.device("resident") as (replica, exchange):
        records = [Appeals(replica).file(appeal).record for appeal in APPEALS]
        exchange.once()
    with city.device("desk") as (replica, exchange):
        exchange.once()
        desk = Desk(replica)
        desk.register(records[1])
        desk.set_status(records[1], "in_progress", "Передано теплокомуненерго")
        desk.register(records[3])
        desk.reply(records[3], "Бригада перекрила воду. Трубу замінять завтра до обіду.")
        desk.set_status(records[3], "answered")
        exchange.once()
    with city.device("resident") as (_, exchange):
        exchange.once()
    return records[3]


def _settled(page: Page) -> None:
    expect(named(page, "exchange-line").first).to_contain_text("усе отримано містом")


def take(browser: Browser, city: Town) -> list[Path]:
    """The three screens."""
    answered = set_the_stage(city)
    for name in ("resident", "desk"):
        city.app(name).start()
    news = open_app(browser, city.app("resident").url, scale=SCALE)
    _settled(news)
    expect(news.locator('[flt-semantics-identifier^="news-"][role="button"]').first).to_be_visible()
    shots = [shot(news, "readme-news")]
    room(news, "Звернення")
    named(news, f"appeal-{answered}").click()
    expect(named(news, "receipt-number")).to_be_attached()
    shots.append(shot(news, "readme-thread"))
    desk = open_app(browser, city.app("desk").url, DESK, scale=SCALE)
    _settled(desk)
    named(desk, f"appeal-{answered}").click()
    expect(named(desk, "desk-status")).to_be_attached()
    desk.mouse.move(5, 5)
    shots.append(shot(desk, "readme-desk"))
    return shots


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
    with tempfile.TemporaryDirectory() as folder, town(Path(folder)) as city, chromium() as browser:
        city.server.start()
        compose(take(browser, city), IMAGE)
    print(IMAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
