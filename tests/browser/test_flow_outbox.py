"""The outbox in Chromium: what was begun, what waits, and a courier who carries it as a file."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Download, Page, expect

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.drafts import Draft, Drafts
from client.services.notes import Notes
from shared_schema.records.appeal import Opened
from tests.browser.acts import (
    BOTH,
    OFFLINE,
    holds,
    line,
    reach,
    reads,
    says,
    tap,
    top,
    until,
    window,
)
from tests.browser.chromium import named, shot
from tests.browser.town import Town

pytestmark = pytest.mark.browser
OPENED = Opened("signal", "", "Зачинене укриття", "Люди стояли під дверима.", "shelter", "Садова")
BEGUN = "Слизько на сходах біля амбулаторії"
DRAFT = "0" * 16


@pytest.mark.parametrize("size", BOTH)
def test_a_courier_carries_it_and_the_city_s_receipt_ends_the_waiting(
    browser: Browser, city: Town, size: tuple[int, int], tmp_path: Path
) -> None:
    record = said_and_begun(city)
    city.app("resident").start()
    page = window(browser, city.app("resident").url, size)
    line(page, OFFLINE)
    tap(page, "exchange-line")
    expect(reads(page, f"draft-{DRAFT}", BEGUN)).to_be_attached()
    expect(reads(page, f"outbox-{record}", "Збережено на цьому пристрої")).to_be_attached()

    bundle = handed_over(page, tmp_path)
    assert OPENED.title.encode() not in bundle
    expect(reads(page, "outbox-handed", "У файлі 1 запис")).to_be_visible()
    expect(reads(page, f"outbox-{record}", "Передано через кур’єра")).to_be_attached()
    shot(page, f"outbox-handed-{size[0]}")

    # Somebody else posts the file, twice by mistake; the phone itself has no connection yet.
    city.server.start()
    for _ in range(2):
        httpx.post(f"{city.server.url}/v1/carry", content=bundle).raise_for_status()
    with city.device("desk") as (replica, exchange):
        exchange.once()
        assert [each.title for each in Desk(replica).queue()] == [OPENED.title]

    # The phone's own exchange brings the receipt.
    top(page)
    tap(page, "outbox-exchange")
    expect(reads(page, f"outbox-{record}", "Отримано містом")).to_be_attached(timeout=30_000)
    expect(named(page, "outbox-hand-over")).to_have_count(0)
    shot(page, f"outbox-received-{size[0]}")
    tap(page, f"outbox-{record}")
    reach(page, "receipt-number")
    for step in ("Збережено на цьому пристрої", "Передано через кур’єра", "Отримано містом"):
        expect(reads(page, "custody", step)).to_be_attached()
    reach(page, "custody")
    shot(page, f"outbox-custody-{size[0]}")


def said_and_begun(city: Town) -> str:
    """An appeal that waits, and a draft."""
    with city.device("resident") as (replica, _):
        record = Appeals(replica).file(OPENED).record
        texts = {"title": BEGUN, "text": "Лід не посипано."}
        Drafts(Notes(replica), replica.clock).put(Draft(DRAFT, texts=texts))
    return record


def handed_over(page: Page, folder: Path) -> bytes:
    """The file that a courier gets."""
    with page.expect_download() as downloads:
        tap(page, "outbox-hand-over")
    download: Download = downloads.value
    path = folder / download.suggested_filename
    download.save_as(path)
    return path.read_bytes()


def test_a_draft_is_taken_up_or_thrown_away(browser: Browser, city: Town) -> None:
    said_and_begun(city)
    city.app("resident").start()
    page = window(browser, city.app("resident").url, dark=True)
    tap(page, "exchange-line")
    tap(page, f"draft-open-{DRAFT}")
    expect(named(page, "write-draft")).to_be_visible()
    holds(page, "write-title", BEGUN)
    tap(page, "exchange-line")
    tap(page, f"draft-drop-{DRAFT}")
    expect(named(page, f"draft-{DRAFT}")).to_have_count(0)
    shot(page, "outbox-no-draft")
    assert says(page, BEGUN).count() == 0
    page.close()
    city.app("resident").kill()
    with city.device("resident") as (replica, _):
        until(lambda: not Drafts(Notes(replica), replica.clock).list(), "the draft is still there")
