"""A second desk for the same queue, granted while the city is running, as a real one would be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from client.keys.vault import DeviceSecrets, Vault
from client.services.replica import Clock, Replica
from misto.simulation.network import Server
from shared_schema.crypto.card import Card
from shared_schema.crypto.signing import Signer
from shared_schema.ids import TRUST, queue_scope, scope_id
from shared_schema.records.kinds import BY_NAME, encode_payload
from shared_schema.records.trust import Granted
from shared_schema.sync.card_trust import trust_of
from shared_schema.sync.change import Change, Draft, Place, finish, header_of
from shared_schema.sync.compose import compose_request
from shared_schema.sync.run import Entry


def add_desk(city: Path, card: Card, folder: Path, server: Server, clock: Clock) -> bytes:
    """Make the profile, and have the enrolment key grant it; the id of the grant."""
    queues = Vault.open(city / "profiles" / "desk", None).queue_secrets
    secrets = replace(DeviceSecrets.generate(), queue_secrets=queues)
    Replica.create(folder, card.raw, secrets=secrets, clock=clock).close()
    enrolment = Signer(bytes.fromhex((city / "keys" / "enrolment.key").read_text().strip()))
    change = _grant(enrolment, card, Signer(secrets.signing_seed).public_key)
    entry = Entry(
        0, 0, enrolment.public_key, change.device, change.scope, change.seq, change.id, change.raw
    )
    server.handle(compose_request(enrolment, (), [entry]).raw)
    return change.id


def _grant(enrolment: Signer, card: Card, public_key: bytes) -> Change:
    last = max((change for _, change in trust_of(card)), key=lambda change: change.seq)
    kind = BY_NAME["trust.granted"]
    place = Place(scope_id(card.city, TRUST), last.seq + 1, last.id, last.time + 1)
    draft = Draft(kind.number, kind.version, None, kind.sealed)
    scope = queue_scope(card.main_queue)
    payload = encode_payload(Granted(public_key.hex(), "desk", scope, "desk 2"), sealed=False)
    return finish(enrolment, header_of(enrolment.device, place, draft), payload)
