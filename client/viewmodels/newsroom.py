"""The newsroom: publishing, correcting and withdrawing news."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

import flet as ft

from client.i18n.dates import HOUR_MS
from client.services.types import NewsView
from client.viewmodels.base import PAGE, told
from client.viewmodels.write import Problem
from shared_schema.limits import SHORT_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX
from shared_schema.records.news import Corrected, Priority, Published

if TYPE_CHECKING:
    from client.viewmodels.app import App

FIELDS: Final = ("title", "text", "topic", "district", "hours")
LIMITS: Final = {"title": TITLE_CHARS_MAX, "text": TEXT_CHARS_MAX}
HOURS_MAX: Final = 8760


class NewsroomModel(ft.Observable):
    """The form, and the list of what was published."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.items: tuple[NewsView, ...] = ()
        self.has_more = False
        self.priority: Priority = "normal"
        self.problems: dict[str, Problem] = {}
        self.correcting = ""
        self.withdrawing = ""
        self.saved = False
        self._expires_at_ms = 0
        self._shown = PAGE
        self._texts: dict[str, str] = dict.fromkeys((*FIELDS, "note"), "")

    def text(self, field: str) -> str:
        """What a field holds."""
        return self._texts[field]

    def typed(self, field: str) -> Callable[[str], None]:
        """The function that takes what is typed into a field."""

        def take(text: str) -> None:
            self._texts[field] = text

        return take

    def choose_priority(self, priority: Priority) -> None:
        """How loudly the item speaks."""
        self.priority = priority

    @told
    async def refresh(self) -> None:
        """Read the list again."""
        news = self.app.open_services.news
        found = await self.app.device.read(news.list, self._shown + 1)
        self.items = tuple(found[: self._shown])
        self.has_more = len(found) > self._shown

    @told
    async def more(self) -> None:
        """One page more."""
        self._shown += PAGE
        await self.refresh()

    @told
    async def save(self) -> None:
        """Publish, or save the correction; `saved` is set after the commit and never before."""
        self.saved = False
        self.problems = self._check()
        if self.problems:
            return
        newsroom = self.app.open_services.newsroom
        if self.correcting:
            item = self._item(Corrected)
            await self.app.device.save(newsroom.correct, self.correcting, item)
        else:
            await self.app.device.save(newsroom.publish, self._item(Published))
        self._clear()
        self.saved = True

    def start_correction(self, item: NewsView) -> None:
        """Put an item's wording into the form."""
        self._clear()
        self._texts |= {
            "title": item.title,
            "text": item.text,
            "topic": item.topic,
            "district": item.district,
        }
        self.priority = cast(Priority, item.priority)
        self._expires_at_ms = item.expires_at_ms
        self.correcting = item.record

    def stop_correction(self) -> None:
        """An empty form again."""
        self._clear()

    def ask_withdraw(self, record: str) -> None:
        """Ask whether to withdraw an item; an empty record asks nothing."""
        self._texts["note"] = ""
        self.withdrawing = record

    @told
    async def withdraw(self) -> None:
        """Withdraw the item that was asked about."""
        record, note = self.withdrawing, self._texts["note"].strip()
        await self.app.device.save(self.app.open_services.newsroom.withdraw, record, note)
        self.withdrawing = ""

    def _clear(self) -> None:
        self._texts = dict.fromkeys((*FIELDS, "note"), "")
        self._expires_at_ms = 0
        self.priority = "normal"
        self.problems = {}
        self.correcting = ""
        self.saved = False
        self.notify()  # type: ignore[no-untyped-call]

    def _check(self) -> dict[str, Problem]:
        problems: dict[str, Problem] = {}
        for field in FIELDS:
            text, limit = self._texts[field].strip(), LIMITS.get(field, SHORT_CHARS_MAX)
            if field in ("title", "text") and not text:
                problems[field] = (f"check.{field}_empty", 0)
            elif len(text) > limit:
                problems[field] = ("check.too_long", limit)
        hours = self._texts["hours"].strip()
        if hours and not (hours.isascii() and hours.isdigit() and 1 <= int(hours) <= HOURS_MAX):
            problems["hours"] = ("check.hours", 0)
        return problems

    def _item(self, sort: type[Published]) -> Any:
        texts = {field: self._texts[field].strip() for field in FIELDS}
        hours = texts.pop("hours")
        self.app.tick()
        now = self.app.exchange.now_ms
        expires = now + int(hours) * HOUR_MS if hours else self._expires_at_ms
        return sort(priority=self.priority, expires_at_ms=expires, **texts)
