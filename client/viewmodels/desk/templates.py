"""Managing reply templates: writing one, changing it, throwing it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import flet as ft

from client.services.office.asked import Template
from client.viewmodels.base import Typed, once, told
from shared_schema.limits import SHORT_CHARS_MAX, TEXT_CHARS_MAX

if TYPE_CHECKING:
    from client.viewmodels.app import App

PLACES: Final = ("number", "receipt", "name", "title", "date", "deadline", "officer")
"""What a template may leave open, in braces."""


class TemplatesModel(ft.Observable):
    """The templates of this device, and the form for one of them."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.items: tuple[Template, ...] = ()
        self.name = Typed()
        self.text = Typed()
        self.changing = ""
        """The name of the template that is in the form; empty for a new one."""
        self.leaving = ""
        """The one that is about to be thrown away."""
        self.problem = ""
        self.saved = False
        self.forms = 0

    @told
    async def refresh(self) -> None:
        """Read them again."""
        self.items = await self.app.device.read(self.app.open_services.office.templates)

    def take_up(self, template: Template) -> None:
        """Put one into the form."""
        self._fill(template.name, template.text)
        self.changing = template.name

    def add_place(self, place: str) -> None:
        """Put a place to be filled at the end of the text."""
        self.text.text = f"{self.text.text.rstrip()} {{{place}}}".lstrip()
        self.forms += 1
        self.app.keyboard.gone("template-")

    def clear(self) -> None:
        """An empty form."""
        self._fill("", "")

    def ask(self, name: str) -> None:
        """Ask whether to throw one away; an empty name asks nothing."""
        self.leaving = name

    @told
    @once
    async def save(self) -> None:
        """Keep what is in the form; under another name the old one goes."""
        name, text = self.name.text.strip(), self.text.text.strip()
        self.problem = self._problem(name, text)
        if self.problem:
            return
        office, note = self.app.open_services.office, self.app.device.note
        await note(office.put_template, Template(name, text))
        if self.changing and self.changing != name:
            await note(office.forget_template, self.changing)
        self._fill("", "")
        self.saved = True
        await self._again()

    @told
    @once
    async def forget(self) -> None:
        """Throw away the one that was asked about."""
        office = self.app.open_services.office
        await self.app.device.note(office.forget_template, self.leaving)
        if self.changing == self.leaving:
            self._fill("", "")
        self.leaving = ""
        await self._again()

    async def _again(self) -> None:
        await self.refresh()
        await self.app.queue.replies.refresh()

    def _problem(self, name: str, text: str) -> str:
        if not name or not text:
            return "desk.template_empty"
        return "desk.too_long" if len(name) > SHORT_CHARS_MAX or len(text) > TEXT_CHARS_MAX else ""

    def _fill(self, name: str, text: str) -> None:
        self.name.text, self.text.text = name, text
        self.changing, self.problem, self.saved = "", "", False
        self.forms += 1
        self.app.keyboard.gone("template-")
