"""What a desk publishes: careful by itself, chosen by a person, served and switched off."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.notes import Notes
from client.services.office import publishing
from client.services.office.endpoint import CannotServe, Endpoint
from client.services.office.open311 import Agency
from client.services.office.open311_server import Snapshot
from client.services.office.publishing import TELLING, Publication, Publisher
from client.services.replica import Replica
from shared_schema.records.appeal import CATEGORIES, Opened, Position
from tests.client.city import City, an_appeal, files_of
from tests.client.office.feeds import schema

jsonschema_rs = pytest.importorskip("jsonschema_rs", reason="not among the phone's packages")
from tests.client.office.test_reporting import live_of  # noqa: E402

WHERE = Position(5_045_013, 3_052_349, 20)
NAME = "Коваленко Олександра Іванівна"


def signal(category: str, text: str = "Немає води третій день") -> Opened:
    return Opened("signal", "", f"Сигнал {category}", text, category, "Садова, 5", "Центр",
                  name=NAME, position=WHERE)  # fmt: skip


def filed(city: City) -> dict[str, str]:
    """One signal of each of some topics, and an appeal; the desk has looked at all but one."""
    with city.resident() as resident:
        appeals = Appeals(resident)
        records = {name: appeals.file(signal(name)).record for name in ("water", "danger", "roads")}
        records["appeal"] = appeals.file(an_appeal()).record
        city.exchange(resident)
    with city.profile("desk") as desk:
        city.exchange(desk)
        for name in ("water", "danger", "appeal"):
            Desk(desk).register(records[name])
    return records


def publisher_of(replica: Replica) -> Publisher:
    agency = Agency("Надріччя", frozenset({"Центр"}))
    return Publisher(live_of(replica), Notes(replica), agency)


@pytest.fixture(autouse=True)
def always_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "FRESH_S", 0.0)
    monkeypatch.setattr(publishing, "_COST", 0)


def codes(snapshot: Snapshot) -> list[str]:
    return sorted(each.service_code for each in snapshot.requests)


def test_by_itself_little_is_public(city: City) -> None:
    filed(city)
    with city.profile("desk") as desk:
        public = publisher_of(desk).snapshot()
    assert codes(public) == ["water"], "no appeal, nothing unseen, nothing that tells an enemy"
    assert len(public.services) == len(CATEGORIES)
    (water,) = public.requests
    assert water.position == (5_045_000, 3_052_300)
    assert water.address == "Центр"
    assert NAME not in repr(public)


def test_a_choice_is_kept_sealed_and_holds_at_once(city: City) -> None:
    filed(city)
    with city.profile("desk") as desk:
        publisher = publisher_of(desk)
        publisher.snapshot()
        publisher.choose(
            Publication(("appeal", "signal"), tuple(CATEGORIES), seen_only=False,
                        with_position=False)
        )  # fmt: skip
        public = publisher.snapshot()
        assert codes(public) == ["danger", "roads", "water", "water"]
        assert {each.position for each in public.requests} == {None}
        folder = desk.folder
    assert b"with_position" not in files_of(folder)
    with city.profile("desk") as desk:
        assert publisher_of(desk).choice().lanes == ("appeal", "signal")
        publisher_of(desk).choose(Publication(lanes=()))
        assert publisher_of(desk).snapshot().requests == ()


@pytest.mark.parametrize("category", TELLING)
def test_a_telling_topic_needs_to_be_asked_for(category: str) -> None:
    assert category not in Publication().categories


def test_a_snapshot_follows_the_log_when_it_is_old(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = filed(city)
    with city.profile("desk") as desk:
        publisher = publisher_of(desk)
        monkeypatch.setattr(publishing, "FRESH_S", 3600.0)
        assert codes(publisher.snapshot()) == ["water"], "made anew: the first one was old at once"
        Desk(desk).register(records["roads"])
        assert codes(publisher.snapshot()) == ["water"]
        city.clock.now_ms += 5
        assert publisher.snapshot().now_ms == city.clock.now_ms
        publisher.choose(Publication())
        assert codes(publisher.snapshot()) == ["roads", "water"]


def test_files(city: City) -> None:
    filed(city)
    with city.profile("desk") as desk:
        files = {**publisher_of(desk).files("json"), **publisher_of(desk).files("xml")}
    assert sorted(files) == ["requests.json", "requests.xml", "services.json", "services.xml"]
    for name in ("requests", "services"):
        jsonschema_rs.validator_for(schema(name)).validate(json.loads(files[f"{name}.json"]))
        assert files[f"{name}.xml"].startswith(b"<?xml")
    assert NAME.encode() not in b"".join(files.values())


@pytest.fixture
def endpoint(city: City) -> Iterator[tuple[Endpoint, Replica]]:
    filed(city)
    with city.profile("desk") as desk:
        made = Endpoint(publisher_of(desk).snapshot)
        yield made, desk
        made.stop()


def asked(address: str) -> list[str]:
    with urlopen(f"{address}/requests.json", timeout=10) as reply:
        return sorted(each["service_code"] for each in json.load(reply))


def test_it_is_off_until_it_is_turned_on_and_shows_what_is_new(
    endpoint: tuple[Endpoint, Replica], city: City
) -> None:
    switch, desk = endpoint
    assert switch.address == ""
    address = switch.start(port=0)
    assert switch.address == address
    assert address.startswith("http://127.0.0.1:")
    assert asked(address) == ["water"]
    with city.resident() as resident:
        record = Appeals(resident).file(signal("light")).record
        city.exchange(resident)
    city.exchange(desk)
    Desk(desk).register(record)
    assert asked(address) == ["light", "water"]
    switch.stop()
    assert switch.address == ""
    with pytest.raises(URLError):
        urlopen(f"{address}/requests.json", timeout=2)


def test_turning_it_on_again_moves_it(endpoint: tuple[Endpoint, Replica]) -> None:
    switch, _ = endpoint
    first = switch.start(port=0)
    second = switch.start(port=0)
    assert asked(second) == ["water"]
    if first != second:
        with pytest.raises(URLError):
            urlopen(f"{first}/services.json", timeout=2)


@pytest.mark.parametrize("host", ["no such host", "256.0.0.1", "::1", ""])
def test_an_address_that_is_none_is_said(endpoint: tuple[Endpoint, Replica], host: str) -> None:
    switch, _ = endpoint
    if not host:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            with pytest.raises(CannotServe):
                switch.start(port=taken.getsockname()[1])
    else:
        with pytest.raises(CannotServe):
            switch.start(host, 0)
    assert switch.address == ""
