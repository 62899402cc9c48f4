"""Forms that lie open side by side: what was typed into one is still there after another.

A form is told by its record, or by `new`. Its texts are not observable: a re-render at each key
would race with the next key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from client.viewmodels.write import Problem
from shared_schema.limits import SHORT_CHARS_MAX, TITLE_CHARS_MAX

NEW: Final = "new"
Texts = dict[str, str]


class Sheets(ft.Observable):
    """The texts of several forms with the same fields; one of them is open."""

    def __init__(self) -> None:
        self.open = ""
        self.problems: dict[str, Problem] = {}
        self.forms = 0
        """Counts the openings: the fields of another form are other fields."""
        self._kept: dict[str, Texts] = {}
        self._begun: dict[str, Texts] = {}

    def text(self, field: str) -> str:
        """What a field of the open form holds."""
        return self._kept.get(self.open, {}).get(field, "")

    def typed(self, field: str) -> Callable[[str], None]:
        """The function that takes what is typed into a field of the form that is open now."""
        name = self.open

        def take(text: str) -> None:
            if name in self._kept:
                self._kept[name][field] = text

        return take

    def put(self, field: str, text: str) -> None:
        """Change a field by a tap: it shows at once."""
        self.typed(field)(text)
        self.notify()  # type: ignore[no-untyped-call]

    def begin(self, name: str, texts: Texts) -> None:
        """Open a form; `texts` are what it begins with, unless something was typed into it."""
        if name not in self._kept or self._kept[name] == self._begun.get(name):
            self._kept[name], self._begun[name] = dict(texts), dict(texts)
        if self.open != name:
            self.open, self.problems = name, {}
            self.forms += 1

    def touched(self, name: str = "") -> bool:
        """Whether anybody has typed anything into a form: the open one unless told otherwise."""
        name = name or self.open
        return self._kept.get(name) != self._begun.get(name)

    def end(self, name: str = "") -> None:
        """What was typed is saved, or not wanted."""
        name = name or self.open
        self._kept.pop(name, None)
        self._begun.pop(name, None)
        if name == self.open:
            self.open, self.problems = "", {}

    def tell(self, problems: dict[str, Problem]) -> bool:
        """Show what is wrong; says whether nothing is."""
        self.problems = problems
        return not problems


def check_texts(
    texts: Callable[[str], str], fields: tuple[str, ...], needed: str = ""
) -> dict[str, Problem]:
    """What of these fields is missing or too long."""
    problems: dict[str, Problem] = {}
    for field in fields:
        text = texts(field).strip()
        limit = TITLE_CHARS_MAX if field in ("name", "title") else SHORT_CHARS_MAX
        if field == needed and not text:
            problems[field] = ("check.needed", 0)
        elif len(text) > limit:
            problems[field] = ("check.too_long", limit)
    return problems
