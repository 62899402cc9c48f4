"""The services of a fake newsroom: publishing with two signatures, drafts, writing the guide."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from client.services.errors import SecondPerson, UnknownRecord
from client.services.guide_types import AnnouncementView, PlaceView, ScheduleView
from client.services.news_drafts import NewsDraft
from client.services.types import NewsView
from tests.client.ui.samples import NOW, news, place

if TYPE_CHECKING:
    from tests.client.ui.fake import FakeDevice


@dataclass
class FakeNewsroom:
    """Writing news. What waits for a signature stands beside what is in force."""

    device: FakeDevice
    waits: list[NewsView] = field(default_factory=list)

    def publish(self, published: Any, draft: str) -> NewsView:
        """A new item."""
        self.device.check()
        record = self.device.next_record()
        self.device.news_items.insert(0, self._say(record, published))
        self.device.news_drafts.forget(draft)
        return self.device.news_items[0]

    def correct(self, record: str, corrected: Any, draft: str) -> NewsView:
        """Another wording; that of an alert waits, and the one before stays."""
        self.device.check()
        known: NewsView = self.device.find(self.device.news_items, record)
        said = self._say(record, corrected, known.corrections + 1)
        if not (known.priority == "urgent" and known.confirmed and not said.confirmed):
            self.device.news_items[self.device.news_items.index(known)] = said
        self.device.news_drafts.forget(draft)
        return said

    def withdraw(self, record: str, note: str) -> NewsView:
        """Not to be relied on."""
        self.waits = [each for each in self.waits if each.record != record]
        made: NewsView = self.device.change(
            self.device.news_items, record, withdrawn=True, note=note
        )
        return made

    def awaiting(self) -> list[NewsView]:
        """What nobody else has signed, the oldest first."""
        return [*self.waits]

    def confirm(self, record: str, wording: NewsView) -> NewsView:
        """Sign it, if it is what was read."""
        self.device.check()
        found = next((each for each in self.waits if each.record == record), None)
        if found != wording or found is None:
            raise UnknownRecord(record)
        if not found.confirmable:
            raise SecondPerson
        self.waits.remove(found)
        signed = dataclasses.replace(found, confirmed=True, confirmable=False)
        at = self.device.news_items.index(self.device.find(self.device.news_items, record))
        self.device.news_items[at] = signed
        return signed

    def _say(self, record: str, wording: Any, corrections: int = 0) -> NewsView:
        words = wording_of(wording)
        item = news(record, published_at_ms=NOW, corrections=corrections, **words)
        if item.priority != "urgent":
            return item
        self.waits = [each for each in self.waits if each.record != record]
        self.waits.append(dataclasses.replace(item, confirmed=False, by="newsroom"))
        return dataclasses.replace(item, priority="important", confirmed=False)


@dataclass
class FakeNewsDrafts:
    """The newsroom's drafts by id."""

    device: FakeDevice
    kept: dict[str, NewsDraft] = field(default_factory=dict)

    def put(self, draft: NewsDraft) -> NewsDraft:
        """Keep one, or forget a blank one."""
        self.device.check()
        if draft.blank:
            self.kept.pop(draft.id, None)
            return draft
        self.kept[draft.id] = draft
        return draft

    def list(self) -> list[NewsDraft]:
        """The one changed last first."""
        return [*reversed(self.kept.values())]

    def forget(self, draft_id: str) -> None:
        """Throw one away."""
        self.kept.pop(draft_id, None)


@dataclass
class FakeGuideDesk:
    """Writing the guide; `said` is every act in its order."""

    device: FakeDevice
    said: list[tuple[str, Any]] = field(default_factory=list)

    def put_place(self, record: str, listed: Any) -> str:
        """A place, new or again."""
        self._note(record, listed)
        view = _place_view(record or self.device.next_record(), listed)
        self._put(self.device.places, view)
        return view.record

    def confirm(self, record: str, confirmed: Any) -> str:
        """How it was found."""
        self._note(record, confirmed)
        self.device.change(
            self.device.places, record, condition=confirmed.condition,
            condition_note=confirmed.note, confirmed_by=confirmed.by, confirmed_at_ms=NOW,
            expires_at_ms=confirmed.expires_at_ms,
        )  # fmt: skip
        return record

    def remove(self, record: str, note: str) -> str:
        """Gone."""
        self._note(record, note)
        self.device.places.remove(self.device.find(self.device.places, record))
        return record

    def put_schedule(self, record: str, scheduled: Any) -> str:
        """A week, new or again."""
        self._note(record, scheduled)
        view = ScheduleView(record or self.device.next_record(), scheduled, NOW, True)
        self._put(self.device.schedules, view)
        return view.record

    def announce(self, announced: Any) -> str:
        """An exception."""
        self._note("", announced)
        view = AnnouncementView(self.device.next_record(), announced, NOW, True)
        self.device.announcements.append(view)
        return view.record

    def cancel(self, record: str, note: str) -> str:
        """Over."""
        self._note(record, note)
        for items in (self.device.schedules, self.device.announcements):
            items[:] = [each for each in items if each.record != record]  # type: ignore[attr-defined]
        return record

    def accept_places(self, plan: Any) -> int:
        """A table of places."""
        for step in plan.only("new", "changed"):
            self.put_place(step.record, step.value)
        return len(plan.only("new", "changed"))

    def accept_schedules(self, plan: Any) -> int:
        """A table of schedules."""
        for step in plan.only("new", "changed"):
            self.put_schedule(step.record, step.value)
        return len(plan.only("new", "changed"))

    def _note(self, record: str, payload: Any) -> None:
        self.device.check()
        self.said.append((record, payload))

    def _put(self, items: list[Any], view: Any) -> None:
        known = [each.record for each in items]
        if view.record in known:
            items[known.index(view.record)] = view
        else:
            items.append(view)


def wording_of(payload: Any) -> dict[str, Any]:
    """The fields of a payload by name."""
    return {name: getattr(payload, name) for name in payload.__struct_fields__}


def _place_view(record: str, listed: Any) -> PlaceView:
    words = wording_of(msgspec.structs.replace(listed))
    where = (words.pop("lat_e5"), words.pop("lon_e5"))
    offers, by = words.pop("offers"), words.pop("by")
    return place(
        record, serves=(listed.sort, *offers), confirmed_by=by, confirmed_at_ms=NOW, pending=True,
        position=where if where[0] is not None else None, wording=listed, **words,
    )  # fmt: skip
