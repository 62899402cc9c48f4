"""Two desks in two windows, cut off and rejoined: nothing is lost, and a person settles rivals."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from client.services.appeals import Appeals
from client.services.enrolment import Enrolment
from client.services.office.cases import Cases
from client.services.replica import Replica
from shared_schema.crypto.sealing import box_public_key
from shared_schema.ids import queue_scope
from tests.browser.acts import answered, fill, line, reach, says, tap, until, window
from tests.browser.chromium import DESKTOP, named, shot
from tests.browser.town import Town
from tests.client.city import an_appeal

pytestmark = pytest.mark.browser
SECOND, QUEUE = "second", "general"
HERS, HIS = "Ж-100", "Ж-200"


def test_both_act_on_one_appeal_while_cut_off(browser: Browser, city: Town) -> None:
    record = staged(city)
    first, second = (opened(browser, city, name, record) for name in ("desk", SECOND))
    city.server.kill()
    act(first, HERS, "Бригада виїхала.")
    act(second, HIS, "Воду дадуть о 18:00.")
    line(second, "Немає зв’язку")

    # Rejoined: both replies on both desks, and both numbers until somebody chooses.
    city.server.start()
    for page in (first, second, first):
        exchange(city, page)
    for page in (first, second):
        for text in ("Бригада виїхала.", "Воду дадуть о 18:00."):
            expect(says(page, text).first).to_be_attached()
        reach(page, "conflict-registration")
        for journal in (HERS, HIS):
            expect(keep(page, journal)).to_be_visible()
        shot(page, "two-desks-conflict")
    reach(first, "conflict-registration")
    keep(first, HERS).click()
    expect(named(first, "conflict-registration")).to_have_count(0)
    for page in (first, second):
        exchange(city, page)
    expect(named(second, "conflict-registration")).to_have_count(0)
    shot(second, "two-desks-settled")
    assert {state_of(city, name, record) for name in ("desk", SECOND)} == {(HERS, 2, ())}


def staged(city: Town) -> str:
    """An appeal that two desks of one queue have."""
    city.server.start()
    with city.device("resident") as (replica, exchange):
        record = Appeals(replica).file(an_appeal()).record
        exchange.once()
    with Replica.open(city.profile(SECOND)) as new:
        key, box = new.signer.public_key, box_public_key(new.secrets.thread_secret)
        device = new.device
    with city.device("desk") as (desk, exchange):
        exchange.once()
        with city.device("enrolment") as (replica, publish):
            publish.once()
            Enrolment(replica).grant(key, box, "desk", queue_scope(QUEUE), SECOND)
            Enrolment(replica).share(QUEUE, desk, device)
            publish.once()
        exchange.once()
    with city.device(SECOND) as (_, exchange):
        exchange.once()
        exchange.once()
    return record


def opened(browser: Browser, city: Town, name: str, record: str) -> Page:
    city.app(name).start()
    page = window(browser, f"{city.app(name).url}/queue/{record}", DESKTOP)
    reach(page, "desk-register")
    return page


def act(page: Page, journal: str, reply: str) -> None:
    fill(page, "register-number", journal)
    tap(page, "desk-register")
    expect(named(page, "desk-journal")).to_have_count(0)
    fill(page, "desk-reply-text", reply)
    tap(page, "desk-reply")
    expect(says(page, reply).first).to_be_attached()


def exchange(city: Town, page: Page) -> None:
    before = answered(city)
    tap(page, "exchange-now")
    until(lambda: answered(city) > before, "nothing was exchanged")
    line(page, "усе отримано містом")


def keep(page: Page, journal: str) -> Locator:
    return page.get_by_role("button", name=f"Залишити «{journal}»")


def state_of(city: Town, name: str, record: str) -> tuple[str, int, tuple[str, ...]]:
    with city.device(name) as (replica, _):
        cases = Cases(replica)
        cases.refresh()
        case = cases.get(record)
    assert case is not None
    return case.number, case.said, case.conflicts
