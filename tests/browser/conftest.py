"""Every test has a browser and a city of its own, so two of them can run side by side."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError

from tests.browser.chromium import chromium, shot
from tests.browser.town import Town, town


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        yield made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What was on the screen when a test failed is worth more than its call log."""
    report = yield
    started = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and report.failed and isinstance(started, Browser):
        for nth, page in enumerate(page for each in started.contexts for page in each.pages):
            with contextlib.suppress(PlaywrightError):
                report.sections.append(("screen", str(shot(page, f"failed-{item.name}-{nth}"))))
    return report
