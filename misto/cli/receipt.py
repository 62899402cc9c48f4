"""A receipt for programs: everything that is needed to check it elsewhere, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from client.services.receipts import KeptReceipt


def receipt_json(kept: KeptReceipt | None) -> dict[str, Any] | None:
    """The city's receipt for a record, or None while there is none. Bytes are hex."""
    from shared_schema.sync.statement import Reason, Status

    if kept is None:
        return None
    said = kept.said
    return {
        "change": kept.change.id.hex(),
        "scope": kept.change.scope.hex(),
        "device": kept.change.device.hex(),
        "seq": kept.change.seq,
        "request": kept.proof.request.hex(),
        "statement": kept.proof.statement.hex(),
        "context": kept.proof.context.hex(),
        "signature": kept.proof.signature.hex(),
        "status": Status(said.status).name.lower() if said else None,
        "reason": Reason(said.reason).name.lower() if said else None,
        "version": said.version if said else None,
        "received_at_ms": said.received if said else None,
        "verified": kept.verified,
    }
