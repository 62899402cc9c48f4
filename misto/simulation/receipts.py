"""Whether a device can prove what it shows: each verdict on its own changes, against the card.

Written apart from the app's own reading of receipts, so that one can be wrong without the other.
"""

from __future__ import annotations

from typing import Final

from client.services.replica import Replica
from client.storage.log import State
from shared_schema.errors import MistoError
from shared_schema.sync.change import Change, decode
from shared_schema.sync.statement import (
    Proof,
    Receipt,
    ReceiptSubject,
    Status,
    subjects_of,
    verify_proof,
)

_SETTLED: Final = (
    "SELECT c.raw, c.state, p.request, p.statement, p.context, p.signature"
    " FROM changes c LEFT JOIN proofs p ON p.id = c.proof"
    " WHERE c.author = 1 AND c.state IN (1, 2, 3)"
)
_OWN: Final = "SELECT raw FROM changes WHERE author = 1"
_SAYS: Final = {
    State.ACCEPTED: Status.ACCEPTED,
    State.REFUSED: Status.REFUSED,
    State.HELD: Status.HELD,
}
_Said = list[tuple[Receipt, ReceiptSubject]]


def unproven(replica: Replica) -> tuple[str, ...]:
    """The beginnings of the ids of own changes whose verdict no valid receipt proves."""
    own = {change.id: change for change in (decode(row[0]) for row in replica.store.rows(_OWN))}
    read: dict[bytes, _Said] = {}
    missing: list[str] = []
    for raw, state, *parts in replica.store.rows(_SETTLED):
        change = decode(raw)
        if not any(
            receipt.status == _SAYS[State(state)] and _is_about(receipt, subject, change, own)
            for receipt, subject in _said(replica, parts, read)
        ):
            missing.append(change.id.hex()[:8])
    return tuple(missing)


def _said(replica: Replica, parts: list[bytes | None], read: dict[bytes, _Said]) -> _Said:
    request, statement, context, signature = parts
    if request is None or statement is None or context is None or signature is None:
        return []
    if request not in read:
        proof = Proof(request, statement, context, signature)
        try:
            verified = verify_proof(proof, replica.card.server_keys)
        except MistoError:
            return []
        subjects, _ = subjects_of(verified, context)
        read[request] = list(zip(verified.receipts, subjects, strict=True))
    return read[request]


def _is_about(
    receipt: Receipt, subject: ReceiptSubject, change: Change, own: dict[bytes, Change]
) -> bool:
    """Whether `change` is one of the `count` that end with the receipt's subject, link by link."""
    named = own.get(subject.id)
    for _ in range(receipt.count):
        if named is None or (named.scope, named.device) != (subject.scope, subject.device):
            return False
        if named.id == change.id:
            return True
        named = own.get(named.prev)
    return False
