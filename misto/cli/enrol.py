"""`misto city grant`, `revoke` and `rotate`: who may act for the city, and what opens its queues.

They work on the profile that signs with the enrolment key, and need no network: an ordinary
exchange of that profile carries what they said.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from misto.cli.options import Json, PinFile, Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from client.services.enrolment import Rotation
    from client.services.replica import Replica
    from shared_schema.records.trust import Role

RoleName = Annotated[str, typer.Option("--role", help="desk or newsroom.")]
Queue = Annotated[
    str, typer.Option("--queue", metavar="NAME", help="The desk's queue; the main one if left out.")
]
DeskPin = Annotated[
    Path | None,
    typer.Option("--desk-pin-file", metavar="FILE", help="A file with that desk's PIN."),
]


def grant(
    profile: Profile,
    public_key: Annotated[
        str, typer.Argument(metavar="PUBLIC_KEY", help="As `misto device show` tells it there.")
    ],
    box: Annotated[str, typer.Option("--box", metavar="BOX_KEY", help="The same way.")] = "",
    role: RoleName = "desk",
    queue: Queue = "",
    label: Annotated[str, typer.Option("--label", help="How the device is called.")] = "",
    share_from: Annotated[
        Path | None,
        typer.Option(
            "--share-from", metavar="DIR", help="A desk of the queue: hand on what it can open."
        ),
    ] = None,
    pin_file: PinFile = None,
    desk_pin_file: DeskPin = None,
    as_json: Json = False,
) -> None:
    """Give a device a role. Without --share-from a desk opens only what a later rotation brings.

    JSON: device, role, scope, label, keys (numbers of the queue's keys that were handed to it).
    """
    from client.services.enrolment import Enrolment
    from misto.cli.profile import open_profile
    from misto.cli.texts import short
    from shared_schema.ids import device_id

    key, box_key = _hex("the public key", public_key), _hex("--box", box)
    with open_profile(profile, pin_file) as replica, _desk(share_from, desk_pin_file) as desk:
        enrolment = Enrolment(replica)
        known, name, scope = _place(replica, role, queue)
        device = device_id(key)
        with enrolment.together():
            enrolment.grant(key, box_key, known, scope, short("--label", label))
            keys = enrolment.share(name, desk, device) if desk is not None else ()
    facts = {
        "device": device.hex(), "role": role, "scope": scope, "label": label, "keys": list(keys),
    }  # fmt: skip
    _say(facts, profile, as_json)


def revoke(
    profile: Profile,
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="The device's id.")],
    role: RoleName = "desk",
    queue: Queue = "",
    seen_by: Annotated[
        Path | None,
        typer.Option(
            "--seen-by", metavar="DIR", help="A desk of the queue: what it has seen still counts."
        ),
    ] = None,
    last_seq: Annotated[
        int | None,
        typer.Option("--last-seq", min=0, help="The last change of the device that counts."),
    ] = None,
    pin_file: PinFile = None,
    desk_pin_file: DeskPin = None,
    as_json: Json = False,
) -> None:
    """End a device's role, for good; a desk's queue gets a new key that the device has not.

    JSON: device, role, scope, last_seq, rotation {queue, number, officers, left_out} or null.
    """
    from client.services.enrolment import Enrolment
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica, _desk(seen_by, desk_pin_file) as desk:
        known, _, scope = _place(replica, role, queue)
        raw = _hex("the device's id", device)
        done = Enrolment(replica).revoke(raw, known, scope, seen_by=desk, last_seq=last_seq)
    rotation = None if done.rotation is None else _rotation(done.rotation)
    facts = {
        "device": device, "role": role, "scope": scope, "last_seq": done.last_seq,
        "rotation": rotation,
    }  # fmt: skip
    _say(facts, profile, as_json)


def rotate(
    profile: Profile, queue: Queue = "", pin_file: PinFile = None, as_json: Json = False
) -> None:
    """Give a queue a new key. JSON: queue, number, officers, left_out (they have no box key)."""
    from client.services.enrolment import Enrolment
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        name = queue or replica.card.main_queue
        done = Enrolment(replica).rotate(name)
    _say(_rotation(done), profile, as_json)


def _place(replica: Replica, role: str, queue: str) -> tuple[Role, str, str]:
    """The role, the queue's name and the scope that are meant."""
    from misto.cli.errors import Problem
    from shared_schema.ids import NEWS, queue_scope
    from shared_schema.records.trust import ROLES

    name = queue or replica.card.main_queue
    for known in ROLES:
        if role == known:
            return known, name, queue_scope(name) if known == "desk" else NEWS
    raise Problem(f"--role is one of {', '.join(ROLES)}; not {role!r}")


@contextmanager
def _desk(folder: Path | None, pin_file: Path | None) -> Iterator[Replica | None]:
    """The desk's profile beside the enrolment's, when one is named."""
    from misto.cli.profile import open_profile

    if folder is None:
        yield None
        return
    with open_profile(folder, pin_file) as desk:
        yield desk


def _hex(name: str, text: str) -> bytes:
    from misto.cli.errors import Problem

    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise Problem(f"{name} is in hex digits; not {text!r}") from error


def _rotation(done: Rotation) -> dict[str, Any]:
    return {
        "queue": done.queue,
        "number": done.number,
        "officers": [device.hex() for device in done.officers],
        "left_out": [device.hex() for device in done.left_out],
    }


def _say(facts: dict[str, Any], profile: Path, as_json: bool) -> None:
    from misto.cli.output import print_facts, print_json

    if as_json:
        print_json(facts)
        return
    rotation = facts.pop("rotation", None)
    if facts.get("role") == "desk" and "last_seq" in facts and rotation is None:
        facts["new key"] = "none: nobody is left to hand it to; grant a desk, then rotate"
    lines = {**facts, **{f"new key {name}": each for name, each in (rotation or {}).items()}}
    told = [(name.replace("_", " "), _words(value)) for name, value in lines.items()]
    print_facts([*told, ("next", f"misto exchange --profile {profile}")])


def _words(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
