"""What people type as a date means one moment, or none."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.typed_times import typed_ms, typed_text

KYIV = ZoneInfo("Europe/Kyiv")


def at(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=KYIV).timestamp() * 1000)  # type: ignore[misc,arg-type]


NOW = at(2026, 11, 24, 10, 41)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("18:00", at(2026, 11, 24, 18, 0)),
        ("9:30", at(2026, 11, 25, 9, 30)),
        ("18.00", at(2026, 11, 24, 18, 0)),
        ("18.30", at(2026, 11, 24, 18, 30)),
        ("01.12", at(2026, 12, 2)),
        ("10.12", at(2026, 12, 11)),
        ("24.12 18:00", at(2026, 12, 24, 18, 0)),
        (" 24.12  18:00 ", at(2026, 12, 24, 18, 0)),
        ("24.12", at(2026, 12, 25)),
        ("24.11", at(2026, 11, 25)),
        ("23.11.", at(2027, 11, 24)),
        ("24.11 10:00", at(2027, 11, 24, 10, 0)),
        ("01.02.2026 08:00", at(2026, 2, 1, 8, 0)),
        ("2026-12-24 18:00", at(2026, 12, 24, 18, 0)),
    ],
)
def test_a_moment_is_what_was_meant(text: str, moment: int) -> None:
    assert typed_ms(text, NOW, KYIV) == moment


def test_a_time_of_tomorrow_is_on_tomorrow_s_clock() -> None:
    before = at(2026, 10, 24, 12, 0)  # in the night the clocks go back
    assert typed_ms("9:30", before, KYIV) == at(2026, 10, 25, 9, 30)


@pytest.mark.parametrize(
    "text", ["", "завтра", "24:00", "18:60", "31.02", "31.13 10:00", "24.12 25:00", "1", "24.12.26"]
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert typed_ms(text, NOW, KYIV) is None


@given(st.integers(1, 4_000_000_000))
def test_what_is_shown_is_read_back_to_the_minute(minutes: int) -> None:
    moment = minutes * 60_000
    shown = typed_text(moment, ZoneInfo("UTC"))
    assert typed_ms(shown, NOW, ZoneInfo("UTC")) == moment


def test_never_is_shown_as_nothing() -> None:
    assert typed_text(0, KYIV) == ""
