"""A place from what was typed, checked field by field so that the error names the field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from client.services.guide_types import Position
from misto.cli.errors import Problem
from misto.cli.moments import until_ms
from misto.cli.texts import short, title_of
from shared_schema.limits import PLACE_OFFERS_MAX
from shared_schema.records.place import CONDITIONS, SORTS, Condition, Confirmed, Listed

_POLE: Final = 90
_DATE_LINE: Final = 180


class Stand(NamedTuple):
    """What a place is, where it stands, and until when that may be relied on."""

    name: str
    sort: str
    offers: Sequence[str]
    at: str | None
    hours_valid: float


def listed_of(stand: Stand, fields: dict[str, str]) -> Listed:
    """The place to list.

    Raises:
        Problem: a field is unknown, too long or no position.
    """
    if len(stand.offers) > PLACE_OFFERS_MAX:
        raise Problem(f"--offer comes at most {PLACE_OFFERS_MAX} times")
    lat, lon = (None, None) if stand.at is None else position_of(stand.at)
    checked = {name: short(f"--{name}", value) for name, value in fields.items()}
    return Listed(
        title_of(stand.name),
        sort_of("--sort", stand.sort),
        lat_e5=lat,
        lon_e5=lon,
        offers=[sort_of("--offer", each) for each in dict.fromkeys(stand.offers)],
        expires_at_ms=until_ms(stand.hours_valid),
        **checked,
    )


def confirmed_of(condition: str, by: str, note: str, hours_valid: float) -> Confirmed:
    """What somebody found who looked.

    Raises:
        Problem: there is no such condition, or a text is too long.
    """
    if condition not in CONDITIONS:
        raise Problem(f"--condition is one of {', '.join(CONDITIONS)}; not {condition!r}")
    known: Condition = condition  # type: ignore[assignment]
    until = until_ms(hours_valid)
    return Confirmed(known, short("--by", by), short("--note", note), until)


def sort_of(option: str, value: str) -> str:
    """A sort of place.

    Raises:
        Problem: there is no such sort.
    """
    if value not in SORTS:
        raise Problem(f"{option} is one of {', '.join(SORTS)}; not {value!r}")
    return value


def position_of(text: str) -> Position:
    """`46.7012,32.5034` in hundred-thousandths of a degree.

    Raises:
        Problem: it is no latitude and longitude.
    """
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        raise Problem(f"--at is LAT,LON in degrees, as 46.7012,32.5034; not {text!r}") from None
    if not (abs(lat) <= _POLE and abs(lon) <= _DATE_LINE):  # a NaN is not either
        raise Problem(f"--at is a latitude up to {_POLE} and a longitude up to {_DATE_LINE}")
    return round(lat * 1e5), round(lon * 1e5)
