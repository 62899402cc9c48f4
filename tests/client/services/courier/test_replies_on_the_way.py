"""Replies that pass through a courier who has something newer, or something emptier, already."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from client.services.appeals import Appeals
from client.services.courier import taking
from client.services.courier.courier import Courier
from client.services.desk import Desk
from client.services.replica import Replica
from shared_schema.sync.bundle import decode_reply, encode_reply
from shared_schema.sync.courier import (
    REPLY_ITEM,
    REQUEST_ITEM,
    Item,
    decode_courier,
    encode_courier,
    reply_item,
)
from tests.client.city import City, an_appeal


@pytest.fixture
def devices(city: City) -> Iterator[tuple[Replica, Replica, Replica]]:
    """A resident, a courier who reaches the city, and one who never does."""
    with (
        city.resident() as resident,
        city.resident("runner") as runner,
        city.resident("walker") as walker,
    ):
        yield resident, runner, walker


def items_of(replica: Replica) -> list[Item]:
    bundles = Courier(replica).give(public=False)
    return [item for raw in bundles for item in decode_courier(raw).items]


def hand(giver: Replica, taker: Replica, size_max: int = 0) -> None:
    for raw in Courier(giver).give(size_max, public=False):
        Courier(taker).take(raw, "file")


def answered(city: City, record: str, text: str) -> None:
    """The desk replies."""
    with city.profile("desk") as office:
        city.exchange(office)
        Desk(office).reply(record, text)
        city.exchange(office)


def stripped(item: Item) -> Item:
    """A reply whose changes somebody has taken out."""
    reply = decode_reply(item.body[32:])
    return reply_item(item.body[:32], encode_reply((), [], reply.statement, reply.signature))


@pytest.mark.parametrize("newer_first", [True, False])
@pytest.mark.parametrize("size_max", [0, 2_000])
def test_a_newer_request_does_not_keep_an_older_ones_reply_from_going_home(
    city: City, devices: tuple[Replica, Replica, Replica], newer_first: bool, size_max: int
) -> None:
    resident, runner, walker = devices
    record = Appeals(resident).file(an_appeal()).record
    hand(resident, runner)
    if not newer_first:
        hand(resident, walker)
    Appeals(resident).file(an_appeal("Друге"))
    hand(resident, walker)  # offers both, and takes the place of what offers only the first
    Courier(runner).deliver(city.doors())
    answered(city, record, "Бригада виїхала.")
    Courier(runner).deliver(city.doors())
    hand(runner, walker, size_max)
    hand(walker, resident)
    seen = Appeals(resident).get(record)
    assert seen.state == "received"
    assert [line.text for line in seen.said] == ["Бригада виїхала."]
    assert Courier(walker).state().waiting == 1


@pytest.mark.parametrize("older_is_here", [True, False])
@pytest.mark.parametrize("size_max", [0, 2_000])
def test_a_newer_request_in_the_same_bundle_does_not_push_out_the_one_that_a_reply_is_to(
    city: City, devices: tuple[Replica, Replica, Replica], older_is_here: bool, size_max: int
) -> None:
    resident, runner, walker = devices
    record = Appeals(resident).file(an_appeal()).record
    hand(resident, runner)
    if older_is_here:
        hand(resident, walker)
    Courier(runner).deliver(city.doors())
    Appeals(resident).file(an_appeal("Друге"))
    hand(resident, runner)  # has the older one with its reply, and the newer one without
    hand(runner, walker, size_max)
    hand(walker, resident)
    assert Appeals(resident).get(record).state == "received"
    assert Courier(walker).state().waiting == 1


@pytest.mark.parametrize("stripped_first", [True, False])
def test_a_newer_reply_that_was_stripped_does_not_hide_what_an_older_one_brings(
    city: City, devices: tuple[Replica, Replica, Replica], stripped_first: bool
) -> None:
    resident, runner, walker = devices
    record = Appeals(resident).file(an_appeal()).record
    hand(resident, runner)
    Courier(runner).deliver(city.doors())
    answered(city, record, "Бригада виїхала.")
    Courier(runner).deliver(city.doors())
    (whole,) = [item for item in items_of(runner) if item.type == REPLY_ITEM]
    requests = [item for item in items_of(runner) if item.type == REQUEST_ITEM]
    city.clock.now_ms += 60_000
    Courier(runner).deliver(city.doors())
    (newest,) = [item for item in items_of(runner) if item.type == REPLY_ITEM]
    pair = [stripped(newest), whole] if stripped_first else [whole, stripped(newest)]
    for item in pair:
        Courier(walker).take(encode_courier(city.card.city, [*requests, item]), "file")
    (kept,) = Courier(walker).carried()
    assert kept.replied_ms == city.clock.now_ms
    hand(walker, resident)
    assert [line.text for line in Appeals(resident).get(record).said] == ["Бригада виїхала."]


def test_what_is_here_already_is_not_checked_again(
    city: City, devices: tuple[Replica, Replica, Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Couriers who meet often hand each other the same things: a signature check apiece adds up."""
    resident, runner, walker = devices
    Appeals(resident).file(an_appeal())
    hand(resident, runner)
    Courier(runner).deliver(city.doors())
    hand(runner, walker)
    checked: list[object] = []
    monkeypatch.setattr(taking, "checked_reply", lambda *what: checked.append(what))
    for raw in Courier(runner).give(public=False):
        assert Courier(walker).take(raw, "file").known == 2
    assert checked == []
