"""What all tests share. Imports nothing of the server's: a phone's environment runs tests too."""

from __future__ import annotations

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Coroutines run on asyncio only: Flet and uvicorn know nothing else."""
    return "asyncio"
