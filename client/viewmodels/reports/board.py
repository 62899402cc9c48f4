"""The live board: the figures of a period, drawn, and read again when the queue has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import flet as ft

from client.services.office.periods import PeriodName, Span, own_span, span_of
from client.services.office.reports import Report
from client.viewmodels.base import Typed, told
from client.viewmodels.reports.charts import Chart, charts_of

if TYPE_CHECKING:
    from client.viewmodels.app import App

UTILITY = "power"


class Read(NamedTuple):
    """What is read at once, in a thread."""

    span: Span
    report: Report
    charts: tuple[Chart, ...]
    utilities: tuple[str, ...]
    queues: tuple[str, ...]


class BoardModel(ft.Observable):
    """What the board shows."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.period: PeriodName = "month"
        self.start, self.end = Typed(), Typed()
        self.problem = False
        self.utility = UTILITY
        self.queue = ""
        """Only this one; empty for all."""
        self.read: Read | None = None
        self.tabled: frozenset[str] = frozenset()
        """Charts that are shown as tables."""
        self._own: Span | None = None

    @told
    async def refresh(self) -> None:
        """Read the figures again."""
        self.read = await self.app.device.read(self._read)

    async def choose_period(self, period: PeriodName) -> None:
        """Another period; an own one begins with the last month, to be changed."""
        self.period, self.problem = period, False
        if period == "own" and self._own is None:
            today = await self.app.device.read(self.app.open_services.reports.figures.today)
            self._own = span_of("own", today)
            self.start.text, self.end.text = (f"{day:%d.%m.%Y}" for day in self._own)
        await self.refresh()

    @told
    async def choose_days(self) -> None:
        """Take the days that were typed, when they are a period."""
        today = await self.app.device.read(self.app.open_services.reports.figures.today)
        span = own_span(self.start.text, self.end.text, today)
        self.problem = span is None
        if span is not None:
            self._own = span
            await self.refresh()

    async def choose_utility(self, utility: str) -> None:
        """Whose outages stand beside the signals."""
        self.utility = utility
        await self.refresh()

    async def choose_queue(self, queue: str) -> None:
        """Only one queue; all when empty."""
        self.queue = queue
        await self.refresh()

    def toggle_table(self, chart: str) -> None:
        """A chart as a table, or drawn again."""
        self.tabled ^= {chart}

    def _read(self) -> Read:
        figures = self.app.open_services.reports.figures
        chosen = self._own if self.period == "own" else None
        span = chosen or span_of(self.period, figures.today())
        queues = [self.queue] if self.queue else []
        report = figures.report(span, self.utility, queues)
        charts = charts_of(report, self.app.words, self.utility)
        return Read(span, report, charts, figures.utilities(), figures.queues())
