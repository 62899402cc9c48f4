"""`misto volunteer` and `misto rounds`: from an invitation on paper to a green light."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from client.services.courier.courier import Courier
from client.services.replica import Replica
from tests.misto.support import Here, free_port, serving

DISTRICT = "Поділ"
ROUND_KEYS = {"green", "missing", "here", "stops", "loose_replies", "slips", "carried"}
STOP_KEYS = {"id", "street", "building", "mark", "marked_ms", "note", "waiting", "replies"}


@pytest.fixture
def desk(city: Path) -> Path:
    return city / "profiles" / "desk"


@pytest.fixture
def online(city: Path) -> Iterator[str]:
    with serving(city, free_port()) as url:
        yield url


def invited(misto: Here, desk: Path, *more: object) -> Any:
    return misto(
        "volunteer", "invite", "--profile", desk, "--district", DISTRICT, "--name", "Оля", *more,
        "--json",
    ).json  # fmt: skip


def test_invited_joined_listed_revoked(
    misto: Here, desk: Path, resident: Path, online: str
) -> None:
    made = invited(misto, desk, "--days", "7")
    assert set(made) == {"id", "scope", "district", "until_ms", "words", "code"}
    assert len(made["words"].split()) == 9
    assert made["code"].startswith("misto:invite/1/")
    joined = misto("volunteer", "join", "--profile", resident, made["code"], "--json").json
    assert joined == {
        "state": "provisional", "district": DISTRICT, "until_ms": made["until_ms"],
        "scope": "queue/general",
    }  # fmt: skip
    for profile in (resident, desk, desk):
        assert misto("exchange", "--profile", profile, "--server", online).status == 0
    assert misto("volunteer", "join", "--profile", resident, "--json").json["state"] == "in_force"
    (view,) = misto("volunteer", "list", "--profile", desk, "--json").json
    assert (view["state"], view["name"], view["confirmed"]) == ("joined", "Оля", True)
    ended = misto("volunteer", "revoke", "--profile", desk, view["device"][:9], "--json").json
    assert ended == {**view, "state": "dismissed"}
    for profile in (desk, resident):
        misto("exchange", "--profile", profile, "--server", online)
    told = misto("volunteer", "join", "--profile", resident).out
    assert "the desk has ended it" in told


def test_the_words_alone_and_a_file(
    misto: Here, desk: Path, resident: Path, tmp_path: Path, online: str
) -> None:
    made = invited(misto, desk)
    misto("exchange", "--profile", desk, "--server", online)
    paper = tmp_path / "paper.txt"
    paper.write_text(made["words"].upper(), encoding="utf-8")
    joined = misto("volunteer", "join", "--profile", resident, "--code-file", paper, "--json").json
    assert joined["state"] == "unheard"
    for _ in range(2):
        misto("exchange", "--profile", resident, "--server", online)
    assert misto("volunteer", "join", "--profile", resident, "--json").json["state"] == "in_force"


def test_what_cannot_be_is_said_in_one_line(misto: Here, desk: Path, resident: Path) -> None:
    made = invited(misto, desk)
    misto(
        "volunteer", "invite", "--profile", resident, "--district", DISTRICT
    ).assert_one_clear_line("role")
    misto("volunteer", "list", "--profile", resident).assert_one_clear_line("role")
    misto(
        "volunteer", "invite", "--profile", desk, "--district", "x", "--days", "9999"
    ).assert_one_clear_line("--days")
    join = ("volunteer", "join", "--profile", resident)
    misto(*join, made["code"][:-7]).assert_one_clear_line("damaged")
    misto(*join, "абетка абрикос").assert_one_clear_line("nine words")
    misto("volunteer", "revoke", "--profile", desk, made["id"])
    misto("volunteer", "revoke", "--profile", desk, "00000000").assert_one_clear_line("no such")
    assert "has not joined" in misto(*join).out
    assert "dismissed" in misto("volunteer", "list", "--profile", desk).out


def rounds(misto: Here, command: str, profile: Path, *more: object) -> Any:
    shape = misto("rounds", command, "--profile", profile, *more, "--json").json
    assert set(shape) - {"handed_in"} == ROUND_KEYS
    assert all(set(stop) == STOP_KEYS for stop in shape["stops"])
    return shape


def carry(source: Path, to: Path) -> str:
    """What waits in one profile is carried by another; the sender's device."""
    with Replica.open(source) as resident, Replica.open(to) as volunteer:
        for bundle in Courier(resident).give(public=False):
            Courier(volunteer).take(bundle, "file")
        return resident.device.hex()


def test_a_round_from_the_first_door_to_a_green_light(
    misto: Here, city: Path, resident: Path, tmp_path: Path, online: str
) -> None:
    volunteer = tmp_path / "volunteer"
    misto("device", "new", volunteer, "--card", city / "card.json")
    assert rounds(misto, "show", volunteer)["green"] is True
    (stop,) = rounds(misto, "add", volunteer, "--street", "Садова", "--building", "5")["stops"]
    assert rounds(misto, "here", volunteer, stop["id"][:4])["here"] == stop["id"]
    misto(
        "appeal", "new", "--profile", resident, "--title", "Ліхтар", "--text", "Не світить.",
        "--lane", "signal",
    )  # fmt: skip
    carry(resident, volunteer)
    marked = rounds(misto, "mark", volunteer, stop["id"], "visited", "--note", "третій поверх")
    assert marked["missing"] == [{"what": "carried", "count": 1}]
    assert (marked["stops"][0]["waiting"], marked["stops"][0]["mark"]) == (1, "visited")
    handed_in = rounds(misto, "hand-in", volunteer, "--server", online)
    done = handed_in["handed_in"]
    assert (done["delivered"], done["cleared"]["requests"], done["cleared"]["owed"]) == (1, 0, 1)
    assert handed_in["missing"] == [{"what": "replies", "count": 1}]
    noted = rounds(misto, "note", volunteer, stop["id"], "код 24")
    assert noted["stops"][0]["note"] == "код 24"
    cleared = misto("bundle", "clear", "--profile", volunteer, "--json").json
    assert (cleared["requests"], cleared["kept"]) == (0, 1), "a reply that is owed stays"
    assert rounds(misto, "handed", volunteer, stop["id"])["green"] is True
    last = rounds(misto, "hand-in", volunteer, "--server", online)
    assert (last["handed_in"]["cleared"]["requests"], last["carried"]["requests"]) == (1, 0)
    assert last["green"] is True
    assert "green" in misto("rounds", "show", "--profile", volunteer).out
    assert rounds(misto, "remove", volunteer, stop["id"])["stops"] == []


def test_a_server_that_cannot_be_reached_wipes_nothing(
    misto: Here, city: Path, resident: Path, tmp_path: Path
) -> None:
    volunteer = tmp_path / "volunteer"
    misto("device", "new", volunteer, "--card", city / "card.json")
    misto(
        "appeal", "new", "--profile", resident, "--title", "Ліхтар", "--text", "Не світить.",
        "--lane", "signal",
    )  # fmt: skip
    carry(resident, volunteer)
    dead = f"http://127.0.0.1:{free_port()}"
    misto("rounds", "hand-in", "--profile", volunteer, "--server", dead).assert_one_clear_line(
        "cannot be reached"
    )
    assert rounds(misto, "show", volunteer)["carried"]["waiting"] == 1
    assert "1 request without" in misto("rounds", "show", "--profile", volunteer).out


def test_rounds_say_what_to_do_instead(misto: Here, resident: Path) -> None:
    at = ("--profile", resident)
    misto("rounds", "add", *at).assert_one_clear_line("--street")
    misto("rounds", "add", *at, "--from-district").assert_one_clear_line("volunteer")
    misto("rounds", "mark", *at, "abcd", "visited").assert_one_clear_line("names 0 doors")
    misto("rounds", "mark", *at, "abcd", "gone").assert_one_clear_line("come_back")
    misto("rounds", "handed", *at, "abcd").assert_one_clear_line("names 0 doors")
