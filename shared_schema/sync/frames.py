"""Bytes as texts for QR codes: one code, or a sequence of which any may be lost (protocol, 17).

A sequence has no end and no back channel: whoever shows it does not know what was seen. The bytes
are cut into pieces of one size. The first frames are the pieces themselves; every later one is the
XOR of about half of them, chosen by the frame's number (a random linear fountain code over GF(2)).
So any frames will do, in any order: with k pieces, k frames and 1.6 more on average. There is
nothing to choose and nothing to tune, and Python's integers XOR quickly enough for it.

A frame says of which transfer it is: a hash of the whole, so that the frames of two transfers are
told apart and a forged frame shows at the end. Its checksum is against damage, not against people.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from hashlib import sha256, shake_256
from typing import Final

from shared_schema.errors import ProtocolError, TooLarge
from shared_schema.limits import (
    FRAME_BYTES_MAX,
    FRAMES_BYTES_MAX,
    FRAMES_PIECES_MAX,
    FRAMES_TRANSFERS_MAX,
)
from shared_schema.sync import base45

PREFIX: Final = "MISTO:F/1/"
"""In front of base45; of QR's alphanumeric characters too."""
PIECE_BYTES: Final = 240
"""A code of version 12 (65 modules) at 15 % of correction: an old phone reads it off another."""
TRANSFER_BYTES: Final = 8
NUMBER_MAX: Final = 2**32 - 1
HEAD: Final = struct.Struct(f">{TRANSFER_BYTES}sII")
CHECK: Final = struct.Struct(">I")
OVERHEAD_BYTES: Final = HEAD.size + CHECK.size
_TRANSFER: Final = b"misto/transfer/1\0"
_PICK: Final = b"misto/frame-pick/1\0"
_TEXT_CHARS_MAX: Final = len(PREFIX) + FRAME_BYTES_MAX // 2 * 3 + 2


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, as its head says and its checksum vouches."""

    transfer: bytes
    length: int
    """Bytes of the whole."""
    number: int
    piece: bytes

    @property
    def needed(self) -> int:
        """Pieces of the whole."""
        return -(-self.length // len(self.piece))


def transfer_id(raw: bytes) -> bytes:
    """What names a transfer: a hash of all its bytes."""
    return sha256(_TRANSFER + raw).digest()[:TRANSFER_BYTES]


def picked(transfer: bytes, number: int, pieces: int) -> int:
    """Which pieces a frame is the XOR of; bit i stands for piece i."""
    if number < pieces:
        return 1 << number
    drawn = shake_256(_PICK + transfer + struct.pack(">I", number)).digest(-(-pieces // 8))
    every = (1 << pieces) - 1
    return int.from_bytes(drawn, "big") & every or every


def write_frame(frame: Frame) -> str:
    """The text of a frame."""
    head = HEAD.pack(frame.transfer, frame.length, frame.number) + frame.piece
    return PREFIX + base45.encode(head + CHECK.pack(zlib.crc32(head)))


def read_frame(text: str) -> Frame:
    """The frame in a text that was scanned.

    Raises:
        TooLarge: a limit is exceeded; nothing was made of it.
        ProtocolError: it is no frame, or a damaged one.
    """
    if len(text) > _TEXT_CHARS_MAX:
        raise TooLarge("frame")
    if not text.startswith(PREFIX):
        raise ProtocolError("not a frame")
    raw = base45.decode(text[len(PREFIX) :])
    if not OVERHEAD_BYTES < len(raw) <= FRAME_BYTES_MAX:
        raise ProtocolError("frame: size")
    head = raw[: -CHECK.size]
    if CHECK.unpack(raw[-CHECK.size :]) != (zlib.crc32(head),):
        raise ProtocolError("frame: checksum")
    transfer, length, number = HEAD.unpack_from(head)
    frame = Frame(transfer, length, number, head[HEAD.size :])
    _check_sizes(frame.length, len(frame.piece))
    return frame


def _check_sizes(length: int, piece_bytes: int) -> None:
    if not length:
        raise ProtocolError("frame: nothing in it")
    if length > FRAMES_BYTES_MAX:
        raise TooLarge("transfer")
    if piece_bytes > length:
        raise ProtocolError("frame: piece")
    if -(-length // piece_bytes) > FRAMES_PIECES_MAX:
        raise TooLarge("pieces")


class Splitter:
    """Bytes to show, frame by frame."""

    def __init__(self, raw: bytes, piece_bytes: int = PIECE_BYTES) -> None:
        """Cut `raw`; pieces of its own length make one frame that is all of it.

        Raises:
            TooLarge: more than a sequence carries, in all, in a frame, or in pieces.
            ProtocolError: nothing to show.
        """
        size = min(piece_bytes, len(raw)) or 1
        if size + OVERHEAD_BYTES > FRAME_BYTES_MAX:
            raise TooLarge("frame")
        _check_sizes(len(raw), size)
        self.transfer = transfer_id(raw)
        self._length, self._size = len(raw), size
        self._pieces = [
            int.from_bytes(raw[at : at + size].ljust(size, b"\0"), "big")
            for at in range(0, len(raw), size)
        ]

    @property
    def needed(self) -> int:
        """Pieces, so also the fewest frames that do."""
        return len(self._pieces)

    def text(self, number: int) -> str:
        """The text of a frame, 0 … NUMBER_MAX; each says something new to who missed others."""
        pick, piece = picked(self.transfer, number, self.needed), 0
        for at, each in enumerate(self._pieces):
            if pick >> at & 1:
                piece ^= each
        raw = piece.to_bytes(self._size, "big")
        return write_frame(Frame(self.transfer, self._length, number, raw))


def one_text(raw: bytes) -> str:
    """All of it as one code.

    Raises:
        TooLarge: more than fits in one. ProtocolError: nothing.
    """
    return Splitter(raw, max(len(raw), 1)).text(0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the transfer of a frame is."""

    transfer: bytes
    have: int
    needed: int
    whole: bytes | None = None
    """All of it, once it is here and its hash is that of the transfer."""
    spoiled: bool = False
    """A forged frame was among them: all were let go, and it begins anew."""


@dataclass(slots=True)
class _Transfer:
    """What is known of one transfer: equations in echelon form, by their highest piece.

    An equation is one integer: which pieces, and below that the XOR of them. So one XOR subtracts
    both, and the highest bit names the highest piece.
    """

    id: bytes
    length: int
    size: int
    whole: bytes | None = None
    rows: dict[int, int] = field(default_factory=dict)

    @property
    def needed(self) -> int:
        return -(-self.length // self.size)

    def add(self, frame: Frame) -> Progress:
        if self.whole is None:
            self._reduce(frame)
        spoiled = len(self.rows) == self.needed and not self._finish()
        have = self.needed if self.whole is not None else len(self.rows)
        return Progress(self.id, have, self.needed, self.whole, spoiled)

    def _reduce(self, frame: Frame) -> None:
        bits = 8 * self.size
        pick = picked(self.id, frame.number, self.needed)
        row = pick << bits | int.from_bytes(frame.piece, "big")
        while (highest := row.bit_length() - 1 - bits) >= 0:
            known = self.rows.get(highest)
            if known is None:
                self.rows[highest] = row
                return
            row ^= known

    def _finish(self) -> bool:
        """Solve from the lowest piece up; whether the bytes are those that were meant."""
        bits = 8 * self.size
        for highest in range(self.needed):
            row = self.rows[highest]
            while lower := row >> bits & (1 << highest) - 1:
                row ^= self.rows[lower.bit_length() - 1]
            self.rows[highest] = row
        only = (1 << bits) - 1
        pieces = ((self.rows[at] & only).to_bytes(self.size, "big") for at in range(self.needed))
        raw = b"".join(pieces)[: self.length]
        self.rows.clear()
        if transfer_id(raw) == self.id:
            self.whole = raw
        return self.whole is not None


class Collector:
    """What is scanned, put together; several transfers may be under way, a few at most."""

    def __init__(self) -> None:
        self._transfers: dict[tuple[bytes, int, int], _Transfer] = {}

    def take(self, text: str) -> Progress:
        """Take a text that was scanned; how far its transfer is now.

        Raises:
            ProtocolError: it is no frame; nothing has changed.
        """
        frame = read_frame(text)
        key = frame.transfer, frame.length, len(frame.piece)
        transfer = self._transfers.pop(key, None) or _Transfer(*key)
        self._transfers[key] = transfer  # the last that was heard of stands last
        while len(self._transfers) > FRAMES_TRANSFERS_MAX:
            del self._transfers[next(iter(self._transfers))]
        return transfer.add(frame)
