"""A link that dies every few kilobytes: what has got through once is not sent again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from benchmarks import documents
from benchmarks.relay import CuttingRelay
from benchmarks.stage import Stage, stage
from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.exchange import Exchange
from client.services.news import News, Newsroom
from client.services.replica import Replica
from client.storage.log import State
from client.transports.http import HttpTransport, Unreachable

OVERHEAD_MAX = 1.1
"""Bytes on the link for a byte of changes, both ways, all headers, everything sent twice."""


@pytest.fixture(scope="module")
def city() -> Iterator[Stage]:
    with stage() as running:
        yield running


@contextmanager
def cut_every(city: Stage, life_bytes: int) -> Iterator[CuttingRelay]:
    address = urlsplit(city.url)
    relay = CuttingRelay((str(address.hostname), int(address.port or 0)), life_bytes)
    relay.start()
    try:
        yield relay
    finally:
        relay.stop()


def exchange(city: Stage, replica: Replica) -> None:
    with HttpTransport(city.url) as transport:
        Exchange(replica, transport).once()


def waiting_bytes(replica: Replica) -> int:
    sql = "SELECT total(length(raw)) FROM changes WHERE author = 1 AND state = 0"
    return int(replica.store.rows(sql)[0][0])


@pytest.mark.parametrize("life_bytes", [2_000, 4_000, 8_000])
def test_an_outbox_gets_through_a_link_that_dies_all_the_time_for_its_own_bytes(
    city: Stage, life_bytes: int
) -> None:
    with (
        city.device(f"outbox-{life_bytes}") as resident,
        cut_every(city, life_bytes) as relay,
        HttpTransport(relay.url) as transport,
    ):
        exchange(city, resident)
        for document in documents.appeals(30, life_bytes):
            Appeals(resident).file(document)
        payload = waiting_bytes(resident)
        result = Exchange(resident, transport).once()
        assert (result.accepted, waiting_bytes(resident)) == (30, 0)
        assert relay.cuts >= 1
        assert relay.passed <= OVERHEAD_MAX * payload


def test_what_couriers_carry_gets_through_it_too_with_all_its_replies(city: Stage) -> None:
    with city.device("courier") as volunteer, cut_every(city, 2_000) as relay:
        courier = Courier(volunteer)
        for number, document in enumerate(documents.appeals(12)):
            with city.device(f"sender-{number}") as sender:
                Appeals(sender).file(document)
                courier.take(Courier(sender).own_request() or b"", "file")
        with HttpTransport(relay.url) as transport:
            delivered = courier.deliver(transport)
        assert (delivered.answered, delivered.done, courier.state().waiting) == (12, 12, 0)
        assert relay.cuts > 2
        assert relay.passed <= OVERHEAD_MAX * courier.state().bytes


def test_a_long_reply_comes_over_it_in_pieces_and_none_of_them_twice(city: Stage) -> None:
    with city.newsroom() as office:
        room = Newsroom(office)
        for item in documents.news(60):
            room.publish(item)
        exchange(city, office)
    with city.device("reader") as reader, cut_every(city, 4_000) as relay:
        with HttpTransport(relay.url) as transport:
            reading = Exchange(reader, transport)
            with pytest.raises(Unreachable):
                reading.once()  # a short request, over a link that nobody knows yet
            assert reading.rough
            result = reading.once()
        sql = f"SELECT total(length(raw)) FROM changes WHERE state = {State.PULLED:d}"
        arrived = int(reader.store.rows(sql)[0][0])
        assert (result.complete, News(reader).count()) == (True, 60)
        assert relay.cuts > 1
        assert relay.passed - relay.life_bytes <= OVERHEAD_MAX * arrived
