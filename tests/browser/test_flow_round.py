"""A volunteer in Chromium: invited on paper without a network, from a door to a green light."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.desk import Desk
from client.services.notes import Notes
from client.services.replica import Replica
from client.services.rounds.book import Book
from shared_schema.records.appeal import Opened
from tests.browser.acts import (
    OFFLINE,
    SMALL,
    arrives,
    everything_in,
    fill,
    folder_of,
    holds,
    line,
    listed_names,
    reach,
    reads,
    tap,
    top,
    until,
    window,
)
from tests.browser.chromium import shot
from tests.browser.layout import scrolled
from tests.browser.town import Town

pytestmark = pytest.mark.browser
_SPOKEN = """node => [node, ...node.querySelectorAll("*")]
    .map(each => each.getAttribute("aria-label") || each.innerText || "").find(each => each)"""
NOTE = "Код 24, третій поверх"
OPENED = Opened("signal", "", "Зачинене укриття", "Люди стояли під дверима.", "shelter", "Садова")


def test_from_an_invitation_on_paper_to_a_green_light(browser: Browser, city: Town) -> None:
    city.app("desk").start()
    page = window(browser, city.app("desk").url, SMALL)
    tap(page, "settings")
    tap(page, "settings-volunteers")
    tap(page, "volunteers-invite")
    words = str(reach(page, "volunteers-words").evaluate(_SPOKEN))
    assert len(words.split()) == 9
    assert scrolled(page) == []
    shot(page, "volunteers-code")
    tap(page, "volunteers-done")
    expect(reads(page, "invited-", "Ще не скористалися")).to_be_attached()
    page.close()

    # The desk is online for a moment, the volunteer never was until now.
    city.server.start()
    page = window(browser, city.app("desk").url, SMALL)
    tap(page, "exchange-now")
    page.close()

    city.app("volunteer").start()
    page = window(browser, city.app("volunteer").url, SMALL)
    tap(page, "settings")
    tap(page, "settings-round")
    fill(page, "round-code", words)
    tap(page, "round-join")
    arrives(page, reads(page, "round-membership", "Місто підтвердило"))
    expect(reads(page, "round-light", "Усе передано")).to_be_attached()

    fill(page, "round-street", "вул. Садова")
    fill(page, "round-building", "5")
    tap(page, "round-add")
    expect(reads(page, "stop-", "Ще не були")).to_be_attached()
    door = listed_names(page, "stop-")[0]
    tap(page, door)
    tap(page, "stop-here")
    expect(reads(page, door, "Я тут")).to_be_attached()
    fill(page, "stop-note", NOTE)
    expect(reads(page, "stop-note", "Зберігається сама")).to_be_attached()
    assert scrolled(page) == []
    shot(page, "round-note")
    profile = city.profile("volunteer")
    until(lambda: noted(profile), "the note saves itself, without a tap and without a network")
    page.close()
    city.app("volunteer").kill()
    city.server.kill()

    taken(city)
    city.app("volunteer").start()
    page = window(browser, city.app("volunteer").url, SMALL)
    line(page, OFFLINE)
    line(page, "несете 1 чужий запит")
    tap(page, "home-round")
    expect(reads(page, "round-light", "1 терміновий запит без квитанції міста")).to_be_attached()
    expect(reads(page, door, NOTE)).to_be_attached()
    assert NOTE.encode() not in everything_in(folder_of(city, "volunteer"))
    tap(page, door)
    holds(page, "stop-note", NOTE)
    tap(page, "mark-visited")
    expect(reads(page, "stop-", "Звідси несете 1 запит")).to_be_attached()
    assert scrolled(page) == []
    shot(page, "round-red")
    top(page)
    tap(page, "round-hand-in")
    expect(reads(page, "round-unreached", "Нічого не стерто")).to_be_attached(timeout=30_000)

    city.server.start()
    top(page)
    tap(page, "round-hand-in")
    expect(reads(page, "round-handed-in", "Збережено відповідь для 1")).to_be_attached(
        timeout=30_000
    )
    expect(reads(page, "round-light", "1 людині не віддано відповідь")).to_be_attached()
    tap(page, "stop-handed")
    expect(reads(page, "round-light", "Усе передано")).to_be_attached()
    top(page)
    tap(page, "round-hand-in")
    expect(reads(page, "round-handed-in", "Стерто 1 запит")).to_be_attached(timeout=30_000)
    shot(page, "round-green")
    page.close()
    city.app("desk").kill()
    with city.device("desk") as (replica, exchange):
        exchange.once()
        assert [each.title for each in Desk(replica).queue()] == [OPENED.title]


def noted(profile: Path) -> bool:
    """Whether the note is durable: it is sealed, so its length is all that the disk tells."""
    with Replica.open(profile) as volunteer:
        pages = Book(Notes(volunteer)).read()
    return [stop.note for stop in pages.stops] == [NOTE]


def taken(city: Town) -> None:
    """A neighbour's phone without a network hands its appeal to the volunteer at the door."""
    with city.device("resident") as (resident, _):
        Appeals(resident).file(OPENED)
        bundles = Courier(resident).give(public=False)
    with Replica.open(Path(city.profile("volunteer"))) as volunteer:
        for bundle in bundles:
            Courier(volunteer).take(bundle, "file")
