"""Writing a news item: the form, its checks, what a resident will see, and drafts side by side.

What is typed is saved as a sealed draft a moment after the last key. Nothing is ever typed over:
a correction, or an alert taken from a file, is a draft of its own beside what was being written.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import flet as ft

from client.services.errors import UnknownRecord
from client.services.news_drafts import NewsDraft
from client.services.sealed_drafts import new_draft_id
from client.services.types import NewsView
from client.viewmodels.autosave import Autosave
from client.viewmodels.base import once, told
from client.viewmodels.newsroom.preview import Later
from client.viewmodels.newsroom.wording import (
    FIELDS,
    Moments,
    check_news,
    seen,
    texts_of,
    wording_of,
)
from client.viewmodels.write import Problem
from shared_schema.records.news import Corrected, Priority, Published

if TYPE_CHECKING:
    from client.viewmodels.app import App


class WritingModel(ft.Observable):
    """The draft in the form. Its texts are a plain object: see `Typed`."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.priority: Priority = "normal"
        self.problems: dict[str, Problem] = {}
        self.correcting: NewsView | None = None
        """The item as it stands, while it is being corrected."""
        self.saved = ""
        """What became of the last one: `published`, `unsigned`, or empty."""
        self.asking = False
        """An alert is about to be sent, and the person was asked whether they mean it."""
        self.sheet = 0
        """Counts the drafts that were opened: the fields of another one are other fields."""
        self.drafts: tuple[NewsDraft, ...] = ()
        """What else was begun."""
        self.preview = Later()
        self.autosave = Autosave(app, self._worth_saving, lambda services: services.news_drafts.put)
        self._resumed = False
        self._draft = new_draft_id()
        self._texts: dict[str, str] = dict.fromkeys(FIELDS, "")

    def text(self, field: str) -> str:
        """What a field holds."""
        return self._texts[field]

    def typed(self, field: str) -> Callable[[str], None]:
        """The function that takes what is typed into a field."""

        def take(text: str) -> None:
            self._texts[field] = text
            self._touched()

        return take

    def choose_priority(self, priority: Priority) -> None:
        """How loudly the item speaks."""
        self.priority, self.asking = priority, False
        self._touched()

    def as_seen(self) -> NewsView:
        """The item as a resident would see it, were it published now."""
        words = self.app.words
        texts = {"title": words("newsroom.preview_title"), "text": words("newsroom.preview_text")}
        texts |= {field: text for field, text in self._texts.items() if text.strip()}
        return seen(texts, self.priority, self._moments, self.correcting)

    @told
    async def resume(self) -> None:
        """Go on with the draft that was written last, once, when nothing is being written."""
        if self._resumed:
            return
        self._resumed = True
        await self._read_drafts()
        if self.drafts and self.as_draft().blank:
            await self.open(self.drafts[0])

    @told
    async def open(self, draft: NewsDraft) -> None:
        """Go on with a draft; what was in the form becomes one.

        A correction of what is not there any more goes on as something new: the words count.
        """
        about = None
        if draft.about:
            with contextlib.suppress(UnknownRecord):
                about = await self.app.device.read(self.app.open_services.news.get, draft.about)
        self._shelve()
        self._put(draft, about)

    def start_correction(self, item: NewsView) -> None:
        """Put an item's wording into the form, or the correction of it that was begun before."""
        begun = next((each for each in self.drafts if each.about == item.record), None)
        if self.correcting is None or self.correcting.record != item.record:
            self._shelve()
            self._put(begun or self._draft_of(item), item)

    @told
    async def discard(self) -> None:
        """Throw away what is in the form; after a correction, what was begun before comes back."""
        await self._end(self._draft)

    def take(self, wording: Published) -> None:
        """Put what came from elsewhere into the form, as a draft that nobody has published."""
        self._shelve()
        texts = texts_of(wording, self.app.zone)
        self._put(NewsDraft(new_draft_id(), texts, priority=wording.priority), None)
        self.autosave.soon()

    @told
    @once
    async def save(self) -> None:
        """Publish, or save the correction; an alert only after `save_alert`."""
        self.saved = ""
        self.problems = self._check()
        if self.problems:
            self.asking = False
        elif self.priority == "urgent":
            self.asking = True
        else:
            await self._publish()

    @told
    @once
    async def save_alert(self) -> None:
        """Publish an alert: the person has read what it does, and means it."""
        self.problems = self._check()
        if not self.problems:
            await self._publish()
        self.asking = False

    def ask_no_more(self) -> None:
        """Back from the question to the form."""
        self.asking = False

    def save_draft_now(self) -> None:
        """Save what was typed without waiting for a pause."""
        self.autosave.now()

    def forget(self) -> None:
        """Nothing of a device that is gone."""
        self.preview.stop()
        self.autosave.stop()
        self.autosave.forget()

    def as_draft(self) -> NewsDraft:
        """What is in the form."""
        texts = {field: text for field, text in self._texts.items() if text}
        about = self.correcting.record if self.correcting else ""
        return NewsDraft(self._draft, texts, priority=self.priority, about=about)

    def _touched(self) -> None:
        self.autosave.soon()
        self.preview.soon()

    def _changed(self) -> bool:
        """A correction that says what stands there already is not worth a draft."""
        item, draft = self.correcting, self.as_draft()
        return item is None or (draft.texts, draft.priority) != (
            {field: text for field, text in self._draft_of(item).texts.items() if text},
            item.priority,
        )

    def _worth_saving(self) -> NewsDraft | None:
        return self.as_draft() if self._changed() else None

    def _draft_of(self, item: NewsView) -> NewsDraft:
        texts = texts_of(item, self.app.zone)
        return NewsDraft(
            new_draft_id(), texts, priority=cast(Priority, item.priority), about=item.record
        )

    def _shelve(self) -> None:
        """What is in the form makes room, and stands among the drafts at once."""
        draft = self.as_draft()
        if not draft.blank and self._changed():
            self.drafts = (draft, *(each for each in self.drafts if each.id != draft.id))
        self.autosave.now()

    def _put(self, draft: NewsDraft, about: NewsView | None) -> None:
        self._draft, self.correcting = draft.id, about
        self._texts = {field: draft.texts.get(field, "") for field in FIELDS}
        self.priority, self.problems = draft.priority, {}
        self.saved, self.asking = "", False
        self.drafts = tuple(each for each in self.drafts if each.id != draft.id)
        self.sheet += 1
        self.preview.now()

    async def _publish(self) -> None:
        """Save it as said, and no writing of its draft may come after that."""
        self.autosave.stop()
        self.autosave.forget(self._draft)
        await self.autosave.settled()
        newsroom, save = self.app.open_services.newsroom, self.app.device.save
        try:
            if self.correcting is not None:
                item = self._item(Corrected)
                await save(newsroom.correct, self.correcting.record, item, self._draft)
            else:
                await save(newsroom.publish, self._item(Published), self._draft)
        except Exception:
            self.autosave.soon()  # the words go on being a draft
            raise
        loud = self.priority == "urgent"
        await self._end("")
        self.saved = "unsigned" if loud else "published"

    async def _end(self, draft_id: str) -> None:
        """Empty the form, and forget a draft; the new item that was begun before comes back."""
        self.autosave.stop()
        if draft_id:
            self.autosave.forget(draft_id)
            await self.autosave.settled()
            await self.app.device.note(self.app.open_services.news_drafts.forget, draft_id)
        was_correction = self.correcting is not None
        self._put(NewsDraft(new_draft_id()), None)
        begun = next((each for each in self.drafts if not each.about), None)
        if was_correction and begun is not None:
            self._put(begun, None)

    async def _read_drafts(self) -> None:
        found = await self.app.device.read(self.app.open_services.news_drafts.list)
        self.drafts = tuple(each for each in found if each.id != self._draft)

    def _check(self) -> dict[str, Problem]:
        self.app.tick()
        return check_news(self._texts, self._moments)

    @property
    def _moments(self) -> Moments:
        kept = self.correcting.expires_at_ms if self.correcting else 0
        return Moments(self.app.exchange.now_ms, self.app.zone, kept)

    def _item(self, sort: type[Published]) -> Published:
        return wording_of(sort, self._texts, self.priority, self._moments)
