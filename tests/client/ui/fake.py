"""A device in memory: for states that a real one hardly reaches, and for fast view tests."""

from __future__ import annotations

import dataclasses
import itertools
import threading
from collections.abc import Mapping
from typing import Any

from client.services.errors import UnknownRecord
from client.services.guide_types import AnnouncementView, PlaceView, ScheduleView
from client.services.prefs import Preferences
from client.services.replica import NoProfile
from client.services.types import AppealView, NewsView, SyncState
from client.viewmodels.phone import Fix, Phone, Shared
from client.viewmodels.ports import OnState, Services
from tests.client.ui import fake_ports as ports
from tests.client.ui.fake_beside import FakeBeside
from tests.client.ui.fake_camera import FakeCamera, FakeScanner
from tests.client.ui.fake_doorstep import FakeDoorstep
from tests.client.ui.fake_newsroom import FakeGuideDesk, FakeNewsDrafts, FakeNewsroom
from tests.client.ui.fake_office import FakeOffice
from tests.client.ui.fake_own import FakeDrafts, FakeOwn, FakePrefs
from tests.client.ui.fake_reports import FakeReports
from tests.client.ui.fake_rounds import FakeRounds, FakeVolunteers
from tests.client.ui.fake_witness import FakeWitness

DISTRICTS = ("Затишшя", "Кам’янка", "Центр")


class FakeDevice:
    """News, appeals and a guide in lists, and a desk's office.

    `fail` makes the next act raise; `slow` holds every writing of a draft until it is set.
    """

    def __init__(self, roles: set[tuple[str, str]] | None = None) -> None:
        self.news_items: list[NewsView] = []
        self.appeal_items: list[AppealView] = []
        self.places: list[PlaceView] = []
        self.schedules: list[ScheduleView] = []
        self.announcements: list[AnnouncementView] = []
        self.granted = roles or set()
        self.districts = DISTRICTS
        self.state = SyncState(None, 0, 0)
        self.fail: Exception | None = None
        self.slow = threading.Event()
        self.slow.set()
        self.exchanges = 0
        self.paused = False
        self.drafts = FakeDrafts(self)
        self.prefs = FakePrefs(self)
        self.own = FakeOwn(self)
        self.beside = FakeBeside(self)
        self.office = FakeOffice(self)
        self.reports = FakeReports(self)
        self.volunteers = FakeVolunteers(self)
        self.rounds = FakeRounds(self)
        self.newsroom = FakeNewsroom(self)
        self.news_drafts = FakeNewsDrafts(self)
        self.guide_desk = FakeGuideDesk(self)
        self.doorstep = FakeDoorstep(self)
        self.witness = FakeWitness(self)
        self.on_state: OnState = lambda state: None
        self._numbers = itertools.count(1)

    def services(self, pin: str | None = None) -> Services:
        """Everything the view models need."""
        return Services(
            city="Надріччя",
            districts=self.districts,
            roles=lambda: self.granted,
            news=ports.FakeNews(self),
            newsroom=self.newsroom,
            news_drafts=self.news_drafts,
            guide_desk=self.guide_desk,
            appeals=ports.FakeAppeals(self),
            doorstep=self.doorstep,
            volunteers=self.volunteers,
            rounds=self.rounds,
            hand_in=self.rounds.hand_in,
            office=self.office,
            reports=self.reports.port(),
            guide=ports.FakeGuide(self),
            drafts=self.drafts,
            prefs=self.prefs,
            own=self.own,
            beside=self.beside,
            scanner=FakeScanner(self),
            witness=self.witness,
            scheduler=self._scheduler,
            sync_state=lambda: self.state,
            close=lambda: None,
        )

    def exchanged(self, **state: Any) -> None:
        """The exchange ended like this."""
        self.on_state(dataclasses.replace(self.state, running=True))
        self.state = dataclasses.replace(self.state, **state)
        self.on_state(self.state)

    def next_record(self) -> str:
        """A record id nobody has."""
        return f"new{next(self._numbers)}"

    def check(self) -> None:
        """Raise what was asked for, once."""
        if self.fail is not None:
            error, self.fail = self.fail, None
            raise error

    def find(self, items: list[Any], record: str) -> Any:
        """A view in a list."""
        for item in items:
            if item.record == record:
                return item
        raise UnknownRecord(record)

    def change(self, items: list[Any], record: str, **more: Any) -> Any:
        """Replace a view in a list."""
        self.check()
        place = items.index(self.find(items, record))
        items[place] = dataclasses.replace(items[place], **more)
        return items[place]

    def _scheduler(self, on_state: OnState) -> _Scheduler:
        self.on_state = on_state
        return _Scheduler(self)


@dataclasses.dataclass
class _Scheduler:
    device: FakeDevice

    def start(self) -> None:
        self.device.exchanges += 1

    saved = now = start

    def resume(self) -> None:
        self.device.paused = False
        self.device.exchanges += 1

    def pause(self) -> None:
        self.device.paused = True

    async def stop(self) -> None:
        self.device.exchanges = -1


class FakeStarter:
    """A first run: there is no device until it has begun, and after a wipe there is none again."""

    def __init__(self, device: FakeDevice, districts: tuple[str, ...] = DISTRICTS) -> None:
        self.device = device
        self.city = "Надріччя"
        self.districts = districts
        self.made = False
        self.restored: list[tuple[bytes, str]] = []

    def open(self, pin: str | None = None) -> Services:
        """What `build_app` takes in place of a folder."""
        if not self.made or self.device.own.wiped:
            raise NoProfile("/profile")
        return self.device.services()

    def begin(self, preferences: Preferences) -> None:
        """Make the device."""
        self.device.check()
        self.device.prefs.kept = preferences
        self.made, self.device.own.wiped = True, False

    def restore(self, raw: bytes, passphrase: str) -> None:
        """Make it from a file."""
        self.device.check()
        self.restored.append((raw, passphrase))
        self.made, self.device.own.wiped = True, False


class FakePhone(Phone):
    """A phone with a camera, that puts every file where it is asked to, and knows where it is."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.takes_files = True
        self.shared: Shared | None = None
        self.file: bytes | None = None
        self.fix: Fix | None = None
        self.has_camera = True
        self.cameras: list[FakeCamera] = []
        self.trouble: Exception | None = None

    @property
    def can_scan(self) -> bool:
        """As it was told."""
        return self.has_camera

    def camera(self) -> FakeCamera:
        """One more, which sees what a test shows it."""
        self.cameras.append(FakeCamera(self.trouble))
        return self.cameras[-1]

    async def save_file(self, name: str, content: bytes) -> bool:
        """Keep it."""
        if self.takes_files:
            self.files[name] = content
        return self.takes_files

    @property
    def can_share(self) -> bool:
        """As it was told."""
        return self.shared is not None

    async def share_files(self, files: Mapping[str, bytes]) -> Shared:
        """Pass them on."""
        self.files.update(files)
        return self.shared or "no"

    async def pick_file(self) -> bytes | None:
        """The one there is."""
        return self.file

    async def position(self) -> Fix | None:
        """The one it was told."""
        return self.fix
