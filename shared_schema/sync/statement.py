"""Statements: what the server says about a request, signed once, checkable for ever, offline.

A statement carries *receipts* (verdicts on the runs of the request) and *heads* (how far each feed
reaches, and the digest of all it holds). On the wire it names things by their place in the request;
the signature covers those things in full, as `context`, so that a stored receipt proves what it
says without the request:

    signed    = "misto/statement/1\\0" + request id (32) + statement + context
    context   = for each receipt: scope 16, device 16, seq of the last change u32, its id 32
                for each head:    feed id 16, digest 32

The id of a request is the SHA-256 of the whole up-bundle, which makes an answer to one request
useless as an answer to another.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import IntEnum
from typing import Annotated, Final, NamedTuple

import msgspec

from shared_schema.crypto.signing import STATEMENT_DOMAIN, Signer, verify
from shared_schema.errors import BadSignature, ProtocolError, TooLarge
from shared_schema.limits import STATEMENT_BYTES_MAX, TIME_MS_MAX, VERSION_MAX

RECEIPT_CONTEXT: Final = struct.Struct(">16s16sI32s")
HEAD_CONTEXT: Final = struct.Struct(">16s32s")


class Status(IntEnum):
    """How a change ended. Only `DEFERRED` is not an end: offer it again later."""

    ACCEPTED = 1
    REFUSED = 2
    HELD = 3
    DEFERRED = 4


class Reason(IntEnum):
    """Why; `OK` for a plain acceptance."""

    OK = 0
    MALFORMED = 1
    TOO_LARGE = 2
    BAD_SIGNATURE = 3
    UNKNOWN_SCOPE = 4
    NOT_ALLOWED = 5
    NOT_OPENER = 6
    MUST_BE_SEALED = 7
    MUST_BE_OPEN = 8
    WRONG_RECORD = 9
    NEWER = 10
    MISSING_PARENT = 11
    FORK = 12
    QUOTA = 13
    BAD_PAYLOAD = 14


class Receipt(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The verdict on `count` consecutive changes of the request's run number `run`.

    `offset` is the place of the first of them in the run. Accepted and held changes have versions
    `version`, `version + 1` … in their scope's feed; `received` is the Unix millisecond of the
    commit that made them durable, from which legal terms run.
    """

    run: int
    offset: int
    count: int
    status: int
    reason: int
    version: Annotated[int, msgspec.Meta(ge=0, le=VERSION_MAX)]
    received: Annotated[int, msgspec.Meta(ge=0, le=TIME_MS_MAX)]


class Head(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """How far the feed of the request's want number `want` reaches.

    `digest` is empty when it equals the one the reader must have, being at that very version.
    """

    want: int
    version: Annotated[int, msgspec.Meta(ge=0, le=VERSION_MAX)]
    digest: bytes


class Statement(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """All the server says in one reply; `time` is its clock in Unix milliseconds."""

    time: Annotated[int, msgspec.Meta(ge=0, le=TIME_MS_MAX)]
    receipts: list[Receipt]
    heads: list[Head]


class ReceiptSubject(NamedTuple):
    """Which changes a receipt is about: `count` of them, ending with this one."""

    scope: bytes
    device: bytes
    seq: int
    id: bytes


class HeadSubject(NamedTuple):
    """Which feed a head is about, and the digest in full."""

    feed: bytes
    digest: bytes


class Proof(NamedTuple):
    """A signed statement with all that is needed to check it later, offline."""

    request: bytes
    statement: bytes
    context: bytes
    signature: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Statement)


def make_context(receipts: Sequence[ReceiptSubject], heads: Sequence[HeadSubject]) -> bytes:
    """The context bytes for a statement with these receipts and heads, in order."""
    return b"".join(
        [RECEIPT_CONTEXT.pack(*subject) for subject in receipts]
        + [HEAD_CONTEXT.pack(*subject) for subject in heads]
    )


def sign_statement(signer: Signer, request: bytes, statement: Statement, context: bytes) -> Proof:
    """Sign a statement about a request."""
    encoded = _encoder.encode(statement)
    signature = signer.sign(STATEMENT_DOMAIN, request + encoded + context)
    return Proof(request, encoded, context, signature)


def read_statement(encoded: bytes) -> Statement:
    """Decode a statement that has not been verified yet.

    Raises:
        TooLarge, ProtocolError: its bytes break the limits or the form.
    """
    if len(encoded) > STATEMENT_BYTES_MAX:
        raise TooLarge("statement")
    try:
        return _decoder.decode(encoded)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise ProtocolError("statement") from error


def verify_proof(proof: Proof, server_keys: Sequence[bytes]) -> Statement:
    """The statement in a proof, once a server key of the city card is found to have signed it.

    Raises:
        BadSignature: none of the keys signed this statement, request and context.
        TooLarge, ProtocolError: its bytes break the limits or the form.
    """
    statement = read_statement(proof.statement)
    wanted = (
        len(statement.receipts) * RECEIPT_CONTEXT.size + len(statement.heads) * HEAD_CONTEXT.size
    )
    if wanted != len(proof.context):
        raise ProtocolError("statement context")
    message = proof.request + proof.statement + proof.context
    if not any(verify(key, proof.signature, STATEMENT_DOMAIN, message) for key in server_keys):
        raise BadSignature("statement")
    return statement


def subjects_of(
    statement: Statement, context: bytes
) -> tuple[list[ReceiptSubject], list[HeadSubject]]:
    """What the receipts and heads of a statement are about, read from its context."""
    split = len(statement.receipts) * RECEIPT_CONTEXT.size
    receipts = [ReceiptSubject(*row) for row in RECEIPT_CONTEXT.iter_unpack(context[:split])]
    heads = [HeadSubject(*row) for row in HEAD_CONTEXT.iter_unpack(context[split:])]
    return receipts, heads
