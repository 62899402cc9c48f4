"""Officers of a city with several queues, and the enrolment that gives and ends their roles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from client.services.authoring import save
from client.services.desk import Desk
from client.services.enrolment import Enrolment
from client.services.replica import Replica
from shared_schema.crypto.sealing import (
    box_public_key,
    box_secret,
    split_sealed,
    unwrap_thread_key,
)
from shared_schema.errors import SealError
from shared_schema.ids import device_id, queue_scope
from shared_schema.sync.change import Change, decode
from tests.client.city import City, an_appeal

WATER, GENERAL = queue_scope("water"), queue_scope("general")
SECOND = "second"


def filed(city: City, words: str, scope: str = GENERAL, who: str = "resident") -> str:
    with city.resident(who) as resident:
        city.exchange(resident)
        record = save(resident, an_appeal(words), scope=scope).record.hex()
        city.exchange(resident)
    return record


@contextmanager
def enrolment(city: City) -> Iterator[Enrolment]:
    """The enrolment's device, before and after an exchange."""
    with city.profile("enrolment") as replica:
        city.exchange(replica)
        yield Enrolment(replica)
        assert city.exchange(replica).complete


@contextmanager
def opened(city: City, name: str) -> Iterator[Replica]:
    """A desk's device after an exchange or two: one brings the grant, the next the queue."""
    with city.profile(name) if name.startswith("desk") else city.resident(name) as desk:
        city.exchange(desk)
        city.exchange(desk)
        yield desk


def enrol(city: City, name: str = SECOND, share_from: str = "", scope: str = GENERAL) -> None:
    """A new device becomes a desk, and gets the old keys when there is somebody who has them."""
    with city.resident(name) as device:
        key, box = device.signer.public_key, box_public_key(device.secrets.thread_secret)
    with enrolment(city) as office:
        office.grant(key, box, "desk", scope, name)
        if share_from:
            with city.profile(share_from) as desk:
                office.share("general", desk, device_id(key))


def dismiss(city: City, name: str) -> bytes:
    """A desk of the main queue is revoked, as far as it has been seen by itself."""
    with opened(city, name) as gone, enrolment(city) as office:
        done = office.revoke(gone.device, "desk", GENERAL, seen_by=gone)
        assert done.rotation is not None
        assert gone.device not in done.rotation.officers
        return gone.device


def texts(city: City, name: str) -> set[str]:
    with opened(city, name) as desk:
        return {view.text for view in Desk(desk).queue()}


def in_the_database(city: City) -> list[Change]:
    """All that the server has ever stored."""
    with closing(sqlite3.connect(city.folder / "server.db")) as database:
        return [decode(raw) for (raw,) in database.execute("SELECT bytes FROM changes")]


def keys_that_open(thief: Replica, opening: Change, changes: list[Change]) -> list[bytes]:
    """Whatever a device can make of an opening with all its secrets and all that others said."""
    mine = [*thief.secrets.queue_secrets.get("general", {}).values()]
    mine += [*thief.thread_keys.secrets("general").values(), thief.secrets.thread_secret]
    mine += [thief.secrets.storage_key, box_secret(thief.secrets.thread_secret)]
    found = []
    for secret in mine:
        for _, wrapped in split_sealed(opening.body).wraps:
            try:
                found.append(unwrap_thread_key(secret, wrapped, opening.header))
            except SealError:
                continue
    assert opening in changes
    return found
