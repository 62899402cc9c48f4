"""At the door in Chromium: an appeal is taken without a network, and its slip opens the answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from client.services.desk import Desk
from client.services.doorstep.page import PAGE_NAME
from client.services.notes import Notes
from client.services.prefs import Preferences, Prefs
from shared_schema.crypto.card import read_card
from shared_schema.crypto.slip import read_slip
from tests import eye
from tests.browser.acts import (
    OFFLINE,
    SMALL,
    again,
    arrives,
    everything_in,
    fill,
    line,
    reach,
    reads,
    says,
    segment,
    tap,
    until,
    window,
)
from tests.browser.chromium import named, shot
from tests.browser.layout import faults, read, still
from tests.browser.town import Town
from tests.browser.walk import whole_room

pytestmark = pytest.mark.browser
SAID: Final = "Тече дах над третім поверхом, стеля вже мокра."
REPLY: Final = "Майстер буде в четвер о десятій."
ANSWERS: Final = {
    "collect-text": SAID,
    "collect-address": "вул. Садова, 5",
    "collect-name": "Коваль Олена Іванівна",
    "collect-residence": "вул. Садова, 5, кв. 2",
    "collect-contact": "через волонтера",
}
_WORDS: Final = """() => [...document.querySelectorAll('[id^=flt-semantic-node]')]
    .map(e => (e.getAttribute('aria-label') || e.textContent || '').trim())
    .filter(said => /^[1-9]\\. [а-яіїєґ]+$/.test(said))"""


def answer_all(page: Page) -> None:
    for field, text in ANSWERS.items():
        fill(page, field, text)
    tap(page, "collect-read")


def slip_of(page: Page) -> str:
    """The nine words as they are on the screen."""
    expect(named(page, "collect-words")).to_be_attached()
    with whole_room(page):  # how high they stand depends on how long the words are
        shown = sorted(set(page.evaluate(_WORDS)))
    assert len(shown) == 9, shown
    return " ".join(each.split()[1] for each in shown)


def open_room(page: Page, room: str) -> None:
    named(page, "settings").first.click()
    tap(page, f"settings-{room}")


def claim(page: Page, words: str) -> None:
    open_room(page, "claim")
    fill(page, "claim-words", words)
    tap(page, "claim-open")


def test_an_appeal_taken_at_a_door_comes_back_as_an_answer_by_its_slip(
    browser: Browser, city: Town
) -> None:
    volunteer = city.app("volunteer")
    volunteer.start()
    page = window(browser, volunteer.url, SMALL)
    line(page, OFFLINE)
    open_room(page, "collect")
    answer_all(page)
    for text in ANSWERS.values():
        expect(says(page, text)).to_be_attached()
    reach(page, "collect-said")
    shot(page, "collect-read")
    tap(page, "collect-save")
    expect(named(page, "collect-saved")).to_be_attached()
    words = slip_of(page)
    shot(page, "collect-slip")
    tap(page, "collect-handed")
    expect(named(page, "collect-words")).to_have_count(0)

    # The battery ends. Nothing in clear, and no word of the slip, is on the disk.
    volunteer.kill()
    assert_nothing_on_disk(city, words)

    # Before there is any network the slip opens what lies here, and says that it waits.
    volunteer.start()
    again(page, volunteer)
    claim(page, words)
    expect(reads(page, "thread-state", "Чекає на цьому пристрої")).to_be_attached()
    expect(says(page, SAID)).to_be_attached()
    tap(page, "claim-leave")
    expect(named(page, "claim-words")).to_be_attached()
    assert not page.locator(f"text={SAID}").count()

    city.server.start()
    named(page, "back").first.click()
    until(lambda: answered(city, page), "the desk never got it")
    claim(page, words)
    tap(page, "claim-look")
    expect(says(page, REPLY)).to_be_attached(timeout=30_000)
    reach(page, "receipt-number")
    shot(page, "claim-answered")
    named(page, "back").first.click()
    page.close()
    volunteer.kill()
    assert_nothing_on_disk(city, words)


def test_a_slip_outlives_the_app_until_it_is_handed_over_and_is_printed_when_asked(
    browser: Browser, city: Town, tmp_path: Path
) -> None:
    eye.need_zbar()
    volunteer = city.app("volunteer")
    volunteer.start()
    page = window(browser, volunteer.url, SMALL)
    open_room(page, "collect")
    answer_all(page)
    tap(page, "collect-save")
    words = slip_of(page)

    # The battery ends before a word was copied: the next start shows the slip, and nothing else.
    volunteer.kill()
    volunteer.start()
    again(page, volunteer)
    expect(named(page, "collect-again")).to_be_attached()
    assert slip_of(page) == words

    tap(page, f"save-{PAGE_NAME}")
    reach(page, "save-warning")
    shot(page, "collect-print")
    with page.expect_download() as download:
        tap(page, "save-yes")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    sheet = browser.new_page(viewport={"width": 397, "height": 559})  # A6 at 96 dots an inch
    sheet.goto(path.as_uri())
    assert [each.split(".")[1] for each in sheet.locator("li").all_inner_texts()] == words.split()
    sheet.emulate_media(media="print")
    shown = sheet.screenshot(path=tmp_path / "page.png", full_page=True)
    (seen,) = eye.read(shown)
    assert read_slip(seen, read_card(city.card).city) == read_slip(words, read_card(city.card).city)
    printed = sheet.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Count (\d+)", printed) == [b"1"], "one sheet of A6"
    sheet.close()

    tap(page, "collect-handed")
    expect(named(page, "collect-words")).to_have_count(0)
    volunteer.kill()
    assert_nothing_on_disk(city, words)
    volunteer.start()
    again(page, volunteer)
    expect(named(page, "exchange-line")).to_be_attached()
    assert not named(page, "collect-words").count()


def assert_nothing_on_disk(city: Town, words: str) -> None:
    disk = everything_in(city.profile("volunteer"))
    traces = [words, *re.findall(r"\w{5,}", f"{SAID} {REPLY} {ANSWERS['collect-name']}")]
    for encoding in ("utf-8", "utf-16-le", "cp1251"):
        assert [each for each in traces if each.encode(encoding) in disk] == []


def answered(city: Town, page: Page) -> bool:
    """The desk looks into its queue, and answers what is there."""
    named(page, "exchange-now").first.click()
    with city.device("desk") as (replica, exchange):
        exchange.once()
        for view in Desk(replica).queue():
            assert view.text == SAID
            Desk(replica).reply(view.record, REPLY)
            exchange.once()
            return True
    return False


def test_a_slip_is_adopted_to_one_s_own_phone(browser: Browser, city: Town) -> None:
    city.server.start()
    volunteer, own = city.app("volunteer"), city.app("own")
    volunteer.start()
    page = window(browser, volunteer.url, SMALL)
    open_room(page, "collect")
    segment(page, "collect-lane", "Без імені")
    fill(page, "collect-text", SAID)
    tap(page, "collect-read")
    tap(page, "collect-save")
    words = slip_of(page)
    tap(page, "collect-handed")
    until(lambda: answered(city, page), "the desk never got it")
    page.close()
    volunteer.kill()

    own.start()
    page = window(browser, own.url, SMALL, dark=True)
    claim(page, words)  # nothing of it is here: the city is asked at once
    expect(says(page, REPLY)).to_be_attached(timeout=30_000)
    tap(page, "claim-adopt")
    expect(reads(page, "thread-title", "Тече дах")).to_be_attached()
    fill(page, "comment-text", "Дякую, чекаю.")
    tap(page, "comment-send")
    # Killed before it says so, it would have promised nothing.
    expect(reads(page, "said", "Дякую, чекаю.")).to_be_attached()
    own.kill()
    own.start()
    again(page, own)
    page.get_by_role("tab", name="Мої").first.click()
    arrives(page, says(page, "Тече дах"))
    shot(page, "claim-adopted")

    def came() -> bool:
        with city.device("desk") as (replica, exchange):
            exchange.once()
            (view,) = Desk(replica).queue()
            return any(said.text == "Дякую, чекаю." for said in view.said)

    until(came, "the comment never came")


@pytest.mark.parametrize(
    ("language", "percent"),
    [
        ("uk", 200),
        pytest.param("uk", 100, marks=pytest.mark.sweep),
        pytest.param("en", 200, marks=pytest.mark.sweep),
    ],
)
def test_nothing_is_cut_at_the_door(
    browser: Browser, city: Town, language: str, percent: int
) -> None:
    with city.device("volunteer") as (replica, _):
        Prefs(Notes(replica)).put(Preferences(language=language, text_percent=percent))
    volunteer = city.app("volunteer")
    volunteer.start()
    page = window(browser, volunteer.url, SMALL)
    named(page, "exchange-line").first.wait_for()
    wrong: dict[str, list[str]] = {}

    def judge(name: str) -> None:
        still(page)
        with whole_room(page) as tall:
            found = faults(read(page), tall)
        if found:
            shot(page, f"{name}-{percent}")
            wrong[name] = found

    open_room(page, "collect")
    tap(page, "collect-read")
    judge("collect-problems")
    answer_all(page)
    judge("collect-read")
    tap(page, "collect-save")
    words = slip_of(page)
    judge("collect-slip")
    shot(page, f"collect-slip-{percent}")
    tap(page, "collect-handed")
    named(page, "back").first.click()
    open_room(page, "claim")
    fill(page, "claim-words", "абетка абрикос Ъъъъъ")
    tap(page, "claim-open")
    judge("claim-problem")
    fill(page, "claim-words", words)
    tap(page, "claim-open")
    expect(says(page, SAID)).to_be_attached()
    judge("claim-thread")
    assert wrong == {}
