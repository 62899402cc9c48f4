"""A city with two months behind it: a desk's queue whose receipts are as old as they say.

Receipts carry the server's clock, so the past is set by the server's own service in this process,
with a clock that is turned; the real server goes on with the same database.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.exchange import Exchange
from client.services.guide import GuideDesk
from client.services.replica import Replica
from shared_schema.crypto.card import read_card
from shared_schema.crypto.signing import Signer
from shared_schema.records.appeal import Opened, Position
from shared_schema.records.outage import Scheduled
from sync_server.services.exchange import ExchangeService
from sync_server.storage.sql import SqlStore
from tests.browser.stage import now_ms
from tests.browser.town import Town

DAY_MS: Final = 86_400_000
DAYS: Final = 56
TOPICS: Final = ("water", "power", "heat", "roads", "light", "waste", "danger", "housing")
DISTRICTS: Final = ("Центр", "Кам’янка", "Затишшя", "")
NAME: Final = "Коваленко Олександра Іванівна"
OFF_AT_NIGHT: Final = "-" * 10 + "+" * 26 + "?" * 4 + "+" * 8


class Turned:
    """A clock that is put where it is wanted."""

    def __init__(self, moment: int) -> None:
        self.moment = moment

    def __call__(self) -> int:
        return self.moment


@dataclass
class Past:
    """What was filed: records in the order in which the city received them."""

    records: list[str] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)


class _Direct:
    """A transport to the server's service in this process."""

    def __init__(self, service: ExchangeService) -> None:
        self.service = service

    def post(self, raw: bytes) -> bytes:
        return self.service.handle(raw)


class Stagehand:
    """Devices and the server, all by one clock."""

    def __init__(self, city: Town, clock: Turned) -> None:
        folder = city.folder / "city"
        signer = Signer(bytes.fromhex((folder / "server.key").read_text()))
        self.city, self.clock = city, clock
        self.store = SqlStore(f"sqlite:///{(folder / 'server.db').absolute()}")
        self.service = ExchangeService(self.store, signer, read_card(city.card), clock)

    @contextmanager
    def device(self, name: str) -> Iterator[tuple[Replica, Exchange]]:
        """A device whose clock is this one; all is exchanged in the end."""
        with Replica.open(self.city.profile(name), clock=self.clock) as replica:
            exchange = Exchange(replica, _Direct(self.service))
            yield replica, exchange
            exchange.once()


def set_past(city: Town, appeals: int = 60) -> Past:
    """Set it; neither the server nor an app runs yet. The last exchange of all is the desk's."""
    draw, now = random.Random(11), now_ms()
    clock, past = Turned(now - DAYS * DAY_MS), Past()
    hand = Stagehand(city, clock)
    with hand.device("newsroom") as (newsroom, _):
        GuideDesk(newsroom).schedule(Scheduled("power", "1.1", [OFF_AT_NIGHT] * 7))
    moments = sorted(now - draw.randrange(DAY_MS // 8, DAYS * DAY_MS) for _ in range(appeals))
    with hand.device("resident") as (resident, exchange), hand.device("desk") as (desk, takes):
        for n, moment in enumerate(moments):
            clock.moment = moment
            past.records.append(Appeals(resident).file(_opened(draw, n)).record)
            exchange.once()
            clock.moment += draw.randrange(1, 30) * 1_800_000
            clock.moment = min(clock.moment, moments[n + 1] if n + 1 < appeals else now)
            _work(Desk(desk), takes, past, draw)
        clock.moment = now
        takes.once()
    hand.store.close()
    return past


def _work(desk: Desk, exchange: Exchange, past: Past, draw: random.Random) -> None:
    """What an officer gets done of it in between: not everything, and not the last ones."""
    exchange.once()
    if draw.random() < 0.8:
        desk.register(past.records[-1])
        past.registered.append(past.records[-1])
    waiting = [each for each in past.registered[:-1] if each not in past.answered]
    if waiting and draw.random() < 0.8:
        record = draw.choice(waiting[:5])
        desk.reply(record, "Бригада була, несправність усунуто.")
        desk.set_status(record, draw.choice(("answered", "answered", "closed", "returned")))
        past.answered.append(record)
    exchange.once()


def _opened(draw: random.Random, n: int) -> Opened:
    topic, district = draw.choice(TOPICS), draw.choice(DISTRICTS)
    where = Position(4_669_000 + draw.randrange(900), 3_249_000 + draw.randrange(900), 30)
    if draw.random() < 0.6:
        return Opened("appeal", "complaint", f"Справа {n}", f"Текст справи {n}", topic,
                      "вул. Садова, 5", district, NAME, "0670000000", "вул. Садова, 5")  # fmt: skip
    return Opened("signal", "", f"Сигнал {n}", f"Текст сигналу {n}", topic, "вул. Нова, 3",
                  district, position=where)  # fmt: skip
