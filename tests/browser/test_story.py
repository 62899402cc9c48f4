"""The story in Chromium, over real processes and real HTTP: an appeal survives a blackout."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acts import (
    OFFLINE,
    RECEIVED,
    again,
    arrives,
    fill,
    line,
    reach,
    reads,
    segment,
    tap,
    top,
    window,
)
from tests.browser.chromium import DESKTOP, click, enter, labelled, named, room, shot
from tests.browser.town import Town

pytestmark = pytest.mark.browser
TITLE = "Прорвало трубу у дворі на Садовій, 14"
TEXT = "Вода тече від другого під’їзду й підмиває стоянку. Перекрийте, будь ласка."
REPLY = "Бригада перекрила воду. Трубу замінять завтра до обіду."
ALERT = "Пройдіть в укриття: загроза обстрілу"
NUMBER = "№ ЗВ-000001"


def file_an_appeal(page: Page) -> None:
    room(page, "Написати")
    fill(page, "write-title", TITLE)
    fill(page, "write-text", TEXT)
    fill(page, "write-address", "вул. Садова, 14")
    shot(page, "write")
    tap(page, "write-review")
    tap(page, "write-save")
    expect(reads(page, "write-saved", "Збережено на цьому пристрої")).to_be_attached()


def test_an_appeal_survives_a_blackout(browser: Browser, city: Town) -> None:
    resident = city.app("resident")
    resident.start()
    page = window(browser, resident.url)

    # No server anywhere: saved means saved here, and nothing more is claimed.
    file_an_appeal(page)
    line(page, OFFLINE)
    expect(reads(page, "exchange-line", "1 звернення чекає на цьому пристрої")).to_be_attached()
    shot(page, "saved")

    # The battery ends. After it the appeal is there, still waiting.
    resident.kill()
    resident.start()
    again(page, resident)
    room(page, "Мої")
    card = page.locator('[flt-semantics-identifier^="appeal-"]')
    expect(card).to_contain_text(TITLE)
    expect(card).to_contain_text("Чекає на цьому пристрої")
    shot(page, "waiting")

    # The server is back: one exchange carries it, and the city's receipt says so.
    city.server.start()
    line(page, RECEIVED)
    expect(card).to_contain_text("Отримано містом")
    card.click()
    reach(page, "receipt-number")
    shot(page, "received")
    top(page)

    # The desk opens the seal, registers it and answers.
    answer_at_the_desk(browser, city)

    # The server dies and comes back; the resident reads the reply.
    city.server.kill()
    line(page, OFFLINE)
    city.server.start()
    arrives(page, labelled(page, "said", REPLY))
    expect(labelled(page, "said", REPLY)).to_have_count(1)
    line(page, RECEIVED)
    expect(labelled(page, "thread-number", NUMBER)).to_be_attached()
    shot(page, "thread")


def answer_at_the_desk(browser: Browser, city: Town) -> None:
    desk = city.app("desk")
    desk.start()
    work = window(browser, desk.url, DESKTOP)
    arrives(work, work.locator('[flt-semantics-identifier^="appeal-"]'))
    work.locator('[flt-semantics-identifier^="appeal-"]').click()
    expect(labelled(work, "thread-text", TEXT)).to_be_visible()
    click(work, "desk-register")
    expect(labelled(work, "thread-number", NUMBER)).to_be_visible()
    enter(work, "desk-reply-text", REPLY)
    click(work, "desk-reply")
    expect(labelled(work, "said", REPLY)).to_be_visible()
    line(work, RECEIVED)
    shot(work, "desk")
    work.close()


def test_urgent_news_reach_the_resident_and_stand_on_top(browser: Browser, city: Town) -> None:
    city.server.start()
    for name in ("newsroom", "resident"):
        city.app(name).start()
    office = window(browser, city.app("newsroom").url, DESKTOP)
    publish(office, "Пункт обігріву у школі № 3", "Чай, тепло і зарядка для телефонів.")
    publish(office, ALERT, "Найближчі укриття: школа № 3, поліклініка.", "Терміново")
    publish(office, "Вода повернеться о 18:00", "Засувку замінено.")
    line(office, RECEIVED)
    shot(office, "newsroom")
    city.sign_alerts()

    # The first screen is home, with the alert on top of it.
    page = window(browser, city.app("resident").url)
    alert = page.locator('[flt-semantics-identifier^="alert-"]')
    arrives(page, alert)
    expect(alert).to_contain_text(ALERT)
    shot(page, "home")
    room(page, "Новини")
    cards = page.locator('[flt-semantics-identifier^="news-"][role="button"]')
    expect(cards).to_have_count(3)
    expect(cards.first).to_contain_text(ALERT)
    expect(cards.first).to_contain_text("Терміново")
    shot(page, "news")
    enter(page, "news-search", "вода")
    expect(cards).to_have_count(1)
    expect(cards.first).to_contain_text("Вода повернеться")
    speak_english_and_back(page)

    # The newsroom takes the alert back; nobody is left with it unmarked.
    taken = labelled(office, "published-", ALERT)
    taken.locator('[flt-semantics-identifier^="withdraw-"]').click()
    enter(office, "withdraw-note", "Загроза минула")
    click(office, "withdraw-yes")
    line(office, RECEIVED)
    enter(page, "news-search", "укриття")
    arrives(page, cards.filter(has_text="Відкликано"))


def speak_english_and_back(page: Page) -> None:
    tap(page, "settings")
    segment(page, "settings-language", "English")
    expect(reads(page, "exchange-line", "the city has everything")).to_be_attached()
    shot(page, "settings-en")
    segment(page, "settings-language", "Українська")
    expect(reads(page, "exchange-line", RECEIVED)).to_be_attached()
    tap(page, "back")
    expect(page.get_by_role("tab", name="Новини", exact=True)).to_be_visible()


def publish(page: Page, title: str, text: str, priority: str = "") -> None:
    enter(page, "newsroom-title", title)
    enter(page, "newsroom-text", text)
    if priority:
        named(page, "newsroom-priority").get_by_text(priority).click()
    tap(page, "newsroom-save")
    if priority:  # an alert is asked about once more, and goes to a second person
        tap(page, "newsroom-urgent-yes")
    expect(labelled(page, "published-", title)).to_have_count(1)
    reach(page, "newsroom-saved")
