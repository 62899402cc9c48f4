"""A second server and a second client of posts in parts, written from `docs/protocol.md` alone."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from typing import NamedTuple

DOORS = {1: 4_194_304, 2: 8_388_608}
HEAD = struct.Struct(">BB8sIII4s")


class Part(NamedTuple):
    """Section 13: a part's head, and its bytes."""

    door: int
    post: bytes
    total: int
    offset: int
    got: int
    tag: bytes
    piece: bytes


def read_part(raw: bytes) -> Part | str:
    """A part, or the code of what is wrong with it."""
    if len(raw) < HEAD.size or raw[0] != 0x14:
        return "malformed"
    part = Part(*HEAD.unpack_from(raw)[1:], raw[HEAD.size :])
    if part.door not in DOORS:
        return "malformed"
    if part.total > DOORS[part.door]:
        return "too_large"
    return part if 0 < part.total >= part.offset else "malformed"


class Server:
    """Keeps what has come; what `judge` says is the reply to a whole bundle."""

    def __init__(self, judge: Callable[[bytes], bytes]) -> None:
        self.judge = judge
        self.posts: dict[bytes, tuple[int, int, bytes]] = {}
        self.replies: dict[bytes, bytes] = {}

    def take(self, raw: bytes) -> bytes:
        """What a part says, as far as it has come, and the answer to it."""
        part = read_part(raw)
        assert isinstance(part, Part)
        door, total, have = self.posts.get(part.post, (0, 0, b""))
        if (door, total) != (part.door, part.total):
            have = b""
            self.replies.pop(part.post, None)
        if part.offset <= len(have):
            have = (have + part.piece[len(have) - part.offset :])[: part.total]
        self.posts[part.post] = (part.door, part.total, have)
        if len(have) < part.total:
            return struct.pack(">II4s", len(have), 0, bytes(4))
        if part.post not in self.replies:
            self.replies[part.post] = self.judge(have)
        reply = self.replies[part.post]
        tag = hashlib.sha256(reply).digest()[:4]
        start = part.got if part.tag == tag and part.got <= len(reply) else 0
        return struct.pack(">II4s", part.total, len(reply), tag) + reply[start:]


def read_answer(raw: bytes, before: bytes, before_tag: bytes) -> tuple[int, int, bytes, bytes]:
    """How much the server has, how long the reply is, its tag, and what of it is here now."""
    have, total, tag = struct.unpack_from(">II4s", raw)
    return have, total, tag, (before if tag == before_tag else b"") + raw[12:]
