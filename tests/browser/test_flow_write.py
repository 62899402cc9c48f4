"""Writing in Chromium: problems in words, drafts that outlive SIGKILL, a position that is rough."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from client.services.appeals import Appeals
from tests.browser.acts import (
    OFFLINE,
    SMALL,
    again,
    everything_in,
    fill,
    holds,
    line,
    notes_in,
    reach,
    reads,
    segment,
    tap,
    until,
    visit,
    window,
)  # fmt: skip
from tests.browser.chromium import DESKTOP, named, shot
from tests.browser.town import Town

pytestmark = pytest.mark.browser
FIELDS = {
    "write-title": "Немає опалення у під’їзді",
    "write-text": "Батареї холодні від понеділка, у квартирах 14 градусів.",
    "write-name": "Мельник Ірина Петрівна",
    "write-residence": "вул. Садова, 8, кв. 3",
    "write-contact": "+380 00 000 00 00",
}
PROBLEMS = {
    "write-title": "Напишіть кількома словами",
    "write-text": "Опишіть, що сталося",
    "write-name": "Для звернення потрібне ім’я",
    "write-residence": "має містити адресу",
    "write-contact": "куди надіслати відповідь",
}
HERE = {"latitude": 46.635417, "longitude": 32.616872, "accuracy": 12.0}


@pytest.mark.parametrize(
    ("size", "dark"), [(SMALL, True), (DESKTOP, False)], ids=["phone", "desktop"]
)
def test_an_appeal_says_all_that_it_lacks_and_survives_the_battery(
    browser: Browser, city: Town, size: tuple[int, int], dark: bool
) -> None:
    resident = city.app("resident")
    resident.start()
    page = window(browser, resident.url, size, dark=dark)
    visit(page, "Написати")
    segment(page, "write-lane", "Звернення")
    tap(page, "write-review")
    reach(page, "form-problem")
    for field, problem in PROBLEMS.items():
        expect(said_by(page, field)).to_have_count(1)
        expect(said_by(page, field)).to_have_attribute("aria-label", re.compile(problem))
    shot(page, f"write-problems-{size[0]}")

    for field, words in FIELDS.items():
        fill(page, field, words)
    tap(page, "write-review")
    expect(page.get_by_text("Лише стіл звернень міста.")).to_be_attached()
    expect(page.get_by_text(FIELDS["write-name"])).to_be_attached()
    shot(page, f"write-review-{size[0]}")
    tap(page, "write-save")
    expect(named(page, "write-saved")).to_be_visible()
    resident.kill()

    resident.start()
    again(page, resident)
    line(page, OFFLINE)
    expect(reads(page, "exchange-line", "1 звернення чекає на цьому пристрої")).to_be_attached()
    page.close()
    resident.kill()
    assert_saved(city)


def said_by(page: Page, field: str) -> Locator:
    return reach(page, field).locator("input, textarea")


def assert_saved(city: Town) -> None:
    """What lies on the disk is what was typed."""
    with city.device("resident") as (replica, _):
        (saved,) = Appeals(replica).list()
    assert (saved.lane, saved.state) == ("appeal", "waiting")
    typed = (saved.title, saved.text, saved.name, saved.residence, saved.contact)
    assert typed == tuple(FIELDS.values())


def test_a_draft_outlives_sigkill_and_lies_nowhere_in_clear(browser: Browser, city: Town) -> None:
    resident, profile = city.app("resident"), city.profile("resident")
    resident.start()
    page = window(browser, resident.url)
    visit(page, "Написати")
    for field in ("write-title", "write-text"):
        type_and_pause(page, profile, field)
    resident.kill()

    found = everything_in(profile)
    for words in (FIELDS["write-title"], FIELDS["write-text"], "Батареї", "опалення"):
        for encoding in ("utf-8", "utf-16-le", "cp1251"):
            assert words.encode(encoding) not in found
    resident.start()
    again(page, resident)
    visit(page, "Головна")
    expect(reads(page, "home-drafts", "1 чернетка")).to_be_visible()
    visit(page, "Написати")
    expect(named(page, "write-draft")).to_be_attached()
    for field in ("write-title", "write-text"):
        holds(page, field, FIELDS[field])
    shot(page, "write-draft")

    # Begun anew: the draft is gone for good.
    tap(page, "write-discard")
    until(lambda: not notes_in(profile, "draft/"), "the draft was not thrown away")
    holds(page, "write-title", "")


def type_and_pause(page: Page, profile: Path, field: str) -> None:
    """Type, and wait no longer than until the draft with these words lies on the disk."""
    before = notes_in(profile, "draft/")
    fill(page, field, FIELDS[field])
    until(lambda: notes_in(profile, "draft/") != before, "the draft was not saved")


def test_the_position_that_is_sent_is_a_kilometre_rough(browser: Browser, city: Town) -> None:
    resident = city.app("resident")
    resident.start()
    page = window(browser, resident.url, permissions=["geolocation"], geolocation=HERE)
    visit(page, "Написати")
    fill(page, "write-title", "Впало дерево")
    fill(page, "write-text", "Перегородило дорогу.")
    tap(page, "write-here")
    reach(page, "write-no-position")
    expect(page.get_by_text("46.64, 32.62")).to_be_attached()
    shot(page, "write-near")
    tap(page, "write-review")
    tap(page, "write-save")
    expect(named(page, "write-saved")).to_be_visible()
    page.close()
    resident.kill()
    with city.device("resident") as (replica, _):
        (saved,) = Appeals(replica).list()
    assert saved.position is not None
    assert saved.position.within_m >= 1_000
    exact = (round(HERE["latitude"] * 1e5), round(HERE["longitude"] * 1e5))
    sent = (saved.position.lat_e5, saved.position.lon_e5)
    assert 0 < max(abs(a - b) for a, b in zip(exact, sent, strict=True)) < 1_500


def test_a_position_that_is_not_allowed_is_said_in_words(browser: Browser, city: Town) -> None:
    resident = city.app("resident")
    resident.start()
    page = window(browser, resident.url, dark=True)
    visit(page, "Написати")
    tap(page, "write-here")
    expect(reads(page, "notice", "Місце визначити не вдалося. Напишіть адресу.")).to_be_visible()
    shot(page, "write-no-position")
    tap(page, "notice-close")
    expect(named(page, "notice")).to_have_count(0)
    fill(page, "write-address", "вул. Садова, 14")
