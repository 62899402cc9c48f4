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
from shared_schema.crypto.sealing import derive_thread_key, seal_later, seal_opening, split_sealed
from shared_schema.crypto.signing import Signer
from shared_schema.ids import NEWS
from shared_schema.records import appeal
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
    """The thread of one appeal, packed texts, and one section of news."""

    thread: tuple[Change, ...]
    """Opened and commented by the author; registered and replied to by the desk."""
    packed: tuple[bytes, ...]
    section: bytes


def make() -> Kept:
    """New ones."""
    runs = gather(
        [cast.entry(cast.NEWSROOM, c, v) for v, c in enumerate(cast.news_changes(), 1)], {}
    )
    section = encode_section(Section(NEWS, runs))
    return Kept(_thread(), tuple(map(packing.pack_sealed, TEXTS)), section)


def load() -> Kept:
    """Those on disk."""
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    return Kept(
        tuple(decode(bytes.fromhex(each)) for each in raw["thread"]),
        tuple(bytes.fromhex(each) for each in raw["packed"]),
        bytes.fromhex(raw["section"]),
    )


def save(kept: Kept) -> dict[str, object]:
    """The document to put on disk."""
    return {
        "thread": [change.raw.hex() for change in kept.thread],
        "packed": [packed.hex() for packed in kept.packed],
        "section": kept.section.hex(),
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


def _later(hand: cast.Hand, key: bytes, opening: Change, payload: msgspec.Struct) -> None:
    header = hand.header(type(payload), opening.record, 0)
    hand.add(header, seal_later(key, header, encode_payload(payload, sealed=True)))


def signer_of(change: Change) -> Signer:
    """Who of the cast signed a change."""
    return next(each for each in cast.PEOPLE.values() if each.device == change.device)
