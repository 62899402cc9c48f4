"""What a fake device keeps for its person alone: drafts, choices, and the device as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from client.services.backup_file import PassphraseTooShort
from client.services.drafts import Draft
from client.services.prefs import Preferences
from client.viewmodels.app import now_ms

if TYPE_CHECKING:
    from tests.client.ui.fake import FakeDevice


@dataclass
class FakeDrafts:
    """Drafts by id, and every writing of one in its order."""

    device: FakeDevice
    kept: dict[str, Draft] = field(default_factory=dict)
    puts: list[Draft] = field(default_factory=list)

    def put(self, draft: Draft) -> Draft:
        """As slow as the device is."""
        assert self.device.slow.wait(10), "a test never let go of the storage"
        self.device.check()
        self.puts.append(draft)
        if draft.blank:
            self.kept.pop(draft.id, None)
            return draft
        saved = msgspec.structs.replace(draft, changed_at_ms=now_ms())
        self.kept[draft.id] = saved
        return saved

    def list(self) -> list[Draft]:
        """The one changed last first."""
        return sorted(self.kept.values(), key=lambda each: each.changed_at_ms, reverse=True)

    def forget(self, draft_id: str) -> None:
        """Throw one away."""
        self.kept.pop(draft_id, None)


@dataclass
class FakePrefs:
    """Choices and marks."""

    device: FakeDevice
    kept: Preferences = field(default_factory=Preferences)
    marks: dict[str, int] = field(default_factory=dict)

    def get(self) -> Preferences:
        """The choices so far."""
        return self.kept

    def put(self, preferences: Preferences) -> None:
        """Replace them."""
        self.device.check()
        self.kept = preferences

    def seen(self) -> dict[str, int]:
        """What was on the screen."""
        return dict(self.marks)

    def mark_seen(self, record: str, words: int) -> dict[str, int]:
        """Note that it was."""
        self.marks[record] = max(words, self.marks.get(record, 0))
        return self.seen()


class FakeUsage(NamedTuple):
    """How full the storage is."""

    news_bytes: int
    news_count: int
    own_bytes: int


@dataclass
class FakeOwn:
    """The device as a whole."""

    device: FakeDevice
    device_id: str = "ab" * 16
    pin: str | None = None
    wiped: bool = False
    waiting: int = 0
    old_news: int = 0
    carried: bool = False
    phrases: list[str] = field(default_factory=list)

    @property
    def locked(self) -> bool:
        """Whether there is a PIN."""
        return self.pin is not None

    def usage(self) -> FakeUsage:
        """A little of everything."""
        return FakeUsage(3 * 1024 * 1024, 2, 40 * 1024)

    def export(self, passphrase: str) -> bytes:
        """A file that only says what it is."""
        self.device.check()
        if len(passphrase) < 8:
            raise PassphraseTooShort()
        self.phrases.append(passphrase)
        return b"backup"

    def hand_over(self) -> tuple[bytes, int]:
        """A file for a courier."""
        self.device.check()
        return b"bundle", self.waiting

    def handed_over(self) -> None:
        """The file is with a courier."""
        self.device.check()
        self.carried = True

    def set_pin(self, pin: str | None) -> None:
        """Lock or unlock."""
        self.device.check()
        self.pin = pin

    def trim(self) -> int:
        """Let old news go."""
        return self.old_news

    def wipe(self) -> None:
        """Nothing is left."""
        self.device.check()
        self.wiped = True
        for things in (
            self.device.news_items,
            self.device.appeal_items,
            self.device.places,
            self.device.schedules,
            self.device.announcements,
        ):
            things.clear()
        self.device.drafts.kept.clear()
        self.device.prefs.kept, self.device.prefs.marks = Preferences(), {}
