"""Every screen as a picture: `make screenshots` fills artifacts/ with them and contact sheets.

One staged city, real processes, the server first really gone and then back. A series is one window
on it: a size, a language, colours, and the rooms that are worth looking at so.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec
from playwright.sync_api import Browser, Page
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from client.keys.vault import Vault
from client.services.prefs import Preferences
from client.services.replica import Replica
from misto.demo.seed import load_seed
from shared_schema.sync.frames import Splitter
from tests.browser.acts import choose as prefer
from tests.browser.acts import newcomer, reach
from tests.browser.camera import opened, shoot, take
from tests.browser.chromium import DESKTOP, ROOT, SHOTS, chromium, named
from tests.browser.contact_sheet import sheets
from tests.browser.film import before, filmed
from tests.browser.layout import still
from tests.browser.newsroom_rooms import await_signature, newsroom_rooms
from tests.browser.office_rooms import office_rooms, set_office
from tests.browser.stage import HOME, Stage, choose, set_stage
from tests.browser.town import Town, town
from tests.browser.walk import Act, Room, go, rooms, tap, whole_room

NARROW: Final = (360, 740)
TABLET: Final = (1024, 768)
ALL: Final = frozenset(("*",))
KEY: Final = ("home", "news", "thread", "outages", "settings", "write-problems")
ONCE: Final = frozenset(
    ("news-withdrawn", "thread-open", "place-stale", "settings-copy", "settings-wipe")
)
"""Looked at in the first two series only: elsewhere they show nothing new."""
CITY_ONLINE: Final = ("home", "outbox", "thread-answered")
Step = Callable[[str], None]


class Series(NamedTuple):
    """One window, and what is looked at through it."""

    name: str
    size: tuple[int, int] = NARROW
    choices: Mapping[str, object] = MappingProxyType({})
    dark: bool = False
    only: Collection[str] = ALL
    whole: bool = False
    """Each room down to its end, not only what the window shows of it."""

    def preferences(self) -> Preferences:
        """The choices of the person who sits before it."""
        return msgspec.structs.replace(HOME, **self.choices)

    def wants(self, room: Room) -> bool:
        """Whether it goes into this room; filing an appeal each time would fill the lists."""
        if self.only is not ALL:
            return room.name in self.only
        return room.name != "write-saved" and (self.whole or room.name not in ONCE)


ENGLISH: Final = {"language": "en"}
OFFLINE: Final = (
    Series("phone-uk", whole=True),
    Series("phone-200-uk", choices={"text_percent": 200}, whole=True),
    Series("phone-dark-uk", dark=True),
    Series("phone-en", choices=ENGLISH),
    Series("phone-dark-200-en", choices={**ENGLISH, "text_percent": 200}, dark=True, only=KEY),
    Series("phone-contrast-uk", choices={"contrast": True}, only=KEY),
    Series("phone-dark-contrast-uk", choices={"contrast": True}, dark=True, only=KEY),
    Series("desktop-uk", DESKTOP),
    Series("desktop-dark-en", DESKTOP, ENGLISH, dark=True),
    Series("phone-saved-uk", only=("write-saved",)),
)
ONLINE: Final = (Series("phone-online-uk", only=CITY_ONLINE, whole=True),)
OFFICE: Final = (
    Series("office-desktop-uk", DESKTOP),
    Series("office-dark-en", DESKTOP, ENGLISH, dark=True),
    Series("office-tablet-uk", TABLET),
    Series("office-phone-uk"),
)


def photograph(browser: Browser, city: Town, stage: Stage, series: Series, step: Step) -> None:
    """All pictures of a series."""
    choose(city, series.preferences())
    with opened(browser, city.app("resident").url, series.size, dark=series.dark) as page:
        named(page, "exchange-line").first.wait_for()
        for room in rooms(stage):
            if series.wants(room):
                go(page, room)
                take(page, f"{series.name}-{room.name}", room, whole=series.whole)
                step(f"{series.name} {room.name}")


def gates(browser: Browser, city: Town, step: Step) -> None:
    """What stands before the app: the first run, no profile, and the PIN."""
    fresh = newcomer(city, "newcomer")
    fresh.start()
    for name, size, text in (("phone", NARROW, 100), ("phone-200", NARROW, 200),
                             ("desktop", DESKTOP, 100)):  # fmt: skip
        with opened(browser, fresh.url, size, text=text) as page:
            _gate(page, "welcome", f"first-{name}")
            _gate(page, "welcome", f"first-{name}-restore", tap("welcome-restore"))
        step(f"first run, {name}")
    for gate, prepare in (("missing", _lose), ("locked", _lock)):
        prepare(city, gate)
        city.app(gate).start()
        for name, size, text in (("phone", NARROW, 100), ("phone-200", NARROW, 200)):
            with opened(browser, city.app(gate).url, size, text=text) as page:
                _gate(page, f"gate-{gate}", f"gate-{gate}-{name}")
            step(f"{gate}, {name}")


def _gate(page: Page, marker: str, name: str, act: Act | None = None) -> None:
    named(page, marker).first.wait_for(state="attached")
    still(page)
    with whole_room(page, act):
        shoot(page, name)


def _lose(city: Town, name: str) -> None:
    (city.profile(name) / "device.keys").unlink()


def _lock(city: Town, name: str) -> None:
    with Replica.open(city.profile(name)) as replica:
        Vault.create(replica.folder, replica.secrets, "1234")


def scanning(city: Town, folder: Path, step: Step) -> None:
    """A camera before somebody's sequence of codes; it has a browser of its own."""
    splitter = Splitter(bytes(range(256)) * 36)
    film = filmed(folder / "film.y4m", [splitter.text(number) for number in range(20)])
    with (
        chromium(before(film)) as browser,
        opened(browser, f"{city.app('resident').url}/beside", NARROW) as page,
    ):
        reach(page, "scan-open").click()
        named(page, "scan-progress").wait_for(state="attached")
        reach(page, "scan-close")
        shoot(page, "scan-phone")
    step("scanning")


def newsroom(browser: Browser, city: Town, stage: Stage, step: Step) -> None:
    """The newsroom's windows."""
    waiting = await_signature(city)
    city.app("newsroom").start()
    for kind, size in (("desktop", DESKTOP), ("phone", NARROW)):
        with opened(browser, city.app("newsroom").url, size) as page:
            named(page, "exchange-line").first.wait_for()
            for room in newsroom_rooms(stage, waiting):
                go(page, room)
                shoot(page, f"newsroom-{kind}-{room.name.removeprefix('newsroom-')}")
        step(f"newsroom, {kind}")


def office(browser: Browser, city: Town, step: Step) -> None:
    """The desk's windows, over two months of work."""
    past = set_office(city)
    for series in OFFICE:
        prefer(city, series.preferences(), "desk")
        city.app("desk").start()
        with opened(browser, city.app("desk").url, series.size, dark=series.dark) as page:
            named(page, "exchange-line").first.wait_for()
            for room in office_rooms(past):
                go(page, room)
                take(page, f"{series.name}-{room.name}", room, whole=False)
                step(f"{series.name} {room.name}")
        city.app("desk").kill()


def everything(browser: Browser, city: Town, step: Step) -> None:
    """All pictures, in the order in which a blackout ends."""
    city.server.start()
    stage = set_stage(city)
    city.server.kill()
    city.app("resident").start()
    for series in OFFLINE:
        photograph(browser, city, stage, series, step)
    scanning(city, city.folder, step)
    gates(browser, city, step)
    city.server.start()
    with opened(browser, city.app("resident").url, NARROW) as page:
        named(page, "exchange-now").first.click()
        page.get_by_text("Обмін щойно").first.wait_for(state="attached")
    for series in ONLINE:
        photograph(browser, city, stage, series, step)
    newsroom(browser, city, stage, step)


def bind(folder: Path) -> list[Path]:
    """The contact sheets: one group for each series."""
    made: list[Path] = []
    groups = [series.name for series in (*OFFLINE, *ONLINE, *OFFICE)]
    taken = sorted(SHOTS.glob("*.png"), key=lambda path: path.stat().st_mtime_ns)
    for name in (*groups, "first", "gate", "scan", "newsroom"):
        own = [path for path in taken if _series_of(path, groups) == name]
        wide = name.startswith(("desktop", "newsroom", "office"))
        target = folder / f"contact-sheet-{name}"
        made += sheets(own, target, high=1_150, scale=0.59 if wide else 0.63)
    return made


def _series_of(path: Path, groups: Collection[str]) -> str:
    """The longest name of a series that a picture's name begins with, or its first word."""
    fits = [name for name in groups if path.stem.startswith(f"{name}-")]
    return max(fits, key=len, default=path.stem.partition("-")[0])


def main() -> int:
    """Take all pictures and bind them; old ones are thrown away first."""
    shutil.rmtree(SHOTS, ignore_errors=True)
    for old in SHOTS.parent.glob("contact-sheet-*.png"):
        old.unlink()
    SHOTS.mkdir(parents=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    with (
        tempfile.TemporaryDirectory() as folder,
        town(Path(folder) / "town", load_seed().all_districts) as city,
        town(Path(folder) / "office") as other,
        chromium() as browser,
        Progress(*columns) as progress,
    ):
        task = progress.add_task("pictures", total=None)

        def step(what: str) -> None:
            progress.update(task, advance=1, description=f"{what:36}")

        everything(browser, city, step)
        office(browser, other, step)
    for path in bind(SHOTS.parent):
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
