"""The hours to come for one household: which queue it is in, and what is said of that queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Final, NamedTuple

from misto.cli.errors import Problem
from misto.cli.find import find_record
from misto.cli.shapes import now_ms
from shared_schema.records.outage import (
    Rescheduled,
    Scheduled,
    Stretch,
    concerns,
    on_list,
    strip,
)

if TYPE_CHECKING:
    from client.services.guide import Guide
    from client.services.guide_types import ScheduleView
    from client.services.replica import Replica

_HOUR_MS: Final = 3_600_000
_MINUTE_MS: Final = 60_000


class Whose(NamedTuple):
    """Whose hours: of a queue, of an address on a queue's list, or of a whole district."""

    utility: str
    queue: str
    address: str
    district: str


class Strip(NamedTuple):
    """The hours to come; without a queue only the district's exceptions are known."""

    utility: str
    queue: str
    expires_at_ms: int
    stretches: list[Stretch]


def strip_of(guide: Guide, whose: Whose, hours: int, zone: tzinfo) -> Strip:
    """What is known of the next hours, from this minute on.

    Raises:
        Problem: it is not said whose hours, or there is no such schedule on this device.
    """
    said = _own(guide.schedules(), whose)
    district = whose.district or (said.district if said else "")
    mine = [
        each.announced
        for each in guide.announcements()
        if each.announced.utility == whose.utility and concerns(each.announced, said, district)
    ]
    start = now_ms() // _MINUTE_MS * _MINUTE_MS
    stretches = strip(said, mine, (start, start + hours * _HOUR_MS), zone)
    if said is None:
        return Strip(whose.utility, "", 0, stretches)
    return Strip(whose.utility, said.queue, said.expires_at_ms, stretches)


def publish_week(replica: Replica, guide: Guide, scheduled: Scheduled) -> ScheduleView:
    """Publish the week of a queue, in place of the one that is in force: nobody has two weeks.

    Raises:
        NotAllowed: this device is not the newsroom.
    """
    from msgspec.structs import astuple

    from client.services.guide import GuideDesk

    desk = GuideDesk(replica)
    same = (scheduled.utility, scheduled.queue)
    former = next((each for each in guide.schedules() if (each.utility, each.queue) == same), None)
    if former is None:
        record = desk.schedule(scheduled)
    else:
        record = desk.reschedule(former.record, Rescheduled(*astuple(scheduled)))
    return find_record(guide.schedules(), record)


def _own(schedules: Sequence[ScheduleView], whose: Whose) -> Scheduled | None:
    if bool(whose.queue) == bool(whose.address):
        if whose.district and not whose.queue:
            return None
        raise Problem("say whose hours with --queue, --address or --district")
    for each in schedules:
        streets = each.scheduled.streets
        mine = each.queue == whose.queue if whose.queue else on_list(streets, whose.address)
        if each.utility == whose.utility and mine:
            return each.scheduled
    if whose.queue:
        raise Problem(f"no {whose.utility} schedule of queue {whose.queue} on this device")
    raise Problem(
        f"no {whose.utility} schedule on this device names {whose.address}; "
        "try --queue, or --district for exceptions only"
    )
