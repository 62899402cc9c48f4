"""Words and streets are compared, not spelling; a street is what the outage lists take it for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.office.wording import (
    SIGNATURE_BITS,
    Street,
    grams,
    same_street,
    signature,
    stems,
    street,
)
from shared_schema.records.outage import on_list


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ліхтарі не горять", "ліхтар не горить!"),  # endings, case, punctuation
        ("п’ятий під’їзд", "п'ятого підʼїзду"),  # every apostrophe is the same
        ("Яма на дорозі", "Ями на дорогах"),
        ("Прошу Вас вжити заходів: сміття", "сміття"),  # politeness says nothing
        ("Нема води", "воды нет"),  # a little Russian
        ("cмiття", "сміття"),  # Latin letters that look like ours
        ("Протікає дах", "тече покрівля"),  # the words that people use for each other
    ],
)
def test_the_same_thing_in_other_words_is_the_same(one: str, other: str) -> None:
    assert stems(one) & stems(other)
    assert len(stems(one) ^ stems(other)) <= 2


@pytest.mark.parametrize(
    ("one", "other"),
    [("немає води", "яма на дорозі"), ("ліфт стоїть", "сміття не вивозять"), ("", "яма")],
)
def test_other_things_share_nothing(one: str, other: str) -> None:
    assert not stems(one) & stems(other)


@given(st.text(max_size=300))
def test_any_text_has_words_and_a_signature_of_bounded_size(text: str) -> None:
    words = stems(text)
    assert "" not in words
    assert signature(text) < 2**SIGNATURE_BITS
    assert signature(text).bit_count() <= len(words)
    assert all(len(gram) == 3 for gram in grams(words))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("вул. Садова, 5-Б, кв. 3", Street("вул", "садова", "5б")),
        ("Садова 5", Street("", "садова", "5")),
        ("вулиця 8 Березня, 5", Street("вул", "8 березня", "5")),
        ("вул. 8 Березня", Street("вул", "8 березня", "")),
        ("Дніпровська набережна, 5", Street("наб", "дніпровська", "5")),
        ("вул. Набережна, 5", Street("вул", "наб", "5")),
        ("пр-т Миру, буд. 12", Street("просп", "миру", "12")),
        ("бульв. «Каштановий», 3/5", Street("бульв", "каштановий", "3/5")),
        ("Мар'янівська 7", Street("", "марʼянівська", "7")),
        ("вул. Садова, під’їзд 2", Street("вул", "садова", "")),
        ("", Street("", "", "")),
        ("5", Street("", "", "5")),
        ("кв. 3", Street("", "", "")),
    ],
)
def test_an_address_as_people_write_it(address: str, expected: Street) -> None:
    assert street(address) == expected


ADDRESSES = (
    "вул. Садова, 5-Б, кв. 3", "Садова 5", "САДОВА, 5 Б", "вулиця Садова, 19", "вул.Садова,1",
    "Садова вул., 24", "просп. Садова, 2", "вул. «Садова», 5.", "вул. Нова Садова, 5",
    "Набережна, 5", "вул. Набережна", "наб. Дніпровська", "Дніпровська набережна, 5",
    "вул. 8 Березня, 5", "пр-т Шевченка", "проспект Шевченка, 5", "вул. Шевченка, 5",
    "Main street, 9", "Main st., 5, apt 3", "Мар’янівська, 5", "Мар'янівська, 5",
)  # fmt: skip


@pytest.mark.parametrize("one", ADDRESSES)
def test_streets_are_those_of_the_outage_lists(one: str) -> None:
    for other in ADDRESSES:
        named = street(one)
        assert same_street(named, street(other)) is on_list([f"{named.kind} {named.name}"], other)


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_same_street_from_either_side_and_no_crash(one: str, other: str) -> None:
    assert same_street(street(one), street(other)) is same_street(street(other), street(one))


def test_no_street_is_not_the_same_as_no_street() -> None:
    assert not same_street(street(""), street(""))
