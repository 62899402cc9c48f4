"""A town that has been in use for a while: news, places, schedules, and one resident's own appeals.

Everything goes through the app's own services and the real server, but in few large transactions:
what is measured afterwards is reading, not saving.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import citydocs, documents
from benchmarks.report import Progress
from benchmarks.stage import Stage
from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.drafts import Draft, Drafts
from client.services.exchange import Exchange
from client.services.guide import GuideDesk
from client.services.news import News, Newsroom
from client.services.notes import Notes
from client.services.prefs import Preferences, Prefs
from client.services.replica import Replica
from client.transports.http import HttpTransport
from shared_schema.records.news import Priority, Published
from shared_schema.records.outage import Announced, Scheduled
from shared_schema.records.place import SORTS, Listed

DISTRICTS: Final = ("Центр", "Поділ", "Слобідка", "Приріччя")
HOME_STREET: Final = "вул. Садова"
ADDRESS: Final = f"{HOME_STREET}, 5"
"""Where the resident lives; a queue of each utility and some places are there."""
URGENT: Final = 3
"""Alerts in force: a bad day, not the end of the world."""
READ_OF_TEN: Final = 7
QUEUES_A_UTILITY: Final = 7
BATCH: Final = 1_000
_CENTRE_E5: Final = (4_923_310, 2_846_820)
_SPREAD_E5: Final = 4_000
_DAY: Final = "+" * 16 + "-" * 8 + "+" * 16 + "?" * 8
_HOUR_MS: Final = 3_600_000


class Sizes(NamedTuple):
    """How much of each there is."""

    news: int
    places: int
    schedules: int
    appeals: int


def sizes_for(news: int) -> Sizes:
    """A town with so many news: 10,000 bring 500 places, 20 schedules and 300 own appeals."""
    return Sizes(news, max(6, news // 20), max(2, news // 500), max(6, news * 3 // 100))


def settle(city: Stage, sizes: Sizes, progress: Progress) -> Path:
    """Fill the city and one resident's device; returns its folder."""
    with city.newsroom() as office:
        _publish(office, sizes, progress)
        _exchange(city, office)
    with city.editor() as editor:
        _exchange(city, editor)
        room = Newsroom(editor)
        for alert in room.awaiting():
            room.confirm(alert.record, alert)
        _exchange(city, editor)
    with city.device("resident") as resident:
        _file(resident, sizes.appeals, progress)
        _exchange(city, resident)
        with city.desk() as desk:
            _exchange(city, desk)
            _answer(desk, sizes.appeals, progress)
            _exchange(city, desk)
        progress("pull", 0, 1)
        _exchange(city, resident)
        _live_in(resident)
        return resident.folder


def _exchange(city: Stage, replica: Replica) -> None:
    with contextlib.closing(HttpTransport(city.url)) as transport:
        Exchange(replica, transport).once()


def _publish(office: Replica, sizes: Sizes, progress: Progress) -> None:
    newsroom, guide = Newsroom(office), GuideDesk(office)
    items = list(_news(sizes.news))
    for start in range(0, len(items), BATCH):
        progress("publish", start, sizes.news)
        with office.store.writing():
            for item in items[start : start + BATCH]:
                newsroom.publish(item)
    with office.store.writing():
        for place in _places(sizes.places):
            guide.list_place(place)
        for scheduled in _schedules(sizes.schedules):
            guide.schedule(scheduled)
        guide.announce(_announcement(office.clock()))


def _file(resident: Replica, count: int, progress: Progress) -> None:
    appeals = Appeals(resident)
    with resident.store.writing():
        for done, document in enumerate(documents.appeals(count)):
            appeals.file(document)
            if not done % 100:
                progress("file", done, count)


def _answer(desk: Replica, count: int, progress: Progress) -> None:
    """Two of three are registered, one of three is answered."""
    office = Desk(desk)
    views = office.queue(count)
    with desk.store.writing():
        for done, view in enumerate(views):
            if done % 3:
                office.register(view.record)
            if done % 3 == 1:
                office.reply(view.record, "Бригада була, роботи завершено.")
                office.set_status(view.record, "answered", "")
            if not done % 50:
                progress("answer", done, count)


def _live_in(resident: Replica) -> None:
    """What a person leaves behind in an app: choices, marks, a draft, something unsent."""
    news, notes = News(resident), Notes(resident)
    found = news.list(news.count())
    with resident.store.writing():
        for number, item in enumerate(found):
            if number % 10 < READ_OF_TEN:
                news.mark_read(item.record)
    Prefs(notes).put(Preferences("uk", district=DISTRICTS[0], address=ADDRESS))
    texts = {"title": "Не горить ліхтар", "text": "Темно від самого понеділка"}
    Drafts(notes, resident.clock).put(Draft("0" * 16, texts=texts))
    for document in documents.appeals(2):
        Appeals(resident).file(document)


def _news(count: int) -> Iterator[Published]:
    """The oldest first; a few urgent ones last, which are in force."""
    for number, item in enumerate(documents.news(count)):
        priority: Priority = "important" if not number % 20 else "normal"
        if number >= count - URGENT:
            priority = "urgent"
        district = DISTRICTS[number % len(DISTRICTS)] if number % 3 else ""
        yield Published(item.title, item.text, item.topic, district, priority)


def _places(count: int) -> Iterator[Listed]:
    streets = citydocs.G["street"]
    for number in range(count):
        drawn = random.Random(f"place/{number}")
        street = HOME_STREET if not number % 50 else drawn.choice(streets)
        lat, lon = (round(value + drawn.gauss(0, _SPREAD_E5)) for value in _CENTRE_E5)
        sort = SORTS[number % len(SORTS)]
        yield Listed(
            f"Пункт № {number}",
            sort,
            f"{street}, {drawn.randint(1, 180)}",
            DISTRICTS[number % len(DISTRICTS)],
            lat,
            lon,
            drawn.choice(("24/7", "Mo-Fr 08:00-18:00; Sa 09:00-14:00", "")),
            "Вода, зарядка, тепло.",
            "0 800 30 14 14",
            ["charging"] if sort == "resilience" else [],
            "черговий",
        )


def _schedules(count: int) -> Iterator[Scheduled]:
    streets = citydocs.G["street"]
    for number in range(count):
        utility = ("power", "water", "heat")[number // QUEUES_A_UTILITY % 3]
        queue = number % QUEUES_A_UTILITY
        own = [street for at, street in enumerate(streets) if at % QUEUES_A_UTILITY == queue]
        week = [_DAY[6 * queue :] + _DAY[: 6 * queue]] * 7
        yield Scheduled(utility, f"{queue + 1}.1", week, own, DISTRICTS[queue % len(DISTRICTS)])


def _announcement(now_ms: int) -> Announced:
    return Announced("power", now_ms, now_ms + 6 * _HOUR_MS, "Аварія на підстанції")
