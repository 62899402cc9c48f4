"""Vectors of the frames for QR codes: texts, what they are made of, and what must not pass."""

from __future__ import annotations

import struct
import zlib
from hashlib import shake_256
from typing import Final

from shared_schema.errors import ProtocolError
from shared_schema.limits import FRAME_BYTES_MAX, FRAMES_BYTES_MAX, FRAMES_PIECES_MAX
from shared_schema.sync import base45, frames
from shared_schema.sync.frames import Splitter, read_frame

_LONG: Final = shake_256(b"a bundle of the vectors").digest(1_001)


def vectors() -> dict[str, object]:
    """All of them."""
    return {
        "base45": [
            [each.hex(), base45.encode(each)]
            for each in (b"", b"\0", b"AB", b"Hello!!", b"base-45", b"\xff" * 4, b"\xdd\xa0")
        ],
        "transfers": [
            _transfer("one code", b"one small appeal", 16, [0, 1, 2]),
            _transfer("two pieces", b"two pieces", 5, [1, 2, 3, 4, 5, 6, 7]),
            _transfer("the first lost", _LONG, 100, [2**32 - 1, *range(4, 30)]),
            _transfer("whole, backwards", _LONG, 250, [4, 3, 2, 1, 0]),
        ],
        "bad": [{"what": what, "text": text, "code": code} for what, text, code in _bad()],
    }


def _transfer(what: str, raw: bytes, piece_bytes: int, numbers: list[int]) -> dict[str, object]:
    splitter = Splitter(raw, piece_bytes)
    return {
        "what": what,
        "raw": raw.hex(),
        "transfer": splitter.transfer.hex(),
        "pieces": splitter.needed,
        "frames": [
            {"number": each, "picked": _picked(splitter, each), "text": splitter.text(each)}
            for each in numbers
        ],
    }


def _picked(splitter: Splitter, number: int) -> list[int]:
    pick = frames.picked(splitter.transfer, number, splitter.needed)
    return [at for at in range(splitter.needed) if pick >> at & 1]


def _bad() -> list[tuple[str, str, str]]:
    good = Splitter(_LONG, 100).text(0)
    head = bytes(8)
    return [
        ("something else", "https://misto.example/", "malformed"),
        ("a newer version", good.replace("F/1/", "F/2/"), "malformed"),
        ("cut", good[:-3], "malformed"),
        ("small letters", good.lower(), "malformed"),
        ("a damaged piece", good[:60] + ("0" if good[60] != "0" else "1") + good[61:], "malformed"),
        ("no piece", _text(head + struct.pack(">II", 5, 0)), "malformed"),
        ("nothing in it", _text(head + struct.pack(">II", 0, 0) + b"x"), "malformed"),
        ("a piece beyond the whole", _text(head + struct.pack(">II", 1, 0) + b"xy"), "malformed"),
        ("too long", _text(head + struct.pack(">II", FRAMES_BYTES_MAX + 1, 0) + bytes(200)),
         "too_large"),
        ("too many pieces", _text(head + struct.pack(">II", FRAMES_PIECES_MAX + 1, 0) + b"x"),
         "too_large"),
        ("a giant", frames.PREFIX + "0" * (2 * FRAME_BYTES_MAX), "too_large"),
    ]  # fmt: skip


def _text(head: bytes) -> str:
    return frames.PREFIX + base45.encode(head + struct.pack(">I", zlib.crc32(head)))


def error_code(text: str) -> str:
    """What reading says of a text; empty when it is a frame."""
    try:
        read_frame(text)
    except ProtocolError as error:
        return error.code
    return ""
