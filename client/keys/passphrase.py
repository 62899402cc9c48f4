"""Locking bytes with something that a person remembers: a PIN, or a passphrase.

Argon2id (RFC 9106) stretches it to a key, and ChaCha20-Poly1305 encrypts under that key, bound to
the parameters of the stretching and to what the bytes are for. A lock that comes in a file may ask
for any amount of memory and time: its parameters are checked before they are used.
"""

from __future__ import annotations

import base64
import json
import os
from typing import Any, Final

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from shared_schema.errors import MistoError

KEY_BYTES: Final = 32
# RFC 9106, section 4: the second recommended option, for devices with little memory.
_TIME_COST: Final = 3
_MEMORY_KIB: Final = 64 * 1024
_LANES: Final = 4
_TIME_COST_MAX: Final = 16
_MEMORY_KIB_MAX: Final = 1024 * 1024
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


class WrongPassphrase(MistoError):
    """It was locked with another one (or the file was tampered with)."""

    code = "wrong_passphrase"


class UnusableLock(MistoError):
    """The lock is damaged, of a later version, or asks for more than a phone should give."""

    code = "bad_lock"


def locked(raw: bytes, words: str, purpose: str) -> tuple[dict[str, Any], bytes]:
    """The parameters of a fresh lock, and `raw` behind it: nonce and ciphertext."""
    lock = {
        "stretch": "argon2id",
        "time_cost": _TIME_COST,
        "memory_kib": _MEMORY_KIB,
        "lanes": _LANES,
        "salt": base64.b64encode(os.urandom(_SALT_BYTES)).decode(),
    }
    nonce = os.urandom(_NONCE_BYTES)
    cipher = ChaCha20Poly1305(_stretched(lock, words))
    return lock, nonce + cipher.encrypt(nonce, raw, _associated(lock, purpose))


def unlocked(lock: Any, wrapped: bytes, words: str, purpose: str) -> bytes:
    """What was locked.

    Raises:
        WrongPassphrase: it does not open. UnusableLock: there is no use in trying.
    """
    if len(wrapped) < _NONCE_BYTES + _TAG_BYTES:
        raise UnusableLock("too short")
    try:
        cipher = ChaCha20Poly1305(_stretched(lock, words))
    except (KeyError, TypeError, ValueError, OverflowError, HashingError) as error:
        raise UnusableLock("damaged lock, or no memory for it") from error
    nonce, ciphertext = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
    try:
        return cipher.decrypt(nonce, ciphertext, _associated(lock, purpose))
    except InvalidTag as error:
        raise WrongPassphrase from error


def _stretched(lock: dict[str, Any], words: str) -> bytes:
    time_cost, memory, lanes = int(lock["time_cost"]), int(lock["memory_kib"]), int(lock["lanes"])
    salt = base64.b64decode(lock["salt"], validate=True)
    usable = 1 <= time_cost <= _TIME_COST_MAX and 8 * lanes <= memory <= _MEMORY_KIB_MAX
    if lock["stretch"] != "argon2id" or not usable or not 1 <= lanes <= _LANES:
        raise UnusableLock("unknown stretching")
    if len(salt) != _SALT_BYTES:
        raise UnusableLock("salt")
    return hash_secret_raw(words.encode(), salt, time_cost, memory, lanes, KEY_BYTES, Type.ID)


def _associated(lock: dict[str, Any], purpose: str) -> bytes:
    return purpose.encode() + json.dumps(lock, sort_keys=True).encode()
