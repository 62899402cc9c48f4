"""One's own data as one file, sealed with a passphrase: for a phone that may be lost tomorrow.

In it are the device's secrets, the city card, everything that was written here, what others wrote
in the own threads, the trust changes heard so far (an invitation that this device still has to
bring to the city waits again), and the sealed notes (drafts, settings). News, places and outages
are public and are pulled again. `backup_file` says what the file looks like.

The file is as good as the phone: whoever has it and the passphrase reads all own threads and can
write in this person's name. A copy that is restored *is* this device. The old phone must not be
used any more: two phones that write under one name make forks. The city takes both sides of a fork,
so nothing is lost, but it flags the device.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import msgspec

from client.keys.vault import FILE_NAME, DeviceSecrets, document_of, secrets_of
from client.services.backup_file import BackupDamaged, Content, Heard, Said, seal, unseal
from client.services.doorstep.collect import HANDING
from client.services.notes import Notes
from client.services.replica import Clock, ProfileExists, Replica, system_ms
from client.services.rescue import Own, offer_again, put_back
from client.services.wipe import wipe
from client.storage.log import ME, Pulled, State, author_number
from shared_schema.crypto.card import read_card
from shared_schema.crypto.signing import Signer
from shared_schema.errors import MistoError
from shared_schema.ids import TRUST, device_id
from shared_schema.sync.change import Change, decode, signature_holds

_OWN: Final = (
    f"SELECT raw, state, reason, version, received, proof FROM changes WHERE author = {ME}"
    " ORDER BY scope, seq, id"
)
_OTHERS: Final = f"""
    SELECT d.public_key, c.raw, c.version, c.received, c.state = {State.PENDING:d} FROM changes c
    JOIN devices d ON d.id = c.author WHERE c.author <> {ME} AND (c.scope = ? OR c.record IN (
        SELECT substr(change_id, 1, 16) FROM changes WHERE author = {ME} AND record IS NULL))
    AND c.state <> {State.LET_GO:d} ORDER BY c.id
"""
_PROOFS: Final = (
    "SELECT id, request, statement, context, signature FROM proofs"
    f" WHERE id IN (SELECT proof FROM changes WHERE author = {ME})"
)
_PUT_PROOF: Final = (
    "INSERT INTO proofs (id, request, statement, context, signature) VALUES (?, ?, ?, ?, ?)"
)


class OtherCity(MistoError):
    """The file is from a device of another city."""

    code = "other_city"


class _Copy(NamedTuple):
    """A file's content, decoded and checked."""

    secrets: DeviceSecrets
    card: bytes
    own: list[Own]
    others: list[tuple[Heard, Change]]
    proofs: list[tuple[int, bytes, bytes, bytes, bytes]]
    notes: dict[str, bytes]


def export_own(replica: Replica, passphrase: str) -> bytes:
    """All that is this person's own, as a sealed file.

    Raises:
        PassphraseTooShort, BackupTooLarge: see `backup_file.seal`.
    """
    with replica.store.writing() as connection:  # one moment, also with another process writing
        proofs = connection.execute(_PROOFS).fetchall()
        content = Content(
            document_of(replica.secrets),
            replica.card.raw,
            [Said(*row) for row in connection.execute(_OWN)],
            _heard(connection, replica.scopes.id_of[TRUST]),
            {number: (one, two, three, four) for number, one, two, three, four in proofs},
            _notes(replica),
        )
    return seal(content, passphrase)


def import_own(
    folder: Path,
    raw: bytes,
    passphrase: str,
    *,
    pin: str | None = None,
    clock: Clock = system_ms,
    city: bytes | None = None,
) -> Replica:
    """Make the device of a file anew, in a folder that holds none.

    Own changes wait again: offering is idempotent. The key file comes last, as in `Replica.create`,
    so what is interrupted before leaves no profile. Afterwards the old phone must not be used.

    Args:
        city: the only city whose files are taken; None takes any.

    Raises:
        ProfileExists: there is a device in the folder. WrongPassphrase: or it was tampered with.
        BackupDamaged, BackupNewer, OtherCity, PinTooShort, StorageErrors: no device was made.
    """
    if (folder / FILE_NAME).exists():
        raise ProfileExists(str(folder))
    copy = _checked(unseal(raw, passphrase), city)

    class Restored(Replica):
        """A replica that begins with what is in the file, before it has a key file."""

        def begin(self) -> None:
            """See `Replica.begin`."""
            super().begin()
            _fill(self, copy)

    try:
        return Restored.create(folder, copy.card, pin=pin, secrets=copy.secrets, clock=clock)
    except BaseException:
        if not (folder / FILE_NAME).exists():
            wipe(folder)
        raise


def _heard(connection: sqlite3.Connection, trust: bytes) -> list[Heard]:
    rows = connection.execute(_OTHERS, (trust,)).fetchall()
    return [
        Heard(key, raw, version, received, bool(waits))
        for key, raw, version, received, waits in rows
    ]


def _notes(replica: Replica) -> dict[str, bytes]:
    """The notes as they are, also those of a sort that this version does not know.

    Slips that are still to be handed over are others' secrets, and no part of one's own data.
    """
    found: dict[str, Any] = Notes(replica).all("", cast(Any, msgspec.Raw))
    own = {name: note for name, note in found.items() if not name.startswith(HANDING)}
    return {name: bytes(note).strip() for name, note in own.items()}


def _checked(content: Content, city: bytes | None) -> _Copy:
    try:
        card = read_card(content.card)
        secrets = secrets_of(content.secrets)
        device = Signer(secrets.signing_seed).device
        own = [_own(said, device, content.proofs.keys()) for said in content.own]
        others = [(heard, decode(heard.raw)) for heard in content.others]
    except (MistoError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupDamaged(str(error)) from error
    if city not in (None, card.city):
        raise OtherCity(card.facts.name)
    true = [(heard, change) for heard, change in others if _is_by(change, heard, device)]
    proofs = [(number, *parts) for number, parts in content.proofs.items()]
    return _Copy(secrets, content.card, own, true, proofs, dict(content.notes))


def _own(said: Said, device: bytes, proofs: Collection[int]) -> Own:
    change = decode(said.raw)
    if change.device != device or (said.proof is not None and said.proof not in proofs):
        raise BackupDamaged("own changes")
    return Own(change, said.state, said.reason, said.version, said.received, said.proof)


def _is_by(change: Change, heard: Heard, own: bytes) -> bool:
    """Whether it is somebody else's, and theirs. What does not prove it itself is pulled again."""
    author = device_id(heard.public_key)
    return own != author == change.device and signature_holds(change, heard.public_key)


def _fill(replica: Replica, copy: _Copy) -> None:
    notes = Notes(replica)
    with replica.store.writing() as connection:
        connection.executemany(_PUT_PROOF, copy.proofs)
        others = [
            Pulled(
                author_number(connection, heard.public_key), change, heard.version, heard.received
            )
            for heard, change in copy.others
        ]
        put_back(replica, connection, copy.own, others)
        offer_again(
            replica, connection, (change.id for heard, change in copy.others if heard.waits)
        )
        for name, note in copy.notes.items():
            notes.put(name, cast(Any, msgspec.Raw(note)))
