"""Collecting the facts that checkers judge, from files and services, not from the simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.news import News
from client.services.receipts import receipt_of
from client.services.types import AppealView
from client.storage import feeds
from client.storage.log import State
from misto.simulation.checkers import DeviceFacts, Facts
from misto.simulation.device import Device
from shared_schema.crypto.card import Card
from shared_schema.sync.card_trust import trust_of

_ENTRIES = text(
    "SELECT e.feed, e.version, c.change_id, c.received FROM entries e"
    " JOIN changes c ON c.id = e.change ORDER BY e.feed, e.version"
)


def collect(devices: dict[str, list[Device]], database: Path, card: Card) -> Facts:
    """Everything there is to know in the end."""
    listed: dict[str, list[tuple[int, bytes]]] = {}
    received: dict[str, list[int]] = {}
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        for feed, version, change_id, at in connection.execute(_ENTRIES):
            listed.setdefault(bytes(feed).hex(), []).append((version, bytes(change_id)))
            received.setdefault(bytes(feed).hex(), []).append(at)
        rows = connection.execute(text("SELECT change_id FROM changes"))
        stored = frozenset(bytes(row[0]) for row in rows)
    engine.dispose()
    return Facts(
        devices=tuple(_device(each, role) for role, group in devices.items() for each in group),
        server_changes=stored,
        from_card=frozenset(change.id for _, change in trust_of(card)),
        feeds={feed: tuple(entries) for feed, entries in listed.items()},
        # A mailbox may bring an old change late: only whole scopes are in the order of commits.
        received={
            feed: tuple(times)
            for feed, times in received.items()
            if feed in {scope.hex() for scope in _scopes(devices)}
        },
    )


def _scopes(devices: dict[str, list[Device]]) -> set[bytes]:
    any_device = next(iter(devices.values()))[0]
    return set(any_device.replica.scopes.id_of.values())


def _device(device: Device, role: str) -> DeviceFacts:
    replica = device.replica
    with replica.store.holding() as connection:
        loaded = feeds.load(connection)
    return DeviceFacts(
        name=device.name,
        role=role,
        saved=frozenset(device.saved),
        acknowledged=frozenset(device.acknowledged),
        own=frozenset(device.own()),
        waiting=len(device.own(State.PENDING)),
        unproven=_unproven(device) if role == "resident" else (),
        diverged=tuple(name for name, feed in loaded.items() if feed.diverged or not feed.complete),
        threads=_threads(device, role),
        news=tuple(News(replica).list(limit=10_000)),
    )


def _threads(device: Device, role: str) -> dict[str, Any]:
    if role == "newsroom":
        return {}
    views = (
        Desk(device.replica).queue(limit=10_000)
        if role == "desk"
        else Appeals(device.replica).list()
    )
    return {view.record: _shown(view) for view in views}


def _shown(view: AppealView) -> tuple[Any, ...]:
    """What both sides must see alike."""
    said = tuple((line.at_ms, line.by_desk, line.text) for line in view.said)
    return (
        view.title, view.text, view.state, view.number, view.status, view.history, said,
        view.withdrawn, view.received_at_ms, view.receipt_number,
    )  # fmt: skip


def _unproven(device: Device) -> tuple[str, ...]:
    unproven: list[str] = []
    for view in Appeals(device.replica).list():
        if view.state in {"waiting", "refused"}:
            continue
        kept = receipt_of(device.replica, view.record)
        if kept is None or not kept.verified:
            unproven.append(view.record[:8])
    return tuple(unproven)
