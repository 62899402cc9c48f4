"""Fixtures of the server tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync_server.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A city on SQLite."""
    made = Town(tmp_path)
    yield made
    made.store.close()
