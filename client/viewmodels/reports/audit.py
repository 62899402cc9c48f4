"""The audit: who did what when, by filters and in pages, and what of it is proven."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal

import flet as ft

from client.services.office.audit_sql import BadQuery
from client.services.office.audit_types import AuditPage, AuditQuery, Person, ScopeProof
from client.services.office.periods import day_of
from client.viewmodels.base import PAGE, Typed, once, told

if TYPE_CHECKING:
    from client.viewmodels.app import App
    from client.viewmodels.report_ports import AuditPort

EMPTY: Final = AuditPage((), 0, 0)
FILE: Final = "misto-audit.csv"
Problem = Literal["", "record", "days"]


class AuditModel(ft.Observable):
    """One scope's log."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.scopes: tuple[str, ...] = ()
        self.scope = ""
        self.people: tuple[Person, ...] = ()
        self.kinds: tuple[str, ...] = ()
        self.person = ""
        """A device, `SENDERS`, or everybody when empty."""
        self.kind = ""
        self.newest = True
        self.record, self.start, self.end = Typed(), Typed(), Typed()
        self.problem: Problem = ""
        self.page: AuditPage = EMPTY
        self.read = False
        """Whether a page has been read at all."""
        self.proof: ScopeProof | None = None
        self.progress: int | None = None
        """Per cent of the proving that is going on; None while none is."""
        self._offset = 0

    @property
    def _audit(self) -> AuditPort:
        return self.app.open_services.reports.audit

    @told
    async def refresh(self) -> None:
        """Read the page again."""
        if not self.scopes:
            self.scopes = await self.app.device.read(self._audit.scopes)
            await self._enter(self.scopes[0])
        await self._turn(self._offset)

    async def choose_scope(self, scope: str) -> None:
        """Another scope; people and kinds are others there."""
        self.person = self.kind = ""
        self.proof = None
        await self._enter(scope)
        await self.find()

    async def choose_person(self, person: str) -> None:
        """Only what this one did."""
        self.person = person
        await self.find()

    async def choose_kind(self, kind: str) -> None:
        """Only this kind of act."""
        self.kind = kind
        await self.find()

    async def turn_round(self) -> None:
        """The other end first."""
        self.newest = not self.newest
        await self.find()

    @told
    async def find(self) -> None:
        """Take what was typed, and show the first page."""
        await self._turn(0)

    async def clear(self) -> None:
        """No filters."""
        self.person = self.kind = ""
        for typed in (self.record, self.start, self.end):
            typed.text = ""
        self.notify()  # type: ignore[no-untyped-call]
        await self.find()

    @told
    async def go(self, pages: int) -> None:
        """Some pages on, or back."""
        last = max(0, self.page.total - 1) // PAGE * PAGE
        await self._turn(min(max(0, self._offset + pages * PAGE), last))

    @told
    @once
    async def prove(self) -> None:
        """Check all of the scope: chains, digests, signed statements."""
        loop = asyncio.get_running_loop()
        self.proof, self.progress = None, 0

        def heard(done: int, of: int) -> None:
            loop.call_soon_threadsafe(self._go_on, 100 * done // max(1, of))

        try:
            self.proof = await self.app.device.read(self._audit.prove, self.scope, heard)
        finally:
            self.progress = None

    def file(self) -> Callable[[], bytes]:
        """What makes the file: all that the filters let through."""
        query, language, zone = self.query(), self.app.language, self.app.zone
        return lambda: self._audit.csv(query or AuditQuery(self.scope), language, zone)

    def query(self) -> AuditQuery | None:
        """What is asked for; None when a day that was typed is none."""
        span = self._span()
        if span is None:
            return None
        return AuditQuery(
            self.scope, self.person, self.kind, self.record.text.strip(), *span, self.newest
        )

    def _span(self) -> tuple[int, int] | None:
        """The moments of the days that were typed; the last day belongs to it."""
        days: list[date | None] = []
        for typed in (self.start, self.end):
            day = day_of(typed.text)
            if typed.text.strip() and day is None:
                return None
            days.append(day)
        start = self._midnight(days[0]) if days[0] else 0
        return start, self._midnight(days[1] + timedelta(1)) if days[1] else 0

    def _midnight(self, day: date) -> int:
        return round(datetime.combine(day, time(), self.app.zone).timestamp() * 1000)

    async def _enter(self, scope: str) -> None:
        self.scope = scope
        self.people = await self.app.device.read(self._audit.people, scope)
        self.kinds = await self.app.device.read(self._audit.kinds, scope)

    async def _turn(self, offset: int) -> None:
        """Show a page, or say which filter is none."""
        query, page = self.query(), self.page
        problem: Problem = "" if query is not None else "days"
        if query is not None:
            try:
                page = await self.app.device.read(
                    self._audit.page, query, self.app.language, offset, PAGE
                )
            except BadQuery:
                problem, page = "record", EMPTY
        self._offset, self.page, self.problem, self.read = offset, page, problem, True

    def _go_on(self, percent: int) -> None:
        if self.progress is not None and percent != self.progress:
            self.progress = percent
