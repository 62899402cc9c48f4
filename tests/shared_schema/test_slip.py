"""Claim slips: words that are read as people type them, and nothing that is not the right slip."""

from __future__ import annotations

import random
import re
from importlib.resources import files
from itertools import combinations

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


HEARD = str.maketrans("бдзжгиійуюя", "птсшхееевва") | {ord("ь"): None}
UNFIT = {
    # The war.
    *[
        "ізюм",
        "атом",
        "аеродром",
        "літак",
        "вогонь",
        "ракетка",
        "гвоздика",
        "акація",
        "салют",
        "феєрверк",
        "грім",
        "гроза",
    ],
    *[
        "буревій",
        "касета",
        "камера",
        "театр",
        "парад",
        "бригада",
        "охорона",
        "герой",
        "медаль",
        "схід",
        "майдан",
        "шахта",
    ],
    *["вибух", "тривога", "укриття", "вокзал", "вантаж", "шабля", "гребля"],
    # у or в at their beginning, as it sounds best.
    *["удача", "вдача", "урожай", "узор", "вчитель", "вчений"],
    # Other words are better Ukrainian, or these are rude, or mean two things.
    *[
        "янтар",
        "філін",
        "тапки",
        "таріль",
        "дирижер",
        "іней",
        "хрін",
        "глухар",
        "тачка",
        "шашка",
        "ласка",
        "міль",
        "корона",
    ],
    *["самовар", "трійка", "тайга", "тамада", "овеча", "зчитувач"],
}


def refused(text: str, city: bytes = CITY) -> bool:
    try:
        read_slip(text, city)
    except MistoError:
        return True
    return False


def test_the_list_has_words_that_four_letters_tell_apart_however_they_are_mistyped() -> None:
    assert len(WORDS) == len({folded(word)[:4] for word in WORDS}) == 1024
    assert all(re.fullmatch("[абвгґдеєжзиіїйклмнопрстуфхцчшщьюя]{4,8}", word) for word in WORDS)


def within_one(one: str, other: str) -> bool:
    """Whether one slip of the pen makes one word the other: a letter more, less, other, swapped."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) < len(other):
        return any(other[:at] + other[at + 1 :] == one for at in range(len(other)))
    wrong = [at for at in range(len(one)) if one[at] != other[at]]
    first, last = wrong[0], wrong[-1]
    swapped = one[first : last + 1] == other[first : last + 1][::-1] and last - first == 1
    return len(wrong) == 1 or (len(wrong) == 2 and swapped)


def heard(word: str) -> str:
    """A word as it may be heard on a bad line: voiced as unvoiced, е as и as і, в as у, no ь."""
    sounds = folded(word).replace("дз", "ц").replace("дж", "ч")
    return re.sub(r"(.)\1", r"\1", sounds.translate(HEARD))


def test_one_wrong_letter_makes_no_word_another_one() -> None:
    """What a pen spoils is a word that is on no slip, so that its place can be told."""
    alike = [(a, b) for a, b in combinations(WORDS, 2) if within_one(folded(a), folded(b))]
    assert alike == []


def test_no_two_words_sound_alike_on_a_telephone() -> None:
    by_sound: dict[str, list[str]] = {}
    for word in WORDS:
        by_sound.setdefault(heard(word), []).append(word)
    assert [words for words in by_sound.values() if len(words) > 1] == []


def test_nobody_is_handed_a_word_that_hurts_or_is_written_in_two_ways() -> None:
    """What was taken out when the list was read word by word, so that it does not come back."""
    assert [word for word in WORDS if word in UNFIT] == []
    assert sorted(set(WORDS)) == sorted(WORDS)


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
