"""The enrolment key at work while the city is running: devices are granted and revoked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from client.keys.vault import DeviceSecrets, Vault
from client.services.replica import Clock, Replica
from misto.simulation.network import Server
from shared_schema.crypto.card import Card
from shared_schema.crypto.signing import Signer
from shared_schema.ids import NEWS, TRUST, queue_scope, scope_id
from shared_schema.records.kinds import BY_PAYLOAD, encode_payload
from shared_schema.records.trust import Granted, Revoked
from shared_schema.sync.card_trust import trust_of
from shared_schema.sync.change import Change, Draft, Place, finish, header_of
from shared_schema.sync.compose import compose_request
from shared_schema.sync.run import Entry


class Enrolment:
    """Whoever holds the enrolment key. `made` are the ids of the changes by it."""

    def __init__(self, city: Path, card: Card, server: Server) -> None:
        """Take the key and the desk's queue secrets from a city folder."""
        self.made: set[bytes] = set()
        self._card = card
        self._server = server
        self._signer = Signer(bytes.fromhex((city / "keys" / "enrolment.key").read_text().strip()))
        self._queues = Vault.open(city / "profiles" / "desk", None).queue_secrets
        self._last = max((change for _, change in trust_of(card)), key=lambda change: change.seq)

    def add_desk(self, folder: Path, clock: Clock) -> None:
        """Make a second desk for the same queue, and grant it."""
        secrets = replace(DeviceSecrets.generate(), queue_secrets=self._queues)
        key = self._profile(folder, secrets, clock)
        self._say(Granted(key.hex(), "desk", queue_scope(self._card.main_queue), "desk 2"))

    def add_guest(self, folder: Path, clock: Clock) -> bytes:
        """Make a second newsroom, and grant it; its device id."""
        secrets = DeviceSecrets.generate()
        key = self._profile(folder, secrets, clock)
        self._say(Granted(key.hex(), "newsroom", NEWS, "guest"))
        return Signer(secrets.signing_seed).device

    def revoke_guest(self, device: bytes, last_seq: int) -> None:
        """From now on only the first `last_seq` of the guest's changes count, anywhere."""
        self._say(Revoked(device.hex(), "newsroom", NEWS, last_seq))

    def _profile(self, folder: Path, secrets: DeviceSecrets, clock: Clock) -> bytes:
        Replica.create(folder, self._card.raw, secrets=secrets, clock=clock).close()
        return Signer(secrets.signing_seed).public_key

    def _say(self, payload: msgspec.Struct) -> None:
        kind, last = BY_PAYLOAD[type(payload)], self._last
        place = Place(scope_id(self._card.city, TRUST), last.seq + 1, last.id, last.time + 1)
        draft = Draft(kind.number, kind.version, None, kind.sealed)
        header = header_of(self._signer.device, place, draft)
        change = finish(self._signer, header, encode_payload(payload, sealed=kind.sealed))
        self.made.add(change.id)
        self._last = change
        self._server.handle(compose_request(self._signer, (), [self._entry(change)]).raw)

    def _entry(self, change: Change) -> Entry:
        key = self._signer.public_key
        return Entry(0, 0, key, change.device, change.scope, change.seq, change.id, change.raw)
