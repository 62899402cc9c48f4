"""bench wire: bytes on the TCP connection, both ways, headers included, counted by a proxy."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from benchmarks import documents
from benchmarks.report import Progress, Report, report
from benchmarks.stage import Stage, stage
from client.services.appeals import Appeals
from client.services.news import Newsroom
from shared_schema.records.appeal import Opened
from shared_schema.records.news import Published


@dataclass(slots=True)
class CountingProxy:
    """A TCP proxy on loopback that counts what passes in each direction."""

    target: tuple[str, int]
    up: int = 0
    down: int = 0
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    def start(self) -> str:
        """Serve in daemon threads; returns the proxy's address."""
        threading.Thread(target=self._accept, daemon=True).start()
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def take(self) -> tuple[int, int]:
        """The bytes up and down since the last call."""
        taken = (self.up, self.down)
        self.up = self.down = 0
        return taken

    def _accept(self) -> None:
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(self.target)
            for source, sink, name in ((near, far, "up"), (far, near, "down")):
                threading.Thread(target=self._pump, args=(source, sink, name), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, name: str) -> None:
        while chunk := source.recv(65536):
            setattr(self, name, getattr(self, name) + len(chunk))
            sink.sendall(chunk)
        sink.close()


def run(count: int, progress: Progress) -> Report:
    """Measure an empty exchange, one appeal, and `count` appeals and news in bulk."""
    with stage() as city:
        address = urlsplit(city.url)
        proxy = CountingProxy((str(address.hostname), int(address.port or 0)))
        url = proxy.start()
        started = time.perf_counter()
        single = _single(city, url, proxy)
        progress("bulk", 1, 3)
        appeals = list(documents.appeals(count))
        news = list(documents.news(count))
        bulk = (_bulk_appeals(city, url, proxy, appeals), _bulk_news(city, url, proxy, news))
        progress("prose", 2, 3)
        prose = _prose(city, url, proxy, min(count, 500))
        return report(
            "wire",
            count,
            time.perf_counter() - started,
            errors=0,
            **single,
            bulk_bytes_per_appeal=bulk[0],
            bulk_bytes_per_news=bulk[1],
            **prose,
        )


def _single(city: Stage, url: str, proxy: CountingProxy) -> dict[str, int]:
    with city.device("wire-single") as replica:
        exchange = city.exchange(replica, url)
        exchange.once()  # open the connection and take what is there
        sizes: list[int] = []
        for document in documents.appeals(51):
            proxy.take()
            Appeals(replica).file(document)
            exchange.once()
            sizes.append(sum(proxy.take()))
        exchange.once()
        empty_up, empty_down = proxy.take()
    sizes.sort()
    return {
        "one_change_bytes": sizes[len(sizes) // 2],
        "one_change_bytes_max": sizes[-1],
        "empty_bytes": empty_up + empty_down,
        "empty_bytes_up": empty_up,
        "empty_bytes_down": empty_down,
    }


def _bulk_appeals(city: Stage, url: str, proxy: CountingProxy, rows: list[Opened]) -> float:
    with city.device(f"wire-bulk-{len(rows)}-{rows[0].title[:8].encode().hex()}") as replica:
        city.exchange(replica, url).once()  # what is there already is not to be counted
        service = Appeals(replica)
        for row in rows:
            service.file(row)
        proxy.take()
        city.exchange(replica, url).once()
        return round(sum(proxy.take()) / len(rows), 1)


def _bulk_news(city: Stage, url: str, proxy: CountingProxy, rows: list[Published]) -> float:
    with city.device(f"wire-news-{rows[0].title[:8].encode().hex()}") as replica:
        city.exchange(replica, url).once()
        with city.newsroom() as newsroom_replica:
            newsroom = Newsroom(newsroom_replica)
            for row in rows:
                newsroom.publish(row)
            city.exchange(newsroom_replica).once()
        proxy.take()
        city.exchange(replica, url).once()
        return round(sum(proxy.take()) / len(rows), 1)


def _prose(city: Stage, url: str, proxy: CountingProxy, count: int) -> dict[str, float | None]:
    appeals, news = documents.prose_appeals(count), documents.prose_news(count)
    if not appeals or not news:
        return {"prose_bytes_per_appeal": None, "prose_bytes_per_news": None}
    return {
        "prose_bytes_per_appeal": _bulk_appeals(city, url, proxy, appeals),
        "prose_bytes_per_news": _bulk_news(city, url, proxy, news),
    }
