"""What a simulation may have cheaper than a phone, because the outcome is the same.

Two hundred devices in one process check the same signatures over the same bytes again and again:
each verdict is remembered by a hash of key, signature and message. And the words of a claim slip
are stretched with little memory: what that costs is a matter for whoever guesses, not for a path.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from typing import Final

from cryptography.exceptions import InvalidSignature

from shared_schema.crypto import signing, slip

_MEMORY_KIB: Final = 8 * slip.LANES
"""The least that Argon2 takes."""
_TIME_COST: Final = 1


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


_LOAD: Final = signing._load


def _holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        _LOAD(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
