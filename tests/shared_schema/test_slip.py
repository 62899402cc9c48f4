"""Claim slips: words that are read as people type them, and nothing that is not the right slip."""

from __future__ import annotations

import random
import re
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_schema.crypto.slip import (
    SECRET_BYTES,
    WORD_COUNT,
    Slip,
    SlipIncomplete,
    SlipMismatch,
    UnknownSlipWord,
    folded,
    new_slip,
    read_slip,
    secrets_of_slip,
)
from shared_schema.errors import MistoError
from shared_schema.limits import SLIP_TEXT_CHARS_MAX

CITY, OTHER_CITY = b"c" * 16, b"d" * 16
SLIP = Slip(bytes(range(7, 17)), CITY)
WORDS = (files("shared_schema.crypto") / "dictionaries" / "slip-1.txt").read_text("utf-8").split()


def refused(text: str, city: bytes = CITY) -> bool:
    try:
        read_slip(text, city)
    except MistoError:
        return True
    return False


def test_the_list_has_words_that_four_letters_tell_apart_however_they_are_mistyped() -> None:
    assert len(WORDS) == len({folded(word)[:4] for word in WORDS}) == 1024
    assert all(re.fullmatch("[абвгґдеєжзиіїйклмнопрстуфхцчшщьюя]{4,8}", word) for word in WORDS)


@given(st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES))
def test_every_secret_reads_back_from_words_and_from_the_code(secret: bytes) -> None:
    slip = Slip(secret, CITY)
    assert len(slip.words) == WORD_COUNT
    assert read_slip(" ".join(slip.words), CITY) == slip
    assert read_slip(slip.qr, CITY) == slip


@pytest.mark.parametrize(
    "typed",
    [
        lambda words: " ".join(words).upper(),
        lambda words: "\n".join(f"{n}. {word}," for n, word in enumerate(words, 1)),
        lambda words: "  " + " - ".join(word[:4] for word in words) + " ",
        lambda words: " ".join(word[:4] + "ами" for word in words),
        lambda words: " ".join(words).translate(str.maketrans("аеіорсух", "aeiopcyx")),
        lambda words: " ".join(words).translate(str.maketrans("иїєґщ", "іиегш")),
        lambda words: " ".join(word[:2] + "’" + word[2:] for word in words),
    ],
    ids=["capitals", "numbered", "four letters", "endings", "latin", "mixed up", "apostrophes"],
)
def test_a_slip_is_read_as_people_type(typed: object) -> None:
    for seed in range(20):
        slip = Slip(random.Random(seed).randbytes(SECRET_BYTES), CITY)
        assert read_slip(typed(slip.words), CITY) == slip  # type: ignore[operator]


def test_a_code_is_read_in_capitals_and_with_what_a_scanner_adds() -> None:
    assert read_slip(f"  {SLIP.qr.upper()}\r\n", CITY) == SLIP


def test_a_wrong_word_is_noticed() -> None:
    noticed = total = 0
    for place in range(WORD_COUNT):
        for other in WORDS[place::97]:
            words = list(SLIP.words)
            if words[place] == other:
                continue
            words[place] = other
            total += 1
            noticed += refused(" ".join(words))
    assert total > 90
    assert noticed >= total - 2  # one in 1,024 goes unnoticed


def test_two_words_in_each_other_s_place_are_noticed() -> None:
    for place in range(WORD_COUNT - 1):
        words = list(SLIP.words)
        words[place], words[place + 1] = words[place + 1], words[place]
        with pytest.raises(SlipMismatch):
            read_slip(" ".join(words), CITY)


def test_a_slip_of_another_city_is_noticed_and_would_be_another_device() -> None:
    for text in (" ".join(SLIP.words), SLIP.qr):
        with pytest.raises(SlipMismatch):
            read_slip(text, OTHER_CITY)
    here, there = secrets_of_slip(SLIP), secrets_of_slip(Slip(SLIP.secret, OTHER_CITY))
    assert not {here.signing_seed, here.device_secret} & {there.signing_seed, there.device_secret}


def test_what_is_wrong_is_said_by_its_place() -> None:
    words = list(SLIP.words)
    with pytest.raises(SlipIncomplete) as short:
        read_slip(" ".join(words[:-1]), CITY)
    assert short.value.count == WORD_COUNT - 1
    with pytest.raises(UnknownSlipWord) as unknown:
        read_slip(" ".join([*words[:3], "Ъъъ", *words[4:]]), CITY)
    assert (unknown.value.place, unknown.value.word) == (4, "Ъъъ")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1 2 3", "misto:slip/1/", SLIP.qr + "a", SLIP.qr[:-1], "misto:slip/2/aaaa",
        SLIP.qr[:-1] + "!", SLIP.qr[:-1] + "0", "слово " * 9, "а" * (SLIP_TEXT_CHARS_MAX + 1),
        "яблуко " * 9, "\0\ud800",
    ],
)  # fmt: skip
def test_what_is_no_slip_is_refused_with_a_reason(text: str) -> None:
    assert refused(text)


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_a_slip_or_an_error_of_ours(text: str) -> None:
    assert refused(text) or read_slip(text, CITY).city == CITY


def test_fresh_slips_differ_and_do_not_print_themselves() -> None:
    one, two = new_slip(CITY), new_slip(CITY)
    assert one.secret != two.secret
    shown = f"{one!r} {secrets_of_slip(one)!r}"
    assert one.words[0] not in shown
    assert one.secret.hex() not in shown
    assert str(one.secret) not in shown
