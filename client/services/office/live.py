"""The projection that all of the office shares, with the right way to bring it up to date.

Who holds the projection may keep something of his own by what a refresh has changed. So refreshing
is his: it comes in as a callable, and those who only read never call the projection's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from client.services.office.case import Case
from client.services.office.cases import Cases
from client.services.office.clock import Clock


class Live(NamedTuple):
    """Cases that follow the log, and the clocks that judge them."""

    cases: Cases
    refresh: Callable[[], None]
    clock: Clock
    now_ms: Callable[[], int]

    def fresh(self) -> list[Case]:
        """Every case as it is now."""
        self.refresh()
        return self.cases.all()
