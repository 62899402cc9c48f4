"""Runs: consecutive changes of one stream, written once and verified once.

On the wire a run names its stream (device, scope, first seq, prev of the first) and then carries
only the own part of each change, from byte 69 on. The reader puts the stream part back in front of
each: seq counts up, and the prev of the next is the SHA-256 of the bytes just rebuilt. The bytes
that come out are exactly those that were signed.

A change is authentic if its own signature verifies, or if an authentic later change names it as
`prev`. So the signature of the last change in a run vouches for all before it. If that signature
fails, each change is judged by its own, so that a bad one never takes down those in front of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, NamedTuple

import msgspec

from shared_schema.errors import ProtocolError
from shared_schema.ids import CHANGE_ID_BYTES, ID_BYTES
from shared_schema.limits import CHANGE_BYTES_MAX, SEQ_MAX, TIME_MS_MAX, VERSION_MAX
from shared_schema.sync.change import (
    FORMAT,
    NO_PREV,
    STREAM,
    STREAM_BYTES,
    Change,
    decode,
    signature_holds,
)


class Run(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A run as it travels. Feeds add where the changes stand: `version` of the first, `received`.

    `device` is an index into the bundle's table of public keys. `received` is the Unix millisecond
    at which the server made the changes durable, the same for the whole run; 0 on the way up.
    """

    device: int
    scope: bytes
    seq: int
    prev: bytes
    parts: list[bytes]
    version: Annotated[int, msgspec.Meta(ge=0, le=VERSION_MAX)] = 0
    received: Annotated[int, msgspec.Meta(ge=0, le=TIME_MS_MAX)] = 0


class Offered(NamedTuple):
    """A change found in a bundle: decoded or not, authentic or not, and what is claimed of it."""

    device: bytes
    scope: bytes
    seq: int
    id: bytes
    change: Change | None
    """None: the bytes are no change at all, or too many."""
    authentic: bool
    size: int
    """Bytes of the whole change."""


class Entry(NamedTuple):
    """A change at its place in a feed, with its author's key, ready to be sent."""

    version: int
    received: int
    public_key: bytes
    device: bytes
    scope: bytes
    seq: int
    id: bytes
    raw: bytes


def gather(entries: Iterable[Entry], devices: dict[bytes, int]) -> list[Run]:
    """Group entries, in the order given, into the longest runs they allow.

    `devices` maps public keys to their index in the bundle's table and grows as needed. Versions
    must be consecutive within a run too, unless they are all 0 (on the way up).
    """
    runs: list[Run] = []
    last: Entry | None = None
    parts: list[bytes] = []
    for entry in entries:
        if last is None or not _continues(last, entry):
            parts = []
            runs.append(_start(entry, parts, devices))
        parts.append(entry.raw[STREAM_BYTES:])
        last = entry
    return runs


def _start(entry: Entry, parts: list[bytes], devices: dict[bytes, int]) -> Run:
    index = devices.setdefault(entry.public_key, len(devices))
    _, _, _, seq, prev = STREAM.unpack_from(entry.raw)
    prev = b"" if prev == NO_PREV else prev
    return Run(index, entry.scope, seq, prev, parts, entry.version, entry.received)


def _continues(last: Entry, entry: Entry) -> bool:
    return (
        entry.seq == last.seq + 1
        and entry.device == last.device
        and entry.scope == last.scope
        and entry.received == last.received
        and entry.version == (last.version + 1 if last.version else 0)
        and STREAM.unpack_from(entry.raw)[4] == last.id
    )


def rebuild(run: Run, device: bytes) -> Iterator[bytes]:
    """The exact bytes of each change in a run.

    Raises:
        ProtocolError: the run's frame itself is malformed.
    """
    prev = run.prev or NO_PREV
    if len(run.scope) != ID_BYTES or len(prev) != CHANGE_ID_BYTES:
        raise ProtocolError("run")
    if not 1 <= run.seq <= SEQ_MAX + 1 - max(len(run.parts), 1):
        raise ProtocolError("run seq")
    for seq, part in enumerate(run.parts, run.seq):
        raw = STREAM.pack(FORMAT, device, run.scope, seq, prev) + part
        prev = hashlib.sha256(raw).digest()
        yield raw


def open_run(run: Run, public_key: bytes, device: bytes) -> list[Offered]:
    """Rebuild and authenticate a run: one signature when it is whole, one a change when it is not.

    Raises:
        ProtocolError: the run's frame itself is malformed.
    """
    found = [_decoded(raw) for raw in rebuild(run, device)]
    vouched = _vouched(found, public_key)
    return [
        Offered(device, run.scope, seq, identity, change, index < vouched, STREAM_BYTES + len(part))
        for index, (seq, part, (identity, change)) in enumerate(
            zip(_seqs(run), run.parts, found, strict=True)
        )
    ]


def _seqs(run: Run) -> range:
    return range(run.seq, run.seq + len(run.parts))


def _decoded(raw: bytes) -> tuple[bytes, Change | None]:
    if len(raw) <= CHANGE_BYTES_MAX:
        try:
            change = decode(raw)
        except ProtocolError:
            pass
        else:
            return change.id, change
    return hashlib.sha256(raw).digest(), None


def _vouched(found: Sequence[tuple[bytes, Change | None]], public_key: bytes) -> int:
    """How many changes, from the first, are authentic: up to the last good signature.

    Prev links hold by construction of the rebuilt bytes, so a good signature at position i vouches
    for every decodable change before i.
    """
    for index in range(len(found) - 1, -1, -1):
        change = found[index][1]
        if change is not None and signature_holds(change, public_key):
            return index + 1
    return 0
