"""Founding a city: its keys, its card, and the first devices that may act for it.

A city folder is

    card.json            public: what a fresh install must know to trust this city
    server.key           the receipt server's Ed25519 seed, hex
    keys/root.pem        sign the card; a real city takes these two off the machine
    keys/targets.pem
    keys/enrolment.key   grants roles to devices, hex seed
    profiles/desk        a device with the desk role and the queue's opening key
    profiles/newsroom    a device with the newsroom role

Both grants are changes of the trust scope by the enrolment key and travel inside the card, so that
a device which never saw a network knows them, and the server starts its trust feed with them.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from securesystemslib.signer import CryptoSigner

from client.keys.vault import DeviceSecrets, write_durably
from client.services.replica import Replica
from misto.files import appearing
from shared_schema.crypto.card import (
    ENROLMENT,
    RECEIPTS,
    Card,
    CityFacts,
    make_card,
    read_card,
    with_trust,
)
from shared_schema.crypto.sealing import QueueKey, new_queue_secret, queue_public_key
from shared_schema.crypto.signing import Signer
from shared_schema.errors import MistoError
from shared_schema.ids import NEWS, TRUST, queue_scope, scope_id
from shared_schema.limits import SHORT_CHARS_MAX
from shared_schema.records.kinds import BY_PAYLOAD, encode_payload
from shared_schema.records.trust import Granted
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, finish, header_of
from shared_schema.sync.hlc import next_time

MAIN_QUEUE: Final = "general"
_QUEUE_KEY_NUMBER: Final = 1
_SECRET_BYTES: Final = 32


class BadCity(MistoError):
    """Something said of a new city is not usable."""

    code = "bad_city"


class _Keys(NamedTuple):
    """Every secret a new city has."""

    root: CryptoSigner
    targets: CryptoSigner
    server_seed: bytes
    enrolment_seed: bytes
    queue_secret: bytes
    desk: DeviceSecrets
    newsroom: DeviceSecrets


def init_city(
    folder: Path, name: str, *, servers: tuple[str, ...] = (), districts: tuple[str, ...] = ()
) -> Card:
    """Found a city in a new folder.

    Raises:
        FolderTaken: something is there already.
        BadCity: the name, a server address or a district is not usable.
    """
    _check_facts(name, servers, districts)
    keys = _make_keys()
    raw = _card(keys, name, servers, districts)
    with appearing(folder) as work:
        _write_keys(work, keys)
        for profile, secrets in (("desk", keys.desk), ("newsroom", keys.newsroom)):
            Replica.create(work / "profiles" / profile, raw, secrets=secrets).close()
        write_durably(work / "card.json", raw, 0o644)
    return read_card(raw)


def _check_facts(name: str, servers: tuple[str, ...], districts: tuple[str, ...]) -> None:
    for text in (name, *districts):
        if not text.strip() or len(text) > SHORT_CHARS_MAX:
            raise BadCity(f"a name must have 1 to {SHORT_CHARS_MAX} characters: {text!r}")
    for server in servers:
        if not server.startswith(("http://", "https://")):
            raise BadCity(f"a server address starts with https:// or http://: {server!r}")


def _make_keys() -> _Keys:
    queue_secret = new_queue_secret()
    queues = {MAIN_QUEUE: {_QUEUE_KEY_NUMBER: queue_secret}}
    return _Keys(
        root=CryptoSigner.generate_ed25519(),
        targets=CryptoSigner.generate_ed25519(),
        server_seed=os.urandom(_SECRET_BYTES),
        enrolment_seed=os.urandom(_SECRET_BYTES),
        queue_secret=queue_secret,
        desk=replace(DeviceSecrets.generate(), queue_secrets=queues),
        newsroom=DeviceSecrets.generate(),
    )


def _card(keys: _Keys, name: str, servers: tuple[str, ...], districts: tuple[str, ...]) -> bytes:
    queue_key = QueueKey(_QUEUE_KEY_NUMBER, queue_public_key(keys.queue_secret))
    enrolment = Signer(keys.enrolment_seed)
    roles = {
        RECEIPTS: Signer(keys.server_seed).public_key,
        ENROLMENT: enrolment.public_key,
    }
    facts = CityFacts(name, servers, districts, {MAIN_QUEUE: queue_key})
    bare = make_card(keys.root, keys.targets, roles, facts, datetime.now(UTC))
    grants = _first_grants(keys, enrolment, read_card(bare).city)
    return with_trust(bare, [(enrolment.public_key, change.raw) for change in grants])


def _first_grants(keys: _Keys, enrolment: Signer, city: bytes) -> list[Change]:
    desk, newsroom = (Signer(each.signing_seed).public_key for each in (keys.desk, keys.newsroom))
    wanted = (
        Granted(newsroom.hex(), "newsroom", NEWS, "newsroom"),
        Granted(desk.hex(), "desk", queue_scope(MAIN_QUEUE), "desk"),
    )
    kind = BY_PAYLOAD[Granted]
    draft = Draft(kind.number, kind.version, None, kind.sealed)
    changes: list[Change] = []
    prev, moment = NO_PREV, 0
    for seq, grant in enumerate(wanted, 1):
        moment = next_time(moment, int(time.time() * 1000))
        place = Place(scope_id(city, TRUST), seq, prev, moment)
        header = header_of(enrolment.device, place, draft)
        changes.append(finish(enrolment, header, encode_payload(grant, sealed=kind.sealed)))
        prev = changes[-1].id
    return changes


def _write_keys(folder: Path, keys: _Keys) -> None:
    kept = folder / "keys"
    kept.mkdir(mode=0o700)
    (folder / "profiles").mkdir(mode=0o700)
    write_durably(kept / "root.pem", keys.root.private_bytes)
    write_durably(kept / "targets.pem", keys.targets.private_bytes)
    write_durably(kept / "enrolment.key", keys.enrolment_seed.hex().encode())
    write_durably(folder / "server.key", keys.server_seed.hex().encode())
