"""Vectors of sealing: one appeal's thread, opened step by step."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared_schema.crypto import packing, padding, sealing
from shared_schema.limits import BODY_UNPACKED_BYTES_MAX
from shared_schema.records.kinds import BY_NUMBER
from shared_schema.sync.change import Change
from tests.vectors import cast
from tests.vectors.kept import Kept


def seals(kept: Kept) -> dict[str, object]:
    """One appeal's thread, opened step by step."""
    opening = kept.thread[0]
    salt = sealing.split_sealed(opening.body).salt
    key = sealing.derive_thread_key(cast.THREAD_SECRET, salt)
    return {
        "device_secret": cast.THREAD_SECRET.hex(),
        "queues": [
            {"number": queue.number, "secret": secret.hex(), "public_key": queue.public_key.hex()}
            for queue, secret in (
                (cast.QUEUE, cast.QUEUE_SECRET), (cast.OTHER_QUEUE, cast.OTHER_QUEUE_SECRET),
            )
        ],
        "thread_key": key.hex(),
        "changes": [_seal(change, key) for change in kept.thread],
        "handed": {
            "device_secret": cast.DESK_SECRET.hex(),
            "device": cast.DESK.device.hex(),
            "box_key": sealing.box_public_key(cast.DESK_SECRET).hex(),
            "queue": "general",
            "number": cast.OTHER_QUEUE.number,
            "public_key": cast.OTHER_QUEUE.public_key.hex(),
            "sealed": kept.handed.hex(),
            "secret": sealing.unwrap_queue_secret(
                cast.DESK_SECRET, kept.handed, "general", cast.OTHER_QUEUE, cast.DESK.device
            ).hex(),
        },
        "internal": [
            {"queue": queue.number, "internal_key": inner.hex(), **_seal(change, inner)}
            for change, queue, secret in zip(
                kept.internal,
                (cast.OTHER_QUEUE, cast.QUEUE),
                (cast.OTHER_QUEUE_SECRET, cast.QUEUE_SECRET),
                strict=True,
            )
            for inner in (sealing.internal_key(secret, opening.record),)
        ],
    }  # fmt: skip


def _seal(change: Change, thread_key: bytes) -> dict[str, object]:
    parts = sealing.split_sealed(change.body)
    packed = sealing.open_sealed(thread_key, change.header, change.body)
    key = HKDF(SHA256(), 32, parts.salt, b"misto/change-key/1\0").derive(thread_key)
    return {
        "kind": BY_NUMBER[change.kind, change.kind_version].name,
        "raw": change.raw.hex(),
        "header": change.header.hex(),
        "body": change.body.hex(),
        "wraps": [[number, wrapped.hex()] for number, wrapped in parts.wraps],
        "salt": parts.salt.hex(),
        "change_key": key.hex(),
        "padded": padding.pad(packed).hex(),
        "packed": packed.hex(),
        "payload": packing.unpack(packed, BODY_UNPACKED_BYTES_MAX),
    }
