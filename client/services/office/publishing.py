"""What the desk publishes by Open311: its choice, kept sealed, and what follows from it.

Nothing is public before the desk has chosen; what it has not said, it leaves as careful as can be.
By itself a choice takes signals only, such that an officer has looked at, and none that would tell
an enemy where something was hit or where people shelter.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import msgspec

from client.services.notes import Notes
from client.services.office.case import Case
from client.services.office.labels import labels
from client.services.office.live import Live
from client.services.office.open311 import Agency, Publishable, published, service_list
from client.services.office.open311_formats import Format, requests, services
from client.services.office.open311_server import Snapshot
from shared_schema.records.appeal import CATEGORIES

TELLING: Final = ("danger", "damage", "shelter")
"""Topics that are not published unless the desk asks for them by name."""
FRESH_S: Final = 2.0
"""How old a snapshot may be; a large one that took long to make lives longer."""
_COST: Final = 20
_NOTE: Final = "open311"


class Publication(msgspec.Struct, frozen=True, omit_defaults=True):
    """The choice of a desk."""

    lanes: tuple[str, ...] = ("signal",)
    categories: tuple[str, ...] = tuple(each for each in CATEGORIES if each not in TELLING)
    seen_only: bool = True
    """Only what an officer has registered or set a status of."""
    with_position: bool = True
    """About where, to some hundred metres; never the exact place."""

    def takes(self, case: Case) -> bool:
        """Whether a case is public."""
        return (
            case.lane in self.lanes
            and case.category in self.categories
            and (bool(case.number or case.status) or not self.seen_only)
        )


class Publisher:
    """The public side of the desk's cases. Safe to use from several threads."""

    def __init__(self, live: Live, notes: Notes, agency: Agency, language: str = "uk") -> None:
        self._live = live
        self._notes = notes
        self._agency = agency
        self._labels = labels(language)
        self._lock = threading.Lock()
        self._kept: Snapshot | None = None
        self._kept_until = 0.0

    def choice(self) -> Publication:
        """What the desk has chosen; the careful default when it has not."""
        return self._notes.get(_NOTE, Publication) or Publication()

    def choose(self, publication: Publication) -> None:
        """Choose; what is public follows at once."""
        self._notes.put(_NOTE, publication)
        with self._lock:
            self._kept = None

    def snapshot(self) -> Snapshot:
        """What is public now: read again from the cases when it is a few seconds old."""
        with self._lock:
            started = time.monotonic()
            if self._kept is None or started >= self._kept_until:
                self._kept = self._made()
                took = time.monotonic() - started
                self._kept_until = time.monotonic() + max(FRESH_S, _COST * took)
            return replace(self._kept, now_ms=self._live.now_ms())

    def files(self, form: Format) -> Mapping[str, bytes]:
        """All that is public, as files by name: the topics and the requests."""
        public = self.snapshot()
        return {
            f"services.{form}": services(public.services, form),
            f"requests.{form}": requests(public.requests, form),
        }

    def _made(self) -> Snapshot:
        choice = self.choice()
        cases = [case for case in self._live.fresh() if choice.takes(case)]
        chosen = self._publishable(cases, choice)
        found = published(cases, chosen, self._live.clock, self._labels, self._agency)
        return Snapshot(service_list(self._labels), found, self._live.now_ms())

    def _publishable(self, cases: Iterable[Case], choice: Publication) -> Iterable[Publishable]:
        return (Publishable(each.record, with_position=choice.with_position) for each in cases)
