"""A founded city and a way to run commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from misto.city import init_city
from tests.misto.support import Here


@pytest.fixture
def misto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    """Commands, run in this process."""
    monkeypatch.delenv("MISTO_PIN", raising=False)
    monkeypatch.delenv("MISTO_DEBUG", raising=False)
    return Here(capsys)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A city folder; nothing serves it."""
    folder = tmp_path / "city"
    init_city(
        folder, "Надріччя", servers=("http://127.0.0.1:9",), districts=("Поділ", "Лівий берег")
    )
    return folder


@pytest.fixture
def resident(tmp_path: Path, city: Path, misto: Here) -> Path:
    """A resident's profile that has never been connected."""
    folder = tmp_path / "resident"
    assert misto("device", "new", folder, "--card", city / "card.json").status == 0
    return folder
