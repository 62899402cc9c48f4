"""The file of a backup: what is in it, and how it is sealed with a passphrase.

    file   = header, a line of JSON: {"format": "misto.own/1", "lock": {...}}, then nonce + sealed
    sealed = ChaCha20-Poly1305 over zstd over msgpack of `Content`; the lock is `passphrase`'s

A file comes from anywhere: its size, its header and the parameters of its lock are checked before
they are used, and nothing is parsed that the passphrase does not vouch for.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Annotated, Any, Final

import msgspec
import zstandard

from client.keys.passphrase import UnusableLock, locked, unlocked
from shared_schema.errors import MistoError
from shared_schema.limits import BACKUP_BYTES_MAX, NOTE_BYTES_MAX, VERSION_MAX

FORMAT: Final = "misto.own/1"
PASSPHRASE_CHARS_MIN: Final = 8
_FAMILY: Final = "misto.own/"
_HEADER_BYTES_MAX: Final = 1024
_UNPACKED_BYTES_MAX: Final = 2 * BACKUP_BYTES_MAX
_LEVEL: Final = 3  # nearly all of it is ciphertext


class PassphraseTooShort(MistoError):
    """A file may be copied and guessed at for years: a few characters are not enough."""

    code = "passphrase_too_short"


class BackupDamaged(MistoError):
    """It is no backup, or not all of one, or a part of it is not what it should be."""

    code = "backup_damaged"


class BackupNewer(MistoError):
    """A newer version of the app has written it."""

    code = "backup_newer"


class BackupTooLarge(MistoError):
    """There is more to copy than would be read back."""

    code = "backup_too_large"


Number = Annotated[int, msgspec.Meta(ge=0, le=VERSION_MAX)]
Note = Annotated[bytes, msgspec.Meta(max_length=NOTE_BYTES_MAX)]


class Said(msgspec.Struct, array_like=True, frozen=True):
    """An own change, and what the city said of it; `proof` is a key of `Content.proofs`."""

    raw: bytes
    state: Number
    reason: Number
    version: Number
    received: Number | None
    proof: Number | None


class Heard(msgspec.Struct, array_like=True, frozen=True):
    """A change by somebody else."""

    public_key: bytes
    raw: bytes
    version: Number
    received: Number | None
    waits: bool = False
    """Whether this device was given it to bring to the city, and has not yet."""


class Content(msgspec.Struct, frozen=True):
    """What is in a file. Later versions may add fields; older ones do not see them."""

    secrets: dict[str, Any]
    card: bytes
    own: list[Said]
    others: list[Heard]
    proofs: dict[Number, tuple[bytes, bytes, bytes, bytes]]
    notes: dict[str, Note]


def seal(content: Content, passphrase: str) -> bytes:
    """The file.

    Raises:
        PassphraseTooShort: fewer than PASSPHRASE_CHARS_MIN characters.
        BackupTooLarge: it would not be read back.
    """
    words = _words(passphrase)
    if len(words) < PASSPHRASE_CHARS_MIN:
        raise PassphraseTooShort(f"at least {PASSPHRASE_CHARS_MIN} characters")
    packed = msgspec.msgpack.encode(content)
    if len(packed) > _UNPACKED_BYTES_MAX:
        raise BackupTooLarge(f"{len(packed)} bytes unpacked")
    lock, sealed = locked(zstandard.compress(packed, _LEVEL), words, FORMAT)
    raw = msgspec.json.encode({"format": FORMAT, "lock": lock}) + b"\n" + sealed
    if len(raw) > BACKUP_BYTES_MAX:
        raise BackupTooLarge(f"{len(raw)} bytes")
    return raw


def unseal(raw: bytes, passphrase: str) -> Content:
    """What is in a file. It comes from whoever knew the passphrase, which need not be us.

    Raises:
        WrongPassphrase: it does not open. BackupDamaged, BackupNewer: it cannot be read.
    """
    if len(raw) > BACKUP_BYTES_MAX:
        raise BackupDamaged("too large")
    lock, sealed = _split(raw)
    try:
        packed = _decompressed(unlocked(lock, sealed, _words(passphrase), FORMAT))
        return msgspec.msgpack.decode(packed, type=Content)
    except (UnusableLock, msgspec.MsgspecError, zstandard.ZstdError, ValueError) as error:
        raise BackupDamaged(str(error)) from error


def _words(passphrase: str) -> str:
    """The same from every keyboard: some type a letter such as `ї` as two signs."""
    return unicodedata.normalize("NFC", passphrase)


def _split(raw: bytes) -> tuple[Any, bytes]:
    """The lock, and what is behind it."""
    end = raw.find(b"\n", 0, _HEADER_BYTES_MAX)
    try:
        header: dict[str, Any] = dict(json.loads(raw[:end])) if end > 0 else {}
    except (ValueError, TypeError, RecursionError) as error:
        raise BackupDamaged("header") from error
    form = str(header.get("format"))
    if not form.startswith(_FAMILY):
        raise BackupDamaged("no backup of Misto")
    if form != FORMAT:
        raise BackupNewer(form)
    return header.get("lock"), raw[end + 1 :]


def _decompressed(frame: bytes) -> bytes:
    size = zstandard.get_frame_parameters(frame).content_size
    if size > _UNPACKED_BYTES_MAX:  # also true for "unknown", which is 2**64 - 1
        raise BackupDamaged("too large")
    return zstandard.ZstdDecompressor().decompress(frame, max_output_size=max(size, 1))
