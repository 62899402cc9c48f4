"""Replying: the text of each appeal, templates to begin from, and what the resident will read.

What was begun for one appeal is still there when one comes back to it, as long as the window is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import flet as ft

from client.services.office.asked import Template
from client.viewmodels.base import Typed, told
from shared_schema.limits import TEXT_CHARS_MAX

if TYPE_CHECKING:
    from client.viewmodels.app import App

BEGUN_MAX: Final = 200
"""Texts kept for appeals that were left; the oldest are let go first."""


class RepliesModel(ft.Observable):
    """The reply to the open appeal."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.record = ""
        self.words = Typed()
        self.problem = ""
        self.answered = False
        """Whether the status becomes `answered` with it."""
        self.templates: tuple[Template, ...] = ()
        self.preview = ""
        """The text as its author will read it; asked for, and gone with the next key."""
        self.forms = 0
        self._begun: dict[str, str] = {}

    @told
    async def refresh(self) -> None:
        """Read the templates."""
        self.templates = await self.app.device.read(self.app.open_services.office.templates)

    def open(self, record: str) -> None:
        """Go on with what was begun for this appeal."""
        self._keep()
        self.record = record
        self.words.text = self._begun.pop(record, "")
        self.problem = self.preview = ""
        self.forms += 1  # the keys stay as they are: the field may be on its way to the focus

    def typed(self, text: str) -> None:
        """A key in the field."""
        self.words.text = text
        if self.preview:
            self.preview = ""

    @told
    async def use(self, name: str) -> None:
        """Put a template, filled from the appeal, below what is there already."""
        found = next((each for each in self.templates if each.name == name), None)
        if found is None:
            return
        record = self.record
        filled = self.app.open_services.office.filled
        text = await self.app.device.read(filled, record, found.text)
        if record == self.record:
            self.words.text = "\n\n".join(each for each in (self.words.text.strip(), text) if each)
            self.problem = ""
            self._fill()

    @told
    async def show(self) -> None:
        """Show what the resident will read."""
        if self.check():
            filled = self.app.open_services.office.filled
            self.preview = await self.app.device.read(filled, self.record, self.words.text.strip())

    def check(self) -> bool:
        """Whether it can be sent; if not, `problem` says why."""
        text = self.words.text.strip()
        self.problem = "" if text else "desk.reply_empty"
        if len(text) > TEXT_CHARS_MAX:
            self.problem = "desk.too_long"
        return not self.problem

    def set_answered(self, on: bool) -> None:
        """Whether the matter is answered with it; stays so for the next reply."""
        self.answered = on

    def sent(self) -> None:
        """It is saved: the field is empty again."""
        self.words.text = self.preview = self.problem = ""
        self._fill()

    def _fill(self) -> None:
        """The field is another one, with what `words` has now."""
        self.forms += 1
        self.app.keyboard.gone("desk-reply-text")

    def _keep(self) -> None:
        if self.record and self.words.text.strip():
            self._begun[self.record] = self.words.text
        while len(self._begun) > BEGUN_MAX:
            del self._begun[next(iter(self._begun))]
