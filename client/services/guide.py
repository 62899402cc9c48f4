"""The city's guide: places and outage schedules, read from the log and kept in memory.

They are a few hundred records, so they need no tables: the changes are folded when something has
changed, which one look at an index tells. What counts has been judged with the news when it came;
own changes are never set aside, so they are judged here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any, Final, NamedTuple, TypeVar

from client.services.authoring import save
from client.services.errors import NotAllowed, UnknownRecord, record_id
from client.services.guide_types import AnnouncementView, PlaceView, ScheduleView
from client.services.news_projection import payload_of
from client.services.replica import Replica
from client.services.trust import LocalFacts
from client.storage.log import State
from shared_schema.ids import NEWS
from shared_schema.records import outage, place
from shared_schema.records.acts import PublicAct
from shared_schema.records.outage import Announced, OutageAct, Scheduled, fold_outage
from shared_schema.records.place import PlaceAct, fold_place
from shared_schema.records.trust import Grants
from shared_schema.sync.change import Change, decode
from shared_schema.sync.hlc import clamp, milliseconds
from shared_schema.sync.policy import ACCEPTED, judge

URGENCY: Final = 1
"""The guide reaches a new phone before the archive of old news does."""
_GUIDE: Final = "kind >= 1280 AND kind < 1792 AND state IN (0, 1, 3, 4)"
_SIGNATURE: Final = (
    "SELECT count(*), coalesce(max(id), 0), total(state), total(coalesce(received, 0))"
    f" FROM changes WHERE {_GUIDE}"
)
_ROWS: Final = f"SELECT raw, received, state FROM changes WHERE {_GUIDE} AND scope = ?"
_OUTAGES_FROM: Final = 0x0600
P = TypeVar("P")


class _Folded(NamedTuple):
    signature: tuple[Any, ...]
    grants: Grants | None
    """By which own changes were judged; None where there are none."""
    places: tuple[PlaceView, ...]
    schedules: tuple[ScheduleView, ...]
    announcements: tuple[AnnouncementView, ...]


class Guide:
    """Reading the guide. Works offline, from what has been pulled and counts."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._lock = threading.Lock()
        self._folded: _Folded | None = None

    def places(self) -> tuple[PlaceView, ...]:
        """All places that are not removed, by name."""
        return self._now().places

    def place(self, record: str) -> PlaceView:
        """One place.

        Raises:
            UnknownRecord: there is none, or it was removed.
        """
        found = next((each for each in self.places() if each.record == record), None)
        if found is None:
            raise UnknownRecord(record)
        return found

    def schedules(self) -> tuple[ScheduleView, ...]:
        """The weekly schedules in force, by utility and queue; those past their date too."""
        return self._now().schedules

    def announcements(self) -> tuple[AnnouncementView, ...]:
        """Exceptions that are not cancelled, by their beginning."""
        return self._now().announcements

    def _now(self) -> _Folded:
        with self._lock:
            (signature,) = self._replica.store.read(_SIGNATURE)
            if self._folded is None or not self._stands(self._folded, signature):
                self._folded = self._fold(signature)
            return self._folded

    def _stands(self, folded: _Folded, signature: tuple[Any, ...]) -> bool:
        """Who may publish matters to a newsroom's own changes; others wait for no lock here."""
        same_grants = folded.grants is None or folded.grants == self._replica.grants
        return folded.signature == signature and same_grants

    def _fold(self, signature: tuple[Any, ...]) -> _Folded:
        places: dict[bytes, list[PlaceAct]] = {}
        outages: dict[bytes, list[OutageAct]] = {}
        pending: set[bytes] = set()
        facts: LocalFacts | None = None
        rows = self._replica.store.read(_ROWS, (self._replica.scopes.id_of[NEWS],))
        for raw, received, state in rows:
            change = decode(raw)
            if change.device == self._replica.device:
                facts = facts or self._replica.facts()
                if judge(change, facts) != ACCEPTED:
                    continue
            payload = payload_of(change)
            if payload is None:
                continue
            if change.kind < _OUTAGES_FROM:
                _add(places, change, received, payload)
            else:
                _add(outages, change, received, payload)
            if state == State.PENDING:
                pending.add(change.record)
        folded = [fold_outage(record, acts) for record, acts in outages.items()]
        live = [each for each in folded if each is not None and not each.cancelled]
        return _Folded(
            signature,
            facts.grants if facts else None,
            tuple(_places(places, pending)),
            tuple(sorted(_schedules(live, pending), key=lambda each: (each.utility, each.queue))),
            tuple(sorted(_announcements(live, pending), key=lambda each: each.from_ms)),
        )


class GuideDesk:
    """What the newsroom does with the guide; everything is saved before it is returned."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def list_place(self, listed: place.Listed) -> str:
        """Put a place into the directory; returns its record.

        Raises:
            NotAllowed: this device is not the newsroom.
        """
        return self._say(listed, None)

    def update(self, record: str, updated: place.Updated) -> str:
        """Say a whole place again."""
        return self._say(updated, record)

    def confirm(self, record: str, confirmed: place.Confirmed) -> str:
        """Somebody looked: it is open, closed or empty."""
        return self._say(confirmed, record)

    def remove(self, record: str, note: str = "") -> str:
        """Take a place out of the directory."""
        return self._say(place.Removed(note), record)

    def schedule(self, scheduled: outage.Scheduled) -> str:
        """Publish the week of a queue; returns its record."""
        return self._say(scheduled, None)

    def reschedule(self, record: str, rescheduled: outage.Rescheduled) -> str:
        """Say a whole schedule again."""
        return self._say(rescheduled, record)

    def announce(self, announced: outage.Announced) -> str:
        """Publish an exception; returns its record."""
        return self._say(announced, None)

    def cancel(self, record: str, note: str = "") -> str:
        """End a schedule or an announcement."""
        return self._say(outage.Cancelled(note), record)

    def _say(self, payload: place.Payload | outage.Payload, record: str | None) -> str:
        if ("newsroom", NEWS) not in self._replica.roles():
            raise NotAllowed("newsroom")
        raw = record_id(record) if record is not None else None
        change = save(self._replica, payload, scope=NEWS, record=raw, urgency=URGENCY)
        return change.record.hex()


def _add(
    acts: dict[bytes, list[PublicAct[P]]], change: Change, received: int | None, payload: P
) -> None:
    time = clamp(change.time, received)
    act = PublicAct(time, change.device, change.seq, change.id, payload)
    acts.setdefault(change.record, []).append(act)


def _places(acts: dict[bytes, list[PlaceAct]], pending: set[bytes]) -> Iterable[PlaceView]:
    folded = (fold_place(record, each) for record, each in acts.items())
    live = [each for each in folded if each is not None and not each.removed]
    for each in sorted(live, key=lambda each: (each.wording.name.casefold(), each.record)):
        yield _place(each, each.record in pending)


def _place(folded: place.Place, pending: bool) -> PlaceView:
    wording = folded.wording
    located = wording.lat_e5 is not None and wording.lon_e5 is not None
    return PlaceView(
        record=folded.record.hex(),
        name=wording.name,
        sort=wording.sort,
        serves=tuple(dict.fromkeys((wording.sort, *wording.offers))),
        address=wording.address,
        district=wording.district,
        position=(wording.lat_e5 or 0, wording.lon_e5 or 0) if located else None,
        hours=wording.hours,
        note=wording.note,
        phone=wording.phone,
        condition=folded.condition,
        condition_note=folded.note,
        confirmed_at_ms=milliseconds(folded.confirmed_at),
        confirmed_by=folded.confirmed_by,
        expires_at_ms=folded.expires_at_ms,
        pending=pending,
        wording=wording,
    )


def _schedules(live: Iterable[outage.Outage], pending: set[bytes]) -> Iterable[ScheduleView]:
    for each in live:
        if isinstance(each.wording, Scheduled):
            yield ScheduleView(
                each.record.hex(),
                each.wording,
                milliseconds(each.changed_at),
                each.record in pending,
            )


def _announcements(
    live: Iterable[outage.Outage], pending: set[bytes]
) -> Iterable[AnnouncementView]:
    for each in live:
        if isinstance(each.wording, Announced):
            yield AnnouncementView(
                each.record.hex(),
                each.wording,
                milliseconds(each.changed_at),
                each.record in pending,
            )
