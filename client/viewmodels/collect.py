"""Taking an appeal for somebody without a phone: few questions, read back, and the slip.

Nothing of it is a draft: what lies on this device, however sealed, could be opened with its PIN.
What was typed is in this window's memory until it is saved. The slip is kept, sealed, until
somebody says that the resident has it: should the app end before, the next start shows it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

import flet as ft

from client.services.doorstep.page import page_of
from client.viewmodels.base import once, told
from client.viewmodels.ports import Collected
from client.viewmodels.reports.saving import Saver
from client.viewmodels.write import IDENTIFIED, LIMITS, Problem
from shared_schema.crypto.slip import Slip
from shared_schema.limits import SHORT_CHARS_MAX
from shared_schema.records.appeal import Lane, Opened

if TYPE_CHECKING:
    from client.viewmodels.app import App

Step = Literal["form", "read", "slip"]
QUESTIONS: Final = ("text", "address", "district", *IDENTIFIED)
TITLE_CHARS: Final = 60
"""The desk's lists show a title; nobody at a door is asked for one."""


class CollectModel(ft.Observable):
    """One appeal at a time."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.form = 0
        """Counts the forms: the fields of another one are other fields."""
        self._texts: dict[str, str] = {}
        self.saver = Saver(app)
        self._begin()

    def _begin(self) -> None:
        self.saver.forget()
        self.step: Step = "form"
        self.lane: Lane = "appeal"
        self.category = ""
        self.problems: dict[str, Problem] = {}
        self.taken: Collected | None = None
        self.again = False
        """Whether this slip was shown before the app ended."""
        self.busy = False
        self._texts = dict.fromkeys(QUESTIONS, "")
        self.form += 1

    def text(self, field: str) -> str:
        """What a field holds."""
        return self._texts[field]

    def typed(self, field: str) -> Callable[[str], None]:
        """The function that takes what is typed into a field."""

        def take(text: str) -> None:
            self._texts[field] = text
            if field in self.problems and field not in self._check():
                self.problems = {key: p for key, p in self.problems.items() if key != field}

        return take

    def choose_lane(self, lane: Lane) -> None:
        """With a name, and so with the law's dates, or without."""
        self.lane = lane
        self.problems = {}

    def choose_category(self, category: str) -> None:
        """What it is about."""
        self.category = category

    def read_back(self) -> None:
        """On to reading it aloud, when nothing is missing."""
        self.problems = self._check()
        if not self.problems:
            self.step = "read"

    def edit(self) -> None:
        """Something was wrong: back to the questions."""
        if not self.busy:
            self.step = "form"

    @told
    @once
    async def save(self) -> None:
        """The resident has confirmed it: seal it, and show the slip after the commit."""
        self.busy = True
        try:
            doorstep = self.app.open_services.doorstep
            taken = await self.app.device.save(doorstep.collect, self._opened())
            self._texts = dict.fromkeys(QUESTIONS, "")  # from here on only the slip opens it
            self.taken, self.step = taken, "slip"
        finally:
            self.busy = False

    @property
    def slip(self) -> Slip | None:
        """The slip that is being handed over."""
        return self.taken.slip if self.taken else None

    @property
    def unconfirmed(self) -> bool:
        """Whether somebody's words are in this window that nobody has confirmed and saved."""
        return self.step != "slip" and any(text.strip() for text in self._texts.values())

    async def resume(self) -> None:
        """Show a slip again that nobody has confirmed to have; there may be several."""
        waiting = await self.app.device.read(self.app.open_services.doorstep.unhanded)
        if waiting and self.taken is None:
            self.taken, self.step, self.again = waiting[0], "slip", True

    def page(self) -> bytes:
        """The slip as a page to print."""
        assert self.slip is not None
        return page_of(self.slip, self.app.open_services.city, self.app.words)

    @told
    @once
    async def handed_over(self) -> None:
        """The slip is with the resident: this device forgets it now."""
        if self.taken is None:
            return
        await self.app.device.note(self.app.open_services.doorstep.handed, self.taken)
        self._begin()
        await self.resume()
        await self.app.round.refresh()

    def _check(self) -> dict[str, Problem]:
        required = ("text", *(IDENTIFIED if self.lane == "appeal" else ()))
        problems: dict[str, Problem] = {}
        for field in QUESTIONS:
            said, limit = self._texts[field].strip(), LIMITS.get(field, SHORT_CHARS_MAX)
            if field in required and not said:
                problems[field] = (f"check.{field}_empty", 0)
            elif len(said) > limit:
                problems[field] = ("check.too_long", limit)
        return problems

    def _opened(self) -> Opened:
        texts = {field: text.strip() for field, text in self._texts.items()}
        named = self.lane == "appeal"
        if not named:
            texts |= dict.fromkeys(IDENTIFIED, "")
        kind = "application" if named else ""
        category = self.category or "other"
        return Opened(self.lane, kind, title_from(texts["text"]), category=category, **texts)  # type: ignore[arg-type]


def title_from(text: str) -> str:
    """The first words of a text, as many whole ones as fit a title."""
    first = " ".join(text.split())
    if len(first) <= TITLE_CHARS:
        return first
    cut = first[:TITLE_CHARS].rpartition(" ")[0] or first[:TITLE_CHARS]
    return f"{cut}…"
