"""News in Chromium: search, filters, what was read, corrected, taken back or is over."""

from __future__ import annotations

import time
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from client.services.news import Newsroom
from client.services.prefs import Preferences
from shared_schema.records.news import Corrected, Published
from tests.browser.acts import SMALL, arrives, choose, reach, reads, says, tap, top, visit, window
from tests.browser.chromium import DESKTOP, enter, named, shot
from tests.browser.town import Town

pytestmark = pytest.mark.browser
HOUR_MS: Final = 3_600_000
WORDS: Final = {
    "uk": ("Новини", "Нове", "Виправлено", "Відкликано: помилка диспетчера", "Строк дії минув"),
    "en": ("News", "New", "Corrected", "Withdrawn: помилка диспетчера", "No longer in force"),
}
SCREENS: Final = [(SMALL, "uk", False), (DESKTOP, "en", True)]


@pytest.mark.parametrize(("size", "language", "dark"), SCREENS, ids=["phone", "desktop-en-dark"])
def test_news_are_found_narrowed_read_and_never_trusted_too_long(
    browser: Browser, city: Town, size: tuple[int, int], language: str, dark: bool
) -> None:
    records = published(city)
    choose(city, Preferences(language=language, district="Центр"))
    city.app("resident").start()
    page = window(browser, city.app("resident").url, size, dark=dark)
    room_name, new, corrected, withdrawn, over = WORDS[language]

    # Home has the alert of one's own district, not another's and not one that is over.
    arrives(page, named(page, f"alert-{records['alert']}"))
    expect(page.locator('[flt-semantics-identifier^="alert-"]')).to_have_count(1)
    shot(page, f"news-home-{size[0]}")
    visit(page, room_name)
    narrow(page, records)

    card = reach(page, f"news-{records['corrected']}")
    expect(card).to_contain_text(new)
    expect(card).to_contain_text(corrected)
    tap(page, f"news-{records['corrected']}")
    expect(reads(page, "news-corrected", corrected)).to_be_visible()
    expect(says(page, "Підвіз води о 16:00")).to_be_visible()
    shot(page, f"news-corrected-{size[0]}")
    close(page)
    reach(page, f"news-{records['corrected']}")
    expect(card).not_to_contain_text(new)

    tap(page, f"news-{records['withdrawn']}")
    expect(reads(page, "news-withdrawn", withdrawn)).to_be_visible()
    close(page)
    tap(page, f"news-{records['over']}")
    expect(reads(page, "news-expired", over)).to_be_visible()
    close(page)
    tap(page, "filter-unread")
    expect(cards(page)).to_have_count(3)
    expect(card).to_have_count(0)


def cards(page: Page) -> Locator:
    return page.locator('[flt-semantics-identifier^="news-"][role="button"]')


def narrow(page: Page, records: dict[str, str]) -> None:
    """By words, by topic, by district, and back to all."""
    every = [f"news-{record}" for record in records.values()]
    for name in every:
        reach(page, name)
    enter(page, "news-search", "вода")
    expect(cards(page)).to_have_count(2)
    tap(page, "filter-district")
    expect(cards(page)).to_have_count(1)
    expect(named(page, f"news-{records['corrected']}")).to_be_visible()
    tap(page, "filter-none")
    expect(cards(page).first).to_contain_text("Пройдіть в укриття")
    tap(page, "filter-topic-Безпека")
    expect(cards(page)).to_have_count(3)
    tap(page, "filter-none")
    for name in every:
        reach(page, name)
    top(page)


def close(page: Page) -> None:
    """From an item back to the list, which stands beside it where there is room."""
    if page.viewport_size == {"width": SMALL[0], "height": SMALL[1]}:
        tap(page, "back")
    top(page)


def published(city: Town) -> dict[str, str]:
    """What the newsroom has said, by what is special about it."""
    now = time.time_ns() // 1_000_000
    city.server.start()
    with city.device("newsroom") as (replica, exchange):
        room = Newsroom(replica)

        def put(title: str, topic: str, district: str = "", *more: object) -> str:
            return room.publish(Published(title, "Подробиці.", topic, district, *more)).record  # type: ignore[arg-type]

        records = {
            "over": put("Відбій тривоги", "Безпека", "", "urgent", now - HOUR_MS),
            "other": put("Евакуація", "Безпека", "Затишшя", "urgent", now + HOUR_MS),
            "water": put("Вода в Кам’янці є", "Вода", "Кам’янка"),
            "corrected": put("Підвіз води о 15:00", "Вода", "Центр"),
            "withdrawn": put("Міст закрито", "Транспорт"),
            "alert": put("Пройдіть в укриття", "Безпека", "Центр", "urgent", now + HOUR_MS),
        }
        again = Corrected("Підвіз води о 16:00", "Вода питна, біля ринку.", "Вода", "Центр")
        room.correct(records["corrected"], again)
        room.withdraw(records["withdrawn"], "помилка диспетчера")
        exchange.once()
    city.sign_alerts()
    return records
