"""Sealed texts open for those they are meant for, whole and where they belong, and nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.crypto.padding import PADDED_BYTES_MIN, pad, padded_length, unpad
from shared_schema.crypto.sealing import (
    QueueKey,
    derive_thread_key,
    internal_key,
    new_queue_secret,
    open_sealed,
    queue_public_key,
    seal_later,
    seal_opening,
    split_sealed,
    unwrap_thread_key,
    wrap_thread_key,
)
from shared_schema.errors import SealError

DEVICE_SECRET = b"d" * 32
QUEUE_SECRET = new_queue_secret()
QUEUE = QueueKey(7, queue_public_key(QUEUE_SECRET))
HEADER = b"header of the change"


def sealed(text: bytes = "Немає води".encode(), header: bytes = HEADER) -> bytes:
    return seal_opening(DEVICE_SECRET, (QUEUE,), header, text)


def test_the_queue_opens_what_was_sealed_to_it() -> None:
    body = sealed()
    number, wrapped = split_sealed(body).wraps[0]
    assert number == 7
    key = unwrap_thread_key(QUEUE_SECRET, wrapped, HEADER)
    assert open_sealed(key, HEADER, body).decode() == "Немає води"


def test_the_author_reads_its_own_again_without_the_queue() -> None:
    body = sealed()
    key = derive_thread_key(DEVICE_SECRET, split_sealed(body).salt)
    assert open_sealed(key, HEADER, body).decode() == "Немає води"


def test_another_queue_another_device_and_another_header_open_nothing() -> None:
    body = sealed()
    parts = split_sealed(body)
    _, wrapped = parts.wraps[0]
    with pytest.raises(SealError):
        unwrap_thread_key(new_queue_secret(), wrapped, HEADER)
    with pytest.raises(SealError):
        unwrap_thread_key(QUEUE_SECRET, wrapped, b"another header")
    with pytest.raises(SealError):
        open_sealed(derive_thread_key(b"x" * 32, parts.salt), HEADER, body)
    with pytest.raises(SealError):
        open_sealed(derive_thread_key(DEVICE_SECRET, parts.salt), b"another header", body)


def test_what_officers_say_among_themselves_opens_for_their_queue_and_that_record_alone() -> None:
    opening = sealed()
    parts = split_sealed(opening)
    thread_key = derive_thread_key(DEVICE_SECRET, parts.salt)
    key = internal_key(QUEUE_SECRET, b"r" * 16)
    body = seal_later(key, HEADER, b"note")
    assert open_sealed(internal_key(QUEUE_SECRET, b"r" * 16), HEADER, body) == b"note"
    others = (
        thread_key,
        internal_key(QUEUE_SECRET, b"s" * 16),
        internal_key(new_queue_secret(), b"r" * 16),
        internal_key(DEVICE_SECRET, b"r" * 16),
        derive_thread_key(QUEUE_SECRET, b"r" * 16),
    )
    for other in others:
        with pytest.raises(SealError):
            open_sealed(other, HEADER, body)
    with pytest.raises(SealError):
        open_sealed(key, b"another header", body)
    with pytest.raises(SealError):
        open_sealed(key, HEADER, opening)


def test_a_wrap_moved_into_another_body_is_noticed() -> None:
    one, two = sealed(b"one"), sealed(b"two")
    moved = one[:83] + two[83:]
    key = derive_thread_key(DEVICE_SECRET, split_sealed(two).salt)
    with pytest.raises(SealError):
        open_sealed(key, HEADER, moved)


@given(st.integers(0, 1000), st.integers(0, 7))
def test_no_flipped_bit_goes_unnoticed(at: int, bit: int) -> None:
    body = sealed()
    at %= len(body)
    flipped = body[:at] + bytes((body[at] ^ (1 << bit),)) + body[at + 1 :]
    key = derive_thread_key(DEVICE_SECRET, split_sealed(body).salt)
    with pytest.raises(SealError):
        open_sealed(key, HEADER, flipped)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_no_sealed_body(raw: bytes) -> None:
    with pytest.raises(SealError):
        open_sealed(b"k" * 32, HEADER, raw)


def test_a_cloned_device_never_uses_a_key_twice() -> None:
    bodies = [sealed(b"the same text") for _ in range(50)]
    assert len({split_sealed(body).salt for body in bodies}) == 50
    assert len({split_sealed(body).ciphertext for body in bodies}) == 50
    later = {seal_later(b"k" * 32, HEADER, b"same") for _ in range(50)}
    assert len(later) == 50


def test_later_changes_of_a_thread_open_with_the_thread_key_alone() -> None:
    body = seal_later(b"k" * 32, HEADER, b"reply")
    assert split_sealed(body).wraps == ()
    assert open_sealed(b"k" * 32, HEADER, body) == b"reply"


def test_a_thread_key_can_be_wrapped_again_for_another_queue() -> None:
    other_secret = new_queue_secret()
    other = QueueKey(9, queue_public_key(other_secret))
    wrapped = wrap_thread_key(other, b"k" * 32, HEADER)
    assert unwrap_thread_key(other_secret, wrapped[2:], HEADER) == b"k" * 32


@given(st.binary(max_size=5000))
def test_padding_comes_off_again_and_lengths_fall_into_few_buckets(data: bytes) -> None:
    padded = pad(data)
    assert unpad(padded) == data
    assert len(padded) == padded_length(len(data) + 1)
    assert len(padded) >= PADDED_BYTES_MIN
    if len(padded) > PADDED_BYTES_MIN:
        assert len(padded) <= (len(data) + 1) * 1.12


def test_short_texts_all_look_alike_and_buckets_are_few() -> None:
    assert {len(pad(bytes(n))) for n in range(PADDED_BYTES_MIN)} == {PADDED_BYTES_MIN}
    assert len({padded_length(n) for n in range(1, 10_000)}) < 100


@pytest.mark.parametrize("raw", [b"", b"\0" * 96, b"text" + b"\0" * 8])
def test_what_was_not_padded_is_no_text(raw: bytes) -> None:
    with pytest.raises(SealError):
        unpad(raw)
