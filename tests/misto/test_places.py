"""`misto place`: the directory, kept by the newsroom and asked by everybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.misto.support import Here, free_port, serving

PLACE_KEYS = {
    "record", "name", "sort", "offers", "address", "district", "lat", "lon", "hours", "open_now",
    "note", "phone", "condition", "condition_note", "confirmed_at_ms", "confirmed_by",
    "expires_at_ms", "stale", "pending",
}  # fmt: skip
SCHOOL = (
    "--name", "Укриття школи", "--sort", "shelter", "--address", "вул. Садова, 12", "--district",
    "Поділ", "--at", "46.70,32.50", "--hours", "24/7", "--by", "директорка",
)  # fmt: skip
LIBRARY = (
    "--name", "Бібліотека", "--sort", "resilience", "--address", "вул. Паркова, 1", "--district",
    "Поділ", "--at", "46.709,32.50", "--offer", "heat", "--offer", "shelter", "--hours", "24/7",
)  # fmt: skip
CELLAR = (
    "--name", "Льох", "--sort", "shelter", "--district", "Лівий берег", "--at", "46.70,32.51",
)  # fmt: skip
Add = Callable[..., Any]


@pytest.fixture
def newsroom(city: Path) -> Path:
    return city / "profiles" / "newsroom"


@pytest.fixture
def add(misto: Here, newsroom: Path) -> Add:
    def add(*words: object) -> Any:
        return misto("place", "add", "--profile", newsroom, *words, "--json").json

    return add


def test_a_place_is_listed_with_all_that_was_said(add: Add, misto: Here, newsroom: Path) -> None:
    added = add(*LIBRARY, "--note", "Вхід із двору", "--phone", "103", "--hours-valid", 2)
    assert set(added) == PLACE_KEYS
    assert (added["name"], added["sort"], added["offers"]) == (
        "Бібліотека", "resilience", ["heat", "shelter"],
    )  # fmt: skip
    assert (added["lat"], added["lon"], added["open_now"]) == (46.709, 32.5, True)
    assert (added["note"], added["phone"], added["pending"]) == ("Вхід із двору", "103", True)
    assert added["expires_at_ms"] - added["confirmed_at_ms"] == pytest.approx(7_200_000, abs=9_000)
    shown = misto("place", "show", "--profile", newsroom, added["record"][:6], "--json").json
    assert shown == added


def test_a_list_by_sort_and_district(add: Add, misto: Here, newsroom: Path) -> None:
    for words in (SCHOOL, LIBRARY, CELLAR):
        add(*words)
    at = ("place", "list", "--profile", newsroom, "--json")

    def names(*more: str) -> list[str]:
        return [each["name"] for each in misto(*at, *more).json]

    assert names() == ["Бібліотека", "Льох", "Укриття школи"]
    assert names("--sort", "shelter") == ["Бібліотека", "Льох", "Укриття школи"]
    assert names("--sort", "heat") == ["Бібліотека"]
    assert names("--district", "Поділ") == ["Бібліотека", "Укриття школи"]
    assert names("--sort", "water") == []


def test_the_nearest_are_counted_from_what_is_known(add: Add, misto: Here, newsroom: Path) -> None:
    for words in (SCHOOL, LIBRARY, CELLAR):
        add(*words)

    def near(*words: object) -> Any:
        return misto("place", "near", "--profile", newsroom, "--json", *words).json

    found = near("--at", "46.70,32.50")
    assert found["origin"] == {"how": "device", "name": "46.70,32.50", "lat": 46.7, "lon": 32.5}
    assert [each["name"] for each in found["places"]] == ["Укриття школи", "Льох", "Бібліотека"]
    assert set(found["places"][0]) == PLACE_KEYS | {"distance_m", "direction"}
    assert [(each["distance_m"], each["direction"]) for each in found["places"][1:]] == [
        (763, "e"), (1001, "n"),
    ]  # fmt: skip
    street = near("--address", "Садова 3, кв. 5", "--sort", "heat")
    assert street["origin"]["how"] == "street"
    assert [each["distance_m"] for each in street["places"]] == [1001]
    own = near("--address", "вул. Невідома, 1", "--district", "Лівий берег", "--limit", 1)
    assert (own["origin"]["how"], own["origin"]["name"]) == ("district", "Лівий берег")
    assert [each["name"] for each in own["places"]] == ["Льох"]


def test_who_looked_last_is_believed(add: Add, misto: Here, newsroom: Path) -> None:
    record = add(*SCHOOL)["record"]
    add(*CELLAR)
    at = ("place", "confirm", "--profile", newsroom, record[:5])
    closed = misto(
        *at, "--condition", "closed", "--by", "черговий", "--note", "Ключа немає", "--json"
    ).json
    assert (closed["condition"], closed["condition_note"], closed["confirmed_by"]) == (
        "closed", "Ключа немає", "черговий",
    )  # fmt: skip
    near = ("place", "near", "--profile", newsroom, "--at", "46.70,32.50", "--json")
    assert [each["name"] for each in misto(*near).json["places"]] == ["Льох", "Укриття школи"]
    text = misto(*at, "--condition", "empty", "--note", "Води немає").out
    assert "has run out" in text
    assert "Води немає" in text
    old = misto(*at, "--condition", "open", "--hours-valid", 1e-9, "--json").json
    assert (old["condition"], old["stale"]) == ("open", True)
    assert "last look too old" in misto("place", "list", "--profile", newsroom).out


def test_a_removed_place_is_gone(add: Add, misto: Here, newsroom: Path) -> None:
    record = add(*SCHOOL)["record"]
    removed = misto(
        "place", "remove", "--profile", newsroom, record, "--note", "Ремонт", "--json"
    ).json
    assert removed == {"record": record, "removed": True, "note": "Ремонт"}
    assert misto("place", "list", "--profile", newsroom, "--json").json == []
    misto("place", "show", "--profile", newsroom, record).assert_one_clear_line("no such record")


def test_people_read_lines_and_tables(add: Add, misto: Here, newsroom: Path) -> None:
    done = misto("place", "add", "--profile", newsroom, *SCHOOL)
    assert done.out.startswith("saved on this device: ")
    assert "Поділ, вул. Садова, 12" in done.out
    add(*LIBRARY, "--hours", "Mo-Su 00:00-00:30 or so")
    near = misto("place", "near", "--profile", newsroom, "--address", "Паркова, 7").out
    assert near.startswith("from Паркова, 7: the middle of the places on that street\n")
    assert "1.0 km s" in near
    assert "0 m" in near
    assert "open, hours not known" in near
    assert "No such places" in misto("place", "list", "--profile", newsroom, "--sort", "aid").out


def test_places_reach_a_resident(add: Add, misto: Here, city: Path, resident: Path) -> None:
    record = add(*SCHOOL)["record"]
    with serving(city, free_port()) as server:
        for profile in (city / "profiles" / "newsroom", resident):
            misto("exchange", "--profile", profile, "--server", server)
    (place,) = misto("place", "list", "--profile", resident, "--json").json
    assert (place["record"], place["pending"]) == (record, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("place", "list", "--sort", "castle"), ("--sort", "shelter")),
        (("place", "near"), ("--address", "--district", "--at")),
        (("place", "near", "--address", "Садова"), ("no place", "Садова", "--at")),
        (("place", "near", "--at", "here"), ("LAT,LON",)),
        (("place", "near", "--at", "46.7"), ("LAT,LON",)),
        (("place", "near", "--at", "91,0"), ("latitude",)),
        (("place", "near", "--at", "nan,0"), ("latitude",)),
        (("place", "show", "abcd1234"), ("no such record", "abcd1234")),
        (("place", "show", "ab"), ("at least 4",)),
        (("place", "add", "--name", "Льох", "--sort", "cellar"), ("--sort", "cellar")),
        (("place", "add", "--name", " ", "--sort", "other"), ("title is empty",)),
        (("place", "add", *CELLAR, "--offer", "wine"), ("--offer", "wine")),
        (("place", "add", *CELLAR, *("--offer", "heat") * 9), ("--offer", "8")),
        (("place", "add", *CELLAR, "--phone", "1" * 301), ("--phone", "301")),
        (("place", "add", *CELLAR), ("role",)),
        (("place", "confirm", "abcd1234", "--condition", "burnt"), ("--condition", "empty")),
        (("place", "confirm", "abcd1234", "--condition", "open"), ("no such record",)),
        (("place", "remove", "abcd1234"), ("no such record",)),
    ],
)
def test_what_a_resident_is_told_in_plain_words(
    misto: Here, resident: Path, words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    misto(*words, "--profile", resident).assert_one_clear_line(*said)


@pytest.mark.parametrize(
    ("command", "keys"),
    [("show", PLACE_KEYS), ("near", {"origin", "how", "name", "lat", "lon", "places"})],
)
def test_help_names_every_key(misto: Here, command: str, keys: set[str]) -> None:
    promised = set(re.findall(r"\w+", misto("place", command, "--help").out.partition("JSON:")[2]))
    assert keys - promised == set()
