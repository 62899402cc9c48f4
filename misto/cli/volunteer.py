"""`misto volunteer`: a desk invites and revokes, a device joins; no network is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from misto.cli.options import Json, PinFile, Profile

if TYPE_CHECKING:
    from client.services.replica import Replica
    from client.services.volunteers import InvitedView, Membership, Volunteers

app = typer.Typer(help="Volunteers of a district: invite, join, list, revoke.")
COLUMNS = ("invitation", "state", "district", "until", "device", "name")
_STATES = {
    "in_force": "volunteer, confirmed by the city",
    "provisional": "volunteer; the city has not confirmed it yet",
    "unheard": "joined; the invitation has not reached this device yet",
    "past": "was a volunteer; the date is past",
    "dismissed": "no volunteer any more: the desk has ended it",
    "taken": "no volunteer: another device has used this invitation",
    "refused": "no volunteer: the city has refused it",
}


@app.command("invite")
def invite(
    profile: Profile,
    district: Annotated[str, typer.Option("--district", help="Where the volunteer goes.")],
    days: Annotated[int, typer.Option("--days", min=1, help="For so many days.")] = 30,
    queue: Annotated[str, typer.Option("--queue", help="The desk's queue, else its first.")] = "",
    name: Annotated[
        str, typer.Option("--name", help="Whom you mean: for this device's own list alone.")
    ] = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Make an invitation: one device becomes a volunteer by it. It is shown now and never again.

    JSON: id, scope, district, until_ms, words, code (the text of the QR code).
    """
    from misto.cli.output import print_facts, print_json, when
    from misto.cli.profile import open_profile
    from misto.cli.texts import short
    from shared_schema.ids import queue_scope
    from shared_schema.records.kinds import BY_NAME, decode_payload

    _check_days(days)
    with open_profile(profile, pin_file) as replica:
        volunteers = _volunteers(replica)
        scope = queue_scope(queue) if queue else next(iter(volunteers.queues()), "")
        until_ms = replica.clock() + days * 86_400_000
        code = volunteers.invite(
            scope, short("--district", district), until_ms, short("--name", name)
        )
    assert code.enclosed is not None
    invited = decode_payload(BY_NAME["trust.invited"], code.enclosed.change.body)
    words = " ".join(code.words)
    if as_json:
        facts = {"scope": scope, "district": invited.district, "until_ms": until_ms}
        print_json({"id": code.signer().device.hex(), **facts, "words": words, "code": code.text})
        return
    told = [("district", invited.district), ("until", when(until_ms)), ("words", words)]
    print_facts([*told, ("QR code", code.text), ("next", "misto volunteer join, on that device")])


@app.command("join")
def join(
    profile: Profile,
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="The nine words, or the QR code's text.")
    ] = None,
    code_file: Annotated[
        Path | None, typer.Option("--code-file", metavar="FILE", help="A file with it; - is input.")
    ] = None,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Become a volunteer by an invitation. Without CODE, say as what this device is one.

    JSON: state (in_force, provisional, unheard, past, dismissed, taken, refused), district,
    until_ms, scope; null when it has never joined.
    """
    from misto.cli.profile import open_profile
    from misto.cli.texts import text_of

    text = text_of(code, code_file) if code or code_file else ""
    with open_profile(profile, pin_file) as replica:
        volunteers = _volunteers(replica)
        if text:
            volunteers.join(text)
        membership = volunteers.membership()
    _print_membership(membership, as_json)


@app.command("list")
def list_(profile: Profile, pin_file: PinFile = None, as_json: Json = False) -> None:
    """List the invitations of this desk's queues, and who has joined by them.

    JSON: [{id, scope, district, until_ms, state (open, joined, past, dismissed), device, name,
    confirmed}].
    """
    from dataclasses import asdict

    from misto.cli.output import print_json, print_table
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        views = _volunteers(replica).invited()
    if as_json:
        print_json([asdict(view) for view in views])
    else:
        print_table(COLUMNS, map(_row, views), "Nobody has been invited.")


@app.command("revoke")
def revoke(
    profile: Profile,
    reference: Annotated[
        str, typer.Argument(metavar="ID", help="The invitation's or the device's id, or its start.")
    ],
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """End an invitation and whoever has joined by it, for good. JSON: as one of `list`."""
    from dataclasses import asdict

    from misto.cli.output import print_facts, print_json
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        view = _volunteers(replica).dismiss(reference.lower())
    if as_json:
        print_json(asdict(view))
    else:
        told = list(zip(COLUMNS, _row(view), strict=True))
        print_facts([*told, ("next", f"misto exchange --profile {profile}")])


def _volunteers(replica: Replica) -> Volunteers:
    from client.services.notes import Notes
    from client.services.volunteers import Volunteers

    return Volunteers(replica, Notes(replica))


def _check_days(days: int) -> None:
    from misto.cli.errors import Problem
    from shared_schema.limits import INVITE_DAYS_MAX

    if days > INVITE_DAYS_MAX:
        raise Problem(f"--days is at most {INVITE_DAYS_MAX}; not {days}")


def _print_membership(membership: Membership | None, as_json: bool) -> None:
    from dataclasses import asdict

    from misto.cli.output import print_facts, print_json, when

    if as_json:
        print_json(asdict(membership) if membership else None)
        return
    if membership is None:
        print("This device has not joined.")
        return
    facts: list[tuple[str, Any]] = [("state", _STATES[membership.state])]
    print_facts([*facts, ("district", membership.district), ("until", when(membership.until_ms))])


def _row(view: InvitedView) -> tuple[str, ...]:
    from misto.cli.output import when
    from misto.cli.shapes import SHORT_ID_CHARS

    state: str = view.state
    if state == "joined" and not view.confirmed:
        state = "joined, not confirmed by the city"
    until, device = when(view.until_ms), view.device[:SHORT_ID_CHARS]
    return view.id[:SHORT_ID_CHARS], state, view.district, until, device, view.name
