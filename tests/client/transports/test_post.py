"""A post in parts, without a network: what it sends after a cut, and what it believes."""

from __future__ import annotations

import pytest

from client.transports.patience import WAIT_S_MAX, patience_s, too_slow
from client.transports.post import Post, ReplyTooLarge
from shared_schema.errors import ProtocolError
from shared_schema.limits import BUNDLE_BYTES_MAX
from shared_schema.sync.part import (
    EXCHANGE_DOOR,
    PART_HEAD_BYTES,
    AnswerHead,
    encode_answer,
    tag_of,
)

RAW = bytes(range(256)) * 8
REPLY = b"the city's signed reply, long enough to be cut" * 9


def test_after_a_cut_it_asks_before_it_sends() -> None:
    post = Post(EXCHANGE_DOOR, RAW)
    assert len(post.next_part()) == PART_HEAD_BYTES + len(RAW)
    assert len(post.next_part()) == PART_HEAD_BYTES
    post.take(encode_answer(AnswerHead(2_000)))
    assert post.next_part()[PART_HEAD_BYTES:] == RAW[2_000:]


def test_a_reply_that_was_made_anew_is_not_mixed_with_the_one_before() -> None:
    post = Post(EXCHANGE_DOOR, RAW)
    post.next_part()
    post.take(encode_answer(AnswerHead(len(RAW), len(REPLY), tag_of(REPLY))) + REPLY[:50])
    post.next_part()
    other = REPLY[::-1]
    post.take(encode_answer(AnswerHead(len(RAW), len(other), tag_of(other))) + other)
    assert post.reply == other


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (encode_answer(AnswerHead(len(RAW) + 1)), ProtocolError),
        (encode_answer(AnswerHead(0, BUNDLE_BYTES_MAX + 1)), ReplyTooLarge),
        (encode_answer(AnswerHead(0, 3)) + b"four", ProtocolError),
        (b"<html>Welcome to the hotel</html>", ProtocolError),
    ],
)
def test_an_answer_that_cannot_be_is_refused(answer: bytes, error: type[Exception]) -> None:
    post = Post(EXCHANGE_DOOR, RAW)
    post.next_part()
    with pytest.raises(error):
        post.take(answer)


def test_patience_grows_with_what_is_still_in_the_buffers_and_has_an_end() -> None:
    assert patience_s(0, 60.0) == 60.0
    assert patience_s(20_000, 60.0) >= 60.0 + 20_000 * 8 / 20_000
    assert patience_s(BUNDLE_BYTES_MAX, 60.0) == WAIT_S_MAX


def test_only_an_answer_that_crawls_is_given_up() -> None:
    assert not too_slow(1, 100.0)
    assert too_slow(5, 200.0)
    assert not too_slow(20_000 // 8 * 200, 200.0)
    assert not too_slow(1_000_000, 3_600.0)
