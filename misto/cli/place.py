"""`misto place`: the directory of shelters, water, warmth, charging, pharmacies, aid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from misto.cli.options import GuideReference, HoursValid, Json, Limit, PinFile, Profile

if TYPE_CHECKING:
    from client.services.guide_types import Origin, PlaceView
    from client.services.replica import Replica

app = typer.Typer(help="Shelters, water, warmth, aid: find them, keep the directory.")

Sort = Annotated[
    str,
    typer.Option(
        help="shelter, resilience, water, heat, charging, pharmacy, medical, aid or other."
    ),
]
At = Annotated[
    str | None, typer.Option("--at", metavar="LAT,LON", help="Degrees, as 46.7012,32.5034.")
]
By = Annotated[str, typer.Option(help="Who looked.")]
Note = Annotated[str, typer.Option(help="What a visitor should know.")]


@app.command("list")
def list_(
    profile: Profile,
    sort: Sort = "",
    district: Annotated[str, typer.Option(help="Only this district's.")] = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """List the places on this device by name, also those that only offer the sort besides.

    JSON: a list of objects as of `place show`.
    """
    from client.services.guide import Guide
    from misto.cli.entry import sort_of
    from misto.cli.output import print_json, print_table
    from misto.cli.place_shapes import PLACE_COLUMNS, place_json, place_row
    from misto.cli.profile import open_profile

    wanted = sort_of("--sort", sort) if sort else ""
    with open_profile(profile, pin_file) as replica:
        views = [each for each in Guide(replica).places() if not wanted or wanted in each.serves]
    views = [each for each in views if not district or each.district == district]
    if as_json:
        print_json([place_json(view) for view in views])
    else:
        print_table(PLACE_COLUMNS, map(place_row, views), "No such places on this device.")


@app.command("near")
def near(
    profile: Profile,
    address: Annotated[str, typer.Option(help="A street, as people write it.")] = "",
    district: Annotated[str, typer.Option(help="Where the address is not found.")] = "",
    at: At = None,
    sort: Sort = "",
    limit: Limit = 3,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """List the nearest places, without a map and a network; what is closed comes last.

    JSON: origin {how (street, district or device), name, lat, lon}, places: a list of objects as
    of `place show` with distance_m and direction.
    """
    from client.services.guide import Guide
    from client.services.nearby import nearest
    from misto.cli.entry import sort_of
    from misto.cli.moments import city_zone, local
    from misto.cli.output import print_json, print_table
    from misto.cli.place_shapes import NEAR_COLUMNS, near_json, near_row, origin_json, origin_line
    from misto.cli.profile import open_profile
    from misto.cli.shapes import now_ms

    wanted = sort_of("--sort", sort) if sort else ""
    with open_profile(profile, pin_file) as replica:
        places = Guide(replica).places()
    origin = _origin(places, address, district, at)
    moment = local(now_ms(), city_zone())
    found = nearest(places, wanted, origin, district, moment)[:limit]
    if as_json:
        print_json({"origin": origin_json(origin), "places": [near_json(each) for each in found]})
        return
    print(origin_line(origin))
    print_table(NEAR_COLUMNS, map(near_row, found), "No such places on this device.")


@app.command("show")
def show(
    profile: Profile, record: GuideReference, pin_file: PinFile = None, as_json: Json = False
) -> None:
    """Show one place.

    JSON: record, name, sort, offers, address, district, lat, lon, hours, open_now (null when the
    hours are not understood), note, phone, condition (open, closed or empty), condition_note,
    confirmed_at_ms, confirmed_by, expires_at_ms, stale, pending.
    """
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        view = _find(replica, record)
    _print(view, as_json)


@app.command("add")
def add(
    profile: Profile,
    name: Annotated[str, typer.Option(help="Its name.", show_default=False)],
    sort: Sort,
    address: Annotated[str, typer.Option(help="Street and house.")] = "",
    district: Annotated[str, typer.Option(help="The city's district.")] = "",
    at: At = None,
    hours: Annotated[str, typer.Option(help="As OpenStreetMap has them: Mo-Fr 08:00-18:00.")] = "",
    note: Note = "",
    phone: Annotated[str, typer.Option(help="A number to call.")] = "",
    offer: Annotated[
        list[str] | None, typer.Option(metavar="SORT", help="It serves as this too; repeatable.")
    ] = None,
    by: By = "",
    hours_valid: HoursValid = 0,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Sign a place as the city's newsroom and save it. JSON: as `place show`."""
    from client.services.guide import GuideDesk
    from misto.cli.entry import Stand, listed_of
    from misto.cli.profile import open_profile

    fields = {
        "address": address, "district": district, "hours": hours, "note": note, "phone": phone,
        "by": by,
    }  # fmt: skip
    listed = listed_of(Stand(name, sort, offer or (), at, hours_valid), fields)
    with open_profile(profile, pin_file) as replica:
        record = GuideDesk(replica).list_place(listed)
        view = _find(replica, record)
    _print(view, as_json, "saved on this device")


@app.command("confirm")
def confirm(
    profile: Profile,
    record: GuideReference,
    condition: Annotated[
        str, typer.Option(help="open, closed or empty (it has run out).", show_default=False)
    ],
    by: By = "",
    note: Note = "",
    hours_valid: HoursValid = 0,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Say that somebody looked, and what they found. JSON: as `place show`."""
    from client.services.guide import GuideDesk
    from misto.cli.entry import confirmed_of
    from misto.cli.profile import open_profile

    confirmed = confirmed_of(condition, by, note, hours_valid)
    with open_profile(profile, pin_file) as replica:
        found = _find(replica, record).record
        GuideDesk(replica).confirm(found, confirmed)
        view = _find(replica, found)
    _print(view, as_json, "saved on this device")


@app.command("remove")
def remove(
    profile: Profile,
    record: GuideReference,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Take a place out of the directory. JSON: record, removed, note."""
    from client.services.guide import GuideDesk
    from misto.cli.output import print_json
    from misto.cli.profile import open_profile
    from misto.cli.texts import short

    note = short("--note", note)
    with open_profile(profile, pin_file) as replica:
        view = _find(replica, record)
        GuideDesk(replica).remove(view.record, note)
    if as_json:
        print_json({"record": view.record, "removed": True, "note": note})
    else:
        print(f"saved on this device: {view.name} is removed")


def _find(replica: Replica, reference: str) -> PlaceView:
    from client.services.guide import Guide
    from misto.cli.find import find_record

    return find_record(Guide(replica).places(), reference)


def _origin(places: Sequence[PlaceView], address: str, district: str, at: str | None) -> Origin:
    """Where to count from: `--at`, else what the directory tells of the address or the district."""
    from client.services.guide_types import Origin
    from client.services.nearby import locate
    from misto.cli.entry import position_of
    from misto.cli.errors import Problem

    if at is not None:
        return Origin(position_of(at), "device", at)
    if not (address.strip() or district.strip()):
        raise Problem("say where you are, with --address, --district or --at")
    origin = locate(places, address, district.strip())
    if origin is None:
        where = address.strip() or district.strip()
        raise Problem(f"no place of the directory is at {where}; try --district, or --at LAT,LON")
    return origin


def _print(view: PlaceView, as_json: bool, saved: str = "") -> None:
    from misto.cli.output import print_facts, print_json
    from misto.cli.place_shapes import place_facts, place_json

    if as_json:
        print_json(place_json(view))
        return
    if saved:
        print(f"{saved}: {view.record}\n")
    print_facts(place_facts(view))
