"""Tables as files: CSV for any program, and XLSX for those in which an office works.

A text that a person wrote may begin like a formula; opened in a spreadsheet it must stay a text
(OWASP, CSV injection). In CSV such a cell gets an apostrophe in front; XLSX knows texts as texts.
XlsxWriter is needed for XLSX only; without it (a phone) CSV works.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from client.services.office.tables import Cell, Table

CELL_CHARS_MAX: Final = 32_767
"""What a cell of XLSX holds."""
SHEET_NAME_CHARS_MAX: Final = 31
WIDTH_MIN, WIDTH_MAX = 8, 60
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠|%")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\]")
_MADE: Final = datetime(2000, 1, 1, tzinfo=UTC)


def to_csv(table: Table) -> bytes:
    """A table as CSV by RFC 4180, in UTF-8 with a byte order mark, by which Excel knows it.

    Dates are ISO 8601.
    """
    return csv_of(table.header, table.rows)


def csv_of(header: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The same from rows that come one by one; only what is written of them is kept."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_guarded(cell) for cell in header])
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(tables: Sequence[Table], made_at: datetime = _MADE) -> bytes:
    """Tables as the sheets of a workbook; the same bytes for the same tables and moment.

    Raises:
        ImportError: XlsxWriter is not installed.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # an extra: phones do without

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"title": tables[0].title if tables else "", "created": made_at})
    names: set[str] = set()
    for table in tables:
        sheet = book.add_worksheet(_sheet_name(table.sheet, names))
        _fill(sheet, table, _formats(book))
    book.close()
    return file.getvalue()


def clean(text: str) -> str:
    """A text without what no file format can carry, and without what would hide in a cell."""
    return _CONTROL.sub("", text)


def _guarded(cell: Cell) -> str | int | float:
    if isinstance(cell, str):
        text = clean(cell)
        return f"'{text}" if text.lstrip(" \u00a0\u200b\ufeff").startswith(_FORMULA) else text
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else "" if cell is None else cell


def _sheet_name(wanted: str, names: set[str]) -> str:
    """A name that Excel takes: short, without its signs, and no two the same."""
    plain = _NOT_IN_SHEET_NAME.sub(" ", clean(wanted)).strip("' ") or "1"
    name, again = plain[:SHEET_NAME_CHARS_MAX], 2
    while name.casefold() in names:
        end = f" ({again})"
        name, again = plain[: SHEET_NAME_CHARS_MAX - len(end)] + end, again + 1
    names.add(name.casefold())
    return name


def _formats(book: Any) -> dict[str, Any]:
    plain = {"valign": "top", "text_wrap": True}
    return {
        "text": book.add_format(plain),
        "number": book.add_format({"valign": "top"}),
        "day": book.add_format({"valign": "top", "num_format": "dd.mm.yyyy"}),
        "moment": book.add_format({"valign": "top", "num_format": "dd.mm.yyyy hh:mm"}),
        "header": book.add_format({**plain, "bold": True, "border": 1, "bg_color": "#E6EDF5"}),
        "heading": book.add_format({**plain, "bold": True}),
    }


def _fill(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    for column, title in enumerate(table.header):
        sheet.write_string(0, column, clean(title)[:CELL_CHARS_MAX], formats["header"])
    for place, row in enumerate(table.rows):
        text = formats["heading" if place in table.headings else "text"]
        for column, cell in enumerate(row):
            _write(sheet, (place + 1, column), cell, {**formats, "text": text})
    for column, width in enumerate(_widths(table)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.header) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write(sheet: Any, at: tuple[int, int], cell: Cell, formats: dict[str, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(*at, clean(cell)[:CELL_CHARS_MAX], formats["text"])
    elif isinstance(cell, datetime):
        sheet.write_datetime(*at, cell, formats["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(*at, cell, formats["day"])
    else:
        sheet.write_number(*at, cell, formats["number"])


def _widths(table: Table) -> list[int]:
    """The widths asked for, or those that the first hundred rows need."""
    if table.widths:
        return list(table.widths)
    columns = zip(table.header, *table.rows[:100], strict=True)
    needed = (max(len(str(cell)) for cell in column if cell is not None) for column in columns)
    return [min(max(width + 2, WIDTH_MIN), WIDTH_MAX) for width in needed]
