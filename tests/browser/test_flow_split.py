"""Two lists under one number, in Chromium on a small phone: said over the room, explained, read."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from client.storage.heads import Side, witness
from shared_schema.crypto.signing import Signer
from shared_schema.sync.statement import (
    Head,
    HeadSubject,
    Statement,
    make_context,
    sign_statement,
)
from tests.browser.acts import SMALL, named, reads, tap, top, window
from tests.browser.chromium import shot
from tests.browser.layout import scrolled
from tests.browser.town import Town

pytestmark = pytest.mark.browser


def split(city: Town) -> None:
    """The device has seen both of what the city's server has signed."""
    server = Signer(bytes.fromhex((city.folder / "city" / "server.key").read_text()))
    with city.device("resident") as (replica, _), replica.store.writing() as connection:
        feed = replica.followed()["news"]
        for at, mark in enumerate((b"1", b"2")):
            subject, time_ms = HeadSubject(feed, mark * 32), 1_790_000_000_000 + at * 60_000
            said = Statement(time_ms, [], [Head(0, 17, b"")])
            proof = sign_statement(server, mark * 32, said, make_context([], [subject]))
            witness(connection, feed, 17, Side(subject.digest, time_ms, proof), time_ms)


def test_a_split_view_is_told_calmly_and_stays_in_the_settings(
    browser: Browser, city: Town
) -> None:
    split(city)
    city.app("resident").start()
    page = window(browser, city.app("resident").url, SMALL)
    expect(reads(page, "split-strip", "під одним номером")).to_be_attached()
    shot(page, "split-strip")
    tap(page, "split-why")
    expect(reads(page, "split-card", "зі старої копії")).to_be_attached()
    shot(page, "split-card")
    assert scrolled(page) == []
    top(page)
    tap(page, "split-read")
    expect(named(page, "split-strip")).to_have_count(0)
    expect(named(page, "split-card")).to_be_attached()
    page.close()
