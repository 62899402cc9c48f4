"""The bytes of a CSV file and its rows of cells: alphabet, separator, limits (RFC 4180).

Files come from whatever spreadsheet an office has: UTF-8 with or without a mark, Excel's UTF-16,
or windows-1251; separated by commas, by semicolons (where the comma is in numbers), or by tabs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final

from client.services.interchange.cells import guarded, unguarded
from client.services.interchange.columns import folded
from client.services.interchange.problems import Unreadable, must_fit

TABLE_BYTES_MAX: Final = 8 * 1024 * 1024
ROWS_MAX: Final = 5_000
COLUMNS_MAX: Final = 64
SEPARATORS: Final = (";", ",", "\t")
_UTF8_MARK: Final = b"\xef\xbb\xbf"
UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def rows_of(raw: bytes, columns: Mapping[str, str]) -> list[tuple[int, list[str]]]:
    """The rows with something in them, numbered as a spreadsheet does, cells unguarded.

    Raises:
        Unreadable: it is too large or has too many rows or columns, is no text, or no CSV.
    """
    must_fit(raw, TABLE_BYTES_MAX)
    text = text_of_table(raw)
    rows: list[tuple[int, list[str]]] = []
    number = 0
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_separator(text, columns), strict=True
    )
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                rows.append((number, [unguarded(cell.strip()) for cell in cells]))
            if len(cells) > COLUMNS_MAX:
                raise Unreadable("table_columns", value=str(len(cells)), limit=COLUMNS_MAX)
            if len(rows) > ROWS_MAX + 1:
                raise Unreadable("table_rows", limit=ROWS_MAX)
    except csv.Error as error:
        raise Unreadable("csv_broken", value=str(error), row=number + 1) from error
    if not rows:
        raise Unreadable("empty")
    return rows


def written(rows: Iterable[Iterable[str]], separator: str) -> bytes:
    """CSV that spreadsheets open with the right letters: UTF-8 with a mark, lines end in CR LF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return _UTF8_MARK + out.getvalue().encode("utf-8")


def text_of_table(raw: bytes) -> str:
    """The text in whichever of its alphabets it is.

    Raises:
        Unreadable: it is none of them: a binary file, or UTF-8 that was damaged. The latter would
            be text in windows-1251 too, but nothing that anybody wrote.
    """
    try:
        if raw.startswith(UTF16_MARKS):
            return raw.decode("utf-16")
        if b"\0" in raw:
            raise Unreadable("not_text")
        if raw.startswith(_UTF8_MARK):
            return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _windows_1251(raw)


def _windows_1251(raw: bytes) -> str:
    damaged = raw.decode("utf-8", "replace")
    letters = sum("\u0400" <= char <= "\u04ff" for char in damaged)
    if letters > damaged.count("\ufffd"):
        raise Unreadable("encoding")
    try:
        return raw.decode("windows-1251")
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error


def _separator(text: str, columns: Mapping[str, str]) -> str:
    """The one under which the header has the most columns that are known."""

    def names_found(separator: str) -> int:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            header = next((row for row in reader if any(cell.strip() for cell in row)), [])
        except csv.Error:
            return 0
        return sum(folded(unguarded(cell.strip())) in columns for cell in header)

    return max(SEPARATORS, key=names_found)
