"""How long a client waits on a slow link: as long as it moves, and not for ever."""

from __future__ import annotations

from typing import Final

SLOWEST_BYTES_S: Final = 200
"""A link that carries less is no link: some 1.6 kbit/s."""
WAIT_S_MAX: Final = 600.0
_GRACE_S: Final = 120.0


def patience_s(size: int, base_s: float) -> float:
    """How long to wait for an answer after handing `size` bytes to the system, in seconds.

    They wait in its buffers, so on a slow link silence for a while says only that they still go.
    """
    return min(base_s + size / SLOWEST_BYTES_S, max(WAIT_S_MAX, base_s))


def too_slow(size: int, elapsed_s: float) -> bool:
    """Whether an answer trickles so slowly that waiting for its end is hanging."""
    return elapsed_s > _GRACE_S + size / SLOWEST_BYTES_S
