"""The resident's own appeals: the list and its search, one thread, and what can be done in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import flet as ft

from client.services.types import AppealView
from client.viewmodels.base import PAGE, Typed, once, told
from shared_schema.limits import SHORT_CHARS_MAX

if TYPE_CHECKING:
    from client.viewmodels.app import App

Show = Literal["all", "waiting", "open", "done"]
SHOWS: Final[tuple[Show, ...]] = ("all", "waiting", "open", "done")
_DONE: Final = ("answered", "closed", "withdrawn", "returned")


class AppealsModel(ft.Observable):
    """All threads this device opened; their number is a person's, not a city's."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.items: tuple[AppealView, ...] = ()
        """All of them, newest first."""
        self.seen: dict[str, int] = {}
        self.query = ""
        self.show: Show = "all"
        self.open: AppealView | None = None
        self.comment_text = Typed()
        self.rating_note = Typed()
        self.stars = 0
        self.sure = False
        self._shown = PAGE

    @property
    def waiting(self) -> int:
        """How many appeals have something that the city has not received."""
        return sum(item.pending for item in self.items)

    @property
    def found(self) -> tuple[AppealView, ...]:
        """Those that match the search and the filter."""
        words = self.query.casefold().split()
        return tuple(item for item in self.items if _shown(item, self.show) and _has(item, words))

    @property
    def page(self) -> tuple[AppealView, ...]:
        """What of it is on the screen."""
        return self.found[: self._shown]

    @property
    def has_more(self) -> bool:
        """Whether there is more to show."""
        return len(self.found) > self._shown

    @property
    def for_me(self) -> tuple[AppealView, ...]:
        """What waits for this person: unread words of the city, and what must be written anew."""
        return tuple(item for item in self.items if self.unread(item) or self._to_mend(item))

    def unread(self, item: AppealView) -> bool:
        """Whether the city has said something that was not on the screen yet."""
        return item.city_words > self.seen.get(item.record, 0)

    def _to_mend(self, item: AppealView) -> bool:
        """What was refused asks for a person until it has been sent again, which marks it."""
        return item.state == "refused" and item.record not in self.seen

    @told
    async def refresh(self) -> None:
        """Read the list and the open thread again."""
        services, read = self.app.open_services, self.app.device.read
        self.seen = await read(services.prefs.seen)
        self.items = tuple(await read(services.appeals.list))
        if self.open is not None:
            await self._read(self.open.record)

    @told
    async def more(self) -> None:
        """One page more."""
        self._shown += PAGE
        self.notify()  # type: ignore[no-untyped-call]

    def search(self, text: str) -> None:
        """Show what has all these words, in title, text, address or number."""
        self.query = text
        self._shown = PAGE

    def only(self, show: Show) -> None:
        """Show some of them."""
        self.show = show
        self._shown = PAGE

    @told
    async def select(self, record: str) -> None:
        """Read one thread to show it in full; what the city said in it counts as seen."""
        if self.open is None or self.open.record != record:
            self.comment_text.text, self.rating_note.text = "", ""
            self.sure, self.stars = False, 0
        await self._read(record)

    async def _read(self, record: str) -> None:
        services = self.app.open_services
        self.open = await self.app.device.read(services.appeals.get, record)
        on_screen = self.app.section == "appeals" and self.app.record == record
        if on_screen and self.unread(self.open):
            words = self.open.city_words
            self.seen = await self.app.device.note(services.prefs.mark_seen, record, words)

    @told
    @once
    async def comment(self) -> None:
        """Add what was typed to the open thread."""
        text = self.comment_text.text.strip()
        if self.open is None or not text:
            return
        record = self.open.record
        await self.app.device.save(self.app.open_services.appeals.comment, record, text)
        self.comment_text.text = ""
        await self.select(record)

    def ask_withdraw(self, sure: bool) -> None:
        """Show or hide the question whether to take the appeal back."""
        self.sure = sure

    @told
    @once
    async def withdraw(self) -> None:
        """Take the open appeal back."""
        if self.open is None:
            return
        record = self.open.record
        await self.app.device.save(self.app.open_services.appeals.withdraw, record, "")
        self.sure = False
        await self.select(record)

    def choose_stars(self, stars: int) -> None:
        """What the answer was worth, not saved yet."""
        self.stars = stars

    @told
    @once
    async def rate(self) -> None:
        """Send the rating."""
        if self.open is None or not self.stars:
            return
        record, note = self.open.record, self.rating_note.text.strip()[:SHORT_CHARS_MAX]
        await self.app.device.save(self.app.open_services.appeals.rate, record, self.stars, note)
        self.stars, self.rating_note.text = 0, ""
        await self.select(record)

    async def mended(self, record: str) -> None:
        """A refused appeal was sent again: it does not wait for this person any more."""
        await self.app.device.note(self.app.open_services.prefs.mark_seen, record, 1)
        await self.refresh()


def _shown(item: AppealView, show: Show) -> bool:
    if show == "all":
        return True
    if show == "waiting":
        return item.pending or item.state == "refused"
    return (item.state in _DONE) is (show == "done")


def _has(item: AppealView, words: list[str]) -> bool:
    text = " ".join((item.title, item.text, item.address, item.number, item.receipt_number))
    return all(word in text.casefold() for word in words)
