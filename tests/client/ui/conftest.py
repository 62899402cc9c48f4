"""A clock that stands still until a test moves it on."""

from __future__ import annotations

import pytest

from tests.client.ui.headless import Window
from tests.client.ui.samples import NOW


class Clock:
    """The device's clock. Nothing is read again because of it: only ages grow."""

    def __init__(self) -> None:
        self.ms = NOW

    def __call__(self) -> int:
        return self.ms

    def on(self, screen: Window, ms: int) -> None:
        """Let time pass."""
        self.ms += ms
        screen.app.tick()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (
        "client.viewmodels.app",
        "tests.client.ui.fake_ports",
        "tests.client.ui.fake_own",
        "tests.client.ui.fake_office",
    ):
        monkeypatch.setattr(f"{module}.now_ms", clock)
    return clock
