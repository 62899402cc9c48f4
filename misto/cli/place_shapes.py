"""Places as JSON with keys that stay, and as rows and lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from misto.cli.moments import city_zone, local
from misto.cli.output import when
from misto.cli.shapes import SHORT_ID_CHARS, now_ms
from shared_schema.records.hours import Opening, opening_at

if TYPE_CHECKING:
    from client.services.guide_types import Near, Origin, PlaceView, Position

PLACE_COLUMNS: Final = ("record", "sort", "name", "where", "state", "looked at")
NEAR_COLUMNS: Final = ("far", "name", "where", "state", "record")
_CONDITIONS: Final = {"closed": "closed", "empty": "has run out"}
_ORIGINS: Final = {
    "street": "from {}: the middle of the places on that street",
    "district": "from {}: the middle of the district's places",
    "device": "from {}, as given",
}
_KILOMETRE_M: Final = 1_000


def place_json(view: PlaceView) -> dict[str, Any]:
    """A place for programs."""
    lat, lon = _degrees(view.position)
    opening = _opening(view)
    return {
        "record": view.record,
        "name": view.name,
        "sort": view.sort,
        "offers": [each for each in view.serves if each != view.sort],
        "address": view.address,
        "district": view.district,
        "lat": lat,
        "lon": lon,
        "hours": view.hours,
        "open_now": None if opening is None else opening.open,
        "note": view.note,
        "phone": view.phone,
        "condition": view.condition,
        "condition_note": view.condition_note,
        "confirmed_at_ms": view.confirmed_at_ms,
        "confirmed_by": view.confirmed_by,
        "expires_at_ms": view.expires_at_ms,
        "stale": view.stale(now_ms()),
        "pending": view.pending,
    }


def near_json(near: Near) -> dict[str, Any]:
    """A place for programs, with how far it is and in which direction."""
    far = {"distance_m": near.distance_m, "direction": near.direction}
    return {**place_json(near.place), **far}


def origin_json(origin: Origin) -> dict[str, Any]:
    """Where distances are counted from, for programs."""
    lat, lon = _degrees(origin.position)
    return {"how": origin.how, "name": origin.name, "lat": lat, "lon": lon}


def place_row(view: PlaceView) -> tuple[str, ...]:
    """A place as a row under PLACE_COLUMNS."""
    record = view.record[:SHORT_ID_CHARS]
    looked = when(view.confirmed_at_ms)
    return (record, view.sort, view.name, _where(view), place_state(view), looked)


def near_row(near: Near) -> tuple[str, ...]:
    """A near place as a row under NEAR_COLUMNS."""
    view = near.place
    record = view.record[:SHORT_ID_CHARS]
    return (_far(near), view.name, _where(view), place_state(view), record)


def place_facts(view: PlaceView) -> list[tuple[str, str]]:
    """A place as lines."""
    lat, lon = _degrees(view.position)
    return [
        ("record", view.record),
        ("name", view.name),
        ("what", " · ".join(view.serves)),
        ("where", _where(view)),
        ("position", "" if view.position is None else f"{lat:.5f}, {lon:.5f}"),
        ("hours", view.hours),
        ("note", view.note),
        ("phone", view.phone),
        ("state", place_state(view)),
        ("", view.condition_note),
        ("looked at", ", ".join(filter(None, (when(view.confirmed_at_ms), view.confirmed_by)))),
        ("good until", when(view.expires_at_ms)),
    ]


def origin_line(origin: Origin) -> str:
    """How the origin was found, because the distances are only as good as that."""
    return _ORIGINS[origin.how].format(origin.name)


def place_state(view: PlaceView) -> str:
    """Whether to go there, as far as anybody knows."""
    words = _CONDITIONS.get(view.condition) or _by_the_clock(_opening(view))
    return f"{words} (last look too old)" if view.stale(now_ms()) else words


def _by_the_clock(opening: Opening | None) -> str:
    if opening is None:
        return "open, hours not known"
    state, change = ("open", "closes") if opening.open else ("shut by its hours", "opens")
    if opening.minutes_left is None:
        return state
    hours, minutes = divmod(opening.minutes_left, 60)
    left = f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
    return f"{state}, {change} in {left}"


def _opening(view: PlaceView) -> Opening | None:
    return opening_at(view.hours, local(now_ms(), city_zone()))


def _degrees(position: Position | None) -> tuple[float | None, float | None]:
    return (None, None) if position is None else (position[0] / 1e5, position[1] / 1e5)


def _where(view: PlaceView) -> str:
    return ", ".join(filter(None, (view.district, view.address)))


def _far(near: Near) -> str:
    far = near.distance_m
    if far is None:
        return "?"
    words = f"{far} m" if far < _KILOMETRE_M else f"{far / _KILOMETRE_M:.1f} km"
    return f"{words} {near.direction}"
