"""The keys of private threads: derived by their opener, unwrapped by a desk.

A desk keeps each opened thread key wrapped under its own storage key (ChaCha20-Poly1305 with a
fresh nonce, bound to the record), so that reading again after the next unlock costs one symmetric
decryption a record and not an HPKE opening.
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from client.keys.vault import DeviceSecrets
from shared_schema.crypto.card import Card
from shared_schema.crypto.sealing import derive_thread_key, split_sealed, unwrap_thread_key
from shared_schema.errors import SealError
from shared_schema.ids import queue_scope, scope_id
from shared_schema.sync.change import Change

_NONCE_BYTES: Final = 12
_CACHED: Final = b"misto/cached-thread-key/1\0"


class ThreadKeys:
    """Opens thread keys with the secrets of one device."""

    def __init__(self, device: bytes, secrets: DeviceSecrets, card: Card) -> None:
        self._device = device
        self._secrets = secrets
        self._queues = {
            scope_id(card.city, queue_scope(queue)): keys
            for queue, keys in secrets.queue_secrets.items()
        }
        self._storage = ChaCha20Poly1305(secrets.storage_key)

    def is_own(self, opening: Change) -> bool:
        """Whether the key is derived here, which is quick and needs no cache."""
        return opening.device == self._device

    def of(self, opening: Change) -> bytes:
        """The thread key of the record that this change opens.

        Raises:
            SealError: this device has no key that opens it.
        """
        parts = split_sealed(opening.body)
        if self.is_own(opening):
            return derive_thread_key(self._secrets.thread_secret, parts.salt)
        keys = self._queues.get(opening.scope, {})
        for number, wrapped in parts.wraps:
            if number in keys:
                return unwrap_thread_key(keys[number], wrapped, opening.header)
        raise SealError("no key for this thread")

    def wrap(self, record: bytes, thread_key: bytes) -> bytes:
        """The thread key as it may lie on disk."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._storage.encrypt(nonce, thread_key, _CACHED + record)

    def unwrap(self, record: bytes, wrapped: bytes) -> bytes:
        """The thread key out of the cache.

        Raises:
            SealError: it was wrapped by another device, for another record, or is damaged.
        """
        nonce, ciphertext = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        try:
            return self._storage.decrypt(nonce, ciphertext, _CACHED + record)
        except (InvalidTag, ValueError) as error:
            raise SealError("cached thread key") from error
