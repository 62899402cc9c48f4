"""Outage schedules: when a queue of houses has power, water or heating. Public and signed.

A schedule repeats every week; an announcement is an exception for some hours and stands above it.
Where nothing is known nothing is claimed: a slot outside of what a schedule says, or past its date,
is `unknown`, not "on".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from shared_schema.limits import OUTAGE_QUEUES_MAX, OUTAGE_STREETS_MAX
from shared_schema.records.acts import PublicAct, in_order
from shared_schema.records.appeal import Short, Title
from shared_schema.records.place import Moment

UTILITIES: Final = ("power", "water", "heat", "gas")
SLOT_MINUTES: Final = 30
SLOTS_A_DAY: Final = 48
SLOT_MS: Final = SLOT_MINUTES * 60_000
Supply = Literal["on", "off", "maybe", "unknown"]
_SIGNS: Final[dict[str, Supply]] = {"+": "on", "-": "off", "?": "maybe"}
Day = Annotated[str, msgspec.Meta(pattern=r"^[-+?]{48}\Z")]
"""Not `$`, which would let a line break through at the end."""
Week = Annotated[list[Day], msgspec.Meta(min_length=7, max_length=7)]
Streets = Annotated[list[Short], msgspec.Meta(max_length=OUTAGE_STREETS_MAX)]
Queues = Annotated[list[Short], msgspec.Meta(max_length=OUTAGE_QUEUES_MAX)]


class Scheduled(msgspec.Struct, array_like=True, frozen=True):
    """`outage.scheduled`: the week of one queue, Monday first, a sign per half hour of local time.

    `+` there is supply, `-` there is none, `?` there may be none. `streets` lists what belongs to
    the queue, each a street or `street: houses`, as in `Садова: 1-19, 24`.
    """

    utility: Short
    queue: Short
    week: Week
    streets: Streets = msgspec.field(default_factory=list)
    district: Short = ""
    note: Short = ""
    expires_at_ms: Moment = 0


class Rescheduled(Scheduled, array_like=True, frozen=True):
    """`outage.rescheduled`: the whole schedule again."""


class Announced(msgspec.Struct, array_like=True, frozen=True):
    """`outage.announced`: an exception from one moment to another; without queues for everybody."""

    utility: Short
    from_ms: Moment
    until_ms: Moment
    title: Title
    queues: Queues = msgspec.field(default_factory=list)
    district: Short = ""
    off: bool = True


class Cancelled(msgspec.Struct, array_like=True, frozen=True):
    """`outage.cancelled`: the schedule or the announcement does not hold any more."""

    note: Short = ""


Payload = Scheduled | Announced | Cancelled
OutageAct = PublicAct[Payload]


class Outage(NamedTuple):
    """The state of one schedule or announcement; `changed_at` is a hybrid time."""

    record: bytes
    wording: Scheduled | Announced
    changed_at: int
    cancelled: bool
    note: str


class Stretch(NamedTuple):
    """A stretch of time in which the supply stays the same. Unix milliseconds."""

    from_ms: int
    until_ms: int
    supply: Supply
    exception: str
    """The title of the announcement that says so; empty when the schedule does."""


def fold_outage(record: bytes, acts: Iterable[OutageAct]) -> Outage | None:
    """The schedule or announcement that these acts make; None while its opening is missing."""
    ordered = in_order(acts)
    openings = [act.payload for act in ordered if type(act.payload) in (Scheduled, Announced)]
    if not openings:
        return None
    first = openings[0]
    again = [act.payload for act in ordered if isinstance(act.payload, Rescheduled)]
    wording = again[-1] if again and isinstance(first, Scheduled) else first
    ends = [act.payload for act in ordered if isinstance(act.payload, Cancelled)]
    assert isinstance(wording, Scheduled | Announced)
    return Outage(record, wording, ordered[-1].time, bool(ends), ends[-1].note if ends else "")


def strip(
    schedule: Scheduled | None,
    announcements: Sequence[Announced],
    span: tuple[int, int],
    zone: tzinfo,
) -> list[Stretch]:
    """The supply from one moment to another as stretches, in order and without holes.

    Args:
        schedule: that of one's queue; None when none is known.
        announcements: those that concern the queue (see `concerns`); of two that contradict each
            other for the same time the worse one is shown, because a person must plan for it.
        span: from and until, in Unix milliseconds.
    """
    from_ms, until_ms = span
    cuts = {from_ms, until_ms}
    cuts.update(range(from_ms - from_ms % SLOT_MS, until_ms, SLOT_MS))
    if schedule is not None:
        cuts.add(schedule.expires_at_ms)
    for each in announcements:
        cuts.update((each.from_ms, each.until_ms))
    inside = sorted(cut for cut in cuts if from_ms <= cut <= until_ms)
    stretches: list[Stretch] = []
    for start, end in pairwise(inside):
        supply, why = _supply(schedule, announcements, start, zone)
        if stretches and stretches[-1][2:] == (supply, why):
            stretches[-1] = stretches[-1]._replace(until_ms=end)
        else:
            stretches.append(Stretch(start, end, supply, why))
    return stretches


def concerns(announced: Announced, schedule: Scheduled | None, district: str = "") -> bool:
    """Whether an announcement is about this queue, or this district, or everybody.

    One about another utility is not, even for a queue of the same name; without a schedule it is
    for the caller to choose the utility.
    """
    if schedule is not None and announced.utility != schedule.utility:
        return False
    if announced.queues:
        return schedule is not None and schedule.queue in announced.queues
    return not announced.district or announced.district == district


def _supply(
    schedule: Scheduled | None, announcements: Sequence[Announced], at_ms: int, zone: tzinfo
) -> tuple[Supply, str]:
    now = [each for each in announcements if each.from_ms <= at_ms < each.until_ms]
    if now:
        worst = max(now, key=lambda each: each.off)
        return ("off" if worst.off else "on"), worst.title
    if schedule is None or 0 < schedule.expires_at_ms <= at_ms:
        return "unknown", ""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    slot = (local.hour * 60 + local.minute) // SLOT_MINUTES
    return _SIGNS[schedule.week[local.weekday()][slot]], ""


_KINDS_OF_STREET: Final = {
    "вулиця": "вул", "проспект": "просп", "пр-т": "просп", "провулок": "пров", "площа": "пл",
    "бульвар": "бульв", "узвіз": "узвіз", "шосе": "шосе", "набережна": "наб", "street": "st",
    "avenue": "ave",
}  # fmt: skip
_KINDS_OF_STREET_SHORT: Final = frozenset(_KINDS_OF_STREET.values())
_FLAT: Final = re.compile(r",?\s*\b(?:кв|квартира|apt|flat)\b", re.IGNORECASE)
_HOUSE: Final = re.compile(
    r"(?:\b(?:буд|будинок)\b\.?\s*)?(\d+)\s*[^\W\d]?(?:\s*[-/]\s*\w+)*$", re.IGNORECASE
)
_HOUSES: Final = re.compile(
    r"(\d+)\s*[^\W\d]?(?:\s*[-–]\s*(?:(\d+)\s*[^\W\d]?|[^\W\d])|\s*/\s*\w+)?"
)


def on_list(streets: Sequence[str], address: str) -> bool:
    """Whether an address, as people write it, stands on a queue's list of streets.

    A list entry with houses needs a house in the address; one without takes the whole street.
    Where only one of the two says whether it is a street or a lane, the name is enough.
    """
    kind, name, house = _split(address)
    if not name:
        return False
    for entry in streets:
        street, _, houses = entry.partition(":")
        sort, title = _named(street)
        same = title == name and (not sort or not kind or sort == kind)
        if same and (not houses.strip() or _has(houses, house)):
            return True
    return False


def _split(address: str) -> tuple[str, str, int | None]:
    """`вул. Садова, 5-Б, кв. 3` is of the kind `вул`, the street `садова` and the house 5."""
    head = _FLAT.split(address)[0].strip(" .,;")
    match = _HOUSE.search(head)
    if match is None:
        return *_named(head), None
    return *_named(head[: match.start()]), int(match[1])


def _named(street: str) -> tuple[str, str]:
    """The kind of a street, in short, and its name; `вул. Набережна` is a street of that name."""
    plain = street.replace("’", "ʼ").replace("'", "ʼ").casefold()
    words = re.sub(r"[.,;«»\"]", " ", plain).split()
    short = [_KINDS_OF_STREET.get(word, word) for word in words]
    kinds = [word for word in short if word in _KINDS_OF_STREET_SHORT]
    name = [word for word in short if word not in _KINDS_OF_STREET_SHORT]
    if not name:
        name = [word for word in kinds if word != "вул"]
        kinds = [word for word in kinds if word == "вул"]
    return (kinds[0] if kinds else ""), " ".join(name)


def _has(houses: str, house: int | None) -> bool:
    """Whether a house is in `1-19, 24`; what is not a house or a range of houses has none."""
    found = (_HOUSES.fullmatch(part.strip()) for part in houses.split(","))
    ranges = [(int(each[1]), int(each[2] or each[1])) for each in found if each is not None]
    return house is not None and any(first <= house <= last for first, last in ranges)
