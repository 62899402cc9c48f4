"""The newsroom's screens that are worth a look, as `walk.rooms` gives the resident's."""

from __future__ import annotations

import time

from client.services.news import Newsroom
from shared_schema.records.news import Published
from tests.browser.stage import HOUR_MS, Stage
from tests.browser.town import Town
from tests.browser.walk import Room, tap
from tests.browser.wording import LONG_TEXT, LONG_TITLE


def await_signature(city: Town) -> str:
    """The second person has written an alert, which waits for the first; the server must run."""
    until = time.time_ns() // 1_000_000 + 6 * HOUR_MS
    with city.device("editor") as (replica, exchange):
        exchange.once()
        published = Published(LONG_TITLE, LONG_TEXT, "Безпека", "Центр", "urgent", until)
        record = Newsroom(replica).publish(published).record
        exchange.once()
    with city.device("newsroom") as (_, exchange):
        exchange.once()
    return record


def newsroom_rooms(stage: Stage, waiting: str) -> list[Room]:
    """Sections and forms; the last ones with their problems."""
    closed = stage.places["closed"]
    return [
        Room("newsroom", "/newsroom", "unsigned-banner"),
        Room("newsroom-form", "/newsroom/form", "newsroom-title", tap("newsroom-save")),
        Room("newsroom-alerts", "/newsroom/alerts", "unsigned-", tap(f"decline-{waiting}")),
        Room("newsroom-places", "/newsroom/places", "place-row-"),
        Room("newsroom-place", f"/newsroom/places/{closed}", "placeform-name",
             tap("placeform-remove")),
        Room("newsroom-place-new", "/newsroom/places/new", "placeform-name",
             tap("placeform-save")),
        Room("newsroom-outages", "/newsroom/outages", "week-row-"),
        Room("newsroom-week", "/newsroom/outages/new", "weekform-queue", tap("weekform-save")),
        Room("newsroom-exception", "/newsroom/outages/exception", "exception-title",
             tap("exception-save")),
        Room("newsroom-files", "/newsroom/files", "files-pick"),
    ]  # fmt: skip
