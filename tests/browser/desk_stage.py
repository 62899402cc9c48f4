"""A desk with work to do, for the browser: a few hundred appeals of several residents.

Set by the real services, through the real server, in seconds. Also what the desk's tests do again
and again: counting rows, choosing from a menu, reading a page.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import Locator, Page, expect

from client.services.appeals import Appeals
from client.services.authoring import save
from client.services.types import AppealView
from shared_schema.records.appeal import Opened
from shared_schema.records.desk import Assigned
from tests.browser.acts import reach, reads
from tests.browser.chromium import named
from tests.browser.town import Town

RESIDENTS: Final = 8
QUEUE: Final = "queue/general"
MATTERS: Final = (
    ("Не горить ліхтар біля школи", "light"),
    ("Яма на проїжджій частині", "roads"),
    ("Не вивозять сміття вже тиждень", "waste"),
    ("Зламана лавка у сквері", "green"),
    ("Автобус не їде за графіком", "transport"),
)
STREETS: Final = ("Садова", "Шкільна", "Миру", "Соборна", "Нова", "Річкова", "Лісова")
DISTRICTS: Final = ("Затишшя", "Кам’янка", "Центр")
PIPE: Final = "Прорвало трубу у дворі на Садовій"
PIPE_TEXT: Final = "Вода тече від другого під’їзду й підмиває стоянку, перекрийте, будь ласка."
_STAYS: Final = 10
"""So many looks, a tenth of a second apart; a lost focus is given back after half a second."""


@dataclass
class Queue:
    """What was filed, by whom."""

    signals: list[str] = field(default_factory=list)
    pipes: list[str] = field(default_factory=list)
    """Two identified appeals about one pipe, the first one of `resident-0`."""

    @property
    def count(self) -> int:
        """All of it."""
        return len(self.signals) + len(self.pipes)


def seed_queue(city: Town, signals: int = 198) -> Queue:
    """So many signals of several residents, and two appeals about the same; the server runs."""
    queue = Queue()
    for at in range(RESIDENTS):
        with city.device(f"resident-{at}") as (replica, exchange):
            appeals = Appeals(replica)
            if at < 2:
                queue.pipes.append(appeals.file(a_pipe(at)).record)
            mine = range(at, signals, RESIDENTS)
            queue.signals += [appeals.file(a_signal(n)).record for n in mine]
            exchange.once()
    with city.device("desk") as (_, exchange):
        exchange.once()
    return queue


def a_signal(n: int) -> Opened:
    """One of many, each with a place of its own."""
    title, category = MATTERS[n % len(MATTERS)]
    where = f"вул. {STREETS[n % len(STREETS)]}, {n + 1}"
    text = f"{title}: {where}. Просимо подивитися, звернення {n}."
    return Opened("signal", "", f"{title} ({n})", text, category, where, DISTRICTS[n % 3])


def a_pipe(n: int) -> Opened:
    """One of several about one pipe, by somebody with a name."""
    return Opened(
        "appeal", "application", PIPE if n == 0 else f"{PIPE}, вода у підвалі", PIPE_TEXT,
        "water", "вул. Садова, 14", "Центр", f"Сусідка {n + 1}", f"+380 00 000 00 0{n}",
        f"вул. Садова, 14, кв. {n + 1}",
    )  # fmt: skip


def make_rivals(city: Town, record: str, *names: str) -> None:
    """Assign an appeal to several at once, as desks do that cannot see each other."""
    with city.device("desk") as (replica, exchange):
        for name in names:
            save(replica, Assigned(name, []), scope=QUEUE, record=bytes.fromhex(record))
        exchange.once()


def as_resident(city: Town, name: str, record: str) -> AppealView:
    """What a resident has of an appeal, after an exchange."""
    with city.device(name) as (replica, exchange):
        exchange.once()
        return Appeals(replica).get(record)


def menu(page: Page, name: str, option: str) -> None:
    """Open a menu and choose what begins so."""
    reach(page, name).click()
    page.get_by_role("menuitem", name=re.compile(rf"^{re.escape(option)}")).click()
    expect(page.get_by_role("menuitem")).to_have_count(0)


def write_in(page: Page, name: str, text: str, heard: Locator) -> None:
    """Type into a field key by key, as a person who looks whether the app has `heard`.

    On a busy machine Flutter's web client may lose a focus that comes while something is drawn: the
    browser has it then, or Flutter, but not both, and words typed there reach no app.
    """
    field = reach(page, name).locator("input, textarea").first
    for _ in range(6):
        field.click()
        with contextlib.suppress(AssertionError):
            keeps_focus(page, field)
            page.keyboard.type(text)
            expect(heard).to_be_attached(timeout=5_000)
            return
        field.fill("")
        page.keyboard.press("Escape")
    raise AssertionError(f"could not write in {name}")


def keeps_focus(page: Page, field: Locator) -> None:
    """The focus is in the field and stays: a page that is being drawn may take it away once."""
    held = 0
    for _ in range(100):
        page.wait_for_timeout(100)
        held = held + 1 if field.evaluate("field => field === document.activeElement") else 0
        if held == _STAYS:
            return
    raise AssertionError(f"the focus does not stay in the field: {field}")


def view_has(page: Page, view: str, count: int) -> None:
    """A saved view says that it has so many."""
    words = named(page, f"view-{view}").get_by_text(re.compile(rf"\s{count}$"))
    own = page.locator(f'[flt-semantics-identifier="view-{view}"][aria-label$=" {count}"]')
    expect(words.or_(own).first).to_be_attached()


def page_says(page: Page, words: str) -> None:
    """Which part of the queue is on the screen."""
    expect(reads(page, "page-said", words)).to_be_attached()


def rows(page: Page) -> list[str]:
    """The records of the rows that the tree for screen readers has, from the top on."""
    found: list[str] = page.evaluate(_ROWS)
    return found


_ROWS: Final = """() => [...document.querySelectorAll('[flt-semantics-identifier^="appeal-"]')]
    .map(e => [e.getBoundingClientRect().top, e.getAttribute('flt-semantics-identifier').slice(7)])
    .sort((a, b) => a[0] - b[0]).map(pair => pair[1])"""
