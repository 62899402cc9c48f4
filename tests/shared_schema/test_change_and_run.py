"""Changes and runs: exact bytes, chains, and what a bad one does to its neighbours."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.errors import MistoError, ProtocolError, TooLarge
from shared_schema.limits import CHANGE_BYTES_MAX, SEQ_MAX
from shared_schema.sync.change import (
    NO_PREV,
    STREAM_BYTES,
    Change,
    Draft,
    Place,
    decode,
    finish,
    header_of,
    signature_holds,
)
from shared_schema.sync.run import Entry, Run, gather, open_run, rebuild
from tests.shared_schema.strategies import OTHER, SCOPE, SIGNER, stream


def entries(changes: list[Change], version: int = 0) -> list[Entry]:
    return [
        Entry(
            version + index if version else 0, 7 if version else 0, SIGNER.public_key,
            change.device, change.scope, change.seq, change.id, change.raw,
        )
        for index, change in enumerate(changes)
    ]  # fmt: skip


def one_run(changes: list[Change]) -> Run:
    (run,) = gather(entries(changes), {})
    return run


@given(
    seq=st.integers(2, 2**32 - 1),
    time=st.integers(0, 2**64 - 1),
    kind=st.integers(0, 2**16 - 1),
    version=st.integers(0, 255),
    record=st.one_of(st.none(), st.binary(min_size=16, max_size=16)),
    sealed=st.booleans(),
    urgency=st.integers(0, 3),
    body=st.binary(max_size=200),
)
def test_a_change_reads_back_as_it_was_written(
    seq: int, time: int, kind: int, version: int, record: bytes | None, sealed: bool,
    urgency: int, body: bytes,
) -> None:  # fmt: skip
    place = Place(SCOPE, seq, b"p" * 32, time)
    header = header_of(SIGNER.device, place, Draft(kind, version, record, sealed, urgency))
    change = finish(SIGNER, header, body)
    assert decode(change.raw) == change
    assert (change.seq, change.time, change.kind, change.kind_version) == (seq, time, kind, version)
    assert (change.sealed, change.urgency, change.body) == (sealed, urgency, body)
    assert change.id == hashlib.sha256(change.raw).digest()
    assert change.record == (record if record is not None else change.id[:16])
    assert change.opening == (record is None)
    assert signature_holds(change, SIGNER.public_key)
    assert not signature_holds(change, OTHER.public_key)


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_a_change_or_an_error_of_ours(raw: bytes) -> None:
    try:
        change = decode(raw)
    except MistoError:
        return
    assert change.raw == raw


def test_every_truncation_of_a_change_is_refused_or_unsigned() -> None:
    (change,) = stream(1)
    for length in range(len(change.raw)):
        try:
            cut = decode(change.raw[:length])
        except ProtocolError:
            continue
        assert not signature_holds(cut, SIGNER.public_key)


@pytest.mark.parametrize(
    ("seq", "prev"), [(0, NO_PREV), (1, b"p" * 32), (2, NO_PREV)], ids=["zero", "first", "second"]
)
def test_a_seq_that_contradicts_its_prev_is_no_change(seq: int, prev: bytes) -> None:
    header = header_of(SIGNER.device, Place(SCOPE, seq, prev, 1), Draft(1, 1, None, False))
    with pytest.raises(ProtocolError):
        finish(SIGNER, header, b"")


def test_a_change_over_the_limit_is_neither_made_nor_read() -> None:
    header = header_of(SIGNER.device, Place(SCOPE, 1, NO_PREV, 1), Draft(1, 1, None, False))
    with pytest.raises(TooLarge):
        finish(SIGNER, header, bytes(CHANGE_BYTES_MAX))
    with pytest.raises(TooLarge):
        decode(bytes(CHANGE_BYTES_MAX + 1))


@given(st.integers(1, 30))
def test_a_run_rebuilds_the_exact_signed_bytes(count: int) -> None:
    changes = stream(count)
    run = one_run(changes)
    assert list(rebuild(run, SIGNER.device)) == [change.raw for change in changes]
    assert sum(map(len, run.parts)) == sum(len(c.raw) - STREAM_BYTES for c in changes)
    found = open_run(run, SIGNER.public_key, SIGNER.device)
    assert [each.change for each in found] == changes
    assert all(each.authentic for each in found)


def test_one_good_signature_at_the_end_vouches_for_all_before_it() -> None:
    header = header_of(SIGNER.device, Place(SCOPE, 1, NO_PREV, 1), Draft(0x301, 1, None, False))
    unsigned = decode(header + b"text" + bytes(64))
    place = Place(SCOPE, 2, unsigned.id, 2)
    tip = finish(SIGNER, header_of(SIGNER.device, place, Draft(0x301, 1, None, False)), b"")
    run = one_run([unsigned, tip])
    assert [each.authentic for each in open_run(run, SIGNER.public_key, SIGNER.device)] == [
        True
    ] * 2


@pytest.mark.parametrize("bad", range(5))
def test_a_damaged_change_leaves_those_in_front_of_it_authentic(bad: int) -> None:
    run = one_run(stream(5))
    parts = list(run.parts)
    parts[bad] = parts[bad][:-1] + bytes((parts[bad][-1] ^ 1,))
    damaged = Run(run.device, run.scope, run.seq, run.prev, parts)
    found = open_run(damaged, SIGNER.public_key, SIGNER.device)
    assert [each.authentic for each in found] == [index < bad for index in range(5)]


def test_a_part_that_is_no_change_keeps_its_place_and_its_neighbours() -> None:
    run = one_run(stream(3))
    cut = Run(run.device, run.scope, run.seq, run.prev, [run.parts[0], b"xx", run.parts[2]])
    found = open_run(cut, SIGNER.public_key, SIGNER.device)
    assert [each.change is None for each in found] == [False, True, False]
    assert [each.seq for each in found] == [1, 2, 3]
    assert [each.authentic for each in found] == [True, False, False]


def test_a_run_claimed_for_another_device_is_not_authentic() -> None:
    found = open_run(one_run(stream(3)), OTHER.public_key, OTHER.device)
    assert not any(each.authentic for each in found)


def test_gaps_forks_and_other_streams_start_new_runs() -> None:
    changes = stream(6)
    devices: dict[bytes, int] = {}
    runs = gather(entries([*changes[:2], *changes[3:]]), devices)
    assert [(run.seq, len(run.parts)) for run in runs] == [(1, 2), (4, 3)]
    assert runs[1].prev == changes[2].id
    assert devices == {SIGNER.public_key: 0}
    fork = stream(3, body=b"fork")
    assert [run.seq for run in gather(entries([changes[0], fork[1]]), {})] == [1, 2]


def test_versions_that_are_not_consecutive_start_new_runs() -> None:
    changes = stream(3)
    rows = entries(changes, version=5)
    rows[2] = rows[2]._replace(version=9)
    assert [(run.version, run.received) for run in gather(rows, {})] == [(5, 7), (9, 7)]


@pytest.mark.parametrize(
    "run",
    [
        Run(0, b"short", 1, b"", [b"x"]),
        Run(0, SCOPE, 1, b"short", [b"x"]),
        Run(0, SCOPE, 0, b"", [b"x"]),
        Run(0, SCOPE, 2**32 - 1, b"p" * 32, [b"x", b"y"]),
        Run(0, SCOPE, -1, b"", [b"x"]),
    ],
)
def test_a_run_with_an_impossible_frame_is_malformed(run: Run) -> None:
    with pytest.raises(ProtocolError):
        open_run(run, SIGNER.public_key, SIGNER.device)


def test_a_run_may_end_with_the_largest_seq_and_not_go_beyond_it() -> None:
    last = one_run([_at(SEQ_MAX)])
    assert [each.authentic for each in open_run(last, SIGNER.public_key, SIGNER.device)] == [True]
    for run in (
        Run(0, SCOPE, SEQ_MAX, b"p" * 32, [b"", b""]),
        Run(0, SCOPE, SEQ_MAX + 1, b"p" * 32, []),
    ):
        with pytest.raises(ProtocolError):
            list(rebuild(run, SIGNER.device))


def _at(seq: int) -> Change:
    place = Place(SCOPE, seq, b"p" * 32, 1)
    return finish(SIGNER, header_of(SIGNER.device, place, Draft(0x0101, 1, None, True)), b"body")
