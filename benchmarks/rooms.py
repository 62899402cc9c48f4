"""Using the app as a person does, against the clock: rooms, records, searches, keys."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final

import flet as ft

from benchmarks.clock import Moment, Times, Took, now
from benchmarks.headless import HeadlessWindow
from benchmarks.town import HOME_STREET
from client.viewmodels.app import App
from client.viewmodels.base import PAGE
from client.viewmodels.ports import Services

ROOMS: Final = {
    "home": "home",
    "news": "news-list",
    "appeals": "appeals-list",
    "places": "places-list",
    "outages": "outages",
    "outbox": "outbox",
    "settings": "settings",
}
"""The key of each room's list."""
NEWS_WORDS: Final = (
    "водопостачання", "вода", "ремонт", "тепломереж", "відключеннями", "вулиці Шевченка",
    "автобус маршрут", "рад", "п'ять", "шторм",
)  # fmt: skip
"""Whole words, beginnings, inflected forms, two words, and what is not there."""
APPEAL_WORDS: Final = ("ліхтар", "Садова", "вода", "ЗВ-000012", "немає такого")
ADDRESSES: Final = (f"{HOME_STREET}, 5", "вулиця Київська 12", "Слобідка", "вул. Незнана, 1")
KEYS: Final = 60
PAUSE_AT: Final = (20, 40)
"""After these keys the person thinks for so long that the draft is saved."""
PAUSE_S: Final = 1.0
TURN_S: Final = 0.001
Ask = Callable[[str], Coroutine[Any, Any, None]]


async def use(window: HeadlessWindow, services: Services, rounds: int) -> Times:
    """All of it, one after the other; what is opened, so many times."""
    times = await open_rooms(window, rounds)
    times |= await open_records(window, rounds)
    times |= await search(window, services)
    times |= await type_while_busy(window, services)
    return times


async def open_rooms(window: HeadlessWindow, rounds: int) -> Times:
    """Each room, from another one, until all of its controls are encoded."""
    found: Times = {f"open {room}": [] for room in ROOMS}
    for room, key in ROOMS.items():
        for _ in range(rounds):
            await _go(window, "outages" if room == "home" else "home")
            window.app.settings.usage = None
            found[f"open {room}"].append(await window.act(_to(window, room), _there(window, key)))
    return found


async def open_records(window: HeadlessWindow, rounds: int) -> Times:
    """One item of news, one thread, one place, from their lists."""
    app = window.app
    lists: dict[str, tuple[str, Any, str]] = {
        "one news item": ("news", app.news.items, "detail"),
        "one thread": ("appeals", app.appeals.items, "thread"),
        "one place": ("places", [near.place for near in app.places.found], "place"),
    }
    found: Times = {}
    for name, (room, items, key) in lists.items():
        found[f"open {name}"] = []
        for item in items[:rounds]:
            await _go(window, room)
            record = item.record
            done = _there(window, f"{key}-{record}")
            opened = await window.act(_to(window, room, record), done)
            found[f"open {name}"].append(opened)
    return found


async def search(window: HeadlessWindow, services: Services) -> Times:
    """Searches: the answer in the model, services included, and the frame that shows it."""
    app = window.app
    found: Times = {}
    await _go(window, "news")
    found |= await _ask(window, "news", NEWS_WORDS, (app.news, app.news.search))
    found["search news, service alone"] = [
        _timed(services.news.search, word, PAGE + 1, "", "", False) for word in NEWS_WORDS
    ]
    await app.news.search("")
    await _go(window, "appeals")

    found |= await _ask(window, "appeals", APPEAL_WORDS, (app.appeals, _appeals_of(app)))
    app.appeals.search("")
    await _go(window, "places")
    found |= await _ask(window, "places", ADDRESSES, (app.places, app.places.from_address))
    return found


async def type_while_busy(window: HeadlessWindow, services: Services) -> Times:
    """Keys in the write form while another thread's transaction holds the storage."""
    await _go(window, "write")
    texts = [f"Не світить ліхтар {'о' * number}" for number in range(KEYS)]
    keys: list[Took] = []
    gaps: list[Took] = []
    watching = asyncio.ensure_future(_watch(gaps))
    with storage_busy(services):
        for number, text in enumerate(texts):
            keys.append(await window.type("write-text", text))
            await asyncio.sleep(PAUSE_S if number in PAUSE_AT else 0.02)
        assert window.app.write.autosave.saving, "no draft waited for the storage"
    watching.cancel()
    return {"key in the form, storage busy": keys, "event loop held, storage busy": gaps}


@contextlib.contextmanager
def storage_busy(services: Services) -> Iterator[None]:
    """A thread that is in a write transaction until the end."""
    store = services.news._replica.store  # type: ignore[attr-defined]
    begun, end = threading.Event(), threading.Event()

    def hold() -> None:
        with store.writing() as connection:
            connection.execute("UPDATE settings SET value = value")
            begun.set()
            end.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait()
    try:
        yield
    finally:
        end.set()
        thread.join()


async def _watch(gaps: list[Took]) -> None:
    """How late the loop comes back each time that it was asked to."""
    while True:
        asked = now()
        await asyncio.sleep(TURN_S)
        wall_s, cpu_s = asked.took()
        gaps.append(Took(wall_s - TURN_S, cpu_s))


async def _ask(
    window: HeadlessWindow, what: str, texts: tuple[str, ...], asked: tuple[ft.Observable, Ask]
) -> Times:
    """Until the answer stands in the model, and until its frame is encoded."""
    model, ask = asked
    answers: list[Took] = []
    frames: list[Took] = []
    for text in texts:
        told = _Told()
        stop = model.subscribe(told)
        sent, started = window.connection.sent, now()
        await ask(text)
        answers.append(started.until(told.at or now()))
        stop()
        await window.quiet()
        if window.connection.sent > sent:
            frames.append(started.until(window.connection.last_sent))
    return {f"search {what}": answers, f"frame of a search in {what}": frames}


class _Told:
    """When a model last told of a change of its list."""

    def __init__(self) -> None:
        self.at: Moment | None = None

    def __call__(self, sender: object, field: str | None) -> None:
        if field in ("items", "found"):
            self.at = now()


def _appeals_of(app: App) -> Ask:
    """All own appeals are in memory: the search is what the list does when it is drawn."""

    async def ask(text: str) -> None:
        app.appeals.search(text)
        assert len(app.appeals.page) <= len(app.appeals.found)

    return ask


async def _go(window: HeadlessWindow, room: str) -> None:
    window.app.go(room)
    await window.quiet()


def _to(window: HeadlessWindow, room: str, record: str = "") -> Callable[[], None]:
    return lambda: window.app.go(room, record)


def _there(window: HeadlessWindow, key: str) -> Callable[[], bool]:
    """The room is on the screen, and what it reads by itself has been read."""

    def there() -> bool:
        counted = key != "settings" or window.app.settings.usage is not None
        return counted and window.shows(key)

    return there


def _timed(act: Callable[..., object], *args: object) -> Took:
    started = now()
    act(*args)
    return started.took()
