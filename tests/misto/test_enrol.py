"""`misto city grant`, `revoke`, `rotate`: who may act for the city, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.misto.support import Here, free_port, serving


@pytest.fixture
def office(city: Path) -> Path:
    return city / "profiles" / "enrolment"


@pytest.fixture
def desk(city: Path) -> Path:
    return city / "profiles" / "desk"


def shown(misto: Here, profile: Path) -> Any:
    return misto("device", "show", profile, "--json").json


def granted(misto: Here, office: Path, profile: Path, *more: object) -> Any:
    told = shown(misto, profile)
    return misto(
        "city", "grant", "--profile", office, told["public_key"], "--box", told["box_key"],
        "--label", "друга", *more, "--json",
    ).json  # fmt: skip


def test_a_device_tells_the_keys_that_a_grant_needs(misto: Here, resident: Path) -> None:
    told, text = shown(misto, resident), misto("device", "show", resident).out
    assert len(told["box_key"]) == 64
    assert told["box_key"] != told["public_key"]
    for key in ("public_key", "box_key"):
        assert told[key] in text


def test_granted_shared_rotated_revoked(
    misto: Here, city: Path, office: Path, desk: Path, resident: Path
) -> None:
    device = shown(misto, resident)["device"]
    assert granted(misto, office, resident, "--share-from", desk) == {
        "device": device, "role": "desk", "scope": "queue/general", "label": "друга", "keys": [1],
    }  # fmt: skip
    turned = misto("city", "rotate", "--profile", office, "--json").json
    assert (turned["queue"], turned["number"], turned["left_out"]) == ("general", 2, [])
    first = shown(misto, desk)["device"]
    assert sorted(turned["officers"]) == sorted([first, device])
    ended = misto("city", "revoke", "--profile", office, device, "--seen-by", desk, "--json").json
    assert ended == {
        "device": device, "role": "desk", "scope": "queue/general", "last_seq": 0,
        "rotation": {"queue": "general", "number": 3, "officers": [first], "left_out": []},
    }  # fmt: skip
    assert shown(misto, office)["waiting"] == 5
    with serving(city, port := free_port()) as url:
        assert url.endswith(str(port))
        for profile in (office, resident, desk):
            assert misto("exchange", "--profile", profile, "--server", url).status == 0
    assert shown(misto, resident)["roles"] == []
    assert shown(misto, desk)["roles"] == [{"role": "desk", "scope": "queue/general"}]


def test_for_people(misto: Here, office: Path, desk: Path, resident: Path) -> None:
    turned = misto("city", "rotate", "--profile", office).out
    assert "number" in turned
    assert f"misto exchange --profile {office}" in turned
    device = shown(misto, desk)["device"]
    last = misto("city", "revoke", "--profile", office, device, "--last-seq", 0).out
    assert "none: nobody is left" in last


def test_what_cannot_be_is_said_in_one_line(
    misto: Here, office: Path, desk: Path, resident: Path
) -> None:
    key, device = "ab" * 32, shown(misto, desk)["device"]
    grant = ("city", "grant", "--profile", office)
    misto(*grant, key).assert_one_clear_line("box key")
    misto(*grant, "Надріччя").assert_one_clear_line("hex")
    misto(*grant, key, "--role", "mayor").assert_one_clear_line("mayor")
    misto(*grant, key, "--box", key, "--queue", "вода").assert_one_clear_line("вода")
    misto("city", "grant", "--profile", resident, key, "--box", key).assert_one_clear_line("role")
    misto("city", "revoke", "--profile", office, device).assert_one_clear_line("queue/general")
    misto("city", "rotate", "--profile", office, "--queue", "вода").assert_one_clear_line("вода")
    assert shown(misto, office)["waiting"] == 0


def test_a_grant_whose_keys_cannot_be_shared_is_not_made(
    misto: Here, office: Path, resident: Path
) -> None:
    told = shown(misto, resident)
    misto(
        "city", "grant", "--profile", office, told["public_key"], "--box", told["box_key"],
        "--share-from", resident,
    ).assert_one_clear_line("no key")  # fmt: skip
    assert shown(misto, office)["waiting"] == 0
