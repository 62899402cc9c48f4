"""bench herd: many devices at once, each pushing appeals and pulling the newest news.

A whole device has its own folder, database, keys and connection, and its exchange ends when
receipts and news are durable in its database. Two processes play them, because the server has
a process of its own on the same two cores.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple

from benchmarks.documents import appeals
from benchmarks.pull import publish
from benchmarks.report import Progress, Report, report
from benchmarks.stage import Stage, stage
from client.services.appeals import Appeals
from client.services.asking import Asked, Terms, compose
from client.services.exchange import Exchange
from client.services.news import News
from client.services.replica import Replica
from client.transports.http import HttpTransport
from shared_schema.ids import NEWS
from shared_schema.sync.receive import read_reply

PLAYERS = 2
THREADS = 8
APPEALS_EACH = 5
NEWS_EACH = 50
Play = Callable[..., None]
Played = tuple[float, float, int, int, int, float]
"""Start, end (monotonic seconds), errors, bytes up, bytes down, processor seconds."""


def run(count: int, progress: Progress) -> Report:
    """Let `count` devices exchange at once; the time is from the first start to the last end.

    It is done twice, with fresh devices: first with devices that verify what comes and keep nothing
    (`light_wall_s`: what the server can serve), then with whole ones (`wall_s`).
    """
    with stage() as city:
        publish(city, 4 * NEWS_EACH, progress)
        light = _let_play(city, _prepare(city, count, "light", progress), _light)
        folders = _prepare(city, count, "whole", progress)
        server_cpu_s = city.server_cpu_s()
        whole = _let_play(city, folders, _whole)
        server_cpu_s = city.server_cpu_s() - server_cpu_s
        return report(
            "herd",
            count,
            whole.wall_s,
            errors=whole.errors + light.errors,
            bytes_up=whole.up,
            bytes_down=whole.down,
            light_wall_s=round(light.wall_s, 4),
            device_cpu_ms=round(1000 * whole.cpu_s / count, 2),
            server_cpu_ms=round(1000 * server_cpu_s / count, 2),
            appeals_each=APPEALS_EACH,
            news_each=NEWS_EACH,
            server_rss_mib=city.server_rss_mib(),
        )


class Total(NamedTuple):
    """What all players together did."""

    wall_s: float
    errors: int
    up: int
    down: int
    cpu_s: float


def _let_play(city: Stage, folders: list[Path], play: Play) -> Total:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(PLAYERS)
    played: multiprocessing.Queue[Played] = context.Queue()
    players = [
        context.Process(target=play, args=(folders[part::PLAYERS], city.url, barrier, played))
        for part in range(PLAYERS)
    ]
    for player in players:
        player.start()
    results = [played.get(timeout=600) for _ in players]
    for player in players:
        player.join()
    wall = max(result[1] for result in results) - min(result[0] for result in results)
    return Total(
        wall,
        sum(result[2] for result in results),
        sum(result[3] for result in results),
        sum(result[4] for result in results),
        sum(result[5] for result in results),
    )


def _prepare(city: Stage, count: int, name: str, progress: Progress) -> list[Path]:
    documents = list(appeals(count * APPEALS_EACH))
    folders: list[Path] = []
    for number in range(count):
        with city.device(f"{name}-{number}") as replica:
            service = Appeals(replica)
            for document in documents[number * APPEALS_EACH : (number + 1) * APPEALS_EACH]:
                service.file(document)
            folders.append(replica.folder)
        if not number % 50:
            progress("prepare", number, count)
    return folders


def _light(
    folders: list[Path], url: str, barrier: Barrier, played: multiprocessing.Queue[Played]
) -> None:
    """Devices that have composed their request, and verify the reply without keeping it."""
    asked: list[Asked] = []
    keys: tuple[bytes, ...] = ()
    for folder in folders:
        with Replica.open(folder) as replica:
            asked.append(compose(replica, Terms(0, NEWS_EACH), explain=False))
            keys = replica.card.server_keys
    transports = [HttpTransport(url) for _ in asked]

    def exchange(asked: Asked, transport: HttpTransport) -> int:
        answer = read_reply(transport.post(asked.outgoing.raw), asked.outgoing, asked.held, keys)
        news = sum(arrival.feed == NEWS for arrival in answer.arrivals)
        return int(len(answer.settled) != APPEALS_EACH or news != NEWS_EACH)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(abs, range(THREADS)))  # start the threads before the clock
        barrier.wait()
        started, cpu_s = time.monotonic(), time.process_time()
        errors = sum(pool.map(exchange, asked, transports))
        ended, cpu_s = time.monotonic(), time.process_time() - cpu_s
    up = sum(transport.bytes_up for transport in transports)
    down = sum(transport.bytes_down for transport in transports)
    played.put((started, ended, errors, up, down, cpu_s))


def _whole(
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
        started, cpu_s = time.monotonic(), time.process_time()
        results = list(pool.map(_exchange, exchanges))
        ended, cpu_s = time.monotonic(), time.process_time() - cpu_s
    errors = sum(failed for failed, _, _ in results)
    errors += sum(News(replica).count() < NEWS_EACH for replica in replicas)
    up = sum(up for _, up, _ in results)
    down = sum(down for _, _, down in results)
    played.put((started, ended, errors, up, down, cpu_s))


def _exchange(exchange: Exchange) -> tuple[int, int, int]:
    result = exchange.once(index=False)
    return int(result.accepted != APPEALS_EACH), result.bytes_up, result.bytes_down
