"""What a replica holds of a feed: everything up to `top`, except some gaps.

A feed is numbered 1, 2, 3 … by the server. A replica that starts with the newest changes has a top
at once and a gap below it, to be backfilled later, in ranges, when the link is good.
"""

from __future__ import annotations

from typing import NamedTuple

from shared_schema.limits import FEED_GAPS_MAX

Range = tuple[int, int]
"""First and last version, both included."""


class Cursor(NamedTuple):
    """`top`: the highest version known to exist; `gaps`: sorted, disjoint, missing, below top."""

    top: int = 0
    gaps: tuple[Range, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything up to the top is held."""
        return not self.gaps

    def missing(self, newest: int) -> tuple[Range, ...]:
        """The ranges a feed at version `newest` has and this replica has not, ascending."""
        fresh = ((self.top + 1, newest),) if newest > self.top else ()
        return self.gaps + fresh

    def advanced(self, newest: int, brought: tuple[Range, ...]) -> Cursor:
        """The cursor after a reply that brought some ranges of a feed now at `newest`."""
        left = self.missing(newest)
        for piece in brought:
            left = _subtract(left, piece)
        return Cursor(max(self.top, newest), _coalesce(left))


def _subtract(ranges: tuple[Range, ...], piece: Range) -> tuple[Range, ...]:
    first, last = piece
    left: list[Range] = []
    for low, high in ranges:
        if high < first or low > last:
            left.append((low, high))
            continue
        if low < first:
            left.append((low, first - 1))
        if high > last:
            left.append((last + 1, high))
    return tuple(left)


def _coalesce(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    """Keep the number of gaps within the limit: join the oldest ones, at the cost of repeats."""
    surplus = len(ranges) - FEED_GAPS_MAX
    if surplus <= 0:
        return ranges
    return ((ranges[0][0], ranges[surplus][1]), *ranges[surplus + 1 :])
