"""The story in Chromium, over real processes and real HTTP: an appeal survives a blackout."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import (
    DESKTOP,
    PATIENCE_MS,
    click,
    enter,
    labelled,
    named,
    open_app,
    room,
    shot,
    wake_semantics,
)
from tests.browser.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TITLE = "Прорвало трубу у дворі на Садовій, 14"
TEXT = "Вода тече від другого під’їзду й підмиває стоянку. Перекрийте, будь ласка."
REPLY = "Бригада перекрила воду. Трубу замінять завтра до обіду."
ALERT = "Пройдіть в укриття: загроза обстрілу"
NUMBER = "№ ЗВ-000001"


def line(page: Page, said: str) -> None:
    """The line of truth says this; tapping it asks for an exchange, as a person would."""
    for _ in range(12):
        if said in (named(page, "exchange-line").first.inner_text() or ""):
            return
        named(page, "exchange-line").first.click()
        page.wait_for_timeout(500)
    expect(named(page, "exchange-line").first).to_contain_text(said, timeout=PATIENCE_MS)


def file_an_appeal(page: Page) -> None:
    room(page, "Написати")
    enter(page, "write-title", TITLE)
    enter(page, "write-text", TEXT)
    enter(page, "write-address", "вул. Садова, 14")
    shot(page, "write")
    click(page, "write-save")
    expect(named(page, "write-saved")).to_contain_text("Збережено на цьому пристрої")


def test_an_appeal_survives_a_blackout(browser: Browser, city: Town) -> None:
    resident = city.app("resident")
    resident.start()
    page = open_app(browser, resident.url)

    # No server anywhere: saved means saved here, and nothing more is claimed.
    file_an_appeal(page)
    line(page, "Немає зв’язку")
    expect(named(page, "exchange-line")).to_contain_text("1 звернення чекає на цьому пристрої")
    shot(page, "saved")

    # The battery ends. After it the appeal is there, still waiting.
    resident.kill()
    resident.start()
    page.goto(resident.url)
    wake_semantics(page)
    room(page, "Звернення")
    card = page.locator('[flt-semantics-identifier^="appeal-"]')
    expect(card).to_contain_text(TITLE)
    expect(card).to_contain_text("Чекає на цьому пристрої")
    shot(page, "waiting")

    # The server is back: one exchange carries it, and the city's receipt says so.
    city.server.start()
    line(page, "усе отримано містом")
    expect(card).to_contain_text("Отримано містом")
    card.click()
    expect(named(page, "receipt-number")).to_be_visible()
    shot(page, "received")

    # The desk opens the seal, registers it and answers.
    desk = city.app("desk")
    desk.start()
    work = open_app(browser, desk.url, DESKTOP)
    line(work, "усе отримано містом")
    work.locator('[flt-semantics-identifier^="appeal-"]').click()
    expect(labelled(work, "thread-text", TEXT)).to_be_visible()
    click(work, "desk-register")
    expect(labelled(work, "thread-number", NUMBER)).to_be_visible()
    enter(work, "desk-reply-text", REPLY)
    click(work, "desk-reply")
    expect(labelled(work, "said", REPLY)).to_be_visible()
    line(work, "усе отримано містом")
    shot(work, "desk")

    # The server dies and comes back; the resident reads the reply.
    city.server.kill()
    line(page, "Немає зв’язку")
    city.server.start()
    line(page, "усе отримано містом")
    expect(labelled(page, "said", REPLY)).to_have_count(1, timeout=PATIENCE_MS)
    expect(labelled(page, "thread-number", NUMBER)).to_be_visible()
    shot(page, "thread")


def test_urgent_news_reach_the_resident_and_stand_on_top(browser: Browser, city: Town) -> None:
    city.server.start()
    for name in ("newsroom", "resident"):
        city.app(name).start()
    office = open_app(browser, city.app("newsroom").url, DESKTOP)
    publish(office, "Пункт обігріву у школі № 3", "Чай, тепло і зарядка для телефонів.")
    publish(office, ALERT, "Найближчі укриття: школа № 3, поліклініка.", "Терміново")
    publish(office, "Вода повернеться о 18:00", "Засувку замінено.")
    line(office, "усе отримано містом")
    shot(office, "newsroom")

    page = open_app(browser, city.app("resident").url)
    line(page, "усе отримано містом")
    cards = page.locator('[flt-semantics-identifier^="news-"][role="button"]')
    expect(cards).to_have_count(3, timeout=PATIENCE_MS)
    expect(cards.first).to_contain_text(ALERT)
    expect(cards.first).to_contain_text("Терміново")
    shot(page, "news")
    enter(page, "news-search", "вода")
    expect(cards).to_have_count(1)
    expect(cards.first).to_contain_text("Вода повернеться")

    # English, at once, and back.
    click(page, "language")
    expect(named(page, "exchange-line")).to_contain_text("the city has everything")
    expect(cards.first).to_contain_text("Whole city")
    shot(page, "news-en")
    click(page, "language")
    expect(cards.first).to_contain_text("Усе місто")

    # The newsroom takes the alert back; nobody is left with it unmarked.
    alert = labelled(office, "published-", ALERT)
    alert.locator('[flt-semantics-identifier^="withdraw-"]').click()
    enter(office, "withdraw-note", "Загроза минула")
    click(office, "withdraw-yes")
    line(office, "усе отримано містом")
    enter(page, "news-search", "укриття")
    line(page, "усе отримано містом")
    page.wait_for_timeout(300)
    named(page, "exchange-line").click()
    expect(cards.first).to_contain_text("Відкликано", timeout=PATIENCE_MS)


def publish(page: Page, title: str, text: str, priority: str = "") -> None:
    enter(page, "newsroom-title", title)
    enter(page, "newsroom-text", text)
    if priority:
        named(page, "newsroom-priority").get_by_text(priority).click()
    click(page, "newsroom-save")
    expect(named(page, "newsroom-saved")).to_be_visible()
    expect(labelled(page, "published-", title)).to_have_count(1)
