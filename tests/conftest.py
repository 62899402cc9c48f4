"""What all tests share. Imports nothing of the server's: a phone's environment runs tests too."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("misto", deadline=None)  # a loaded machine is no finding
settings.load_profile("misto")


@pytest.fixture
def anyio_backend() -> str:
    """Coroutines run on asyncio only: Flet and uvicorn know nothing else."""
    return "asyncio"
