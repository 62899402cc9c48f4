"""`misto bundle`: files that couriers carry where there is no network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from misto.cli.options import Json, PinFile, Profile

if TYPE_CHECKING:
    from client.services.courier.courier import Courier
    from client.services.courier.types import Taken

app = typer.Typer(help="Files that couriers carry where there is no network.")
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Bundle files.")]


@app.command("export")
def export(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the bundle.")],
    profile: Profile,
    size_max: Annotated[
        int,
        typer.Option("--split", min=0, metavar="BYTES", help="Into files of at most so many."),
    ] = 0,
    public: Annotated[
        bool, typer.Option("--public/--no-public", help="With trust and news for everybody.")
    ] = True,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Write what waits here, what is carried for others, and news, for a courier to take along.

    Several files are named FILE-1, FILE-2 … JSON: files [{file, bytes}], own (changes of this
    device in it), requests, replies (of others).
    """
    from client.keys.vault import write_durably
    from client.services.courier.courier import Courier
    from misto.cli.bundle_shapes import print_export
    from misto.cli.output import print_json
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        courier = Courier(replica)
        bundles = courier.give(size_max, public=public)
        files = _names(target, len(bundles))
        for path, raw in zip(files, bundles, strict=True):
            write_durably(path, raw, 0o600)
        courier.given()
        state = courier.state()
    sizes = [len(raw) for raw in bundles]
    shape = {
        "files": [
            {"file": str(path), "bytes": size} for path, size in zip(files, sizes, strict=True)
        ],
        "own": state.own_waiting,
        "requests": state.requests,
        "replies": state.replies,
    }
    if as_json:
        print_json(shape)
    else:
        print_export(shape)


@app.command("import")
def import_(
    files: Files,
    profile: Profile,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Take bundle files: store what is others', apply what is for this device.

    JSON: files [{file, requests, replies, own_replies, settled, arrived, known, unknown, refused
    [{what, reason, count}], flaw}], state as `bundle state`.
    """
    from client.services.courier.courier import Courier
    from misto.cli.bundle_shapes import print_taken
    from misto.cli.output import print_json
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        courier = Courier(replica)
        taken = [(path, courier.take(_read(path), "file")) for path in files]
        state = _state(courier)
    shapes = [{"file": str(path)} | _taken(each) for path, each in taken]
    if as_json:
        print_json({"files": shapes, "state": state})
        return
    for shape in shapes:
        print_taken(shape)


@app.command("show")
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A bundle file.")],
    card: Annotated[Path, typer.Option("--card", metavar="FILE", help="The city's card.json.")],
    as_json: Json = False,
) -> None:
    """Say what is in a bundle file, without opening anything: as much as any carrier can see.

    JSON: city, bytes, flaw, unknown, requests [{id, sender, bytes, changes, urgency, oldest_ms,
    newest_ms, refused}], replies [{request, bytes, changes, time_ms, done, refused}], public
    [{bytes, trust, news, heads, time_ms, refused}].
    """
    from dataclasses import asdict

    from client.services.courier.looking import look
    from misto.cli.bundle_shapes import print_look
    from misto.cli.output import print_json
    from misto.cli.profile import read_card_file
    from shared_schema.crypto.card import read_card

    seen = asdict(look(_read(file), read_card(read_card_file(card))))
    if as_json:
        print_json(seen)
    else:
        print_look(seen)


@app.command("deliver")
def deliver(
    profile: Profile,
    server: Annotated[
        str | None,
        typer.Option("--server", metavar="URL", help="Else the first server of the city's card."),
    ] = None,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Post all that is carried for others to the city, and keep its answers to hand back.

    `misto exchange` posts what is due of it, after what is this device's own. JSON: posted,
    answered, done, state as `bundle state`.
    """
    from client.services.courier.courier import Courier
    from misto.cli.bundle_shapes import state_facts
    from misto.cli.output import count, print_facts, print_json
    from misto.cli.profile import open_profile
    from misto.cli.server import transport_to

    with open_profile(profile, pin_file) as replica:
        courier = Courier(replica)
        with transport_to(replica, server)[1] as transport:
            sent = courier.deliver(transport)
        state = _state(courier)
    if as_json:
        shape = {"posted": sent.posted, "answered": sent.answered, "done": sent.done}
        print_json(shape | {"state": state})
        return
    posted = f"{count(sent.posted, 'request')}, {sent.answered} answered, {sent.done} done now"
    print_facts([("posted", posted), *state_facts(state)])


@app.command("state")
def state(profile: Profile, pin_file: PinFile = None, as_json: Json = False) -> None:
    """Say what this device carries for others, and whether everything has been handed over.

    JSON: requests, bytes, budget_bytes, waiting, waiting_urgent, replies, oldest_ms, own_waiting,
    all_handed_over.
    """
    from client.services.courier.courier import Courier
    from misto.cli.bundle_shapes import state_facts
    from misto.cli.output import print_facts, print_json
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        shape = _state(Courier(replica))
    if as_json:
        print_json(shape)
    else:
        print_facts(state_facts(shape))


@app.command("clear")
def clear(
    profile: Profile,
    replies_too: Annotated[
        bool,
        typer.Option("--replies-too", help="Also replies that nobody has said were handed over."),
    ] = False,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Wipe what is carried and has the city's receipts, once its replies were handed over.

    What has no receipt is always kept. `misto rounds handed` says that a reply was handed over.
    JSON: requests, bytes, kept, kept_urgent, waiting (kept without a receipt), owed (people whose
    replies are kept), lost (people whose replies were wiped all the same).
    """
    from dataclasses import asdict

    from misto.cli.bundle_shapes import print_cleared
    from misto.cli.output import print_json
    from misto.cli.rounds import opened

    with opened(profile, pin_file) as (_, rounds):
        cleared = asdict(rounds.clear(replies_too=replies_too))
    if as_json:
        print_json(cleared)
    else:
        print_cleared(cleared)


def _names(target: Path, count: int) -> list[Path]:
    if count == 1:
        return [target]
    return [target.with_stem(f"{target.stem}-{number}") for number in range(1, count + 1)]


def _read(path: Path) -> bytes:
    """A file's bytes, and no more than the longest bundle has."""
    from shared_schema.limits import COURIER_BUNDLE_BYTES_MAX

    with path.open("rb") as file:
        return file.read(COURIER_BUNDLE_BYTES_MAX + 1)


def _taken(taken: Taken) -> dict[str, Any]:
    from dataclasses import asdict

    shape = asdict(taken)
    shape["refused"] = list(shape["refused"])
    return shape


def _state(courier: Courier) -> dict[str, Any]:
    from dataclasses import asdict

    found = courier.state()
    return asdict(found) | {"all_handed_over": found.all_handed_over}
