"""Identifiers: who, where and which.

Every identifier is the head of a SHA-256 with its own domain string, so that an id of one sort can
never be mistaken for one of another sort, and anybody who holds the thing can compute its id.
"""

from __future__ import annotations

import hashlib
from typing import Final

ID_BYTES: Final = 16
CHANGE_ID_BYTES: Final = 32
PUBLIC_KEY_BYTES: Final = 32

TRUST: Final = "trust"
NEWS: Final = "news"
MAIL: Final = "mail"
OWN: Final = "own"
QUEUE_PREFIX: Final = "queue/"

_DEVICE: Final = b"misto/device/1\0"
_CITY: Final = b"misto/city/1\0"
_SCOPE: Final = b"misto/scope/1\0"
_MAIL: Final = b"misto/mail/1\0"


def device_id(public_key: bytes) -> bytes:
    """The 16-byte id of the device that holds the Ed25519 `public_key` (32 bytes)."""
    return hashlib.sha256(_DEVICE + public_key).digest()[:ID_BYTES]


def city_id(root_v1: bytes) -> bytes:
    """The 16-byte id of a city: the exact bytes of its first root metadata, for ever."""
    return hashlib.sha256(_CITY + root_v1).digest()[:ID_BYTES]


def scope_id(city: bytes, name: str) -> bytes:
    """The 16-byte id of the scope called `name` in one city.

    The city is hashed in, so a change of one city is meaningless in another.
    """
    return hashlib.sha256(_SCOPE + city + name.encode()).digest()[:ID_BYTES]


def feed_id(city: bytes, name: str, device: bytes) -> bytes:
    """The 16-byte id of a feed: a scope as a whole, or the mailbox (`mail`) of one device.

    `own`, what a device itself has said, is no feed with a head and needs no id.
    """
    if name == MAIL:
        return hashlib.sha256(_MAIL + city + device).digest()[:ID_BYTES]
    return scope_id(city, name)


def queue_scope(queue: str) -> str:
    """The scope name of a desk's queue: `queue/general` for `general`."""
    return QUEUE_PREFIX + queue
