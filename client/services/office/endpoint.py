"""The switch of the Open311 endpoint: off until a person turns it on, and off again at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from client.services.office.open311_server import Snapshot, serving
from shared_schema.errors import MistoError

HOST: Final = "127.0.0.1"
"""This machine alone."""
PORT: Final = 8311
LOCAL: Final = ("127.0.0.1", "localhost")


class CannotServe(MistoError):
    """The port is taken, or this machine has no such address; `detail` is the system's word."""

    code = "cannot_serve"


class Endpoint:
    """A read-only endpoint that shows what a callable gives. Safe to use from several threads."""

    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._snapshot = snapshot
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._address = ""

    @property
    def address(self) -> str:
        """Where it answers, as `http://127.0.0.1:8311`; empty while it is off."""
        return self._address

    def start(self, host: str = HOST, port: int = PORT) -> str:
        """Turn it on, at this address instead of another; gives the address.

        Raises:
            CannotServe: nothing is served now.
        """
        with self._lock:
            self._off()
            self._snapshot()  # the first visitor shall not wait for it, nor find out what is wrong
            try:
                self._address = self._stack.enter_context(serving(self._snapshot, host, port))
            except (OSError, OverflowError, UnicodeError) as error:
                raise CannotServe(getattr(error, "strerror", None) or str(error)) from error
            return self._address

    def stop(self) -> None:
        """Turn it off; when it returns nobody is served any more."""
        with self._lock:
            self._off()

    def _off(self) -> None:
        self._stack.close()
        self._address = ""
