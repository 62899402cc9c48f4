"""After the city has an appeal, in Chromium: amending, the reply, the rating; and a refusal."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.types import AppealView
from shared_schema.crypto.signing import SIGNATURE_BYTES, Signer
from shared_schema.records.appeal import Opened
from tests.browser.acts import (
    RECEIVED,
    arrives,
    fill,
    holds,
    line,
    reads,
    tap,
    top,
    until,
    visit,
    window,
)
from tests.browser.chromium import labelled, named, shot
from tests.browser.town import Town

pytestmark = pytest.mark.browser
OPENED = Opened("signal", "", "Яма на Садовій", "Біля зупинки, пів метра.", "roads", "Садова, 2")
AMENDED = "Біля зупинки, вже метр, два колеса пробито."
COMMENT = "Поставили гілку, щоб було видно."
REPLY = "Яму засипано, асфальт буде у квітні."


def test_from_the_amendment_to_the_rating(browser: Browser, city: Town) -> None:
    city.server.start()
    record = filed(city)
    city.app("resident").start()
    page = window(browser, city.app("resident").url)
    open_thread(page, record)
    amend(page)
    line(page, RECEIVED)

    # The desk reads the new wording; once it has registered it, the wording stands.
    assert at_the_desk(city, record).text == AMENDED
    at_the_desk(city, record, "register")
    visit(page, "Мої")
    named(page, f"appeal-{record}").click()
    arrives(page, labelled(page, "thread-number", "ЗВ-000001"))
    expect(named(page, "amend")).to_have_count(0)
    fill(page, "comment-text", COMMENT)
    tap(page, "comment-send")
    expect(labelled(page, "said", COMMENT)).to_be_attached()
    line(page, RECEIVED)

    read_the_reply(page, city, record)
    rate(page)
    until(lambda: at_the_desk(city, record).stars == 4, "the rating")
    seen = at_the_desk(city, record)
    assert seen.rating_note == "Швидко"
    assert [said.text for said in seen.said] == [COMMENT, REPLY]


def test_what_is_not_registered_yet_can_be_taken_back(browser: Browser, city: Town) -> None:
    city.server.start()
    record = filed(city)
    city.app("resident").start()
    page = window(browser, city.app("resident").url, dark=True)
    open_thread(page, record)
    tap(page, "withdraw")
    tap(page, "withdraw-no")
    tap(page, "withdraw")
    tap(page, "withdraw-yes")
    top(page)
    expect(reads(page, "thread-state", "Відкликано")).to_be_visible()
    expect(named(page, "amend")).to_have_count(0)
    shot(page, "answer-withdrawn")
    line(page, RECEIVED)
    assert at_the_desk(city, record).withdrawn


def filed(city: Town) -> str:
    with city.device("resident") as (replica, exchange):
        record = Appeals(replica).file(OPENED).record
        exchange.once()
    return record


def open_thread(page: Page, record: str) -> None:
    visit(page, "Мої")
    named(page, f"appeal-{record}").click()
    expect(named(page, "thread-title")).to_be_visible()


def amend(page: Page) -> None:
    tap(page, "amend")
    expect(named(page, "write-amend")).to_be_visible()
    holds(page, "write-title", OPENED.title)
    fill(page, "write-text", AMENDED)
    tap(page, "write-review")
    tap(page, "write-save")
    expect(named(page, "write-saved")).to_be_visible()


def at_the_desk(city: Town, record: str, *acts: str) -> AppealView:
    """What the desk sees of an appeal, after it has done something about it."""
    with city.device("desk") as (replica, exchange):
        exchange.once()
        desk = Desk(replica)
        if "register" in acts:
            desk.register(record)
        if "answer" in acts:
            desk.reply(record, REPLY)
            desk.set_status(record, "answered")
        exchange.once()
        return desk.get(record)


def read_the_reply(page: Page, city: Town, record: str) -> None:
    """Home tells of it until it has been on the screen."""
    tap(page, "back")
    visit(page, "Головна")
    at_the_desk(city, record, "answer")
    arrives(page, reads(page, f"for-me-{record}", "Місто відповіло"))
    shot(page, "answer-home")
    tap(page, f"for-me-{record}")
    expect(labelled(page, "said", REPLY)).to_be_attached()
    shot(page, "answer-thread")
    tap(page, "back")
    visit(page, "Головна")
    expect(named(page, "quick-danger")).to_be_visible()
    expect(named(page, f"for-me-{record}")).to_have_count(0)
    open_thread(page, record)


def rate(page: Page) -> None:
    tap(page, "star-4")
    fill(page, "rating-note", "Швидко")
    shot(page, "answer-rate")
    tap(page, "rate")
    expect(named(page, "rate")).to_have_count(0)


def test_what_the_city_refused_is_mended_and_sent_again(browser: Browser, city: Town) -> None:
    record = filed_with_a_broken_signature(city)
    city.server.start()
    city.app("resident").start()
    page = window(browser, city.app("resident").url, dark=True)
    arrives(page, reads(page, f"for-me-{record}", "Місто не прийняло"))
    shot(page, "refused-home")
    tap(page, f"for-me-{record}")
    expect(page.get_by_text("Підпис пристрою не зійшовся.", exact=True)).to_be_visible()
    shot(page, "refused-thread")

    tap(page, "send-again")
    expect(named(page, "write-resend")).to_be_visible()
    holds(page, "write-text", OPENED.text)
    fill(page, "write-title", "Яма на Садовій, 2")
    tap(page, "write-review")
    tap(page, "write-save")
    expect(named(page, "write-saved")).to_be_visible()
    line(page, "нічого не чекає · не прийнято: 1")
    with city.device("desk") as (replica, exchange):
        exchange.once()
        (item,) = Desk(replica).queue()
    assert (item.title, item.text) == ("Яма на Садовій, 2", OPENED.text)

    # What was said again need not be said once more.
    visit(page, "Головна")
    expect(named(page, "quick-danger")).to_be_visible()
    expect(named(page, f"for-me-{record}")).to_have_count(0)


def filed_with_a_broken_signature(city: Town) -> str:
    """An appeal that no server accepts, as after a bad memory chip."""

    class Broken(Signer):
        def sign(self, domain: bytes, message: bytes) -> bytes:
            return bytes(SIGNATURE_BYTES)

    with city.device("resident") as (replica, _):
        replica.signer = Broken(replica.secrets.signing_seed)
        return Appeals(replica).file(OPENED).record
