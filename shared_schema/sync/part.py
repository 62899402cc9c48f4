"""Parts: a post that goes on after a cut where it stopped, on a link that dies every few kilobytes.

    part   = 0x14, door u8 (1 exchange, 2 carry), post 8, total u32, offset u32,
             got u32, tag 4, bytes
    answer = have u32, total u32, tag 4, bytes

`post` is drawn at random for each post: it says which halves belong together, and nothing else.
The bytes start at `offset` of a bundle of `total` bytes; a part without any only asks. The answer
says how many bytes of the bundle are there. Once all are, its `total` is the length of the reply,
and its bytes are the reply from `got` on if `tag` (the first bytes of the reply's SHA-256) still is
the one that the part named, and else from its beginning. Nothing here is signed: what is put
together wrongly is no signed request, or no signed reply.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Final, NamedTuple

from shared_schema.errors import ProtocolError, TooLarge
from shared_schema.limits import BUNDLE_BYTES_MAX, CARRY_BYTES_MAX

PART: Final = 0x14
EXCHANGE_DOOR: Final = 1
CARRY_DOOR: Final = 2
POST_ID_BYTES: Final = 8
TAG_BYTES: Final = 4
_HEAD: Final = struct.Struct(f">BB{POST_ID_BYTES}sIII{TAG_BYTES}s")
_ANSWER: Final = struct.Struct(f">II{TAG_BYTES}s")
PART_HEAD_BYTES: Final = _HEAD.size
ANSWER_HEAD_BYTES: Final = _ANSWER.size
DOOR_BYTES_MAX: Final = {EXCHANGE_DOOR: BUNDLE_BYTES_MAX, CARRY_DOOR: CARRY_BYTES_MAX}
"""What one post to each door has at most, and its reply."""


class PartHead(NamedTuple):
    """Which post a part belongs to, where its bytes start, and what of the reply is there."""

    door: int
    post: bytes
    total: int
    offset: int
    got: int = 0
    tag: bytes = bytes(TAG_BYTES)


class AnswerHead(NamedTuple):
    """How much of the bundle the server has, and how long the reply is (0: there is none yet)."""

    have: int
    total: int = 0
    tag: bytes = bytes(TAG_BYTES)


def tag_of(reply: bytes) -> bytes:
    """What tells a reply from one that was made later."""
    return hashlib.sha256(reply).digest()[:TAG_BYTES]


def encode_part(head: PartHead) -> bytes:
    """The bytes in front of a part's own."""
    return _HEAD.pack(PART, *head)


def decode_part(raw: bytes) -> PartHead:
    """The head of a part.

    Raises:
        ProtocolError: it is no part, or of a door that this version does not know.
        TooLarge: the whole is longer than a post may be.
    """
    if len(raw) < _HEAD.size or raw[0] != PART:
        raise ProtocolError("no part")
    head = PartHead(*_HEAD.unpack_from(raw)[1:])
    if head.door not in DOOR_BYTES_MAX:
        raise ProtocolError("a part for an unknown door")
    if head.total > DOOR_BYTES_MAX[head.door]:
        raise TooLarge(f"a post has at most {DOOR_BYTES_MAX[head.door]} bytes")
    if not head.total or head.offset > head.total:
        raise ProtocolError("a part beyond its whole")
    return head


def encode_answer(head: AnswerHead) -> bytes:
    """The bytes in front of what an answer brings of the reply."""
    return _ANSWER.pack(*head)


def decode_answer(raw: bytes) -> AnswerHead:
    """The head of an answer.

    Raises:
        ProtocolError: it is shorter than one.
    """
    if len(raw) < _ANSWER.size:
        raise ProtocolError("no answer to a part")
    return AnswerHead(*_ANSWER.unpack_from(raw))
