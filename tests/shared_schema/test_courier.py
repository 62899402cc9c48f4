"""Courier bundles: what is whole lands, what is hostile costs little, whatever the order."""

from __future__ import annotations

import itertools
import random

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_schema.errors import MistoError, ProtocolError, TooLarge
from shared_schema.limits import (
    COURIER_BUNDLE_BYTES_MAX,
    COURIER_ITEMS_MAX,
    COURIER_UNPACKED_BYTES_MAX,
)
from shared_schema.sync.courier import (
    ANSWER_ITEM,
    COURIER,
    ITEM_BYTES_MAX,
    PUBLIC_ITEM,
    REPLY_ITEM,
    REQUEST_ITEM,
    Flaw,
    Item,
    answer_item,
    decode_courier,
    encode_courier,
    reply_item,
    split,
    split_answer,
    split_reply,
)

CITY = b"c" * 16
HEAD = bytes((COURIER,)) + CITY
items = st.lists(
    st.builds(
        Item,
        st.sampled_from([REQUEST_ITEM, REPLY_ITEM, PUBLIC_ITEM]),
        st.binary(max_size=300) | st.binary(min_size=1, max_size=8).map(lambda each: each * 700),
    ),
    max_size=12,
)


def plain(*pieces: Item) -> bytes:
    """A bundle that is not packed."""
    return (
        HEAD
        + b"\0"
        + b"".join(bytes((each.type,)) + len(each.body).to_bytes(4) + each.body for each in pieces)
    )


def zstd(raw: bytes) -> bytes:
    """A bundle whose items are these bytes, packed by somebody else."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        19, format=zstandard.FORMAT_ZSTD1_MAGICLESS
    )
    return HEAD + b"\1" + zstandard.ZstdCompressor(compression_params=parameters).compress(raw)


@given(items)
def test_what_goes_in_comes_out(wanted: list[Item]) -> None:
    found = decode_courier(encode_courier(CITY, wanted))
    assert (found.city, found.items) == (CITY, tuple(wanted))
    assert (found.unknown, found.flaw) == (0, Flaw.NONE)
    assert decode_courier(plain(*wanted)).items == tuple(wanted)


@given(items, st.integers(40, 4_000))
def test_split_bundles_hold_all_in_order_and_none_is_too_long(
    wanted: list[Item], size_max: int
) -> None:
    bundles = split(CITY, wanted, size_max)
    found = [item for raw in bundles for item in decode_courier(raw).items]
    assert found == wanted
    for raw in bundles:
        assert len(raw) <= size_max or len(decode_courier(raw).items) == 1


@given(items, st.integers(40, 4_000))
def test_a_reply_is_not_parted_from_its_request_if_both_fit(
    wanted: list[Item], size_max: int
) -> None:
    """Whoever has a newer request of the sender would take this one for its reply alone."""
    bundles = [decode_courier(raw).items for raw in split(CITY, wanted, size_max)]
    for early, late in itertools.pairwise(bundles):
        if early[-1].type == REQUEST_ITEM and late[0].type == REPLY_ITEM:
            assert len(HEAD) + 1 + early[-1].size + late[0].size > size_max


@settings(max_examples=30)
@given(items)
def test_a_bundle_cut_at_any_byte_still_has_its_whole_items(wanted: list[Item]) -> None:
    raw = plain(*wanted)
    for end in range(len(HEAD) + 1, len(raw)):
        found = decode_courier(raw[:end])
        whole = tuple(wanted[: len(found.items)])
        assert found.items == whole
        at = len(HEAD) + 1 + sum(each.size for each in whole)
        assert found.flaw is (Flaw.NONE if end == at else Flaw.CUT)
        assert end - at < (wanted[len(whole)].size if len(whole) < len(wanted) else 1)


def test_a_packed_bundle_cut_at_any_byte_loses_only_what_is_near_the_cut() -> None:
    drawn = random.Random(1)
    wanted = [Item(REQUEST_ITEM, drawn.randbytes(400) + b"mail" * 50) for _ in range(60)]
    raw = encode_courier(CITY, wanted)
    assert raw[17] == 1
    kept = 0
    for end in range(18, len(raw)):
        found = decode_courier(raw[:end])
        assert found.items == tuple(wanted[: len(found.items)])
        assert len(found.items) >= kept
        kept = len(found.items)
        assert kept / len(wanted) >= end / len(raw) - 0.12
    assert kept >= len(wanted) - 6  # one block: 2 KiB of what is their own


def test_a_packed_bundle_says_that_it_was_cut_wherever_that_was() -> None:
    drawn = random.Random(2)
    mixed = [Item(REQUEST_ITEM, drawn.randbytes(300) + b"mail" * 99) for _ in range(50)]
    runs = [Item(REQUEST_ITEM, bytes(200_000)), Item(REPLY_ITEM, bytes(300_000))]
    for raw in (encode_courier(CITY, mixed), encode_courier(CITY, runs), zstd(plain(*mixed)[18:])):
        assert (raw[17], decode_courier(raw).flaw) == (1, Flaw.NONE)
        for end in range(18, len(raw)):
            assert decode_courier(raw[:end]).flaw is Flaw.CUT, end


def test_a_reader_that_takes_less_is_not_told_of_a_cut_that_it_did_not_come_to() -> None:
    raw = encode_courier(CITY, [Item(REQUEST_ITEM, bytes(5_000))] * 90)
    assert decode_courier(raw[:-1], 100_000).flaw is Flaw.TOO_LARGE


@settings(max_examples=200)
@given(items, st.data())
def test_a_flipped_byte_never_makes_more_than_a_wrong_item(
    wanted: list[Item], data: st.DataObject
) -> None:
    raw = bytearray(encode_courier(CITY, wanted))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    try:
        found = decode_courier(bytes(raw))
    except MistoError:
        return
    assert sum(each.size for each in found.items) <= COURIER_UNPACKED_BYTES_MAX


@given(st.binary(max_size=400))
def test_junk_is_a_bundle_of_nothing_or_an_error_of_ours(junk: bytes) -> None:
    for raw in (junk, HEAD + junk, HEAD + b"\0" + junk, HEAD + b"\1" + junk):
        try:
            found = decode_courier(raw)
        except ProtocolError:
            continue
        assert sum(each.size for each in found.items) <= len(junk) * 40_000


def test_items_of_a_later_version_are_skipped_and_counted() -> None:
    known = Item(REQUEST_ITEM, b"known")
    found = decode_courier(plain(Item(77, b"x" * 50), known, Item(0, b""), known))
    assert (found.items, found.unknown, found.flaw) == ((known, known), 2, Flaw.NONE)


def test_a_zip_bomb_is_read_to_the_limit_and_what_is_in_front_of_it_lands() -> None:
    honest = plain(Item(REQUEST_ITEM, b"honest"))[18:]
    bomb = bytes((99,)) + (ITEM_BYTES_MAX - 1).to_bytes(4) + bytes(ITEM_BYTES_MAX - 1)
    raw = zstd(honest + bomb * 60)
    assert len(raw) < 60_000
    found = decode_courier(raw)
    assert (found.items, found.flaw) == ((Item(REQUEST_ITEM, b"honest"),), Flaw.TOO_LARGE)
    assert found.unknown <= COURIER_UNPACKED_BYTES_MAX // ITEM_BYTES_MAX
    assert decode_courier(raw, 100_000).unknown == 0


def test_a_frame_that_asks_for_a_huge_window_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(
        3, format=zstandard.FORMAT_ZSTD1_MAGICLESS, window_log=27, write_content_size=False
    )
    stream = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    packed = stream.compress(plain(Item(REQUEST_ITEM, b"x" * 99))[18:]) + stream.flush()
    assert decode_courier(HEAD + b"\1" + packed).flaw is Flaw.DAMAGED


@pytest.mark.parametrize("length", [ITEM_BYTES_MAX + 1, 2**31, 2**32 - 1])
def test_a_huge_length_allocates_nothing_and_ends_the_reading(length: int) -> None:
    first = Item(REPLY_ITEM, b"first")
    found = decode_courier(plain(first) + b"\1" + length.to_bytes(4) + b"rest")
    assert (found.items, found.flaw) == ((first,), Flaw.TOO_LARGE)


def test_more_items_than_allowed_are_not_read() -> None:
    one = Item(REQUEST_ITEM, b"")
    exact = decode_courier(plain(*[one] * COURIER_ITEMS_MAX))
    assert (len(exact.items), exact.flaw) == (COURIER_ITEMS_MAX, Flaw.NONE)
    more = decode_courier(plain(*[one] * (COURIER_ITEMS_MAX + 5)))
    assert (len(more.items), more.flaw) == (COURIER_ITEMS_MAX, Flaw.TOO_MANY)
    bundles = split(CITY, [one] * (COURIER_ITEMS_MAX + 5))
    assert [len(decode_courier(raw).items) for raw in bundles] == [COURIER_ITEMS_MAX, 5]
    with pytest.raises(TooLarge):
        encode_courier(CITY, [one] * (COURIER_ITEMS_MAX + 1))


def test_a_bundle_longer_than_allowed_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(TooLarge):
        decode_courier(bytes(COURIER_BUNDLE_BYTES_MAX + 1))


@pytest.mark.parametrize("raw", [b"", HEAD, b"\x12" + CITY + b"\0", HEAD + b"\2", HEAD[:9]])
def test_what_does_not_begin_like_one_is_refused(raw: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_courier(raw)


def test_a_reply_travels_with_the_id_of_its_request() -> None:
    assert split_reply(reply_item(b"i" * 32, b"reply").body) == (b"i" * 32, b"reply")
    for short in (b"", b"i" * 31, b"i" * 32):
        with pytest.raises(ProtocolError):
            split_reply(short)


def test_an_answer_names_its_request_by_its_place_in_the_post() -> None:
    assert split_answer(answer_item(255, b"reply").body) == (255, b"reply")
    for short in (b"", b"\0"):
        with pytest.raises(ProtocolError):
            split_answer(short)


def test_an_answer_is_nothing_that_goes_from_hand_to_hand() -> None:
    given = [reply_item(b"i" * 32, b"reply"), answer_item(0, b"reply")]
    raw = encode_courier(CITY, given)
    assert decode_courier(raw)[1:3] == ((given[0],), 1)
    assert decode_courier(raw, types=(ANSWER_ITEM,))[1:3] == ((given[1],), 1)
