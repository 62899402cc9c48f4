"""The digest of a set of changes that can grow in any order: an additive set hash.

Each change id is expanded by SHAKE-256 to 2,048 bits and the sum is taken modulo 2**2048 (AdHash:
Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing", 1997; the width follows from
Wagner's generalised birthday attack, 2002: some 2**90 work). Order does not matter, and a change
can be taken out again, so that a replica can fill its gaps in any order and still compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

STATE_BYTES: Final = 256
EMPTY: Final = bytes(STATE_BYTES)
DIGEST_BYTES: Final = 32
_TERM: Final = b"misto/set/1\0"
_DIGEST: Final = b"misto/set-digest/1\0"
_MODULUS: Final = 1 << (8 * STATE_BYTES)


def add(state: bytes, change_ids: Iterable[bytes]) -> bytes:
    """The state after adding change ids to the set of `state` (256 bytes)."""
    total = int.from_bytes(state)
    for change_id in change_ids:
        total += int.from_bytes(hashlib.shake_256(_TERM + change_id).digest(STATE_BYTES))
    return (total % _MODULUS).to_bytes(STATE_BYTES)


def finish(state: bytes) -> bytes:
    """The 32-byte digest that heads carry."""
    return hashlib.sha256(_DIGEST + state).digest()
