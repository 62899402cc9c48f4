"""Neighbours find each other by mDNS, on loopback, and learn an address and nothing else."""

from __future__ import annotations

import ipaddress

import pytest
from zeroconf import ServiceInfo

from client.transports import lan_discovery
from client.transports.lan_discovery import announced, find, own_addresses
from shared_schema.sync.lan_address import SERVICE, LanAddress, fingerprint, is_local

pytestmark = pytest.mark.usefixtures("alone_on_loopback")
HERE = "127.0.0.1"
ADDRESS = LanAddress(HERE, 8312, fingerprint(bytes(32)))


def test_a_neighbour_that_serves_is_found_and_one_that_has_closed_is_not() -> None:
    with announced(ADDRESS) as said:
        assert said
        assert ADDRESS in find(2.0, HERE)
    assert ADDRESS not in find(0.5, HERE)


def test_nothing_is_told_of_the_person_or_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[ServiceInfo] = []
    monkeypatch.setattr("zeroconf.Zeroconf.register_service", lambda self, info: told.append(info))
    for _ in range(2):
        with announced(ADDRESS):
            pass
    first, second = told
    assert first.name != second.name
    assert first.server != second.server
    assert len(first.name) == len(f"01234567.{SERVICE}")
    assert first.properties == {b"key": ADDRESS.fingerprint.encode()}


@pytest.mark.parametrize(
    ("host", "port", "key"),
    [
        ("8.8.8.8", 8312, ADDRESS.fingerprint),
        (HERE, 0, ADDRESS.fingerprint),
        (HERE, 8312, "no key"),
        (HERE, 8312, "\xff" * 60),
    ],
)
def test_an_announcement_that_is_no_neighbour_s_is_left_out(host: str, port: int, key: str) -> None:
    info = ServiceInfo(
        SERVICE, f"x.{SERVICE}", port=port, parsed_addresses=[host],
        properties={"key": key},
    )  # fmt: skip
    assert list(lan_discovery._addresses(info)) == []
    bare = ServiceInfo(SERVICE, f"x.{SERVICE}", port=8312, parsed_addresses=[HERE])
    assert list(lan_discovery._addresses(bare)) == []


def test_where_there_is_no_multicast_nobody_is_found_and_nothing_breaks() -> None:
    nowhere = "192.0.2.1"  # no address of this machine
    assert find(0.1, nowhere) == []
    with announced(LanAddress(nowhere, 1, ADDRESS.fingerprint)) as said:
        assert not said


def test_own_addresses_are_those_of_local_networks() -> None:
    own = own_addresses()
    assert all(is_local(each) and not each.startswith("127.") for each in own)
    order = ["10.1.1.1", "172.20.10.1", "192.168.1.2", "172.17.0.1"]
    ranked = sorted(map(ipaddress.IPv4Address, order), key=lan_discovery._likely)
    assert [str(each) for each in ranked] == [
        "192.168.1.2", "172.20.10.1", "10.1.1.1", "172.17.0.1"
    ]  # fmt: skip
