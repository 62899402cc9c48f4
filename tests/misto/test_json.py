"""The shapes of `--json`: the keys that `--help` promises, over a real server process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.misto.support import Here, free_port, serving

APPEAL_KEYS = {
    "record", "title", "text", "lane", "kind", "category", "address", "district", "name", "contact",
    "residence", "place", "position", "state", "reason", "receipt_number", "received_at_ms",
    "created_at_ms", "number", "status", "history", "said", "withdrawn", "stars", "rating_note",
    "mine", "pending",
}  # fmt: skip
RECEIPT_KEYS = {
    "change", "scope", "device", "seq", "request", "statement", "context", "signature", "status",
    "reason", "version", "received_at_ms", "verified",
}  # fmt: skip
NEWS_KEYS = {
    "record", "title", "text", "topic", "district", "priority", "published_at_ms", "changed_at_ms",
    "expires_at_ms", "expired", "corrections", "withdrawn", "note", "pending", "confirmed",
}  # fmt: skip
EXCHANGE_KEYS = {
    "server", "pushed", "accepted", "refused", "held", "pulled", "forged", "bytes_up", "bytes_down",
    "round_trips", "complete", "carried",
}  # fmt: skip
DEVICE_KEYS = {
    "folder", "device", "public_key", "box_key", "city", "city_name", "servers", "main_queue",
    "roles", "waiting", "refused",
}  # fmt: skip


def test_device(misto: Here, city: Path, resident: Path) -> None:
    shape = misto("device", "show", resident, "--json").json
    assert set(shape) == DEVICE_KEYS
    assert (shape["roles"], shape["waiting"], shape["city_name"]) == ([], 0, "Надріччя")
    assert re.fullmatch("[0-9a-f]{32}", shape["device"])
    desk = misto("device", "show", city / "profiles" / "desk", "--json").json
    assert desk["roles"] == [{"role": "desk", "scope": "queue/general"}]


def test_an_appeal_that_waits(misto: Here, resident: Path) -> None:
    filed = misto(
        "appeal", "new", "--profile", resident, "--title", "Ліхтар", "--text", "Не світить.",
        "--lane", "signal", "--category", "light", "--address", "вул. Садова, 3", "--district",
        "Поділ", "--name", "Оксана", "--contact", "+380", "--residence", "пров. Тихий, 2", "--json",
    ).json  # fmt: skip
    assert set(filed) == APPEAL_KEYS | {"receipt"}
    assert filed["receipt"] is None
    assert (filed["state"], filed["lane"], filed["address"]) == (
        "waiting", "signal", "вул. Садова, 3",
    )  # fmt: skip
    assert (filed["residence"], filed["stars"], filed["position"]) == ("пров. Тихий, 2", 0, None)
    (listed,) = misto("appeal", "list", "--profile", resident, "--json").json
    assert set(listed) == APPEAL_KEYS
    assert {key: filed[key] for key in APPEAL_KEYS} == listed
    assert misto("device", "show", resident, "--json").json["waiting"] == 1


def test_an_alert_needs_two_people(misto: Here, city: Path, server: str) -> None:
    newsroom, editor = city / "profiles" / "newsroom", city / "profiles" / "editor"
    record = misto(
        "news", "publish", "--profile", newsroom, "--title", "Тривога", "--text", "В укриття.",
        "--priority", "urgent", "--json",
    ).json["record"]  # fmt: skip
    misto("news", "confirm", "--profile", newsroom, record).assert_one_clear_line("another person")
    for profile in (newsroom, editor):
        misto("exchange", "--profile", profile, "--server", server)
    (waiting,) = misto("news", "awaiting", "--profile", editor, "--json").json
    assert (waiting["record"], waiting["by"], waiting["confirmed"]) == (record, "newsroom", False)
    signed = misto("news", "confirm", "--profile", editor, record, "--json").json
    assert (signed["priority"], signed["confirmed"]) == ("urgent", True)
    assert misto("news", "awaiting", "--profile", editor, "--json").json == []


def _filed(misto: Here, resident: Path) -> str:
    words = ("--title", "Ліхтар", "--text", "Не світить.")
    return str(misto("appeal", "new", "--profile", resident, *words, "--json").json["record"])


def test_an_authors_later_words(misto: Here, resident: Path) -> None:
    record = _filed(misto, resident)
    at = ("--profile", resident, record[:6], "--json")
    amended = misto("appeal", "amend", *at, "--title", "Ліхтар і люк").json
    assert (amended["title"], amended["text"]) == ("Ліхтар і люк", "Не світить.")
    commented = misto("appeal", "comment", *at, "--text", "Ще темно.").json
    assert [(each["text"], each["by_desk"]) for each in commented["said"]] == [("Ще темно.", False)]
    assert misto("appeal", "withdraw", *at, "--note", "Полагодили самі").json["withdrawn"] is True
    misto("appeal", "withdraw", *at).assert_one_clear_line("can no longer be done")


@pytest.fixture
def server(city: Path) -> Iterator[str]:
    with serving(city, free_port()) as url:
        yield url


def test_a_round_through_the_city(misto: Here, city: Path, resident: Path, server: str) -> None:
    desk, newsroom = city / "profiles" / "desk", city / "profiles" / "newsroom"
    published = misto(
        "news", "publish", "--profile", newsroom, "--title", "Тривога", "--text", "В укриття.",
        "--priority", "urgent", "--hours", 2, "--topic", "danger", "--json",
    ).json  # fmt: skip
    assert set(published) == NEWS_KEYS
    assert (published["pending"], published["expired"], published["priority"]) == (
        True, False, "important",
    )  # fmt: skip
    record = _filed(misto, resident)
    for profile, pushed in ((newsroom, 1), (resident, 1), (desk, 0)):
        result = misto("exchange", "--profile", profile, "--server", server, "--json").json
        assert set(result) == EXCHANGE_KEYS
        assert (result["pushed"], result["accepted"], result["complete"]) == (pushed, pushed, True)
        assert result["bytes_up"] > 0
        assert result["bytes_down"] > 0

    (news,) = misto("news", "list", "--profile", resident, "--json").json
    assert {key: news[key] for key in ("record", "title", "text", "topic")} == {
        key: published[key] for key in ("record", "title", "text", "topic")
    }
    assert misto("news", "search", "--profile", resident, "укри", "--json").json == [news]
    assert misto("news", "search", "--profile", resident, "вода", "--json").json == []

    (queued,) = misto("desk", "list", "--profile", desk, "--json").json
    assert set(queued) == APPEAL_KEYS
    assert queued["text"] == "Не світить."
    at = ("--profile", desk, record[:8], "--json")
    assert misto("desk", "show", *at).json == queued
    registered = misto("desk", "register", *at, "--note", "Прийнято").json
    assert registered["number"].startswith("ЗВ-")
    working = misto("desk", "status", *at[:3], "in_progress", "--json").json
    assert working["status"] == "in_progress"
    replied = misto(
        "desk", "reply", "--profile", desk, registered["number"], "--text", "Світить.", "--json"
    ).json
    assert [each["text"] for each in replied["said"]] == ["Світить."]
    misto("exchange", "--profile", desk, "--server", server)
    misto("exchange", "--profile", resident, "--server", server)

    shown = misto("appeal", "show", "--profile", resident, record, "--json").json
    assert set(shown) == APPEAL_KEYS | {"receipt"}
    assert set(shown["receipt"]) == RECEIPT_KEYS
    assert (shown["receipt"]["verified"], shown["receipt"]["status"]) == (True, "accepted")
    assert [step["status"] for step in shown["history"]] == ["registered", "in_progress"]
    assert [step["note"] for step in shown["history"]] == ["Прийнято", ""]

    at = ("--profile", resident, record[:8], "--stars")
    rated = misto("appeal", "rate", *at, 4, "--note", "Швидко", "--json").json
    assert (rated["stars"], rated["rating_note"], rated["pending"]) == (4, "Швидко", True)
    assert "5 of 5" in misto("appeal", "rate", *at, 5).out


def test_people_see_what_programs_see(misto: Here, city: Path, resident: Path, server: str) -> None:
    """The tables and lines for people carry the same facts, and no control characters."""
    newsroom = city / "profiles" / "newsroom"
    title = "Вода\x1b[31m о 18:00"
    assert (
        misto("news", "publish", "--profile", newsroom, "--title", title, "--text", "а").status == 0
    )
    misto("exchange", "--profile", newsroom, "--server", server)
    done = misto("exchange", "--profile", resident, "--server", server)
    assert "1 round trip\n" in done.out
    assert "1 change\n" in done.out
    listing = misto("news", "list", "--profile", resident).out
    assert "Вода[31m о 18:00" in listing
    assert "\x1b" not in listing
    assert "No appeals" in misto("appeal", "list", "--profile", resident).out
    misto("appeal", "new", "--profile", resident, "--title", "Ліхтар", "--text", "Темно.")
    assert "saved on this device, waiting" in misto("appeal", "list", "--profile", resident).out


def test_an_expired_item_says_so(misto: Here, city: Path) -> None:
    newsroom = city / "profiles" / "newsroom"
    misto("news", "publish", "--profile", newsroom, "--title", "а", "--text", "а", "--hours", 1e-9)
    (item,) = misto("news", "list", "--profile", newsroom, "--json").json
    assert item["expired"] is True
    assert "(expired)" in misto("news", "list", "--profile", newsroom).out


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        (("appeal", "show"), APPEAL_KEYS | RECEIPT_KEYS | {"receipt", "at_ms", "by_desk"}),
        (("news", "list"), NEWS_KEYS),
        (("exchange",), EXCHANGE_KEYS),
        (("device", "show"), DEVICE_KEYS),
        (("doctor",), {"ok", "findings", "topic", "level", "readable", "waiting"}),
    ],
)
def test_help_names_every_key(misto: Here, command: tuple[str, ...], keys: set[str]) -> None:
    promised = set(re.findall(r"\w+", misto(*command, "--help").out.partition("JSON:")[2]))
    assert keys - promised == set()
