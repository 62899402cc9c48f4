"""The city card: what a fresh, never-connected install must know to trust a city.

A card is JSON: the chain of root metadata, the targets metadata, and the first changes of the trust
scope. Root and targets are TUF metadata (python-tuf's Metadata API): the root pins its own keys and
those of the targets role with thresholds, root N+1 is signed by N and by N+1; the targets delegate
`receipts` (servers) and `enrolment`, and carry the city's own facts under `misto`. Where TUF
refuses on expiry, a card turns into a labelled age: a city under fire may be late with a signature.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, Root, Targets
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from shared_schema.crypto.sealing import QueueKey
from shared_schema.errors import CardError
from shared_schema.ids import PUBLIC_KEY_BYTES, city_id, device_id
from shared_schema.limits import CARD_BYTES_MAX

FORMAT: Final = "misto.card/1"
RECEIPTS: Final = "receipts"
ENROLMENT: Final = "enrolment"
_FACTS: Final = "misto"
VALID_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class CityFacts:
    """What the city says of itself in the signed targets."""

    name: str
    servers: tuple[str, ...]
    districts: tuple[str, ...]
    queues: dict[str, QueueKey]
    """By queue name; the first is where residents' appeals go."""


@dataclass(frozen=True, slots=True)
class Card:
    """A verified card."""

    raw: bytes
    city: bytes
    facts: CityFacts
    server_keys: tuple[bytes, ...]
    enrolment_devices: frozenset[bytes]
    trust: tuple[tuple[bytes, bytes], ...]
    """The first changes of the trust scope: (public key, change bytes)."""
    expires_at_ms: int

    @property
    def main_queue(self) -> str:
        """The name of the queue where appeals go unless told otherwise."""
        return next(iter(self.facts.queues))


def make_card(
    root: CryptoSigner,
    targets: CryptoSigner,
    roles: dict[str, bytes],
    facts: CityFacts,
    now: datetime,
) -> bytes:
    """A new city's card, without trust changes. `roles` maps delegated roles to public keys."""
    expires = now.replace(microsecond=0) + timedelta(days=VALID_DAYS)
    root_part = Root(expires=expires, consistent_snapshot=False)
    for role in ("root", "timestamp", "snapshot"):
        root_part.add_key(root.public_key, role)
    root_part.add_key(targets.public_key, "targets")
    targets_part = Targets(expires=expires, unrecognized_fields={_FACTS: _facts_json(facts)})
    _delegate(targets_part, roles)
    signed_root = Metadata(root_part)
    signed_root.sign(root)
    signed_targets = Metadata(targets_part)
    signed_targets.sign(targets)
    return _write([_text(signed_root)], _text(signed_targets), ())


def with_trust(card: bytes, trust: Sequence[tuple[bytes, bytes]]) -> bytes:
    """The card with these first trust changes, as (public key, change bytes)."""
    document = json.loads(card)
    return _write(document["roots"], document["targets"], trust)


def read_card(raw: bytes) -> Card:
    """Verify a card: the root chain link by link, the targets by the last root.

    Raises:
        CardError: too large, malformed, or a signature threshold is not met.
    """
    if len(raw) > CARD_BYTES_MAX:
        raise CardError("card too large")
    try:
        document = json.loads(raw)
        if document["format"] != FORMAT:
            raise CardError("unknown card format")
        root = _last_root([text.encode() for text in document["roots"]])
        targets = Metadata[Targets].from_bytes(document["targets"].encode())
        root.signed.verify_delegate("targets", targets.signed_bytes, targets.signatures)
        trust = tuple((bytes.fromhex(k), bytes.fromhex(c)) for k, c in document["trust"])
        return _card(raw, document["roots"][0].encode(), targets.signed, trust)
    except CardError:
        raise
    except (
        RepositoryError, DeserializationError, ValueError, KeyError, TypeError, IndexError,
        AttributeError, RecursionError,
    ) as error:  # fmt: skip
        raise CardError("card does not verify") from error


def _last_root(roots: Sequence[bytes]) -> Metadata[Root]:
    trusted = Metadata[Root].from_bytes(roots[0])
    trusted.signed.verify_delegate("root", trusted.signed_bytes, trusted.signatures)
    for raw in roots[1:]:
        new = Metadata[Root].from_bytes(raw)
        if new.signed.version != trusted.signed.version + 1:
            raise CardError("root chain has a gap")
        trusted.signed.verify_delegate("root", new.signed_bytes, new.signatures)
        new.signed.verify_delegate("root", new.signed_bytes, new.signatures)
        trusted = new
    return trusted


def _card(raw: bytes, root_v1: bytes, targets: Targets, trust: Any) -> Card:
    facts = targets.unrecognized_fields[_FACTS]
    queues = {
        name: QueueKey(int(number), _key(public)) for name, (number, public) in facts["queues"]
    }
    if not queues:
        raise CardError("no queue")
    return Card(
        raw=raw,
        city=city_id(root_v1),
        facts=CityFacts(
            str(facts["name"]),
            tuple(map(str, facts["servers"])),
            tuple(map(str, facts["districts"])),
            queues,
        ),
        server_keys=_role_keys(targets, RECEIPTS),
        enrolment_devices=frozenset(map(device_id, _role_keys(targets, ENROLMENT))),
        trust=trust,
        expires_at_ms=int(targets.expires.replace(tzinfo=UTC).timestamp() * 1000),
    )


def _role_keys(targets: Targets, role: str) -> tuple[bytes, ...]:
    delegations = targets.delegations
    if delegations is None or delegations.roles is None:
        raise CardError("no delegations")
    keyids = delegations.roles[role].keyids
    return tuple(_key(delegations.keys[keyid].keyval["public"]) for keyid in keyids)


def _delegate(targets: Targets, roles: dict[str, bytes]) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from securesystemslib.signer import SSlibKey

    delegated = {
        role: DelegatedRole(role, [], 1, terminating=True, paths=[f"{role}/*"]) for role in roles
    }
    targets.delegations = Delegations({}, delegated)
    for role, public_key in roles.items():
        key = SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(public_key))
        targets.add_key(_raw_key(key, public_key), role)


def _raw_key(key: Any, public_key: bytes) -> Any:
    """The same key with its public value as hex, the way TUF writes raw Ed25519 keys."""
    from securesystemslib.signer import SSlibKey

    return SSlibKey(key.keyid, "ed25519", "ed25519", {"public": public_key.hex()})


def _facts_json(facts: CityFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "servers": list(facts.servers),
        "districts": list(facts.districts),
        "queues": [
            [name, [key.number, key.public_key.hex()]] for name, key in facts.queues.items()
        ],
    }


def _key(text: str) -> bytes:
    key = bytes.fromhex(text)
    if len(key) != PUBLIC_KEY_BYTES:
        raise CardError("public key length")
    return key


def _text(metadata: Any) -> str:
    raw: bytes = metadata.to_bytes(JSONSerializer(compact=True))
    return raw.decode()


def _write(roots: list[str], targets: str, trust: Sequence[tuple[bytes, bytes]]) -> bytes:
    document = {
        "format": FORMAT,
        "roots": roots,
        "targets": targets,
        "trust": [[key.hex(), change.hex()] for key, change in trust],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
