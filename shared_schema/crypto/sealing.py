"""End-to-end sealing of private records.

Each private record has one 32-byte thread key. The opener derives it from its device secret and
the 16-byte salt of the opening change, so that the author can always read again, and wraps it with
HPKE (RFC 9180, base mode: X25519, HKDF-SHA256, ChaCha20-Poly1305) to the queue's public key. Every
change of the thread has a key of its own by HKDF (RFC 5869) from the thread key and 16 fresh random
bytes in front of its ciphertext, so that a cloned or restored device never reuses a nonce. The
exact header bytes are bound in: as HPKE `info` of the wrap and as associated data of the text.

Layout of a sealed body:

    wrap count   u8           0 except in an opening change and in a forwarding
    wraps        82 bytes each: key number u16, HPKE enc 32, wrapped thread key 48
    salt         16
    ciphertext   padded packed payload + 16-byte tag

A queue's secret changes hands the same way: wrapped with HPKE to an officer's *box key*, which the
officer's device derives from its device secret.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared_schema.crypto.padding import pad, unpad
from shared_schema.errors import SealError
from shared_schema.limits import SEALED_WRAPS_MAX

SALT_BYTES: Final = 16
THREAD_KEY_BYTES: Final = 32
TAG_BYTES: Final = 16
WRAP_BYTES: Final = 82
HPKE_BYTES: Final = 80
"""32 secret bytes wrapped: HPKE enc 32, ciphertext with tag 48."""
_WRAP_INFO: Final = b"misto/wrap/1\0"
_THREAD_INFO: Final = b"misto/thread-key/1\0"
_CHANGE_INFO: Final = b"misto/change-key/1\0"
_INTERNAL_INFO: Final = b"misto/internal-key/1\0"
_BOX_INFO: Final = b"misto/box-key/1\0"
_QUEUE_SECRET_INFO: Final = b"misto/queue-secret/1\0"
_NONCE: Final = bytes(12)  # each key encrypts exactly one message
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True, slots=True)
class QueueKey:
    """A queue's public sealing key: its number in the city and 32 bytes of X25519."""

    number: int
    public_key: bytes


@dataclass(frozen=True, slots=True)
class SealedBody:
    """The parts of a sealed body, split and length-checked, nothing decrypted."""

    wraps: tuple[tuple[int, bytes], ...]
    salt: bytes
    ciphertext: bytes


def new_queue_secret() -> bytes:
    """A fresh 32-byte X25519 secret for a queue."""
    return X25519PrivateKey.generate().private_bytes_raw()


def queue_public_key(secret: bytes) -> bytes:
    """The 32-byte public key of a queue secret."""
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def derive_thread_key(device_secret: bytes, salt: bytes) -> bytes:
    """The thread key of the record that this device opened with `salt`."""
    return _hkdf(device_secret, salt, _THREAD_INFO)


def internal_key(queue_secret: bytes, record: bytes) -> bytes:
    """The key of what officers of a queue say among themselves about a record.

    Derived from the queue's secret, which the author does not have, with a domain of its own, so
    that it tells nothing about what the secret opens otherwise.
    """
    return _hkdf(queue_secret, record, _INTERNAL_INFO)


def box_secret(device_secret: bytes) -> bytes:
    """The X25519 secret of the box key of the device with this secret."""
    return _hkdf(device_secret, b"", _BOX_INFO)


def box_public_key(device_secret: bytes) -> bytes:
    """The 32 bytes that this device's grant names, so that queue secrets can be handed to it."""
    return queue_public_key(box_secret(device_secret))


def wrap_queue_secret(queue: str, secret: bytes, number: int, device: bytes, box: bytes) -> bytes:
    """A queue's secret for the one device with this id and public box key, as 80 bytes.

    Raises:
        SealError: the box key is no usable point of the curve.
    """
    info = _queue_info(queue, QueueKey(number, queue_public_key(secret)), device)
    try:
        return _SUITE.encrypt(secret, X25519PublicKey.from_public_bytes(box), info=info)
    except ValueError as error:
        raise SealError("box key") from error


def unwrap_queue_secret(
    device_secret: bytes, wrapped: bytes, queue: str, key: QueueKey, device: bytes
) -> bytes:
    """The queue's secret out of such a wrap; it is the one that `key` is the public half of.

    Raises:
        SealError: it was wrapped for another device, queue or key, or it is another secret.
    """
    box = X25519PrivateKey.from_private_bytes(box_secret(device_secret))
    try:
        secret: bytes = _SUITE.decrypt(wrapped, box, info=_queue_info(queue, key, device))
        if queue_public_key(secret) != key.public_key:
            raise SealError("queue secret")
    except (InvalidTag, ValueError) as error:
        raise SealError("queue secret") from error
    return secret


def seal_opening(
    device_secret: bytes, queues: tuple[QueueKey, ...], header: bytes, packed: bytes
) -> bytes:
    """The sealed body of a record's opening change, wrapped once for each queue."""
    salt = os.urandom(SALT_BYTES)
    thread_key = derive_thread_key(device_secret, salt)
    wraps = b"".join(wrap_thread_key(queue, thread_key, header) for queue in queues)
    prefix = bytes((len(queues),)) + wraps
    return prefix + _encrypt(thread_key, salt, header + prefix, packed)


def seal_later(thread_key: bytes, header: bytes, packed: bytes) -> bytes:
    """The sealed body of a later change of a thread."""
    prefix = b"\0"
    return prefix + _encrypt(thread_key, os.urandom(SALT_BYTES), header + prefix, packed)


def seal_forwarding(thread_key: bytes, queue: QueueKey, header: bytes, packed: bytes) -> bytes:
    """The sealed body of a forwarding: a later change that wraps the thread's key once more."""
    prefix = b"\1" + wrap_thread_key(queue, thread_key, header)
    return prefix + _encrypt(thread_key, os.urandom(SALT_BYTES), header + prefix, packed)


def wrap_thread_key(queue: QueueKey, thread_key: bytes, header: bytes) -> bytes:
    """The 82-byte wrap of a thread key for one queue, bound to the change's header."""
    wrapped = _SUITE.encrypt(thread_key, _load(queue.public_key), info=_WRAP_INFO + header)
    return struct.pack(">H", queue.number) + wrapped


def load_queue_secret(secret: bytes) -> X25519PrivateKey:
    """A queue secret ready for use: one who unwraps much loads it once, which is half the work."""
    return X25519PrivateKey.from_private_bytes(secret)


def unwrap_thread_key(
    queue_secret: bytes | X25519PrivateKey, wrapped: bytes, header: bytes
) -> bytes:
    """The thread key in an 80-byte wrap (without its key number).

    Raises:
        SealError: it was not wrapped to this queue, or not for this header.
    """
    loaded = load_queue_secret(queue_secret) if isinstance(queue_secret, bytes) else queue_secret
    try:
        key: bytes = _SUITE.decrypt(wrapped, loaded, info=_WRAP_INFO + header)
    except (InvalidTag, ValueError) as error:
        raise SealError("wrap") from error
    return key


def split_sealed(body: bytes) -> SealedBody:
    """Split a sealed body into its parts.

    Raises:
        SealError: it is too short for what it says, or has too many wraps.
    """
    start = _wraps_end(body)
    wraps = tuple(
        (struct.unpack_from(">H", body, at)[0], body[at + 2 : at + WRAP_BYTES])
        for at in range(1, start, WRAP_BYTES)
    )
    return SealedBody(wraps, body[start : start + SALT_BYTES], body[start + SALT_BYTES :])


def open_sealed(thread_key: bytes, header: bytes, body: bytes) -> bytes:
    """The packed payload of a sealed body.

    Raises:
        SealError: another key, another header, or damaged bytes.
    """
    start = _wraps_end(body)  # the wraps themselves are not looked at: this is done for each row
    text = start + SALT_BYTES
    key = _hkdf(thread_key, body[start:text], _CHANGE_INFO)
    try:
        padded = ChaCha20Poly1305(key).decrypt(_NONCE, body[text:], header + body[:start])
    except InvalidTag as error:
        raise SealError("text") from error
    return unpad(padded)


def _wraps_end(body: bytes) -> int:
    """Where the wraps of a sealed body end, and its salt begins; see `split_sealed`."""
    count = body[0] if body else SEALED_WRAPS_MAX + 1
    end = 1 + count * WRAP_BYTES
    if count > SEALED_WRAPS_MAX or len(body) < end + SALT_BYTES + TAG_BYTES:
        raise SealError("sealed body too short")
    return end


def _queue_info(queue: str, key: QueueKey, device: bytes) -> bytes:
    number = struct.pack(">H", key.number)
    return _QUEUE_SECRET_INFO + number + key.public_key + device + queue.encode()


@lru_cache(maxsize=64)
def _load(public_key: bytes) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(public_key)


def _encrypt(thread_key: bytes, salt: bytes, associated: bytes, packed: bytes) -> bytes:
    key = _hkdf(thread_key, salt, _CHANGE_INFO)
    return salt + ChaCha20Poly1305(key).encrypt(_NONCE, pad(packed), associated)


def _hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), THREAD_KEY_BYTES, salt, info).derive(key)
