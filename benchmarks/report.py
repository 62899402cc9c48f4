"""What a measurement says: one flat object, the same keys for every bench."""

from __future__ import annotations

from collections.abc import Callable

Report = dict[str, str | int | float | bool | None]
Progress = Callable[[str, int, int], None]
"""Called with the step's name, how much is done, and how much there is."""


def report(
    bench: str, count: int, wall_s: float, **more: str | int | float | bool | None
) -> Report:
    """A report with the keys that every bench has, and its own."""
    rate = count / wall_s if wall_s else 0.0
    return {
        "bench": bench,
        "count": count,
        "wall_s": round(wall_s, 4),
        "rate_per_s": round(rate, 1),
        **more,
    }
