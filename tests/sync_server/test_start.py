"""Starting the server: what is wrong with a city folder is one clear line, and an exit status."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared_schema.crypto.signing import Signer
from sync_server.__main__ import main
from sync_server.settings import CARD, DATABASE, SERVER_KEY
from sync_server.storage.sql import SqlStore
from sync_server.storage.tables import meta
from tests.sync_server.town import Town


@pytest.fixture
def folder(town: Town) -> Path:
    """A city folder without a database."""
    town.store.close()
    (town.folder / DATABASE).unlink()
    (town.folder / CARD).write_bytes(town.card.raw)
    (town.folder / SERVER_KEY).write_text(town.server_seed.hex(), encoding="ascii")
    return town.folder


def fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *more: str
) -> str:
    """The one line that a start in this folder ends with."""
    monkeypatch.setattr(sys, "argv", ["sync_server", "--city", str(folder), *more])
    assert main() == 2
    text = capsys.readouterr().err
    assert text.count("\n") == 1
    return text


def test_a_folder_without_a_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert CARD in fails(tmp_path / "nowhere", monkeypatch, capsys)


def test_a_key_that_is_not_this_city_s(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / SERVER_KEY).write_text(Signer.generate()[1].hex(), encoding="ascii")
    assert SERVER_KEY in fails(folder, monkeypatch, capsys)


def test_a_database_that_is_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / DATABASE).write_bytes(os.urandom(20_000))
    assert "not a database" in fails(folder, monkeypatch, capsys)


def test_a_database_that_cannot_be_reached(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "sqlite:////nowhere/at/all.db"
    text = fails(folder, monkeypatch, capsys, "--database-url", url)
    assert "cannot open the database" in text


def test_a_database_of_a_newer_server_is_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = SqlStore(f"sqlite:///{folder / DATABASE}")
    with store._engine.begin() as connection:
        connection.execute(meta.update().values(value="99"))
    store.close()
    before = (folder / DATABASE).read_bytes()
    assert "schema 99" in fails(folder, monkeypatch, capsys)
    assert (folder / DATABASE).read_bytes() == before


def test_told_to_stop_it_stops_and_leaves_one_whole_database_file(folder: Path) -> None:
    command = [sys.executable, "-m", "sync_server", "--city", str(folder), "--port", "0"]
    lines = []
    with subprocess.Popen([*command, "--verbose"], stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        for line in server.stderr:
            lines.append(line)
            if "Uvicorn running" in line:
                server.send_signal(signal.SIGTERM)
    assert any('"event": "stopped"' in line for line in lines)
    assert not any("Traceback" in line for line in lines)
    assert not list(folder.glob(f"{DATABASE}-*"))
    SqlStore(f"sqlite:///{folder / DATABASE}").close()
