"""Public items: trust and news that a courier hands on from its own log.

    public item = msgpack array [public keys, sections, proofs]
    proof       = array [request id, statement, context, signature]

Changes count by their own signatures and grants, wherever they came from. The proofs are signed
heads: how far the city's feeds reach and the digest of all in them. When what a reader then holds
has that digest, it knows that nothing was withheld.

The places and moments that a server puts into runs are left out here, and a reader ignores them: a
carrier could write any, and by an early moment make a correction seem older than what it corrects.

A proof must not tell who carries it. So only statements are handed on that have no receipts and
speak of nothing but public feeds: see `is_anonymous`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, NamedTuple

import msgspec

from shared_schema.errors import MistoError, ProtocolError, TooLarge
from shared_schema.limits import (
    BUNDLE_BYTES_MAX,
    BUNDLE_DEVICES_MAX,
    BUNDLE_SECTIONS_MAX,
    COURIER_PROOFS_MAX,
)
from shared_schema.sync.bundle import WHOLE, Bounds, Section, encode_section, read_sections
from shared_schema.sync.courier import PUBLIC_ITEM, Item
from shared_schema.sync.receive import Arrival, arrivals_of
from shared_schema.sync.run import Entry, gather
from shared_schema.sync.statement import Proof, subjects_of, verify_proof

_Parts = tuple[bytes, bytes, bytes, bytes]


class _Public(msgspec.Struct, array_like=True, frozen=True):
    """A public item as it travels."""

    keys: Annotated[list[bytes], msgspec.Meta(max_length=BUNDLE_DEVICES_MAX)]
    sections: Annotated[list[bytes], msgspec.Meta(max_length=BUNDLE_SECTIONS_MAX)]
    proofs: Annotated[list[_Parts], msgspec.Meta(max_length=COURIER_PROOFS_MAX)] = []


class PublicHead(NamedTuple):
    """A signed head of a public feed, with its proof."""

    feed: bytes
    version: int
    digest: bytes
    time_ms: int
    proof: Proof


class PublicItem(NamedTuple):
    """A public item, its changes authentic and its heads verified."""

    arrivals: tuple[Arrival, ...]
    heads: tuple[PublicHead, ...]
    forged: int
    """Changes and proofs that were neither, left out."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Public)


def public_item(
    feeds: Mapping[str, Sequence[Entry]], proofs: Collection[Proof], *, packed: bool = True
) -> Item:
    """The item that hands on these changes, by feed, in the order given."""
    devices: dict[bytes, int] = {}
    runs = {
        name: gather((each._replace(version=0, received=0) for each in entries), devices)
        for name, entries in feeds.items()
        if entries
    }
    sections = [encode_section(Section(name, found), packed) for name, found in runs.items()]
    parts = [tuple(proof) for proof in proofs]
    return Item(PUBLIC_ITEM, _encoder.encode((list(devices), sections, parts)))


def read_public(body: bytes, server_keys: Sequence[bytes], bounds: Bounds = WHOLE) -> PublicItem:
    """Check and open a public item. What does not verify in it is left out, and counted.

    Raises:
        TooLarge, ProtocolError: its bytes break the limits or the form.
    """
    if len(body) > BUNDLE_BYTES_MAX:
        raise TooLarge("public item")
    try:
        item = _decoder.decode(body)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise ProtocolError("public item") from error
    arrivals, forged = arrivals_of(*read_sections(item.keys, item.sections, bounds))
    unknown = tuple(each._replace(version=0, received=0) for each in arrivals)
    heads: list[PublicHead] = []
    for proof in {Proof(*parts) for parts in item.proofs}:
        found = _heads(proof, server_keys)
        heads += found
        forged += not found
    return PublicItem(unknown, tuple(heads), forged)


def is_anonymous(proof: Proof, public_feeds: Collection[bytes], keys: Sequence[bytes]) -> bool:
    """Whether a statement says nothing about the device that it was made for."""
    try:
        statement = verify_proof(proof, keys)
    except MistoError:
        return False
    receipts, heads = subjects_of(statement, proof.context)
    return not receipts and all(head.feed in public_feeds for head in heads)


def _heads(proof: Proof, keys: Sequence[bytes]) -> list[PublicHead]:
    try:
        statement = verify_proof(proof, keys)
    except MistoError:
        return []
    _, subjects = subjects_of(statement, proof.context)
    return [
        PublicHead(subject.feed, head.version, subject.digest, statement.time, proof)
        for head, subject in zip(statement.heads, subjects, strict=True)
    ]
