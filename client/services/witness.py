"""Split views: when the city's server has signed two different lists under one number.

This device keeps the heads that it has seen signed: of its own exchanges, of late replies, and of
what couriers hand on. Two that contradict each other are evidence that nobody can have forged, and
are kept. They say that the server was put back from an older copy, or shows different people
different things. They do not say which of the two lists is the right one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from client.services.replica import CARD, DATABASE
from client.storage import heads, settings
from client.storage.db import connect
from client.storage.heads import Side, StoredSplit
from shared_schema.crypto.card import read_card
from shared_schema.errors import MistoError, ProtocolError
from shared_schema.limits import EVIDENCE_BYTES_MAX
from shared_schema.sync.statement import Proof, subjects_of, verify_proof

if TYPE_CHECKING:
    from client.services.replica import Replica
    from shared_schema.crypto.card import Card

FORMAT: Final = "misto.split/1"


class NothingContradicts(MistoError):
    """This device has seen no contradiction between signed heads."""

    code = "nothing_contradicts"


@dataclass(frozen=True, slots=True)
class Split:
    """Two signed heads of one feed and version with different digests."""

    feed: str
    """Its name: `trust`, `news`, `mail`, `queue/…`; its id in hex when this device has no name."""
    version: int
    found_ms: int
    """By this device's clock."""
    signed_ms: tuple[int, int]
    """When the city signed either, by the server's clock."""


class Witness:
    """What this device has seen the city sign, and contradict."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def found(self) -> tuple[Split, ...]:
        """All contradictions, the first one first."""
        names = {feed: name for name, feed in self._replica.followed().items()}
        return tuple(
            Split(
                names.get(each.feed, each.feed.hex()), each.version, each.found_ms,
                (each.known.time_ms, each.other.time_ms),
            )
            for each in self._stored()
        )  # fmt: skip

    def unread(self) -> bool:
        """Whether there is one that the person has not been told of."""
        with self._replica.store.holding() as connection:
            read = settings.number(connection, settings.SPLITS_READ) or 0
            return any(each.number > read for each in heads.splits(connection))

    def mark_read(self) -> None:
        """The person has read it; the evidence stays."""
        with self._replica.store.writing() as connection:
            last = max((each.number for each in heads.splits(connection)), default=0)
            settings.put(connection, {settings.SPLITS_READ: last})

    def evidence(self) -> bytes:
        """The statements themselves, as a file that the city or anybody with its card can check.

        There is no word of anybody in it; this device's id can be, beside receipts for its changes.
        """
        return _evidence(self._replica.card.city, self._stored())

    def _stored(self) -> list[StoredSplit]:
        with self._replica.store.holding() as connection:
            return heads.splits(connection)


def evidence_in(folder: Path) -> bytes:
    """The same of a profile that is not open, and without its PIN: none of it is sealed.

    Raises:
        NothingContradicts: there is none. CardError, DamagedDatabase: the profile is damaged.
    """
    card = read_card((folder / CARD).read_bytes())
    with closing(connect(folder / DATABASE, "ro")) as connection:
        found = heads.splits(connection) if heads.known(connection) else []
    if not found:
        raise NothingContradicts
    return _evidence(card.city, found)


def check_evidence(raw: bytes, card: Card) -> list[tuple[bytes, int]]:
    """The feeds (ids) and versions that a file proves to have been signed twice, differently.

    Raises:
        ProtocolError, BadSignature: it proves nothing: another city's, damaged, or not signed.
    """
    if len(raw) > EVIDENCE_BYTES_MAX:
        raise ProtocolError("evidence")
    try:
        shape = json.loads(raw)
        found = [_read(each) for each in shape["splits"]]
        if (shape["format"], shape["city"]) != (FORMAT, card.city.hex()):
            raise ProtocolError("evidence of another city")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ProtocolError("evidence") from error
    for feed, version, proofs in found:
        digests = {_digest_of(feed, version, proof, card.server_keys) for proof in proofs}
        if len(digests) < len(proofs) or len(proofs) < 2:
            raise ProtocolError("no contradiction")
    return [(feed, version) for feed, version, _ in found]


def _evidence(city: bytes, splits: Sequence[StoredSplit]) -> bytes:
    shape = {"format": FORMAT, "city": city.hex(), "splits": [_shape(each) for each in splits]}
    return json.dumps(shape, indent=1).encode()


def _digest_of(feed: bytes, version: int, proof: Proof, keys: Sequence[bytes]) -> bytes:
    statement = verify_proof(proof, keys)
    _, subjects = subjects_of(statement, proof.context)
    for head, subject in zip(statement.heads, subjects, strict=True):
        if (subject.feed, head.version) == (feed, version):
            return subject.digest
    raise ProtocolError("a statement about something else")


def _read(shape: dict[str, Any]) -> tuple[bytes, int, list[Proof]]:
    fields = Proof._fields
    proofs = [Proof(*(bytes.fromhex(each[name]) for name in fields)) for each in shape["signed"]]
    return bytes.fromhex(shape["feed"]), int(shape["version"]), proofs


def _shape(split: StoredSplit) -> dict[str, Any]:
    sides = [_side(side) for side in (split.known, split.other)]
    return {"feed": split.feed.hex(), "version": split.version, "signed": sides}


def _side(side: Side) -> dict[str, Any]:
    proof = {name: value.hex() for name, value in side.proof._asdict().items()}
    return {"time_ms": side.time_ms, "digest": side.digest.hex(), **proof}
