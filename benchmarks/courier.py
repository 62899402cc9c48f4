"""bench courier: bytes of a bundle of sealed appeals, and the time to open and check a large one.

Bytes are those of the file that a courier carries, without public news. Time is that of another
courier that takes the bundle: unpacked, every request's signature checked, every change rebuilt and
hashed, and stored durably.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks import documents
from benchmarks.report import Progress, Report, report
from client.services.courier.courier import Courier
from client.services.replica import Replica
from misto.city import init_city
from shared_schema.crypto.sealing import seal_opening
from shared_schema.crypto.signing import Signer
from shared_schema.ids import MAIL, TRUST, queue_scope
from shared_schema.limits import OWN_REQUEST_BUDGET_BYTES
from shared_schema.records.appeal import Opened
from shared_schema.records.kinds import BY_NAME, encode_payload
from shared_schema.sync.bundle import Want
from shared_schema.sync.change import NO_PREV, Draft, Place, finish, header_of
from shared_schema.sync.compose import compose_request
from shared_schema.sync.courier import request_item, split
from shared_schema.sync.run import Entry

_SIZE_APPEALS: Final = 100
_DEVICE_APPEALS: Final = 20
"""Appeals of each device in the large bundle: a month of a busy house."""
_WANTS: Final = (Want(TRUST, 3, explain=True), Want(MAIL, explain=True))
_START_MS: Final = 1_790_000_000_000
_DAY_MS: Final = 86_400_000
"""Appeals are written at any moment of a day: a moment that all share would cost nothing."""


def run(count: int, progress: Progress) -> Report:
    """Measure bundles of 100 appeals, and one of `count` changes."""
    with tempfile.TemporaryDirectory(prefix="misto-bench-") as name:
        folder = Path(name)
        init_city(folder / "city", "Бенч", servers=(), districts=())
        card = (folder / "city" / "card.json").read_bytes()
        with Replica.create(folder / "reader", card) as reader:
            sizes = _sizes(reader)
            progress("seal", 0, 2)
            bundles = _bundles(reader, count, _DEVICE_APPEALS)
            progress("seal", 1, 2)
            singles = _bundles(reader, count, 1)
        with Replica.create(folder / "a", card) as courier:
            wall = _take(courier, bundles)
        with Replica.create(folder / "b", card) as courier:
            singles_s = _take(courier, singles)
        return report(
            "courier",
            count,
            wall,
            errors=0,
            **sizes,
            bundle_bytes=sum(map(len, bundles)),
            singles_wall_s=round(singles_s, 4),
            singles_bundle_bytes=sum(map(len, singles)),
        )


def _sizes(reader: Replica) -> dict[str, int | None]:
    templated = list(documents.appeals(_SIZE_APPEALS))
    prose = documents.prose_appeals(_SIZE_APPEALS)
    return {
        "one_device_bytes": _bytes(reader, [templated]),
        "many_devices_bytes": _bytes(reader, [[each] for each in templated]),
        "prose_one_device_bytes": _bytes(reader, [prose]) if prose else None,
        "prose_many_devices_bytes": _bytes(reader, [[each] for each in prose]) if prose else None,
    }


def _bytes(reader: Replica, devices: Sequence[Sequence[Opened]]) -> int:
    items = [request_item(request_of(reader, opened)) for opened in devices]
    return sum(map(len, split(reader.card.city, items)))


def _bundles(reader: Replica, count: int, each: int) -> list[bytes]:
    opened = list(documents.appeals(count))
    parts = [opened[start : start + each] for start in range(0, count, each)]
    items = [request_item(request_of(reader, part)) for part in parts]
    return split(reader.card.city, items)


def request_of(reader: Replica, appeals: Sequence[Opened]) -> bytes:
    """A device's request with its appeals, sealed and signed as its phone does it."""
    signer, _ = Signer.generate()
    queue = reader.card.main_queue
    scope = reader.scopes.id_of[queue_scope(queue)]
    kind, secret = BY_NAME["appeal.opened"], os.urandom(32)
    entries: list[Entry] = []
    began_ms = _START_MS + secrets.randbelow(_DAY_MS)
    for seq, opened in enumerate(appeals, 1):
        prev = entries[-1].id if entries else NO_PREV
        place = Place(scope, seq, prev, (began_ms + seq * 60_000) << 16)
        draft = Draft(kind.number, kind.version, None, kind.sealed)
        header = header_of(signer.device, place, draft)
        packed = encode_payload(opened, sealed=True)
        body = seal_opening(secret, (reader.card.facts.queues[queue],), header, packed)
        change = finish(signer, header, body)
        entries.append(
            Entry(0, 0, signer.public_key, signer.device, scope, seq, change.id, change.raw)
        )
    return compose_request(signer, _WANTS, entries, OWN_REQUEST_BUDGET_BYTES).raw


def _take(replica: Replica, bundles: Sequence[bytes]) -> float:
    courier = Courier(replica, budget_bytes=256 * 1024 * 1024)
    started = time.perf_counter()
    for raw in bundles:
        taken = courier.take(raw, "file")
        if taken.refused or taken.flaw:
            raise RuntimeError(f"not all was taken: {taken}")
    return time.perf_counter() - started
