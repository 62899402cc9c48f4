"""The directory of places: shelters, water, warmth, charging, pharmacies, aid. Public and signed.

A place is listed, said again in full when it changes, confirmed (it is open, closed, or has run
out) and removed. Every one of these acts is a confirmation: it says who looked, when, and until
when that may be relied on. A place past that date is still shown, with its age, never as certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from shared_schema.limits import PLACE_OFFERS_MAX
from shared_schema.records.acts import PublicAct, in_order
from shared_schema.records.appeal import Short, Title

Condition = Literal["open", "closed", "empty"]
CONDITIONS: Final = ("open", "closed", "empty")
SORTS: Final = (
    "shelter", "resilience", "water", "heat", "charging", "pharmacy", "medical", "aid", "other",
)  # fmt: skip
"""`resilience` is a «Пункт Незламності»: warmth, charging and connection under one roof."""
Latitude = Annotated[int, msgspec.Meta(ge=-9_000_000, le=9_000_000)]
Longitude = Annotated[int, msgspec.Meta(ge=-18_000_000, le=18_000_000)]
"""WGS 84, in hundred-thousandths of a degree (about a metre): whole numbers need no rounding."""
Moment = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Offers = Annotated[list[Short], msgspec.Meta(max_length=PLACE_OFFERS_MAX)]


class Listed(msgspec.Struct, array_like=True, frozen=True):
    """`place.listed`. `hours` are OpenStreetMap's `opening_hours`; 0 in `expires_at_ms` is never.

    Both coordinates are given or neither. `offers` are further sorts that it serves as.
    """

    name: Title
    sort: Short
    address: Short = ""
    district: Short = ""
    lat_e5: Latitude | None = None
    lon_e5: Longitude | None = None
    hours: Short = ""
    note: Short = ""
    phone: Short = ""
    offers: Offers = msgspec.field(default_factory=list)
    by: Short = ""
    expires_at_ms: Moment = 0


class Updated(Listed, array_like=True, frozen=True):
    """`place.updated`: the whole place again."""


class Confirmed(msgspec.Struct, array_like=True, frozen=True):
    """`place.confirmed`: somebody looked; it is open, closed, or has run out of what it gives."""

    condition: Condition
    by: Short = ""
    note: Short = ""
    expires_at_ms: Moment = 0


class Removed(msgspec.Struct, array_like=True, frozen=True):
    """`place.removed`: it is no such place any more; `note` says why."""

    note: Short = ""


Payload = Listed | Confirmed | Removed
PlaceAct = PublicAct[Payload]


class Place(NamedTuple):
    """The state of one place. `confirmed_at` is a hybrid time, clamped to the city's receipt."""

    record: bytes
    wording: Listed
    condition: Condition
    note: str
    """What the last confirmation added, such as «вода з 14:00», or why it was removed."""
    confirmed_at: int
    confirmed_by: str
    expires_at_ms: int
    removed: bool

    @property
    def serves(self) -> frozenset[str]:
        """All sorts under which it can be looked for."""
        return frozenset((self.wording.sort, *self.wording.offers))


def fold_place(record: bytes, acts: Iterable[PlaceAct]) -> Place | None:
    """The place that these acts make, in any order; None while its listing is missing.

    Saying the whole place again is a confirmation that it is open, unless a later act says
    otherwise. The listing comes first whatever its clock said: all others knew it.
    """
    ordered = in_order(acts)
    listed = next((act for act in ordered if type(act.payload) is Listed), None)
    if listed is None:
        return None
    said = [act for act in ordered if isinstance(act.payload, Updated | Confirmed)]
    removals = [act.payload for act in ordered if isinstance(act.payload, Removed)]
    wordings = [act.payload for act in said if isinstance(act.payload, Updated)]
    last = said[-1] if said else listed
    assert isinstance(listed.payload, Listed)
    assert isinstance(last.payload, Listed | Confirmed)
    confirmed = last.payload if isinstance(last.payload, Confirmed) else None
    note = confirmed.note if confirmed else ""
    return Place(
        record,
        wordings[-1] if wordings else listed.payload,
        confirmed.condition if confirmed else "open",
        removals[-1].note if removals else note,
        last.time,
        last.payload.by,
        last.payload.expires_at_ms,
        bool(removals),
    )
