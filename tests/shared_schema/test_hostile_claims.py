"""Bytes that claim too much, nest too deep or are cut short: an error of ours, no memory spent."""

from __future__ import annotations

import contextlib
import tracemalloc
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_schema.crypto.signing import BUNDLE_DOMAIN
from shared_schema.errors import BadSignature, MistoError, ProtocolError, TooLarge
from shared_schema.limits import CHANGE_BYTES_MAX, STATEMENT_BYTES_MAX
from shared_schema.sync.bundle import (
    REPLY,
    REQUEST,
    Section,
    Want,
    decode_reply,
    decode_request,
    encode_reply,
    encode_section,
)
from shared_schema.sync.change import OWN_START, decode
from shared_schema.sync.compose import Outgoing, compose_request, make_statement
from shared_schema.sync.receive import Held, changes_of, read_reply, read_request
from shared_schema.sync.run import Entry, Run, open_run
from shared_schema.sync.statement import Head, HeadSubject, Proof, read_statement, verify_proof
from tests.shared_schema.strategies import OTHER, SCOPE, SIGNER, stream

MEMORY_BYTES_MAX = 256 * 1024
HUGE = {
    "array": b"\xdd\xff\xff\xff\xff",
    "map": b"\xdf\xff\xff\xff\xff",
    "bytes": b"\xc6\xff\xff\xff\xff",
    "text": b"\xdb\xff\xff\xff\xff",
    "extension": b"\xc9\xff\xff\xff\xff\x01",
    "arrays in arrays": b"\xdd\xff\xff\xff\xff" * 200,
    "depth": b"\x91" * 50_000,
}
ASKED = Outgoing(b"", b"r" * 32, (Want("news"),), ())
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(), st.binary(max_size=40),
    st.text(max_size=10),
)  # fmt: skip
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=6), max_leaves=40)


def request(payload: bytes) -> bytes:
    """A request whose sender signed whatever this is."""
    signed = bytes((REQUEST,)) + SIGNER.public_key + payload
    return signed + SIGNER.sign(BUNDLE_DOMAIN, signed)


def reply(payload: bytes) -> bytes:
    return bytes((REPLY,)) + payload


def read_answer(raw: bytes) -> object:
    return read_reply(raw, ASKED, {}, [OTHER.public_key])


READERS: list[Callable[[bytes], object]] = [
    lambda payload: read_request(request(payload)),
    lambda payload: read_answer(reply(payload)),
    read_statement,
    lambda payload: read_answer(encode_reply([], [b"\0" + payload], b"", b"")),
]


@pytest.mark.parametrize("claim", HUGE.values(), ids=HUGE.keys())
@pytest.mark.parametrize("read", READERS, ids=["request", "reply", "statement", "section"])
@pytest.mark.parametrize("before", [b"", b"\x93", b"\x96\x90\x90", b"\x93\x90\x91"])
def test_claims_of_huge_sizes_cost_no_memory(
    claim: bytes, read: Callable[[bytes], object], before: bytes
) -> None:
    with contextlib.suppress(ProtocolError):
        read(b"\x90")  # what is loaded lazily is loaded now
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError):
            read(before + claim)
        assert tracemalloc.get_traced_memory()[1] < MEMORY_BYTES_MAX
    finally:
        tracemalloc.stop()


@given(values)
@settings(max_examples=200)
def test_any_msgpack_at_all_is_read_or_refused(value: Any) -> None:
    raw = msgspec.msgpack.encode(value)
    for read in READERS:
        with contextlib.suppress(ProtocolError):
            read(raw)


@given(st.lists(values, min_size=3, max_size=6), st.lists(st.binary(max_size=60), max_size=3))
@settings(max_examples=200)
def test_any_fields_of_a_bundle_are_read_or_refused(fields: list[Any], pieces: list[bytes]) -> None:
    for devices, sections in (([], pieces), (fields[0], [b"\0" + piece for piece in pieces])):
        raw = msgspec.msgpack.encode([devices, fields[1], sections, *fields[3:]])
        for read in READERS[:2]:
            with contextlib.suppress(ProtocolError):
                read(raw)


runs = st.tuples(
    st.integers(-1, 2), st.binary(max_size=17), st.integers(-1, 2**33), st.binary(max_size=33),
    st.lists(st.binary(max_size=120), max_size=4), st.integers(0, 2**54), st.integers(-1, 2**49),
)  # fmt: skip


@given(st.lists(runs, max_size=4))
@settings(max_examples=200)
def test_any_runs_are_opened_or_refused(hostile: list[tuple[Any, ...]]) -> None:
    section = b"\0" + msgspec.msgpack.encode(["news", hostile])
    for raw in (
        request(msgspec.msgpack.encode([[], [], [section]])),
        reply(msgspec.msgpack.encode([[SIGNER.public_key], [], [section], b"\x93\x00\x90\x90"])),
    ):
        for read in (read_request, read_answer):
            with contextlib.suppress(ProtocolError):
                read(raw)


def an_answer() -> tuple[bytes, Outgoing, Head]:
    changes = [
        Entry(number, 7, SIGNER.public_key, each.device, SCOPE, each.seq, each.id, each.raw)
        for number, each in enumerate(stream(3), 1)
    ]
    asked = compose_request(SIGNER, [Want("news")], [])
    head, subject = Head(0, 3, b"d" * 32), HeadSubject(b"f" * 16, b"d" * 32)
    proof = make_statement(OTHER, asked.id, 9, ([], []), ([head], [subject]))
    section = Section("news", [Run(0, SCOPE, 1, b"", [each.raw[69:] for each in changes], 1, 7)])
    raw = encode_reply(
        [SIGNER.public_key], [encode_section(section)], proof.statement, proof.signature
    )
    return raw, asked, head


def held() -> dict[str, Held]:
    return {"news": Held(b"f" * 16, b"d" * 32)}


def test_a_reply_brings_its_changes_with_their_versions() -> None:
    raw, asked, head = an_answer()
    answer = read_reply(raw, asked, held(), [OTHER.public_key])
    assert [(each.feed, each.version, each.received) for each in answer.arrivals] == [
        ("news", 1, 7), ("news", 2, 7), ("news", 3, 7),
    ]  # fmt: skip
    assert [each.change for each in answer.arrivals] == stream(3)
    assert (answer.heads[0].version, answer.forged) == (head.version, 0)


def test_every_truncation_of_a_reply_is_refused() -> None:
    raw, asked, _ = an_answer()
    for length in range(len(raw)):
        with pytest.raises(ProtocolError):
            read_reply(raw[:length], asked, held(), [OTHER.public_key])


@given(st.integers(0, 2**16), st.integers(0, 7))
def test_a_flipped_bit_in_a_reply_adds_nothing_to_it(at: int, bit: int) -> None:
    raw, asked, _ = an_answer()
    at %= len(raw)
    flipped = raw[:at] + bytes((raw[at] ^ (1 << bit),)) + raw[at + 1 :]
    with contextlib.suppress(MistoError):
        answer = read_reply(flipped, asked, held(), [OTHER.public_key])
        ours = {change.id for change in stream(3)}
        assert {each.change.id for each in answer.arrivals} <= ours


def test_a_stranger_s_reply_with_its_digests_in_full_is_a_bad_signature_not_a_mismatch() -> None:
    raw, asked, _ = an_answer()
    with pytest.raises(BadSignature) as found:
        read_reply(raw, asked, held(), [SIGNER.public_key])
    assert found.value.code == "bad_signature"


@pytest.mark.parametrize("piece", [b"", b"\2abc", b"\1", b"\1garbage", b"\0", b"\0\xc1"])
def test_a_section_that_is_none_spoils_the_bundle(piece: bytes) -> None:
    for read, raw in (
        (decode_request, request(msgspec.msgpack.encode([[], [], [piece]]))),
        (decode_reply, encode_reply([], [piece], b"", b"")),
    ):
        with pytest.raises(ProtocolError):
            read(raw)


def test_a_public_key_of_another_length_spoils_the_bundle() -> None:
    with pytest.raises(ProtocolError):
        decode_reply(encode_reply([b"k" * 31], [], b"", b""))


def test_what_does_not_compress_travels_as_it_is() -> None:
    noise = Random(1).randbytes(2_000)
    section = Section("news", [Run(0, SCOPE, 1, b"", [noise])])
    encoded = encode_section(section)
    assert encoded[0] == 0
    assert decode_reply(encode_reply([b"k" * 32], [encoded], b"", b"")).sections == [section]


def test_a_change_over_the_limit_in_a_run_is_noted_with_its_size_and_opens_nothing() -> None:
    good, bad = stream(1)[0], bytes(CHANGE_BYTES_MAX)
    run = Run(0, SCOPE, 1, b"", [good.raw[69:], bad])
    found = open_run(run, SIGNER.public_key, SIGNER.device)
    assert [(each.change is None, each.authentic) for each in found] == [
        (False, True), (True, False),
    ]  # fmt: skip
    assert found[1].size == 69 + CHANGE_BYTES_MAX


def test_a_change_too_short_for_the_record_that_it_goes_on_with_is_none() -> None:
    opening = stream(1)[0].raw
    flags = opening[69] & ~2  # now it claims to go on with a record, and has no room for one
    shortest = opening[:69] + bytes((flags,)) + opening[70:OWN_START] + bytes(64)
    with pytest.raises(ProtocolError):
        decode(shortest)


def test_a_statement_over_the_limit_or_about_something_else_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_statement(bytes(STATEMENT_BYTES_MAX + 1))
    proof = make_statement(OTHER, b"r" * 32, 9, ([], []), ([], []))
    with pytest.raises(ProtocolError):
        verify_proof(Proof(proof.request, proof.statement, b"more", proof.signature), [])


def test_the_changes_of_a_request_are_counted_before_they_are_opened() -> None:
    entries = [
        Entry(0, 0, SIGNER.public_key, each.device, SCOPE, each.seq, each.id, each.raw)
        for each in stream(5)
    ]
    assert changes_of(decode_request(compose_request(SIGNER, [], entries).raw)) == 5
    assert changes_of(decode_request(compose_request(SIGNER, [], []).raw)) == 0
