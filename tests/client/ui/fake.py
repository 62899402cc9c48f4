"""A device in memory: for states that a real one hardly reaches, and for fast view tests."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Callable
from typing import Any, TypeVar

from client.services.errors import UnknownRecord
from client.services.types import AppealView, HistoryStep, NewsView, SaidLine, SyncState
from client.viewmodels.ports import OnState, Services

T = TypeVar("T")
MINUTE = 60_000
HOUR = 60 * MINUTE
NOW = time.time_ns() // 1_000_000


def appeal(record: str = "a1", **more: Any) -> AppealView:
    """An appeal that waits, unless told otherwise."""
    view = AppealView(
        record=record,
        title="Не горить ліхтар біля школи № 7",
        text="Третій вечір темно на переході. Діти йдуть із другої зміни.",
        lane="signal",
        kind="",
        category="light",
        address="вул. Шкільна, 12",
        district="Затишшя",
        name="",
        contact="",
        state="waiting",
        reason="",
        receipt_number="",
        received_at_ms=None,
        created_at_ms=NOW - 12 * MINUTE,
        number="",
        status="",
        history=(),
        said=(),
        withdrawn=False,
        mine=True,
        pending=True,
    )
    return dataclasses.replace(view, **more)


def answered(record: str = "a2", **more: Any) -> AppealView:
    """An appeal that went all the way."""
    view = appeal(
        record,
        title="Прорвало трубу у дворі",
        text="Вода тече від другого під’їзду, підмиває стоянку. Перекрийте, будь ласка.",
        category="water",
        lane="appeal",
        kind="application",
        name="Олена Іванівна Гончар",
        contact="+380 00 000 00 00",
        state="answered",
        status="answered",
        number="ЗВ-000012",
        receipt_number="7F3A-91C2-04",
        received_at_ms=NOW - 26 * HOUR,
        created_at_ms=NOW - 27 * HOUR,
        history=(
            HistoryStep(NOW - 25 * HOUR, "registered", ""),
            HistoryStep(NOW - 20 * HOUR, "in_progress", "Передано водоканалу"),
            HistoryStep(NOW - 3 * HOUR, "answered", ""),
        ),
        said=(
            SaidLine(NOW - 22 * HOUR, False, "Стоянку вже підмило."),
            SaidLine(NOW - 3 * HOUR, True, "Бригада перекрила воду. Трубу замінять завтра."),
        ),
        pending=False,
    )
    return dataclasses.replace(view, **more)


def news(record: str = "n1", **more: Any) -> NewsView:
    """A quiet news item."""
    view = NewsView(
        record=record,
        title="Пункт обігріву у школі № 3 працює цілодобово",
        text="Чай, зарядка для телефонів, дитячий куток. Беріть із собою документи й ліки.",
        topic="Допомога",
        district="",
        priority="normal",
        published_at_ms=NOW - 2 * HOUR,
        changed_at_ms=NOW - 2 * HOUR,
        expires_at_ms=0,
        corrections=0,
        withdrawn=False,
        note="",
        pending=False,
    )
    return dataclasses.replace(view, **more)


class FakeDevice:
    """News, appeals and a desk in lists; `fail` makes the next act raise."""

    def __init__(self, roles: set[tuple[str, str]] | None = None) -> None:
        self.news_items: list[NewsView] = []
        self.appeal_items: list[AppealView] = []
        self.granted = roles or set()
        self.state = SyncState(None, 0, 0)
        self.fail: Exception | None = None
        self.exchanges = 0
        self.on_state: OnState = lambda state: None
        self._numbers = itertools.count(1)

    def services(self, pin: str | None = None) -> Services:
        """Everything the view models need."""
        return Services(
            city="Надріччя",
            districts=("Затишшя", "Кам’янка", "Центр"),
            roles=lambda: self.granted,
            news=_News(self),
            newsroom=_Newsroom(self),
            appeals=_Appeals(self),
            desk=_Desk(self),
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

    def change(self, items: list[Any], record: str, **more: Any) -> Any:
        """Replace a view in a list."""
        self.check()
        place = next(i for i, item in enumerate(items) if item.record == record)
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

    saved = resume = start

    async def stop(self) -> None:
        self.device.exchanges = -1


@dataclasses.dataclass
class _News:
    device: FakeDevice

    def list(self, limit: int = 50, offset: int = 0, district: str | None = None) -> list[NewsView]:
        self.device.check()
        loudest = sorted(self.device.news_items, key=lambda item: item.priority != "urgent")
        return loudest[offset : offset + limit]

    def search(self, text: str, limit: int = 50) -> list[NewsView]:
        found = [item for item in self.device.news_items if text.lower() in item.title.lower()]
        return found[:limit]

    def get(self, record: str) -> NewsView:
        return _find(self.device.news_items, record)


@dataclasses.dataclass
class _Newsroom:
    device: FakeDevice

    def publish(self, published: Any) -> NewsView:
        self.device.check()
        item = news(self.device.next_record(), published_at_ms=NOW, **_wording(published))
        self.device.news_items.insert(0, item)
        return item

    def correct(self, record: str, corrected: Any) -> NewsView:
        change = self.device.change
        made: NewsView = change(
            self.device.news_items, record, corrections=1, **_wording(corrected)
        )
        return made

    def withdraw(self, record: str, note: str) -> NewsView:
        made: NewsView = self.device.change(
            self.device.news_items, record, withdrawn=True, note=note
        )
        return made


def _find(items: list[T], record: str) -> T:
    for item in items:
        if item.record == record:  # type: ignore[attr-defined]
            return item
    raise UnknownRecord(record)


def _wording(payload: Any) -> dict[str, Any]:
    return {name: getattr(payload, name) for name in payload.__struct_fields__}


@dataclasses.dataclass
class _Appeals:
    device: FakeDevice

    def file(self, opened: Any) -> AppealView:
        self.device.check()
        item = appeal(self.device.next_record(), created_at_ms=NOW, **_wording(opened))
        self.device.appeal_items.insert(0, item)
        self.device.state = dataclasses.replace(
            self.device.state, waiting=self.device.state.waiting + 1
        )
        return item

    def comment(self, record: str, text: str) -> AppealView:
        return _say(self.device, record, SaidLine(NOW, False, text, pending=True))

    def withdraw(self, record: str, note: str) -> AppealView:
        made: AppealView = self.device.change(
            self.device.appeal_items, record, withdrawn=True, state="withdrawn"
        )
        return made

    def list(self) -> list[AppealView]:
        self.device.check()
        return [*self.device.appeal_items]

    def get(self, record: str) -> AppealView:
        return _find(self.device.appeal_items, record)


@dataclasses.dataclass
class _Desk:
    device: FakeDevice

    def queue(self, limit: int = 50, offset: int = 0) -> list[AppealView]:
        return self.device.appeal_items[offset : offset + limit]

    def get(self, record: str) -> AppealView:
        return _find(self.device.appeal_items, record)

    def register(self, record: str) -> AppealView:
        step = HistoryStep(NOW, "registered", "")
        made: AppealView = self.device.change(
            self.device.appeal_items, record,
            number="ЗВ-000001", status="registered", state="registered", history=(step,),
        )  # fmt: skip
        return made

    def set_status(self, record: str, status: Any, note: str) -> AppealView:
        made: AppealView = self.device.change(
            self.device.appeal_items, record, status=status, state=status
        )
        return made

    def reply(self, record: str, text: str) -> AppealView:
        return _say(self.device, record, SaidLine(NOW, True, text, pending=True))


def _say(device: FakeDevice, record: str, words: SaidLine) -> AppealView:
    item = next(item for item in device.appeal_items if item.record == record)
    made: AppealView = device.change(device.appeal_items, record, said=(*item.said, words))
    return made


def opener(device: FakeDevice) -> Callable[[str | None], Services]:
    """What `build_app` takes in place of a folder."""
    return device.services
