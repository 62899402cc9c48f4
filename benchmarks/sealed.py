"""A desk's log with a year of appeals in it: sealed, signed and received, without the year.

Each appeal is what a resident's device makes: packed, sealed to the queue by HPKE, signed, in a
stream of its own. It goes into the desk's log as an exchange would put it there, in large
transactions; the server is measured elsewhere. What the desk has done is saved by the app's own
`authoring.save`.
"""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Iterator
from typing import Final

import msgspec

from benchmarks import documents
from benchmarks.report import Progress
from client.services.authoring import save
from client.services.replica import Replica
from client.storage.log import Pulled, append_pulled, author_number
from shared_schema.crypto.sealing import QueueKey, seal_opening
from shared_schema.crypto.signing import Signer
from shared_schema.ids import queue_scope
from shared_schema.records.appeal import AppealKind, Lane, Opened, Registered, Replied, StatusSet
from shared_schema.records.desk import Assigned
from shared_schema.records.kinds import BY_NAME, encode_payload
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, finish, header_of

DISTRICTS: Final = ("Центр", "Поділ", "Слобідка", "Приріччя", "Сади")
OFFICERS: Final = ("Коваль О.", "Гнатюк І.", "Ярема С.", "Їжакевич Л.")
DEVICE_APPEALS: Final = 20
_BATCH: Final = 2_000
_YEAR_MS: Final = 365 * 86_400_000
_SURNAMES: Final = ("Коваленко", "Шевчук", "Бойко", "Ґалаґан", "Єременко", "Іваненко", "Юрчук")
_NAMES: Final = ("Олена", "Петро", "Ганна", "Ігор", "Марія", "Степан", "Їванка")


class Resident:
    """A device that opens appeals in the city's main queue."""

    def __init__(self, desk: Replica) -> None:
        self._signer, _ = Signer.generate()
        self._secret = os.urandom(32)
        queue = desk.card.main_queue
        self._scope = desk.scopes.id_of[queue_scope(queue)]
        self._keys: tuple[QueueKey, ...] = (desk.card.facts.queues[queue],)
        self._seq, self._prev = 0, NO_PREV
        with desk.store.writing() as connection:
            self.number = author_number(connection, self._signer.public_key)

    def open(self, opened: Opened, at_ms: int) -> Change:
        """The change that opens this appeal."""
        kind = BY_NAME["appeal.opened"]
        self._seq += 1
        place = Place(self._scope, self._seq, self._prev, at_ms << 16)
        draft = Draft(kind.number, kind.version, None, kind.sealed)
        header = header_of(self._signer.device, place, draft)
        packed = encode_payload(opened, sealed=True)
        change = finish(
            self._signer, header, seal_opening(self._secret, self._keys, header, packed)
        )
        self._prev = change.id
        return change


def fill(desk: Replica, count: int, progress: Progress) -> list[bytes]:
    """Put a year of appeals into a desk's log; returns their records, the oldest first."""
    records: list[bytes] = []
    start = desk.clock() - _YEAR_MS
    arrivals = enumerate(_arrivals(desk, count, start), 1)
    while batch := list(itertools.islice(arrivals, _BATCH)):
        progress("seal", len(records), count)
        with desk.store.writing() as connection:
            append_pulled(
                connection,
                [
                    Pulled(author, change, version, start + (version * _YEAR_MS) // count)
                    for version, (author, change) in batch
                ],
            )
        records += [change.record for _, (_, change) in batch]
    return records


def work(desk: Replica, records: list[bytes], progress: Progress) -> int:
    """Register and assign appeals, and answer every second one; returns how many acts that took."""
    scope = queue_scope(desk.card.main_queue)
    acts = 0
    for start in range(0, len(records), _BATCH):
        progress("work", start, len(records))
        with desk.store.writing():
            for index, record in enumerate(records[start : start + _BATCH], start):
                for payload in _said(index):
                    save(desk, payload, scope=scope, record=record)
                    acts += 1
    return acts


def arrive(desk: Replica, resident: Resident, version: int) -> None:
    """One more appeal comes to the desk."""
    now = desk.clock()
    opened = next(queue_of(1, version))
    with desk.store.writing() as connection:
        append_pulled(
            connection, [Pulled(resident.number, resident.open(opened, now), version, now)]
        )


def queue_of(count: int, first: int = 0) -> Iterator[Opened]:
    """Appeals and signals of a city: its texts, with people, districts and lanes."""
    for index, document in enumerate(documents.appeals(count, first), first):
        drawn = random.Random(f"queue/{index}")
        named = drawn.random() < 0.5
        lane: Lane = "appeal" if named else "signal"
        kind: AppealKind = "application" if named else ""
        yield Opened(
            lane,
            kind,
            document.title,
            document.text,
            document.category,
            document.address,
            drawn.choice(DISTRICTS),
            f"{drawn.choice(_SURNAMES)} {drawn.choice(_NAMES)}" if named else "",
            "0671234567" if named else "",
            document.address if named else "",
        )


def _arrivals(desk: Replica, count: int, start_ms: int) -> Iterator[tuple[int, Change]]:
    resident = Resident(desk)
    for index, opened in enumerate(queue_of(count)):
        if index % DEVICE_APPEALS == 0:
            resident = Resident(desk)
        yield resident.number, resident.open(opened, start_ms + (index * _YEAR_MS) // count)


def _said(index: int) -> Iterator[msgspec.Struct]:
    yield Registered(f"К-{index + 1}/26")
    yield Assigned(OFFICERS[index % len(OFFICERS)])
    if index % 2:
        yield Replied("Бригада була.")
        yield StatusSet("answered")
