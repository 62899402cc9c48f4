"""`misto collect` and `misto claim`: appeals for people without a phone, and their slips."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from misto.cli.appeal import Text, TextFile
from misto.cli.options import (
    Address,
    AppealKind,
    Category,
    Contact,
    District,
    Json,
    Lane,
    PinFile,
    Profile,
)

if TYPE_CHECKING:
    from client.services.doorstep.claim import Claimed
    from client.services.doorstep.collect import Collected
    from client.services.replica import Replica
    from client.services.types import AppealView
    from shared_schema.crypto.slip import Slip


def collect(
    profile: Profile,
    title: Annotated[
        str | None, typer.Option("--title", help="What it is about.", show_default=False)
    ] = None,
    text_file: TextFile = None,
    text: Text = None,
    lane: Lane = "appeal",
    kind: AppealKind = "",
    category: Category = "other",
    address: Address = "",
    district: District = "",
    name: Annotated[str, typer.Option(help="Whose appeal it is.")] = "",
    contact: Contact = "",
    residence: Annotated[str, typer.Option(help="Where they live.")] = "",
    qr: Annotated[
        Path | None,
        typer.Option(
            "--qr",
            metavar="FILE",
            help="Write the slip's QR code there, as PNG or SVG; as HTML, a page to print.",
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option("--again", help="Take nothing: print a slip that nobody has got yet."),
    ] = False,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Take an appeal for somebody without a phone, and give them the slip that opens it.

    It is sealed to the city's desk and carried on this device like others' appeals. Once the slip's
    words are printed they are kept nowhere: this device cannot open the appeal without them.

    JSON: record, words [nine], qr (the text of the code).
    """
    from client.services.courier.courier import Courier
    from client.services.doorstep.carrying import Carrying
    from client.services.doorstep.collect import Collecting
    from misto.cli.draft import draft_of
    from misto.cli.profile import open_profile
    from misto.cli.texts import text_of

    fields = {
        "lane": lane, "kind": kind, "category": category, "address": address,
        "district": district, "name": name, "contact": contact, "residence": residence,
    }  # fmt: skip
    opened = None if again else draft_of(_titled(title), text_of(text, text_file), fields)
    draw = _painter(qr)
    with open_profile(profile, pin_file) as replica:
        collecting = Collecting(replica, Carrying(Courier(replica)))
        taken = collecting.take(opened) if opened else _first(collecting.unhanded())
        _print_slip(taken, as_json)
        draw(taken.slip, replica.card.facts.name)
        collecting.handed(taken)  # only now: what could not be printed is printed --again


def claim(
    profile: Profile,
    slip: Annotated[
        str | None,
        typer.Option("--slip", help="The slip's words, or its code's text.", show_default=False),
    ] = None,
    slip_file: Annotated[
        Path | None,
        typer.Option(
            "--slip-file", metavar="FILE", help="The same in a file; - is standard input."
        ),
    ] = None,
    look: Annotated[bool, typer.Option("--look", help="Ask the city what there is.")] = False,
    server: Annotated[
        str | None,
        typer.Option("--server", metavar="URL", help="Else the first server of the city's card."),
    ] = None,
    comment: Annotated[
        str | None, typer.Option("--comment", help="Add this to the appeal.", show_default=False)
    ] = None,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Keep it among this device's own appeals.")
    ] = False,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Open the appeal that a slip belongs to, from what is carried here; nothing of it is kept.

    JSON: found, adopted, appeals [as `appeal show`], newest first.
    """
    from client.services.courier.courier import Courier
    from client.services.doorstep.adopted import Adopted
    from client.services.doorstep.carrying import Carrying
    from client.services.doorstep.claim import Claims
    from client.services.notes import Notes
    from misto.cli.profile import open_profile
    from misto.cli.texts import text_of

    words = text_of(slip, slip_file)
    said = None if comment is None else text_of(comment, None)
    with open_profile(profile, pin_file) as replica:
        adopted = Adopted(replica, Notes(replica))
        with Claims(replica, Carrying(Courier(replica)), adopted).open(words) as claimed:
            if look:
                _look(replica, claimed, server)
            views = claimed.views()
            if said is not None:
                claimed.comment(_only(views), said)
                views = claimed.views()
            if adopt:
                _only(views)
                claimed.adopt()
            _print_claimed(claimed, views, as_json)


def _titled(title: str | None) -> str:
    from misto.cli.errors import Problem
    from misto.cli.texts import title_of

    if title is None:
        raise Problem("--title is missing: what is it about?")
    return title_of(title)


def _first(waiting: list[Collected]) -> Collected:
    from misto.cli.errors import Problem

    if not waiting:
        raise Problem("every slip that was taken here has been handed over")
    return waiting[0]


def _look(replica: Replica, claimed: Claimed, server: str | None) -> None:
    from misto.cli.server import transport_to

    _, transport = transport_to(replica, server)
    with transport:
        claimed.look(transport)


def _only(views: list[AppealView]) -> str:
    from misto.cli.errors import Problem

    if not views:
        raise Problem("nothing of this slip is on this device yet; --look asks the city")
    return views[0].record


def _painter(path: Path | None) -> Callable[[Slip, str], None]:
    """What writes the slip to a file; refused before anything is taken, not after."""
    from misto.cli.errors import Problem

    if path is None:
        return lambda slip, city: None
    if path.suffix.lower() not in (".png", ".svg", ".html"):
        raise Problem(f"{path}: the code is written as .png or .svg, the page as .html")
    if path.exists():
        raise Problem(f"{path} is there already")

    def draw(slip: Slip, city: str) -> None:
        from client.i18n import DEFAULT, words
        from client.services import qr
        from client.services.doorstep.page import page_of

        if path.suffix.lower() == ".html":
            path.write_bytes(page_of(slip, city, words(DEFAULT)))
        else:
            kind: Literal["png", "svg"] = "svg" if path.suffix.lower() == ".svg" else "png"
            path.write_bytes(qr.drawn(slip.qr, kind))

    return draw


def _print_slip(taken: Collected, as_json: bool) -> None:
    from misto.cli.output import print_json

    words, code = taken.slip.words, taken.slip.qr
    if as_json:
        print_json({"record": taken.record, "words": list(words), "qr": code})
        return
    print("sealed to the city's desk; this slip alone opens it again:\n")
    for start in range(0, len(words), 3):
        row = (f"{at + 1}. {words[at]:<10}" for at in range(start, start + 3))
        print("  " + "  ".join(row).rstrip())
    print(f"\n  {code}\n\nWrite it down now: these words are kept nowhere.")
    sys.stdout.flush()


def _print_claimed(claimed: Claimed, views: list[AppealView], as_json: bool) -> None:
    from misto.cli.output import print_facts, print_json
    from misto.cli.receipt import receipt_json
    from misto.cli.shapes import appeal_facts, appeal_json

    told = [(view, receipt_json(claimed.receipt(view.record))) for view in views]
    if as_json:
        shown = [{**appeal_json(view), "receipt": receipt} for view, receipt in told]
        print_json({"found": claimed.found, "adopted": claimed.adopted, "appeals": shown})
        return
    if not views:
        print("Nothing of this slip is on this device yet; --look asks the city.")
    for view, receipt in told:
        print_facts(appeal_facts(view, receipt))
