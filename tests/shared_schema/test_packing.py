"""Packed text comes back as it was, in few bytes, and never in more than was allowed."""

from __future__ import annotations

import contextlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.crypto.packing import (
    compress_section,
    decompress_section,
    pack_open,
    pack_sealed,
    unpack,
)
from shared_schema.errors import MistoError, PayloadError, TooLarge
from shared_schema.limits import BODY_UNPACKED_BYTES_MAX
from shared_schema.records import appeal, news
from shared_schema.records.kinds import BY_NAME, KINDS, decode_payload, encode_payload

UKRAINIAN = "Третій день у будинку немає води, ліфт не працює. Прошу вжити заходів."


@given(st.text(max_size=500))
def test_any_text_comes_back_open_and_sealed(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert unpack(pack_open(text), 5000) == text
    assert unpack(pack_sealed(text), 5000) == text


@pytest.mark.parametrize(
    ("text", "how"), [(UKRAINIAN, 3), (UKRAINIAN * 3 + " 😀", 2), ("ok", 1), ("😀", 0)]
)
def test_the_first_byte_names_the_packing(text: str, how: int) -> None:
    assert pack_sealed(text)[0] == how


def test_ukrainian_shrinks_to_less_than_a_third() -> None:
    assert len(pack_sealed(UKRAINIAN)) < len(UKRAINIAN.encode()) / 3


def test_a_text_that_would_unpack_too_large_is_refused() -> None:
    bomb = pack_sealed("а" * 60_000)
    assert len(bomb) < 100
    with pytest.raises(TooLarge):
        unpack(bomb, 59_999)
    with pytest.raises(TooLarge):
        unpack(b"\1" + bytes(101), 100)
    with pytest.raises(TooLarge):
        decompress_section(compress_section(bytes(10_000)), 9_999)


def test_the_longest_text_is_one_block_and_a_longer_one_is_not_compressed() -> None:
    words = "".join(f"вулиця {number} " for number in range(8_000))
    longest, longer = words[:BODY_UNPACKED_BYTES_MAX], words[: BODY_UNPACKED_BYTES_MAX + 1]
    assert pack_sealed(longest)[0] == 3
    assert unpack(pack_sealed(longest), BODY_UNPACKED_BYTES_MAX) == longest
    assert pack_sealed(longer)[0] == 1


@pytest.mark.parametrize("size", [BODY_UNPACKED_BYTES_MAX + 1, 1 << 19])
def test_a_block_that_makes_more_than_any_text_may_have_is_damaged(size: int) -> None:
    """Five bytes of zstd can make half a megabyte: one letter, repeated, and no sequences."""
    repeated = (1 | 3 << 2 | size << 4).to_bytes(3, "little") + b"a\0"
    with pytest.raises(PayloadError):
        unpack(b"\3" + repeated, BODY_UNPACKED_BYTES_MAX)
    fits = (1 | 3 << 2 | 60_000 << 4).to_bytes(3, "little") + b"a\0"
    assert unpack(b"\3" + fits, BODY_UNPACKED_BYTES_MAX) == "a" * 60_000


def test_a_block_longer_than_any_text_is_not_looked_at() -> None:
    with pytest.raises(TooLarge):
        unpack(b"\3" + bytes(BODY_UNPACKED_BYTES_MAX + 1), BODY_UNPACKED_BYTES_MAX)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_unpack_or_fail_in_our_way(raw: bytes) -> None:
    with contextlib.suppress(MistoError):
        unpack(raw, 10_000)


@pytest.mark.parametrize("raw", [b"", b"\4abc", b"\0\xff\xfe", b"\3" + b"\x20\x03abc"])
def test_bytes_that_are_not_packed_text_are_refused(raw: bytes) -> None:
    with pytest.raises(PayloadError):
        unpack(raw, 1000)


def test_threads_do_not_share_a_compressor() -> None:
    wrong: list[str] = []

    def work(number: int) -> None:
        for round_ in range(200):
            text = f"{UKRAINIAN} {number} {round_}"
            if unpack(pack_sealed(text), 5000) != text:
                wrong.append(text)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_payload_comes_back_through_its_kind() -> None:
    opened = appeal.Opened("appeal", "complaint", "Яма", "Біля школи яма.", "roads", name="Олена")
    assert decode_payload(BY_NAME["appeal.opened"], encode_payload(opened, sealed=True)) == opened


def test_a_payload_with_fields_from_the_future_is_read_without_them() -> None:
    future = pack_open('["Вода о 18","Підвезуть воду.","water","","normal",0,"new field",[1]]')
    read = decode_payload(BY_NAME["news.published"], future)
    assert read == news.Published("Вода о 18", "Підвезуть воду.", "water")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '["",""]',
        '["t","x","","","loud"]',
        '["t","x","","","normal",-1]',
        "[" * 5000,
    ],
)
def test_a_payload_that_breaks_its_kind_is_refused(text: str) -> None:
    with pytest.raises(PayloadError):
        decode_payload(BY_NAME["news.published"], pack_open(text))


def test_a_text_over_its_limit_is_refused_before_it_is_saved() -> None:
    with pytest.raises(PayloadError):
        encode_payload(appeal.Commented("х" * 10_001), sealed=True)
    with pytest.raises(PayloadError):
        encode_payload(appeal.Opened("signal", "", "", "text"), sealed=True)


def test_the_registry_is_unambiguous() -> None:
    assert len({(kind.number, kind.version) for kind in KINDS}) == len(KINDS)
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert len({kind.payload for kind in KINDS}) == len(KINDS)
