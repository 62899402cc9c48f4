"""What the office prints: the quarterly report and the journal, as a preview and as files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import flet as ft

from client.services.office.periods import quarters
from client.services.office.quarterly import Quarter
from client.services.office.tables import Table
from client.viewmodels.base import told

if TYPE_CHECKING:
    from client.viewmodels.app import App
    from client.viewmodels.report_ports import FiguresPort

SheetForm = Literal["csv", "xlsx"]


class PapersModel(ft.Observable):
    """The two papers."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.quarters: tuple[Quarter, ...] = ()
        self.quarter: Quarter | None = None
        self.report: Table | None = None
        self.journal: Table | None = None
        self.can_xlsx = False

    @property
    def _figures(self) -> FiguresPort:
        return self.app.open_services.reports.figures

    @told
    async def refresh_quarter(self) -> None:
        """Read the quarterly report again."""
        read = self.app.device.read
        self.can_xlsx = await read(lambda: self._figures.can_xlsx)
        self.quarters = quarters(await read(self._figures.today))
        self.quarter = self.quarter or self.quarters[0]
        self.report = await read(self._figures.quarterly, self.quarter, self.app.language)

    @told
    async def refresh_journal(self) -> None:
        """Read the journal again."""
        self.can_xlsx = await self.app.device.read(lambda: self._figures.can_xlsx)
        self.journal = await self.app.device.read(self._figures.journal, self.app.language)

    async def choose_quarter(self, quarter: Quarter) -> None:
        """Another quarter."""
        self.quarter = quarter
        await self.refresh_quarter()

    def quarter_name(self, form: SheetForm) -> str:
        """How the file of the chosen quarter is called."""
        year, number = self.quarter or (0, 0)
        return f"misto-{year}-q{number}.{form}"

    def quarter_file(self, form: SheetForm) -> Callable[[], bytes]:
        """What makes the file of the chosen quarter, as it is at that moment."""
        quarter, language = self.quarter, self.app.language
        assert quarter is not None
        return lambda: self._written(self._figures.quarterly(quarter, language), form)

    def journal_file(self, form: SheetForm) -> Callable[[], bytes]:
        """What makes the file of the journal, as it is at that moment."""
        language = self.app.language
        return lambda: self._written(self._figures.journal(language), form)

    def _written(self, table: Table, form: SheetForm) -> bytes:
        return self._figures.csv(table) if form == "csv" else self._figures.xlsx(table)
