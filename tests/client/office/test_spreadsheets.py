"""Files for an office: opened again they say the same, and no text of a citizen's is a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from client.services.office.clock import Clock
from client.services.office.journal import COLUMNS, journal
from client.services.office.labels import labels
from client.services.office.quarterly import Quarter, quarterly
from client.services.office.spreadsheets import CELL_CHARS_MAX, clean, to_csv, to_xlsx
from client.services.office.tables import Table, local_day, local_time
from client.services.office.workdays import load_workdays
from tests.client.office.cases import KYIV, made, many, ms

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")

CLOCK = Clock(KYIV, load_workdays())
UK = labels("uk")
ATTACKS = (
    '=HYPERLINK("http://evil.example","Ваш рахунок")', "+1+1", "-2+3", "@SUM(A1)", "=1+1",
    "\t=1+1", "\r=1+1", "\n=1+1", "  =cmd|' /C calc'!A0", "＝1+1", "\u200b=1+1", "\x00=1+1",
    "%0A=1+1", "|calc",
)  # fmt: skip


def one(*cells: Any) -> Table:
    return Table("Назва", "Аркуш", tuple("abcdefghij"[: len(cells)]), (cells,))


def read_csv(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def opened(*tables: Table) -> Any:
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(tables)))


# ---------------------------------------------------------------------------------------- CSV


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_text_is_never_a_formula_in_csv(attack: str) -> None:
    cell = read_csv(to_csv(one(attack)))[1][0]
    assert cell.startswith("'")
    assert cell[1:] == clean(attack)


@pytest.mark.parametrize("text", ["Яма", "5-Б", "a=b", "", "'лапки'", "№ 7"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert read_csv(to_csv(one(text, "x")))[1][0] == text


def test_csv_is_rfc_4180() -> None:
    data = to_csv(one('Лапки "тут", кома', "рядок\r\nдругий", None, 5, date(2026, 3, 1)))
    assert data.decode("utf-8-sig") == (
        'a,b,c,d,e\r\n"Лапки ""тут"", кома","рядок\r\nдругий",,5,2026-03-01\r\n'
    )
    moment = datetime(2026, 3, 1, 9, 5)  # noqa: DTZ001 - a local moment, as tables have it
    assert read_csv(to_csv(one(moment)))[1] == ["2026-03-01 09:05"]


@given(st.lists(st.text(max_size=40), min_size=2, max_size=5))
def test_any_text_comes_back_from_csv(cells: list[str]) -> None:
    rows = read_csv(to_csv(one(*cells)))
    assert len(rows) == 2
    for before, after in zip(cells, rows[1], strict=True):
        assert after in (clean(before), f"'{clean(before)}")
        assert not after.lstrip().startswith(("=", "+", "-", "@"))


# --------------------------------------------------------------------------------------- XLSX


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_text_is_never_a_formula_in_xlsx(attack: str) -> None:
    cell = opened(one(attack))["Аркуш"]["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert "<f>" not in sheet_xml(one(attack))


def sheet_xml(table: Table) -> str:
    with zipfile.ZipFile(io.BytesIO(to_xlsx([table]))) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


def test_the_journal_opens_again_with_dates_as_dates() -> None:
    case = made(
        received="2026-03-02 10:05",
        number="7/26",
        status="answered",
        registered_at_ms=ms("2026-03-02 12:00"),
        answered_at_ms=ms("2026-03-20 23:30"),
        marks=("primary", "mass"),
        collective=3,
        privileged=True,
    )
    table = journal([case, made("s", lane="signal", kind="")], CLOCK, UK)
    sheet = opened(table)["Журнал"]
    values = dict(zip(COLUMNS, next(sheet.iter_rows(min_row=2, values_only=True)), strict=True))
    assert sheet.max_row == 2
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == list(table.header)
    assert sheet["A1"].font.bold
    assert values["number"] == "7/26"
    assert values["received"].isoformat() == "2026-03-02T10:05:00"
    assert values["registered"].date() == date(2026, 3, 2)
    assert values["answered"].date() == date(2026, 3, 20)
    assert values["due"].date() == date(2026, 4, 2)
    assert values["marks"] == "Первинне, Масове"
    assert (values["collective"], values["first"]) == (3, "так")
    assert values["category"] == "Вуличне освітлення"
    assert values["state"] == "Надано відповідь"
    assert values["forwarded"] is None
    assert sheet.column_dimensions["E"].width == pytest.approx(30, abs=1)


def test_the_quarterly_report_opens_again() -> None:
    table = quarterly(many(500), Quarter(2026, 3), ms("2026-11-01 12:00"), CLOCK, UK)
    book = opened(table, journal(many(50), CLOCK, UK))
    assert book.sheetnames == ["Звіт 3 кв. 2026", "Журнал"]
    sheet = book.worksheets[0]
    rows = [tuple(cell for cell in row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [row[3] for row in rows] == [row[3] for row in table.rows]
    heading = min(table.headings) + 2
    assert sheet.cell(heading, 3).font.bold
    assert not sheet.cell(2, 3).font.bold
    assert book.properties.title == table.title


def test_the_journal_is_in_the_order_of_registration() -> None:
    cases = [
        made("new", received="2026-03-01 10:00"),
        made("b", number="2", registered_at_ms=ms("2026-03-05 10:00")),
        made("a", number="1", registered_at_ms=ms("2026-03-04 10:00")),
    ]
    rows = journal(cases, CLOCK, UK).rows
    assert [row[1] for row in rows] == ["1", "2", ""]
    assert [row[0] for row in rows] == [1, 2, 3]


@pytest.mark.parametrize("moment", [2**62, -(2**62), ms("1850-01-01 00:00"), None])
def test_a_hostile_moment_is_an_empty_cell(moment: int | None) -> None:
    assert local_time(moment, KYIV) is None
    assert local_day(moment, KYIV) is None
    row = journal([made(received_at_ms=moment or 2**60)], CLOCK, UK).rows[0]
    assert row[list(COLUMNS).index("received")] is None
    assert to_xlsx([journal([made(received_at_ms=moment or 2**60)], CLOCK, UK)])


def test_a_very_long_or_broken_text_makes_no_broken_file() -> None:
    sheet = opened(one("я" * 40_000, "a\x00\x0b\ud800b\uffff"))["Аркуш"]
    assert len(sheet["A2"].value) == CELL_CHARS_MAX
    assert sheet["B2"].value == "ab"


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
@example(["\r\n"])
@settings(max_examples=40)
def test_any_text_comes_back_from_xlsx(cells: list[str]) -> None:
    sheet = opened(one(*cells)).worksheets[0]
    for before, cell in zip(cells, sheet[2], strict=True):
        read = (cell.value or "").replace("_x000D_", "\r")  # how the file writes it
        assert one_line_end(read) == one_line_end(clean(before))


def one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_names_of_sheets_are_taken_by_excel_whatever_they_are() -> None:
    names = ["Звіт: I/II [2026]?", "x" * 50, "x" * 50, "", "'"]
    tables = [Table("", name, ("a",), ()) for name in names]
    found = opened(*tables).sheetnames
    assert len(set(found)) == len(names)
    assert all(0 < len(name) <= 31 for name in found)


def test_the_same_tables_are_the_same_bytes() -> None:
    table = journal(many(20), CLOCK, UK)
    assert to_xlsx([table]) == to_xlsx([table])


def test_widths_follow_the_texts_when_none_are_given() -> None:
    sheet = opened(one("x", "y" * 30, "z" * 300))["Аркуш"]
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths == pytest.approx([8, 32, 60], abs=1)


def test_xlsx_without_its_package_says_so_and_csv_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(ImportError):
        to_xlsx([one("x")])
    assert to_csv(one("x"))
