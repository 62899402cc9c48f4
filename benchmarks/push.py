"""bench push: one device brings many saved appeals until all receipts are durable on it."""

from __future__ import annotations

import time

from benchmarks.documents import appeals
from benchmarks.report import Progress, Report, report
from benchmarks.stage import stage
from client.services.appeals import Appeals


def run(count: int, progress: Progress) -> Report:
    """File `count` appeals offline, then time the exchange that empties the outbox."""
    with stage() as city, city.device("resident") as replica:
        service = Appeals(replica)
        for done, document in enumerate(appeals(count)):
            service.file(document)
            if not done % 1000:
                progress("prepare", done, count)
        exchange = city.exchange(replica)
        started = time.perf_counter()
        result = exchange.once()
        wall = time.perf_counter() - started
        errors = count - result.accepted
        return report(
            "push",
            count,
            wall,
            errors=errors,
            bytes_up=result.bytes_up,
            bytes_down=result.bytes_down,
            round_trips=result.round_trips,
            server_rss_mib=city.server_rss_mib(),
        )
