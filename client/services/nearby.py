"""The nearest places, without a map and without a network.

There is no geocoder on a phone without a network. What is known are the addresses and positions of
the directory itself: a typed street is found where a place stands on it, a district in the middle
of its places. Each answer says how it was found, because it is only as good as that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from client.services.guide_types import Near, Origin, PlaceView, Position
from shared_schema.records.hours import opening_at
from shared_schema.records.outage import on_list

EARTH_M: Final = 6_371_000.0
"""Mean radius; within a city the error of a sphere is a few metres."""
DIRECTIONS: Final = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
COARSE_E5: Final = 1_000
"""A coarse position is rounded to a hundredth of a degree …"""
COARSE_M: Final = 1_000
"""… which is about a kilometre."""
_HOUSE: Final = re.compile(
    r"\s+(?:буд(?:инок)?\b\.?\s*)?\d+\s*[^\W\d]?(?:\s*[-/]\s*\w+)*$", re.IGNORECASE
)
"""As `outage.on_list` knows it: `5`, `5-Б`, `5/12`, `буд. 5`."""


def distance_m(here: Position, there: Position) -> float:
    """The great-circle distance in metres (haversine)."""
    lat_1, lon_1, lat_2, lon_2 = (math.radians(value / 1e5) for value in (*here, *there))
    half = (
        math.sin((lat_2 - lat_1) / 2) ** 2
        + math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    )
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def direction(here: Position, there: Position) -> str:
    """The compass direction to go in, one of eight."""
    lat_1, lon_1, lat_2, lon_2 = (math.radians(value / 1e5) for value in (*here, *there))
    east = math.sin(lon_2 - lon_1) * math.cos(lat_2)
    north = math.cos(lat_1) * math.sin(lat_2) - math.sin(lat_1) * math.cos(lat_2) * math.cos(
        lon_2 - lon_1
    )
    return DIRECTIONS[round(math.degrees(math.atan2(east, north)) / 45) % 8]


def nearest(
    places: Iterable[PlaceView],
    sort: str,
    origin: Origin | None,
    district: str = "",
    moment: datetime | None = None,
) -> list[Near]:
    """Places of a sort (all when it is empty): the nearest first, then those without a position.

    What is closed, has run out, or is shut by its hours at this local moment comes after what is
    open, however near it is: a person in the dark must not be sent to a locked door. Without an
    origin the own district comes first.
    """
    found = [_near(each, origin) for each in places if not sort or sort in each.serves]

    def order(near: Near) -> tuple[bool, bool, float, bool, str]:
        far = near.distance_m
        return (
            near.place.condition != "open" or _shut(near.place, moment),
            far is None,
            far or 0,
            near.place.district != district,
            near.place.name.casefold(),
        )

    return sorted(found, key=order)


def locate(places: Sequence[PlaceView], address: str, district: str) -> Origin | None:
    """Where an address or a district is, as far as the directory tells; None when it does not."""
    located = [each for each in places if each.position is not None]
    if address.strip():
        same = [each for each in located if on_list([_street(each.address)], address)]
        if same:
            return Origin(_middle(same), "street", address.strip())
        named = [
            each
            for each in located
            if each.district and each.district.casefold() == address.strip().casefold()
        ]
        if named:
            return Origin(_middle(named), "district", named[0].district)
    own = [each for each in located if district and each.district == district]
    return Origin(_middle(own), "district", district) if own else None


def coarse(position: Position) -> Position:
    """A position that tells the part of a town and not the house."""
    lat, lon = (round(value / COARSE_E5) * COARSE_E5 for value in position)
    return lat, lon


def _shut(place: PlaceView, moment: datetime | None) -> bool:
    """Whether it is known to be shut; hours that are not understood say nothing."""
    opening = opening_at(place.hours, moment) if moment is not None else None
    return opening is not None and not opening.open


def _near(place: PlaceView, origin: Origin | None) -> Near:
    if origin is None or place.position is None:
        return Near(place, None, "")
    far = distance_m(origin.position, place.position)
    return Near(place, round(far), direction(origin.position, place.position))


def _street(address: str) -> str:
    """The street of an address as a list entry without houses: what stands before the house.

    A number in front of a word is part of a name («8 Березня»), one at the end is a house.
    """
    return _HOUSE.sub("", address.split(",")[0]).strip()


def _middle(places: Sequence[PlaceView]) -> Position:
    positions = [each.position for each in places if each.position is not None]
    lat = sum(position[0] for position in positions) // len(positions)
    return lat, sum(position[1] for position in positions) // len(positions)
