"""The own requests that were handed to couriers, kept so that their replies can be read.

They are sealed under the device's storage key: a found phone must not tell what was given to
couriers. The id beside them is a hash, and says nothing to whoever has not the request itself.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from client.storage import carried

if TYPE_CHECKING:
    from client.services.replica import Replica

_NONCE_BYTES: Final = 12
_REQUEST: Final = b"misto/own-request/1\0"


def remember(replica: Replica, request: bytes, raw: bytes) -> None:
    """Note a request durably, before it is handed out."""
    with replica.store.writing() as connection:
        if carried.own_request(connection, request) is None:
            nonce = os.urandom(_NONCE_BYTES)
            sealed = nonce + _cipher(replica).encrypt(nonce, raw, _REQUEST + request)
            carried.remember_own(connection, request, sealed, replica.clock())


def recall(replica: Replica, connection: sqlite3.Connection, request: bytes) -> bytes | None:
    """The bytes of an own request; None when it is not known, or cannot be read any more."""
    sealed = carried.own_request(connection, request)
    if sealed is None:
        return None
    nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return _cipher(replica).decrypt(nonce, ciphertext, _REQUEST + request)
    except InvalidTag:
        return None


def _cipher(replica: Replica) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(replica.secrets.storage_key)
