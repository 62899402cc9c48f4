"""bench local: appeals saved one by one through the app's own service, each durable on return."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.documents import appeals
from benchmarks.report import Progress, Report, report
from client.services.appeals import Appeals
from client.services.replica import Replica
from misto.city import init_city


def run(count: int, progress: Progress) -> Report:
    """Seal, sign and fsync `count` appeals, one after the other."""
    documents = list(appeals(count))
    with tempfile.TemporaryDirectory(prefix="misto-bench-") as name:
        folder = Path(name)
        init_city(folder / "city", "Бенч", servers=(), districts=())
        card = (folder / "city" / "card.json").read_bytes()
        with Replica.create(folder / "resident", card) as replica:
            service = Appeals(replica)
            started = time.perf_counter()
            for done, document in enumerate(documents):
                service.file(document)
                if not done % 1000:
                    progress("save", done, count)
            wall = time.perf_counter() - started
    return report("local", count, wall, errors=0)
