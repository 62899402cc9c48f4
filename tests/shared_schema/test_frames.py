"""Frames for QR codes: lost, repeated, shuffled, mixed, forged, and larger than they may be."""

from __future__ import annotations

import itertools
import random
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_schema.errors import ProtocolError, TooLarge
from shared_schema.limits import (
    FRAME_BYTES_MAX,
    FRAMES_BYTES_MAX,
    FRAMES_PIECES_MAX,
    FRAMES_TRANSFERS_MAX,
)
from shared_schema.sync import base45, frames
from shared_schema.sync.frames import Collector, Frame, Splitter, read_frame, write_frame


@pytest.mark.parametrize(
    ("raw", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")]
)
def test_base45_is_that_of_the_rfc(raw: bytes, text: str) -> None:
    assert base45.encode(raw) == text
    assert base45.decode(text) == raw


@given(st.binary(max_size=300))
def test_base45_gives_back_what_it_got_in_the_characters_of_a_qr_code(raw: bytes) -> None:
    text = base45.encode(raw)
    assert base45.decode(text) == raw
    assert set(text) <= set(base45.ALPHABET)
    assert text == text.rstrip()  # scanners may trim, and the prefix is in front


@pytest.mark.parametrize("text", ["A", "AAAA", "::", "GGW", ":::", "ab0", "Ж00", "00\n"])
def test_base45_refuses_what_nobody_encodes(text: str) -> None:
    with pytest.raises(ProtocolError):
        base45.decode(text)


def scanned(texts: list[str], collector: Collector) -> bytes | None:
    """What a reader has after these."""
    whole = None
    for text in texts:
        whole = collector.take(text).whole or whole
    return whole


@given(raw=st.binary(min_size=1, max_size=3000), size=st.integers(7, 300), data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_seven_of_ten_frames_in_any_order_and_twice_give_the_whole(
    raw: bytes, size: int, data: st.DataObject
) -> None:
    splitter = Splitter(raw, size)
    dice = random.Random(data.draw(st.integers(0, 2**32)))
    shown = [splitter.text(number) for number in range(2 * splitter.needed + 30)]
    seen = dice.sample(shown, len(shown) * 7 // 10)
    seen += dice.sample(seen, len(seen) // 3)
    dice.shuffle(seen)
    assert scanned(seen, Collector()) == raw


@given(st.binary(min_size=1, max_size=2000), st.integers(0, 2**31), st.integers(5, 200))
@settings(max_examples=40, deadline=None)
def test_who_comes_late_needs_no_frame_of_the_beginning(raw: bytes, begin: int, size: int) -> None:
    splitter, collector = Splitter(raw, size), Collector()
    texts = (splitter.text(number) for number in itertools.count(splitter.needed + begin))
    taken = list(itertools.islice(texts, splitter.needed + 30))
    assert scanned(taken, collector) == raw


def test_a_third_lost_costs_about_one_frame_more_than_there_are_pieces() -> None:
    raw = random.Random(7).randbytes(45_000)
    splitter = Splitter(raw)
    taken = []
    for seed in range(20):
        dice, collector = random.Random(seed), Collector()
        for number in itertools.count():
            if dice.random() < 0.3:
                continue
            progress = collector.take(splitter.text(number))
            taken.append(1)
            if progress.whole is not None:
                break
    assert splitter.needed <= len(taken) / 20 < splitter.needed + 3


def test_progress_counts_only_what_was_new() -> None:
    splitter, collector = Splitter(bytes(range(250)) * 4, 100), Collector()
    first = collector.take(splitter.text(3))
    again = collector.take(splitter.text(3))
    assert (first.have, again.have, first.needed) == (1, 1, 10)
    assert (first.transfer, first.whole, first.spoiled) == (splitter.transfer, None, False)


def test_what_fits_in_one_code_is_one_frame() -> None:
    raw = random.Random(1).randbytes(500)
    progress = Collector().take(frames.one_text(raw))
    assert (progress.whole, progress.needed) == (raw, 1)


def test_two_transfers_shown_in_turns_are_told_apart() -> None:
    ours, theirs = Splitter(b"ours" * 300, 100), Splitter(b"theirs" * 200, 100)
    collector, got = Collector(), set()
    for number in range(60):
        for each in (ours, theirs):
            got.add(collector.take(each.text(number)).whole)
    assert got == {None, b"ours" * 300, b"theirs" * 200}


def forged(splitter: Splitter, number: int, **other: object) -> str:
    """A frame as it was, but for what is said; its checksum holds."""
    frame = read_frame(splitter.text(number))
    told = {"transfer": frame.transfer, "length": frame.length, "number": number,
            "piece": frame.piece, **other}  # fmt: skip
    return write_frame(Frame(**told))  # type: ignore[arg-type]


def test_a_forged_frame_is_noticed_and_the_transfer_ends_well_without_it() -> None:
    raw = random.Random(2).randbytes(2_000)
    splitter, collector = Splitter(raw, 100), Collector()
    collector.take(forged(splitter, 0, piece=bytes(100)))
    last = [collector.take(splitter.text(number)) for number in range(1, splitter.needed)][-1]
    assert last.spoiled
    assert last.whole is None
    assert scanned([splitter.text(n) for n in range(splitter.needed)], collector) == raw


def test_a_frame_with_another_length_is_of_another_transfer() -> None:
    raw = random.Random(3).randbytes(1_000)
    splitter, collector = Splitter(raw, 100), Collector()
    collector.take(forged(splitter, 0, length=999))
    collector.take(forged(splitter, 1, piece=bytes(50)))
    assert scanned([splitter.text(n) for n in range(10)], collector) == raw


def test_padding_that_says_something_is_left_out() -> None:
    splitter, collector = Splitter(b"abc", 2), Collector()
    collector.take(forged(splitter, 1, piece=b"c!"))
    assert collector.take(splitter.text(0)).whole == b"abc"


def test_a_damaged_frame_is_refused_and_harms_nothing() -> None:
    raw = random.Random(4).randbytes(600)
    splitter, collector = Splitter(raw), Collector()
    collector.take(splitter.text(0))
    text = splitter.text(1)
    for at in range(len(frames.PREFIX), len(text), 7):
        damaged = text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]
        with pytest.raises(ProtocolError):
            collector.take(damaged)
    assert scanned([splitter.text(1), splitter.text(2)], collector) == raw


def raw_text(head: bytes) -> str:
    """Any bytes with a checksum that holds."""
    return frames.PREFIX + base45.encode(head + struct.pack(">I", zlib.crc32(head)))


@pytest.mark.parametrize(
    ("length", "piece", "error"),
    [
        (FRAMES_BYTES_MAX + 1, bytes(1000), TooLarge),
        (2**32 - 1, bytes(1000), TooLarge),
        (FRAMES_PIECES_MAX + 1, b"x", TooLarge),
        (0, b"x", ProtocolError),
        (3, b"four", ProtocolError),
        (10, b"", ProtocolError),
        (FRAMES_BYTES_MAX, bytes(FRAME_BYTES_MAX - frames.OVERHEAD_BYTES + 1), ProtocolError),
    ],
)
def test_a_head_that_asks_for_too_much_takes_no_memory(
    length: int, piece: bytes, error: type[ProtocolError]
) -> None:
    collector = Collector()
    with pytest.raises(error):
        collector.take(raw_text(struct.pack(">8sII", b"transfer", length, 0) + piece))
    assert not collector._transfers


def test_a_text_longer_than_any_frame_is_not_looked_at() -> None:
    with pytest.raises(TooLarge):
        read_frame(frames.PREFIX + "0" * (FRAME_BYTES_MAX * 2))


@given(st.text(max_size=80) | st.binary(max_size=60).map(raw_text))
def test_whatever_else_is_scanned_is_no_frame(text: str) -> None:
    try:
        read_frame(text)
    except ProtocolError:
        return
    assert text.startswith(frames.PREFIX)


def test_many_transfers_at_once_push_out_the_oldest_and_no_more_memory_is_taken() -> None:
    collector = Collector()
    many = [Splitter(bytes([number]) * 200, 100) for number in range(FRAMES_TRANSFERS_MAX + 3)]
    for each in many:
        collector.take(each.text(0))
    assert len(collector._transfers) == FRAMES_TRANSFERS_MAX
    assert collector.take(many[-1].text(1)).whole is not None
    assert collector.take(many[0].text(1)).have == 1


@pytest.mark.parametrize(
    ("raw", "piece", "error"),
    [
        (b"", 10, ProtocolError),
        (bytes(FRAMES_BYTES_MAX + 1), 1000, TooLarge),
        (bytes(FRAMES_PIECES_MAX + 1), 1, TooLarge),
        (bytes(FRAME_BYTES_MAX), FRAME_BYTES_MAX, TooLarge),
    ],
)
def test_what_no_reader_would_take_is_not_shown(
    raw: bytes, piece: int, error: type[ProtocolError]
) -> None:
    with pytest.raises(error):
        Splitter(raw, piece)


def test_a_frame_without_a_pick_takes_all_pieces() -> None:
    """Two pieces: a quarter of the draws are empty, and a frame of nothing would be a waste."""
    picks = {frames.picked(b"transfer", number, 2) for number in range(2, 200)}
    assert picks == {1, 2, 3}
