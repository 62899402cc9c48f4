"""Neighbours as processes of their own: `misto lan serve` and `pull`, and who means them ill."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from client.services.courier.courier import Courier
from client.services.replica import Replica
from client.transports.lan_tls import Session, visitor_context
from shared_schema.sync.lan_address import LanAddress, read_address
from tests.e2e.stage import Stage, stage
from tests.misto.support import HOST, command, environment


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as it:
        it.json("city", "init", it.city, "--name", "Надріччя", "--server", it.url)
        for name in ("resident", "courier"):
            it.json("device", "new", it.root / name, "--card", it.city / "card.json")
        yield it


class Serving:
    """A `misto lan serve` that runs."""

    def __init__(self, process: subprocess.Popen[bytes], opened: dict[str, Any]) -> None:
        self.process, self.opened = process, opened
        self.address = read_address(opened["address"])
        self.closed: dict[str, Any] = {}


@contextlib.contextmanager
def serving(place: Stage, profile: Path, *options: object) -> Iterator[Serving]:
    arguments = ("lan", "serve", "--profile", profile, "--host", HOST, "--json", *options)
    with subprocess.Popen(
        command(*arguments), env=environment(place.temporary),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            door = Serving(process, json.loads(process.stdout.readline()))
            yield door
            process.send_signal(signal.SIGTERM)
            door.closed = json.loads(process.stdout.read())
            assert process.wait(30) == 0
            assert process.stderr.read() == b""
        finally:
            process.kill()


def file_appeal(place: Stage, profile: Path) -> None:
    place.json(
        "appeal", "new", "--profile", profile, "--title", "Яма", "--text", "Глибока.",
        "--lane", "signal",
    )  # fmt: skip


def pull(place: Stage, profile: Path, *arguments: object) -> list[dict[str, Any]]:
    shapes = place.json("lan", "pull", "--profile", profile, *arguments)
    assert isinstance(shapes, list)
    return shapes


def carried(place: Stage, name: str) -> int:
    with Replica.open(place.root / name) as replica:
        return Courier(replica).state().requests


def test_an_appeal_goes_to_a_neighbour_s_process_by_its_address(place: Stage) -> None:
    file_appeal(place, place.resident)
    with serving(place, place.root / "courier", "--no-announce") as door:
        (shape,) = pull(place, place.resident, door.opened["address"])
        assert (shape["given"], shape["problem"]) == (1, "")
        told = place.misto("lan", "pull", "--profile", place.resident, door.opened["address"])
        assert "given" in told.out
        assert told.err == ""
    assert door.opened["announced"] is False
    assert door.closed["visits"] == 2
    assert (door.closed["taken"]["requests"], door.closed["taken"]["known"] > 0) == (1, True)
    assert carried(place, "courier") == 1


@pytest.mark.usefixtures("alone_on_loopback")
def test_neighbours_find_each_other(place: Stage) -> None:
    file_appeal(place, place.resident)
    with serving(place, place.root / "courier") as door:
        shapes = pull(place, place.resident, "--interface", HOST)
        assert door.opened["announced"] is True
    assert door.opened["address"] in [each["address"] for each in shapes]
    assert door.closed["taken"]["requests"] == 1


@pytest.mark.usefixtures("alone_on_loopback")
def test_nobody_there_is_said_in_one_line(place: Stage) -> None:
    options = ("--interface", HOST, "--seconds", "0.3")
    place.misto("lan", "pull", "--profile", place.resident, *options).assert_one_clear_line(
        "no neighbour found"
    )
    nobody = LanAddress(HOST, place.port, Session().fingerprint)
    place.misto("lan", "pull", "--profile", place.resident, nobody).assert_one_clear_line()
    for wrong in ("misto:lan/1/8.8.8.8:1/" + nobody.fingerprint, "http://x/", "nonsense"):
        place.misto("lan", "pull", "--profile", place.resident, wrong).assert_one_clear_line(
            "no address"
        )
    place.misto(
        "lan", "serve", "--profile", place.resident, "--host", "192.0.2.1"
    ).assert_one_clear_line("cannot be served")


def test_a_door_closes_by_itself_after_its_time(place: Stage) -> None:
    told = place.misto(
        "lan", "serve", "--profile", place.resident, "--host", HOST, "--no-announce",
        "--seconds", "0.2", "--json",
    )  # fmt: skip
    opened, closed = map(json.loads, told.out.splitlines())
    assert opened["address"].startswith("misto:lan/1/127.0.0.1:")
    assert closed["visits"] == 0


# ------------------------------------------------------------------------------------ ill will


def knock(address: LanAddress) -> ssl.SSLSocket:
    plain = socket.create_connection((address.host, address.port), timeout=20)
    return visitor_context().wrap_socket(plain)


def post(size: int) -> bytes:
    return b"POST /v1/courier HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % size


def huge(address: LanAddress) -> None:
    with knock(address) as visitor, contextlib.suppress(OSError):
        visitor.sendall(post(10**10) + bytes(100_000))
        assert b"413" in visitor.recv(100)


def garbage(address: LanAddress) -> None:
    with knock(address) as visitor:
        visitor.sendall(post(1000) + bytes(range(250)) * 4)
        assert b"400" in visitor.recv(100)
    with socket.create_connection((address.host, address.port), timeout=20) as visitor:
        visitor.sendall(b"\x16\x03\x01" + bytes(500))


def loris(address: LanAddress, over: threading.Event) -> None:
    """Two visitors that never end, as long as the honest one is there."""
    with knock(address) as one, socket.create_connection((address.host, address.port)) as two:
        one.sendall(post(5000))
        while not over.wait(0.1):
            with contextlib.suppress(OSError):
                one.sendall(b".")
                two.sendall(b"\x16")


def test_ill_will_around_an_honest_visitor_changes_nothing_for_it(place: Stage) -> None:
    file_appeal(place, place.resident)
    with serving(place, place.root / "courier", "--no-announce") as door:
        over = threading.Event()
        slow = threading.Thread(target=loris, args=(door.address, over))
        slow.start()
        huge(door.address)
        garbage(door.address)
        (shape,) = pull(place, place.resident, door.opened["address"])
        over.set()
        slow.join()
    assert (shape["given"], shape["problem"]) == (1, "")
    assert door.closed["taken"]["requests"] == 1


def test_a_bundle_cut_in_its_middle_lands_as_far_as_it_came(place: Stage) -> None:
    with Replica.open(place.root / "courier") as replica:
        bundle = b"\x13" + replica.card.city + b"\0"
    for number in range(3):
        folder = place.root / f"r{number}"
        place.json("device", "new", folder, "--card", place.city / "card.json")
        file_appeal(place, folder)
        with Replica.open(folder) as resident:
            own = Courier(resident).own_request() or b""
        bundle += b"\x01" + len(own).to_bytes(4, "big") + own
    with serving(place, place.root / "courier", "--no-announce") as door:
        with knock(door.address) as visitor:
            visitor.sendall(post(len(bundle)) + bundle[:-50])
        time.sleep(1)
    assert door.closed["taken"]["requests"] == 2
    assert carried(place, "courier") == 2


def test_a_door_with_another_key_is_given_nothing(place: Stage) -> None:
    file_appeal(place, place.resident)
    with serving(place, place.root / "courier", "--no-announce") as door:
        told = LanAddress(HOST, door.address.port, Session().fingerprint)
        place.misto("lan", "pull", "--profile", place.resident, told).assert_one_clear_line(
            "another device"
        )
    assert door.closed == {"visits": 0, "taken": {**door.closed["taken"], "requests": 0}}


def test_a_door_that_is_killed_leaves_whole_what_had_come(place: Stage) -> None:
    file_appeal(place, place.resident)
    with (
        contextlib.suppress(ValueError),
        serving(place, place.root / "courier", "--no-announce") as door,
    ):
        pull(place, place.resident, door.opened["address"])
        door.process.kill()
        door.process.wait()
    assert carried(place, "courier") == 1
