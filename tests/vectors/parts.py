"""Vectors of posts in parts: what a server answers to each part, cut or whole, and what is none."""

from __future__ import annotations

from typing import Final, NamedTuple

from shared_schema.limits import BUNDLE_BYTES_MAX, CARRY_BYTES_MAX
from shared_schema.sync.part import (
    CARRY_DOOR,
    EXCHANGE_DOOR,
    PART_HEAD_BYTES,
    PartHead,
    decode_part,
    encode_part,
    tag_of,
)
from sync_server.services.parts import Parts, answer_to

_BUNDLE: Final = bytes(range(60))
_REPLY: Final = b"the reply to these sixty bytes"
_POST: Final = bytes.fromhex("a1b2c3d4e5f60718")
_OTHER: Final = bytes.fromhex("00000000000000ff")


class Step(NamedTuple):
    """A part, how much of it arrives, and what that is for."""

    what: str
    head: PartHead
    piece: bytes
    cut: int = 0
    """Bytes that are lost at its end."""


def vectors() -> dict[str, object]:
    """A dialogue of one client and one server, and heads that are none."""
    return {
        "bundle": _BUNDLE.hex(),
        "reply": _REPLY.hex(),
        "steps": [_told(parts, step) for parts in (Parts(),) for step in _steps()],
        "bad": [
            {"what": what, "hex": raw.hex(), "code": code} for what, raw, code in _bad()
        ],
    }  # fmt: skip


def _steps() -> list[Step]:
    head = PartHead(EXCHANGE_DOOR, _POST, len(_BUNDLE), 0)
    tag = tag_of(_REPLY)
    return [
        Step("the whole, cut after 20 bytes", head, _BUNDLE, 40),
        Step("a question", head, b""),
        Step("bytes beyond a gap are not taken", head._replace(offset=30), _BUNDLE[30:40]),
        Step("of what overlaps, the rest is", head._replace(offset=10), _BUNDLE[10:40]),
        Step("another post of the same id begins anew", head._replace(total=3), b"ab"),
        Step("and so does the first, which it replaced", head, _BUNDLE[:50]),
        Step("the same id at another door", head._replace(door=CARRY_DOOR), b""),
        Step("again", head, _BUNDLE[:50]),
        Step("another id knows nothing of it", head._replace(post=_OTHER), b""),
        Step("the end, and more than the end", head._replace(offset=50), _BUNDLE[50:] + b"more"),
        Step("the reply from its tenth byte on", head._replace(got=10, tag=tag), b""),
        Step("a reply that was another one begins anew", head._replace(got=10), b""),
        Step("more than there is begins anew", head._replace(got=31, tag=tag), b""),
        Step("all of it is there", head._replace(got=30, tag=tag), b""),
    ]


def _told(parts: Parts, step: Step) -> dict[str, object]:
    part = encode_part(step.head) + step.piece
    arrived = part[: len(part) - step.cut]
    head = decode_part(arrived)
    post = parts.open(head)
    parts.put(post, head.offset, arrived[PART_HEAD_BYTES:])
    if post.whole and not post.reply:
        parts.answered(post, _REPLY)
    answer = None if step.cut else answer_to(head, post).hex()
    return {
        "what": step.what,
        "part": part.hex(),
        "arrived": len(arrived),
        "head": [head.door, head.post.hex(), head.total, head.offset, head.got, head.tag.hex()],
        "answer": answer,
    }


def _bad() -> list[tuple[str, bytes, str]]:
    head = PartHead(EXCHANGE_DOOR, _POST, 10, 0)
    whole = encode_part(head)
    carry = head._replace(door=CARRY_DOOR, total=CARRY_BYTES_MAX + 1)
    return [
        ("nothing", b"", "malformed"),
        ("shorter than a head", whole[:-1], "malformed"),
        ("a request", b"\x11" + whole[1:], "malformed"),
        ("door 0", encode_part(head._replace(door=0)), "malformed"),
        ("a door of a later version", encode_part(head._replace(door=3)), "malformed"),
        ("a post of nothing", encode_part(head._replace(total=0)), "malformed"),
        ("an offset beyond the whole", encode_part(head._replace(offset=11)), "malformed"),
        ("a request too long", encode_part(head._replace(total=BUNDLE_BYTES_MAX + 1)), "too_large"),
        ("a courier bundle too long", encode_part(carry), "too_large"),
    ]
