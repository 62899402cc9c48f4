"""Ed25519 signatures with a domain string in front of what is signed (RFC 8032).

The domain keeps a signature of one sort from being replayed as one of another sort. The exact
bytes sent are signed; nothing is re-serialised to be verified.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from shared_schema.ids import device_id

SIGNATURE_BYTES: Final = 64
CHANGE_DOMAIN: Final = b"misto/change/1\0"
BUNDLE_DOMAIN: Final = b"misto/bundle/1\0"
STATEMENT_DOMAIN: Final = b"misto/statement/1\0"
JOIN_DOMAIN: Final = b"misto/join/1\0"


class Signer:
    """One device's (or the server's) signing key."""

    __slots__ = ("_key", "device", "public_key")

    def __init__(self, secret: bytes) -> None:
        """Take the 32-byte Ed25519 seed."""
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public_key: bytes = self._key.public_key().public_bytes_raw()
        self.device: bytes = device_id(self.public_key)

    @classmethod
    def generate(cls) -> tuple[Signer, bytes]:
        """A fresh signer and its 32-byte seed, for the caller to keep."""
        secret = Ed25519PrivateKey.generate().private_bytes_raw()
        return cls(secret), secret

    def sign(self, domain: bytes, message: bytes) -> bytes:
        """The 64-byte signature of `message` under `domain`."""
        return self._key.sign(domain + message)


def verify(public_key: bytes, signature: bytes, domain: bytes, message: bytes) -> bool:
    """Whether `signature` is `public_key`'s over `message` under `domain`; never raises."""
    try:
        _load(public_key).verify(signature, domain + message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=4096)
def _load(public_key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public_key)
