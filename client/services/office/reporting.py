"""The desk's reports: figures and tables of its cases, from the projection that is shared."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from importlib.util import find_spec

from client.services.guide import Guide
from client.services.office.journal import journal
from client.services.office.labels import labels
from client.services.office.live import Live
from client.services.office.outage_hours import outage_hours
from client.services.office.quarterly import Quarter, quarterly
from client.services.office.reports import Report, days_of, report
from client.services.office.spreadsheets import to_csv, to_xlsx
from client.services.office.tables import Table
from shared_schema.errors import MistoError


class NoSpreadsheets(MistoError):
    """XlsxWriter is not installed: the extra `office` has it."""

    code = "no_spreadsheets"


class Reporting:
    """Figures and tables of a desk's cases. Safe to use from several threads."""

    def __init__(self, live: Live, guide: Guide) -> None:
        self._live = live
        self._guide = guide

    @property
    def can_xlsx(self) -> bool:
        """Whether what writes XLSX is installed."""
        return find_spec("xlsxwriter") is not None

    def today(self) -> date:
        """The day in the city, by this device's clock."""
        now = datetime.fromtimestamp(self._live.now_ms() / 1000, UTC)
        return now.astimezone(self._live.clock.zone).date()

    def report(
        self, period: tuple[date, date], utility: str = "power", queues: Collection[str] = ()
    ) -> Report:
        """The figures of a period, both its days included.

        Args:
            utility: whose outages stand beside the signals.
            queues: only these; all that this desk has when empty.

        Raises:
            ValueError: the period has no day, or is longer than ten years.
        """
        cases = [case for case in self._live.fresh() if not queues or case.queue in queues]
        hours = outage_hours(
            (each.scheduled for each in self._guide.schedules()),
            (each.announced for each in self._guide.announcements()),
            utility, days_of(period), self._live.clock.zone,
        )  # fmt: skip
        return report(cases, self._live.now_ms(), self._live.clock, period, hours)

    def queues(self) -> tuple[str, ...]:
        """The queues that there are cases in."""
        return tuple(sorted({case.queue for case in self._live.cases.all()}))

    def utilities(self) -> tuple[str, ...]:
        """Those whose outages are known."""
        known = {each.utility for each in self._guide.schedules()}
        return tuple(
            sorted(known | {each.announced.utility for each in self._guide.announcements()})
        )

    def quarterly(self, quarter: Quarter, language: str) -> Table:
        """The quarterly report as it is customary.

        Raises:
            ValueError: there is no such quarter.
        """
        return quarterly(
            self._live.fresh(), quarter, self._live.now_ms(), self._live.clock, labels(language)
        )

    def journal(self, language: str) -> Table:
        """The journal of appeals: it names people, and is for the desk alone."""
        return journal(self._live.fresh(), self._live.clock, labels(language))

    def csv(self, table: Table) -> bytes:
        """A table as a CSV file."""
        return to_csv(table)

    def xlsx(self, table: Table) -> bytes:
        """A table as an XLSX file.

        Raises:
            NoSpreadsheets: what writes it is not installed.
        """
        if not self.can_xlsx:
            raise NoSpreadsheets("xlsxwriter")
        return to_xlsx([table], datetime.fromtimestamp(self._live.now_ms() / 1000, UTC))
