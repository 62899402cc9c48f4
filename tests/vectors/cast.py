"""The vectors' city: fixed keys, fixed times, and the changes that its people make.

Nothing in here is random. What needs randomness (sealed bodies, because HPKE draws an ephemeral key
of its own, and compressed frames, because another version of zstd may choose other bytes) is made
once, see `kept.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import msgspec

from shared_schema.crypto.sealing import QueueKey, queue_public_key
from shared_schema.crypto.signing import Signer
from shared_schema.ids import NEWS, TRUST, city_id, device_id, scope_id
from shared_schema.records import appeal, news, trust
from shared_schema.records.kinds import BY_NAME, BY_PAYLOAD, encode_payload
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, finish, header_of
from shared_schema.sync.run import Entry

AUTHOR: Final = Signer(bytes(range(32)))
NEWSROOM: Final = Signer(bytes(range(32, 64)))
SERVER: Final = Signer(bytes(range(64, 96)))
EDITOR: Final = Signer(bytes(range(16, 48)))
DESK: Final = Signer(bytes(range(160, 192)))
SECOND_DESK: Final = Signer(bytes(range(48, 80)))
WATER_DESK: Final = Signer(bytes(range(80, 112)))
ENROLMENT: Final = Signer(bytes(range(192, 224)))
STRANGER: Final = Signer(bytes(range(224, 256)))
PEOPLE: Final = {
    "author": AUTHOR, "newsroom": NEWSROOM, "desk": DESK, "enrolment": ENROLMENT,
    "stranger": STRANGER, "desk2": SECOND_DESK, "editor": EDITOR, "water": WATER_DESK,
}  # fmt: skip
CITY: Final = city_id(b"the first root metadata of the vectors' city")
THREAD_SECRET: Final = bytes(range(96, 128))
DESK_SECRET: Final = bytes(range(7, 39))
"""The device secret of the desk, from which its box key comes."""
QUEUE_SECRET: Final = bytes(range(128, 160))
QUEUE: Final = QueueKey(1, queue_public_key(QUEUE_SECRET))
OTHER_QUEUE_SECRET: Final = bytes(range(100, 132))
OTHER_QUEUE: Final = QueueKey(513, queue_public_key(OTHER_QUEUE_SECRET))
GENERAL: Final = "queue/general"
WATER: Final = "queue/water"
HANDED_ON: Final = bytes(range(200, 216))
"""A record that was opened in one queue and forwarded to the other."""
NOW_MS: Final = 1_790_000_000_000
OPENED: Final = appeal.Opened(
    "appeal", "complaint", "Немає води", "Третій день немає води.", "water", "вул. Садова, 5",
    "Центр", "Олена Коваль", "+380501234567",
)  # fmt: skip


@dataclass(slots=True)
class Hand:
    """One device writing into one scope: draws seq, prev and time as `docs/protocol.md` says."""

    signer: Signer
    scope: str
    clock_ms: int = NOW_MS
    changes: list[Change] = field(default_factory=list)

    def place(self) -> Place:
        """Where the next change goes."""
        last = self.changes[-1] if self.changes else None
        self.clock_ms += 1
        return Place(
            scope_id(CITY, self.scope),
            last.seq + 1 if last else 1,
            last.id if last else NO_PREV,
            self.clock_ms << 16,
        )

    def header(self, payload: type[msgspec.Struct], record: bytes | None, urgency: int) -> bytes:
        """The header of the next change."""
        kind = BY_PAYLOAD[payload]
        draft = Draft(kind.number, kind.version, record, kind.sealed, urgency)
        return header_of(self.signer.device, self.place(), draft)

    def say(self, payload: msgspec.Struct, record: bytes | None = None, urgency: int = 0) -> Change:
        """A change with an open body."""
        header = self.header(type(payload), record, urgency)
        return self.add(header, encode_payload(payload, sealed=False))

    def add(self, header: bytes, body: bytes) -> Change:
        """The change of this header and body, signed."""
        self.changes.append(finish(self.signer, header, body))
        return self.changes[-1]


def raw_change(signer: Signer, place: Place, draft: Draft, body: bytes) -> Change:
    """A change with whatever header is wanted, right or wrong, well signed."""
    return finish(signer, header_of(signer.device, place, draft), body)


def news_changes() -> list[Change]:
    """A stream of city news: three items, a correction of the first, a withdrawal of the second."""
    hand = Hand(NEWSROOM, NEWS)
    for number in (1, 2, 3):
        item = news.Published(f"Новина {number}", "Воду підвезуть о 18:00.", "water", "Центр")
        hand.say(item, urgency=number)
    first, second = hand.changes[:2]
    hand.say(
        news.Corrected("Новина 1", "Воду підвезуть о 19:00 🚰", "water", "Центр", "important"),
        first.record,
    )
    hand.say(news.NewsWithdrawn("Помилка"), second.record)
    return hand.changes


def trust_changes() -> list[Change]:
    """The grants of the vectors' newsroom and desk."""
    hand = Hand(ENROLMENT, TRUST)
    hand.say(trust.Granted(NEWSROOM.public_key.hex(), "newsroom", NEWS, "Редакція"))
    hand.say(trust.Granted(DESK.public_key.hex(), "desk", GENERAL, "Стіл звернень"))
    return hand.changes


def entry(signer: Signer, change: Change, version: int = 0) -> Entry:
    """A change as it is offered (version 0), or as it stands in a feed."""
    received = NOW_MS + 1000 if version else 0
    return Entry(
        version, received, signer.public_key, change.device, change.scope, change.seq, change.id,
        change.raw,
    )  # fmt: skip


def describe(change: Change) -> dict[str, object]:
    """A change's bytes and what is to be read from them."""
    kinds = {(kind.number, kind.version): name for name, kind in BY_NAME.items()}
    return {
        "raw": change.raw.hex(), "id": change.id.hex(), "device": change.device.hex(),
        "scope": change.scope.hex(), "seq": change.seq, "prev": change.prev.hex(),
        "flags": change.flags, "time": change.time, "kind": change.kind,
        "kind_version": change.kind_version, "name": kinds[change.kind, change.kind_version],
        "record": change.record.hex(), "body": change.body.hex(),
    }  # fmt: skip


def key_of(device: bytes) -> bytes:
    """The public key of one of the vectors' people."""
    return {device_id(each.public_key): each.public_key for each in PEOPLE.values()}[device]
