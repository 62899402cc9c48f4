"""What is made once and kept, because making it again would give other bytes.

Sealed bodies hold fresh salts and HPKE's ephemeral keys; compressed frames depend on the version of
zstd. `python -m tests.vectors.generate --reseal` makes new ones; everything else follows from them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from shared_schema.crypto import packing
from shared_schema.crypto.sealing import (
    box_public_key,
    derive_thread_key,
    internal_key,
    seal_later,
    seal_opening,
    split_sealed,
    wrap_queue_secret,
)
from shared_schema.crypto.signing import Signer
from shared_schema.ids import NEWS
from shared_schema.records import appeal, desk
from shared_schema.records.kinds import encode_payload
from shared_schema.sync.bundle import Section, encode_section
from shared_schema.sync.change import Change, decode
from shared_schema.sync.run import gather
from tests.vectors import cast

FOLDER: Final = Path(__file__).parent / "data"
FILE: Final = FOLDER / "kept.json"
LONG: Final = appeal.Commented("Учора вода була годину, потім знову зникла. " * 40)
TEXTS: Final = (
    "Немає води у будинку. " * 6,
    "Немає води у будинку 🚰. " * 6,
    "The water has been off since Monday. " * 6,
)
"""Texts to be packed for sealing."""


class Kept(NamedTuple):
    """The thread of one appeal, packed texts, one section of news, and what desks say inside."""

    thread: tuple[Change, ...]
    """Opened and commented by the author; registered and replied to by the desk."""
    packed: tuple[bytes, ...]
    section: bytes
    internal: tuple[Change, ...]
    """Of the same appeal: a note under the queue's newest key, an assignment under an older one."""
    handed: bytes
    """The secret of the queue's newest key, wrapped for the desk."""
    courier: bytes = b""
    """A courier bundle, packed; see `couriers`."""


def make() -> Kept:
    """New ones."""
    runs = gather(
        [cast.entry(cast.NEWSROOM, c, v) for v, c in enumerate(cast.news_changes(), 1)], {}
    )
    section = encode_section(Section(NEWS, runs))
    thread = _thread()
    packed = tuple(map(packing.pack_sealed, TEXTS))
    kept = Kept(thread, packed, section, internal_acts(thread[0]), handed())
    return with_courier(kept)


def with_courier(kept: Kept) -> Kept:
    """With a courier bundle of this thread, as it is packed today."""
    from tests.vectors import couriers

    return kept._replace(courier=couriers.packed(kept))


def load() -> Kept:
    """Those on disk."""
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    return Kept(
        tuple(decode(bytes.fromhex(each)) for each in raw["thread"]),
        tuple(bytes.fromhex(each) for each in raw["packed"]),
        bytes.fromhex(raw["section"]),
        tuple(decode(bytes.fromhex(each)) for each in raw["internal"]),
        bytes.fromhex(raw["handed"]),
        bytes.fromhex(raw["courier"]),
    )


def save(kept: Kept) -> dict[str, object]:
    """The document to put on disk."""
    return {
        "thread": [change.raw.hex() for change in kept.thread],
        "packed": [packed.hex() for packed in kept.packed],
        "section": kept.section.hex(),
        "internal": [change.raw.hex() for change in kept.internal],
        "handed": kept.handed.hex(),
        "courier": kept.courier.hex(),
    }


def _thread() -> tuple[Change, ...]:
    author = cast.Hand(cast.AUTHOR, cast.GENERAL)
    desk = cast.Hand(cast.DESK, cast.GENERAL, cast.NOW_MS + 60_000)
    header = author.header(appeal.Opened, None, 1)
    packed = encode_payload(cast.OPENED, sealed=True)
    queues = (cast.QUEUE, cast.OTHER_QUEUE)
    opening = author.add(header, seal_opening(cast.THREAD_SECRET, queues, header, packed))
    key = derive_thread_key(cast.THREAD_SECRET, split_sealed(opening.body).salt)
    _later(author, key, opening, LONG)
    _later(desk, key, opening, appeal.Registered("ЗВ-000007"))
    _later(desk, key, opening, appeal.Replied("Воду дадуть сьогодні до 20:00."))
    return (*author.changes, *desk.changes)


def internal_acts(opening: Change) -> tuple[Change, ...]:
    """What a second desk says of an appeal that its author is not to read."""
    hand = cast.Hand(cast.SECOND_DESK, cast.GENERAL, cast.NOW_MS + 120_000)
    newest = internal_key(cast.OTHER_QUEUE_SECRET, opening.record)
    older = internal_key(cast.QUEUE_SECRET, opening.record)
    _later(hand, newest, opening, desk.Noted("Третя скарга з цього будинку."))
    _later(hand, older, opening, desk.Assigned("Олена", []))
    return tuple(hand.changes)


def handed() -> bytes:
    """The wrap of a queue's secret for an officer's box key."""
    box = box_public_key(cast.DESK_SECRET)
    secret, number = cast.OTHER_QUEUE_SECRET, cast.OTHER_QUEUE.number
    return wrap_queue_secret("general", secret, number, cast.DESK.device, box)


def _later(hand: cast.Hand, key: bytes, opening: Change, payload: msgspec.Struct) -> None:
    header = hand.header(type(payload), opening.record, 0)
    hand.add(header, seal_later(key, header, encode_payload(payload, sealed=True)))


def signer_of(change: Change) -> Signer:
    """Who of the cast signed a change."""
    return next(each for each in cast.PEOPLE.values() if each.device == change.device)
