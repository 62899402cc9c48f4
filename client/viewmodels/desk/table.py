"""The page of the queue that is on the screen: its view, filters and order, and the row in hand."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import flet as ft

from client.services.office.asked import CaseRow, Choices, Query, Sheet, Sort, View
from client.viewmodels.base import Typed, told
from client.viewmodels.desk.filters import DATES, bound_ms, read_day, without

if TYPE_CHECKING:
    from client.viewmodels.app import App

ROWS: Final = 50
"""A page. Only its rows become controls, however many appeals there are."""
PAUSE_S: Final = 0.25
"""A search begins when no key has followed for so long."""
_FALLING: Final = ("received", "changed")
"""Of these the newest is wanted first."""


class Hand(ft.Observable):
    """Where the keys are. By itself, so that a key draws two rows anew and not the whole room."""

    def __init__(self) -> None:
        self.at = -1
        """The place of the row on the page; -1 for none."""


class TableModel(ft.Observable):
    """What is asked of the queue, and the answer."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.query = Query()
        self.rows: tuple[CaseRow, ...] = ()
        self.offset = 0
        self.total = 0
        self.counts: dict[str, int] = {}
        self.choices = Choices()
        self.queues: tuple[str, ...] = ()
        self.hand = Hand()
        self.unfolded = False
        """Whether the filters are in sight."""
        self.problem = ""
        """The date that cannot be read."""
        self.words = Typed()
        self.days = {name: Typed() for name in DATES}
        self.pages = 0
        """Counts the pages that were turned to: another one begins at its top."""
        self.forms = 0
        """Counts how often fields were set from here: those of another form are other fields."""
        self._asked = 0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def row(self) -> CaseRow | None:
        """The row in hand."""
        return self.rows[self.hand.at] if 0 <= self.hand.at < len(self.rows) else None

    @property
    def has_more(self) -> bool:
        """Whether there is a page after this one."""
        return self.offset + len(self.rows) < self.total

    @told
    async def refresh(self) -> None:
        """Read the page again; the row in hand stays the same appeal."""
        held = self.row.case.record if self.row else ""
        if await self._read() and held:
            self.point_at(held)

    @told
    async def only(self, /, **filters: Any) -> None:
        """Set filters; an empty value takes one off."""
        await self._ask(replace(self.query, **filters))

    @told
    async def clear(self, *names: str) -> None:
        """Take filters off, all of them when none is named."""
        query = without(self.query, *names)
        self.words.text = query.text
        for name in DATES:
            if not getattr(query, name):
                self.days[name].text = ""
        self.problem = ""
        self.forms += 1
        self.app.keyboard.gone("filter-", "queue-search")
        await self._ask(query)

    @told
    async def show(self, view: View) -> None:
        """Another saved view, with the same filters."""
        await self._ask(replace(self.query, view=view))

    @told
    async def sort_by(self, sort: Sort) -> None:
        """Order by a column; once more turns the order round."""
        query = self.query
        same = query.sort == sort
        falling = not query.descending if same else sort in _FALLING
        await self._ask(replace(query, sort=sort, descending=falling))

    @told
    async def turn(self, by: int) -> None:
        """Another page."""
        await self._turn(by)

    def typed(self, text: str) -> None:
        """A key in the search: look for it when no other follows for a moment."""
        self.words.text = text
        self._stop_waiting()
        self._timer = asyncio.get_running_loop().call_later(PAUSE_S, self.search)

    def search(self) -> None:
        """Look for what was typed, now."""
        self._stop_waiting()
        if self.words.text.strip() != self.query.text:
            self.app.spawn(self.only(text=self.words.text.strip()))

    @told
    async def take_days(self) -> None:
        """Narrow to the days that were typed; one that cannot be read is told and not used."""
        found = {name: read_day(typed.text) for name, typed in self.days.items()}
        wrong = [name for name in DATES if self.days[name].text.strip() and found[name] is None]
        self.problem = wrong[0] if wrong else ""
        if wrong:
            return
        zone = self.app.zone
        bounds = {name: bound_ms(name, day, zone) if day else 0 for name, day in found.items()}
        await self.only(**bounds)

    def fold(self) -> None:
        """Show the filters or put them away."""
        self.unfolded = not self.unfolded
        self.app.keyboard.gone("filter-")

    def point_at(self, record: str) -> None:
        """Take the row of an appeal in hand, if it is on the page."""
        found = (at for at, row in enumerate(self.rows) if row.case.record == record)
        self.hand.at = next(found, -1)

    async def move(self, by: int) -> CaseRow | None:
        """Take the next or the previous row in hand, over the edge of the page too."""
        start = -1 if by > 0 else len(self.rows)
        target = (self.hand.at if self.hand.at >= 0 else start) + by
        if target >= len(self.rows) and self.has_more:
            await self._turn(1)
            target = 0
        elif target < 0 and self.offset:
            await self._turn(-1)
            target = len(self.rows) - 1
        self.hand.at = max(0, min(target, len(self.rows) - 1)) if self.rows else -1
        return self.row

    async def _turn(self, by: int) -> None:
        self.offset = max(0, self.offset + by * ROWS)
        self.hand.at = -1
        await self._read(anew=True)

    async def _ask(self, query: Query) -> None:
        self.query, self.offset, self.hand.at = query, 0, -1
        await self._read(anew=True)

    async def _read(self, *, anew: bool = False) -> bool:
        """Ask in a thread; an answer to an older question is thrown away."""
        self._asked += 1
        asked = self._asked
        sheet, counts, choices, queues = await self.app.device.read(
            self._answer, self.query, self.offset
        )
        if asked != self._asked:
            return False
        self.pages += anew
        self.rows, self.offset, self.total = sheet.rows, sheet.offset, sheet.total
        self.counts, self.choices, self.queues = counts, choices, queues
        return True

    def _answer(
        self, query: Query, offset: int
    ) -> tuple[Sheet, dict[str, int], Choices, tuple[str, ...]]:
        office = self.app.open_services.office
        sheet = office.sheet(query, offset, ROWS)
        if not sheet.rows and sheet.total:  # what was on the last page has gone elsewhere
            sheet = office.sheet(query, (sheet.total - 1) // ROWS * ROWS, ROWS)
        return sheet, office.counts(query), office.choices(), office.queues()

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
