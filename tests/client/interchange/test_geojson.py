"""Places of open data: points on the earth where they are, and nothing that only looks like one."""

from __future__ import annotations

import json
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.interchange.csv_text import ROWS_MAX
from client.services.interchange.problems import Unreadable
from client.services.interchange.rows import Table
from client.services.interchange.tables import read_places_geojson, write_places_geojson
from shared_schema.records.place import Listed
from tests.client.interchange.strategies import KYIV, places

GOOD = '{"type":"Point","coordinates":[30.52345,50.45012]}'


def feature(geometry: str = GOOD, properties: str = '{"name":"Школа","sort":"Укриття"}') -> str:
    return f'{{"type":"Feature","geometry":{geometry},"properties":{properties}}}'


def collection(*features: str, more: str = "") -> bytes:
    inside = ",".join(features)
    return f'{{"type":"FeatureCollection"{more},"features":[{inside}]}}'.encode()


def problems(table: Table[Listed]) -> list[tuple[str, int, str]]:
    return [(each.code, each.row, each.column) for each in table.problems]


@given(st.lists(places(), max_size=4))
def test_places_come_back_from_geojson_as_they_were(items: list[Listed]) -> None:
    table = read_places_geojson(write_places_geojson(items, KYIV), KYIV)
    assert table.problems == []
    assert table.values == items


@given(st.lists(places(), max_size=4))
def test_what_is_written_is_geojson(items: list[Listed]) -> None:
    """RFC 7946, 3.2: `geometry` and `properties` are always there, positions are in range."""
    found = json.loads(write_places_geojson(items, KYIV))
    assert found["type"] == "FeatureCollection"
    for each in found["features"]:
        assert set(each) == {"type", "geometry", "properties"}
        if each["geometry"] is not None:
            lon, lat = each["geometry"]["coordinates"]
            assert abs(lon) <= 180
            assert abs(lat) <= 90


def test_longitude_comes_first() -> None:
    (school,) = read_places_geojson(collection(feature()), KYIV).values
    assert school == Listed("Школа", "shelter", lat_e5=5_045_012, lon_e5=3_052_345)


@pytest.mark.parametrize(
    ("geometry", "problem"),
    [
        ('{"type":"Point","coordinates":[30,91]}', "cell_range"),
        ('{"type":"Point","coordinates":[181,50]}', "cell_range"),
        ('{"type":"Point","coordinates":[3300000.5,5500000.1]}', "cell_degrees"),
        ('{"type":"Point","coordinates":[30]}', "cell_degrees"),
        ('{"type":"Point","coordinates":[]}', "cell_degrees"),
        ('{"type":"Point","coordinates":null}', "cell_degrees"),
        ('{"type":"Point","coordinates":["30","50"]}', "cell_degrees"),
        ('{"type":"Point","coordinates":[true,50]}', "cell_degrees"),
        ('{"type":"Point","coordinates":[null,50]}', "cell_degrees"),
        ('{"type":"Point","coordinates":[[30,50]]}', "cell_degrees"),
        ('{"type":"Point","coordinates":[1e300,50]}', "cell_degrees"),
        (f'{{"type":"Point","coordinates":[{"9" * 400},50]}}', "cell_degrees"),
        ('{"type":"Point","coordinates":[1e999,50]}', "not_feature"),
        ('{"type":"Point","coordinates":[NaN,50]}', "json_broken"),
        ('{"type":"Polygon","coordinates":[[[30,50],[31,50],[31,51],[30,50]]]}', "not_point"),
        ('{"type":"MultiPoint","coordinates":[[30,50]]}', "not_point"),
        ("{}", "not_point"),
        ('"here"', "not_feature"),
    ],
)
def test_what_is_no_point_is_no_place(geometry: str, problem: str) -> None:
    """NaN is no JSON, so it spoils the file; all else spoils one feature."""
    raw = collection(feature(geometry), feature())
    if problem == "json_broken":
        with pytest.raises(Unreadable) as caught:
            read_places_geojson(raw, KYIV)
        assert caught.value.code == problem
        return
    table = read_places_geojson(raw, KYIV)
    assert problems(table)[0][:2] == (problem, 1)
    assert [row.number for row in table.rows if row.value] == [2]


def test_a_place_without_a_geometry_has_no_position() -> None:
    (place,) = read_places_geojson(collection(feature("null")), KYIV).values
    assert (place.lat_e5, place.lon_e5) == (None, None)


@pytest.mark.parametrize(
    ("properties", "wrong"),
    [
        ("null", [("cell_missing", 1, "name"), ("cell_missing", 1, "sort")]),
        ('{"name":"Ш","sort":"x"}', [("cell_word", 1, "sort")]),
        ('{"name":{"uk":"Ш"},"sort":"water"}', [("not_text", 1, "name"),
                                                ("cell_missing", 1, "name")]),
        ('{"name":true,"sort":"water"}', [("not_text", 1, "name"), ("cell_missing", 1, "name")]),
        ('{"name":"Ш","Назва":"Щ","sort":"water"}', [("column_twice", 1, "Назва")]),
        ('{"name":"Ш","sort":"water","offers":["heat",5]}', [("not_text", 1, "offers")]),
        ('{"name":"Ш","sort":"water","offers":["heat","x"]}', [("cell_word", 1, "offers")]),
        ('{"name":"\\u0000\\u202e","sort":"water"}', [("cell_missing", 1, "name")]),
    ],
)  # fmt: skip
def test_properties_that_are_wrong_are_named(
    properties: str, wrong: list[tuple[str, int, str]]
) -> None:
    assert problems(read_places_geojson(collection(feature(properties=properties)), KYIV)) == wrong


def test_a_position_among_the_properties_is_not_believed_over_the_geometry() -> None:
    raw = collection(feature(properties='{"name":"Ш","sort":"water","lat":1,"lon":2,"x":3}'))
    table = read_places_geojson(raw, KYIV)
    assert [each.lat_e5 for each in table.values] == [5_045_012]
    assert table.ignored == ("lat", "lon", "x")


HOSTILE: dict[str, tuple[bytes, str]] = {
    "50 MB": (b'{"features":[' + b" " * 50_000_000 + b"]}", "too_large"),
    "deep": (b"[" * 1_000_000, "json_broken"),
    "deep in what is ignored": (b'{"features":[],"x":' + b"[" * 1_000_000, "json_broken"),
    "deep in a feature": (collection("[" * 500_000), "json_broken"),
    "no JSON": (b"<xml/>", "json_broken"),
    "windows-1251": (collection(feature()).decode().encode("cp1251"), "encoding"),
    "another thing": (b'{"type":"Topology","features":[]}', "not_geojson"),
    "one feature": (feature().encode(), "json_broken"),
    "a list": (b"[]", "json_broken"),
    "many": (collection(*["{}"] * (ROWS_MAX + 1)), "table_rows"),
    "other coordinates": (
        collection(feature(), more=',"crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::5564"}}'),
        "geojson_crs",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_collection_is_refused_by_name(name: str) -> None:
    raw, code = HOSTILE[name]
    with pytest.raises(Unreadable) as caught:
        read_places_geojson(raw, KYIV)
    assert caught.value.code == code


def test_a_deep_feature_spoils_itself_or_the_file_and_no_more() -> None:
    deep = feature(properties=f'{{"name":{"[" * 100_000}{"]" * 100_000}}}')
    with suppress(Unreadable):
        table = read_places_geojson(collection(deep, feature()), KYIV)
        assert [row.number for row in table.rows if row.value] == [2]


def test_a_note_of_wgs_84_is_no_other_coordinates() -> None:
    crs = ',"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}'
    assert read_places_geojson(collection(feature(), more=crs), KYIV).values


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["type", "geometry", "properties", "coordinates", "name"]),
                      inner, max_size=3),
    max_leaves=10,
))  # fmt: skip
def test_no_json_brings_down_the_reader(value: object) -> None:
    for raw in (value, {"type": "FeatureCollection", "features": [value]}):
        with suppress(Unreadable):
            table = read_places_geojson(msgspec.json.encode(raw), KYIV)
            assert all((row.value is None) is bool(row.problems) for row in table.rows)
