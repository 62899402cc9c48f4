"""bench herd: many devices at once, each pushing appeals and pulling the newest news.

Every device is a whole one: its own folder, database, keys and connection, and its exchange ends
when receipts and news are durable in its database. Two processes play them, because the server has
a process of its own on the same two cores.
"""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.documents import appeals
from benchmarks.pull import publish
from benchmarks.report import Progress, Report, report
from benchmarks.stage import Stage, stage
from client.services.appeals import Appeals
from client.services.exchange import Exchange
from client.services.news import News
from client.services.replica import Replica
from client.transports.http import HttpTransport

PLAYERS = 2
THREADS = 8
APPEALS_EACH = 5
NEWS_EACH = 50
Played = tuple[float, float, int, int, int]
"""Start, end (monotonic seconds), errors, bytes up, bytes down."""


def run(count: int, progress: Progress) -> Report:
    """Let `count` devices exchange at once; the time is from the first start to the last end."""
    with stage() as city:
        publish(city, 4 * NEWS_EACH, progress)
        folders = _prepare(city, count, progress)
        context = multiprocessing.get_context("spawn")
        barrier = context.Barrier(PLAYERS)
        shares = [(folders[part::PLAYERS], city.url, barrier) for part in range(PLAYERS)]
        played: multiprocessing.Queue[Played] = context.Queue()
        players = [context.Process(target=_play, args=(*share, played)) for share in shares]
        for player in players:
            player.start()
        results = [played.get(timeout=600) for _ in players]
        for player in players:
            player.join()
        wall = max(result[1] for result in results) - min(result[0] for result in results)
        return report(
            "herd",
            count,
            wall,
            errors=sum(result[2] for result in results),
            bytes_up=sum(result[3] for result in results),
            bytes_down=sum(result[4] for result in results),
            appeals_each=APPEALS_EACH,
            news_each=NEWS_EACH,
            server_rss_mib=city.server_rss_mib(),
        )


def _prepare(city: Stage, count: int, progress: Progress) -> list[Path]:
    documents = list(appeals(count * APPEALS_EACH))
    folders: list[Path] = []
    for number in range(count):
        with city.device(f"resident-{number}") as replica:
            service = Appeals(replica)
            for document in documents[number * APPEALS_EACH : (number + 1) * APPEALS_EACH]:
                service.file(document)
            folders.append(replica.folder)
        if not number % 50:
            progress("prepare", number, count)
    return folders


def _play(
    folders: list[Path], url: str, barrier: Barrier, played: multiprocessing.Queue[Played]
) -> None:
    replicas = [Replica.open(folder) for folder in folders]
    exchanges = [
        Exchange(replica, HttpTransport(url), news_max=NEWS_EACH, rounds_max=1)
        for replica in replicas
    ]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(abs, range(THREADS)))  # start the threads before the clock
        barrier.wait()
        started = time.monotonic()
        results = list(pool.map(_exchange, exchanges))
        ended = time.monotonic()
    errors = sum(failed for failed, _, _ in results)
    errors += sum(News(replica).count() < NEWS_EACH for replica in replicas)
    up = sum(up for _, up, _ in results)
    down = sum(down for _, _, down in results)
    played.put((started, ended, errors, up, down))


def _exchange(exchange: Exchange) -> tuple[int, int, int]:
    result = exchange.once(index=False)
    return int(result.accepted != APPEALS_EACH), result.bytes_up, result.bytes_down
