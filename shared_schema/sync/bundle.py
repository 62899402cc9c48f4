"""Bundles: the bytes one transport carries. HTTP is one bundle up and one bundle down.

    request   = 0x11, sender's public key 32, payload, signature 64
                signed: "misto/bundle/1\\0" and all the bytes before the signature
    reply     = 0x12, payload

The payload is a msgpack array: public keys, wants, sections, statement, its signature, and a
budget; unknown further elements are ignored. Replaying a captured request moves nothing, because
replication is a union of sets, and reveals ciphertext and public news only.

Each section holds the runs of one feed and is compressed by itself, so that the server can keep
the section that many devices ask for: one byte (0 plain, 1 zstd), then the bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple, TypeVar

import msgspec

from shared_schema.crypto.packing import compress_section, decompress_section
from shared_schema.crypto.signing import BUNDLE_DOMAIN, SIGNATURE_BYTES, Signer, verify
from shared_schema.errors import BadSignature, MistoError, ProtocolError, TooLarge
from shared_schema.ids import PUBLIC_KEY_BYTES, device_id
from shared_schema.limits import (
    BUNDLE_BYTES_MAX,
    BUNDLE_CHANGES_MAX,
    BUNDLE_DEVICES_MAX,
    BUNDLE_FEEDS_MAX,
    BUNDLE_RUNS_MAX,
    BUNDLE_SECTIONS_MAX,
    FEED_GAPS_MAX,
    FEED_NAME_CHARS_MAX,
    SECTION_UNPACKED_BYTES_MAX,
    STATEMENT_BYTES_MAX,
    VERSION_MAX,
)
from shared_schema.sync.run import Run

REQUEST: Final = 0x11
REPLY: Final = 0x12
_PLAIN: Final = 0
_ZSTD: Final = 1
_COMPRESS_BYTES_MIN: Final = 1_024
_REQUEST_BYTES_MIN: Final = 1 + PUBLIC_KEY_BYTES + SIGNATURE_BYTES + 1

FeedName = Annotated[str, msgspec.Meta(max_length=FEED_NAME_CHARS_MAX)]
Version = Annotated[int, msgspec.Meta(ge=0, le=VERSION_MAX)]
Gaps = Annotated[list[tuple[Version, Version]], msgspec.Meta(max_length=FEED_GAPS_MAX)]
T = TypeVar("T")


class Want(msgspec.Struct, array_like=True, frozen=True):
    """What a reader has of a feed, and so what it wants.

    `count_max` of 0 means as many as the budget allows. `explain` asks for the digest in full,
    because the reader's own did not match.
    """

    feed: FeedName
    top: Version = 0
    gaps: Gaps = []
    count_max: Annotated[int, msgspec.Meta(ge=0)] = 0
    explain: bool = False


class Section(msgspec.Struct, array_like=True, frozen=True):
    """Runs of one feed; on the way up the feed is empty, because a run names its own scope."""

    feed: FeedName
    runs: Annotated[list[Run], msgspec.Meta(max_length=BUNDLE_RUNS_MAX)]


class Payload(msgspec.Struct, array_like=True, frozen=True):
    """The payload of a bundle in either direction."""

    devices: Annotated[list[bytes], msgspec.Meta(max_length=BUNDLE_DEVICES_MAX)]
    wants: Annotated[list[Want], msgspec.Meta(max_length=BUNDLE_FEEDS_MAX)]
    sections: Annotated[list[bytes], msgspec.Meta(max_length=BUNDLE_SECTIONS_MAX)]
    statement: Annotated[bytes, msgspec.Meta(max_length=STATEMENT_BYTES_MAX)] = b""
    signature: Annotated[bytes, msgspec.Meta(max_length=SIGNATURE_BYTES)] = b""
    budget: Annotated[int, msgspec.Meta(ge=0)] = 0
    """On the way up: how many bytes of changes the reader wants back at most; 0 for the default."""


class Request(NamedTuple):
    """A verified up-bundle. `id` is the SHA-256 of its bytes."""

    id: bytes
    sender_key: bytes
    sender: bytes
    keys: tuple[bytes, ...]
    wants: list[Want]
    sections: list[Section]
    budget: int


class Bounds(NamedTuple):
    """How much of a bundle a reader is ready to unpack; never more than the protocol allows."""

    changes: int = BUNDLE_CHANGES_MAX
    unpacked_bytes: int = SECTION_UNPACKED_BYTES_MAX


WHOLE: Final = Bounds()


class Reply(NamedTuple):
    """A decoded down-bundle; its statement and runs still have to be verified."""

    keys: tuple[bytes, ...]
    sections: list[Section]
    statement: bytes
    signature: bytes


_encoder = msgspec.msgpack.Encoder()
_payload_decoder = msgspec.msgpack.Decoder(Payload)
_section_decoder = msgspec.msgpack.Decoder(Section)


def encode_section(section: Section, packed: bool = True) -> bytes:
    """A section's bytes, compressed when that pays (and never when not `packed`)."""
    raw = _encoder.encode(section)
    if not packed:
        return bytes((_PLAIN,)) + raw
    if len(raw) >= _COMPRESS_BYTES_MIN or section.feed:
        frame = compress_section(raw)
        if len(frame) < len(raw):
            return bytes((_ZSTD,)) + frame
    return bytes((_PLAIN,)) + raw


def encode_request(
    signer: Signer,
    devices: Sequence[bytes],
    wants: list[Want],
    sections: list[bytes],
    budget: int = 0,
) -> bytes:
    """The signed up-bundle. The sender's key is number 0 of the table and not repeated in it."""
    payload: list[object] = [list(devices[1:]), list(map(_trimmed, wants)), sections]
    if budget:
        payload += [b"", b"", budget]
    signed = bytes((REQUEST,)) + signer.public_key + _encoder.encode(payload)
    return signed + signer.sign(BUNDLE_DOMAIN, signed)


def _trimmed(want: Want) -> tuple[object, ...]:
    """A want without the trailing fields that hold their defaults: they are most of its bytes."""
    fields = msgspec.structs.astuple(want)
    last = max(index for index, value in enumerate(fields) if index < 1 or value)
    return fields[: last + 1]


def encode_reply(
    devices: Sequence[bytes], sections: list[bytes], statement: bytes, signature: bytes
) -> bytes:
    """The down-bundle. It needs no signature of its own: all in it is signed."""
    payload = (devices, (), sections, statement, signature)
    return bytes((REPLY,)) + _encoder.encode(payload)


def decode_request(raw: bytes, bounds: Bounds = WHOLE) -> Request:
    """Check and decode an up-bundle: size, then signature, then contents.

    Raises:
        TooLarge: a limit is exceeded.
        BadSignature: the sender did not sign these bytes.
        ProtocolError: anything else that is no request.
    """
    _check_frame(raw, REQUEST, _REQUEST_BYTES_MIN)
    sender_key = raw[1 : 1 + PUBLIC_KEY_BYTES]
    signed, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    if not verify(sender_key, signature, BUNDLE_DOMAIN, signed):
        raise BadSignature("bundle")
    payload = _decode(_payload_decoder, signed[1 + PUBLIC_KEY_BYTES :])
    keys = (sender_key, *_checked_keys(payload.devices))
    sections = _sections(payload.sections, len(keys), bounds)
    return Request(
        hashlib.sha256(raw).digest(),
        sender_key,
        device_id(sender_key),
        keys,
        payload.wants,
        sections,
        payload.budget,
    )


def decode_reply(raw: bytes, bounds: Bounds = WHOLE) -> Reply:
    """Check and decode a down-bundle; see `decode_request` for the errors."""
    _check_frame(raw, REPLY, 2)
    payload = _decode(_payload_decoder, raw[1:])
    keys = _checked_keys(payload.devices)
    sections = _sections(payload.sections, len(keys), bounds)
    return Reply(keys, sections, payload.statement, payload.signature)


def _check_frame(raw: bytes, form: int, bytes_min: int) -> None:
    if len(raw) > BUNDLE_BYTES_MAX:
        raise TooLarge("bundle")
    if len(raw) < bytes_min or raw[0] != form:
        raise ProtocolError("bundle frame")


def read_sections(
    keys: list[bytes], encoded: list[bytes], bounds: Bounds = WHOLE
) -> tuple[tuple[bytes, ...], list[Section]]:
    """The public keys and sections of something that is no bundle by itself; same limits.

    Raises:
        TooLarge, ProtocolError: see `decode_request`.
    """
    checked = _checked_keys(keys)
    return checked, _sections(encoded, len(checked), bounds)


def _checked_keys(keys: list[bytes]) -> tuple[bytes, ...]:
    if any(len(key) != PUBLIC_KEY_BYTES for key in keys):
        raise ProtocolError("public key")
    return tuple(keys)


def _sections(encoded: list[bytes], devices: int, bounds: Bounds) -> list[Section]:
    sections: list[Section] = []
    changes = unpacked = 0
    for piece in encoded:
        raw = _unpack_section(piece, bounds.unpacked_bytes - unpacked)
        unpacked += len(raw)
        section = _decode(_section_decoder, raw)
        changes += sum(len(run.parts) for run in section.runs)
        if changes > bounds.changes:
            raise TooLarge("bundle changes")
        if any(not 0 <= run.device < devices for run in section.runs):
            raise ProtocolError("device index")
        sections.append(section)
    return sections


def _unpack_section(piece: bytes, bytes_max: int) -> bytes:
    if not piece or piece[0] > _ZSTD:
        raise ProtocolError("section")
    if piece[0] == _PLAIN:
        return piece[1:]
    try:
        return decompress_section(piece[1:], bytes_max)
    except ProtocolError:
        raise
    except MistoError as error:
        raise ProtocolError("section") from error


def _decode(decoder: msgspec.msgpack.Decoder[T], raw: bytes) -> T:
    try:
        return decoder.decode(raw)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise ProtocolError("msgpack") from error
