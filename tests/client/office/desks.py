"""A second desk of the same queue, as a city has when its officers sit in two places."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from client.keys.vault import DeviceSecrets
from client.services.replica import Replica
from shared_schema.ids import queue_scope
from shared_schema.records.trust import Granted
from tests.client.city import City, publish_trust

THERE: Final = "Південний стіл"


@contextmanager
def another_desk(city: City) -> Iterator[Replica]:
    """A device with the queue's key and a grant of its own, called `THERE`."""
    with city.profile("desk") as first:
        queues = first.secrets.queue_secrets
    secrets = replace(DeviceSecrets.generate(), queue_secrets=queues)
    folder = city.folder / "another"
    with Replica.create(folder, city.card.raw, secrets=secrets, clock=city.clock) as desk:
        key, scope = desk.signer.public_key.hex(), queue_scope(city.card.main_queue)
        publish_trust(city, Granted(key, "desk", scope, THERE))
        city.exchange(desk)  # it learns that it is a desk, and follows the queue from then on
        yield desk


def deliver(city: City, *replicas: Replica) -> None:
    """An exchange of each, one after the other."""
    for replica in replicas:
        city.exchange(replica)
