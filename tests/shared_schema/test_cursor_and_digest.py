"""Cursors know exactly what is missing; digests do not care in which order it came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared_schema.limits import FEED_GAPS_MAX
from shared_schema.sync import digest
from shared_schema.sync.cursor import Cursor
from shared_schema.sync.hlc import TIME_MAX, clamp, milliseconds, next_time

steps = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.lists(st.tuples(st.integers(1, 60), st.integers(0, 15)), max_size=4),
    ),
    max_size=8,
)


def members(ranges: tuple[tuple[int, int], ...]) -> set[int]:
    return {version for first, last in ranges for version in range(first, last + 1)}


@given(steps)
def test_a_cursor_is_the_set_of_what_is_missing(
    history: list[tuple[int, list[tuple[int, int]]]],
) -> None:
    cursor, newest, held = Cursor(), 0, set[int]()
    for grown, pieces in history:
        newest += grown
        brought = tuple((first, min(first + more, newest)) for first, more in pieces)
        brought = tuple(piece for piece in brought if piece[0] <= piece[1])
        cursor = cursor.advanced(newest, brought)
        held |= members(brought)
        assert members(cursor.gaps) == set(range(1, newest + 1)) - held
        assert cursor.top == newest
        assert cursor.complete == (held == set(range(1, newest + 1)))
        assert list(cursor.gaps) == sorted(cursor.gaps)


def test_too_many_gaps_are_joined_and_never_forgotten() -> None:
    newest = 4 * FEED_GAPS_MAX
    brought = tuple((version, version) for version in range(2, newest + 1, 2))
    cursor = Cursor().advanced(newest, brought)
    assert len(cursor.gaps) == FEED_GAPS_MAX
    assert members(cursor.gaps) >= set(range(1, newest + 1, 2))


def test_a_server_that_went_back_does_not_pull_the_cursor_back() -> None:
    assert Cursor(10).missing(7) == ()
    assert Cursor(10).advanced(7, ()) == Cursor(10)


@given(st.lists(st.binary(min_size=32, max_size=32), unique=True, max_size=12), st.data())
def test_a_digest_is_that_of_the_set(ids: list[bytes], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(ids)))
    shuffled = data.draw(st.permutations(ids))
    state = digest.add(digest.add(digest.EMPTY, shuffled[:cut]), shuffled[cut:])
    assert state == digest.add(digest.EMPTY, ids)
    assert len(digest.finish(state)) == digest.DIGEST_BYTES


@given(st.lists(st.binary(min_size=32, max_size=32), unique=True, min_size=2, max_size=8))
def test_a_missing_or_repeated_change_shows(ids: list[bytes]) -> None:
    whole = digest.add(digest.EMPTY, ids)
    assert digest.add(digest.EMPTY, ids[1:]) != whole
    assert digest.add(whole, ids[:1]) != whole


@given(st.integers(0, 2**62), st.integers(-(10**12), 10**14))
def test_time_goes_forward_whatever_the_clock_does(last: int, clock_ms: int) -> None:
    assert next_time(last, clock_ms) > last
    assert next_time(0, 1_790_000_000_000) == 1_790_000_000_000 << 16
    assert next_time(TIME_MAX, clock_ms) == TIME_MAX


@given(st.integers(0, TIME_MAX), st.integers(0, 2**47))
def test_a_clock_ten_years_ahead_counts_as_the_receipt(time: int, received: int) -> None:
    clamped = clamp(time, received)
    assert clamped <= time
    assert milliseconds(clamped) <= received
    assert clamp(time, None) == time
