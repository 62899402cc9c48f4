"""The keys of private threads: derived by their opener, unwrapped by a desk.

A desk keeps each opened thread key wrapped under its own storage key (ChaCha20-Poly1305 with a
fresh nonce, bound to the record), so that reading again after the next unlock costs one symmetric
decryption a record and not an HPKE opening.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from client.keys.vault import DeviceSecrets
from shared_schema.crypto.card import Card
from shared_schema.crypto.sealing import (
    QueueKey,
    derive_thread_key,
    internal_key,
    load_queue_secret,
    open_sealed,
    split_sealed,
    unwrap_queue_secret,
    unwrap_thread_key,
)
from shared_schema.errors import SealError
from shared_schema.ids import queue_scope, scope_id
from shared_schema.records.trust import Grants
from shared_schema.sync.change import Change

_NONCE_BYTES: Final = 12
_CACHED: Final = b"misto/cached-thread-key/1\0"


class ThreadKeys:
    """Opens thread keys with the secrets of one device."""

    def __init__(self, device: bytes, secrets: DeviceSecrets, card: Card) -> None:
        self._device = device
        self._secrets = secrets
        self._scopes = {
            queue: scope_id(card.city, queue_scope(queue))
            for queue in (*card.facts.queues, *secrets.queue_secrets)
        }
        self._queues = {self._scopes[queue]: keys for queue, keys in secrets.queue_secrets.items()}
        self._handed: dict[tuple[str, QueueKey, bytes], bytes | None] = {}
        """Wraps that were tried: queue, key and wrap to its secret, None when it does not open."""
        self._loaded: dict[bytes, X25519PrivateKey] = {}
        self._storage = ChaCha20Poly1305(secrets.storage_key)

    def learn(self, grants: Grants) -> None:
        """Take the queue secrets that the trust scope hands this device, beside its own.

        They stay in memory: on disk they are wrapped, in the log, for this device alone.
        """
        queues = {
            self._scopes[queue]: dict(keys) for queue, keys in self._secrets.queue_secrets.items()
        }
        for queue, keys in grants.keys.items():
            for number, handed in keys.items():
                key = QueueKey(number, handed.public_key)
                for wrapped in handed.wraps.get(self._device, ()):
                    secret = self._unwrapped(queue, key, wrapped)
                    if secret is not None:
                        queues.setdefault(self._scopes[queue], {})[number] = secret
        self._queues = queues

    def secrets(self, queue: str) -> dict[int, bytes]:
        """All secrets of a queue that this device has, by key number."""
        return dict(self._queues.get(self._scopes[queue], {}))

    def _unwrapped(self, queue: str, key: QueueKey, wrapped: bytes) -> bytes | None:
        tried = (queue, key, wrapped)
        if tried not in self._handed:
            self._handed[tried] = None
            with contextlib.suppress(SealError):
                self._handed[tried] = unwrap_queue_secret(
                    self._secrets.thread_secret, wrapped, queue, key, self._device
                )
        return self._handed[tried]

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
                return self._thread_key(opening, number, wrapped)
        raise SealError("no key for this thread")

    def of_forwarded(self, opening: Change, forwardings: Iterable[Change]) -> bytes:
        """The thread key out of a forwarding to a queue of this device.

        Anybody can wrap some key: the right one opens the opening change.

        Raises:
            SealError: none of them has it for this device.
        """
        for change in forwardings:
            for number, wrapped in _wraps(change):
                with contextlib.suppress(KeyError, SealError):
                    key = self._thread_key(change, number, wrapped)
                    open_sealed(key, opening.header, opening.body)
                    return key
        raise SealError("no key for this thread")

    def _thread_key(self, change: Change, number: int, wrapped: bytes) -> bytes:
        """Raises KeyError where this device has no such key of the change's queue."""
        secret = self._queues[change.scope][number]
        if secret not in self._loaded:
            self._loaded[secret] = load_queue_secret(secret)
        return unwrap_thread_key(self._loaded[secret], wrapped, change.header)

    def internal(self, scope: bytes, record: bytes) -> list[bytes]:
        """The keys of a record's internal acts, the newest first; every officer derives the same.

        Empty when this device has no key of the queue.
        """
        keys = self._queues.get(scope, {})
        return [internal_key(keys[number], record) for number in sorted(keys, reverse=True)]

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


def _wraps(change: Change) -> tuple[tuple[int, bytes], ...]:
    """The wraps of a change; none where its body is no sealed one."""
    try:
        return split_sealed(change.body).wraps
    except SealError:
        return ()
