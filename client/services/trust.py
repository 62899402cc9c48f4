"""Who may do what, as this replica knows it: the card, and the fold of the trust scope.

The server enforces the policy on headers; every replica enforces it again with these facts before
anything counts, because a hostile server may withhold and delay but must not forge.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from shared_schema.crypto.card import Card
from shared_schema.errors import MistoError
from shared_schema.ids import NEWS, TRUST, queue_scope, scope_id
from shared_schema.records.kinds import BY_NAME, BY_NUMBER, decode_payload
from shared_schema.records.trust import Grants, Role, TrustAct, fold_trust
from shared_schema.sync.change import Change, decode
from shared_schema.sync.hlc import clamp
from shared_schema.sync.policy import ACCEPTED, Opening, Standing, judge

FindOpening = Callable[[bytes], Opening | None]
_TRUST_ROWS: Final = "SELECT raw, received FROM changes WHERE scope = ? AND state NOT IN (2)"
_STAGES: Final = (
    ("trust.granted", "trust.revoked", "trust.keyed"),
    ("trust.invited", "trust.dismissed"),
    ("trust.joined",),
)
"""Each is judged by what those before it have made: who is a desk, then who may let others in."""
Row = tuple[Change, int | None]


class Scopes:
    """The scopes of a city that this version knows, by name and by id."""

    def __init__(self, card: Card) -> None:
        self.queues = tuple(queue_scope(queue) for queue in card.facts.queues)
        names = (TRUST, NEWS, *self.queues)
        self.id_of = {name: scope_id(card.city, name) for name in names}
        self.name_of = {scope: name for name, scope in self.id_of.items()}
        self.queue_ids = frozenset(self.id_of[name] for name in self.queues)


class LocalFacts:
    """The judge's questions (`policy.Facts`), answered from this replica."""

    def __init__(self, card: Card, scopes: Scopes, grants: Grants, opening: FindOpening) -> None:
        self.grants = grants
        self._names = scopes.name_of
        self._enrolment = card.enrolment_devices
        self._opening = opening

    def scope_name(self, scope: bytes) -> str | None:
        """See `policy.Facts`."""
        return self._names.get(scope)

    def role(self, device: bytes, scope: str, seq: int) -> Role | None:
        """See `policy.Facts`."""
        return self.grants.role(device, scope, seq)

    def officer(self, device: bytes, scope: str) -> bool:
        """See `policy.Facts`."""
        return self.grants.roles.get((device, scope)) == "desk"

    def enrols(self, device: bytes) -> bool:
        """See `policy.Facts`."""
        return device in self._enrolment

    def invitation(self, key: bytes, device: bytes) -> Standing:
        """See `policy.Facts`."""
        roll = self.grants.roll
        if key not in roll.invitations:
            return "unknown"
        return "open" if roll.open_to(key, device) else "closed"

    def opening(self, record: bytes) -> Opening | None:
        """See `policy.Facts`."""
        return self._opening(record)


def read_grants(connection: sqlite3.Connection, card: Card, scopes: Scopes) -> Grants:
    """The grants in force, folded from all trust changes in the log that count."""
    found = connection.execute(_TRUST_ROWS, (scopes.id_of[TRUST],)).fetchall()
    rows = [(decode(raw), received) for raw, received in found]
    acts: list[TrustAct] = []
    grants = fold_trust((), card.facts.queues)
    for names in _STAGES:
        of_these = _of_kinds(rows, names)
        if of_these:
            facts = LocalFacts(card, scopes, grants, lambda _record: None)
            acts += _acts(of_these, facts)
            grants = fold_trust(acts, card.facts.queues)
    return grants


def _of_kinds(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    kinds = {BY_NAME[name].number for name in names}
    return [row for row in rows if row[0].kind in kinds]


def _acts(rows: Iterable[Row], facts: LocalFacts) -> Iterable[TrustAct]:
    for change, received in rows:
        if judge(change, facts) != ACCEPTED:
            continue
        kind = BY_NUMBER[change.kind, change.kind_version]
        try:
            payload = decode_payload(kind, change.body)
        except MistoError:
            continue  # signed nonsense: kept in the log, counts for nothing
        time = clamp(change.time, received)
        yield TrustAct(time, change.device, change.seq, change.id, payload, received or 0)
