"""The desk's reports over a real queue: figures and files follow the log."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest

from client.services.desk import Desk
from client.services.guide import Guide, GuideDesk
from client.services.office import reporting as module
from client.services.office.cases import Cases
from client.services.office.clock import Clock
from client.services.office.live import Live
from client.services.office.quarterly import Quarter
from client.services.office.reporting import NoSpreadsheets, Reporting
from client.services.office.workdays import load_workdays
from client.services.replica import Replica
from shared_schema.records.outage import Scheduled
from tests.client.city import START_MS, City
from tests.client.office.cases import KYIV
from tests.client.office.queue import lively

load_workbook = pytest.importorskip(
    "openpyxl", reason="not among the phone's packages"
).load_workbook

TODAY = datetime.fromtimestamp(START_MS / 1000, KYIV).date()
MONTH = (TODAY.replace(day=1), TODAY)
NOW_QUARTER = Quarter(TODAY.year, (TODAY.month - 1) // 3 + 1)


def live_of(replica: Replica) -> Live:
    cases = Cases(replica)
    return Live(cases, cases.refresh, Clock(KYIV, load_workdays()), replica.clock)


def reporting_of(replica: Replica) -> Reporting:
    return Reporting(live_of(replica), Guide(replica))


def test_figures_are_those_of_the_queue_and_follow_it(city: City) -> None:
    records = lively(city, appeals=4)
    with city.profile("desk") as desk:
        reporting = reporting_of(desk)
        before = reporting.report(MONTH)
        assert (before.received, before.open, before.done) == (4, 4, 0)
        Desk(desk).set_status(records[0], "answered")
        after = reporting.report(MONTH)
        assert (after.received, after.open, after.done) == (4, 3, 1)
        assert after.appeals.answer.count == 1
        assert reporting.today() == TODAY
        assert reporting.queues() == ("general",)
        assert reporting.report(MONTH, queues=["other"]).received == 0
        assert reporting.report(MONTH, queues=["general"]) == after


def test_outage_hours_stand_beside_the_signals(city: City) -> None:
    lively(city)
    with city.profile("newsroom") as newsroom:
        week = ["-" * 8 + "+" * 40] * 7
        GuideDesk(newsroom).schedule(Scheduled("water", "низ", week))
        city.exchange(newsroom)
    with city.profile("desk") as desk:
        city.exchange(desk)
        reporting = reporting_of(desk)
        assert reporting.utilities() == ("water",)
        assert {each.outage_hours for each in reporting.report(MONTH, "water").load} == {4.0}
        assert {each.outage_hours for each in reporting.report(MONTH, "power").load} == {0.0}


@pytest.mark.parametrize(
    "period",
    [(TODAY, TODAY - timedelta(1)), (date(1900, 1, 1), date(9000, 1, 1))],
)
def test_a_period_that_is_none_is_refused(city: City, period: tuple[date, date]) -> None:
    with city.profile("desk") as desk, pytest.raises(ValueError, match="a period of"):
        reporting_of(desk).report(period)


def test_the_quarterly_report_as_files(city: City) -> None:
    lively(city, appeals=4)
    with city.profile("desk") as desk:
        reporting = reporting_of(desk)
        table = reporting.quarterly(NOW_QUARTER, "uk")
        raw, book = reporting.csv(table), reporting.xlsx(table)
    assert table.rows[0][3] == 4
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[1][2:4] == ["Усього надійшло звернень", "4"]
    sheet = load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][2:4] == ["Усього надійшло звернень", 4]
    assert sheet.max_row == len(rows)


def test_the_journal_names_everybody(city: City) -> None:
    lively(city, appeals=2)
    with city.profile("desk") as desk:
        reporting = reporting_of(desk)
        table = reporting.journal("uk")
    assert len(table.rows) == 2
    assert table.rows[0][1] == "ЗВ-000001"


def test_without_what_writes_spreadsheets_csv_works(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    lively(city)
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with city.profile("desk") as desk:
        reporting = reporting_of(desk)
        assert not reporting.can_xlsx
        table = reporting.journal("en")
        assert reporting.csv(table)
        with pytest.raises(NoSpreadsheets):
            reporting.xlsx(table)
