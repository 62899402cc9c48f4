"""What is proven of a scope on this device: computed anew from the bytes, believing nobody.

Two things vouch for a log. Each device's own chain: signatures and `prev` links (`chains`). And the
server's signature: the last statement by which this feed was complete carries the digest of all
its changes, so that nothing up to that version can have been taken out, put in or altered here
without the digest being another. What other queues have said to appeals that were handed on stands
in the feed too, with pieces of other scopes' chains: there each signature is checked by itself.
What was found, by `FindingCode`:

- grave: `missing` a version that was held is not in the log any more; `altered` bytes are not those
  of the id; `disagrees` the log's columns say something else than the bytes; `unsigned` neither
  signature nor chain vouches; `broken_chain` the change before it is another one; `receipt` a kept
  receipt says something else; `digest` the set is not the signed one; `statement` the kept
  statement does not verify;
- not proven, or not yet: `no_statement` no complete exchange yet; `fork` a device signed two
  changes with one number, and not just two things in a thread of its own; `skipped` numbers of a
  device are not here: refused, or not come; `gap` known versions that have not come; `later` came
  after the statement; `unplaced` has no place in the feed: its device vouches, the city does not;
  `only_chain` its own signature does not hold, its device's chain vouches; `waiting` own and not
  at the city; `refused` own; `let_go` old news of which only the ids are kept.

When the city received a change is proven for own changes only: their receipts are signed. For
others it is what the server told, which is no part of its signature.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from client.services.office.audit_types import Finding, FindingCode, ScopeProof
from client.services.office.cases import Progress
from client.services.office.chains import Chains, Link, place_of
from client.services.office.own_receipts import OwnChange, contradicted
from client.storage import feeds
from client.storage.feeds import Feed
from client.storage.log import ME, State
from shared_schema.errors import MistoError
from shared_schema.ids import device_id
from shared_schema.sync import digest
from shared_schema.sync.change import Change, decode, signature_holds
from shared_schema.sync.statement import Proof, subjects_of, verify_proof

if TYPE_CHECKING:
    from client.services.replica import Replica

_BATCH: Final = 500
_ORDER: Final = "SELECT id FROM changes WHERE scope = ? ORDER BY author, seq, id"
_PLACES: Final = "SELECT version, change FROM feed_entries WHERE feed = ? ORDER BY version"
_ROWS: Final = (
    "SELECT c.id, c.change_id, c.seq, c.kind, c.kind_version, c.record, c.time, c.urgency, c.state,"
    " c.received, c.proof, c.author, d.public_key, c.raw"
    " FROM changes c LEFT JOIN devices d ON d.id = c.author WHERE c.id IN ({})"
)
_TIME_MAX: Final = 2**63 - 1


class LoggedRow(NamedTuple):
    """A row of the log, as `_ROWS` reads it."""

    id: int
    change_id: bytes
    seq: int
    kind: int
    kind_version: int
    record: bytes | None
    time: int
    urgency: int
    state: int
    received: int | None
    proof: int | None
    author: int
    public_key: bytes | None
    raw: bytes

    def agrees(self, change: Change) -> bool:
        """Whether the columns are those of the bytes."""
        record = None if change.opening else change.record
        time = min(change.time, _TIME_MAX)
        return (
            (self.seq, self.kind, self.kind_version, self.record, self.time, self.urgency)
            == (change.seq, change.kind, change.kind_version, record, time, change.urgency)
        )  # fmt: skip


class SignedHead(NamedTuple):
    """What the server signed of a feed: how far it reached, the digest of it all, and when."""

    version: int
    digest: bytes
    time_ms: int


def prove(replica: Replica, scope: str, progress: Progress | None = None) -> ScopeProof:
    """What is proven of a scope; `progress` hears (done, all)."""
    return _Proving(replica, scope).run(progress)


class _Proving:
    """One walk over a scope. Ids and numbers are remembered, bytes are not."""

    def __init__(self, replica: Replica, scope: str) -> None:
        self._replica = replica
        self._scope = scope
        self._id = replica.scopes.id_of[scope]
        self._counts: Counter[FindingCode] = Counter()
        self._first: dict[FindingCode, str] = {}
        self._sum = digest.EMPTY
        self._own: dict[int, OwnChange] = {}
        self._seen: set[int] = set()
        self._devices: set[int] = set()
        with replica.store.holding() as connection:
            self._feed = feeds.load(connection).get(scope)
            proof = feeds.kept_head(connection, self._feed) if self._feed else None
        self._head = self._signed(self._feed, proof)
        self._places = self._read_places()
        self._chains = Chains(self._found)

    def run(self, progress: Progress | None) -> ScopeProof:
        own = [row for (row,) in self._replica.store.read(_ORDER, (self._id,))]
        rows = [*own, *sorted(self._places.keys() - set(own))]
        for start in range(0, len(rows), _BATCH):
            self._batch(rows[start : start + _BATCH])
            if progress is not None:
                progress(min(start + _BATCH, len(rows)), len(rows))
        self._chains.end()
        self._compare_places()
        for where in contradicted(self._replica, self._id, self._own):
            self._found("receipt", where)
        equal = self._compare_digest()
        head = self._head if equal else None
        return ScopeProof(
            self._scope, len(self._seen), len(self._devices),
            head.version if head else None, head.time_ms if head else None, self._findings(),
        )  # fmt: skip

    def _batch(self, rows: Sequence[int]) -> None:
        """In the order given: SQLite gives an IN by row id."""
        marks = ",".join("?" for _ in rows)
        found = self._replica.store.read(_ROWS.format(marks), rows)
        by_id = {row[0]: LoggedRow(*row) for row in found}
        ids: list[bytes] = []
        for row in rows:
            if row in by_id:
                ids += self._row(by_id[row])
        self._sum = digest.add(self._sum, ids)

    def _row(self, row: LoggedRow) -> list[bytes]:
        """Look at a row; its id, once for each place that it has within the signed head."""
        self._seen.add(row.id)
        self._devices.add(row.author)
        within = self._within(row.id)
        if not row.raw and row.state == State.LET_GO:
            self._found("let_go", "")
            self._chains.gone(row.public_key or b"", row.seq, row.change_id)
            return [row.change_id] * within
        change = _decoded(row)
        if change is None or change.id != row.change_id or not self._belongs(change):
            self._found("altered", self._where(row))
            self._chains.gone(row.public_key or b"", row.seq, row.change_id)
            return [change.id if change else b""] * within
        if not row.agrees(change):
            self._found("disagrees", place_of(change))
        self._vouch(row, change)
        return [change.id] * within

    def _belongs(self, change: Change) -> bool:
        """Whether a change may stand here; queues get what others have handed on to them."""
        queues = self._replica.scopes.queue_ids
        return change.scope == self._id or (self._id in queues and change.scope in queues)

    def _vouch(self, row: LoggedRow, change: Change) -> None:
        """Its chain, or its own signature where the log has only pieces of the chain."""
        key = row.public_key or b""
        if change.scope == self._id:
            self._stand(row, change)
            self._chains.take(Link(change, key))
        elif device_id(key) != change.device or not signature_holds(change, key):
            self._found("unsigned", place_of(change))

    def _stand(self, row: LoggedRow, change: Change) -> None:
        """How a change stands with the city."""
        if row.author == ME:
            self._own[change.seq] = OwnChange(change.id, row.received, row.proof)
        if row.state == State.PENDING:
            self._found("waiting", place_of(change))
        elif row.state == State.REFUSED:
            self._found("refused", place_of(change))
        elif row.id not in self._places:
            self._found("unplaced", place_of(change))

    def _within(self, row: int) -> int:
        """How often a row stands in the feed, up to the signed head."""
        limit = self._head.version if self._head else 0
        return sum(version <= limit for version in self._places.get(row, ()))

    def _where(self, row: LoggedRow) -> str:
        places = self._places.get(row.id)
        return f"#{places[0]}" if places else f"?/{row.seq}"

    def _read_places(self) -> dict[int, tuple[int, ...]]:
        """The versions of each row; mostly one."""
        places: dict[int, tuple[int, ...]] = {}
        if self._feed is not None:
            for version, row in self._replica.store.read(_PLACES, (self._feed.number,)):
                places[row] = (*places.get(row, ()), version)
        return places

    def _compare_places(self) -> None:
        """Which versions are not here: of those signed that is grave, of others it is told."""
        here: set[int] = set()
        for row, versions in self._places.items():
            if row in self._seen:
                here.update(versions)
            else:
                for version in versions:
                    self._found("missing", f"#{version}")
        placed = {version for versions in self._places.values() for version in versions}
        signed = self._head.version if self._head else 0
        for version in range(1, signed + 1):
            if version not in placed:
                self._found("missing", f"#{version}")
        self._count("later", sum(version > signed for version in here) if self._head else 0)
        if self._feed is not None:
            gaps = self._feed.cursor.gaps
            self._count("gap", sum(last - first + 1 for first, last in gaps if last > signed))

    def _compare_digest(self) -> bool:
        if self._head is None:
            return False
        equal = digest.finish(self._sum) == self._head.digest
        if not equal:
            self._found("digest", f"#{self._head.version}")
        return equal

    def _signed(self, feed: Feed | None, proof: Proof | None) -> SignedHead | None:
        if feed is None or proof is None:
            self._found("no_statement", "")
            return None
        try:
            return _head_of(feed, proof, self._replica.card.server_keys)
        except MistoError:
            self._found("statement", "")
            return None

    def _found(self, code: FindingCode, where: str) -> None:
        self._counts[code] += 1
        self._first.setdefault(code, where)

    def _count(self, code: FindingCode, count: int) -> None:
        if count:
            self._counts[code] += count

    def _findings(self) -> tuple[Finding, ...]:
        """The grave ones first."""
        found = [Finding(code, n, self._first.get(code, "")) for code, n in self._counts.items()]
        return tuple(sorted(found, key=lambda each: (not each.grave, each.code)))


def _decoded(row: LoggedRow) -> Change | None:
    try:
        return decode(row.raw)
    except MistoError:
        return None


def _head_of(feed: Feed, proof: Proof, server_keys: Sequence[bytes]) -> SignedHead | None:
    """What a kept statement says of this feed.

    Raises:
        MistoError: no server of this city signed it, or it is not about this feed.
    """
    statement = verify_proof(proof, server_keys)
    _, subjects = subjects_of(statement, proof.context)
    pairs: list[tuple[Any, Any]] = list(zip(statement.heads, subjects, strict=True))
    for head, subject in pairs:
        if subject.feed == feed.feed:
            return SignedHead(head.version, subject.digest, statement.time)
    raise MistoError("a statement about other feeds")
