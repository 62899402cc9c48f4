"""The city's receipt for an appeal, checked anew each time, offline, against the city card.

A receipt names the last change of a run and how many before it it is about. So the changes from
this one up to the named one are read from the log, and each must be the `prev` of the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from client.services.errors import record_id
from shared_schema.errors import MistoError
from shared_schema.sync.change import Change, decode
from shared_schema.sync.statement import (
    Proof,
    Receipt,
    ReceiptSubject,
    subjects_of,
    verify_proof,
)

if TYPE_CHECKING:
    from client.services.replica import Replica

_PREFIX_END: Final = b"\xff" * 17
_OPENING: Final = (
    "SELECT c.author, c.raw, p.request, p.statement, p.context, p.signature"
    " FROM changes c JOIN proofs p ON p.id = c.proof"
    " WHERE c.change_id BETWEEN ? AND ? AND c.record IS NULL"
)
_RUN: Final = (
    "SELECT raw FROM changes WHERE author = ? AND scope = ? AND seq BETWEEN ? AND ? ORDER BY seq"
)


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """What the city said about a record's opening change, and whether that can be relied on."""

    change: Change
    proof: Proof
    said: Receipt | None
    """None when the proof does not hold, or is about other changes."""

    @property
    def verified(self) -> bool:
        """Whether a server key of the city card signed exactly this."""
        return self.said is not None


def receipt_of(replica: Replica, record: str | bytes) -> KeptReceipt | None:
    """The receipt for the opening change of a record, or None while there is none."""
    raw_id = record_id(record)
    rows = replica.store.read(_OPENING, (raw_id, raw_id + _PREFIX_END))
    if not rows:
        return None
    author, raw, *parts = rows[0]
    change, proof = decode(raw), Proof(*parts)
    return KeptReceipt(change, proof, _said(replica, author, change, proof))


def _said(replica: Replica, author: int, change: Change, proof: Proof) -> Receipt | None:
    try:
        statement = verify_proof(proof, replica.card.server_keys)
    except MistoError:
        return None
    receipts, _ = subjects_of(statement, proof.context)
    for receipt, subject in zip(statement.receipts, receipts, strict=True):
        if _covers(receipt, subject, change) and _leads_to(replica, author, change, subject):
            place = change.seq - (subject.seq - receipt.count + 1)
            version = receipt.version + place if receipt.version else 0
            return Receipt(
                receipt.run, receipt.offset + place, 1, receipt.status, receipt.reason, version,
                receipt.received,
            )  # fmt: skip
    return None


def _covers(receipt: Receipt, subject: ReceiptSubject, change: Change) -> bool:
    same = (subject.scope, subject.device) == (change.scope, change.device)
    return same and subject.seq - receipt.count < change.seq <= subject.seq


def _leads_to(replica: Replica, author: int, change: Change, subject: ReceiptSubject) -> bool:
    """Whether the hash chain goes from this change to the one that the receipt names."""
    last = change.id
    rows = replica.store.read(_RUN, (author, change.scope, change.seq + 1, subject.seq))
    for (raw,) in rows:
        following = decode(raw)
        if following.prev != last:
            return False
        last = following.id
    return last == subject.id
