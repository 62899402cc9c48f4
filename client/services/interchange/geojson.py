"""Places in GeoJSON (RFC 7946): a FeatureCollection of Points, as open data portals give them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any, Final

import msgspec

from client.services.interchange.cells import list_of, list_text
from client.services.interchange.columns import PLACE_COLUMN_OF, folded
from client.services.interchange.csv_text import ROWS_MAX, TABLE_BYTES_MAX
from client.services.interchange.problems import Problem, Unreadable, must_fit, shown
from client.services.interchange.rows import Cells, Row, Table
from client.services.interchange.structs import place_cells, place_of
from shared_schema.records.place import Listed

_BROKEN: Final = (msgspec.DecodeError, ValueError, RecursionError)
_POSITION_MIN: Final = 2


class _Collection(msgspec.Struct):
    features: list[msgspec.Raw]
    type: str = ""
    crs: msgspec.Raw = msgspec.Raw(b"null")


class _Seen:
    """What all features together name."""

    def __init__(self) -> None:
        self.ignored: dict[str, None] = {}
        self.columns: set[str] = set()


class _Feature(msgspec.Struct):
    type: str = ""
    geometry: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None


def read_places_geojson(raw: bytes, zone: tzinfo) -> Table[Listed]:
    """The places of a collection; rows are counted from 1, in its order.

    Raises:
        Unreadable: it is no FeatureCollection, too large, or in other coordinates than WGS 84.
    """
    found = _collection(raw)
    if found.type != "FeatureCollection":
        raise Unreadable("not_geojson", value=found.type)
    if len(found.features) > ROWS_MAX:
        raise Unreadable("table_rows", value=str(len(found.features)), limit=ROWS_MAX)
    _wgs_84(bytes(found.crs))
    seen = _Seen()
    rows = [_row(number, bytes(each), seen, zone) for number, each in enumerate(found.features, 1)]
    return Table(tuple(rows), tuple(seen.ignored), frozenset(seen.columns))


def write_places_geojson(places: list[Listed], zone: tzinfo) -> bytes:
    """The places as a collection; one without a position has no geometry (RFC 7946, 3.2)."""
    features = [_feature(each, zone) for each in places]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def _collection(raw: bytes) -> _Collection:
    """The collection with its features still unread; JSON is UTF-8 (RFC 8259, 8.1)."""
    must_fit(raw, TABLE_BYTES_MAX)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error
    try:
        return msgspec.json.decode(text, type=_Collection)
    except _BROKEN as error:
        raise Unreadable("json_broken", value=str(error)) from error


def _wgs_84(crs: bytes) -> None:
    """Positions are WGS 84 (RFC 7946, 4); `crs` is a leftover that says so, or says otherwise."""
    if crs != b"null" and b"CRS84" not in crs and b"4326" not in crs:
        raise Unreadable("geojson_crs", "crs", crs.decode("utf-8", "replace"))


def _row(number: int, raw: bytes, seen: _Seen, zone: tzinfo) -> Row[Listed]:
    try:
        feature = msgspec.json.decode(raw, type=_Feature)
    except _BROKEN as error:
        return Row(number, None, (Problem("not_feature", number, value=shown(str(error))),))
    if feature.type != "Feature":
        return Row(number, None, (Problem("not_feature", number, "type", shown(feature.type)),))
    cells: dict[str, str] = {}
    names: dict[str, str] = {"lat": "geometry", "lon": "geometry"}
    wrong = list(_properties(feature.properties or {}, cells, names, seen))
    wrong += _position(feature.geometry, cells)
    seen.columns.update(cells)
    reader = Cells(number, cells, names, zone)
    for code, column, value in wrong:
        reader.wrong(code, column, value)
    return place_of(reader)


def _properties(
    properties: dict[str, Any],
    cells: dict[str, str],
    names: dict[str, str],
    seen: _Seen,
) -> Iterator[tuple[str, str, str]]:
    """Put the properties that are known into cells; what is no text is said to be wrong."""
    for key, value in properties.items():
        column = PLACE_COLUMN_OF.get(folded(key), "")
        text = _text(value)
        if column in ("", "lat", "lon"):  # the geometry is what says where
            seen.ignored[shown(key)] = None
            continue
        seen.columns.add(column)
        if text is None:
            yield "not_text", key, str(type(value).__name__)
        elif text and cells.get(column):
            yield "column_twice", key, text
        elif text:
            cells[column], names[column] = text, shown(key)


def _text(value: object) -> str | None:
    """A property as the text of a cell; None unless it is a text, a number or a list of texts."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return list_text(value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if number else None


def _position(geometry: dict[str, Any] | None, cells: dict[str, str]) -> list[tuple[str, str, str]]:
    """Longitude first (RFC 7946, 3.1.1); without a geometry the place has no position."""
    if geometry is None:
        return []
    if geometry.get("type") != "Point":
        return [("not_point", "geometry", str(geometry.get("type")))]
    position = geometry.get("coordinates")
    if not isinstance(position, list) or len(position) < _POSITION_MIN:
        return [("cell_degrees", "geometry", str(position)[:80])]
    for column, value in zip(("lon", "lat"), position, strict=False):
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            return [("cell_degrees", "geometry", str(value)[:80])]
        cells[column] = f"{float(value):.10f}"
    return []


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _feature(listed: Listed, zone: tzinfo) -> dict[str, object]:
    """One feature; properties under their codes, which both languages read."""
    cells = place_cells(listed, "en", zone)
    lat, lon = cells.pop("lat"), cells.pop("lon")
    point = {"type": "Point", "coordinates": [float(lon), float(lat)]} if lat else None
    properties: dict[str, object] = {key: text for key, text in cells.items() if text}
    properties["sort"] = listed.sort
    if listed.offers:
        properties["offers"] = list_of(list_text(listed.offers))
    return {"type": "Feature", "geometry": point, "properties": properties}
