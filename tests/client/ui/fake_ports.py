"""The services of a fake device: news and newsroom, appeals, the guide."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from client.services.guide_types import AnnouncementView, PlaceView, ScheduleView
from client.services.types import AppealView, NewsView, OwnPart, SaidLine
from client.viewmodels.app import now_ms
from tests.client.ui.samples import appeal

if TYPE_CHECKING:
    from tests.client.ui.fake import FakeDevice


@dataclass
class FakeNews:
    """Reading news."""

    device: FakeDevice

    def search(
        self, text: str, limit: int, district: str, topic: str, unread: bool
    ) -> list[NewsView]:
        """Items whose titles have the words."""
        items = _only(self.device, district, topic, unread)
        return [item for item in items if text.lower() in item.title.lower()][:limit]

    def get(self, record: str) -> NewsView:
        """One item."""
        found: NewsView = self.device.find(self.device.news_items, record)
        return found

    def alerts(self, district: str) -> list[NewsView]:
        """What is loud, here and now."""
        self.device.check()
        return [item for item in _only(self.device, district, "", False) if _loud(item)]

    def topics(self) -> tuple[str, ...]:
        """All topics."""
        return tuple(dict.fromkeys(item.topic for item in self.device.news_items if item.topic))

    def mark_read(self, record: str) -> None:
        """It was opened."""
        self.device.change(self.device.news_items, record, read=True)

    def list(
        self,
        limit: int = 50,
        offset: int = 0,
        district: str | None = None,
        topic: str = "",
        unread: bool = False,
    ) -> list[NewsView]:
        """Loud items first."""
        self.device.check()
        items = _only(self.device, district or "", topic, unread)
        loudest = sorted(items, key=lambda item: not _loud(item))
        return loudest[offset : offset + limit]


@dataclass
class FakeAppeals:
    """A resident's own appeals."""

    device: FakeDevice

    def file(self, opened: Any, draft: str) -> AppealView:
        """A new one; its draft is gone with the same commit."""
        self.device.check()
        item = appeal(self.device.next_record(), created_at_ms=now_ms(), **_wording(opened))
        self.device.appeal_items.insert(0, item)
        self.device.drafts.forget(draft)
        self._count()
        return item

    def amend(self, record: str, amended: Any, draft: str) -> AppealView:
        """Another wording."""
        made: AppealView = self._add(record, "appeal.amended", **_wording(amended))
        self.device.drafts.forget(draft)
        return made

    def rate(self, record: str, stars: int, note: str) -> AppealView:
        """What the answer was worth."""
        return self._add(record, "appeal.rated", stars=stars, rating_note=note)

    def comment(self, record: str, text: str) -> AppealView:
        """Words added."""
        item = self.get(record)
        said = (*item.said, SaidLine(now_ms(), False, text, pending=True))
        return self._add(record, "appeal.commented", said=said)

    def withdraw(self, record: str, note: str) -> AppealView:
        """Taken back."""
        return self._add(record, "appeal.withdrawn", withdrawn=True, state="withdrawn")

    def get(self, record: str) -> AppealView:
        """One of them."""
        found: AppealView = self.device.find(self.device.appeal_items, record)
        return found

    def _add(self, record: str, kind: str, **more: Any) -> AppealView:
        parts = (*self.get(record).parts, OwnPart(kind, now_ms(), "waiting"))
        made: AppealView = self.device.change(
            self.device.appeal_items, record, pending=True, parts=parts, **more
        )
        self._count()
        return made

    def _count(self) -> None:
        waiting = self.device.state.waiting + 1
        self.device.state = dataclasses.replace(self.device.state, waiting=waiting)

    def list(self) -> list[AppealView]:
        """All of them."""
        self.device.check()
        return [*self.device.appeal_items]


@dataclass
class FakeGuide:
    """Places and outages."""

    device: FakeDevice

    def places(self) -> tuple[PlaceView, ...]:
        """All of them."""
        self.device.check()
        return tuple(self.device.places)

    def place(self, record: str) -> PlaceView:
        """One of them."""
        found: PlaceView = self.device.find(self.device.places, record)
        return found

    def schedules(self) -> tuple[ScheduleView, ...]:
        """All of them."""
        return tuple(self.device.schedules)

    def announcements(self) -> tuple[AnnouncementView, ...]:
        """All of them."""
        return tuple(self.device.announcements)


def _only(device: FakeDevice, district: str, topic: str, unread: bool) -> list[NewsView]:
    return [
        item
        for item in device.news_items
        if (not district or item.district in ("", district))
        and (not topic or item.topic == topic)
        and not (unread and item.read)
    ]


def _wording(payload: Any) -> dict[str, Any]:
    return {name: getattr(payload, name) for name in payload.__struct_fields__}


def _loud(item: NewsView) -> bool:
    return item.priority == "urgent" and not item.withdrawn and not item.expired(now_ms())
