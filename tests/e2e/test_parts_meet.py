"""Both halves of a post in parts, the client's and the server's, without a network between them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from client.transports.post import Post
from shared_schema.sync.part import EXCHANGE_DOOR, PART_HEAD_BYTES, decode_part
from sync_server.services.parts import Parts, answer_to

RAW = bytes(range(256)) * 8
REPLY = b"the city's signed reply, long enough to be cut" * 9


@given(st.lists(st.integers(0, 700), max_size=200))
def test_whatever_the_cuts_both_halves_are_put_together_and_sent_but_once(
    lives: list[int],
) -> None:
    parts, post = Parts(), Post(EXCHANGE_DOOR, RAW)
    carried = 0
    for life in [*lives, *[10_000] * 4]:
        if post.reply is not None:
            break
        part = post.next_part()
        got_there = part[:life]
        if len(got_there) < PART_HEAD_BYTES:
            continue
        head = decode_part(got_there)
        kept = parts.open(head)
        parts.put(kept, head.offset, got_there[PART_HEAD_BYTES:])
        carried += len(got_there) - PART_HEAD_BYTES
        if len(got_there) < len(part):
            continue
        if kept.whole and not kept.reply:
            assert bytes(kept.body) == RAW
            parts.answered(kept, REPLY)
        answer = answer_to(head, kept)[: life - len(part)]
        if answer:
            post.take(answer)
    assert post.reply == REPLY
    assert carried == len(RAW)
