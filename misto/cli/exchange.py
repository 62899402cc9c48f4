"""`misto exchange`: one exchange with the city."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from misto.cli.options import Json, PinFile, Profile

if TYPE_CHECKING:
    from client.services.types import ExchangeResult


def exchange(
    profile: Profile,
    server: Annotated[
        str | None,
        typer.Option("--server", metavar="URL", help="Else the first server of the city's card."),
    ] = None,
    budget: Annotated[
        int, typer.Option(min=0, help="Bytes of changes wanted back a round; 0 leaves it open.")
    ] = 0,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Carry what waits to the city and bring what is new; then what is carried for others.

    Of what is carried goes what has not reached the city, and what was not asked about for long;
    `misto bundle deliver` brings all of it.

    JSON: server, pushed, accepted, refused [{record, reason}], held, pulled, forged, bytes_up,
    bytes_down, round_trips, complete, carried {posted, answered, done}.
    """
    from client.services.courier.courier import Courier
    from client.services.courier.pace import Turn
    from client.services.doorstep.adopted import Adopted
    from client.services.exchange import Exchange
    from client.services.notes import Notes
    from misto.cli.output import print_json
    from misto.cli.profile import open_profile
    from misto.cli.server import transport_to

    with open_profile(profile, pin_file) as replica:
        address, transport = transport_to(replica, server)
        with transport:
            result = Exchange(replica, transport).once(budget)
            delivered = Courier(replica).deliver(transport, Turn(everything=False))
            Adopted(replica, Notes(replica)).look(transport)
    shape = _shape(address, result) | {
        "carried": {
            "posted": delivered.posted,
            "answered": delivered.answered,
            "done": delivered.done,
        }
    }
    if as_json:
        print_json(shape)
    else:
        _print(shape)


def _shape(address: str, result: ExchangeResult) -> dict[str, Any]:
    return {
        "server": address,
        "pushed": result.pushed,
        "accepted": result.accepted,
        "refused": [{"record": record, "reason": reason} for record, reason in result.refused],
        "held": result.held,
        "pulled": result.pulled,
        "forged": result.forged,
        "bytes_up": result.bytes_up,
        "bytes_down": result.bytes_down,
        "round_trips": result.round_trips,
        "complete": result.complete,
    }


def _print(shape: dict[str, Any]) -> None:
    from misto.cli.output import amount, count, print_facts

    sent = f"{shape['pushed']} offered, {shape['accepted']} accepted"
    forged = count(shape["forged"], "change")
    print_facts(
        [
            ("server", shape["server"]),
            ("up", f"{sent}, {len(shape['refused'])} refused, {shape['held']} held"),
            *(("refused", f"{each['record']}: {each['reason']}") for each in shape["refused"]),
            ("down", count(shape["pulled"], "change")),
            ("forged", f"{forged} without a good signature, ignored" if shape["forged"] else ""),
            (
                "bytes",
                f"{amount(shape['bytes_up'])} up, {amount(shape['bytes_down'])} down, "
                f"{count(shape['round_trips'], 'round trip')}",
            ),
            ("carried", _carried(shape["carried"])),
            ("", "" if shape["complete"] else "more waits; run it again"),
        ]
    )


def _carried(shape: dict[str, int]) -> str:
    from misto.cli.output import count

    if not shape["posted"]:
        return ""
    posted = count(shape["posted"], "request")
    return f"{posted} of others posted, {shape['answered']} answered, {shape['done']} done now"
