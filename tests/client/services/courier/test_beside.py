"""By codes and by files: what one device shows, another one takes."""

from __future__ import annotations

import random

import pytest

from client.services.appeals import Appeals
from client.services.courier import beside
from client.services.courier.beside import Beside
from client.services.courier.courier import Courier
from client.services.desk import Desk
from client.services.replica import Replica
from client.transports.lan_discovery import own_addresses
from shared_schema.errors import ProtocolError
from shared_schema.limits import FRAMES_BYTES_MAX
from shared_schema.sync.frames import Splitter
from tests.client.city import City, an_appeal


def beside_of(replica: Replica) -> Beside:
    return Beside(Courier(replica))


def test_one_small_appeal_is_one_code(city: City) -> None:
    with city.resident() as resident, city.resident("a") as courier:
        Appeals(resident).file(an_appeal(name="Олена Коваль", contact="+380501234567"))
        (code,) = beside_of(resident).codes().parts
        assert code.needed == 1
        scanned = beside_of(courier).scan(code.text(0))
        assert scanned.taken is not None
        assert (scanned.taken.requests, scanned.taken.refused) == (1, ())


def test_a_reply_comes_back_by_codes_of_which_a_third_is_never_seen(city: City) -> None:
    dice = random.Random(11)
    with (
        city.resident() as resident,
        city.resident("a") as courier,
        city.profile("desk") as office,
    ):
        filed = Appeals(resident).file(an_appeal())
        _filmed(beside_of(resident), beside_of(courier), dice)
        Courier(courier).deliver(city.doors())
        city.exchange(office)
        Desk(office).reply(filed.record, "Бригада виїхала. " * 80)
        city.exchange(office)
        Courier(courier).deliver(city.doors())
        _filmed(beside_of(courier), beside_of(resident), dice)
        (said,) = Appeals(resident).get(filed.record).said
        assert said.text.startswith("Бригада виїхала.")
        assert Appeals(resident).get(filed.record).state == "received"


def _filmed(shows: Beside, films: Beside, dice: random.Random) -> None:
    for part in shows.codes().parts:
        for number in range(4 * part.needed + 40):
            if dice.random() < 0.3:
                continue
            if films.scan(part.text(number)).taken is not None:
                break
        else:
            raise AssertionError("never whole")


def test_what_is_too_large_for_codes_is_counted_and_not_lost(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.resident() as resident:
        Appeals(resident).file(an_appeal())
        own = beside_of(resident)
        monkeypatch.setattr(
            Courier, "give_by_codes", lambda *_, **__: [bytes(FRAMES_BYTES_MAX + 1), b"x"]
        )
        codes = own.codes()
        assert (len(codes.parts), codes.left_out) == (1, 1)
        assert len(own.files()) == 1, "a file takes all of it"


def test_nothing_to_hand_over_is_no_code(city: City) -> None:
    with city.resident() as resident:
        assert beside_of(resident).codes() == ((), 0)


def test_a_file_goes_from_one_to_the_other_and_counts_as_given_only_when_told(city: City) -> None:
    with city.resident() as resident, city.resident("a") as courier:
        filed = Appeals(resident).file(an_appeal())
        own = beside_of(resident)
        (raw,) = own.files()
        assert [part.state for part in Appeals(resident).get(filed.record).parts] == ["waiting"]
        own.given()
        assert [part.state for part in Appeals(resident).get(filed.record).parts] == ["carried"]
        assert beside_of(courier).take_file(raw).requests == 1


def test_codes_that_hold_something_else_are_refused(city: City) -> None:
    with city.resident() as resident:
        for text in ("https://misto.example", Splitter(b"no bundle").text(0)):
            with pytest.raises(ProtocolError):
                beside_of(resident).scan(text)


def test_a_visit_marks_own_words_as_handed_over_and_the_door_does_not(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only who posts hears that the other side has stored it; who serves has sent, and no more."""
    monkeypatch.setattr("client.services.courier.lan.own_addresses", lambda: ["127.0.0.1"])
    monkeypatch.setattr("client.services.courier.lan.announced", _quiet)
    with city.resident() as one, city.resident("a") as other:
        first, second = (Appeals(each).file(an_appeal()) for each in (one, other))
        door, came = beside_of(one), []
        address = door.open(lambda: came.append(1))
        assert beside_of(other).visit(str(address)).given == 1
        door.shut()
        assert came
        assert door.served.taken.requests == 1
        assert Appeals(other).get(second.record).parts[0].state == "carried"
        assert Appeals(one).get(first.record).parts[0].state == "waiting"


class _quiet:
    """Announces nothing."""

    def __init__(self, address: object) -> None:
        self.address = address

    def __enter__(self) -> bool:
        return False

    def __exit__(self, *_: object) -> None:
        """Nothing was announced."""


def test_one_s_own_door_is_not_found(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client.services.courier.lan.own_addresses", lambda: ["127.0.0.1"])
    monkeypatch.setattr("client.services.courier.lan.announced", _quiet)
    with city.resident() as one:
        door = beside_of(one)
        address = door.open(lambda: None)
        monkeypatch.setattr(beside, "find", lambda seconds: [address])
        assert door.find() == []
        door.shut()
        assert door.find() == [address]
    assert "127.0.0.1" not in own_addresses()
