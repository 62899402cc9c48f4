"""bench pull: a fresh device takes all the city's news, verified and durable, then searchable."""

from __future__ import annotations

import time

from benchmarks.documents import news
from benchmarks.report import Progress, Report, report
from benchmarks.stage import Stage, stage
from client.services.news import News, Newsroom


def run(count: int, progress: Progress) -> Report:
    """Publish `count` news, then time a fresh device taking them, and filling its search index."""
    with stage() as city:
        publish(city, count, progress)
        with city.device("resident") as replica:
            exchange = city.exchange(replica)
            started = time.perf_counter()
            result = exchange.once(index=False)
            pulled = time.perf_counter() - started
            indexed = News(replica).index_pending()
            searchable = time.perf_counter() - started
            stored = News(replica).count()
            return report(
                "pull",
                count,
                pulled,
                errors=2 * count - stored - indexed,
                bytes_up=result.bytes_up,
                bytes_down=result.bytes_down,
                round_trips=result.round_trips,
                searchable_wall_s=round(searchable, 4),
                searchable_rate_per_s=round(count / searchable, 1),
                server_rss_mib=city.server_rss_mib(),
            )


def publish(city: Stage, count: int, progress: Progress) -> None:
    """Publish news through the newsroom's own replica and bring them to the server."""
    with city.newsroom() as replica:
        newsroom = Newsroom(replica)
        for done, document in enumerate(news(count)):
            newsroom.publish(document)
            if not done % 1000:
                progress("publish", done, count)
        city.exchange(replica).once()
