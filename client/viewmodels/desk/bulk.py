"""Acts on many appeals at once: what is marked, what is to be done, a last question, the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import flet as ft

from client.services.office.asked import Done, Template
from client.services.office.case import Case
from client.viewmodels.base import Typed, once, told
from client.viewmodels.desk.table import TableModel
from shared_schema.limits import SHORT_CHARS_MAX, TEXT_CHARS_MAX

if TYPE_CHECKING:
    from client.viewmodels.app import App

Act = Literal["assign", "status", "reply", "forward", "merge"]
ACTS: Final[tuple[Act, ...]] = Act.__args__  # type: ignore[attr-defined]
STATUSES: Final = ("in_progress", "answered", "returned", "closed")
"""Registering is for one at a time: each gets a number of its own."""
_NEEDS_WORDS: Final = ("reply", "returned")


class Failure(NamedTuple):
    """An appeal that was left as it was, and the code of the reason."""

    record: str
    name: str
    """Its number and title, as far as they are known here."""
    code: str


class BulkModel(ft.Observable):
    """What is marked stays marked from page to page, until it is acted on or let go."""

    def __init__(self, app: App, table: TableModel) -> None:
        self.app = app
        self.table = table
        self.marked: frozenset[str] = frozenset()
        self.act: Act | None = None
        self.value = ""
        """To whom, which status, which queue, into which record."""
        self.sure = False
        """Whether the last question is being asked."""
        self.busy = False
        self.problem = ""
        self.done = 0
        self.failed: tuple[Failure, ...] = ()
        self.finished: Act | None = None
        self.templates: tuple[Template, ...] = ()
        self.preview = ""
        self.words = Typed()
        self.forms = 0
        self._cases: dict[str, Case] = {}

    @property
    def count(self) -> int:
        """How many are marked."""
        return len(self.marked)

    @property
    def candidates(self) -> tuple[Case, ...]:
        """Those of the marked that have been on the screen, the one received first first."""
        known = (self._cases[each] for each in self.marked if each in self._cases)
        return tuple(sorted(known, key=lambda case: (case.received_at_ms, case.record)))

    def toggle(self, record: str) -> None:
        """Mark an appeal, or take its mark off."""
        self._remember()
        self._mark(self.marked ^ {record})

    def toggle_page(self) -> None:
        """Mark all of the page; when all are marked, none of it."""
        self._remember()
        page = {row.case.record for row in self.table.rows}
        self._mark(self.marked - page if page <= self.marked else self.marked | page)

    @told
    async def mark_all(self) -> None:
        """Mark everything that the filters let through, also what is on other pages."""
        office = self.app.open_services.office
        self._remember()
        self._mark(frozenset(await self.app.device.read(office.records, self.table.query)))

    def let_go(self) -> None:
        """Mark nothing."""
        self._mark(frozenset())

    @told
    async def begin(self, act: Act, value: str = "") -> None:
        """Ask what is to be done in detail."""
        self._fresh()
        self.done, self.failed, self.finished = 0, (), None
        self.act, self.value = act, value
        if act == "merge" and self.candidates:
            self.value = value or self.candidates[0].record
        if act == "reply":
            office = self.app.open_services.office
            self.templates = await self.app.device.read(office.templates)

    def choose(self, value: str) -> None:
        """To whom, which status, which queue, into which."""
        self.value, self.problem = value, ""

    def use_template(self, name: str) -> None:
        """Take a template as the text to be sent; its places are filled for each appeal."""
        found = next((each for each in self.templates if each.name == name), None)
        if found is not None:
            self.words.text = found.text
            self.forms += 1
            self.app.keyboard.gone("bulk-")

    @told
    async def check(self) -> None:
        """Go on to the last question when nothing is missing."""
        self.problem = self._problem()
        if self.problem or self.act is None:
            return
        if self.act == "reply" and self.candidates:
            filled, first = self.app.open_services.office.filled, self.candidates[0].record
            self.preview = await self.app.device.read(filled, first, self.words.text.strip())
        self.app.keyboard.gone("bulk-")
        self.sure = True

    def back(self) -> None:
        """From the question to the form, from the form to the marks."""
        if self.busy:
            return
        if self.sure:
            self.sure = False
        else:
            self._fresh()

    def close(self) -> None:
        """The result has been read."""
        self.done, self.failed, self.finished = 0, (), None

    @told
    @once
    async def do(self) -> None:
        """Do it, and tell how far it went; what failed stays marked."""
        act = self.act
        if act is None or not self.sure:
            return
        self.busy = True
        try:
            result = await self._do(act, sorted(self.marked))
        finally:
            self.busy = False
        self.done, self.finished = len(result.done), act
        self.failed = tuple(Failure(each, self._name(each), code) for each, code in result.failed)
        self._mark(frozenset(failure.record for failure in self.failed))

    async def _do(self, act: Act, records: Sequence[str]) -> Done:
        office, save = self.app.open_services.office, self.app.device.save
        words = self.words.text.strip()
        if act == "assign":
            return await save(office.assign, records, words or self.value)
        if act == "status":
            return await save(office.set_status, records, self.value, words)
        if act == "forward":
            return await save(office.forward, records, self.value, words)
        if act == "merge":
            rest = [record for record in records if record != self.value]
            return await save(office.merge, rest, self.value)
        return await save(office.reply, records, words)

    def _problem(self) -> str:
        words = self.words.text.strip()
        if self.act in ("status", "forward", "merge") and not self.value:
            return "desk.choose_first"
        if (self.act in _NEEDS_WORDS or self.value in _NEEDS_WORDS) and not words:
            return "desk.reply_empty" if self.act == "reply" else "desk.explain_first"
        if len(words) > (TEXT_CHARS_MAX if self.act == "reply" else SHORT_CHARS_MAX):
            return "desk.too_long"
        return "desk.merge_two" if self.act == "merge" and self.count < 2 else ""

    def _name(self, record: str) -> str:
        case = self._cases.get(record)
        if case is None:
            return record[:8]
        return f"{case.number or case.receipt_number} {case.title}".strip()

    def _remember(self) -> None:
        """What is on the screen now may be marked, and is named in the result."""
        self._cases |= {row.case.record: row.case for row in self.table.rows}

    def _mark(self, records: frozenset[str]) -> None:
        self.marked = records
        self._cases = {each: case for each, case in self._cases.items() if each in records}
        self._fresh()

    def _fresh(self) -> None:
        self.act, self.value, self.sure, self.problem, self.preview = None, "", False, "", ""
        self.words.text = ""
        self.forms += 1
        self.app.keyboard.gone("bulk-")
