"""Rows of a table while they are read: cells by column, and what is wrong with them.

A row becomes one struct or a list of what is wrong with it, never half of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Generic, NamedTuple, TypeVar

from client.services.interchange.cells import day_of, degrees_e5, list_of
from client.services.interchange.columns import folded
from client.services.interchange.problems import Problem, shown
from client.services.interchange.texts import clean
from client.services.interchange.times import table_ms
from shared_schema.limits import SHORT_CHARS_MAX

T = TypeVar("T")


class Row(NamedTuple, Generic[T]):
    """One row: `value`, or why there is none. Exactly one of the two is given."""

    number: int
    value: T | None
    problems: tuple[Problem, ...]


class Table(NamedTuple, Generic[T]):
    """A file that was read; rows in its order, empty ones left out."""

    rows: tuple[Row[T], ...]
    ignored: tuple[str, ...]
    """Columns that mean nothing to Misto; all in them was left out."""
    columns: frozenset[str] = frozenset()
    """The columns that there were, by code: what another would say is simply not said."""

    @property
    def values(self) -> list[T]:
        """What was understood."""
        return [row.value for row in self.rows if row.value is not None]

    @property
    def problems(self) -> list[Problem]:
        """Everything that was not."""
        return [problem for row in self.rows for problem in row.problems]


class Cells:
    """The cells of one row by column code; reading them gathers what is wrong."""

    def __init__(
        self, number: int, cells: Mapping[str, str], names: Mapping[str, str], zone: tzinfo
    ) -> None:
        self.number = number
        self.problems: list[Problem] = []
        self._cells = cells
        self._names = names
        self._zone = zone

    def wrong(self, code: str, column: str, value: str = "", limit: int = 0) -> None:
        """Note that something is wrong with a cell, under the name its file gives the column."""
        name = self._names.get(column, column)
        self.problems.append(Problem(code, self.number, name, shown(value), limit))

    def raw(self, column: str) -> str:
        """The clean text of a cell."""
        return clean(self._cells.get(column, ""))

    def text(self, column: str, limit: int = SHORT_CHARS_MAX, needed: bool = False) -> str:
        """A text within its limit."""
        text = self.raw(column)
        if needed and not text:
            self.wrong("cell_missing", column)
        if len(text) > limit:
            self.wrong("cell_long", column, text, limit)
        return text

    def word(self, column: str, words: Mapping[str, str]) -> str:
        """The code of a word of a closed list."""
        text = self.text(column, needed=True)
        if text and folded(text) not in words:
            self.wrong("cell_word", column, text)
        return words.get(folded(text), "")

    def words(self, column: str, words: Mapping[str, str], limit: int) -> list[str]:
        """The codes of several words of a closed list, each once."""
        cell = self.raw(column)
        entries = list_of(cell.replace(",", "|").replace(";", "|"))
        for entry in entries:
            if folded(entry) not in words:
                self.wrong("cell_word", column, entry)
        found = list(dict.fromkeys(words.get(folded(entry), "") for entry in entries))
        if len(found) > limit:
            self.wrong("cell_many", column, cell, limit)
        return found

    def entries(self, column: str, limit: int) -> list[str]:
        """A list of short texts."""
        entries = list_of(self.raw(column))
        if len(entries) > limit:
            self.wrong("cell_many", column, str(len(entries)), limit)
        for entry in entries:
            if len(entry) > SHORT_CHARS_MAX:
                self.wrong("cell_long", column, entry, SHORT_CHARS_MAX)
        return entries

    def degrees(self, column: str, limit: int) -> int | None:
        """A coordinate, in hundred-thousandths of a degree."""
        text = self.raw(column)
        if not text:
            return None
        e5 = degrees_e5(text)
        if e5 is None:
            self.wrong("cell_degrees", column, text)
        elif abs(e5) > limit * 100_000:
            self.wrong("cell_range", column, text, limit)
        return e5

    def day(self, column: str) -> str:
        """A day of a schedule. Empty is no day: nobody said that there will be supply."""
        text = self.raw(column)
        day = day_of(text)
        if day is None:
            self.wrong("cell_day" if text else "cell_missing", column, text)
        return day or ""

    def moment(self, column: str) -> int:
        """Until when; empty is 0, without end."""
        text = self.raw(column)
        moment = table_ms(text, self._zone) if text else 0
        if moment is None:
            self.wrong("cell_date", column, text)
        return moment or 0
