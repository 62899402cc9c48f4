"""Texts, places, schedules and news as a person might write them, hostile ones included."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from client.services.interchange.texts import clean, one_line
from client.services.types import NewsView
from shared_schema.records.news import PRIORITIES
from shared_schema.records.outage import UTILITIES, Scheduled
from shared_schema.records.place import SORTS, Listed

KYIV: tzinfo = ZoneInfo("Europe/Kyiv")
YEAR_9999_MS = 253_000_000_000_000

_letters = st.one_of(
    st.sampled_from("'\"=+-@|\\,;:\n\t &<>]абвґєії№1"), st.characters(exclude_categories=["Cs"])
)
anything = st.text(_letters, max_size=40)
"""What nobody has cleaned."""
texts = anything.map(clean)
lines = anything.map(one_line)
named = texts.filter(bool)
moments = st.just(0) | st.integers(1, YEAR_9999_MS)
positions = st.one_of(
    st.just((None, None)),
    st.tuples(st.integers(-9_000_000, 9_000_000), st.integers(-18_000_000, 18_000_000)),
)


@st.composite
def places(draw: st.DrawFn) -> Listed:
    """A place with both coordinates or none."""
    lat, lon = draw(positions)
    fields: dict[str, Any] = {
        name: draw(texts) for name in ("address", "district", "hours", "note", "phone", "by")
    }
    return Listed(
        name=draw(named),
        sort=draw(st.sampled_from(SORTS)),
        lat_e5=lat,
        lon_e5=lon,
        offers=draw(st.lists(st.sampled_from(SORTS), max_size=4, unique=True)),
        expires_at_ms=draw(moments),
        **fields,
    )


days = st.one_of(
    st.sampled_from(["+" * 48, "-" * 48, "?" * 48]), st.text("+-?", min_size=48, max_size=48)
)
schedules = st.builds(
    Scheduled,
    utility=st.sampled_from(UTILITIES),
    queue=lines.filter(bool),
    week=st.lists(days, min_size=7, max_size=7),
    streets=st.lists(lines.filter(bool), max_size=5),
    district=texts,
    note=texts,
    expires_at_ms=moments,
)
schedule_tables = st.lists(
    schedules, max_size=4, unique_by=lambda each: (each.utility, each.queue, each.district)
)

news = st.builds(
    NewsView,
    record=st.binary(min_size=16, max_size=16).map(bytes.hex),
    title=named,
    text=named,
    topic=texts,
    district=texts,
    priority=st.sampled_from(PRIORITIES),
    published_at_ms=st.integers(0, 2**48),
    changed_at_ms=st.integers(0, 2**48),
    expires_at_ms=moments,
    corrections=st.integers(0, 3),
    withdrawn=st.booleans(),
    note=texts,
    pending=st.booleans(),
)
