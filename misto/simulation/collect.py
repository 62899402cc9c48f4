"""Collecting the facts that checkers judge, from files and services, not from the simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, create_engine, text

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.news import News
from client.services.types import AppealView
from client.storage import feeds
from client.storage.log import State
from misto.simulation.checkers import DeviceFacts, Facts, RascalFacts
from misto.simulation.device import Device
from misto.simulation.rascal import LIE, Rascal
from misto.simulation.receipts import unproven
from shared_schema.crypto.card import Card
from shared_schema.ids import ID_BYTES, NEWS, TRUST, queue_scope, scope_id
from shared_schema.records.kinds import KINDS
from shared_schema.sync.card_trust import trust_of

_ENTRIES: Final = text(
    "SELECT e.feed, e.version, c.change_id, c.received FROM entries e"
    " JOIN changes c ON c.id = e.change ORDER BY e.feed, e.version"
)
_STORED: Final = text("SELECT change_id FROM changes")
_FLAGGED: Final = text("SELECT device FROM devices WHERE forked > 0")
_RIVALS: Final = text(
    "SELECT DISTINCT device FROM changes GROUP BY scope, device, seq HAVING count(*) > 1"
)
_CUT_OFF: Final = "SELECT change_id, record FROM changes WHERE author = 1 AND scope = ? AND seq > ?"
_DESK_KINDS: Final = tuple(kind.number for kind in KINDS if kind.by_desk)
_AS_DESK: Final = (
    "SELECT change_id FROM changes WHERE author = 1"
    f" AND kind IN ({', '.join('?' * len(_DESK_KINDS))})"
)
_ALL: Final = 10_000


class City(NamedTuple):
    """What to know of the server: its files, its failures, its enrolment key's changes."""

    card: Card
    database: Path
    enrolled: frozenset[bytes]
    failures: tuple[str, ...]


class Guest(NamedTuple):
    """The newsroom that was revoked, and the last of its changes that still counts."""

    device: bytes
    last_seq: int


def collect(devices: dict[str, list[Device]], city: City, guest: Guest, rascal: Rascal) -> Facts:
    """Everything there is to know in the end."""
    card = city.card
    names = (TRUST, NEWS, *map(queue_scope, card.facts.queues))
    scopes = {scope_id(card.city, name).hex() for name in names}
    every = [device for group in devices.values() for device in group]
    revocable, revoked_news = _cut_off(every, guest)
    engine = create_engine(f"sqlite:///{city.database}")
    with engine.connect() as connection:
        listed, received = _feeds(connection)
        stored, rivals, flagged = (_ids(connection, sql) for sql in (_STORED, _RIVALS, _FLAGGED))
    engine.dispose()
    return Facts(
        devices=tuple(_device(each, role) for role, group in devices.items() for each in group),
        rascal=_rascal(rascal),
        server_changes=stored,
        server_failures=city.failures,
        enrolled=city.enrolled.union(change.id for _, change in trust_of(card)),
        forbidden=_forbidden(devices),
        revocable=revocable,
        revoked_news=revoked_news,
        rivals=rivals,
        flagged=flagged,
        feeds=listed,
        # A mailbox may bring an old change late: only whole scopes are in the order of commits.
        received={feed: times for feed, times in received.items() if feed in scopes},
    )


def _feeds(
    connection: Connection,
) -> tuple[dict[str, tuple[tuple[int, bytes], ...]], dict[str, tuple[int, ...]]]:
    listed: dict[str, list[tuple[int, bytes]]] = {}
    received: dict[str, list[int]] = {}
    for feed, version, change_id, at in connection.execute(_ENTRIES):
        listed.setdefault(bytes(feed).hex(), []).append((version, bytes(change_id)))
        received.setdefault(bytes(feed).hex(), []).append(at)
    entries = {feed: tuple(each) for feed, each in listed.items()}
    return entries, {feed: tuple(each) for feed, each in received.items()}


def _ids(connection: Connection, sql: Any) -> frozenset[bytes]:
    return frozenset(bytes(row[0]) for row in connection.execute(sql))


def _cut_off(every: list[Device], guest: Guest) -> tuple[frozenset[bytes], frozenset[str]]:
    """The guest's changes that its revocation cuts off, and the news items that they opened."""
    replica = next(each.replica for each in every if each.replica.device == guest.device)
    rows = replica.store.rows(_CUT_OFF, (replica.scopes.id_of[NEWS], guest.last_seq))
    opened = (change_id for change_id, record in rows if record is None)
    return (
        frozenset(bytes(change_id) for change_id, _ in rows),
        frozenset(bytes(change_id)[:ID_BYTES].hex() for change_id in opened),
    )


def _forbidden(devices: dict[str, list[Device]]) -> frozenset[bytes]:
    """What residents have said as if they were the desk."""
    residents = [*devices["resident"], *devices["cloned"]]
    rows = (row for each in residents for row in each.replica.store.rows(_AS_DESK, _DESK_KINDS))
    return frozenset(bytes(row[0]) for row in rows)


def _device(device: Device, role: str) -> DeviceFacts:
    replica = device.replica
    with replica.store.holding() as connection:
        loaded = feeds.load(connection)
    log = replica.store.rows("SELECT change_id FROM changes")
    return DeviceFacts(
        name=device.name,
        role=role,
        device=replica.device,
        saved=frozenset(device.saved),
        made=frozenset(device.made),
        acknowledged=frozenset(device.acknowledged),
        refused=frozenset(device.own(State.REFUSED)),
        log=frozenset(bytes(row[0]) for row in log),
        waiting=len(device.own(State.PENDING)),
        failures=tuple(device.failures),
        unproven=unproven(replica),
        diverged=tuple(name for name, feed in loaded.items() if feed.diverged or not feed.complete),
        threads=_threads(device, role),
        news=tuple(News(replica).list(limit=_ALL)),
    )


def _rascal(rascal: Rascal) -> RascalFacts:
    return RascalFacts(
        device=rascal.signer.device,
        lie=LIE,
        said=frozenset(said.change.id for said in rascal.said),
        forbidden=frozenset(said.change.id for said in rascal.said if said.forbidden),
        records=frozenset(said.change.record.hex() for said in rascal.said if said.change.opening),
        forks=tuple(rascal.forks),
        verdicts={change: frozenset(given) for change, given in rascal.verdicts.items()},
    )


def _threads(device: Device, role: str) -> dict[str, Any]:
    if role == "newsroom":
        return {}
    if role == "desk" and not device.replica.roles():
        return {}  # it has not even heard of its grant, which the invariants will not like
    views = (
        Desk(device.replica).queue(limit=_ALL) if role == "desk" else Appeals(device.replica).list()
    )
    return {view.record: _shown(view) for view in views}


def _shown(view: AppealView) -> tuple[Any, ...]:
    """What both sides must see alike."""
    said = tuple((line.at_ms, line.by_desk, line.text) for line in view.said)
    return (
        view.title, view.text, view.state, view.number, view.status, view.history, said,
        view.withdrawn, view.received_at_ms, view.receipt_number,
    )  # fmt: skip
