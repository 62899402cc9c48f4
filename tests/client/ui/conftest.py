"""Settings of the view tests: they run on asyncio, which is Flet's loop."""

from __future__ import annotations

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
