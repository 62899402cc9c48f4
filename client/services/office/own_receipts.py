"""Own changes against the receipts that are kept of them: is the log's date the signed one?

Legal terms run from the city's receipt, so its date must be what the server signed. A statement is
verified once, whatever number of changes its receipts are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from shared_schema.errors import MistoError
from shared_schema.sync.statement import Proof, subjects_of, verify_proof

if TYPE_CHECKING:
    from client.services.replica import Replica

_PROOF: Final = "SELECT request, statement, context, signature FROM proofs WHERE id = ?"
_SHOWN: Final = 8


class OwnChange(NamedTuple):
    """An own change: its id, when the city received it as the log has it, and the kept proof."""

    id: bytes
    received: int | None
    proof: int | None


class _Said(NamedTuple):
    """What a proof says of a change: the id at the end of its run, and the date."""

    last_seq: int
    last_id: bytes
    received: int | None


def contradicted(replica: Replica, scope: bytes, own: Mapping[int, OwnChange]) -> Iterator[str]:
    """The own changes (by seq) whose receipt is gone, does not verify, or says something else.

    The links between them have been walked before, so that the end of a run stands for all of it.
    """
    said: dict[int, dict[int, _Said]] = {}
    device = replica.device
    for seq, change in own.items():
        if change.proof is None:
            continue  # no receipt yet, or a copy of a lost phone: no date is claimed by it
        if change.proof not in said:
            said[change.proof] = _read(replica, change.proof, (scope, device))
        found = said[change.proof].get(seq)
        end = own.get(found.last_seq) if found is not None else None
        if (
            found is None
            or end is None
            or end.id != found.last_id
            or found.received != change.received
        ):
            yield f"{device.hex()[:_SHOWN]}/{seq}"


def _read(replica: Replica, number: int, stream: tuple[bytes, bytes]) -> dict[int, _Said]:
    """What a proof says of the changes of a stream, by seq; nothing when it does not hold."""
    rows = replica.store.read(_PROOF, (number,))
    if not rows:
        return {}
    proof = Proof(*rows[0])
    try:
        statement = verify_proof(proof, replica.card.server_keys)
    except MistoError:
        return {}
    subjects, _ = subjects_of(statement, proof.context)
    said: dict[int, _Said] = {}
    for receipt, subject in zip(statement.receipts, subjects, strict=True):
        if (subject.scope, subject.device) == stream:
            for seq in range(subject.seq - receipt.count + 1, subject.seq + 1):
                said[seq] = _Said(subject.seq, subject.id, receipt.received or None)
    return said
