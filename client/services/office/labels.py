"""The words of what the office prints: the journal, the quarterly report, the public feed.

They are set by law and custom and not by the app's screens, so they are a data file of their own.
Topics are named as on the screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from client.i18n import Words, words


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    note: str
    uk: dict[str, str]
    en: dict[str, str]


@dataclass(frozen=True, slots=True)
class Labels:
    """The printed words of one language. Call it with a key and what the text leaves open."""

    language: str
    note: str
    """What of the codes is an assumption."""
    entries: dict[str, str]
    screen: Words

    def __call__(self, key: str, **values: object) -> str:
        return self.entries[key].format(**values) if values else self.entries[key]

    def of(self, group: str, code: str) -> str:
        """The word for a code, which a newer peer may have sent: then the code itself."""
        return self.entries.get(f"{group}.{code}", code)

    def category(self, code: str) -> str:
        """A topic as the screens name it; what they do not know stays as it is."""
        key = f"category.{code}"
        return self.screen(key) if self.screen.has(key) else code


@cache
def labels(language: str) -> Labels:
    """The printed words of a language.

    Raises:
        FileNotFoundError: the app does not speak it.
    """
    file = resources.files(__package__) / "labels_data.json"
    data = msgspec.json.decode(file.read_bytes(), type=_Data)
    screen = words(language)
    return Labels(language, data.note, data.en if language == "en" else data.uk, screen)
