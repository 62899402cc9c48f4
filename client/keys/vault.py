"""The file `device.keys`: this device's secrets, locked with a PIN or not.

With a PIN the secrets are locked; see `passphrase`. Without one they lie in a plain file that only
the user's account may read (mode 0600): whoever has the unlocked disk has the secrets. The disk
encryption of the operating system is then the only lock, and the UI says so.

The file is written beside itself, fsynced and renamed, so a power cut leaves the old or the new.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from client.keys import passphrase
from client.keys.passphrase import UnusableLock, WrongPassphrase
from shared_schema.errors import MistoError
from shared_schema.limits import PIN_CHARS_MIN

FILE_NAME: Final = "device.keys"
FORMAT: Final = "misto.keys/1"
SECRET_BYTES: Final = 32
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_FILE_BYTES_MAX: Final = 1024 * 1024


class VaultError(MistoError):
    """The key file is missing, damaged, or of a form that this version does not know."""

    code = "bad_key_file"


class VaultLocked(VaultError):
    """The secrets are locked with a PIN, and none was given."""

    code = "pin_needed"


class WrongPin(VaultError):
    """The PIN is not the one that the secrets were locked with (or the file was tampered with)."""

    code = "wrong_pin"


class PinTooShort(VaultError):
    """A PIN must have a few characters to be worth stretching."""

    code = "pin_too_short"


@dataclass(frozen=True, slots=True, repr=False)
class DeviceSecrets:
    """All that a device must keep to itself; 32 bytes each. Never printed."""

    signing_seed: bytes
    """Ed25519: who this device is."""
    thread_secret: bytes
    """Thread keys of the records it opens are derived from this."""
    storage_key: bytes
    """Wraps the thread keys that it has opened as a desk."""
    queue_secrets: dict[str, dict[int, bytes]] = field(default_factory=dict)
    """X25519, by queue name and key number: what a desk opens appeals with."""

    @classmethod
    def generate(cls) -> DeviceSecrets:
        """Fresh secrets for a resident's device."""
        signing, thread, storage = (os.urandom(SECRET_BYTES) for _ in range(3))
        return cls(signing, thread, storage)


class Vault:
    """The key file of a profile folder."""

    @staticmethod
    def create(folder: Path, secrets: DeviceSecrets, pin: str | None = None) -> None:
        """Write (or replace) the key file, durably; mode 0600.

        The bytes of the file before it are overwritten: they may be secrets that no PIN locks.

        Raises:
            PinTooShort: fewer than PIN_CHARS_MIN characters.
        """
        if pin is not None and len(pin) < PIN_CHARS_MIN:
            raise PinTooShort(f"at least {PIN_CHARS_MIN} characters")
        raw = document_of(secrets)
        document: dict[str, Any] = {"format": FORMAT, "lock": None, "secrets": raw}
        if pin is not None:
            document = _locked(json.dumps(raw).encode(), pin)
        with _overwritten_after(folder / FILE_NAME):
            write_durably(folder / FILE_NAME, json.dumps(document).encode())

    @staticmethod
    def open(folder: Path, pin: str | None = None) -> DeviceSecrets:
        """The secrets.

        Raises:
            VaultLocked: a PIN is needed. WrongPin: it is another one.
            VaultError: there is no usable key file.
        """
        document = _read(folder / FILE_NAME)
        try:
            if document["lock"] is None:
                return secrets_of(document["secrets"])
            if pin is None:
                raise VaultLocked
            return secrets_of(json.loads(_unlocked(document, pin)))
        except VaultError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise VaultError("damaged key file") from error

    @staticmethod
    def is_locked(folder: Path) -> bool:
        """Whether a PIN is needed to open the key file."""
        return _read(folder / FILE_NAME).get("lock") is not None


def write_durably(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace a file so that a power cut leaves either the old content or the new."""
    work = path.with_name(f".{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        work.unlink()
    handle = os.open(work, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(work, path)
    if hasattr(os, "O_DIRECTORY"):  # Windows has no way to sync a folder, and needs none
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def overwrite(path: Path) -> None:
    """Put noise over a file's bytes where they lie, durably. Flash may keep the old ones a while.

    Raises:
        OSError: it is a link, or may not be written to.
    """
    _put_noise(os.open(path, os.O_WRONLY | _NO_FOLLOW))


@contextlib.contextmanager
def _overwritten_after(path: Path) -> Iterator[None]:
    """What was in the file gets overwritten once another one has taken its name."""
    handle = None
    if hasattr(os, "O_DIRECTORY"):  # Windows does not replace a file that is open
        with contextlib.suppress(OSError):
            handle = os.open(path, os.O_WRONLY | _NO_FOLLOW)
    try:
        yield
    except BaseException:
        if handle is not None:
            os.close(handle)
        raise
    if handle is not None:
        with contextlib.suppress(OSError):  # the new file is in place: that is what was asked for
            _put_noise(handle)


def _put_noise(handle: int) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(os.fstat(handle).st_size))
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(_FILE_BYTES_MAX + 1)
        document = json.loads(raw) if len(raw) <= _FILE_BYTES_MAX else None
    except (OSError, ValueError, RecursionError) as error:
        raise VaultError(f"no usable key file: {path.name}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise VaultError("unknown form of key file")
    return document


def _locked(raw: bytes, pin: str) -> dict[str, Any]:
    lock, wrapped = passphrase.locked(raw, pin, FORMAT)
    return {"format": FORMAT, "lock": lock, "secrets": _text(wrapped)}


def _unlocked(document: dict[str, Any], pin: str) -> bytes:
    try:
        wrapped = _bytes(document["secrets"])
        return passphrase.unlocked(document["lock"], wrapped, pin, FORMAT)
    except WrongPassphrase as error:
        raise WrongPin from error
    except UnusableLock as error:
        raise VaultError(error.detail) from error


def document_of(secrets: DeviceSecrets) -> dict[str, Any]:
    """The secrets as JSON can carry them, in clear: only ever to be written under a lock."""
    return {
        "signing_seed": _text(secrets.signing_seed),
        "thread_secret": _text(secrets.thread_secret),
        "storage_key": _text(secrets.storage_key),
        "queue_secrets": {
            queue: {str(number): _text(secret) for number, secret in keys.items()}
            for queue, keys in secrets.queue_secrets.items()
        },
    }


def secrets_of(raw: dict[str, Any]) -> DeviceSecrets:
    """The secrets out of such a document.

    Raises:
        VaultError: a secret has the wrong length. ValueError, KeyError, TypeError, AttributeError:
        it is no such document.
    """
    return DeviceSecrets(
        _secret(raw["signing_seed"]),
        _secret(raw["thread_secret"]),
        _secret(raw["storage_key"]),
        {
            queue: {int(number): _secret(secret) for number, secret in keys.items()}
            for queue, keys in raw["queue_secrets"].items()
        },
    )


def _secret(text: str) -> bytes:
    secret = _bytes(text)
    if len(secret) != SECRET_BYTES:
        raise VaultError("secret length")
    return secret


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
