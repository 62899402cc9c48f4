"""Claim slips: the secret of an appeal that was taken for somebody without a phone, in words.

A slip is the whole of a device: whoever holds it can read the appeal's thread and write in it. Its
secret is 80 random bits, written as eight words of a list of 1,024, and a ninth word that checks
them. Nine words and not eight with fewer bits: all slips of a city can be guessed at together, so
the bits are what one should not save on. The check depends on the order of the words and on the
city, so a wrong word, two in each other's place, and a slip of another city are noticed as they are
typed (all but one in 1,024), and not as a thread that cannot be found.

The same 90 bits stand in a QR code: five bits a letter, so two letters are a word.

Argon2id (RFC 9106), salted with the city, stretches the secret; HKDF (RFC 5869) makes of that the
two secrets that every device has. Nothing here is kept anywhere.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared_schema.errors import MistoError
from shared_schema.limits import SLIP_TEXT_CHARS_MAX

SECRET_BYTES: Final = 10
WORD_COUNT: Final = 9
QR_PREFIX: Final = "misto:slip/1/"
# RFC 9106, section 4: the second recommended option, for devices with little memory.
TIME_COST: Final = 3
MEMORY_KIB: Final = 64 * 1024
LANES: Final = 4
KEY_BYTES: Final = 32
_BITS: Final = 10
_MASK: Final = (1 << _BITS) - 1
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
_ENOUGH: Final = 4
"""So many letters of a word tell it from all others of the list."""
_CHECK: Final = b"misto/slip-check/1\0"
_PASSWORD: Final = b"misto/slip/1\0"
_SIGNING: Final = b"misto/slip-signing/1\0"
_DEVICE: Final = b"misto/slip-device/1\0"
_APOSTROPHES: Final = re.compile("['`\u02bc\u2019\u2018\u00b4*]")
_WORD: Final = re.compile(r"[^\W\d_]+")
# Latin and Russian letters that stand for Ukrainian ones, and Ukrainian ones that are mixed up.
_ALIKE: Final = str.maketrans("abcehikmoptxyґєїийщыэёï", "авсенікмортхугеіііш" + "іееі")


class UnknownSlipWord(MistoError):
    """A word that is not in the list; `place` counts from 1, `word` is as it was typed."""

    code = "slip_word"

    def __init__(self, place: int, word: str) -> None:
        super().__init__(f"word {place}: {word}")
        self.place = place
        self.word = word


class SlipIncomplete(MistoError):
    """There are more or fewer words than a slip has; `count` says how many."""

    code = "slip_count"

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} of {WORD_COUNT} words")
        self.count = count


class SlipMismatch(MistoError):
    """The check word does not fit: a wrong word, another order, or a slip of another city."""

    code = "slip_check"


@dataclass(frozen=True, slots=True, repr=False)
class Slip:
    """A slip of one city. Never printed by accident."""

    secret: bytes
    city: bytes

    @property
    def words(self) -> tuple[str, ...]:
        """The nine words, in their order."""
        words = _words()
        return tuple(words[number] for number in self._numbers())

    @property
    def qr(self) -> str:
        """The text of its QR code."""
        return QR_PREFIX + "".join(
            _LETTERS[number >> 5] + _LETTERS[number & 31] for number in self._numbers()
        )

    def _numbers(self) -> tuple[int, ...]:
        bits = int.from_bytes(self.secret, "big")
        carried = (bits >> (_BITS * place) & _MASK for place in reversed(range(WORD_COUNT - 1)))
        return (*carried, _check(self.secret, self.city))


@dataclass(frozen=True, slots=True, repr=False)
class SlipSecrets:
    """The secrets of the slip's device, 32 bytes each."""

    signing_seed: bytes
    device_secret: bytes


def new_slip(city: bytes) -> Slip:
    """A fresh slip of the city with this 16-byte id."""
    return Slip(os.urandom(SECRET_BYTES), city)


def read_slip(text: str, city: bytes) -> Slip:
    """The slip that somebody typed, pasted or scanned: nine words, or the text of the QR code.

    Case, apostrophes, numbers and whatever stands between the words do not matter, nor do letters
    that look or sound alike; the first four letters of a word are enough.

    Raises:
        SlipIncomplete: not nine words. UnknownSlipWord: a word is none of the list.
        SlipMismatch: the words do not belong together, or not to this city.
    """
    if len(text) > SLIP_TEXT_CHARS_MAX:
        raise SlipIncomplete(0)
    squeezed = "".join(text.lower().split())
    at = squeezed.find(QR_PREFIX)
    numbers = _typed(text) if at < 0 else _scanned(squeezed[at + len(QR_PREFIX) :])
    bits = 0
    for number in numbers[:-1]:
        bits = bits << _BITS | number
    secret = bits.to_bytes(SECRET_BYTES, "big")
    if numbers[-1] != _check(secret, city):
        raise SlipMismatch
    return Slip(secret, city)


def secrets_of_slip(slip: Slip) -> SlipSecrets:
    """The secrets of the slip's device: 64 MiB and a tenth of a second, on purpose."""
    stretched = hash_secret_raw(
        _PASSWORD + slip.secret, slip.city, TIME_COST, MEMORY_KIB, LANES, KEY_BYTES, Type.ID
    )
    seed, secret = (
        HKDF(SHA256(), KEY_BYTES, b"", info).derive(stretched) for info in (_SIGNING, _DEVICE)
    )
    return SlipSecrets(seed, secret)


def folded(word: str) -> str:
    """A word in one writing: lower case, no apostrophes, letters that are mixed up as one."""
    return _APOSTROPHES.sub("", word.lower()).translate(_ALIKE)


def _typed(text: str) -> list[int]:
    words = _WORD.findall(_APOSTROPHES.sub("", text))
    known = _places()
    numbers = [known.get(folded(word)[:_ENOUGH], -1) for word in words]
    for place, (word, number) in enumerate(zip(words, numbers, strict=True), 1):
        if number < 0:
            raise UnknownSlipWord(place, word)
    if len(numbers) != WORD_COUNT:
        raise SlipIncomplete(len(numbers))
    return numbers


def _scanned(letters: str) -> list[int]:
    values = [_LETTERS.find(letter) for letter in letters]
    if len(values) != 2 * WORD_COUNT or min(values) < 0:
        raise SlipMismatch
    return [high << 5 | low for high, low in zip(values[::2], values[1::2], strict=True)]


def _check(secret: bytes, city: bytes) -> int:
    """The first ten bits of a hash over the city and the secret."""
    return int.from_bytes(hashlib.sha256(_CHECK + city + secret).digest()[:2], "big") >> 6


@cache
def _words() -> tuple[str, ...]:
    path = files("shared_schema.crypto") / "dictionaries" / "slip-1.txt"
    return tuple(path.read_text(encoding="utf-8").split())


@cache
def _places() -> dict[str, int]:
    return {folded(word)[:_ENOUGH]: number for number, word in enumerate(_words())}
