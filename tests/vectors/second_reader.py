"""A second reader, written from `docs/protocol.md` alone: no line of it comes from the project.

It uses a hash, a signature, a cipher, msgpack and zstd from libraries, and shows that the page is
enough for a stranger to check a reply, rebuild a run and open a seal.
"""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import msgpack
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

DICTIONARY = Path("shared_schema/crypto/dictionaries/1.zdict")


def unzstd(frame: bytes) -> bytes:
    """A magicless frame with its size, read with dictionary 1."""
    dictionary = zstandard.ZstdCompressionDict(DICTIONARY.read_bytes())
    reader = zstandard.ZstdDecompressor(
        dict_data=dictionary, format=zstandard.FORMAT_ZSTD1_MAGICLESS
    )
    return reader.decompress(frame)


def check(key: bytes, signature: bytes, message: bytes) -> None:
    """Raise unless the signature is good."""
    Ed25519PublicKey.from_public_bytes(key).verify(signature, message)


def read_request(raw: bytes) -> tuple[bytes, list[Any]]:
    """The sender's key and the payload of a request."""
    assert raw[0] == 0x11
    check(raw[1:33], raw[-64:], b"misto/bundle/1\0" + raw[:-64])
    return raw[1:33], msgpack.unpackb(raw[33:-64])


def read_section(piece: bytes) -> list[Any]:
    """Feed name and runs."""
    section: list[Any] = msgpack.unpackb(unzstd(piece[1:]) if piece[0] == 1 else piece[1:])
    return section


def rebuild(run: list[Any], keys: list[bytes]) -> list[bytes]:
    """The changes of a run; raises unless its last signature is good."""
    key, scope, seq, prev = keys[run[0]], run[1], run[2], run[3] or bytes(32)
    device = hashlib.sha256(b"misto/device/1\0" + key).digest()[:16]
    changes: list[bytes] = []
    for part in run[4]:
        changes.append(struct.pack(">B16s16sI32s", 1, device, scope, seq, prev) + part)
        prev, seq = hashlib.sha256(changes[-1]).digest(), seq + 1
    check(key, changes[-1][-64:], b"misto/change/1\0" + changes[-1][:-64])
    return changes


def set_digest(change_ids: list[bytes]) -> bytes:
    """The digest of a feed that holds these changes."""
    total = 0
    for change_id in change_ids:
        total += int.from_bytes(hashlib.shake_256(b"misto/set/1\0" + change_id).digest(256), "big")
    state = (total % 2**2048).to_bytes(256, "big")
    return hashlib.sha256(b"misto/set-digest/1\0" + state).digest()


def unpack(packed: bytes) -> list[Any]:
    """The JSON array of a payload."""
    raw = unzstd(packed[1:]) if packed[0] & 2 else packed[1:]
    payload: list[Any] = json.loads(raw.decode("cp1251" if packed[0] & 1 else "utf-8"))
    return payload


def hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF with SHA-256 and 32 bytes of output."""
    return HKDF(SHA256(), 32, salt, info).derive(key)


def open_appeal(raw: bytes, queue_secret: bytes) -> tuple[list[Any], bytes]:
    """The payload of a sealed opening change, and its thread key, read as the queue."""
    header, body = raw[:81], raw[81:-64]
    assert raw[69] & 3 == 3
    assert body[0] == 1
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    secret = X25519PrivateKey.from_private_bytes(queue_secret)
    thread_key = suite.decrypt(body[3:83], secret, info=b"misto/wrap/1\0" + header)
    key = hkdf(thread_key, body[83:99], b"misto/change-key/1\0")
    padded = ChaCha20Poly1305(key).decrypt(bytes(12), body[99:], header + body[:83])
    return unpack(padded.rstrip(b"\0")[:-1]), thread_key
