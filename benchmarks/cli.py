"""Which benches there are, and running one."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from benchmarks.report import Progress, Report

DEFAULT_COUNTS: Final = {
    "local": 5_000, "push": 10_000, "pull": 10_000, "herd": 500, "wire": 2_000, "app": 10_000,
    "desk": 100_000, "courier": 10_000,
}  # fmt: skip
BENCHES: Final = tuple(DEFAULT_COUNTS)


def run_bench(name: str, count: int | None, progress: Progress) -> Report:
    """Run a bench by name; None takes the count that `docs/performance.md` reports.

    Raises:
        KeyError: there is no such bench.
    """
    size = count or DEFAULT_COUNTS[name]
    run: Callable[[int, Progress], Report] = import_module(f"benchmarks.{name}").run
    return run(size, progress)
