"""What a measurement says: one object, the same keys for every bench."""

from __future__ import annotations

from collections.abc import Callable

Scalar = str | int | float | bool | None
Figure = dict[str, Scalar]
"""One line of a table: name, median_ms, worst_ms, cpu_ms, goal_ms, reached."""
Report = dict[str, Scalar | list[Figure]]
Progress = Callable[[str, int, int], None]
"""Called with the step's name, how much is done, and how much there is."""


def report(bench: str, count: int, wall_s: float, **more: Scalar | list[Figure]) -> Report:
    """A report with the keys that every bench has, and its own."""
    rate = count / wall_s if wall_s else 0.0
    return {
        "bench": bench,
        "count": count,
        "wall_s": round(wall_s, 4),
        "rate_per_s": round(rate, 1),
        **more,
    }
