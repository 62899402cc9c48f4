"""The newsroom in Chromium, on a desktop: written, signed by two, corrected, taken from files."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from client.services.guide import Guide
from client.services.guide_types import PlaceView
from client.services.news import News
from client.services.replica import Replica
from tests.browser.acts import (
    RECEIVED,
    arrives,
    fill,
    holds,
    line,
    pick,
    reach,
    reads,
    says,
    tap,
    top,
    until,
    window,
)
from tests.browser.chromium import DESKTOP, labelled, named, shot
from tests.browser.town import Town

pytestmark = pytest.mark.browser
ALERT: Final = "Евакуація з вулиці Шкільної"
TEXT: Final = "Автобуси від школи № 3 о 18:00. Візьміть документи."
PLACES: Final = (
    "Назва;Вид;Адреса;Район;Години роботи\n"
    "Бювет на Садовій;Вода;вул. Садова, 2;Центр;24/7\n"
    "Укриття школи № 3;Укриття;вул. Садова, 5;Центр;24/7\n"
    "Палац;Палац;вул. Лісова, 1;Центр;\n"
).encode()
MORNING: Final = "+" * 16 + "-" * 8 + "+" * 24


def opened(browser: Browser, city: Town, name: str, *, dark: bool = False) -> Page:
    city.app(name).start()
    return window(browser, city.app(name).url, DESKTOP, dark=dark)


def write(page: Page, title: str, text: str) -> None:
    fill(page, "newsroom-title", title)
    fill(page, "newsroom-text", text)


def cards(page: Page) -> Locator:
    return page.locator('[flt-semantics-identifier^="published-"]')


def record_of(card: Locator, start: str) -> str:
    return str(card.get_attribute("flt-semantics-identifier")).removeprefix(start)


def test_an_alert_is_written_by_one_and_signed_by_another(browser: Browser, city: Town) -> None:
    city.server.start()
    office = opened(browser, city, "newsroom")
    write(office, ALERT, TEXT)
    tap(office, "newsroom-priority-urgent")
    pick(office, "newsroom-district", "Центр")
    fill(office, "newsroom-hours", "6")
    top(office)
    expect(named(office, "newsroom-preview").get_by_text(ALERT).first).to_be_visible()
    shot(office, "newsroom-writing")
    tap(office, "newsroom-save")
    expect(reads(office, "newsroom-urgent", "Це розбудить людей")).to_be_visible()
    shot(office, "newsroom-urgent")
    tap(office, "newsroom-urgent-yes")
    expect(reads(office, "newsroom-saved", "підпис другої людини")).to_be_attached()
    expect(reads(office, "unsigned-banner", "1 термінова новина")).to_be_attached()
    line(office, RECEIVED)
    assert alerts(city) == [], "one person alone wakes nobody"

    # The second person sees it on top, word for word, and signs it.
    second = opened(browser, city, "editor", dark=True)
    arrives(second, named(second, "unsigned-banner"))
    shot(second, "newsroom-second")
    tap(second, "unsigned-look")
    waiting = second.locator('[flt-semantics-identifier^="sign-"]')
    expect(says(second, TEXT)).to_be_visible()
    expect(says(second, "Автор: newsroom")).to_be_visible()
    shot(second, "newsroom-sign")
    record = record_of(waiting, "sign-")
    tap(second, f"sign-{record}")
    expect(named(second, "unsigned-empty")).to_be_visible()
    line(second, RECEIVED)
    assert alerts(city) == [ALERT]

    # A correction waits again, and until then the signed wording holds; this time it is declined.
    arrives(office, labelled(office, "published-", "Терміново"))
    tap(office, f"correct-{record}")
    expect(reads(office, "newsroom-resign", "новий підпис")).to_be_attached()
    expect(reads(office, "newsroom-old", TEXT)).to_be_attached()
    fill(office, "newsroom-title", f"{ALERT} і Лісової")
    tap(office, "newsroom-save")
    tap(office, "newsroom-urgent-yes")
    expect(named(office, "newsroom-saved")).to_be_attached()
    line(office, RECEIVED)
    assert alerts(city) == [ALERT]
    arrives(second, named(second, f"sign-{record}"))
    tap(second, f"decline-{record}")
    fill(second, "withdraw-note", "Автобусів уже немає")
    tap(second, "withdraw-yes")
    expect(named(second, "unsigned-empty")).to_be_visible()
    line(second, RECEIVED)
    assert alerts(city) == []


def alerts(city: Town) -> list[str]:
    """What wakes a resident now."""
    with city.device("resident") as (replica, exchange):
        exchange.once()
        return [item.title for item in News(replica).alerts()]


def test_news_are_corrected_withdrawn_and_drafts_outlive_a_crash(
    browser: Browser, city: Town
) -> None:
    city.server.start()
    office = opened(browser, city, "newsroom")
    write(office, "Вода о 15:00", "Біля ринку.")
    tap(office, "newsroom-save")
    expect(reads(office, "newsroom-saved", "Збережено на цьому пристрої")).to_be_attached()
    record = record_of(cards(office).first, "published-")
    write(office, "Ярмарок у суботу", "На площі.")
    tap(office, f"correct-{record}")
    holds(office, "newsroom-title", "Вода о 15:00")
    fill(office, "newsroom-title", "Вода о 16:00")
    shot(office, "newsroom-correcting")

    # The battery ends in the middle of it.
    until(lambda: len(drafts(city)) == 2, "the drafts were not saved")
    city.app("newsroom").kill()
    city.app("newsroom").start()
    office.close()
    office = window(browser, city.app("newsroom").url, DESKTOP)
    holds(office, "newsroom-title", "Вода о 16:00")
    tap(office, "newsroom-save")
    expect(labelled(office, "published-", "Вода о 16:00")).to_have_count(1)
    holds(office, "newsroom-title", "Ярмарок у суботу")

    tap(office, f"withdraw-{record}")
    fill(office, "withdraw-note", "Помилка диспетчера")
    tap(office, "withdraw-yes")
    expect(reads(office, "published-", "Відкликано: Помилка диспетчера")).to_be_attached()
    line(office, RECEIVED)


def drafts(city: Town) -> list[str]:
    path = city.profile("newsroom") / "replica.db"
    ask = "SELECT name FROM sealed_notes WHERE name LIKE 'news-draft/%'"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return [name for (name,) in database.execute(ask)]


def test_an_item_goes_out_as_cap_and_comes_in_as_a_draft(
    browser: Browser, city: Town, tmp_path: Path
) -> None:
    city.server.start()
    office = opened(browser, city, "newsroom")
    write(office, "Штормовий вітер", "До 25 м/с.")
    tap(office, "newsroom-priority-important")
    tap(office, "newsroom-save")
    expect(named(office, "newsroom-saved")).to_be_attached()
    record = record_of(cards(office).first, "published-")
    with office.expect_download() as download:
        tap(office, f"cap-{record}")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == f"misto-{record[:8]}.cap.xml"
    assert b"urn:oasis:names:tc:emergency:cap:1.2" in path.read_bytes()

    tap(office, "section-files")
    choose(office, "files-pick", path)
    expect(reads(office, "file-draft-0", "Штормовий вітер")).to_be_attached()
    shot(office, "newsroom-cap")
    tap(office, "draft-take-0")
    holds(office, "newsroom-title", "Штормовий вітер")
    expect(cards(office)).to_have_count(1)


def choose(page: Page, button: str, path: Path) -> None:
    reach(page, button)
    with page.expect_file_chooser() as chooser:
        tap(page, button)
    chooser.value.set_files(path)


def test_places_come_from_a_table_are_confirmed_and_changed(
    browser: Browser, city: Town, tmp_path: Path
) -> None:
    city.server.start()
    office = opened(browser, city, "newsroom")
    path = tmp_path / "places.csv"
    path.write_bytes(PLACES)
    tap(office, "section-places")
    choose(office, "places-import", path)
    expect(reads(office, "files-counts", "нових: 2")).to_be_attached()
    expect(reads(office, "files-problem-0", "Рядок 4")).to_be_attached()
    expect(reads(office, "files-problem-0", "невідоме слово «Палац»")).to_be_attached()
    shot(office, "newsroom-table")
    tap(office, "files-accept")
    expect(reads(office, "files-accepted", "Збережено 2 зміни")).to_be_attached()
    choose(office, "files-pick", path)
    expect(reads(office, "files-same", "вже все так")).to_be_attached()
    line(office, RECEIVED)
    (well, shelter) = places(city)
    assert (well.name, shelter.name) == ("Бювет на Садовій", "Укриття школи № 3")

    tap(office, "section-places")
    expect(named(office, f"place-row-{shelter.record}")).to_be_visible()
    shot(office, "newsroom-places")
    tap(office, f"place-confirm-{shelter.record}")
    tap(office, f"place-row-{well.record}")
    tap(office, "placeform-condition-empty")
    fill(office, "placeform-found_note", "Вода о 14:00")
    shot(office, "newsroom-place")
    tap(office, "placeform-found")
    expect(reads(office, f"place-row-{well.record}", "Закінчилося")).to_be_attached()
    line(office, RECEIVED)
    (well_now, shelter_now) = places(city)
    assert (well_now.condition, well_now.condition_note) == ("empty", "Вода о 14:00")
    assert shelter_now.confirmed_at_ms > shelter.confirmed_at_ms


def places(city: Town) -> list[PlaceView]:
    with city.device("resident") as (replica, exchange):
        exchange.once()
        return [*Guide(replica).places()]


def test_a_schedule_is_written_changed_and_excepted_from(browser: Browser, city: Town) -> None:
    city.server.start()
    office = opened(browser, city, "newsroom")
    tap(office, "section-outages")
    tap(office, "week-new")
    fill(office, "weekform-queue", "3.1")
    fill(office, "weekform-streets", "Садова: 1-19")
    fill(office, "weekform-mo", "08-12")
    tap(office, "weekform-same-mo")
    holds(office, "weekform-su", "08-12")
    shot(office, "newsroom-week")
    tap(office, "weekform-save")
    row = office.locator('[flt-semantics-identifier^="week-row-"]')
    expect(row).to_have_count(1)
    tap(office, str(row.get_attribute("flt-semantics-identifier")))
    fill(office, "weekform-su", "зранку")
    tap(office, "weekform-save")
    expect(reads(office, "weekform-su", "Не зрозуміли")).to_be_attached()
    fill(office, "weekform-su", "є")
    tap(office, "weekform-save")
    expect(row).to_have_count(1)

    tap(office, "exception-new")
    fill(office, "exception-title", "Аварія на підстанції")
    fill(office, "exception-until", "24.12.2099 18:00")
    fill(office, "exception-queues", "3.1")
    tap(office, "exception-save")
    expect(says(office, "Світло: Аварія на підстанції.")).to_be_visible()
    shot(office, "newsroom-outages")
    line(office, RECEIVED)
    with city.device("resident") as (replica, exchange):
        exchange.once()
        assert weeks(replica) == [("3.1", [MORNING] * 6 + ["+" * 48])]
        (told,) = Guide(replica).announcements()
        assert (told.announced.title, told.announced.queues) == ("Аварія на підстанції", ["3.1"])


def weeks(replica: Replica) -> list[tuple[str, list[str]]]:
    return [(each.queue, each.scheduled.week) for each in Guide(replica).schedules()]
