"""The desk in Chromium, on a desk's screen and a tablet, over a queue of two hundred."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acts import RECEIVED, arrives, fill, line, reads, says, tap, until, window
from tests.browser.chromium import DESKTOP, enter, labelled, named, shot
from tests.browser.desk_stage import (
    PIPE,
    as_resident,
    keeps_focus,
    make_rivals,
    menu,
    page_says,
    rows,
    seed_queue,
    view_has,
    write_in,
)
from tests.browser.layout import faults, read, still
from tests.browser.town import Town

pytestmark = pytest.mark.browser
TABLET = (1024, 768)


def at_the_desk(browser: Browser, city: Town, size: tuple[int, int] = DESKTOP) -> Page:
    """A window on the desk, with its queue in sight."""
    city.app("desk").start()
    page = window(browser, city.app("desk").url, size)
    arrives(page, named(page, "page-said"))
    return page


def test_finding_one_s_way_in_a_queue_of_two_hundred(browser: Browser, city: Town) -> None:
    city.server.start()
    queue = seed_queue(city)
    page = at_the_desk(browser, city)
    page_says(page, f"1–50 з {queue.count}")
    assert set(rows(page)[:2]) == set(queue.pipes), "what has a term stands before what has none"
    view_has(page, "all", queue.count)
    shot(page, "desk-queue")
    no_faults(page)

    # Filters: only the dark lanterns of one district.
    tap(page, "queue-filters")
    menu(page, "filter-category", "Вуличне освітлення")
    page_says(page, "1–40 з 40")
    menu(page, "filter-district", "Центр")
    page_says(page, "1–13 з 13")
    shot(page, "desk-filters")
    no_faults(page)
    tap(page, "filters-clear")
    page_says(page, f"1–50 з {queue.count}")
    tap(page, "queue-filters")

    # The search, over all words that were said.
    enter(page, "queue-search", "сміття Лісова")
    page_says(page, "1–5 з 5")
    tap(page, "filter-off-text")

    # The order, and pages.
    tap(page, "sort-received")
    expect(reads(page, "sort-received", "за спаданням")).to_be_attached()
    first = rows(page)[0]
    tap(page, "page-next")
    page_says(page, f"51–100 з {queue.count}")
    until(lambda: first not in rows(page), "the next page begins with the same row")
    tap(page, "page-previous")
    page_says(page, f"1–50 з {queue.count}")


def test_the_keyboard_and_many_at_once(browser: Browser, city: Town) -> None:
    city.server.start()
    queue = seed_queue(city, 60)
    page = at_the_desk(browser, city)
    first, second = rows(page)[:2]

    # What is typed into a field is no command; Esc leads out of it.
    write_in(page, "queue-search", "xj?", heard=named(page, "queue-empty"))
    expect(named(page, "keys")).to_have_count(0)
    page.keyboard.press("Escape")
    tap(page, "filter-off-text")
    page_says(page, f"1–50 з {queue.count}")
    page.keyboard.press("?")
    expect(named(page, "keys")).to_be_attached()
    shot(page, "desk-keys")
    page.keyboard.press("Escape")
    expect(named(page, "keys")).to_have_count(0)

    # Two are marked and assigned with keys alone, up to the last question.
    for key in ("j", "x", "j", "x", "a"):
        page.keyboard.press(key)
        page.wait_for_timeout(120)
    expect(named(page, "bulk-sure")).to_be_attached()
    expect(says(page, "Призначити 2 звернення")).to_be_attached()
    shot(page, "desk-sure")
    no_faults(page)
    tap(page, "bulk-yes")
    expect(reads(page, "bulk-done", "Зроблено: 2 звернення")).to_be_attached()
    view_has(page, "mine", 2)
    tap(page, "bulk-close")

    # Enter opens the row in hand and nothing else; j goes on; Esc leads back.
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(named(page, "thread-title")).to_be_attached()
    assert page.url.endswith(first)
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(second))
    page.keyboard.press("Escape")
    expect(named(page, "page-said")).to_be_attached()

    # r opens the reply and the next letters are words.
    page.keyboard.press("r")
    field = named(page, "desk-reply-text").locator("textarea, input").first
    keeps_focus(page, field)
    page.keyboard.type("jax")
    expect(field).to_have_value("jax")
    assert page.url.endswith(second)


def test_one_appeal_from_the_journal_to_the_answer(browser: Browser, city: Town) -> None:
    city.server.start()
    queue = seed_queue(city, 20)
    one, other = queue.pipes
    page = at_the_desk(browser, city)
    write_a_template(page)
    tap(page, f"appeal-{one}")
    expect(named(page, "thread-title")).to_be_attached()
    no_faults(page)
    tap(page, "register-mark-primary")
    tap(page, "desk-register")
    expect(named(page, "thread-number")).to_be_attached()
    shot(page, "desk-registered")

    # The other one about the same pipe is recognised, and merged into this one.
    tap(page, f"merge-here-{other}")
    expect(named(page, f"unmerge-{other}")).to_be_attached()

    # A note stays here, the reply goes: from a template, filled, changed.
    fill(page, "desk-note-text", "Ключ від підвалу в сусіда")
    tap(page, "desk-note")
    expect(labelled(page, "noted-0", "Ключ від підвалу в сусіда")).to_be_attached()
    menu(page, "desk-template", "Прийнято")
    tap(page, "desk-preview")
    expect(labelled(page, "desk-previewed", "Добрий день, Сусідка 1!")).to_be_attached()
    shot(page, "desk-replying")
    tap(page, "desk-reply-answered")
    tap(page, "desk-reply")
    expect(labelled(page, "said", "Добрий день, Сусідка 1!")).to_be_attached()
    line(page, RECEIVED)
    tap(page, "desk-back")
    expect(named(page, f"appeal-{one}")).to_have_count(0)

    # Another one is returned, with what the resident has to know.
    tap(page, f"appeal-{queue.signals[0]}")
    menu(page, "desk-status", "Повернуто")
    tap(page, "ask-yes")
    expect(named(page, "ask-problem")).to_be_attached()
    fill(page, "ask-words", "Немає номера будинку")
    tap(page, "ask-yes")
    expect(reads(page, "thread-state", "Повернуто")).to_be_attached()
    line(page, RECEIVED)

    mine = as_resident(city, "resident-0", one)
    assert [said.text[:23] for said in mine.said] == ["Добрий день, Сусідка 1!"]
    assert mine.status == "answered"
    returned = as_resident(city, "resident-0", queue.signals[0])
    assert returned.history[-1].note == "Немає номера будинку"


def write_a_template(page: Page) -> None:
    tap(page, "queue-templates")
    fill(page, "template-name", "Прийнято")
    fill(page, "template-text", "Добрий день, {name}! Ваш номер {number}.")
    tap(page, "template-save")
    expect(named(page, "template-saved")).to_be_attached()
    shot(page, "desk-templates")
    tap(page, "desk-back")


def test_rivals_wait_for_a_person_also_on_a_tablet(browser: Browser, city: Town) -> None:
    city.server.start()
    queue = seed_queue(city, 20)
    make_rivals(city, queue.pipes[0], "Петро", "Ганна")
    page = at_the_desk(browser, city, TABLET)
    view_has(page, "conflicts", 1)
    no_faults(page)
    shot(page, "desk-tablet")
    tap(page, "view-conflicts")
    page_says(page, "1–1 з 1")
    still(page)
    tap(page, f"appeal-{queue.pipes[0]}")
    expect(reads(page, "thread-title", PIPE)).to_be_attached()
    expect(named(page, "conflict-assignee")).to_be_attached()
    shot(page, "desk-rivals")
    no_faults(page)
    settle = page.locator('[flt-semantics-identifier^="settle-"]')
    expect(settle).to_have_count(2)
    settle.last.click()
    expect(named(page, "conflict-assignee")).to_have_count(0)
    expect(reads(page, "desk-assignee", "Петро")).to_be_attached()
    tap(page, "desk-back")
    view_has(page, "conflicts", 0)
    line(page, RECEIVED)


def test_a_phone_will_do(browser: Browser, city: Town) -> None:
    city.server.start()
    queue = seed_queue(city, 20)
    page = at_the_desk_by_phone(browser, city)
    no_faults(page)
    shot(page, "desk-phone")
    tap(page, f"appeal-{queue.pipes[0]}")
    expect(named(page, "thread-title")).to_be_attached()
    no_faults(page)
    tap(page, "desk-register")
    expect(named(page, "desk-done")).to_be_attached()
    shot(page, "desk-phone-open")


def at_the_desk_by_phone(browser: Browser, city: Town) -> Page:
    city.app("desk").start()
    page = window(browser, city.app("desk").url)
    arrives(page, named(page, "view-new"))
    return page


def no_faults(page: Page) -> None:
    """Nothing on the screen is cut, covered, too small for a thumb or without a name."""
    still(page)
    size = page.viewport_size
    assert size is not None
    page.mouse.move(size["width"] / 2, 2)  # a name that is shown on hovering covers what it names
    still(page)
    assert faults(read(page), (size["width"], size["height"])) == []
