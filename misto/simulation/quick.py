"""What a simulation may have cheaper than a phone, because the outcome is the same.

Two hundred devices in one process check the same signatures and open the same carried requests and
replies again and again: what comes of the same bytes is remembered for one run. And the words of a
claim slip are stretched with little memory: that costs whoever guesses, and decides no path.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from cryptography.exceptions import InvalidSignature

from shared_schema.crypto import signing, slip
from shared_schema.sync import carried
from shared_schema.sync.bundle import Bounds, Request, decode_request
from shared_schema.sync.compose import Outgoing
from shared_schema.sync.receive import Answer, read_reply

_MEMORY_KIB: Final = 8 * slip.LANES
"""The least that Argon2 takes."""
_TIME_COST: Final = 1
_PLENTY: Final = 4_096
"""With bounds of so many changes nothing here comes near them, and they need not be compared."""


class _Key:
    """A public key that remembers what it has verified."""

    __slots__ = ("_known", "_public_key")

    def __init__(self, public_key: bytes, known: dict[bytes, bool]) -> None:
        self._public_key = public_key
        self._known = known

    def verify(self, signature: bytes, message: bytes) -> None:
        asked = hashlib.sha256(self._public_key + signature + message).digest()
        holds = self._known.get(asked)
        if holds is None:
            holds = self._known[asked] = _holds(self._public_key, signature, message)
        if not holds:
            raise InvalidSignature


@contextlib.contextmanager
def made_quick() -> Iterator[None]:
    """Within it, signatures are verified once, and slips open at once."""
    known: dict[bytes, bool] = {}
    cheap = {
        (signing, "_load"): lambda public_key: _Key(public_key, known),
        (carried, "decode_request"): _requests_once(decode_request),
        (carried, "read_reply"): _replies_once(read_reply),
        (slip, "MEMORY_KIB"): _MEMORY_KIB,
        (slip, "TIME_COST"): _TIME_COST,
    }
    before = {where: getattr(*where) for where in cheap}
    try:
        for (module, name), each in cheap.items():
            setattr(module, name, each)
        yield
    finally:
        for (module, name), each in before.items():
            setattr(module, name, each)


def _requests_once(decode: Callable[[bytes, Bounds], Request]) -> Callable[..., Request]:
    opened: dict[bytes, Request] = {}

    def once(raw: bytes, bounds: Bounds) -> Request:
        if bounds.changes < _PLENTY:
            return decode(raw, bounds)
        if raw not in opened:
            opened[raw] = decode(raw, bounds)
        return opened[raw]

    return once


def _replies_once(read: Callable[..., Answer]) -> Callable[..., Answer]:
    opened: dict[tuple[bytes, bytes], Answer] = {}

    def once(raw: bytes, asked: Outgoing, held: Any, keys: Any, bounds: Bounds) -> Answer:
        if bounds.changes < _PLENTY:
            return read(raw, asked, held, keys, bounds)
        if (asked.id, raw) not in opened:
            opened[asked.id, raw] = read(raw, asked, held, keys, bounds)
        return opened[asked.id, raw]

    return once


_LOAD: Final = signing._load


def _holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        _LOAD(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
