"""Files that are no tables, or too much of one, are refused whole and by name."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.interchange.csv_text import COLUMNS_MAX, ROWS_MAX
from client.services.interchange.problems import Unreadable
from client.services.interchange.tables import read_places_csv, read_schedules_csv
from tests.client.interchange.strategies import KYIV

HEAD = "Назва;Вид\n"

HOSTILE: dict[str, tuple[bytes, str]] = {
    "50 MB": (HEAD.encode() + b"x" * 50_000_000, "too_large"),
    "empty": (b"", "empty"),
    "only separators": (b";;;\n;;\n", "empty"),
    "a mark alone": (b"\xef\xbb\xbf", "empty"),
    "a spreadsheet": (b"PK\x03\x04\0\0" + b"x" * 100, "not_text"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0", "not_text"),
    "damaged UTF-8": ((HEAD + "Школа;Укриття\n").encode() + b"\xd0\n", "encoding"),
    "damaged UTF-8 with a mark": (b"\xef\xbb\xbf" + HEAD.encode() + b"\xff", "encoding"),
    "damaged UTF-16": (HEAD.encode("utf-16") + b"\x00", "encoding"),
    "no alphabet": (b"name;sort\n\x98\x98\n", "encoding"),
    "no header": ("Школа;Укриття\n".encode(), "column_missing"),
    "half a header": ("Назва;Адреса\nШкола;Садова\n".encode(), "column_missing"),
    "one column twice": ("Назва;Вид;Name\na;shelter;b\n".encode(), "column_twice"),
    "an open quote": ((HEAD + '"Школа;Укриття\n').encode(), "csv_broken"),
    "a quote in a quote": ((HEAD + '"Шко"ла;Укриття\n').encode(), "csv_broken"),
    "one endless cell": ((HEAD + "x" * 200_000).encode(), "csv_broken"),
    "many rows": ((HEAD + "Школа;Укриття\n" * (ROWS_MAX + 1)).encode(), "table_rows"),
    "many columns": ((HEAD + ";" * (COLUMNS_MAX + 1) + "x").encode(), "table_columns"),
    "many empty columns": ((HEAD + ";" * (COLUMNS_MAX + 1)).encode(), "table_columns"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_table_is_refused_by_name(name: str) -> None:
    raw, code = HOSTILE[name]
    with pytest.raises(Unreadable) as caught:
        read_places_csv(raw, KYIV)
    assert caught.value.code == code


def test_as_many_rows_as_are_allowed_are_read() -> None:
    table = read_places_csv((HEAD + "Школа;Укриття\n" * ROWS_MAX).encode(), KYIV)
    assert len(table.values) == ROWS_MAX


def test_a_broken_row_is_named() -> None:
    with pytest.raises(Unreadable) as caught:
        read_places_csv((HEAD + 'Школа;Укриття\n"Шко"ла;Укриття\n').encode(), KYIV)
    assert caught.value.problem.row == 3


@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_bring_down_the_reader(tail: bytes, schedules: bool) -> None:
    read = read_schedules_csv if schedules else read_places_csv
    header = "Послуга;Черга;Пн;Вт;Ср;Чт;Пт;Сб;Нд\n" if schedules else HEAD
    for raw in (tail, header.encode("cp1251") + tail):
        with suppress(Unreadable):
            table = read(raw, KYIV)
            assert all((row.value is None) is bool(row.problems) for row in table.rows)
