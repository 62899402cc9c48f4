"""Bundles and statements: what was signed is what is read, and an answer answers one question."""

from __future__ import annotations

import contextlib
import itertools

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_schema.crypto.packing import compress_section
from shared_schema.errors import BadSignature, MistoError, ProtocolError, TooLarge
from shared_schema.ids import feed_id
from shared_schema.limits import BUNDLE_BYTES_MAX, BUNDLE_CHANGES_MAX
from shared_schema.sync import digest
from shared_schema.sync.bundle import (
    Section,
    Want,
    decode_reply,
    decode_request,
    encode_reply,
    encode_request,
    encode_section,
)
from shared_schema.sync.change import Change
from shared_schema.sync.compose import (
    Candidate,
    Outcome,
    Outgoing,
    SentRun,
    compose_request,
    head_for,
    make_statement,
    most_urgent_first,
    ranges_of,
    receipts_for,
    within,
)
from shared_schema.sync.receive import DigestMismatch, Held, read_reply, read_request
from shared_schema.sync.run import Entry, Run, gather
from shared_schema.sync.statement import (
    Head,
    HeadSubject,
    Proof,
    Reason,
    Receipt,
    Statement,
    Status,
    make_context,
    sign_statement,
    subjects_of,
    verify_proof,
)
from tests.shared_schema.strategies import OTHER, SCOPE, SIGNER, stream

SERVER = OTHER
CITY = b"c" * 16
NOW = 1_790_000_000_000
OWN = Held(feed_id(CITY, "news", SIGNER.device), digest.finish(digest.EMPTY))


def entry(change: Change) -> Entry:
    key = SIGNER.public_key
    return Entry(0, 0, key, change.device, change.scope, change.seq, change.id, change.raw)


def asked(count: int = 3, *, want: Want | None = None) -> Outgoing:
    wants = (want or Want("news"),)
    return compose_request(SIGNER, wants, [entry(change) for change in stream(count)])


def answer(outgoing: Outgoing, outcomes: list[Outcome], head: Head, subject: HeadSubject) -> bytes:
    receipts = receipts_for(0, outgoing.runs[0], outcomes) if outgoing.runs else ([], [])
    proof = make_statement(SERVER, outgoing.id, NOW, receipts, ([head], [subject]))
    return encode_reply([], [], proof.statement, proof.signature)


def accepted(count: int) -> list[Outcome]:
    return [Outcome(Status.ACCEPTED, Reason.OK, 10 + n, NOW) for n in range(count)]


EMPTY_HEAD = (Head(0, 0, b""), HeadSubject(OWN.feed, OWN.digest))


@given(
    st.lists(
        st.builds(
            Want,
            feed=st.text(max_size=20).filter(str.isprintable),
            top=st.integers(0, 2**53 - 1),
            gaps=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=5),
            count_max=st.integers(0, 99),
            explain=st.booleans(),
        ),
        max_size=5,
    ),
    st.integers(0, 8),
    st.integers(0, 2**32),
)
@settings(max_examples=50)
def test_a_request_reads_back_as_it_was_composed(
    wants: list[Want], count: int, budget: int
) -> None:
    changes = stream(count)
    outgoing = compose_request(SIGNER, wants, [entry(change) for change in changes], budget)
    incoming = read_request(outgoing.raw)
    request = incoming.request
    assert (request.id, request.wants, request.budget) == (outgoing.id, wants, budget)
    assert request.sender == SIGNER.device
    assert tuple(run.sent for run in incoming.runs) == outgoing.runs
    found = [each.change for run in incoming.runs for each in run.offered]
    assert found == changes


@given(st.integers(0, 600), st.integers(0, 7))
def test_no_flipped_bit_in_a_request_goes_unnoticed(at: int, bit: int) -> None:
    raw = asked().raw
    at %= len(raw)
    with pytest.raises(ProtocolError):
        decode_request(raw[:at] + bytes((raw[at] ^ (1 << bit),)) + raw[at + 1 :])


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_no_bundle_and_no_crash(raw: bytes) -> None:
    for read in (decode_request, decode_reply):
        for frame in (raw, b"\x11" + raw, b"\x12" + raw):
            with contextlib.suppress(ProtocolError):
                read(frame)


def test_size_is_checked_before_anything_else() -> None:
    for read in (decode_request, decode_reply):
        with pytest.raises(TooLarge):
            read(bytes(BUNDLE_BYTES_MAX + 1))


def test_more_changes_than_allowed_are_not_opened() -> None:
    run = Run(0, SCOPE, 1, b"", [b"x"] * (BUNDLE_CHANGES_MAX + 1))
    raw = encode_request(SIGNER, [b""], [], [encode_section(Section("", [run]))])
    with pytest.raises(TooLarge):
        read_request(raw)


def test_a_run_by_a_device_that_is_not_in_the_table_is_malformed() -> None:
    for index in (-1, 1, 99):
        section = encode_section(Section("", [Run(index, SCOPE, 1, b"", [b"x"])]))
        with pytest.raises(ProtocolError):
            decode_request(encode_request(SIGNER, [b""], [], [section]))


def test_a_section_bomb_is_refused_by_its_own_header() -> None:
    bomb = b"\x01" + compress_section(bytes(20_000_000))
    with pytest.raises(TooLarge):
        decode_reply(encode_reply([], [bomb], b"", b""))


def test_a_bundle_with_fields_from_the_future_is_read_without_them() -> None:
    payload = msgspec.msgpack.encode([[], [], [], b"", b"", 0, "new", {"a": 1}])
    assert decode_reply(b"\x12" + payload).sections == []


def test_receipts_settle_every_change_of_a_run() -> None:
    outgoing = asked(3)
    read = read_reply(
        answer(outgoing, accepted(3), *EMPTY_HEAD), outgoing, {"news": OWN}, [SERVER.public_key]
    )
    assert [each.id for each in read.settled] == list(outgoing.runs[0].ids)
    assert [each.version for each in read.settled] == [10, 11, 12]
    assert read.time_ms == NOW


@given(st.lists(st.sampled_from(["a", "r", "h", "d"]), min_size=1, max_size=10))
def test_receipts_say_exactly_what_the_outcomes_were(shape: list[str]) -> None:
    version = 0
    outcomes: list[Outcome] = []
    for letter in shape:
        version += letter in "ah"
        outcomes.append(
            {
                "a": Outcome(Status.ACCEPTED, Reason.OK, version, NOW),
                "h": Outcome(Status.HELD, Reason.NEWER, version, NOW),
                "r": Outcome(Status.REFUSED, Reason.NOT_ALLOWED, 0, 0),
                "d": Outcome(Status.DEFERRED, Reason.QUOTA, 0, 0),
            }[letter]
        )
    outgoing = asked(len(shape))
    raw = answer(outgoing, outcomes, *EMPTY_HEAD)
    read = read_reply(raw, outgoing, {"news": OWN}, [SERVER.public_key])
    told = [Outcome(each.status, each.reason, each.version, each.received) for each in read.settled]
    assert told == outcomes


def test_a_long_accepted_run_costs_one_receipt() -> None:
    sent = SentRun(SCOPE, SIGNER.device, 1, tuple(bytes([n]) * 32 for n in range(200)))
    receipts, subjects = receipts_for(0, sent, accepted(200))
    assert len(receipts) == 1
    assert (subjects[0].seq, subjects[0].id) == (200, sent.ids[-1])


def test_an_answer_to_another_request_or_by_a_stranger_is_refused() -> None:
    first, second = asked(3), asked(2)
    raw = answer(first, accepted(3), *EMPTY_HEAD)
    with pytest.raises(MistoError):
        read_reply(raw, second, {"news": OWN}, [SERVER.public_key])
    with pytest.raises(BadSignature):
        read_reply(raw, first, {"news": OWN}, [SIGNER.public_key])


def test_an_omitted_digest_must_be_the_reader_s_own() -> None:
    outgoing = asked(1)
    other = HeadSubject(OWN.feed, b"x" * 32)
    with pytest.raises(DigestMismatch):
        read_reply(
            answer(outgoing, accepted(1), Head(0, 0, b""), other),
            outgoing, {"news": OWN}, [SERVER.public_key],
        )  # fmt: skip
    explained = answer(outgoing, accepted(1), Head(0, 5, other.digest), other)
    read = read_reply(explained, outgoing, {"news": OWN}, [SERVER.public_key])
    assert (read.heads[0].feed, read.heads[0].version, read.heads[0].digest) == (
        "news", 5, b"x" * 32,
    )  # fmt: skip


@pytest.mark.parametrize("field", range(4))
def test_a_proof_with_any_part_changed_proves_nothing(field: int) -> None:
    outgoing = asked(2)
    receipts, subjects = receipts_for(0, outgoing.runs[0], accepted(2))
    proof = make_statement(SERVER, outgoing.id, NOW, (receipts, subjects), ([], []))
    assert verify_proof(proof, [SERVER.public_key]).receipts == receipts
    assert subjects_of(verify_proof(proof, [SERVER.public_key]), proof.context)[0] == subjects
    parts = list(proof)
    parts[field] = parts[field][:-1] + bytes((parts[field][-1] ^ 1,))
    with pytest.raises(ProtocolError):
        verify_proof(Proof(*parts), [SERVER.public_key])


def test_a_proof_holds_under_any_of_the_city_s_server_keys_and_no_other() -> None:
    statement = Statement(NOW, [], [])
    proof = sign_statement(SERVER, b"r" * 32, statement, make_context([], []))
    assert verify_proof(proof, [SIGNER.public_key, SERVER.public_key]) == statement
    with pytest.raises(BadSignature):
        verify_proof(proof, [])


@given(st.integers(-3, 3), st.integers(-3, 9), st.integers(-3, 9), st.integers(-2, 3))
def test_receipts_and_heads_about_nothing_we_asked_are_malformed(
    run: int, offset: int, count: int, want: int
) -> None:
    outgoing = asked(3)
    fits = run == 0 and offset >= 0 and count >= 1 and offset + count <= 3 and want == 0
    receipt = Receipt(run, offset, count, Status.ACCEPTED, Reason.OK, 1, NOW)
    proof = sign_statement(
        SERVER, outgoing.id, Statement(NOW, [receipt], [Head(want, 0, b"x" * 32)]), b""
    )
    raw = encode_reply([], [], proof.statement, proof.signature)
    with pytest.raises(BadSignature if fits else ProtocolError):
        read_reply(raw, outgoing, {"news": OWN}, [SERVER.public_key])


def test_a_forged_change_in_a_reply_is_counted_and_left_out() -> None:
    outgoing = asked(0)
    (change,) = stream(1)
    raw = change.raw[:-1] + bytes((change.raw[-1] ^ 1,))
    devices: dict[bytes, int] = {}
    rows = [entry(change)._replace(raw=raw, version=1, received=NOW)]
    section = encode_section(Section("news", gather(rows, devices)))
    proof = make_statement(
        SERVER,
        outgoing.id,
        NOW,
        ([], []),
        ([Head(0, 1, b"d" * 32)], [HeadSubject(OWN.feed, b"d" * 32)]),
    )
    reply = encode_reply(list(devices), [section], proof.statement, proof.signature)
    read = read_reply(reply, outgoing, {"news": OWN}, [SERVER.public_key])
    assert (read.arrivals, read.forged) == ((), 1)


def test_a_head_leaves_out_the_digest_that_the_reader_must_have() -> None:
    subject = HeadSubject(OWN.feed, b"d" * 32)
    assert head_for(2, Want("news", 5), 5, subject) == Head(2, 5, b"")
    for want in (Want("news", 4), Want("news", 5, [(1, 2)]), Want("news", 5, explain=True)):
        assert head_for(2, want, 5, subject) == Head(2, 5, b"d" * 32)


def test_the_most_urgent_then_the_newest_fit_the_budget_and_one_always_does() -> None:
    rows = [Candidate(version, 3 if version == 2 else 0, 100) for version in range(1, 6)]
    order = most_urgent_first(rows)
    assert [row.version for row in order] == [2, 5, 4, 3, 1]
    assert [row.version for row in within(order, 250)] == [2, 5]
    assert [row.version for row in within(order, 0)] == [2]
    assert [row.version for row in within(order, 10_000, 3)] == [2, 5, 4]
    assert within([], 10) == []


@given(st.sets(st.integers(1, 60)))
def test_ranges_are_maximal_and_exact(versions: set[int]) -> None:
    ranges = ranges_of(versions)
    assert {v for first, last in ranges for v in range(first, last + 1)} == versions
    assert all(b[0] > a[1] + 1 for a, b in itertools.pairwise(ranges))
