"""What all tests share. Imports nothing of the server's: a phone's environment runs tests too."""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("misto", deadline=None)  # a loaded machine is no finding
settings.load_profile("misto")


@pytest.fixture
def anyio_backend() -> str:
    """Coroutines run on asyncio only: Flet and uvicorn know nothing else."""
    return "asyncio"


@pytest.fixture
def alone_on_loopback() -> Iterator[None]:
    """No other test announces or looks for neighbours now: on loopback all would hear each other.

    The lock is a file's, for the tests run in several processes; it goes when its process goes.
    """
    with (Path(tempfile.gettempdir()) / "misto-tests-loopback.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
