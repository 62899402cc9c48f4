"""Founding a city: its keys, its card, and the first devices that may act for it.

A city folder is

    card.json            public: what a fresh install must know to trust this city
    server.key           the receipt server's Ed25519 seed, hex
    keys/root.pem        sign the card; a real city takes these two off the machine
    keys/targets.pem
    keys/enrolment.key   grants roles to devices, hex seed
    profiles/desk        a device with the desk role of the main queue, and its opening key
    profiles/desk-NAME   the same for each further queue
    profiles/newsroom    a device with the newsroom role
    profiles/editor      another one, of the second person whom an alert needs
    profiles/enrolment   a device that signs with the enrolment key, to grant and revoke later

The grants are changes of the trust scope by the enrolment key and travel inside the card, so that
a device which never saw a network knows them, and the server starts its trust feed with them.
"""

from __future__ import annotations

import os
import re
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
from shared_schema.crypto.sealing import (
    QueueKey,
    box_public_key,
    new_queue_secret,
    queue_public_key,
)
from shared_schema.crypto.signing import Signer
from shared_schema.errors import MistoError
from shared_schema.ids import NEWS, TRUST, queue_scope, scope_id
from shared_schema.limits import CITY_QUEUES_MAX, FEED_NAME_CHARS_MAX, SHORT_CHARS_MAX
from shared_schema.records.kinds import BY_PAYLOAD, encode_payload
from shared_schema.records.trust import Granted, Role
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, finish, header_of
from shared_schema.sync.hlc import next_time

MAIN_QUEUE: Final = "general"
ENROLMENT_PROFILE: Final = "enrolment"
_NEWSROOMS: Final = ("newsroom", "editor")
_QUEUE_NAME: Final = re.compile(r"\w[\w-]*")
_QUEUE_CHARS_MAX: Final = FEED_NAME_CHARS_MAX - len(queue_scope(""))
_SECRET_BYTES: Final = 32


class BadCity(MistoError):
    """Something said of a new city is not usable."""

    code = "bad_city"


class _Keys(NamedTuple):
    """Every secret a new city has."""

    root: CryptoSigner
    targets: CryptoSigner
    server_seed: bytes
    enrolment: DeviceSecrets
    desks: dict[str, DeviceSecrets]
    """By queue."""
    newsrooms: dict[str, DeviceSecrets]
    """By profile."""

    @property
    def profiles(self) -> dict[str, DeviceSecrets]:
        """The city's first devices."""
        names = desk_profiles(tuple(self.desks))
        desks = {names[queue]: secrets for queue, secrets in self.desks.items()}
        return {**desks, **self.newsrooms, ENROLMENT_PROFILE: self.enrolment}


def desk_profiles(queues: tuple[str, ...]) -> dict[str, str]:
    """The name of the profile of each queue's first desk; the main queue comes first."""
    return {queue: f"desk-{queue}" if place else "desk" for place, queue in enumerate(queues)}


def profiles_of(queues: tuple[str, ...]) -> tuple[str, ...]:
    """The names of a new city's profiles."""
    return (*desk_profiles(queues).values(), *_NEWSROOMS, ENROLMENT_PROFILE)


def init_city(
    folder: Path,
    name: str,
    *,
    servers: tuple[str, ...] = (),
    districts: tuple[str, ...] = (),
    queues: tuple[str, ...] = (MAIN_QUEUE,),
) -> Card:
    """Found a city in a new folder. Appeals go to the first queue unless told otherwise.

    Raises:
        FolderTaken: something is there already.
        BadCity: the name, a server address, a district or a queue is not usable.
    """
    _check_facts(name, servers, districts)
    _check_queues(queues)
    keys = _make_keys(queues)
    raw = _card(keys, name, servers, districts)
    with appearing(folder) as work:
        _write_keys(work, keys)
        for profile, secrets in keys.profiles.items():
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


def _check_queues(queues: tuple[str, ...]) -> None:
    if not 1 <= len(queues) <= CITY_QUEUES_MAX:
        raise BadCity(f"a city has 1 to {CITY_QUEUES_MAX} queues")
    for queue in queues:
        if not _QUEUE_NAME.fullmatch(queue) or len(queue) > _QUEUE_CHARS_MAX:
            told = f"1 to {_QUEUE_CHARS_MAX} letters, digits and hyphens"
            raise BadCity(f"the name of a queue has {told}: {queue!r}")
    if len({queue.casefold() for queue in queues}) < len(queues):
        raise BadCity("two queues have the same name")


def _make_keys(queues: tuple[str, ...]) -> _Keys:
    return _Keys(
        root=CryptoSigner.generate_ed25519(),
        targets=CryptoSigner.generate_ed25519(),
        server_seed=os.urandom(_SECRET_BYTES),
        enrolment=DeviceSecrets.generate(),
        desks={
            queue: replace(
                DeviceSecrets.generate(), queue_secrets={queue: {number: new_queue_secret()}}
            )
            for number, queue in enumerate(queues, 1)
        },
        newsrooms={profile: DeviceSecrets.generate() for profile in _NEWSROOMS},
    )


def _card(keys: _Keys, name: str, servers: tuple[str, ...], districts: tuple[str, ...]) -> bytes:
    enrolment = Signer(keys.enrolment.signing_seed)
    roles = {
        RECEIPTS: Signer(keys.server_seed).public_key,
        ENROLMENT: enrolment.public_key,
    }
    facts = CityFacts(name, servers, districts, _queue_keys(keys))
    bare = make_card(keys.root, keys.targets, roles, facts, datetime.now(UTC))
    grants = _first_grants(keys, enrolment, read_card(bare).city)
    return with_trust(bare, [(enrolment.public_key, change.raw) for change in grants])


def _queue_keys(keys: _Keys) -> dict[str, QueueKey]:
    return {
        queue: QueueKey(number, queue_public_key(secret))
        for queue, desk in keys.desks.items()
        for number, secret in desk.queue_secrets[queue].items()
    }


def _first_grants(keys: _Keys, enrolment: Signer, city: bytes) -> list[Change]:
    profiles, names = keys.profiles, desk_profiles(tuple(keys.desks))
    wanted = [_grant(profiles, profile, "newsroom", NEWS) for profile in _NEWSROOMS]
    desks = [
        _grant(profiles, profile, "desk", queue_scope(queue)) for queue, profile in names.items()
    ]
    wanted[1:1] = desks
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


def _grant(profiles: dict[str, DeviceSecrets], profile: str, role: Role, scope: str) -> Granted:
    secrets = profiles[profile]
    key, box = Signer(secrets.signing_seed).public_key, box_public_key(secrets.thread_secret)
    return Granted(key.hex(), role, scope, profile, box.hex())


def _write_keys(folder: Path, keys: _Keys) -> None:
    kept = folder / "keys"
    kept.mkdir(mode=0o700)
    (folder / "profiles").mkdir(mode=0o700)
    write_durably(kept / "root.pem", keys.root.private_bytes)
    write_durably(kept / "targets.pem", keys.targets.private_bytes)
    write_durably(kept / "enrolment.key", keys.enrolment.signing_seed.hex().encode())
    write_durably(folder / "server.key", keys.server_seed.hex().encode())
