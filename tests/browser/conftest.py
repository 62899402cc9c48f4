"""Every test has a browser and a city of its own, so two of them can run side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import chromium
from tests.browser.town import Town, town


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        yield made
