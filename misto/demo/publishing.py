"""What the demo city's newsroom has said before anybody opens an app: news, places, outages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from client.services.guide import GuideDesk
from client.services.news import Newsroom
from client.services.replica import Replica
from misto.demo.seed import Seed, SeedNews, SeedPlace
from shared_schema.records.news import Published

_HOUR_MS: Final = 3_600_000
_NEWS_STEP_MS: Final = 3 * _HOUR_MS
Act = tuple[int, Callable[[], object]]
"""A moment and what is said then."""


class Clock:
    """A clock that stands where it is put: the city had a past before it was made."""

    def __init__(self, moment: int) -> None:
        self.moment = moment

    def __call__(self) -> int:
        return self.moment


def publish_all(
    replica: Replica, clock: Clock, seed: Seed, progress: Callable[[str, int, int], None]
) -> None:
    """Say everything in the order of its moments; the clock is where it was in the end."""
    now = clock.moment
    acts = sorted([*_news(replica, seed.news, now), *_guide(replica, seed, now)], key=_moment)
    for done, (moment, act) in enumerate(acts, 1):
        clock.moment = moment
        act()
        progress("news and places", done, len(acts))
    clock.moment = now


def _moment(act: Act) -> int:
    return act[0]


def _news(replica: Replica, news: list[SeedNews], now: int) -> Iterator[Act]:
    """The first item in the seed is the newest; each one before it is some hours older."""
    newsroom = Newsroom(replica)
    for index, item in enumerate(news):
        expires = now + int(item.valid_hours * _HOUR_MS) if item.valid_hours else 0
        published = Published(
            item.title, item.text, item.topic, item.district, item.priority, expires
        )
        yield now - index * _NEWS_STEP_MS, partial(newsroom.publish, published)


def _guide(replica: Replica, seed: Seed, now: int) -> Iterator[Act]:
    desk = GuideDesk(replica)
    for schedule in seed.schedules:
        yield now, partial(desk.schedule, schedule.scheduled(now))
    for announcement in seed.announcements:
        yield now, partial(desk.announce, announcement.announced(now))
    for place in seed.places:
        yield from _place(desk, place, now)


def _place(desk: GuideDesk, place: SeedPlace, now: int) -> Iterator[Act]:
    records: list[str] = []
    listed = place.listed(now)
    yield now - int(place.hours_ago * _HOUR_MS), lambda: records.append(desk.list_place(listed))
    if place.said is not None:
        confirmed = place.said.confirmed(now)
        looked = now - int(place.said.hours_ago * _HOUR_MS)
        yield looked, lambda: desk.confirm(records[0], confirmed)
