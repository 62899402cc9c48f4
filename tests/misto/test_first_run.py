"""`misto app --card`: a folder that is no profile yet, and what is said before a window opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.misto.support import Here, free_port

Runs = list[tuple[Path, dict[str, Any]]]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """What the app was asked to show."""
    asked: Runs = []

    def run(profile: Path, **options: Any) -> None:
        asked.append((profile, options))

    monkeypatch.setattr("client.main.run", run)
    return asked


def test_a_card_is_for_a_folder_that_is_no_profile_yet(
    misto: Here, city: Path, tmp_path: Path, runs: Runs
) -> None:
    phone, card, port = tmp_path / "phone", city / "card.json", free_port()
    done = misto("app", "--profile", phone, "--card", card, "--web", "--port", port)
    assert done.status == 0, done.err
    assert runs == [
        (phone, {"web": True, "port": port, "server": None, "card": card, "every_s": None})
    ]
    assert not phone.exists(), "its person makes it, not the command"


def test_a_profile_that_is_there_needs_no_card(
    misto: Here, city: Path, resident: Path, runs: Runs
) -> None:
    """The demo starts its newcomer with the same command the next time."""
    assert misto("app", "--profile", resident, "--card", city / "card.json").status == 0
    assert misto("app", "--profile", resident, "--server", "http://127.0.0.1:9").status == 0
    assert [options["card"] for _, options in runs] == [None, None]


def test_a_first_run_that_was_cut_off_begins_anew(
    misto: Here, city: Path, tmp_path: Path, runs: Runs
) -> None:
    phone = tmp_path / "phone"
    phone.mkdir()
    for name in ("card.json", "replica.db", "replica.db-wal"):
        (phone / name).write_bytes(b"half")
    assert misto("app", "--profile", phone, "--card", city / "card.json").status == 0
    assert len(runs) == 1


def test_what_cannot_be_is_said_before_a_window_opens(
    misto: Here, city: Path, tmp_path: Path, runs: Runs
) -> None:
    phone, card = tmp_path / "phone", tmp_path / "card.json"
    at = ("app", "--profile", phone, "--card", card)
    misto(*at).assert_one_clear_line("card.json", "no such file")
    card.write_bytes(b"{}")
    misto(*at).assert_one_clear_line("not a city card")
    card.write_bytes((city / "card.json").read_bytes())
    phone.mkdir()
    (phone / "thesis.txt").write_text("x")
    misto(*at).assert_one_clear_line(str(phone), "not empty")
    assert runs == []
