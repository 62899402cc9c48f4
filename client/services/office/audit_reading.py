"""From rows of the log to what an auditor reads: who, what, whether it counts, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from client.services.office.audit_sql import LogRow
from client.services.office.audit_types import AuditEntry, Person, Standing
from client.services.office.audit_words import said
from client.services.office.labels import Labels
from client.services.thread_opener import ThreadOpener
from client.services.trust import LocalFacts
from client.storage.log import State, opening_of
from shared_schema.errors import MistoError, SealError
from shared_schema.records.kinds import BY_NUMBER, FORWARDED, Kind, decode_payload
from shared_schema.sync.change import Change, decode
from shared_schema.sync.hlc import milliseconds
from shared_schema.sync.policy import ACCEPTED, Opening, forwarded, judge

if TYPE_CHECKING:
    from client.services.replica import Replica


_HANDED_ON: Final = (
    "SELECT d.device, c.scope FROM changes c JOIN devices d ON d.id = c.author"
    " WHERE c.record = ? AND c.kind = ? AND c.kind_version = ? AND c.state <> 2"
)
_STANDINGS: Final[dict[int | None, Standing]] = {
    State.PENDING: "waiting",
    State.REFUSED: "refused",
    State.HELD: "held",
    State.SET_ASIDE: "aside",
    State.LET_GO: "let_go",
    None: "missing",
}


class AuditReader:
    """Reads rows of one scope. Not safe to share between threads without a lock."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._opener = ThreadOpener(replica)

    def entries(
        self, scope: str, rows: Iterable[LogRow], people: Mapping[str, Person], labels: Labels
    ) -> Iterator[AuditEntry]:
        """The entries of these rows, in their order."""
        facts = self._facts()
        for row in rows:
            standing = _STANDINGS.get(row.state, "received")
            change = _change(row)
            if change is not None:
                who = _who(change.device, people, self._replica)
                yield self._read(scope, row, standing, change, (who, facts, labels))
            elif row.state is None:
                yield AuditEntry(scope, row.version, "missing", None, None, "", 0, "", "sender",
                                 "", "", "", False, False)  # fmt: skip
            else:
                gone = standing if standing == "let_go" else "damaged"
                yield _outline(scope, row, gone, _who(row.device, people, self._replica))

    def _facts(self) -> LocalFacts:
        """The judge's facts; of an appeal that was handed on, all queues that hold it."""
        replica = self._replica
        plain = replica.facts()

        def opening(record: bytes) -> Opening | None:
            opened = plain.opening(record)
            rows = replica.store.read(_HANDED_ON, (record, FORWARDED.number, FORWARDED.version))
            if opened is None or not rows:
                return opened
            return forwarded(opened, [(device, scope) for device, scope in rows], plain)

        return LocalFacts(replica.card, replica.scopes, replica.grants, opening)

    def keep(self) -> None:
        """Put freshly opened thread keys into the cache, wrapped."""
        self._opener.keep()

    def _read(
        self,
        scope: str,
        row: LogRow,
        standing: Standing,
        change: Change,
        reading: tuple[Person, LocalFacts, Labels],
    ) -> AuditEntry:
        who, facts, labels = reading
        payload = self._payload(BY_NUMBER.get((change.kind, change.kind_version)), change)
        return AuditEntry(
            scope=self._replica.scopes.name_of.get(change.scope, scope),
            version=row.version,
            standing=standing,
            received_at_ms=row.received,
            made_at_ms=milliseconds(change.time),
            device=change.device.hex(),
            seq=change.seq,
            who=who.label,
            role=who.role,
            kind=_kind_name(change.kind, change.kind_version),
            record=change.record.hex(),
            said=said(payload, labels) if payload is not None else "",
            opened=payload is not None,
            counts=standing != "refused" and judge(change, facts) == ACCEPTED,
        )

    def _payload(self, kind: Kind | None, change: Change) -> Any:
        """What a change says; None when this device cannot open it."""
        if kind is None:
            return None
        try:
            if not change.sealed:
                return decode_payload(kind, change.body)
            return self._opener.payload(kind, change, self._key(change))
        except MistoError:
            return None

    def _key(self, change: Change) -> bytes:
        if change.opening:
            return self._opener.key(change)
        with self._replica.store.holding() as connection:
            opened = opening_of(connection, change.record)
        if opened is None or not opened.raw:
            raise SealError("no opening")
        return self._opener.key(decode(opened.raw))


def _change(row: LogRow) -> Change | None:
    if not row.raw:
        return None
    try:
        return decode(row.raw)
    except MistoError:
        return None


def _who(device: bytes, people: Mapping[str, Person], replica: Replica) -> Person:
    name = device.hex()
    return people.get(name) or Person(name, replica.grants.labels.get(device, ""), "sender")


def _outline(scope: str, row: LogRow, standing: Standing, who: Person) -> AuditEntry:
    """What the columns still tell of a change whose bytes are gone or cannot be read."""
    return AuditEntry(
        scope, row.version, standing, row.received, milliseconds(row.time), who.device, row.seq,
        who.label, who.role, _kind_name(row.kind, row.kind_version), row.record.hex(), "", False,
        standing == "let_go",
    )  # fmt: skip


def _kind_name(number: int, version: int) -> str:
    """A kind that this version does not know is told by its numbers."""
    kind = BY_NUMBER.get((number, version))
    return kind.name if kind else f"{number:#06x}/{version}"
