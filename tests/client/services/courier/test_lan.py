"""Neighbours hand over what they have: real sockets on loopback, real replicas on both sides."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from client.services.appeals import Appeals
from client.services.courier import lan
from client.services.courier.courier import Courier
from client.services.courier.lan import CannotServe, Door, NoNetwork, both, visit
from client.services.courier.types import Refused, Taken
from client.services.desk import Desk
from client.services.replica import Replica
from client.transports import lan_server
from client.transports.http import ServerRefused, Unreachable
from client.transports.lan_server import serving
from shared_schema.errors import MistoError
from shared_schema.sync.courier import encode_courier
from shared_schema.sync.lan_address import LanAddress
from tests.client.city import City, an_appeal

HERE = "127.0.0.1"


@contextmanager
def open_door(replica: Replica) -> Iterator[tuple[Door, LanAddress]]:
    door = Door(Courier(replica))
    try:
        yield door, door.open(HERE, announce=False)
    finally:
        door.shut()


def test_an_appeal_goes_over_the_wi_fi_and_its_receipt_and_reply_come_back(city: City) -> None:
    with (
        city.resident() as resident,
        city.resident("a") as courier,
        city.profile("desk") as office,
    ):
        filed = Appeals(resident).file(an_appeal())
        with open_door(courier) as (door, address):
            went = visit(Courier(resident), address)
            assert (went.given, went.problem) == (1, "")
            assert door.served.visits == 1
            assert door.served.taken.requests == 1
        Courier(courier).deliver(city.doors())
        city.exchange(office)
        Desk(office).reply(filed.record, "Бригада виїхала.")
        city.exchange(office)
        Courier(courier).deliver(city.doors())

        with open_door(courier) as (_, address):
            came = visit(Courier(resident), address)
        assert (came.taken.own_replies, came.taken.settled) == (1, 1)
        assert [line.text for line in Appeals(resident).get(filed.record).said] == [
            "Бригада виїхала."
        ]
        with open_door(courier) as (_, address):
            again = visit(Courier(resident), address)
        assert (again.taken.settled, again.taken.arrived) == (0, 0)


def test_a_neighbour_without_room_says_so_and_nothing_counts_as_handed_over(city: City) -> None:
    with city.resident() as resident, city.resident("a") as full:
        Appeals(resident).file(an_appeal())
        door = Door(Courier(full, 10))
        address = door.open(HERE, announce=False)
        went = visit(Courier(resident), address)
        door.shut()
        assert (went.given, went.full) == (1, 1)
        assert resident.handed == {}
        with open_door(full) as (_, address):
            assert visit(Courier(resident), address).full == 0
        assert len(resident.handed) == 1


def test_either_may_be_the_one_that_serves(city: City) -> None:
    with city.resident() as resident, city.resident("a") as courier:
        Appeals(resident).file(an_appeal())
        with open_door(resident) as (_, address):
            assert visit(Courier(courier), address).taken.requests == 1
        assert Courier(courier).state().waiting == 1


def test_much_goes_over_in_parts_and_a_broken_visit_keeps_the_parts_that_came(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lan, "PART_BYTES", 1)  # each item travels alone
    with city.resident("b") as carrier, city.resident("c") as other:
        for number in range(5):
            with city.resident(f"r{number}") as resident:
                Appeals(resident).file(an_appeal(f"Яма {number}"))
                (own,) = Courier(resident).give(public=False)
            Courier(carrier).take(own, "file")
        with open_door(carrier) as (_, address):
            _break_after(monkeypatch, 3)
            broken = visit(Courier(other), address)
            assert broken.problem == "cut"
            assert broken.taken.requests == Courier(other).state().requests
            assert 0 < broken.taken.requests < 5
            monkeypatch.undo()
            whole = visit(Courier(other), address)
        assert whole.problem == ""
        assert Courier(other).state().requests == 5


def _break_after(monkeypatch: pytest.MonkeyPatch, posts: int) -> None:
    """The host hangs up at its next post after so many."""
    left = [posts]
    really = lan_server._Handler._exchange

    def exchange(self: lan_server._Handler, size: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise ConnectionResetError
        really(self, size)

    monkeypatch.setattr(lan_server._Handler, "_exchange", exchange)


class Liar:
    """Gives whatever it likes."""

    def __init__(self, *bundles: bytes) -> None:
        self.bundles = list(bundles)

    def give(self) -> list[bytes]:
        return self.bundles

    def take(self, raw: bytes) -> None:
        """Anything will do."""


def test_a_host_that_gives_garbage_gets_ours_and_leaves_nothing(city: City) -> None:
    with city.resident() as resident:
        Appeals(resident).file(an_appeal())
        for rubbish, problem in ((b"\x00" * 500, "malformed"), (b"\x13", "malformed")):
            with serving(Liar(rubbish, rubbish), HERE) as address:
                went = visit(Courier(resident), address)
            assert (went.problem, went.taken) == (problem, Taken())
        assert Courier(resident).state().requests == 0


def test_what_is_whole_in_an_answer_that_was_cut_lands(city: City) -> None:
    bundle = b"\x13" + city.card.city + b"\0"  # not packed: so it is known where items end
    for number in range(3):
        with city.resident(f"r{number}") as resident:
            Appeals(resident).file(an_appeal(f"Яма {number}"))
            own = Courier(resident).own_request()
            assert own
            bundle += b"\1" + len(own).to_bytes(4) + own
    with city.resident("b") as other, serving(Liar(bundle[:-40]), HERE) as address:
        came = visit(Courier(other), address)
    assert (came.taken.requests, came.taken.flaw) == (2, "cut")


def test_neighbours_of_another_city_take_nothing_of_each_other(city: City) -> None:
    with city.resident() as resident:
        Appeals(resident).file(an_appeal())
        (own,) = Courier(resident).give(public=False)
        foreign = own[:1] + bytes(16) + own[17:]
        with serving(Liar(encode_courier(bytes(16), [])), HERE) as address:
            assert visit(Courier(resident), address).problem == "other_city"
        with open_door(resident) as (_, address), pytest.raises(ServerRefused) as refused:
            visit(_Gives(resident, foreign), address)
        assert refused.value.problem == "other_city"


class _Gives(Courier):
    """A courier that gives what it is told to."""

    def __init__(self, replica: Replica, *bundles: bytes) -> None:
        super().__init__(replica)
        self._bundles = list(bundles)

    def give(self, size_max: int = 0, *, public: bool = True) -> list[bytes]:
        return self._bundles


def test_visitors_at_the_same_time_are_all_served_and_nothing_is_taken_twice(city: City) -> None:
    with city.resident("a") as carrier:
        problems: list[str] = []

        def come(name: str) -> None:
            try:
                with city.resident(name) as resident:
                    Appeals(resident).file(an_appeal(name))
                    problems.append(visit(Courier(resident), address).problem)
            except MistoError as error:
                problems.append(error.code)

        with open_door(carrier) as (door, address):
            people = [threading.Thread(target=come, args=(f"r{n}",)) for n in range(6)]
            for each in people:
                each.start()
            for each in people:
                each.join()
        assert problems == [""] * 6
        # The last ones were given what the first had brought, and brought nothing of it back.
        assert Courier(carrier).state().requests == 6
        assert door.served.visits == 6


def test_a_door_is_shut_until_it_is_opened_and_after_it_is_shut(city: City) -> None:
    with city.resident("a") as carrier, city.resident("b") as other:
        door = Door(Courier(carrier))
        assert door.address is None
        first = door.open(HERE, announce=False)
        second = door.open(HERE, announce=False)
        assert first.fingerprint != second.fingerprint
        door.shut()
        door.shut()
        assert door.address is None
        with pytest.raises(Unreachable):
            visit(Courier(other), second)


def test_a_door_that_cannot_open_says_why(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    with city.resident("a") as carrier:
        door = Door(Courier(carrier))
        with pytest.raises(CannotServe):
            door.open("192.0.2.1", announce=False)
        address = door.open(HERE, announce=False)
        with pytest.raises(CannotServe):
            Door(Courier(carrier)).open(HERE, address.port, announce=False)
        door.shut()
        monkeypatch.setattr(lan, "own_addresses", list)
        with pytest.raises(NoNetwork):
            door.open()


def test_a_door_follows_the_device_when_its_network_changes(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = ["127.0.0.1"]
    monkeypatch.setattr(lan, "own_addresses", lambda: list(here))
    with city.resident("a") as carrier, city.resident("b") as other:
        door = Door(Courier(carrier))
        assert door.follow() is None, "it is shut"
        first = door.open(announce=False)
        assert door.follow() is None
        here.clear()
        assert door.follow() is None, "between two networks: what there was is kept"
        here.append("127.0.0.2")
        second = door.follow()
        assert second is not None
        assert (second.host, door.address) == ("127.0.0.2", second)
        assert second.fingerprint != first.fingerprint
        assert visit(Courier(other), second).problem == ""
        with pytest.raises(Unreachable):
            visit(Courier(other), first)
        assert door.follow() is None
        door.open("127.0.0.1", announce=False)
        assert door.follow() is None, "a person has chosen this one"
        door.shut()


def test_two_doors_of_one_device_get_two_ports(city: City) -> None:
    with (
        city.resident("a") as one,
        city.resident("b") as two,
        open_door(one) as (_, first),
        open_door(two) as (_, second),
    ):
        assert first.port != second.port


def test_counts_of_many_bundles_add_up_and_stay_short() -> None:
    one = Taken(requests=1, known=2, refused=(Refused("request", "full", 3),), flaw="cut")
    total = one
    for _ in range(3):
        total = both(total, one)
    assert (total.requests, total.known, total.flaw) == (4, 8, "cut")
    assert total.refused == (Refused("request", "full", 12),)
