"""How the newsroom looks where looks are hard: a tablet, the dark, twice the text on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser

from client.services.notes import Notes
from client.services.prefs import Preferences, Prefs
from client.services.replica import Replica
from misto.demo.seed import load_seed
from tests.browser.chromium import DESKTOP, named, open_app, shot
from tests.browser.layout import faults, read
from tests.browser.newsroom_rooms import await_signature, newsroom_rooms
from tests.browser.stage import set_stage
from tests.browser.town import Town, town
from tests.browser.walk import go, whole_room

pytestmark = [
    pytest.mark.browser, pytest.mark.sweep,
]  # fmt: skip
TABLET = (1024, 768)
NARROW = (360, 740)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Town]:
    """A city with all the districts that the stage speaks of."""
    with town(tmp_path, load_seed().all_districts) as made:
        yield made


@pytest.mark.parametrize(
    ("size", "percent", "language"),
    [(DESKTOP, 100, "uk"), (TABLET, 100, "en"), (TABLET, 150, "uk"), (NARROW, 200, "uk")],
    ids=["desktop", "tablet-en", "tablet-150", "phone-200"],
)
def test_everything_is_whole(
    browser: Browser, city: Town, size: tuple[int, int], percent: int, language: str
) -> None:
    city.server.start()
    stage = set_stage(city)
    waiting = await_signature(city)
    with Replica.open(city.profile("newsroom")) as replica:
        choices = msgspec.structs.replace(Preferences(), language=language, text_percent=percent)
        Prefs(Notes(replica)).put(choices)
    city.server.kill()
    city.app("newsroom").start()
    page = open_app(browser, city.app("newsroom").url, size, dark=percent == 150)
    named(page, "exchange-line").first.wait_for()
    wrong: dict[str, list[str]] = {}
    for room in newsroom_rooms(stage, waiting):
        go(page, room)
        found = faults(read(page), size)
        shot(page, f"{room.name}-{size[0]}-{percent}")
        if (size, room.name) != (NARROW, "newsroom"):  # too long to be whole, and a button floats
            with whole_room(page, room.act) as tall:
                found += faults(read(page), tall)
        if found:
            wrong[room.name] = list(dict.fromkeys(found))
    assert wrong == {}
