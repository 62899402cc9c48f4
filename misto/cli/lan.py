"""`misto lan`: handing over between devices on one Wi-Fi or hotspot, without internet."""

from __future__ import annotations

import math
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from misto.cli.errors import Problem
from misto.cli.options import Json, PinFile, Profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from client.services.courier.courier import Courier
    from client.services.courier.lan import Door, Visited
    from client.services.courier.types import Taken
    from shared_schema.sync.lan_address import LanAddress

FOLLOW_S = 2.0
"""How often the open door is asked whether this device is on another network by now."""
app = typer.Typer(help="Hand over to devices on the same Wi-Fi or hotspot, without internet.")


@app.command("serve")
def serve(
    profile: Profile,
    host: Annotated[
        str, typer.Option("--host", metavar="IP", help="This device's number on the network.")
    ] = "",
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="0 is any.")] = 0,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0, help="Close after so long; 0 waits for Ctrl-C.")
    ] = 0,
    announce: Annotated[
        bool, typer.Option("--announce/--no-announce", help="So that others find it (mDNS).")
    ] = True,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Open a door to neighbours, who bring and fetch what a courier carries.

    JSON, a line when it opens, another one when this device's network has changed and it opens
    there, and a line when it is closed: address, announced; visits, taken
    {requests, replies, own_replies, settled, arrived, known, unknown, refused
    [{what, reason, count}], flaw}.
    """
    from client.services.courier.courier import Courier
    from client.services.courier.lan import Door
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        closing = threading.Event()
        before = signal.signal(signal.SIGTERM, lambda *_: closing.set())
        door = Door(Courier(replica))
        try:
            address = door.open(host, port, announce=announce)
            _opened(address, door, as_json)
            _wait(closing, seconds, lambda: _followed(door, as_json))
        finally:
            door.shut()
            signal.signal(signal.SIGTERM, before)
        _closed(door, as_json)


@app.command("pull")
def pull(
    profile: Profile,
    address: Annotated[
        str,
        typer.Argument(
            metavar="[ADDRESS]",
            help="misto:lan/1/…, as the other device shows it. Else: look.",
            show_default=False,
        ),
    ] = "",
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, max=60, help="How long to look for neighbours.")
    ] = 3,
    interface: Annotated[
        str, typer.Option("--interface", metavar="IP", help="Look on this network only.")
    ] = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Visit a neighbour, or all that can be found: give what waits, take what they have.

    JSON: a list of {address, given (bundles), full (requests), bytes_up, bytes_down, problem,
    taken (as of serve)}. Done when at least one visit came to its end.
    """  # fmt: skip
    from client.services.courier.courier import Courier
    from client.services.courier.lan import visit
    from client.transports.lan_discovery import find
    from misto.cli.output import print_json
    from misto.cli.profile import open_profile
    from shared_schema.sync.lan_address import read_address

    with open_profile(profile, pin_file) as replica:
        found = [read_address(address)] if address else find(seconds, interface)
        if not found:
            raise Problem(
                "no neighbour found; are both on the same Wi-Fi, and is `misto lan serve` running?"
                " An address that the other device shows can be given instead"
            )
        courier = Courier(replica)
        if address:
            shapes = [_visit_shape(found[0], visit(courier, found[0]))]
        else:
            shapes = [_visited(courier, each) for each in found]
    if as_json:
        print_json(shapes)
    else:
        for shape in shapes:
            _print_visit(shape)
    if all(shape["problem"] for shape in shapes):
        raise typer.Exit(1)


def _opened(address: LanAddress, door: Door, as_json: bool) -> None:
    from misto.cli.output import print_json

    if as_json:
        print_json({"address": str(address), "announced": door.announced})
        sys.stdout.flush()
        return
    import segno

    print(f"open at {address}", flush=True)
    if sys.stdout.isatty():
        segno.make(address.for_qr, error="m", micro=False).terminal(compact=True)
    found = "neighbours find it by themselves" if door.announced else "give them the address"
    print(f"{found}; Ctrl-C closes it", file=sys.stderr, flush=True)


def _wait(closing: threading.Event, seconds: float, every: Callable[[], None]) -> None:
    """Until the time is over, or somebody interrupts: both are ordinary ends."""
    end = time.monotonic() + seconds if seconds else math.inf
    try:
        while (left := end - time.monotonic()) > 0:
            if closing.wait(min(left, FOLLOW_S)):
                return
            every()
    except KeyboardInterrupt:
        return


def _followed(door: Door, as_json: bool) -> None:
    moved = door.follow()
    if moved is not None:
        _opened(moved, door, as_json)


def _closed(door: Door, as_json: bool) -> None:
    from misto.cli.output import count, print_facts, print_json

    served = door.served
    if as_json:
        print_json({"visits": served.visits, "taken": taken_shape(served.taken)})
        return
    print_facts([("visits", count(served.visits, "visit")), *taken_facts(served.taken)])


def _visited(courier: Courier, address: LanAddress) -> dict[str, Any]:
    """One visit; what goes wrong with one neighbour is no reason not to visit the next."""
    from client.services.courier.lan import Visited, visit
    from shared_schema.errors import MistoError

    try:
        done = visit(courier, address)
    except MistoError as error:
        done = Visited(problem=getattr(error, "problem", "") or error.code)
    return _visit_shape(address, done)


def _visit_shape(address: LanAddress, done: Visited) -> dict[str, Any]:
    return {
        "address": str(address),
        "given": done.given,
        "full": done.full,
        "bytes_up": done.bytes_up,
        "bytes_down": done.bytes_down,
        "problem": done.problem,
        "taken": taken_shape(done.taken),
    }


def _print_visit(shape: dict[str, Any]) -> None:
    from misto.cli.errors import advice
    from misto.cli.output import amount, count, print_facts

    print_facts(
        [
            ("neighbour", shape["address"]),
            ("given", count(shape["given"], "bundle") if shape["given"] else "nothing"),
            ("no room for", count(shape["full"], "request") if shape["full"] else ""),
            ("bytes", f"{amount(shape['bytes_up'])} up, {amount(shape['bytes_down'])} down"),
            *_facts(shape["taken"]),
            ("not whole", advice(shape["problem"]) if shape["problem"] else ""),
        ]
    )


def taken_shape(taken: Taken) -> dict[str, Any]:
    """What became of bundles that were taken, for programs."""
    from dataclasses import asdict

    return asdict(taken)


def taken_facts(taken: Taken) -> list[tuple[str, str]]:
    """The same for people, without what is nothing."""
    return _facts(taken_shape(taken))


def _facts(shape: dict[str, Any]) -> list[tuple[str, str]]:
    from misto.cli.output import count

    told = (
        ("to carry", "requests", "request"), ("to bring", "replies", "answer"),
        ("receipts", "settled", "own change"), ("new here", "arrived", "change"),
    )  # fmt: skip
    facts = [(name, count(shape[key], thing)) for name, key, thing in told if shape[key]]
    facts += [
        ("not taken", f"{count(each['count'], each['what'])}: {each['reason']}")
        for each in shape["refused"]
    ]
    return facts or [("taken", "nothing new")]
