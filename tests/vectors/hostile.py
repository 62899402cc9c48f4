"""Vectors of what must not pass: bytes that break the protocol, and the error each must raise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from shared_schema.crypto.signing import BUNDLE_DOMAIN
from shared_schema.limits import (
    BUNDLE_BYTES_MAX,
    BUNDLE_CHANGES_MAX,
    BUNDLE_FEEDS_MAX,
    CHANGE_BYTES_MAX,
    SEALED_WRAPS_MAX,
)
from tests.vectors import cast, wire
from tests.vectors.kept import Kept

_NOW: Final = cast.NOW_MS
_BOMB: Final = b"\1\xe0" + (2**40).to_bytes(8, "little")
"""A section whose zstd frame says that it holds a terabyte."""
_BLOCK_BOMB: Final = (1 | 3 << 2 | 1 << 23).to_bytes(3, "little") + b"a\0"
"""A zstd block of half a megabyte: one letter, repeated, and no sequences."""


def bad(kept: Kept) -> list[object]:
    """Hostile bytes: what reads them, and the code of the error that it must raise.

    The bytes are `hex`, and then as many zeros as `zeros` says.
    """
    return [
        {"what": what, "read_as": sort, "hex": raw.hex(), "zeros": zeros, "code": code}
        for sort, cases in (
            ("request", _requests(kept)), ("answer", _answers(kept)), ("change", _changes(kept)),
            ("sealed", _sealed(kept)), ("payload", _payloads()), ("card", _cards()),
        )
        for what, raw, zeros, code in cases
    ]  # fmt: skip


Case = tuple[str, bytes, int, str]


def _requests(kept: Kept) -> Iterator[Case]:
    good = wire.requests(kept)["pushing"].raw
    own = wire.requests(kept)["pushing"].runs[0].scope
    run = [0, own, 1, b"", []]
    yield "nothing", b"", 0, "malformed"
    yield "a reply", b"\x12" + good[1:], 0, "malformed"
    yield "cut short", good[:60], 0, "malformed"
    yield "larger than a bundle", b"\x11", BUNDLE_BYTES_MAX, "too_large"
    yield "a byte of the payload changed", _flip(good, 40), 0, "bad_signature"
    yield "a byte of the signature changed", _flip(good, len(good) - 1), 0, "bad_signature"
    yield "not msgpack", _signed(b"\xc1"), 0, "malformed"
    yield "something after the payload", _signed(_pack([[], [], []]) + b"\0"), 0, "malformed"
    yield "a map instead of an array", _signed(_pack({"wants": []})), 0, "malformed"
    yield "too few elements", _signed(_pack([[], []])), 0, "malformed"
    yield "a str for a bin", _signed(_pack([["k" * 32], [], []])), 0, "malformed"
    yield "a negative top", _signed(_pack([[], [["news", -1]], []])), 0, "malformed"
    yield "a short public key", _signed(_pack([[b"k" * 31], [], []])), 0, "malformed"
    yield "nested too deep", _signed(b"\x91" * 1500), 0, "malformed"
    wants = [["news"]] * (BUNDLE_FEEDS_MAX + 1)
    yield "too many wants", _signed(_pack([[], wants, []])), 0, "malformed"
    yield "a section of unknown form", _sections(b"\2"), 0, "malformed"
    yield "a terabyte, compressed", _sections(_BOMB), 0, "too_large"
    yield "a damaged frame", _sections(b"\1\xff\xff\xff\xff"), 0, "malformed"
    yield "a device outside the table", _runs([9, *run[1:]]), 0, "malformed"
    yield "a seq of 0", _runs([0, own, 0, b"", [b"x"]]), 0, "malformed"
    yield "a seq beyond 32 bits", _runs([0, own, 2**32, b"", [b"x"]]), 0, "malformed"
    yield "a scope of 15 bytes", _runs([0, own[:15], 1, b"", [b"x"]]), 0, "malformed"
    yield "a prev of 31 bytes", _runs([0, own, 1, b"p" * 31, [b"x"]]), 0, "malformed"
    parts = [b""] * (BUNDLE_CHANGES_MAX + 1)
    yield "too many changes", _runs([0, own, 1, b"", parts]), 0, "too_large"


def _answers(kept: Kept) -> Iterator[Case]:
    """Replies to the request called `up to date`."""
    good, proof = wire.answers(kept)["up to date"]
    other, _ = wire.answers(kept)["empty"]
    yield "a request", b"\x11" + good[1:], 0, "malformed"
    yield "a web page", b"<!DOCTYPE html><title>Wi-Fi</title>", 0, "malformed"
    yield "larger than a bundle", b"\x12", BUNDLE_BYTES_MAX, "too_large"
    yield "signed by a stranger", wire.forged(cast.STRANGER, kept), 0, "digest_mismatch"
    yield "an answer to another request", other, 0, "bad_signature"
    for what, statement in (
        ("a receipt for a run that was not sent", [_NOW, [[0, 0, 1, 1, 0, 1, _NOW]], []]),
        ("a head for a want that was not sent", [_NOW, [], [[3, 1, bytes(32)]]]),
    ):
        raw = b"\x12" + _pack([[], [], [], _pack(statement), proof.signature])
        yield what, raw, 0, "malformed"
    yield "a statement that is none", b"\x12" + _pack([[], [], [], b"\xc1", b""]), 0, "malformed"


def _changes(kept: Kept) -> Iterator[Case]:
    raw = kept.thread[0].raw
    yield "too short", raw[:144], 0, "malformed"
    yield "a later change without a record", raw[:69] + b"\0" + raw[70:150], 0, "malformed"
    yield "too large", raw, CHANGE_BYTES_MAX, "too_large"
    yield "another format", b"\2" + raw[1:], 0, "malformed"
    yield "a seq of 0", raw[:33] + bytes(4) + raw[37:], 0, "malformed"
    yield "a first change with a prev", raw[:37] + b"p" * 32 + raw[69:], 0, "malformed"
    yield "a second change without one", raw[:33] + b"\0\0\0\2" + raw[37:], 0, "malformed"


def _sealed(kept: Kept) -> Iterator[Case]:
    """Bodies of the sealed opening, with its header and thread key."""
    body = kept.thread[0].body
    yield "nothing", b"", 0, "cannot_open"
    yield "too many wraps", bytes((SEALED_WRAPS_MAX + 1,)) + body[1:], 8000, "cannot_open"
    yield "too short for its wraps", body[:170], 0, "cannot_open"
    yield "a wrap changed", _flip(body, 10), 0, "cannot_open"
    yield "the salt changed", _flip(body, 1 + 2 * 82), 0, "cannot_open"
    yield "the tag changed", _flip(body, len(body) - 1), 0, "cannot_open"


def _payloads() -> Iterator[Case]:
    """Packed payloads that are no `news.published`."""
    yield "nothing", b"", 0, "bad_payload"
    yield "an unknown packing", b"\4[]", 0, "bad_payload"
    yield "no UTF-8", b'\0["\xff","b"]', 0, "bad_payload"
    yield "byte 98 of windows-1251", b'\1["\x98","b"]', 0, "bad_payload"
    yield "no JSON", b"\0[", 0, "bad_payload"
    yield "an object", b"\0{}", 0, "bad_payload"
    yield "too few fields", b'\0["a"]', 0, "bad_payload"
    yield "an empty title", b'\0["","b"]', 0, "bad_payload"
    yield "a number for a text", b'\0["a",1]', 0, "bad_payload"
    yield "an unknown priority", b'\0["a","b","","","loud"]', 0, "bad_payload"
    yield "nested too deep", b"\0" + b"[" * 1500, 0, "bad_payload"
    yield "a damaged block", b"\2\xff\xff", 0, "bad_payload"
    yield "a block of more than a text", b"\2" + _BLOCK_BOMB, 0, "bad_payload"
    yield "a block longer than a text", b"\2", 70_000, "too_large"
    yield "too long", b"\1", 70_000, "too_large"


def _cards() -> Iterator[Case]:
    yield "nothing", b"", 0, "bad_card"
    yield "too large", b"{}", 300_000, "bad_card"
    yield "another format", b'{"format":"misto.card/2"}', 0, "bad_card"
    yield "no roots", b'{"format":"misto.card/1","roots":[],"targets":"","trust":[]}', 0, "bad_card"


def _signed(payload: bytes) -> bytes:
    signed = b"\x11" + cast.AUTHOR.public_key + payload
    return signed + cast.AUTHOR.sign(BUNDLE_DOMAIN, signed)


def _sections(*sections: bytes) -> bytes:
    return _signed(_pack([[], [], list(sections)]))


def _runs(*runs: object) -> bytes:
    return _sections(b"\0" + _pack(["", list(runs)]))


def _pack(value: object) -> bytes:
    return msgspec.msgpack.encode(value)


def _flip(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes((raw[at] ^ 1,)) + raw[at + 1 :]
