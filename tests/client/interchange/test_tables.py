"""Tables from offices: what is read is what stood there, and a slip is never read as a fact."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.interchange.cells import day_of, degrees_e5, guarded, unguarded
from client.services.interchange.columns import SORT_WORDS, UTILITY_WORDS, Language
from client.services.interchange.tables import (
    Table,
    read_places_csv,
    read_schedules_csv,
    write_places_csv,
    write_schedules_csv,
)
from shared_schema.records.outage import UTILITIES, Scheduled
from shared_schema.records.place import SORTS, Listed
from tests.client.interchange.strategies import KYIV, anything, places, schedule_tables

HEADER = "Назва;Вид;Адреса;Широта;Довгота;Діє до"
SCHOOL = "Школа № 5;Укриття;вул. Садова, 5;50,45012;30,52345;01.10.2026"
WEEK_HEADER = "Послуга;Черга;Пн;Вт;Ср;Чт;Пт;Сб;Нд;Вулиці"
languages = st.sampled_from(["uk", "en"])
separators = st.sampled_from([",", ";", "\t"])


def place_table(*rows: str, header: str = HEADER) -> Table[Listed]:
    return read_places_csv("\n".join((header, *rows)).encode(), KYIV)


def problems(table: Table[Listed] | Table[Scheduled]) -> list[tuple[str, int, str]]:
    return [(each.code, each.row, each.column) for each in table.problems]


@given(st.lists(places(), max_size=4), languages, separators)
def test_places_come_back_from_a_table_as_they_were(
    items: list[Listed], language: Language, separator: str
) -> None:
    table = read_places_csv(write_places_csv(items, KYIV, language, separator), KYIV)
    assert table.problems == []
    assert table.values == items
    assert table.ignored == ()


@given(schedule_tables, languages, separators)
def test_schedules_come_back_from_a_table_as_they_were(
    items: list[Scheduled], language: Language, separator: str
) -> None:
    table = read_schedules_csv(write_schedules_csv(items, KYIV, language, separator), KYIV)
    assert table.problems == []
    assert table.values == items


@given(anything, anything)
def test_no_cell_that_is_written_is_a_formula(name: str, queue: str) -> None:
    """A place named by a stranger must not run in the newsroom's spreadsheet (CWE-1236)."""
    week = ["-" * 48, *["+" * 48] * 6]
    raws = (
        write_places_csv([Listed(name, "water", phone=name, lat_e5=-1, lon_e5=-1)], KYIV),
        write_schedules_csv([Scheduled("power", queue, week, [name, queue])], KYIV),
    )
    for raw in raws:
        for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"):
            assert not [cell for cell in row if cell.lstrip()[:1] in tuple("=+-@\t\r")]


@given(st.text())
def test_the_guard_of_a_cell_can_be_taken_off_again(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["=1+1", "+380", "-5", "@x", "'=1", "''-", "＝1"])
def test_a_formula_is_written_as_text(cell: str) -> None:
    assert guarded(cell) == "'" + cell


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251", "utf-16"])
def test_a_table_is_read_in_whatever_alphabet_the_office_has(encoding: str) -> None:
    table = read_places_csv(f"{HEADER}\r\n{SCHOOL}\r\n".encode(encoding), KYIV)
    (school,) = table.values
    assert (school.name, school.sort, school.address) == ("Школа № 5", "shelter", "вул. Садова, 5")
    assert (school.lat_e5, school.lon_e5) == (5_045_012, 3_052_345)


def test_names_of_columns_are_known_in_both_languages_and_in_any_case() -> None:
    for header in ("name,TYPE,Note", "НАЗВА , тип:,Опис", "_Назва_,Kind*,comment."):
        (place,) = read_places_csv(f"{header}\nШкола,shelter,так".encode(), KYIV).values
        assert place == Listed("Школа", "shelter", note="так")


def test_a_column_nobody_knows_is_named_not_dropped_in_silence() -> None:
    assert place_table("Школа;Укриття;так", header="Назва;Вид;Пандус").ignored == ("Пандус",)


def test_a_good_row_is_read_next_to_bad_ones_which_are_named() -> None:
    table = place_table(
        SCHOOL,
        "",
        ";Укриття;;;;",
        "Школа;Палац;;;;",
        "Школа;Укриття;;91;30;",
        "Школа;Укриття;;50;-180,00001;",
        "Школа;Укриття;;NaN;30;",
        "Школа;Укриття;;1e3;inf;",
        "Школа;Укриття;;50;;",
        "Школа;Укриття;;;;31.02.2026",
        f"{'Ш' * 201};Укриття;;;;",
        "Школа;Укриття;вул. Садова; 5;50;30;;",
    )
    assert [each.name for each in table.values] == ["Школа № 5"]
    assert problems(table) == [
        ("cell_missing", 4, "Назва"),
        ("cell_word", 5, "Вид"),
        ("cell_range", 6, "Широта"),
        ("cell_range", 7, "Довгота"),
        ("cell_degrees", 8, "Широта"),
        ("cell_degrees", 9, "Широта"),
        ("cell_degrees", 9, "Довгота"),
        ("cell_missing", 10, "Довгота"),
        ("cell_date", 11, "Діє до"),
        ("cell_long", 12, "Назва"),
        ("cell_date", 13, "Діє до"),
    ]


def test_a_row_split_in_the_wrong_place_does_not_shift_into_other_columns() -> None:
    table = place_table("Школа,Укриття,Садова, 5", header="Назва,Вид,Адреса")
    assert problems(table) == [("row_long", 2, "")]


def test_a_problem_shows_what_stood_there_but_not_all_of_it() -> None:
    (problem,) = place_table("Школа;" + "П" * 250 + ";;;;").problems
    assert (problem.code, len(problem.value)) == ("cell_word", 60)
    assert set(problem.values) == {"row", "column", "value", "limit"}


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("01.10.2026", datetime(2026, 10, 2, tzinfo=KYIV)),
        ("2026-10-01", datetime(2026, 10, 2, tzinfo=KYIV)),
        ("1.10.2026 9:05", datetime(2026, 10, 1, 9, 5, tzinfo=KYIV)),
        ("2026-10-01 09:05", datetime(2026, 10, 1, 9, 5, tzinfo=KYIV)),
        ("2026-10-01T09:05Z", datetime(2026, 10, 1, 9, 5, tzinfo=UTC)),
    ],
)
def test_valid_until_a_day_is_valid_on_that_day(text: str, until: datetime) -> None:
    (place,) = place_table(f"Школа;Укриття;;;;{text}").values
    assert place.expires_at_ms == until.timestamp() * 1000


@pytest.mark.parametrize(
    "text", ["завтра", "10/01/2026", "2026-13-01", "01.10.26", "1.10.2026 25:00", "0000-01-01",
             "1969-12-31", "9999-12-31"]
)  # fmt: skip
def test_a_date_that_might_mean_two_things_is_none(text: str) -> None:
    assert problems(place_table(f"Школа;Укриття;;;;{text}")) == [("cell_date", 2, "Діє до")]


@pytest.mark.parametrize(
    ("text", "e5"),
    [("50.45", 5_045_000), ("50,45°", 5_045_000), ("-0.000014", -1), ("−7", -700_000),
     ("+7", 700_000), ("50.450125", 5_045_012), ("nan", None), ("50 27", None), ("5٠", None),
     ("1000", None), ("0x10", None), (".5", None), ("50.45N", None), ("", None)],
)  # fmt: skip
def test_a_coordinate_is_a_plain_number_or_none(text: str, e5: int | None) -> None:
    assert degrees_e5(text) == e5


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("є", "+" * 48),
        ("ні", "-" * 48),
        ("?", "?" * 48),
        ("00:00-24:00", "-" * 48),
        ("8:00–12:00", "+" * 16 + "-" * 8 + "+" * 24),
        ("00:00-01:00, ?01:00-02:00;", "--??" + "+" * 44),
        ("00:00-01:00, ?00:30-02:00", "--??" + "+" * 44),
        ("", None),
        ("08:00", None),
        ("08:10-12:00", None),
        ("22:00-02:00", None),
        ("08:00-08:00", None),
        ("08:00-24:30", None),
        ("08:00-12:60", None),
        ("08:00-12:00, і ще", None),
        ("+" * 47, None),
        ("+" * 47 + "x", None),
    ],
)
def test_a_day_is_understood_whole_or_not_at_all(cell: str, day: str | None) -> None:
    """Half of a day that was understood would promise light in the other half."""
    assert day_of(cell) == day


def test_an_empty_day_is_not_a_day_with_supply() -> None:
    row = "Світло;1;є;є;є;є;є;є;;Садова: 1-19, 24 | Лісова"
    table = read_schedules_csv(f"{WEEK_HEADER}\n{row}".encode(), KYIV)
    assert problems(table) == [("cell_missing", 2, "Нд")]


def test_two_rows_about_one_queue_do_not_both_count() -> None:
    rows = ["Світло;1.1;є;є;є;є;є;є;є;Садова"] * 2
    table = read_schedules_csv("\n".join((WEEK_HEADER, *rows)).encode(), KYIV)
    assert problems(table) == [("row_again", 3, "Черга")]
    assert table.problems[0].limit == 2
    assert [each.streets for each in table.values] == [["Садова"]]


def test_every_sort_and_utility_has_a_word() -> None:
    assert set(SORT_WORDS) == set(SORTS)
    assert set(UTILITY_WORDS) == set(UTILITIES)
