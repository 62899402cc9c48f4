"""Searching by words: what is looked through, and what is looked for, in one byte a letter.

One byte a letter halves the memory and the time. Whatever is no letter or digit divides words;
apostrophes and stress marks, which everybody writes differently, are left out on both sides.
"""

from __future__ import annotations

from typing import Final
from unicodedata import normalize

from client.services.office.case import Case

_CHARSET: Final = "cp1251"
_STRANGE: Final = b"\x98"
"""A letter that the alphabet does not have; the one byte that windows-1251 does not use."""
_SILENT: Final = "'`‘’".encode(_CHARSET)
_SILENT_ELSEWHERE: Final = dict.fromkeys(map(ord, "ʼʹ′´\u0301"), None) | {ord("?"): " "}


def _folding() -> bytes:
    """For each byte: its letter in lower case, or a space."""
    letters = bytes(range(256)).decode(_CHARSET, "replace")
    low = [letter.lower() if letter.isalnum() else " " for letter in letters]
    low[_STRANGE[0]] = "?"
    return "".join(low).encode(_CHARSET).replace(b"?", _STRANGE)


_FOLD: Final = _folding()


def folded(text: str) -> bytes:
    """A text as it is searched for and in: words in lower case, with spaces between."""
    try:
        raw = text.encode(_CHARSET)
    except UnicodeEncodeError:
        known = normalize("NFC", text).translate(_SILENT_ELSEWHERE)
        raw = known.encode(_CHARSET, "replace").replace(b"?", _STRANGE)
    return raw.translate(_FOLD, _SILENT)


def words_of(case: Case) -> bytes:
    """What a search looks through: a space stands in front of each word."""
    number = f"{case.number} {case.receipt_number}"
    return folded(f" {case.title} {case.text} {case.address} {case.name} {number}")


class Needle:
    """A word that is looked for: it begins a word of the case, or is in its number."""

    def __init__(self, word: bytes) -> None:
        self.start = b" " + word
        self.part = word.decode(_CHARSET, "ignore")
        self.in_number = any(sign.isdigit() for sign in self.part)

    def found(self, case: Case, words: bytes) -> bool:
        """Whether a case with these words has it."""
        if self.start in words:
            return True
        return self.in_number and (
            self.part in case.number.lower() or self.part in case.receipt_number.lower()
        )


def needles(text: str) -> list[Needle]:
    """The words of a text that is looked for, the longest first: most cases lack it."""
    words = sorted(set(folded(text).split()), key=lambda word: (-len(word), word))
    return [Needle(word) for word in words]
