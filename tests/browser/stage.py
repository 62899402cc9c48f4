"""A stage for the browser: a city with something in every state, set by the real services.

Nothing here goes through the app, so that it takes seconds. The words are the demo's, and next to
them what a demo would rather not show: long titles, expired alerts, places nobody vouches for.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.drafts import Draft, Drafts
from client.services.exchange import Exchange
from client.services.guide import GuideDesk
from client.services.handover import Handover
from client.services.news import Newsroom
from client.services.notes import Notes
from client.services.prefs import Preferences, Prefs
from client.services.replica import Replica
from client.transports.http import HttpTransport
from misto.demo.publishing import Clock, publish_all
from misto.demo.seed import load_seed
from shared_schema.crypto.signing import SIGNATURE_BYTES, Signer
from shared_schema.records.appeal import Amended
from shared_schema.records.news import Corrected, Published
from shared_schema.records.outage import Announced
from shared_schema.records.place import Confirmed, Listed
from tests.browser.town import Town
from tests.browser.wording import (
    ALERT,
    APPEALS,
    LATER,
    LONG_TEXT,
    LONG_TITLE,
    REFUSED,
    WHERE_TO,
    WRONG,
)

HOUR_MS: Final = 3_600_000
DISTRICT: Final = "Центр"
ADDRESS: Final = "вул. Садова, 5"
HOME: Final = Preferences(district=DISTRICT, address=ADDRESS, queues={"water": "нижня зона"})


@dataclass
class Stage:
    """What was put where: records by what is special about them."""

    news: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    appeals: dict[str, str] = field(default_factory=dict)


def set_stage(city: Town) -> Stage:
    """Set everything; the server must run, and no app yet.

    The resident's last two appeals have not been exchanged: without the server they go on waiting.
    """
    stage = Stage()
    _publish(city, stage)
    _file(city, stage)
    _answer(city, stage)
    _go_on(city, stage)
    return stage


def choose(city: Town, preferences: Preferences) -> None:
    """Put choices on the resident's profile, as its settings would; new windows follow them."""
    with Replica.open(city.profile("resident")) as replica:
        Prefs(Notes(replica)).put(preferences)
        begin_draft(replica)


def now_ms() -> int:
    """The wall clock."""
    return time.time_ns() // 1_000_000


@contextmanager
def in_the_past(city: Town, name: str, clock: Clock) -> Iterator[Replica]:
    """A device whose clock stands where it is put; all is exchanged in the end."""
    with (
        Replica.open(city.profile(name), clock=clock) as replica,
        HttpTransport(city.server.url) as transport,
    ):
        yield replica
        Exchange(replica, transport).once()


def _publish(city: Town, stage: Stage) -> None:
    """What the city has said: the odd and old first, because a device's time never goes back."""
    now = now_ms()
    clock = Clock(now)
    with in_the_past(city, "newsroom", clock) as replica:
        newsroom, desk = Newsroom(replica), GuideDesk(replica)
        clock.moment = now - 90 * HOUR_MS
        _say_the_old(newsroom, now, stage)
        _list_the_odd(desk, now, stage)
        clock.moment = now
        publish_all(replica, clock, load_seed(), lambda what, done, of: None)
        _say_the_new(newsroom, now, stage)
        desk.confirm(stage.places["closed"], Confirmed("closed", "водоканал", "Насос у ремонті."))
        desk.announce(Announced("power", now + 5 * HOUR_MS, now + 7 * HOUR_MS,
                                "Ремонт на підстанції", queues=["1.2"]))  # fmt: skip
    city.sign_alerts()


def _say_the_old(newsroom: Newsroom, now: int, stage: Stage) -> None:
    old = {
        "expired": Published("Відбій загрози підтоплення", "Вода сходить.", "Безпека", "",
                             "urgent", now - 80 * HOUR_MS),
        "corrected": Published("Підвіз води о 15:00", WRONG, "Вода", DISTRICT),
        "withdrawn": Published("Міст закрито", WRONG, "Транспорт"),
    }  # fmt: skip
    stage.news |= {name: newsroom.publish(item).record for name, item in old.items()}


def _say_the_new(newsroom: Newsroom, now: int, stage: Stage) -> None:
    new = {
        "long": Published(LONG_TITLE, LONG_TEXT, "Соціальний захист", DISTRICT, "important"),
        "alert": Published(ALERT, WHERE_TO, "Безпека", "",
                           "urgent", now + 6 * HOUR_MS),
    }  # fmt: skip
    stage.news |= {name: newsroom.publish(item).record for name, item in new.items()}
    right = Corrected("Підвіз води о 16:00", WRONG, "Вода", DISTRICT)
    newsroom.correct(stage.news["corrected"], right)
    newsroom.withdraw(stage.news["withdrawn"], "Міст відкрито: це була помилка диспетчера")


def _list_the_odd(desk: GuideDesk, now: int, stage: Stage) -> None:
    """Places of which little is known."""
    odd = {
        "nowhere": Listed("Пункт збору речей", "aid", "вул. Нова, 3", DISTRICT,
                          hours="за домовленістю"),
        "stale": Listed("Укриття в підвалі гуртожитку будівельного технікуму", "shelter",
                        "вул. Садова, 44", DISTRICT, 4_669_700, 3_249_900, "24/7",
                        expires_at_ms=now - 20 * HOUR_MS),
        "closed": Listed("Бювет на Садовій", "water", "вул. Садова, 2", DISTRICT, 4_669_800,
                         3_249_950, "24/7", phone="0 800 30 14 14"),
        "open": Listed("Аптека на Садовій", "pharmacy", ADDRESS, DISTRICT, 4_669_750, 3_249_940,
                       "24/7", by="аптека"),
    }  # fmt: skip
    stage.places |= {name: desk.list_place(listed) for name, listed in odd.items()}


def _file(city: Town, stage: Stage) -> None:
    with city.device("resident") as (replica, exchange):
        Prefs(Notes(replica)).put(HOME)
        appeals = Appeals(replica)
        for name, opened in APPEALS.items():
            stage.appeals[name] = appeals.file(opened).record
        wording = APPEALS["received"]
        text = f"{wording.text} Уже третій вечір."
        amended = Amended(wording.title, text, wording.category, wording.address)
        appeals.amend(stage.appeals["received"], amended)
        exchange.once()


def _answer(city: Town, stage: Stage) -> None:
    with city.device("desk") as (replica, exchange):
        exchange.once()
        desk, of = Desk(replica), stage.appeals
        for name in ("registered", "in_progress", "answered", "rated", "identified", "returned"):
            desk.register(of[name])
        desk.set_status(of["in_progress"], "in_progress", "Передано теплокомуненерго")
        desk.reply(of["answered"], "Бригада перекрила воду. Трубу замінять завтра до обіду.")
        desk.set_status(of["answered"], "answered")
        desk.reply(of["rated"], "Лампу замінено, перевірте, будь ласка, сьогодні ввечері.")
        desk.set_status(of["rated"], "answered")
        desk.set_status(of["identified"], "in_progress", "Комісія огляне будинок у четвер")
        desk.reply(of["identified"], "Просимо бути вдома в четвер з 10:00 до 13:00.")
        desk.set_status(of["returned"], "returned", "Немає адреси будинку, про який ідеться")
        exchange.once()


def _go_on(city: Town, stage: Stage) -> None:
    """What the resident does next; at the end stands what has not been exchanged."""
    with city.device("resident") as (replica, exchange):
        exchange.once()
        appeals, of = Appeals(replica), stage.appeals
        appeals.rate(of["rated"], 4, "Швидко, але попередити не попередили")
        appeals.comment(of["identified"], "Добре, у четвер буду вдома. Під’їзд другий, код 15.")
        appeals.withdraw(of["withdrawn"])
        Prefs(Notes(replica)).mark_seen(of["rated"], 3)
        _file_broken(replica, stage)
        exchange.once()
        for name, opened in LATER.items():
            of[name] = appeals.file(opened).record
            if name == "carried":
                handover = Handover(replica, Notes(replica))
                handover.bundle()
                handover.given()
        appeals.comment(of["in_progress"], "Сьогодні знову 14 градусів.")
        begin_draft(replica)


def _file_broken(replica: Replica, stage: Stage) -> None:
    """An appeal whose signature the city will not accept, as after a bad memory chip."""

    class Broken(Signer):
        def sign(self, domain: bytes, message: bytes) -> bytes:
            return bytes(SIGNATURE_BYTES)

    whole, replica.signer = replica.signer, Broken(replica.secrets.signing_seed)
    stage.appeals["refused"] = Appeals(replica).file(REFUSED).record
    replica.signer = whole


def begin_draft(replica: Replica) -> None:
    """Something begun and not sent; it is what the form shows first."""
    texts = {"title": "Слизько на сходах біля амбулаторії", "text": "Лід не посипано",
             "address": "вул. Соборна, 5", "district": DISTRICT}  # fmt: skip
    Drafts(Notes(replica), replica.clock).put(Draft("0" * 16, texts=texts))
