"""A change: one signed, immutable, self-contained act of one device.

Bytes of a change, integers big-endian:

    offset size
    0      1    format         1
    1      16   device         SHA-256 id of the author's public key
    17     16   scope
    33     4    seq            1, 2, 3 … per device and scope
    37     32   prev           id of the author's previous change in this scope; zeros for seq 1
    ---------------------------------------------------------------- 69: the stream part
    69     1    flags          bit 0 sealed, bit 1 opening, bits 2-3 urgency, others zero
    70     8    time           hybrid logical time: 48 bits of Unix milliseconds, 16 of counter
    78     2    kind
    80     1    kind version
    81     16   record         absent in an opening change, whose own id names the record
    ..     n    body           packed payload, or sealed body
    -64    64   signature      Ed25519 over "misto/change/1\\0" and all the bytes before it

The id of a change is the SHA-256 of all its bytes. The stream part is what a run of changes of one
stream can leave out on the wire (see `run.py`), because the reader can compute it. A record is
named by the first 16 bytes of its opening change's id: nobody else can open the same record.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Final, NamedTuple

import msgspec

from shared_schema.crypto.signing import CHANGE_DOMAIN, SIGNATURE_BYTES, Signer, verify
from shared_schema.errors import ProtocolError, TooLarge
from shared_schema.ids import CHANGE_ID_BYTES, ID_BYTES
from shared_schema.limits import CHANGE_BYTES_MAX

FORMAT: Final = 1
STREAM: Final = struct.Struct(">B16s16sI32s")
OWN: Final = struct.Struct(">BQHB")
STREAM_BYTES: Final = STREAM.size
OWN_START: Final = STREAM_BYTES + OWN.size
CHANGE_BYTES_MIN: Final = OWN_START + SIGNATURE_BYTES
NO_PREV: Final = bytes(CHANGE_ID_BYTES)

SEALED: Final = 1
OPENING: Final = 2
URGENCY_SHIFT: Final = 2
URGENCY_MAX: Final = 3
KNOWN_FLAGS: Final = SEALED | OPENING | URGENCY_MAX << URGENCY_SHIFT


class Draft(NamedTuple):
    """What the author decides about a change, before its place in the stream is known."""

    kind: int
    kind_version: int
    record: bytes | None
    """None opens a new record."""
    sealed: bool
    urgency: int = 0


class Place(NamedTuple):
    """Where a change goes: its stream, its position there, and its hybrid logical time."""

    scope: bytes
    seq: int
    prev: bytes
    time: int


class Change(msgspec.Struct, frozen=True, gc=False):
    """A decoded change. `raw` is the truth; everything else was read from it."""

    raw: bytes
    id: bytes
    device: bytes
    scope: bytes
    seq: int
    prev: bytes
    flags: int
    time: int
    kind: int
    kind_version: int
    record: bytes
    body_start: int

    @property
    def sealed(self) -> bool:
        """Whether the body is ciphertext."""
        return bool(self.flags & SEALED)

    @property
    def opening(self) -> bool:
        """Whether this change opens its record."""
        return bool(self.flags & OPENING)

    @property
    def urgency(self) -> int:
        """0 routine to 3 life in danger; readable by couriers and the server."""
        return self.flags >> URGENCY_SHIFT & URGENCY_MAX

    @property
    def header(self) -> bytes:
        """All the bytes in front of the body; sealing binds them."""
        return self.raw[: self.body_start]

    @property
    def body(self) -> bytes:
        """The packed payload, or the sealed body."""
        return self.raw[self.body_start : -SIGNATURE_BYTES]


def header_of(device: bytes, place: Place, draft: Draft) -> bytes:
    """The header bytes of a change that is about to be made."""
    opening = draft.record is None
    flags = draft.sealed * SEALED | opening * OPENING | draft.urgency << URGENCY_SHIFT
    stream = STREAM.pack(FORMAT, device, place.scope, place.seq, place.prev)
    own = OWN.pack(flags, place.time, draft.kind, draft.kind_version)
    return stream + own + (draft.record or b"")


def finish(signer: Signer, header: bytes, body: bytes) -> Change:
    """Sign header and body: the change, as it will be everywhere from now on.

    Raises:
        TooLarge: the change would exceed CHANGE_BYTES_MAX.
    """
    signed = header + body
    if len(signed) + SIGNATURE_BYTES > CHANGE_BYTES_MAX:
        raise TooLarge("change")
    return decode(signed + signer.sign(CHANGE_DOMAIN, signed))


def decode(raw: bytes) -> Change:
    """Read a change's header. The signature is not checked here.

    Raises:
        TooLarge: more than CHANGE_BYTES_MAX bytes.
        ProtocolError: too short, another format, a seq of 0, or seq and prev that contradict.
    """
    if len(raw) > CHANGE_BYTES_MAX:
        raise TooLarge("change")
    if len(raw) < CHANGE_BYTES_MIN:
        raise ProtocolError("change too short")
    version, device, scope, seq, prev = STREAM.unpack_from(raw)
    if version != FORMAT or seq == 0 or (seq == 1) != (prev == NO_PREV):
        raise ProtocolError("change header")
    flags, time, kind, kind_version = OWN.unpack_from(raw, STREAM_BYTES)
    digest = hashlib.sha256(raw).digest()
    start = OWN_START
    if flags & OPENING:
        record = digest[:ID_BYTES]
    else:
        start += ID_BYTES
        record = raw[OWN_START:start]
        if len(raw) < start + SIGNATURE_BYTES:
            raise ProtocolError("change too short")
    return Change(
        raw, digest, device, scope, seq, prev, flags, time, kind, kind_version, record, start
    )


def signature_holds(change: Change, public_key: bytes) -> bool:
    """Whether the change's own signature is `public_key`'s."""
    raw = change.raw
    return verify(public_key, raw[-SIGNATURE_BYTES:], CHANGE_DOMAIN, raw[:-SIGNATURE_BYTES])
