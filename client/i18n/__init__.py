"""The app's words: one catalogue of texts per language, with plurals, switchable at once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

LANGUAGES: Final = ("uk", "en")
DEFAULT: Final = "uk"
Entry = str | dict[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language. Call it with a key, and `n` where the text counts something."""

    language: str
    entries: dict[str, Entry]

    def __call__(self, key: str, **values: object) -> str:
        entry = self.entries[key]
        if isinstance(entry, dict):
            n = values["n"]
            assert isinstance(n, int)
            entry = entry[plural(self.language, n)]
        return entry.format(**values) if values else entry

    def has(self, key: str) -> bool:
        """Whether there is such a text; for keys made from codes that newer peers may extend."""
        return key in self.entries


@cache
def words(language: str) -> Words:
    """The catalogue of a language.

    Raises:
        FileNotFoundError: the app does not speak it.
    """
    text = (resources.files(__package__) / f"{language}.json").read_text(encoding="utf-8")
    return Words(language, json.loads(text))


def plural(language: str, n: int) -> str:
    """The plural category of a whole number (Unicode CLDR, cardinal rules)."""
    if language != "uk":
        return "one" if n == 1 else "other"
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14):
        return "few"
    return "many"
