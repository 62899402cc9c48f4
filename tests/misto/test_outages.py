"""`misto outage`: schedules and exceptions from the newsroom, a strip of hours for everybody."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from misto.cli import moments, strip
from tests.misto.support import Here

SCHEDULE_KEYS = {
    "record", "utility", "queue", "district", "streets", "week", "note", "changed_at_ms",
    "expires_at_ms", "expired", "pending",
}  # fmt: skip
ANNOUNCEMENT_KEYS = {
    "record", "utility", "title", "from_ms", "until_ms", "queues", "district", "off",
    "changed_at_ms", "pending",
}  # fmt: skip
STRIP_KEYS = {"utility", "queue", "zone", "expires_at_ms", "stretches"}
STRETCH_KEYS = {"from_ms", "until_ms", "supply", "exception"}
KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 11, 24, 12, 20, tzinfo=KYIV)
"""A Tuesday."""
WEEK = {
    "week": {"Tu We": {"off": ["14:00-18:00"], "maybe": ["20:00-22:00"]}},
    "streets": ["вул. Садова: 1-19", "вул. Паркова"],
    "district": "Поділ",
    "note": "Ліфт зупиняють за п’ять хвилин",
}


@pytest.fixture
def newsroom(city: Path) -> Path:
    return city / "profiles" / "newsroom"


@pytest.fixture
def week(tmp_path: Path) -> Path:
    file = tmp_path / "week.json"
    file.write_text(json.dumps(WEEK), encoding="utf-8")
    return file


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands' clock stands at NOON; that of records goes on."""
    for module in (moments, strip, __import__("misto.cli.shapes", fromlist=["now_ms"])):
        monkeypatch.setattr(module, "now_ms", lambda: int(NOON.timestamp() * 1000))


def ms(hours: float) -> int:
    """So many hours after midnight of NOON's day."""
    midnight = NOON.replace(hour=0, minute=0)
    return int((midnight + timedelta(hours=hours)).timestamp() * 1000)


def publish(misto: Here, newsroom: Path, week: Path, *more: object) -> Any:
    at = ("outage", "schedule", "--profile", newsroom, "--queue", "3.1", "--file", week)
    return misto(*at, *more, "--json").json


def test_a_week_is_published_in_place_of_the_former(
    misto: Here, newsroom: Path, week: Path
) -> None:
    first = publish(misto, newsroom, week)
    assert set(first) == SCHEDULE_KEYS
    assert (first["utility"], first["queue"], first["expires_at_ms"]) == ("power", "3.1", 0)
    assert first["week"][0] == "+" * 48
    assert first["week"][1] == "+" * 28 + "-" * 8 + "+" * 4 + "????" + "++++"
    week.write_text(json.dumps({"week": ["-" * 48] * 7}), encoding="utf-8")
    again = publish(misto, newsroom, week, "--hours-valid", 24)
    assert (again["record"], again["week"], again["streets"]) == (
        first["record"], ["-" * 48] * 7, [],
    )  # fmt: skip
    assert (again["expires_at_ms"] > 0, again["expired"]) == (True, False)
    water = publish(misto, newsroom, week, "--utility", "water")
    listed = misto("outage", "list", "--profile", newsroom, "--json").json
    assert [each["record"] for each in listed["schedules"]] == [first["record"], water["record"]]


@pytest.mark.usefixtures("noon")
def test_a_strip_by_queue_and_by_address(misto: Here, newsroom: Path, week: Path) -> None:
    publish(misto, newsroom, week)
    at = ("outage", "strip", "--profile", newsroom, "--json")
    found = misto(*at, "--queue", "3.1").json
    assert set(found) == STRIP_KEYS
    assert (found["utility"], found["queue"], found["zone"]) == ("power", "3.1", "Europe/Kyiv")
    assert all(set(each) == STRETCH_KEYS for each in found["stretches"])
    assert [(each["from_ms"], each["until_ms"], each["supply"]) for each in found["stretches"]] == [
        (ms(12 + 1 / 3), ms(14), "on"),
        (ms(14), ms(18), "off"),
        (ms(18), ms(20), "on"),
        (ms(20), ms(22), "maybe"),
        (ms(22), ms(36 + 1 / 3), "on"),
    ]
    assert misto(*at, "--address", "Садова, 5-а, кв. 3").json == found
    short = misto(*at, "--queue", "3.1", "--hours", 2).json["stretches"]
    assert [each["supply"] for each in short] == ["on", "off"]


@pytest.mark.usefixtures("noon")
def test_lines_that_people_read(misto: Here, newsroom: Path, week: Path) -> None:
    publish(misto, newsroom, week)
    done = misto("outage", "strip", "--profile", newsroom, "--queue", "3.1", "--hours", 72)
    assert done.out.splitlines() == [
        "power, queue 3.1, Europe/Kyiv",
        "Tue 2026-11-24",
        "  12:20–14:00 on",
        "  14:00–18:00 off",
        "  18:00–20:00 on",
        "  20:00–22:00 perhaps off",
        "  22:00–14:00 on",
        "Wed 2026-11-25",
        "  14:00–18:00 off",
        "  18:00–20:00 on",
        "  20:00–22:00 perhaps off",
        "  22:00–2026-11-27 12:20 on",
    ]
    table = misto("outage", "list", "--profile", newsroom).out
    assert "No exceptions are announced." in table
    assert "вул. Садова: 1-19, вул. Паркова" in table


@pytest.mark.usefixtures("noon")
def test_an_exception_stands_above_the_week(misto: Here, newsroom: Path, week: Path) -> None:
    publish(misto, newsroom, week)
    announce = ("outage", "announce", "--profile", newsroom, "--utility", "power", "--json")
    said = misto(
        *announce, "--title", "Аварія", "--queue", "3.1", "--from", "13:00", "--until", "15:30"
    ).json
    assert set(said) == ANNOUNCEMENT_KEYS
    assert (said["from_ms"], said["until_ms"], said["off"]) == (ms(13), ms(15.5), True)
    assert (said["queues"], said["district"], said["pending"]) == (["3.1"], "", True)
    misto(*announce, "--title", "Чуже", "--queue", "1.1", "--hours", 5)
    misto(*announce, "--title", "Світло є", "--district", "Поділ", "--from", "2026-11-24 16:00",
          "--until", "00:30", "--on")  # fmt: skip
    found = misto("outage", "strip", "--profile", newsroom, "--queue", "3.1", "--json").json
    assert [
        (each["until_ms"], each["supply"], each["exception"]) for each in found["stretches"]
    ] == [
        (ms(13), "on", ""),
        (ms(15.5), "off", "Аварія"),
        (ms(16), "off", ""),
        (ms(24.5), "on", "Світло є"),
        (ms(36 + 1 / 3), "on", ""),
    ]
    district = ("outage", "strip", "--profile", newsroom, "--district", "Поділ")
    alone = misto(*district, "--json").json
    assert alone["queue"] == ""
    assert [each["supply"] for each in alone["stretches"]] == ["unknown", "on", "unknown"]
    text = misto(*district).out
    assert text.startswith("power, exceptions only, Europe/Kyiv\n")
    assert "12:20–16:00 not known\n" in text


@pytest.mark.usefixtures("noon")
def test_what_is_over_is_not_listed(misto: Here, newsroom: Path) -> None:
    at = ("outage", "announce", "--profile", newsroom, "--title", "Ремонт", "--utility", "water")
    misto(*at, "--from", "2026-11-23 10:00", "--until", "2026-11-23 12:00")
    text = misto(*at, "--from", "10:00", "--hours", 4).out
    assert text.startswith("saved on this device: ")
    assert "2026-11-24 10:00" in text
    listed = misto("outage", "list", "--profile", newsroom, "--json").json["announcements"]
    assert [each["from_ms"] for each in listed] == [ms(10)]
    power = misto("outage", "list", "--profile", newsroom, "--utility", "power", "--json").json
    assert power == {"schedules": [], "announcements": []}


def test_what_is_cancelled_is_gone(misto: Here, newsroom: Path, week: Path) -> None:
    record = publish(misto, newsroom, week)["record"]
    at = ("outage", "cancel", "--profile", newsroom, record[:8], "--json")
    assert misto(*at, "--note", "Помилка").json == {
        "record": record, "cancelled": True, "note": "Помилка",
    }  # fmt: skip
    assert misto("outage", "list", "--profile", newsroom, "--json").json["schedules"] == []
    misto(*at).assert_one_clear_line("no such record")
    assert publish(misto, newsroom, week)["record"] != record


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("strip",), ("--queue", "--address", "--district")),
        (("strip", "--queue", "3.1", "--address", "Садова"), ("--queue", "--address")),
        (("strip", "--queue", "3.1"), ("no power schedule", "3.1")),
        (("strip", "--address", "Садова, 1", "--utility", "water"), ("water", "Садова")),
        (("strip", "--queue", "3.1", "--utility", "wine"), ("--utility", "power, water")),
        (("list", "--utility", "wine"), ("--utility", "wine")),
        (("cancel", "abcd1234"), ("no such record",)),
        (("announce", "--title", "а", "--utility", "power"), ("--until", "--hours")),
        (("announce", "--title", "а", "--utility", "gas", "--until", "noon"), ("--until", "noon")),
        (("announce", "--title", "а", "--utility", "gas", "--until", "1:00", "--hours", "2"),
         ("one of the two",)),
        (("announce", "--title", "а", "--utility", "gas", "--from", "2026-11-24 10:00",
          "--until", "2026-11-24 10:00"), ("not after",)),
        (("announce", "--title", "а", "--utility", "gas", "--hours", "2", "--queue", " "),
         ("--queue is empty",)),
        (("announce", "--title", "а", "--utility", "gas", "--hours", "2"), ("role",)),
    ],
)  # fmt: skip
def test_what_a_resident_is_told_in_plain_words(
    misto: Here, resident: Path, words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    misto("outage", *words, "--profile", resident).assert_one_clear_line(*said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a schedule"),
        (b"\xff\xfe", "not a schedule"),
        (b"[]", "not a schedule"),
        (b"{}", "week"),
        (b'{"week": ["+"]}', "week"),
        (b'{"week": {"Mo": {"of": []}}}', "of"),
        (b'{"week": {"Mo": {"off": ["8-12"]}}}', "8-12"),
        (b'{"week": {"Mo Mon": {}}}', "Mon"),
        (b'{"week": {}, "note": "' + b"x" * 301 + b'"}', "301"),
        (b"[" * 60_000, "not a schedule"),
        (b" " * 70_000, "too long"),
    ],
)
def test_a_file_that_is_no_week(
    misto: Here, newsroom: Path, week: Path, content: bytes, said: str
) -> None:
    week.write_bytes(content)
    at = ("outage", "schedule", "--profile", newsroom, "--queue", "3.1", "--file", week)
    misto(*at).assert_one_clear_line(str(week), said)
    assert misto("outage", "list", "--profile", newsroom, "--json").json["schedules"] == []


def test_a_moment_is_one_of_the_citys_clock() -> None:
    noon = int(NOON.timestamp() * 1000)
    assert moments.moment_of("--until", "12:00", KYIV, noon) == ms(36)
    assert moments.moment_of("--until", "13:00", KYIV, noon) == ms(13)
    assert moments.moment_of("--from", "2026-11-24T13:00", KYIV) == ms(13)
    assert moments.local(ms(13), KYIV).astimezone(UTC).hour == 11
    assert moments.local(2**53, KYIV).year > 9000


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        ("list", SCHEDULE_KEYS | ANNOUNCEMENT_KEYS | {"schedules", "announcements"}),
        ("strip", STRIP_KEYS | STRETCH_KEYS),
    ],
)
def test_help_names_every_key(misto: Here, command: str, keys: set[str]) -> None:
    promised = set(re.findall(r"\w+", misto("outage", command, "--help").out.partition("JSON:")[2]))
    assert keys - promised == set()
