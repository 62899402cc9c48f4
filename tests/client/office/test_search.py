"""Searching: what counts as a word, and what is found."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.office.search import folded, needles, words_of
from tests.client.office.cases import made

CASE = made(
    "a1",
    title="Подвір’я без світла!",
    text="Їжак на сходах; кажуть: «не горить (вже 3-й тиждень)». Café №12",
    address="вул. Лесі Українки, 7-Б",
    name="О'Ніл Ґалина",
    number="К-123/26",
    receipt_number="ЗВ-000045",
)


def found(text: str) -> bool:
    words = words_of(CASE)
    return all(needle.found(CASE, words) for needle in needles(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        "подвір",
        "ПОДВІРʼЯ",
        "подвір'я",
        "їжак",
        "горить",
        "українки 7",
        "7-б",
        "світла лесі",
        "оніл",
        "ґал",
        "123",
        "23/26",
        "к-123",
        "000045",
        "зв-000045",
        "45",
        "caf",
        "café",
        "3-й",
    ],
)
def test_it_is_found(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("text", ["двір", "орить", "світла вода", "галина", "99", "країнки"])
def test_it_is_not_found(text: str) -> None:
    assert not found(text)


def test_letters_in_two_parts_and_with_a_stress_are_letters() -> None:
    assert folded("зруи\u0306нувало") == folded("зруйнувало")
    assert folded("за\u0301мок") == folded("замок")


def test_a_letter_that_the_alphabet_lacks_is_a_letter_all_the_same() -> None:
    assert len(folded("Kırımlı").split()) == 1
    assert folded("😀 так").split()[-1] == folded("так")


@given(st.text(alphabet="абґєії'’ʼ-?! №7sé😀\u0301", max_size=30))
def test_what_is_written_is_found_by_its_own_words(text: str) -> None:
    case = made("a1", text=text)
    words = words_of(case)
    assert all(needle.found(case, words) for needle in needles(text))


@given(st.text(max_size=40))
def test_a_fold_holds_lower_letters_and_spaces_alone(text: str) -> None:
    assert not text.isascii() or folded(text) == folded(text.upper())
    assert re.fullmatch(rb"[a-z0-9 \x80-\xff]*", folded(text))
