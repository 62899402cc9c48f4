"""The facts that the server's judge goes by: the card, the grants, and who opened which record.

The rules themselves are the one table in `shared_schema.records.kinds`, applied by
`shared_schema.sync.policy.judge`; every client applies the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Final

from shared_schema.crypto.card import Card
from shared_schema.errors import MistoError
from shared_schema.ids import NEWS, TRUST, queue_scope, scope_id
from shared_schema.records.kinds import BY_NUMBER, decode_payload
from shared_schema.records.trust import Grants, TrustAct, fold_trust
from shared_schema.sync.change import Change
from shared_schema.sync.policy import Opening, Standing


class CityScopes:
    """The scopes of a city by id and by name."""

    def __init__(self, card: Card) -> None:
        """Take the scopes from the card: trust, news, and each queue."""
        queues = tuple(map(queue_scope, card.facts.queues))
        names = (TRUST, NEWS, *queues)
        self.ids: Final = {name: scope_id(card.city, name) for name in names}
        self.queues: Final = frozenset(self.ids[name] for name in queues)
        self.names: Final = {identity: name for name, identity in self.ids.items()}


class GrantBook:
    """The grants in force, folded from the accepted changes of the trust scope.

    The writer adds to it while readers ask; it is folded when somebody asks, not for each of the
    grants that come in one bundle.
    """

    def __init__(self) -> None:
        """Start with no grants."""
        self._lock = Lock()
        self._acts: dict[bytes, TrustAct] = {}
        self._folded: Grants | None = None

    @property
    def grants(self) -> Grants:
        """The fold of everything added."""
        with self._lock:
            if self._folded is None:
                self._folded = fold_trust(self._acts.values())
            return self._folded

    def add(self, changes: Iterable[tuple[Change, int]]) -> None:
        """Take accepted trust changes into account, in any order, any number of times.

        Args:
            changes: each with the Unix milliseconds of its commit.
        """
        with self._lock:
            for change, received in changes:
                kind = BY_NUMBER.get((change.kind, change.kind_version))
                if kind is not None and kind.scope == "trust":
                    payload = decode_payload(kind, change.body)
                    self._acts[change.id] = TrustAct(
                        change.time, change.device, change.seq, change.id, payload, received
                    )
            self._folded = None

    def saved(self) -> dict[bytes, TrustAct]:
        """Everything added so far, for `restore`."""
        return dict(self._acts)

    def restore(self, acts: dict[bytes, TrustAct]) -> None:
        """Forget what was added since `saved`: its transaction did not happen."""
        with self._lock:
            self._acts = acts
            self._folded = None


class ServerFacts:
    """`policy.Facts` for one transaction; openings of the same transaction count at once."""

    def __init__(
        self,
        card: Card,
        scopes: CityScopes,
        book: GrantBook,
        stored_opening: Callable[[bytes], Opening | None],
        now_ms: int,
    ) -> None:
        """Ask `stored_opening` for records that this transaction did not open.

        Args:
            now_ms: the time of this commit, with which dates are compared.
        """
        self._now = now_ms
        self._card = card
        self._scopes = scopes
        self._book = book
        self._stored = stored_opening
        self._openings: dict[bytes, Opening | None] = {}

    def scope_name(self, scope: bytes) -> str | None:
        """The name of a scope of this city, or None."""
        return self._scopes.names.get(scope)

    def role(self, device: bytes, scope: str, seq: int) -> str | None:
        """The granted role in which this device's change number `seq` in the scope counts."""
        return self._book.grants.role(device, scope, seq)

    def officer(self, device: bytes, scope: str) -> bool:
        """Whether the device is a desk of this queue at this moment."""
        return self._book.grants.role(device, scope) == "desk"

    def enrols(self, device: bytes) -> bool:
        """Whether the city card names this device as an enrolment key."""
        return device in self._card.enrolment_devices

    def invitation(self, key: bytes, device: bytes) -> Standing:
        """How an invitation stands at this moment towards a device that would join by it."""
        roll = self._book.grants.roll
        found = roll.invitations.get(key)
        if found is None:
            return "unknown"
        usable = self._now <= found.until_ms and self.officer(found.by, found.scope)
        is_open = usable and roll.open_to(key, device) and not roll.ended(found, device)
        return "open" if is_open else "closed"

    def opening(self, record: bytes) -> Opening | None:
        """Who opened a record, if its opening change is known."""
        if record not in self._openings:
            self._openings[record] = self._stored(record)
        return self._openings[record]

    def opened(self, record: bytes, opening: Opening) -> None:
        """Note an opening of this transaction, or that it was forwarded in it."""
        self._openings[record] = opening


def payload_is_readable(change: Change) -> bool:
    """Whether an open change of a known kind carries what its kind says."""
    kind = BY_NUMBER.get((change.kind, change.kind_version))
    if kind is None or kind.sealed:
        return True
    try:
        decode_payload(kind, change.body)
    except MistoError:
        return False
    return True
