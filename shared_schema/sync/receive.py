"""Reading bundles: from bytes to values that a caller can apply in one transaction.

The server reads requests, replicas read replies; both open runs the same way. Nothing in here
decides policy or writes anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared_schema.errors import BadSignature, ProtocolError
from shared_schema.ids import device_id
from shared_schema.sync.bundle import (
    WHOLE,
    Bounds,
    Request,
    Section,
    Want,
    decode_reply,
    decode_request,
)
from shared_schema.sync.change import Change
from shared_schema.sync.compose import Outgoing, SentRun
from shared_schema.sync.run import Offered, open_run
from shared_schema.sync.statement import (
    Head,
    HeadSubject,
    Proof,
    Receipt,
    ReceiptSubject,
    Statement,
    make_context,
    read_statement,
    verify_proof,
)


class IncomingRun(NamedTuple):
    """One run of a request, opened. `sent` names it as receipts will."""

    public_key: bytes
    sent: SentRun
    offered: tuple[Offered, ...]


class Incoming(NamedTuple):
    """A verified request with all its runs opened."""

    request: Request
    runs: tuple[IncomingRun, ...]


class Held(NamedTuple):
    """What a replica knows of a feed it asks for: its id, and its own digest at `want.top`."""

    feed: bytes
    digest: bytes


class Arrival(NamedTuple):
    """An authentic change that came down a feed, at its place."""

    feed: str
    version: int
    received: int
    public_key: bytes
    change: Change


class Settled(NamedTuple):
    """A verdict on a change that the request offered."""

    id: bytes
    status: int
    reason: int
    version: int
    received: int


class FeedHead(NamedTuple):
    """A signed head: the feed's name, its version, and its digest in full."""

    feed: str
    version: int
    digest: bytes


class Answer(NamedTuple):
    """A verified reply. `forged` counts changes that were not authentic and were left out."""

    proof: Proof
    time_ms: int
    settled: tuple[Settled, ...]
    heads: tuple[FeedHead, ...]
    arrivals: tuple[Arrival, ...]
    forged: int


class DigestMismatch(BadSignature):
    """The statement does not verify with this replica's own digests: ask again with `explain`."""

    code = "digest_mismatch"


def read_request(raw: bytes) -> Incoming:
    """Check a request and open its runs.

    Raises:
        TooLarge, BadSignature, ProtocolError: see `bundle.decode_request`.
    """
    return open_request(decode_request(raw))


def open_request(request: Request) -> Incoming:
    """Open the runs of a decoded request: the costly half of `read_request`.

    A few kilobytes can unpack to thousands of changes, and a forged one costs a signature check
    each; a caller who has others to serve looks at `changes_of` first.

    Raises:
        ProtocolError: a run's frame is malformed.
    """
    runs: list[IncomingRun] = []
    for section in request.sections:
        for run in section.runs:
            key = request.keys[run.device]
            offered = tuple(open_run(run, key, device_id(key)))
            ids = tuple(each.id for each in offered)
            sent = SentRun(run.scope, device_id(key), run.seq, ids)
            runs.append(IncomingRun(key, sent, offered))
    return Incoming(request, tuple(runs))


def changes_of(request: Request) -> int:
    """How many changes a request offers."""
    return sum(len(run.parts) for section in request.sections for run in section.runs)


def read_reply(
    raw: bytes,
    asked: Outgoing,
    held: Mapping[str, Held],
    server_keys: Sequence[bytes],
    bounds: Bounds = WHOLE,
) -> Answer:
    """Check a reply to `asked`. `held` has an entry for each feed that was asked for, by name.

    Raises:
        DigestMismatch: the server omitted a digest as equal to ours, and it is not.
        BadSignature: the statement is not a server's of this city, or not about this request.
        TooLarge, ProtocolError: the bytes break the limits or the form.
    """
    reply = decode_reply(raw, bounds)
    statement = read_statement(reply.statement)
    _check_indices(statement, asked)
    receipts = [_subject(receipt, asked.runs) for receipt in statement.receipts]
    heads = [_head_subject(head, asked.wants, held) for head in statement.heads]
    proof = Proof(asked.id, reply.statement, make_context(receipts, heads), reply.signature)
    try:
        verify_proof(proof, server_keys)
    except BadSignature as error:
        if any(not head.digest for head in statement.heads):
            raise DigestMismatch("head") from error
        raise
    named = tuple(
        FeedHead(asked.wants[head.want].feed, head.version, subject.digest)
        for head, subject in zip(statement.heads, heads, strict=True)
    )
    arrivals, forged = arrivals_of(reply.keys, reply.sections)
    settled = tuple(each for receipt in statement.receipts for each in _settle(receipt, asked.runs))
    return Answer(proof, statement.time, settled, named, tuple(arrivals), forged)


def _check_indices(statement: Statement, asked: Outgoing) -> None:
    for receipt in statement.receipts:
        if not 0 <= receipt.run < len(asked.runs):
            raise ProtocolError("receipt run")
        last = receipt.offset + receipt.count
        if receipt.offset < 0 or receipt.count < 1 or last > len(asked.runs[receipt.run].ids):
            raise ProtocolError("receipt span")
    if any(not 0 <= head.want < len(asked.wants) for head in statement.heads):
        raise ProtocolError("head want")


def _subject(receipt: Receipt, runs: Sequence[SentRun]) -> ReceiptSubject:
    run = runs[receipt.run]
    last = receipt.offset + receipt.count - 1
    return ReceiptSubject(run.scope, run.device, run.seq + last, run.ids[last])


def _head_subject(head: Head, wants: Sequence[Want], held: Mapping[str, Held]) -> HeadSubject:
    own = held[wants[head.want].feed]
    return HeadSubject(own.feed, head.digest or own.digest)


def _settle(receipt: Receipt, runs: Sequence[SentRun]) -> list[Settled]:
    ids = runs[receipt.run].ids[receipt.offset : receipt.offset + receipt.count]
    step = 1 if receipt.version else 0
    return [
        Settled(
            identity,
            receipt.status,
            receipt.reason,
            receipt.version + index * step,
            receipt.received,
        )
        for index, identity in enumerate(ids)
    ]


def arrivals_of(keys: Sequence[bytes], sections: Sequence[Section]) -> tuple[list[Arrival], int]:
    """The authentic changes of some sections, and how many were not.

    Raises:
        ProtocolError: a run's frame is malformed.
    """
    arrivals: list[Arrival] = []
    forged = 0
    for section in sections:
        for run in section.runs:
            key = keys[run.device]
            for index, offered in enumerate(open_run(run, key, device_id(key))):
                if offered.change is None or not offered.authentic:
                    forged += 1
                    continue
                version = run.version + index if run.version else 0
                arrivals.append(Arrival(section.feed, version, run.received, key, offered.change))
    return arrivals, forged
