"""Whatever goes wrong is one clear line on standard error and a non-zero status."""

from __future__ import annotations

import errno
import os
import socket
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from client.services.appeals import Appeals
from client.storage.errors import StorageFull, StorageReadOnly
from misto.ports import check_free_port
from shared_schema.errors import PayloadError
from tests.misto.support import HOST, Here, free_port, process

NEW = ("appeal", "new", "--title", "Ліхтар", "--profile")


# --------------------------------------------------------------------------------------- profiles


@pytest.mark.parametrize(
    "command",
    [
        ("device", "show"),
        ("appeal", "list", "--profile"),
        ("news", "list", "--profile"),
        ("desk", "list", "--profile"),
        ("place", "list", "--profile"),
        ("outage", "list", "--profile"),
        ("exchange", "--server", "http://127.0.0.1:9", "--profile"),
        ("doctor", "--profile"),
        ("app", "--web", "--profile"),
    ],
)
def test_a_folder_that_is_no_profile(misto: Here, tmp_path: Path, command: tuple[str, ...]) -> None:
    misto(*command, tmp_path / "none").assert_one_clear_line(
        str(tmp_path / "none"), "not a profile"
    )


def test_a_profile_is_never_overwritten(misto: Here, city: Path, resident: Path) -> None:
    keys = (resident / "device.keys").read_bytes()
    done = misto("device", "new", resident, "--card", city / "card.json")
    done.assert_one_clear_line("not empty")
    assert (resident / "device.keys").read_bytes() == keys


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff", b"[" * 100_000, b'{"format": 7}'])
def test_a_bad_card(misto: Here, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "card.json").write_bytes(content)
    done = misto("device", "new", tmp_path / "phone", "--card", tmp_path / "card.json")
    done.assert_one_clear_line("not a city card")
    assert not (tmp_path / "phone").exists()


def test_a_card_with_one_letter_changed(misto: Here, city: Path, tmp_path: Path) -> None:
    card = tmp_path / "forged.json"
    text = (city / "card.json").read_text(encoding="utf-8")
    assert "http://127.0.0.1:9" in text
    card.write_text(text.replace("127.0.0.1:9", "127.0.0.1:8"), encoding="utf-8")
    done = misto("device", "new", tmp_path / "phone", "--card", card)
    done.assert_one_clear_line("not a city card")


def test_a_missing_card(misto: Here, tmp_path: Path) -> None:
    done = misto("device", "new", tmp_path / "phone", "--card", tmp_path / "none.json")
    done.assert_one_clear_line("none.json", "no such file")


def test_a_pin(misto: Here, city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, pin = tmp_path / "phone", tmp_path / "pin"
    pin.write_text("2468\n")
    made = misto("device", "new", phone, "--card", city / "card.json", "--pin-file", pin, "--json")
    assert made.json["folder"] == str(phone)
    misto("appeal", "list", "--profile", phone).assert_one_clear_line("PIN", "--pin-file")
    assert misto("appeal", "list", "--profile", phone, "--pin-file", pin, "--json").json == []
    monkeypatch.setenv("MISTO_PIN", "1357")
    misto("appeal", "list", "--profile", phone).assert_one_clear_line("wrong PIN")
    monkeypatch.setenv("MISTO_PIN", "2468")
    assert misto("appeal", "list", "--profile", phone, "--json").json == []
    pin.write_text("\n")
    misto("device", "show", phone, "--pin-file", pin).assert_one_clear_line("no PIN")


def test_a_damaged_database(misto: Here, resident: Path) -> None:
    database = resident / "replica.db"
    database.write_bytes(b"not a database, " * 512)
    misto("appeal", "list", "--profile", resident).assert_one_clear_line("damaged", "doctor")


def test_a_profile_of_a_newer_version(misto: Here, resident: Path) -> None:
    with sqlite3.connect(resident / "replica.db") as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()
    misto("appeal", "list", "--profile", resident).assert_one_clear_line("newer")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StorageFull("database or disk is full"), "the disk is full"),
        (StorageReadOnly("attempt to write"), "may not be written"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
    ],
)
def test_a_disk_that_takes_no_more(
    misto: Here, resident: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def full(*_: Any) -> Any:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Appeals, "file", full)
        misto(*NEW, resident, "--text", "а").assert_one_clear_line(said)
    assert misto("doctor", "--profile", resident, "--json").json["ok"] is True


# ------------------------------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe\x00\x01", "UTF-8"),
        ("Світло".encode("cp1251"), "UTF-8"),
        (b"PK\x03\x04\x00\x00", "binary"),
        ("ї".encode() * 10_001, "10,001"),
        (b"a" * 200_000, "too long"),
    ],
)
def test_a_text_file_that_is_no_text(
    misto: Here, resident: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    words = tmp_path / "words.txt"
    words.write_bytes(content)
    misto(*NEW, resident, "--text-file", words).assert_one_clear_line(said)
    assert misto("appeal", "list", "--profile", resident, "--json").json == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--text-file", "/nonexistent/words.txt"), "no such file"),
        (("--text-file", "/"), "/"),
        ((), "one of the two"),
        (("--text", "а", "--text-file", "-"), "one of the two"),
        (("--text", "а", "--lane", "letter"), "--lane"),
        (("--text", "а", "--kind", "x"), "--kind"),
        (("--text", "а", "--category", "spaceships"), "--category"),
        (("--text", "а", "--address", "х" * 301), "--address"),
        (("--text", "а", "--residence", "х" * 301), "--residence"),
        (("--text", "а", "--title", "х" * 201), "201"),
        (("--text", "а", "--title", " "), "title is empty"),
        (("--text", "а\udcff"), "not valid text"),
    ],
)
def test_words_that_the_rules_do_not_allow(
    misto: Here, resident: Path, more: tuple[str, ...], said: str
) -> None:
    misto(*NEW, resident, *more).assert_one_clear_line(said)
    assert misto("appeal", "list", "--profile", resident, "--json").json == []


def test_a_text_with_a_byte_order_mark_is_taken_without_it(
    misto: Here, resident: Path, tmp_path: Path
) -> None:
    (tmp_path / "words.txt").write_bytes("\ufeffСвітло зникло\r\n".encode())
    done = misto(*NEW, resident, "--text-file", tmp_path / "words.txt", "--json")
    assert done.json["text"] == "Світло зникло"


# ---------------------------------------------------------------------------------------- records


def test_an_unknown_record(misto: Here, resident: Path) -> None:
    for record in ("deadbeef", "0" * 32, "ЗВ-000001"):
        done = misto("appeal", "show", "--profile", resident, record)
        done.assert_one_clear_line("no such record", record)
    misto("appeal", "show", "--profile", resident, "a").assert_one_clear_line("at least 4")


def test_an_ambiguous_beginning(
    misto: Here, resident: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids are hashes; two that begin alike are made by hand, with views of real appeals."""
    from dataclasses import replace

    misto(*NEW, resident, "--text", "а")
    real = Appeals.list

    def alike(self: Appeals) -> list[Any]:
        (view,) = real(self)
        return [replace(view, record=f"abcd{digit}" + view.record[5:]) for digit in "12"]

    monkeypatch.setattr(Appeals, "list", alike)
    done = misto("appeal", "show", "--profile", resident, "abcd")
    done.assert_one_clear_line("2 records", "abcd1", "abcd2", "more letters")


def test_a_resident_is_no_newsroom_and_no_desk(misto: Here, resident: Path) -> None:
    done = misto("news", "publish", "--profile", resident, "--title", "Чутка", "--text", "а")
    done.assert_one_clear_line("role")
    misto("desk", "list", "--profile", resident).assert_one_clear_line("role")


def test_a_rating_waits_for_an_answer(misto: Here, resident: Path) -> None:
    filed = misto(*NEW, resident, "--text", "а", "--json").json
    at = ("appeal", "rate", "--profile", resident)
    misto(*at, filed["record"], "--stars", 3).assert_one_clear_line("not answered yet")
    misto(*at, "deadbeef", "--stars", 3).assert_one_clear_line("no such record")
    misto(*at, filed["record"], "--stars", 6).assert_one_clear_line("--stars")


# ----------------------------------------------------------------------------- server and network


def test_a_server_that_cannot_be_reached(misto: Here, resident: Path) -> None:
    misto(*NEW, resident, "--text", "а")
    for address in ("http://127.0.0.1:9", "http://nowhere.invalid", "https://127.0.0.1:9"):
        done = misto("exchange", "--profile", resident, "--server", address)
        done.assert_one_clear_line("cannot be reached")
    done = misto("exchange", "--profile", resident, "--server", "127.0.0.1:9")
    done.assert_one_clear_line("starts with")
    (waiting,) = misto("appeal", "list", "--profile", resident, "--json").json
    assert waiting["state"] == "waiting"


def test_a_city_folder_that_is_none(misto: Here, tmp_path: Path) -> None:
    misto("serve", "--city", tmp_path).assert_one_clear_line("no city folder", "card.json")


def test_a_server_key_of_another_city(misto: Here, city: Path) -> None:
    (city / "server.key").write_text("11" * 32)
    misto("serve", "--city", city, "--port", 1).assert_one_clear_line()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (None, None),
        ("postgresql://city@db/misto", "postgresql+psycopg://city@db/misto"),
        ("postgres://db/misto", "postgresql+psycopg://db/misto"),
        ("postgresql+psycopg://db/misto", "postgresql+psycopg://db/misto"),
        ("sqlite:////srv/misto.db", "sqlite:////srv/misto.db"),
    ],
)
def test_a_database_url_gets_the_driver_that_is_installed(
    misto: Here, city: Path, monkeypatch: pytest.MonkeyPatch, given: str | None, used: str | None
) -> None:
    served: list[Any] = []
    monkeypatch.setattr("sync_server.app.run", served.append)
    more = () if given is None else ("--database-url", given)
    assert misto("serve", "--city", city, "--port", free_port(), *more).status == 0
    assert [settings.database_url for settings in served] == [used]


def test_a_busy_port(misto: Here, city: Path) -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        done = misto("serve", "--city", city, "--port", port)
        done.assert_one_clear_line(f"port {port} is in use")
    check_free_port(HOST, port)


# ------------------------------------------------------------------------------- the command line


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("fly",), "fly"),
        (("appeal", "list"), "--profile"),
        (("appeal", "list", "--profile"), "--profile"),
        (("appeal", "list", "--profile", "x", "--limit", "0"), "--limit"),
        (("serve", "--city", "x", "--port", "70000"), "--port"),
        (("bench", "nothing"), "local, push, pull, herd, wire"),
        (("appeal", "new", "--profile", "x", "--titel", "x"), "--title"),
    ],
)
def test_a_command_that_is_not_understood(misto: Here, command: tuple[str, ...], said: str) -> None:
    misto(*command).assert_one_clear_line(said)


def test_even_a_mistake_of_ours_is_one_line(
    misto: Here, resident: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Appeals) -> list[Any]:
        raise ZeroDivisionError("far away\nand long ago")

    monkeypatch.setattr(Appeals, "list", broken)
    done = misto("appeal", "list", "--profile", resident)
    done.assert_one_clear_line("ZeroDivisionError", "MISTO_DEBUG")
    monkeypatch.setenv("MISTO_DEBUG", "1")
    assert "Traceback" in misto("appeal", "list", "--profile", resident).err


def test_the_core_refuses_what_the_command_line_lets_pass(
    misto: Here, resident: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits of the protocol hold even where this command line forgot one."""
    monkeypatch.setattr("misto.cli.draft.short", lambda name, value: value)
    done = misto(*NEW, resident, "--text", "а", "--address", "х" * 301)
    done.assert_one_clear_line("do not allow")
    assert PayloadError.code == "bad_payload"


def test_a_reader_that_leaves_early(resident: Path) -> None:
    """`misto … | head` ends without a complaint."""
    import subprocess

    from tests.misto.support import command, environment

    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command("appeal", "list", "--profile", resident, "--json"),
        env=environment(),
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode == 1


def test_help_comes_at_once_and_names_every_command() -> None:
    done = process("--help")
    assert done.status == 0
    for name in (
        "city", "serve", "demo", "app", "device", "appeal", "exchange", "news", "place",
        "outage", "desk", "bench", "simulate", "doctor",
    ):  # fmt: skip
        assert f" {name} " in done.out
