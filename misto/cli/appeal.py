"""`misto appeal`: file an appeal, read one's own, add to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from misto.cli.options import (
    Address,
    AppealKind,
    Category,
    Contact,
    District,
    Json,
    Lane,
    Limit,
    PinFile,
    Profile,
    Reference,
)

if TYPE_CHECKING:
    from client.services.appeals import Appeals
    from client.services.types import AppealView

app = typer.Typer(help="File an appeal, read one's own, add to them.")

Text = Annotated[
    str | None, typer.Option("--text", help="The text itself.", show_default=False)
]  # fmt: skip
TextFile = Annotated[
    Path | None,
    typer.Option(
        "--text-file", metavar="FILE", help="The text in a UTF-8 file; - is standard input."
    ),
]
Title = Annotated[str, typer.Option("--title", help="What it is about.", show_default=False)]


@app.command("new")
def new(
    profile: Profile,
    title: Title,
    text_file: TextFile = None,
    text: Text = None,
    lane: Lane = "appeal",
    kind: AppealKind = "",
    category: Category = "other",
    address: Address = "",
    district: District = "",
    name: Annotated[str, typer.Option(help="Who writes.")] = "",
    contact: Contact = "",
    residence: Annotated[
        str, typer.Option(help="Where they live; the law asks it of an identified appeal.")
    ] = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Seal an appeal to the city's desk and save it on this device; no network is needed.

    JSON: as `appeal show`.
    """
    from misto.cli.draft import draft_of
    from misto.cli.own import every_appeal
    from misto.cli.profile import open_profile
    from misto.cli.texts import text_of, title_of

    fields = {
        "lane": lane, "kind": kind, "category": category, "address": address,
        "district": district, "name": name, "contact": contact, "residence": residence,
    }  # fmt: skip
    opened = draft_of(title_of(title), text_of(text, text_file), fields)
    with open_profile(profile, pin_file) as replica:
        appeals = every_appeal(replica)
        _print(appeals, appeals.file(opened), as_json, "saved on this device")


@app.command("list")
def list_(
    profile: Profile, limit: Limit = 50, pin_file: PinFile = None, as_json: Json = False
) -> None:
    """List one's own appeals, newest first, with their true state.

    JSON: a list of objects as of `appeal show`, without `receipt`.
    """
    from misto.cli.output import print_json, print_table
    from misto.cli.own import every_appeal
    from misto.cli.profile import open_profile
    from misto.cli.shapes import APPEAL_COLUMNS, appeal_json, appeal_row

    with open_profile(profile, pin_file) as replica:
        views = every_appeal(replica).list()[:limit]
    if as_json:
        print_json([appeal_json(view) for view in views])
    else:
        print_table(APPEAL_COLUMNS, map(appeal_row, views), "No appeals on this device yet.")


@app.command("show")
def show(
    profile: Profile, record: Reference, pin_file: PinFile = None, as_json: Json = False
) -> None:
    """Show one appeal: its words, its state, its receipt, the desk's replies.

    JSON: record, title, text, lane, kind, category, address, district, name, contact, residence,
    place, position (null or {lat, lon, within_m}), state, reason, receipt_number, received_at_ms,
    created_at_ms, number, status, withdrawn, pending, mine, stars (0 without a rating),
    rating_note, history [{at_ms, status, note}], said [{at_ms, by_desk, text, pending}],
    receipt (null while waiting) {change, scope, device, seq, request, statement, context,
    signature, status, reason, version, received_at_ms, verified}.
    """
    from misto.cli.own import every_appeal
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        appeals = every_appeal(replica)
        _print(appeals, _find(appeals, record), as_json)


@app.command("amend")
def amend(
    profile: Profile,
    record: Reference,
    title: Annotated[str | None, typer.Option("--title", help="A new title.")] = None,
    text: Text = None,
    text_file: TextFile = None,
    address: Annotated[str, typer.Option(help="A new address.")] = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Reword an appeal; counts until the desk has registered it. JSON: as `appeal show`."""
    from misto.cli.own import every_appeal
    from misto.cli.profile import open_profile
    from misto.cli.texts import short, text_of, title_of
    from shared_schema.records.appeal import Amended

    with open_profile(profile, pin_file) as replica:
        appeals = every_appeal(replica)
        view = _find(appeals, record)
        wording = Amended(
            view.title if title is None else title_of(title),
            view.text if text is None and text_file is None else text_of(text, text_file),
            view.category,
            short("the address", address) or view.address,
        )
        view = appeals.amend(view.record, wording)
        _print(appeals, view, as_json, "saved on this device")


@app.command("withdraw")
def withdraw(
    profile: Profile,
    record: Reference,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Take an appeal back. JSON: as `appeal show`."""
    from misto.cli.own import every_appeal
    from misto.cli.profile import open_profile
    from misto.cli.texts import short

    with open_profile(profile, pin_file) as replica:
        appeals = every_appeal(replica)
        view = _find(appeals, record)
        view = appeals.withdraw(view.record, short("the note", note))
        _print(appeals, view, as_json, "saved on this device")


@app.command("comment")
def comment(
    profile: Profile,
    record: Reference,
    text: Text = None,
    text_file: TextFile = None,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Add to an appeal. JSON: as `appeal show`."""
    from misto.cli.own import every_appeal
    from misto.cli.profile import open_profile
    from misto.cli.texts import text_of

    words = text_of(text, text_file)
    with open_profile(profile, pin_file) as replica:
        appeals = every_appeal(replica)
        view = _find(appeals, record)
        view = appeals.comment(view.record, words)
        _print(appeals, view, as_json, "saved on this device")


@app.command("rate")
def rate(
    profile: Profile,
    record: Reference,
    stars: Annotated[int, typer.Option(min=1, max=5, help="1 is bad.", show_default=False)],
    note: Annotated[str, typer.Option(help="Why.")] = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Say what the city's answer was worth; the last rating counts. JSON: as `appeal show`."""
    from misto.cli.own import every_appeal
    from misto.cli.profile import open_profile
    from misto.cli.texts import short

    note = short("--note", note)
    with open_profile(profile, pin_file) as replica:
        appeals = every_appeal(replica)
        view = appeals.rate(_find(appeals, record).record, stars, note)
        _print(appeals, view, as_json, "saved on this device")


@app.command("refused")
def refused(profile: Profile, pin_file: PinFile = None, as_json: Json = False) -> None:
    """List what the city refused, with its text, so that it can be said again in another way.

    JSON: [{record, kind, reason, text}].
    """
    from misto.cli.output import print_refusals
    from misto.cli.own import every_appeal
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        refusals = every_appeal(replica).refusals()
    print_refusals(refusals, as_json)


def _find(appeals: Appeals, reference: str) -> AppealView:
    from misto.cli.find import find_appeal

    return find_appeal(appeals.list(), reference)


def _print(appeals: Appeals, view: AppealView, as_json: bool, note: str = "") -> None:
    from misto.cli.output import print_facts, print_json
    from misto.cli.receipt import receipt_json
    from misto.cli.shapes import appeal_facts, appeal_json

    receipt = receipt_json(appeals.receipt(view.record))
    if as_json:
        print_json({**appeal_json(view), "receipt": receipt})
        return
    if note:
        print(f"{note}: {view.record}\n")
    print_facts(appeal_facts(view, receipt))
