"""`misto rounds`: a volunteer's doors, what was found there, and whether all is handed over."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from misto.cli.options import Json, PinFile, Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from client.services.courier.types import Delivered
    from client.services.replica import Replica
    from client.services.rounds.rounds import Rounds
    from client.services.rounds.types import Mark, Missing, RoundView, StopView

app = typer.Typer(help="A volunteer's round: doors, marks, and what is not handed over yet.")
Stop = Annotated[
    str, typer.Argument(metavar="DOOR", help="The door's id, or its start.", show_default=False)
]
COLUMNS = ("door", "street", "building", "mark", "carried", "replies", "note")
_MARKS = {"": "", "visited": "visited", "nobody": "nobody home", "come_back": "come back"}
_LACKS = {
    "urgent": ("urgent request", "urgent requests", " without the city's receipt"),
    "carried": ("request", "requests", " without the city's receipt"),
    "own": ("change", "changes", " of this device without the city's receipt"),
    "replies": ("person", "people", " whose reply is here and was not handed over"),
    "slips": ("slip", "slips", " that nobody has said to have given to its owner"),
}


@app.command("show")
def show(profile: Profile, pin_file: PinFile = None, as_json: Json = False) -> None:
    """Show the doors by street and building, and what is missing for a green light.

    JSON: green, missing [{what (urgent, carried, own, replies, slips), count}], here, stops [{id,
    street, building, mark, marked_ms, note, waiting, replies}], loose_replies [device], slips
    [device], carried {requests, bytes, budget_bytes, waiting, oldest_ms}.
    """
    with opened(profile, pin_file) as (_, rounds):
        view = rounds.view()
    _print(view, as_json)


@app.command("add")
def add(
    profile: Profile,
    street: Annotated[str, typer.Option("--street", help="As people call it.")] = "",
    building: Annotated[str, typer.Option("--building", help="5, 12-А …")] = "",
    from_district: Annotated[
        bool, typer.Option("--from-district", help="What the city names in your district.")
    ] = False,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Put a door on the list, or all that the city's public data names. JSON: as `show`."""
    from misto.cli.errors import Problem

    if bool(street) is from_district:
        raise Problem("name a --street, or ask for the doors --from-district; one of the two")
    with opened(profile, pin_file) as (replica, rounds):
        if from_district:
            rounds.from_district(_district(replica))
        else:
            rounds.add(street, building)
        view = rounds.view()
    _print(view, as_json)


@app.command("here")
def here(profile: Profile, stop: Stop, pin_file: PinFile = None, as_json: Json = False) -> None:
    """Stand at a door: whose requests are taken from now on live there. JSON: as `show`."""
    with opened(profile, pin_file) as (_, rounds):
        rounds.stand_at(_find(rounds, stop).id)
        view = rounds.view()
    _print(view, as_json)


@app.command("mark")
def mark(
    profile: Profile,
    stop: Stop,
    value: Annotated[
        str, typer.Argument(metavar="MARK", help="visited, nobody, come_back, or none.")
    ],
    note: Annotated[str | None, typer.Option("--note", help="For yourself alone.")] = None,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Say what was found at a door. JSON: as `show`."""
    known = _mark(value)
    with opened(profile, pin_file) as (_, rounds):
        rounds.mark(_find(rounds, stop).id, known, note)
        view = rounds.view()
    _print(view, as_json)


@app.command("note")
def note(
    profile: Profile,
    stop: Stop,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="For yourself alone; '' for none.")],
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Write something down about a door: sealed, in no bundle and no export. JSON: as `show`."""
    with opened(profile, pin_file) as (_, rounds):
        rounds.note(_find(rounds, stop).id, text)
        view = rounds.view()
    _print(view, as_json)


@app.command("handed")
def handed(
    profile: Profile,
    who: Annotated[
        str, typer.Argument(metavar="WHO", help="A door, or the device that the reply is for.")
    ],
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Say that the replies for a door or a device were really handed over. JSON: as `show`."""
    from misto.cli.errors import Problem

    with opened(profile, pin_file) as (_, rounds):
        loose = [each for each in rounds.view().loose_replies if each.startswith(who.lower())]
        senders = loose if len(loose) == 1 else rounds.senders_at(_find(rounds, who).id)
        if not rounds.handed(senders):
            raise Problem(f"no reply for {who} is here; misto rounds show lists them")
        view = rounds.view()
    _print(view, as_json)


@app.command("hand-in")
def hand_in(
    profile: Profile,
    server: Annotated[
        str | None,
        typer.Option("--server", metavar="URL", help="Else the first server of the city's card."),
    ] = None,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Bring everything to the city, then wipe what it has given its receipt for, nothing else.

    Replies stay until `handed` says that they were given to whom they are for. JSON: as `show`,
    with handed_in {delivered, cleared as `misto bundle clear`}.
    """
    from dataclasses import asdict

    from client.services.courier.courier import Courier
    from client.services.exchange import Exchange
    from misto.cli.server import transport_to

    with opened(profile, pin_file) as (replica, rounds):
        with transport_to(replica, server)[1] as transport:

            def deliver() -> Delivered:
                Exchange(replica, transport).once()
                return Courier(replica).deliver(transport)

            done = rounds.hand_in(deliver)
        view = rounds.view()
    _print(view, as_json, asdict(done))


@app.command("remove")
def remove(profile: Profile, stop: Stop, pin_file: PinFile = None, as_json: Json = False) -> None:
    """Take a door off the list; what was carried from there stays. JSON: as `show`."""
    with opened(profile, pin_file) as (_, rounds):
        rounds.remove(_find(rounds, stop).id)
        view = rounds.view()
    _print(view, as_json)


@contextmanager
def opened(profile: Path, pin_file: Path | None) -> Iterator[tuple[Replica, Rounds]]:
    """A profile with its round."""
    from client.services.courier.courier import Courier
    from client.services.doorstep.collect import unhanded
    from client.services.guide import Guide
    from client.services.notes import Notes
    from client.services.rounds.rounds import Rounds
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        notes, courier, guide = Notes(replica), Courier(replica), Guide(replica)
        yield replica, Rounds(notes, courier, guide, replica.clock, lambda: unhanded(notes))


def _district(replica: Replica) -> str:
    from client.services.notes import Notes
    from client.services.volunteers import Volunteers
    from misto.cli.errors import Problem

    membership = Volunteers(replica, Notes(replica)).membership()
    if membership is None or not membership.holds:
        raise Problem("this device is no volunteer of a district now; `misto volunteer join` tells")
    return membership.district


def _find(rounds: Rounds, reference: str) -> StopView:
    from misto.cli.errors import Problem

    found = [stop for stop in rounds.view().stops if stop.id.startswith(reference.lower())]
    if len(found) != 1:
        raise Problem(f"{reference} names {len(found)} doors; misto rounds show lists them")
    return found[0]


def _mark(value: str) -> Mark:
    from client.services.rounds.types import MARKS
    from misto.cli.errors import Problem

    wanted = "" if value == "none" else value
    for known in MARKS:
        if wanted == known and value:
            return known
    raise Problem(f"a mark is visited, nobody, come_back or none; not {value!r}")


def _print(view: RoundView, as_json: bool, handed_in: dict[str, Any] | None = None) -> None:
    from misto.cli.bundle_shapes import cleared_facts
    from misto.cli.output import amount, count, print_facts, print_json, print_table

    if as_json:
        print_json(_shape(view) | ({"handed_in": handed_in} if handed_in else {}))
        return
    print_table(COLUMNS, map(_row, view.stops), "No doors yet.")
    room = f"{amount(view.carried.bytes)} of {amount(view.carried.budget_bytes)}"
    print_facts(
        [
            *(cleared_facts(handed_in["cleared"]) if handed_in else ()),
            ("carried", f"{count(view.carried.requests, 'request')}, {room}"),
            ("light", "green: everything is handed over" if view.light.green else "red"),
            *(("missing", _lack(each)) for each in view.light.missing),
        ]
    )


def _lack(missing: Missing) -> str:
    one, many, what = _LACKS[missing.what]
    return f"{missing.amount:,} {one if missing.amount == 1 else many}{what}"


def _shape(view: RoundView) -> dict[str, Any]:
    from dataclasses import asdict

    state = view.carried
    return {
        "green": view.light.green,
        "missing": [{"what": each.what, "count": each.amount} for each in view.light.missing],
        "here": view.here,
        "stops": [asdict(stop) for stop in view.stops],
        "loose_replies": list(view.loose_replies),
        "slips": list(view.slips),
        "carried": {
            "requests": state.requests, "bytes": state.bytes, "budget_bytes": state.budget_bytes,
            "waiting": state.waiting, "oldest_ms": state.oldest_ms,
        },
    }  # fmt: skip


def _row(stop: StopView) -> tuple[str, ...]:
    waiting, replies = str(stop.waiting or ""), str(stop.replies or "")
    mark = _MARKS[stop.mark]
    return stop.id, stop.street, stop.building, mark, waiting, replies, stop.note
