"""Saving an act of this device: the one way in which anything is ever said.

Sequence, prev and time are drawn once, inside the write transaction; time comes after all that is
known of the record, so that an answer stands after what it answers, whatever the clock. The change
is sealed and signed there and is the same bytes from then on, on disk, on the wire and everywhere.
The function returns after the durable commit, so what it returns may be called *saved*.
"""

from __future__ import annotations

import sqlite3

import msgspec

from client.services.errors import NotAllowed, UnknownRecord
from client.services.news_projection import project_own
from client.services.replica import Replica
from client.services.thread_opener import thread_key
from client.storage.log import append_own, last_time, opening_of, own_tip
from shared_schema.crypto.sealing import QueueKey, seal_forwarding, seal_later, seal_opening
from shared_schema.ids import QUEUE_PREFIX
from shared_schema.records.kinds import BY_PAYLOAD, Kind, encode_payload
from shared_schema.sync.change import Change, Draft, Place, decode, finish, header_of
from shared_schema.sync.hlc import next_time


def save(
    replica: Replica,
    payload: msgspec.Struct,
    *,
    scope: str,
    record: bytes | None = None,
    urgency: int = 0,
) -> Change:
    """Say `payload` in a scope: seal, sign, append, commit durably.

    Args:
        record: the record to go on with; None opens a new one.
        urgency: 0 routine to 3 life in danger; readable by couriers and the server.

    Raises:
        PayloadError: a field breaks the limits of its kind. TooLarge: the whole is too long.
        UnknownRecord: there is no such record. StorageFull and other StorageErrors: nothing is
        saved, and what was saved before is intact.
    """
    kind = BY_PAYLOAD[type(payload)]
    packed = encode_payload(payload, sealed=kind.sealed)
    draft = Draft(kind.number, kind.version, record, kind.sealed, urgency)
    scope_id = replica.scopes.id_of[scope]
    with replica.store.writing() as connection:
        tip = own_tip(connection, scope_id)
        last = max(tip.time, last_time(connection, record)) if record else tip.time
        place = Place(scope_id, tip.seq + 1, tip.id, next_time(last, replica.clock()))
        header = header_of(replica.device, place, draft)
        body = _body(replica, connection, (kind, scope, record), (header, packed))
        change = finish(replica.signer, header, body)
        row = append_own(connection, change)
        if kind.scope == "news":
            project_own(replica, connection, change, row)
    if kind.scope == "trust":
        replica.forget_grants()
    return change


def _body(
    replica: Replica,
    connection: sqlite3.Connection,
    what: tuple[Kind, str, bytes | None],
    text: tuple[bytes, bytes],
) -> bytes:
    kind, scope, record = what
    header, packed = text
    if not kind.sealed:
        return packed
    if record is None:
        return seal_opening(
            replica.secrets.thread_secret, (queue_key(replica, scope),), header, packed
        )
    if kind.internal:
        replica.thread_keys.learn(replica.grants)
        keys = replica.thread_keys.internal(replica.scopes.id_of[scope], record)
        if not keys:
            raise NotAllowed("desk")
        return seal_later(keys[0], header, packed)
    opened = opening_of(connection, record)
    if opened is None:
        raise UnknownRecord(record.hex())
    key = thread_key(replica, decode(opened.raw))
    if kind.writer == "holder":
        return seal_forwarding(key, queue_key(replica, scope), header, packed)
    return seal_later(key, header, packed)


def queue_key(replica: Replica, scope: str) -> QueueKey:
    """The key in force of the queue with this scope name: that of the card, or a newer one."""
    return replica.grants.key_in_force(scope.removeprefix(QUEUE_PREFIX))
