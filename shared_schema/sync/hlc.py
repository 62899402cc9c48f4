"""Hybrid logical time (Kulkarni et al., "Logical Physical Clocks", 2014), packed into 64 bits.

48 bits of Unix milliseconds and a 16-bit counter. It orders a device's own acts even when its clock
stands still or jumps back; nothing that matters is decided by it alone.
"""

from __future__ import annotations

from typing import Final

_COUNTER_BITS: Final = 16
TIME_MAX: Final = 2**64 - 1


def next_time(last: int, clock_ms: int) -> int:
    """The time of the next act: after `last`, and not before the wall clock."""
    return min(max(last + 1, max(clock_ms, 0) << _COUNTER_BITS), TIME_MAX)


def milliseconds(time: int) -> int:
    """The Unix milliseconds in a hybrid time."""
    return time >> _COUNTER_BITS


def clamp(time: int, received_at_ms: int | None) -> int:
    """A time from a clock that runs ahead counts as the receipt's time at the latest."""
    if received_at_ms is None:
        return time
    return min(time, (received_at_ms + 1 << _COUNTER_BITS) - 1)
