"""`misto outage`: when there is power, water, heating and gas, and when there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from misto.cli.options import GuideReference, HoursValid, Json, PinFile, Profile

if TYPE_CHECKING:
    from client.services.guide import Guide
    from client.services.guide_types import AnnouncementView, ScheduleView

app = typer.Typer(help="Outages: one's own strip of hours, schedules, announcements.")

Utility = Annotated[str, typer.Option(help="power, water, heat or gas.")]


@app.command("list")
def list_(
    profile: Profile,
    utility: Annotated[str, typer.Option(help="Only power, water, heat or gas.")] = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """List the weekly schedules and the exceptions that are not over.

    JSON: schedules [{record, utility, queue, district, streets, week (seven days of 48 half hours:
    + on, - off, ? perhaps off), note, changed_at_ms, expires_at_ms, expired, pending}],
    announcements [{record, utility, title, from_ms, until_ms, queues, district, off,
    changed_at_ms, pending}].
    """
    from client.services.guide import Guide
    from misto.cli.outage_entry import utility_of
    from misto.cli.profile import open_profile
    from misto.cli.shapes import now_ms

    wanted = utility_of(utility) if utility else ""
    with open_profile(profile, pin_file) as replica:
        guide = Guide(replica)
        schedules = [each for each in guide.schedules() if wanted in ("", each.utility)]
        announced = [each for each in guide.announcements() if each.announced.until_ms > now_ms()]
    announced = [each for each in announced if wanted in ("", each.announced.utility)]
    _print_lists(schedules, announced, as_json)


@app.command("strip")
def strip(
    profile: Profile,
    utility: Utility = "power",
    queue: Annotated[str, typer.Option(help="One's queue, such as 3.1.")] = "",
    address: Annotated[str, typer.Option(help="Else the street and house to find it by.")] = "",
    district: Annotated[
        str, typer.Option(help="Whose exceptions count too; alone, only these are shown.")
    ] = "",
    hours: Annotated[int, typer.Option(min=1, max=24 * 14, help="So far from now.")] = 24,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Show the hours to come: on, off, perhaps off, or not known, by the city's clock.

    JSON: utility, queue, zone, expires_at_ms, stretches [{from_ms, until_ms, supply (on, off,
    maybe or unknown), exception}].
    """
    from client.services.guide import Guide
    from misto.cli.moments import city_zone
    from misto.cli.outage_entry import utility_of
    from misto.cli.outage_shapes import strip_json, strip_lines
    from misto.cli.output import print_json
    from misto.cli.profile import open_profile
    from misto.cli.strip import Whose, strip_of

    whose = Whose(utility_of(utility), queue.strip(), address.strip(), district.strip())
    zone = city_zone()
    with open_profile(profile, pin_file) as replica:
        found = strip_of(Guide(replica), whose, hours, zone)
    if as_json:
        print_json(strip_json(found, zone))
    else:
        print("\n".join(strip_lines(found, zone)))


@app.command("announce")
def announce(
    profile: Profile,
    title: Annotated[str, typer.Option(help="What is the matter.", show_default=False)],
    utility: Utility,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="WHEN", help="14:00 or '2026-11-24 14:00'; else now."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="WHEN", help="As --from: the first one after it.")
    ] = None,
    hours: Annotated[
        float | None, typer.Option(min=0.1, max=24 * 31, help="So long, instead of --until.")
    ] = None,
    queue: Annotated[list[str] | None, typer.Option(help="Only this queue; repeatable.")] = None,
    district: Annotated[str, typer.Option(help="Only this district.")] = "",
    on: Annotated[bool, typer.Option("--on", help="There is supply after all.")] = False,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Sign an exception as the city's newsroom; it stands above the schedules.

    JSON: as an announcement of `outage list`.
    """
    from client.services.guide import Guide, GuideDesk
    from misto.cli.find import find_record
    from misto.cli.outage_entry import Hours, announced_of
    from misto.cli.profile import open_profile

    when = Hours(from_, until, hours)
    announced = announced_of(utility, title, when, queue or (), district, not on)
    with open_profile(profile, pin_file) as replica:
        record = GuideDesk(replica).announce(announced)
        view = find_record(Guide(replica).announcements(), record)
    _print_announcement(view, as_json)


@app.command("schedule")
def schedule(
    profile: Profile,
    queue: Annotated[str, typer.Option(help="Such as 3.1.", show_default=False)],
    file: Annotated[
        Path, typer.Option("--file", metavar="FILE", help="The week in JSON.", show_default=False)
    ],
    utility: Utility = "power",
    hours_valid: HoursValid = 0,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Sign the week of a queue as the city's newsroom; it replaces the queue's former week.

    The file: {"week": {"Mo We Fr": {"off": ["12:00-16:00"], "maybe": ["20:00-22:00"]}}, "streets":
    ["вул. Садова: 1-19, 24"], "district": "", "note": ""}; a day that is not named has supply; or
    week is a list of seven days of 48 signs. JSON: as a schedule of `outage list`.
    """
    from client.services.guide import Guide
    from misto.cli.outage_entry import scheduled_of
    from misto.cli.outage_shapes import schedule_json
    from misto.cli.output import print_json
    from misto.cli.profile import open_profile
    from misto.cli.strip import publish_week

    scheduled = scheduled_of(utility, queue, file, hours_valid)
    with open_profile(profile, pin_file) as replica:
        view = publish_week(replica, Guide(replica), scheduled)
    if as_json:
        print_json(schedule_json(view))
    else:
        print(f"saved on this device: {view.record}; {view.utility}, queue {view.queue}")


@app.command("cancel")
def cancel(
    profile: Profile,
    record: GuideReference,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """End a schedule or an announcement. JSON: record, cancelled, note."""
    from client.services.guide import Guide, GuideDesk
    from misto.cli.output import print_json
    from misto.cli.profile import open_profile
    from misto.cli.texts import short

    note = short("--note", note)
    with open_profile(profile, pin_file) as replica:
        found = _find(Guide(replica), record)
        GuideDesk(replica).cancel(found, note)
    if as_json:
        print_json({"record": found, "cancelled": True, "note": note})
    else:
        print(f"saved on this device: {found} is cancelled")


def _find(guide: Guide, reference: str) -> str:
    from misto.cli.find import find_record

    both: list[ScheduleView | AnnouncementView] = [*guide.schedules(), *guide.announcements()]
    return find_record(both, reference).record


def _print_lists(
    schedules: list[ScheduleView], announced: list[AnnouncementView], as_json: bool
) -> None:
    from misto.cli import outage_shapes as shapes
    from misto.cli.moments import city_zone
    from misto.cli.output import print_json, print_table

    if as_json:
        both = {
            "schedules": [shapes.schedule_json(view) for view in schedules],
            "announcements": [shapes.announcement_json(view) for view in announced],
        }
        print_json(both)
        return
    zone = city_zone()
    rows = (shapes.announcement_row(view, zone) for view in announced)
    print_table(shapes.ANNOUNCEMENT_COLUMNS, rows, "No exceptions are announced.")
    rows = (shapes.schedule_row(view) for view in schedules)
    print_table(shapes.SCHEDULE_COLUMNS, rows, "No schedules on this device.")


def _print_announcement(view: AnnouncementView, as_json: bool) -> None:
    from misto.cli.moments import city_zone
    from misto.cli.outage_shapes import ANNOUNCEMENT_COLUMNS, announcement_json, announcement_row
    from misto.cli.output import print_facts, print_json

    if as_json:
        print_json(announcement_json(view))
        return
    row = announcement_row(view, city_zone())
    print(f"saved on this device: {view.record}\n")
    print_facts(zip(ANNOUNCEMENT_COLUMNS, row, strict=True))
