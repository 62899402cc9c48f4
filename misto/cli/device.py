"""`misto device`: make a device's profile, show it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from misto.cli.options import Json, PinFile

if TYPE_CHECKING:
    from client.services.replica import Replica

app = typer.Typer(help="Make a device's profile, show it.")
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The device's folder.")]


@app.command("new")
def new(
    folder: Folder,
    card: Annotated[
        Path,
        typer.Option("--card", metavar="FILE", help="The city's card.json.", show_default=False),
    ],
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Make a device's keys and database; no network is needed.

    With a PIN (--pin-file or MISTO_PIN) the keys are kept under it. JSON: as `device show`.
    """
    from client.services.replica import Replica
    from misto.cli.profile import read_card_file, read_pin
    from misto.files import check_free

    check_free(folder)
    raw = read_card_file(card)
    with Replica.create(folder, raw, pin=read_pin(pin_file)) as replica:
        _print(replica, folder, as_json)


@app.command("show")
def show(folder: Folder, pin_file: PinFile = None, as_json: Json = False) -> None:
    """Say which device this is, of which city, and in which roles it may act.

    Public key and box key are what `misto city grant` needs to give this device a role.
    JSON: folder, device, public_key, box_key, city, city_name, servers, main_queue, roles
    [{role, scope}], waiting, refused.
    """
    from misto.cli.profile import open_profile

    with open_profile(folder, pin_file) as replica:
        _print(replica, folder, as_json)


def _print(replica: Replica, folder: Path, as_json: bool) -> None:
    from misto.cli.output import print_facts, print_json

    facts = _facts(replica, folder)
    if as_json:
        print_json(facts)
        return
    roles = ", ".join(f"{each['role']} in {each['scope']}" for each in facts["roles"])
    print_facts(
        [
            ("device", facts["device"]),
            ("public key", facts["public_key"]),
            ("box key", facts["box_key"]),
            ("city", f"{facts['city_name']} ({facts['city']})"),
            ("servers", "\n".join(facts["servers"])),
            ("roles", roles or "resident"),
            ("outbox", f"{facts['waiting']} waiting, {facts['refused']} refused"),
        ]
    )


def _facts(replica: Replica, folder: Path) -> dict[str, Any]:
    from client.storage import outbox
    from client.storage.log import State
    from shared_schema.crypto.sealing import box_public_key

    card = replica.card
    with replica.store.holding() as connection:
        waiting, refused = (
            outbox.count(connection, state) for state in (State.PENDING, State.REFUSED)
        )
    return {
        "folder": str(folder),
        "device": replica.device.hex(),
        "public_key": replica.signer.public_key.hex(),
        "box_key": box_public_key(replica.secrets.thread_secret).hex(),
        "city": card.city.hex(),
        "city_name": card.facts.name,
        "servers": list(card.facts.servers),
        "main_queue": card.main_queue,
        "roles": [{"role": role, "scope": scope} for role, scope in sorted(replica.roles())],
        "waiting": waiting,
        "refused": refused,
    }
