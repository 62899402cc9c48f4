"""Reports in Chromium: the board's numbers, files that open, open data over HTTP, the audit."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from client.branding import read_branding
from client.i18n import words
from client.i18n.dates import zone_named
from client.services.guide import Guide
from client.services.office.cases import Cases
from client.services.office.clock import Clock
from client.services.office.live import Live
from client.services.office.periods import span_of
from client.services.office.reporting import Reporting
from client.services.office.reports import Report
from client.services.office.workdays import load_workdays
from client.services.prefs import Preferences
from client.services.replica import Replica
from client.viewmodels.reports.charts import Chart, charts_of
from tests.browser.acts import (
    SMALL,
    choose,
    fill,
    pick,
    reach,
    reads,
    segment,
    tap,
    top,
    until,
    visit,
    window,
)
from tests.browser.chromium import DESKTOP, named, shot
from tests.browser.layout import faults, read, still
from tests.browser.past import NAME, Past, set_past
from tests.browser.town import Town, free_port
from tests.browser.walk import whole_room
from tests.client.office.feeds import schema

pytestmark = pytest.mark.browser
ZONE = zone_named(read_branding().time_zone)
UK = words("uk")
TODAY = datetime.now(UTC).astimezone(ZONE).date()


@pytest.fixture
def past(city: Town) -> Past:
    """Two months of a queue, and the desk's app on it."""
    made = set_past(city)
    city.server.start()
    city.app("desk").start()
    return made


def figures(city: Town, period: str) -> Report:
    """What the service says of the same log, read beside the app."""
    with Replica.open(city.profile("desk")) as desk:
        cases = Cases(desk)
        live = Live(cases, cases.refresh, Clock(ZONE, load_workdays()), desk.clock)
        span = span_of(period, TODAY)  # type: ignore[arg-type]
        return Reporting(live, Guide(desk)).report(span)


def chart(city: Town, period: str, name: str) -> Chart:
    return next(each for each in charts_of(figures(city, period), UK, "power") if each.name == name)


def downloaded(page: Page, name: str, folder: Path, *, asked: bool = False) -> Path:
    """A file that a button gives, after what has to be read first."""
    if asked:
        tap(page, name)
        expect(reads(page, "save-warning", "не зашифровано")).to_be_attached()
        name = "save-yes"
    reach(page, name)
    still(page)  # what was saved before is told above, and moves the buttons
    with page.expect_download() as downloads:
        named(page, name).first.click()
    path = folder / downloads.value.suggested_filename
    downloads.value.save_as(path)
    return path


def test_the_board_says_what_the_service_says(browser: Browser, city: Town, past: Past) -> None:
    page = window(browser, city.app("desk").url, DESKTOP)
    visit(page, "Звіти")
    for period in ("month", "year"):
        if period != "month":
            tap(page, f"period-{period}")
        found = figures(city, period)
        for name in ("received", "open", "overdue"):
            said = f"{UK(f'reports.{name}')}: {getattr(found, name)}"
            expect(reads(page, f"figure-{name}", said)).to_be_attached()
    assert figures(city, "year").received == len(past.records)
    shot(page, "reports-board")
    inflow = chart(city, "year", "inflow")
    expect(named(page, "picture-inflow")).to_have_attribute("aria-label", inflow.spoken)
    tap(page, "chart-switch-inflow")
    for at, row in enumerate(inflow.rows):
        said = ", ".join(f"{name} {cell}" for name, cell in zip(inflow.header, row, strict=True))
        expect(reads(page, f"table-inflow-{at}", said)).to_be_attached()
    top(page)
    shot(page, "reports-board-table")


def test_own_dates_and_the_dark(browser: Browser, city: Town, past: Past) -> None:
    page = window(browser, f"{city.app('desk').url}/reports", DESKTOP, dark=True)
    tap(page, "period-own")
    fill(page, "period-start", f"{TODAY - timedelta(7):%d.%m.%Y}")
    fill(page, "period-end", f"{TODAY:%d.%m.%Y}")
    tap(page, "period-show")
    with Replica.open(city.profile("desk")) as desk:
        cases = Cases(desk)
        live = Live(cases, cases.refresh, Clock(ZONE, load_workdays()), desk.clock)
        found = Reporting(live, Guide(desk)).report((TODAY - timedelta(7), TODAY))
    expect(reads(page, "figure-received", f"Надійшло: {found.received}")).to_be_attached()
    shot(page, "reports-own-dates-dark")


def test_files_download_and_open(browser: Browser, city: Town, past: Past, tmp_path: Path) -> None:
    page = window(browser, f"{city.app('desk').url}/reports/quarter", DESKTOP)
    named(page, "quarterly-0").wait_for()
    shot(page, "reports-quarter")
    quarter = (TODAY.month - 1) // 3 + 1
    name = f"save-misto-{TODAY.year}-q{quarter}"
    book = load_workbook(downloaded(page, f"{name}.xlsx", tmp_path)).active
    rows = rows_of(downloaded(page, f"{name}.csv", tmp_path))
    assert book is not None
    assert [cell.value for cell in book[2]][2:4] == ["Усього надійшло звернень", int(rows[1][3])]
    total = f"Показник Усього надійшло звернень, Кількість {rows[1][3]}"
    expect(reads(page, "quarterly-0", total)).to_be_attached()
    expect(named(page, "save-warning")).to_have_count(0)

    tap(page, "reports-page-journal")
    named(page, "journal-0").wait_for()
    journal = load_workbook(
        downloaded(page, "save-misto-journal.xlsx", tmp_path, asked=True)
    ).active
    assert journal is not None
    assert journal["E2"].value == NAME
    expect(reads(page, "file-saved", "misto-journal.xlsx")).to_be_attached()
    lines = rows_of(downloaded(page, "save-misto-journal.csv", tmp_path, asked=True))
    assert len(lines) == journal.max_row
    shot(page, "reports-journal")


def rows_of(file: Path) -> list[list[str]]:
    """The rows of a CSV file."""
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def test_open_data_as_files_and_over_http(
    browser: Browser, city: Town, past: Past, tmp_path: Path
) -> None:
    page = window(browser, f"{city.app('desk').url}/reports/open", DESKTOP)
    named(page, "open-count").wait_for()
    file = downloaded(page, "save-open311-requests.json", tmp_path)
    exported = checked("requests", file.read_bytes())
    assert exported
    assert "danger" not in {each["service_code"] for each in exported}
    xml = ElementTree.parse(downloaded(page, "save-open311-requests.xml", tmp_path))
    assert len(xml.getroot()) == len(exported)
    assert NAME not in file.read_text("utf-8")

    port = free_port()
    fill(page, "endpoint-port", str(port))
    tap(page, "endpoint-start")
    address = f"http://127.0.0.1:{port}"
    expect(reads(page, "endpoint-address", address)).to_be_attached()
    reach(page, "endpoint-stop")
    shot(page, "reports-endpoint")
    assert checked("requests", get(f"{address}/requests.json")) == exported
    checked("services", get(f"{address}/services.json"))
    assert len(ElementTree.fromstring(get(f"{address}/requests.xml"))) == len(exported)

    tap(page, "open-topic-danger")
    expect(named(page, "open-telling")).to_be_attached()
    until(lambda: b'"danger"' in get(f"{address}/requests.json"), "the choice does not show")
    top(page)
    shot(page, "reports-open-data")
    tap(page, "endpoint-stop")
    expect(named(page, "endpoint-start")).to_be_attached()
    with pytest.raises(URLError):
        get(f"{address}/services.json")


def get(url: str) -> bytes:
    """The body of an address."""
    with urlopen(url, timeout=10) as reply:
        body: bytes = reply.read()
        return body


def checked(name: str, raw: bytes) -> list[dict[str, object]]:
    """A document that keeps to the schema of the specification."""
    found: list[dict[str, object]] = json.loads(raw)
    jsonschema_rs.validator_for(schema(name), validate_formats=True).validate(found)
    return found


def test_the_audit_finds_and_proves(
    browser: Browser, city: Town, past: Past, tmp_path: Path
) -> None:
    page = window(browser, f"{city.app('desk').url}/reports/audit", DESKTOP)
    named(page, "audit-entry-0").wait_for()
    shot(page, "reports-audit")
    tap(page, "audit-prove")
    expect(reads(page, "audit-proof", "Доведено: до №")).to_be_attached(timeout=30_000)
    pick(page, "audit-kind", "Надано відповідь")
    expect(reads(page, "audit-entry-0", "Бригада була, несправність усунуто")).to_be_attached()
    rows = rows_of(downloaded(page, "save-misto-audit.csv", tmp_path, asked=True))
    assert {row[8] for row in rows[1:]} == {"Надано відповідь"}
    assert len(rows) == 1 + len(past.answered)
    tap(page, "audit-clear")
    fill(page, "audit-record", "ЗВ-000001")
    tap(page, "audit-find")
    expect(reads(page, "audit-entry-0", past.records[0][:8])).to_be_attached()
    shot(page, "reports-audit-record")

    with sqlite3.connect(city.profile("desk") / "replica.db") as database:
        database.execute("DELETE FROM changes WHERE id = (SELECT max(id) FROM changes)")
    database.close()
    top(page)
    tap(page, "audit-prove")
    expect(reads(page, "audit-proof", "не такий, яким його підписано")).to_be_attached()
    expect(named(page, "finding-missing")).to_be_attached()
    shot(page, "reports-audit-broken")


@pytest.mark.sweep
def test_the_pages_of_the_room_on_a_tablet(browser: Browser, city: Town, past: Past) -> None:
    page = window(browser, f"{city.app('desk').url}/reports", (820, 1180))
    for option, shown in (
        ("Журнал", "journal-0"),
        ("Відкриті дані", "open-count"),
        ("Аудит", "audit-entry-0"),
        ("Показники", "figure-received"),
    ):
        segment(page, "reports-page", option)
        named(page, shown).first.wait_for()
        shot(page, f"reports-tablet-{shown}")


@pytest.mark.sweep
@pytest.mark.parametrize(("percent", "size"), [(200, SMALL), (100, DESKTOP)])
def test_nothing_is_cut_or_too_small(
    browser: Browser, city: Town, percent: int, size: tuple[int, int]
) -> None:
    set_past(city, 20)
    choose(city, Preferences(text_percent=percent), "desk")
    city.app("desk").start()
    shown = {"": "figure-received", "/quarter": "quarterly", "/journal": "journal",
             "/open": "open-count", "/audit": "audit-entry-0"}  # fmt: skip
    wrong: dict[str, list[str]] = {}
    for page_of, name in shown.items():
        page = window(browser, f"{city.app('desk').url}/reports{page_of}", size)
        named(page, name).first.wait_for(state="attached")
        still(page)
        with whole_room(page, None) as tall:
            wrong[page_of] = faults(read(page), tall)
        page.context.close()
    assert wrong == {page_of: [] for page_of in shown}
