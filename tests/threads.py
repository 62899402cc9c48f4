"""Whether what was stopped has left no thread behind."""

from __future__ import annotations

import threading
import time

_PATIENCE_S = 5.0


def assert_none_left(before: int) -> None:
    """As many threads run as before; one that was called off takes a moment to end."""
    deadline = time.monotonic() + _PATIENCE_S
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before
