"""Writing to the city: the draft, the checks in plain words, and saving it on this device."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import flet as ft

from client.services.types import AppealView
from client.viewmodels.base import told
from shared_schema.limits import SHORT_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX
from shared_schema.records.appeal import AppealKind, Lane, Opened

if TYPE_CHECKING:
    from client.viewmodels.app import App

Problem = tuple[str, int]
"""The key of a text and the number in it (0 for none)."""
FIELDS: Final = ("title", "text", "category", "address", "district", "name", "contact")
LIMITS: Final = {"title": TITLE_CHARS_MAX, "text": TEXT_CHARS_MAX}
REQUIRED: Final = ("title", "text")
REQUIRED_WHEN_IDENTIFIED: Final = ("name", "contact")


class WriteModel(ft.Observable):
    """A draft. `texts` is a plain object: a re-render at each key would race with the next one."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.lane: Lane = "signal"
        self.kind: AppealKind = "application"
        self.problems: dict[str, Problem] = {}
        self.saved: AppealView | None = None
        self.busy = False
        self._texts: dict[str, str] = dict.fromkeys(FIELDS, "")

    def text(self, field: str) -> str:
        """What a field holds."""
        return self._texts[field]

    def typed(self, field: str) -> Callable[[str], None]:
        """The function that takes what is typed into a field."""

        def take(text: str) -> None:
            self._texts[field] = text
            if field in self.problems and not self._check().get(field):
                self.problems = {key: p for key, p in self.problems.items() if key != field}

        return take

    def choose_lane(self, lane: Lane) -> None:
        """A signal or an appeal; a problem of the other lane's fields is none any more."""
        self.lane = lane
        self.problems = {}

    def choose_kind(self, kind: AppealKind) -> None:
        """What an identified appeal is."""
        self.kind = kind

    @told
    async def save(self) -> None:
        """Check, then save; `saved` is set after the commit and never before."""
        if self.busy:
            return
        self.problems = self._check()
        if self.problems:
            return
        self.busy = True
        try:
            file = self.app.open_services.appeals.file
            self.saved = await self.app.device.save(file, self._opened())
            self._texts = dict.fromkeys(FIELDS, "")
        finally:
            self.busy = False

    def again(self) -> None:
        """A new, empty form."""
        self.saved = None

    def _check(self) -> dict[str, Problem]:
        required = REQUIRED + (REQUIRED_WHEN_IDENTIFIED if self.lane == "appeal" else ())
        problems: dict[str, Problem] = {}
        for field in FIELDS:
            limit = LIMITS.get(field, SHORT_CHARS_MAX)
            if field in required and not self._texts[field].strip():
                problems[field] = (f"check.{field}_empty", 0)
            elif len(self._texts[field].strip()) > limit:
                problems[field] = ("check.too_long", limit)
        return problems

    def _opened(self) -> Opened:
        texts = {field: text.strip() for field, text in self._texts.items()}
        if self.lane == "signal":
            texts["name"] = ""
            texts["contact"] = ""
        kind: AppealKind = self.kind if self.lane == "appeal" else ""
        texts["category"] = texts["category"] or "other"
        return Opened(lane=self.lane, kind=kind, **texts)
