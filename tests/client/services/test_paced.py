"""Exchanges as a person's phone makes them: sparing when that was chosen, and tidy afterwards."""

from __future__ import annotations

import os

import pytest

from client.services.appeals import Appeals
from client.services.exchange import Exchange
from client.services.handover import Handover
from client.services.news import News, Newsroom
from client.services.notes import Notes
from client.services.own import Own
from client.services.paced import PacedExchange
from client.services.prefs import LEAN_BYTES, DataUse, Preferences, Prefs
from client.services.replica import Replica
from shared_schema.limits import NEWS_BUDGET_BYTES_DEFAULT, NEWS_BUDGET_BYTES_MIN
from shared_schema.records.news import Published
from tests.client.city import City, Loopback, an_appeal

FRAME_BYTES = 4 * 1024
"""Around the changes: signatures, heads, keys, receipts."""


def paced(replica: Replica, transport: Loopback) -> PacedExchange:
    notes = Notes(replica)
    prefs = Prefs(notes)
    own = Own(replica, prefs, Handover(replica, notes))
    return PacedExchange(Exchange(replica, transport), prefs, own)


def choose(replica: Replica, use: DataUse, budget_bytes: int = NEWS_BUDGET_BYTES_DEFAULT) -> None:
    Prefs(Notes(replica)).put(Preferences(data_use=use, news_budget_bytes=budget_bytes))


def noise() -> str:
    """Three thousand letters that no packing makes shorter than half."""
    return os.urandom(1_500).hex()


def kept(replies: list[bytes], raw: bytes) -> bytes:
    replies.append(raw)
    return raw


def publish(city: City, count: int) -> None:
    with city.profile("newsroom") as room, room.store.writing():
        for number in range(count):
            urgent = "urgent" if number == count // 2 else "normal"
            Newsroom(room).publish(Published(f"Новина {number}", noise(), priority=urgent))  # type: ignore[arg-type]
    with city.profile("newsroom") as room:
        city.sign_alerts(room)


def test_a_sparing_exchange_is_one_small_round_trip_with_the_most_urgent(city: City) -> None:
    publish(city, 100)
    with city.resident() as reader:
        choose(reader, "lean")
        for number in range(60):
            Appeals(reader).file(an_appeal(noise(), category="danger" if number == 59 else "noise"))
        transport = city.transport()
        replies: list[bytes] = []
        transport.after = lambda raw: kept(replies, raw)
        result = paced(reader, transport).once()
        assert (result.round_trips, len(transport.sent), len(replies)) == (1, 1, 1)
        assert len(transport.sent[0]) <= LEAN_BYTES + FRAME_BYTES
        assert len(replies[0]) <= LEAN_BYTES + FRAME_BYTES
        assert not result.complete
        assert 0 < result.accepted < 60
        assert 0 < News(reader).count() < 100
        assert News(reader).list()[0].priority == "urgent"
        states = {view.category: view.state for view in Appeals(reader).list() if not view.pending}
        assert states["danger"] == "received"


def test_what_a_sparing_exchange_left_comes_with_the_next_ones(city: City) -> None:
    publish(city, 100)
    with city.resident() as reader:
        choose(reader, "lean")
        for _ in range(40):
            Appeals(reader).file(an_appeal(noise()))
        exchange = paced(reader, city.transport())
        results = [exchange.once() for _ in range(20)]
        assert results[-1].complete
        assert News(reader).count() == 100
        assert not any(view.pending for view in Appeals(reader).list())
        assert sum(result.accepted for result in results) == 40


def test_a_generous_exchange_brings_it_all(city: City) -> None:
    publish(city, 100)
    with city.resident() as reader:
        result = paced(reader, city.transport()).once()
        assert result.complete
        assert News(reader).count() == 100


def test_a_choice_holds_from_the_next_exchange_on(city: City) -> None:
    publish(city, 100)
    with city.resident() as reader:
        exchange = paced(reader, city.transport())
        choose(reader, "lean")
        assert not exchange.once().complete
        choose(reader, "all")
        assert exchange.once().complete


def test_news_that_outgrew_their_budget_leave_after_the_exchange(city: City) -> None:
    publish(city, 400)
    with city.resident() as reader:
        choose(reader, "all", NEWS_BUDGET_BYTES_MIN)
        exchange = paced(reader, city.transport())
        assert exchange.once().pulled >= 400
        left = News(reader).count()
        assert 200 < left < 400
        assert News(reader).list(2)[1].title == "Новина 399"
        assert exchange.once().pulled == 0  # what left is not fetched again
        assert News(reader).count() == left


def test_nothing_is_trimmed_when_nothing_came(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    with city.resident() as reader:
        exchange = paced(reader, city.transport())
        exchange.once()
        monkeypatch.setattr(Own, "trim", lambda self: pytest.fail("trimmed for nothing"))
        assert exchange.once().pulled == 0
        assert exchange.state().waiting == 0
