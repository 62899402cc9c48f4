"""An address finds its queue as people write it, and none that is not its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.records.outage import on_list

GARDEN = ["Садова: 1-19, 24"]


@pytest.mark.parametrize(
    "address",
    [
        "вул. Садова, 5-Б, кв. 3", "вул. Садова, 5", "Садова 5", "садова, 5б", "САДОВА, 5 Б",
        "вулиця Садова, 19", "вул.Садова,1", "Садова вул., 24", "Садова, 24А, квартира 7",
        "вул. Садова, буд. 5", "вул. Садова, будинок 5, кв.3", "вул. Садова, 12/34",
        "вул. Садова, 5-А/2", "вул. «Садова», 5.", "Садова, 7, flat 2",
    ],
)  # fmt: skip
def test_an_address_is_found_however_it_is_written(address: str) -> None:
    assert on_list(GARDEN, address)


@pytest.mark.parametrize(
    "address",
    [
        "вул. Садова, 20", "вул. Садова, 23", "вул. Садова, 25", "вул. Садова, 240", "Садова, 0",
        "вул. Садова", "Садова", "вул. Садова, кв. 3", "вул. Польова, 5", "вул. Нова Садова, 5",
        "5", "", "   ", ",", "вул.", "кв. 3",
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_is_not_claimed(address: str) -> None:
    assert not on_list(GARDEN, address)


@pytest.mark.parametrize("entry", ["Прирічна", "вул. Прирічна", "Прирічна:", "ПРИРІЧНА : "])
@pytest.mark.parametrize("address", ["вул. Прирічна, 5", "Прирічна", "прирічна 117-А"])
def test_an_entry_without_houses_takes_the_whole_street(entry: str, address: str) -> None:
    assert on_list(["Інша: 1", entry], address)


@pytest.mark.parametrize("entry", ["Мар’янівська", "Мар'янівська", "Марʼянівська"])
@pytest.mark.parametrize("address", ["Мар’янівська, 5", "Мар'янівська, 5", "Марʼянівська, 5"])
def test_every_apostrophe_is_the_same(entry: str, address: str) -> None:
    assert on_list([entry], address)


@pytest.mark.parametrize(
    ("entry", "address", "found"),
    [
        ("Набережна: 1-9", "вул. Набережна, 5", True),
        ("вул. Набережна: 1-9", "Набережна, 5", True),
        ("наб. Дніпровська", "Дніпровська набережна, 5", True),
        ("вул. 8 Березня: 1-9", "вул. 8 Березня, 5", True),
        ("вул. 8 Березня: 1-9", "вул. 8 Березня", False),
        ("просп. Шевченка", "проспект Шевченка, 5", True),
        ("пр-т Шевченка", "просп. Шевченка, 5", True),
        ("Main street: 1-9", "Main st., 5, apt 3", True),
    ],
)
def test_a_word_or_number_in_a_name_is_part_of_the_name(
    entry: str, address: str, found: bool
) -> None:
    assert on_list([entry], address) is found


@pytest.mark.parametrize(
    ("entry", "address", "found"),
    [
        ("вул. Шевченка", "пров. Шевченка, 5", False),
        ("вул. Шевченка", "просп. Шевченка, 5", False),
        ("вул. Шевченка", "Шевченка, 5", True),
        ("Шевченка", "пров. Шевченка, 5", True),
    ],
)
def test_a_lane_is_not_the_street_of_the_same_name(entry: str, address: str, found: bool) -> None:
    assert on_list([entry], address) is found


@pytest.mark.parametrize(
    ("houses", "inside", "outside"),
    [
        ("12/34", [12], [13, 34]),  # the house on a corner, not a range
        ("5-Б", [5], [4, 6]),
        ("1-19", [1, 19], [0, 20]),
        ("1–19", [1, 19], [0, 20]),
        ("1А-19Б, 24", [1, 19, 24], [20, 25]),
        ("1-19 непарні", [], [1, 2, 19]),  # not understood: nothing is claimed
        ("всі", [], [1]),
        ("5-", [], [5]),
        ("19-1", [], [1, 5, 19]),
        ("1-9, всі, 20", [9, 20], [10]),
    ],
)
def test_houses_are_read_narrowly(houses: str, inside: list[int], outside: list[int]) -> None:
    entry = [f"Садова: {houses}"]
    assert [house for house in inside if not on_list(entry, f"Садова, {house}")] == []
    assert [house for house in outside if on_list(entry, f"Садова, {house}")] == []


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 500))
def test_a_range_holds_its_ends_and_nothing_beyond(first: int, last: int, house: int) -> None:
    found = on_list([f"Садова: {first}-{last}"], f"вул. Садова, {house}")
    assert found is (first <= house <= last)


@given(st.lists(st.text(max_size=30), max_size=3), st.text(max_size=40))
def test_no_text_makes_it_fail(streets: list[str], address: str) -> None:
    assert on_list(streets, address) in (True, False)
