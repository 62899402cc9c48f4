"""Counters for operators. They name no device, no scope and no text."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest

from shared_schema.sync.compose import Outcome
from shared_schema.sync.statement import Reason, Status

_GROUP_BUCKETS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """One server's counters, in a registry of their own."""

    def __init__(self) -> None:
        """Register the counters."""
        self._registry = CollectorRegistry()
        self._exchanges = Counter(
            "misto_exchanges", "Requests, by how they ended", ["outcome"], registry=self._registry
        )
        self._changes = Counter(
            "misto_changes", "Changes, by verdict", ["status", "reason"], registry=self._registry
        )
        self._bytes = Counter(
            "misto_bundle_bytes", "Bundle bytes", ["direction"], registry=self._registry
        )
        self._groups = Histogram(
            "misto_commit_group_requests",
            "Requests that shared a commit",
            buckets=_GROUP_BUCKETS,
            registry=self._registry,
        )
        self._carried = Counter(
            "misto_carried_requests",
            "Requests that couriers brought, by how they ended; left ones come again",
            ["outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "misto_exchange_seconds", "Time to answer", registry=self._registry
        )

    def answered(self, bytes_up: int, bytes_down: int, seconds: float) -> None:
        """A request was answered with a reply."""
        self._exchanges.labels("answered").inc()
        self._bytes.labels("up").inc(bytes_up)
        self._bytes.labels("down").inc(bytes_down)
        self._seconds.observe(seconds)

    def refused(self, code: str) -> None:
        """A request was answered with a problem."""
        self._exchanges.labels(code).inc()

    def carried(self, answered: int, refused: int, left: int) -> None:
        """A courier's post was answered."""
        for outcome, count in (("answered", answered), ("refused", refused), ("left", left)):
            self._carried.labels(outcome).inc(count)

    def judged(self, outcomes: Sequence[Sequence[Outcome]]) -> None:
        """Verdicts were given."""
        counts: dict[tuple[int, int], int] = {}
        for run in outcomes:
            for outcome in run:
                key = (outcome.status, outcome.reason)
                counts[key] = counts.get(key, 0) + 1
        for (status, reason), count in counts.items():
            self._changes.labels(Status(status).name, Reason(reason).name).inc(count)

    def grouped(self, requests: int) -> None:
        """So many requests shared a commit."""
        self._groups.observe(requests)

    def render(self) -> tuple[bytes, str]:
        """The exposition and its media type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST
