"""Sealed notes: what only this person may know, kept by name: drafts, settings, marks.

A found phone must not tell what somebody was about to write, or where they live. So each note is
ciphertext under the device's storage key (ChaCha20-Poly1305, a fresh nonce a writing), bound to its
name, and is opened in memory only.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from shared_schema.errors import SealError
from shared_schema.limits import NOTE_BYTES_MAX

if TYPE_CHECKING:
    from client.services.replica import Replica

_NONCE_BYTES: Final = 12
_NOTE: Final = b"misto/sealed-note/1\0"
_BLOCK: Final = 256
"""Notes are padded to a multiple of this, so that a length tells little."""
_PUT: Final = (
    "INSERT INTO sealed_notes (name, sealed) VALUES (?, ?)"
    " ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed"
)
S = TypeVar("S", bound=msgspec.Struct)


class Notes:
    """The sealed notes of a replica. A note is a msgspec struct, kept as JSON."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._cipher = ChaCha20Poly1305(replica.secrets.storage_key)

    def writing(self) -> AbstractContextManager[object]:
        """One transaction for reading a note and writing it anew: nobody writes in between."""
        return self._replica.store.writing()

    def put(self, name: str, note: msgspec.Struct) -> None:
        """Write a note down, durably; it replaces the one of the same name.

        Raises:
            SealError: the note is longer than NOTE_BYTES_MAX.
        """
        raw = msgspec.json.encode(note)
        if len(raw) > NOTE_BYTES_MAX:
            raise SealError("note too long")
        nonce = os.urandom(_NONCE_BYTES)
        padded = raw + b" " * (-len(raw) % _BLOCK)  # JSON does not mind spaces at its end
        sealed = nonce + self._cipher.encrypt(nonce, padded, _NOTE + name.encode())
        with self._replica.store.writing() as connection:
            connection.execute(_PUT, (name, sealed))

    def get(self, name: str, sort: type[S]) -> S | None:
        """A note; None when there is none, or when it cannot be read any more."""
        rows = self._replica.store.rows("SELECT sealed FROM sealed_notes WHERE name = ?", (name,))
        return self._open(name, rows[0][0], sort) if rows else None

    def all(self, prefix: str, sort: type[S]) -> dict[str, S]:
        """All readable notes whose names begin so, by name."""
        rows = self._replica.store.rows(
            "SELECT name, sealed FROM sealed_notes WHERE substr(name, 1, ?) = ? ORDER BY name",
            (len(prefix), prefix),
        )
        opened = ((name, self._open(name, sealed, sort)) for name, sealed in rows)
        return {name: note for name, note in opened if note is not None}

    def forget(self, name: str) -> None:
        """Delete a note; the database overwrites its bytes (`secure_delete`)."""
        with self._replica.store.writing() as connection:
            connection.execute("DELETE FROM sealed_notes WHERE name = ?", (name,))

    def _open(self, name: str, sealed: bytes, sort: type[S]) -> S | None:
        nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            raw = self._cipher.decrypt(nonce, ciphertext, _NOTE + name.encode())
            return msgspec.json.decode(raw, type=sort)
        except (InvalidTag, ValueError, msgspec.MsgspecError):
            return None
