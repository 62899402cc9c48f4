"""A second reader of frames and local addresses, written from `docs/protocol.md` alone.

It solves by Gauss-Jordan over sets of pieces, as textbooks do: slow, and not our way of doing it.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import struct
import zlib
from typing import NamedTuple

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


class Seen(NamedTuple):
    """A frame."""

    transfer: bytes
    length: int
    number: int
    piece: bytes


def unbase45(text: str) -> bytes:
    """RFC 9285."""
    raw = b""
    for at in range(0, len(text), 3):
        group = [SIGNS.index(sign) for sign in text[at : at + 3]]
        assert len(group) > 1
        raw += sum(v * 45**i for i, v in enumerate(group)).to_bytes(len(group) - 1, "big")
    return raw


def read(text: str) -> Seen:
    """One text."""
    assert text.startswith("MISTO:F/1/")
    raw = unbase45(text[10:])
    assert struct.unpack(">I", raw[-4:])[0] == zlib.crc32(raw[:-4])
    return Seen(raw[:8], *struct.unpack(">II", raw[8:16]), raw[16:-4])


def picked(seen: Seen, pieces: int) -> set[int]:
    """Which pieces a frame is the XOR of."""
    if seen.number < pieces:
        return {seen.number}
    drawn = hashlib.shake_256(
        b"misto/frame-pick/1\0" + seen.transfer + struct.pack(">I", seen.number)
    ).digest((pieces + 7) // 8)
    found = {at for at in range(pieces) if drawn[-1 - at // 8] >> at % 8 & 1}
    return found or set(range(pieces))


def whole(texts: list[str]) -> bytes | None:
    """The bytes of one transfer; None when these frames do not do."""
    frames = [read(text) for text in texts]
    first = frames[0]
    pieces = -(-first.length // len(first.piece))
    rows = [(picked(each, pieces), each.piece) for each in frames]
    for column in range(pieces):
        pivot = next((at for at in range(column, len(rows)) if column in rows[at][0]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        names, data = rows[column]
        for at, (others, bits) in enumerate(rows):
            if at != column and column in others:
                rows[at] = others ^ names, bytes(a ^ b for a, b in zip(bits, data, strict=True))
    raw = b"".join(data for _, data in rows[:pieces])[: first.length]
    assert hashlib.sha256(b"misto/transfer/1\0" + raw).digest()[:8] == first.transfer
    return raw


def fingerprint(public_key: bytes) -> str:
    """Section 19."""
    digest = hashlib.sha256(b"misto/lan-key/1\0" + public_key).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def local(text: str) -> list[object]:
    """Section 19: host, port and fingerprint of an address."""
    text = "".join(text.split()).lower()
    assert text.startswith("misto:lan/1/")
    place, _, mark = text[12:].partition("/")
    host, _, port = place.rpartition(":")
    address = ipaddress.ip_address(host.strip("[]"))
    assert not any((address.is_global, address.is_multicast, address.is_unspecified))
    assert 1 <= int(port) <= 65535
    mark = mark.replace("-", "")
    assert len(base64.b32decode(mark.upper())) == 10
    return [str(address), int(port), mark]
