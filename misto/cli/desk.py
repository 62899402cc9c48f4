"""`misto desk`: the city's desk reads the queue, registers, answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from misto.cli import desk_audit, desk_open311, desk_report
from misto.cli.appeal import Text, TextFile
from misto.cli.options import Json, Limit, Offset, PinFile, Profile, Reference

if TYPE_CHECKING:
    from client.services.desk import Desk
    from client.services.types import AppealView

app = typer.Typer(help="The city's desk: read the queue, register, answer.")
Note = Annotated[str, typer.Option("--note", help="A note for the author.")]


@app.command("list")
def list_(
    profile: Profile,
    limit: Limit = 50,
    offset: Offset = 0,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """List the appeals in the queue, newest first. JSON: a list of objects as of `desk show`."""
    from client.services.desk import Desk
    from misto.cli.output import print_json, print_table
    from misto.cli.profile import open_profile
    from misto.cli.shapes import APPEAL_COLUMNS, appeal_json, appeal_row

    with open_profile(profile, pin_file) as replica:
        views = Desk(replica).queue(limit=limit, offset=offset)
    if as_json:
        print_json([appeal_json(view) for view in views])
    else:
        print_table(APPEAL_COLUMNS, map(appeal_row, views), "The queue is empty.")


@app.command("show")
def show(
    profile: Profile, record: Reference, pin_file: PinFile = None, as_json: Json = False
) -> None:
    """Open one appeal of the queue. JSON: as `appeal show`, without `receipt`."""
    from client.services.desk import Desk
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        _print(_find(Desk(replica), record), as_json)


@app.command("register")
def register(
    profile: Profile,
    record: Reference,
    number: Annotated[
        str | None, typer.Option("--number", help="The number in the journal.")
    ] = None,
    note: Note = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Enter an appeal in the journal. JSON: as `desk show`."""
    from client.services.desk import Desk
    from misto.cli.profile import open_profile
    from misto.cli.texts import number_of, short

    checked = None if number is None else number_of(number)
    note = short("the note", note)
    with open_profile(profile, pin_file) as replica:
        desk = Desk(replica)
        view = desk.register(_record(desk, record), number=checked, note=note)
    _print(view, as_json)


@app.command("status")
def status(
    profile: Profile,
    record: Reference,
    value: Annotated[
        str, typer.Argument(metavar="STATUS", help="in_progress, answered, returned or closed.")
    ],
    note: Note = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Say where the matter stands. JSON: as `desk show`."""
    from client.services.desk import Desk
    from misto.cli.profile import open_profile
    from misto.cli.texts import short, status_of

    checked = status_of(value)
    note = short("the note", note)
    with open_profile(profile, pin_file) as replica:
        desk = Desk(replica)
        view = desk.set_status(_record(desk, record), checked, note)
    _print(view, as_json)


@app.command("reply")
def reply(
    profile: Profile,
    record: Reference,
    text: Text = None,
    text_file: TextFile = None,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Answer the author. JSON: as `desk show`."""
    from client.services.desk import Desk
    from misto.cli.profile import open_profile
    from misto.cli.texts import text_of

    words = text_of(text, text_file)
    with open_profile(profile, pin_file) as replica:
        desk = Desk(replica)
        view = desk.reply(_record(desk, record), words)
    _print(view, as_json)


app.command("report")(desk_report.report)
app.command("journal")(desk_report.journal)
app.command("audit")(desk_audit.audit)
app.add_typer(desk_open311.app, name="open311")


def _find(desk: Desk, reference: str) -> AppealView:
    from misto.cli.find import find_appeal

    return find_appeal(_all(desk), reference)


def _record(desk: Desk, reference: str) -> str:
    return _find(desk, reference).record


def _all(desk: Desk) -> list[AppealView]:
    page = 500
    views: list[AppealView] = []
    while True:
        more = desk.queue(limit=page, offset=len(views))
        views += more
        if len(more) < page:
            return views


def _print(view: AppealView, as_json: bool) -> None:
    from misto.cli.output import print_facts, print_json
    from misto.cli.shapes import appeal_facts, appeal_json

    if as_json:
        print_json(appeal_json(view))
    else:
        print_facts(appeal_facts(view, None))
