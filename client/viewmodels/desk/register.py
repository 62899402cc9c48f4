"""Entering an appeal in the journal: the number, the classifier, the marks, who signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import flet as ft

from client.services.office.case import Case
from client.viewmodels.base import Typed
from shared_schema.limits import SHORT_CHARS_MAX

if TYPE_CHECKING:
    from client.viewmodels.app import App

FIELDS: Final = ("number", "classifier", "collective", "note")
NUMBER_CHARS_MAX: Final = 64
SIGNED_MAX: Final = 1_000_000


class RegisterModel(ft.Observable):
    """The form; it begins with what is known, so that mostly one tap is enough."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.marks: tuple[str, ...] = ()
        self.privileged = False
        self.problems: dict[str, str] = {}
        self.forms = 0
        self.typed = {name: Typed() for name in FIELDS}

    def begin(self, case: Case) -> None:
        """Fill the form from the receipt, or from the registration that is to be corrected."""
        self.typed["number"].text = case.number or case.receipt_number
        self.typed["classifier"].text = case.classifier
        self.typed["collective"].text = str(case.collective or "")
        self.typed["note"].text = ""
        self.marks, self.privileged = case.marks, case.privileged
        self.problems = {}
        self.forms += 1
        self.app.keyboard.gone("register-")

    def toggle_mark(self, mark: str) -> None:
        """Set a mark or take it off."""
        kept = tuple(each for each in self.marks if each != mark)
        self.marks = kept if mark in self.marks else (*kept, mark)

    def set_privileged(self, on: bool) -> None:
        """Whether the applicant is one of those who come first by law."""
        self.privileged = on

    def check(self) -> bool:
        """Whether it can be saved; what is wrong is told beside its field."""
        self.problems = dict(self._problems())
        return not self.problems

    def values(self) -> dict[str, Any]:
        """What `Office.register` takes; after `check`."""
        texts = {name: typed.text.strip() for name, typed in self.typed.items()}
        return {
            **texts,
            "collective": int(texts["collective"] or 0),
            "marks": list(self.marks),
            "privileged": self.privileged,
        }

    def _problems(self) -> list[tuple[str, str]]:
        texts = {name: typed.text.strip() for name, typed in self.typed.items()}
        found: list[tuple[str, str]] = []
        if not texts["number"]:
            found.append(("number", "desk.number_empty"))
        if len(texts["number"]) > NUMBER_CHARS_MAX:
            found.append(("number", "desk.too_long"))
        found += [
            (name, "desk.too_long")
            for name in ("classifier", "note")
            if len(texts[name]) > SHORT_CHARS_MAX
        ]
        if texts["collective"] and not _is_count(texts["collective"]):
            found.append(("collective", "desk.collective_odd"))
        return found


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:8]) <= SIGNED_MAX and len(text) < 8
