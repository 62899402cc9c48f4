"""An act as the fold vectors tell it."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec


class Told(msgspec.Struct, frozen=True):
    """Who said what, with an unclamped time, and the server's `received` or None."""

    who: str
    seq: int
    ms: int
    received: int | None
    payload: Any


def hashed(who: str, seq: int) -> bytes:
    """The id of an act where ids must differ in their first bytes, as those of changes do."""
    return hashlib.sha256(f"{who} {seq}".encode()).digest()


def named(*acts: tuple[str, int]) -> list[str]:
    """Acts (who, seq) as `over` names them."""
    return [hashed(*each)[:8].hex() for each in acts]
