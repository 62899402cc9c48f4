"""Two devices hold one slip, and both write in its thread without having heard of each other.

A volunteers' device has opened the slip, the resident's phone has adopted it, or two phones have.
What either has shown as saved must reach the desk and the other one, exactly once, whichever comes
to the network first; and nobody is called a cheat for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from client.services.desk import Desk
from client.services.doorstep.adopted import Adopted
from client.services.doorstep.claim import Claims
from client.services.doorstep.collect import Collecting
from client.services.doorstep.every import EveryAppeal
from client.services.doorstep.slip_device import SlipDevice
from client.services.notes import Notes
from client.services.office.proving import prove
from client.services.replica import Replica
from client.services.types import AppealView
from shared_schema.ids import queue_scope
from sync_server.storage.sql import SqlStore
from tests.client.city import City, an_appeal
from tests.client.doorstep.carrier import carrying, deliver, threads

pytest.importorskip("psycopg", reason="not among the phone's packages")
from tests.contracts.postgres import postgres_url

AT_THE_DOOR, AT_HOME = "Сусіди теж без води.", "Вода пішла, але іржава."


@pytest.fixture
def large_city(city: City) -> Iterator[City]:
    """A city whose server stands on PostgreSQL."""
    with postgres_url() as url:
        city.store = SqlStore(url)
        city.service = city.new_service(city.store)
        yield city
        city.store.close()


class Holder(NamedTuple):
    """A device on which the slip's thread is written in, and how it comes to the city."""

    write: Callable[[str], AppealView]
    online: Callable[[], object]
    look: Callable[[], AppealView]


def opened(city: City, replica: Replica, words: str) -> Holder:
    """A volunteer's device: it opens the slip for each act, and its courier carries."""
    claims = Claims(replica, carrying(replica), Adopted(replica, Notes(replica)))

    def write(text: str) -> AppealView:
        with claims.open(words) as claimed:
            (view,) = claimed.views()
            return claimed.comment(view.record, text)

    def look() -> AppealView:
        with claims.open(words) as claimed:
            assert claimed.look(city.transport())
            (view,) = claimed.views()
            return view

    return Holder(write, lambda: deliver(city, replica), look)


def adopted(city: City, replica: Replica, words: str) -> Holder:
    """A phone that has the slip among its own."""
    own = Adopted(replica, Notes(replica))
    every = EveryAppeal(replica, own, carrying(replica))
    with Claims(replica, carrying(replica), own).open(words) as claimed:
        assert claimed.look(city.transport())
        claimed.adopt()
        (view,) = claimed.views()

    def online() -> None:
        own.look(city.transport())

    def look() -> AppealView:
        online()
        return every.get(view.record)

    return Holder(lambda text: every.comment(view.record, text), online, look)


@contextmanager
def two_holders(city: City, sort: str) -> Iterator[tuple[Holder, Holder, str]]:
    with city.resident("volunteer") as volunteer, city.resident("phone") as phone:
        taken = Collecting(volunteer, carrying(volunteer)).take(an_appeal())
        deliver(city, volunteer)
        make = opened if sort == "opened" else adopted
        code = taken.slip.qr
        yield make(city, volunteer, code), adopted(city, phone, code), code


def said(view: AppealView) -> list[tuple[str, bool]]:
    return sorted((line.text, line.pending) for line in view.said)


BOTH = sorted([(AT_THE_DOOR, False), (AT_HOME, False)])


@pytest.mark.parametrize("other", ["opened", "adopted"])
@pytest.mark.parametrize("first", [0, 1])
def test_both_write_offline_and_come_to_the_network_in_either_order(
    city: City, other: str, first: int
) -> None:
    with two_holders(city, other) as (*holders, _):
        for holder, text in zip(holders, (AT_THE_DOOR, AT_HOME), strict=True):
            assert said(holder.write(text)) == [(text, True)]
        for holder in (holders[first], holders[1 - first]):
            city.clock.now_ms += 1_000
            holder.online()
        for holder in holders:
            assert said(holder.look()) == BOTH
        for holder in holders:  # nobody is locked out: both go on
            holder.write("Далі.")
            holder.online()
        for holder in holders:
            assert len(said(holder.look())) == 4
    assert_nobody_is_branded(city, comments=4)


def test_a_large_city_does_the_same(large_city: City) -> None:
    test_both_write_offline_and_come_to_the_network_in_either_order(large_city, "opened", 0)


def assert_nobody_is_branded(city: City, comments: int) -> None:
    with city.store.read() as reader:
        assert reader.forked_devices() == frozenset()
    with city.profile("desk") as office:
        city.exchange(office)
        (view,) = Desk(office).queue()
        assert len(view.said) == comments
        proof = prove(office, queue_scope(city.card.main_queue))
        assert proof.proven
        assert [each.code for each in proof.findings] == []


def test_what_both_say_comes_in_one_order_to_everybody(city: City) -> None:
    """Their clocks stand still, so that both changes have the same time, number and device."""
    with two_holders(city, "adopted") as (one, two, _):
        one.write(AT_THE_DOOR)
        two.write(AT_HOME)
        two.online()
        one.online()
        orders = [[line.text for line in holder.look().said] for holder in (one, two)]
    with city.profile("desk") as office:
        city.exchange(office)
        (view,) = Desk(office).queue()
        orders.append([line.text for line in view.said])
    assert orders[0] == orders[1] == orders[2]


def test_whoever_knows_the_same_asks_with_the_same_bytes(city: City) -> None:
    """Else couriers would carry one request for each holder."""
    with two_holders(city, "opened") as (one, two, code), city.resident("third") as third:
        one.write(AT_THE_DOOR)
        two.write(AT_HOME)
        carried = []
        with city.resident("volunteer") as volunteer, city.resident("phone") as phone:
            carried = [threads(volunteer)[-1], threads(phone)[-1]]
        made = set()
        with Claims(third, carrying(third), Adopted(third, Notes(third))).open(code) as claimed:
            secrets = claimed._device.secrets
        for order in (carried, carried[::-1]):
            with SlipDevice(third, secrets) as device:
                for thread in order:
                    device.take(thread.request)
                made.add(device.request())
        assert len(made) == 1
