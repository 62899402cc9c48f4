"""Reply templates: what a desk writes often, with places to fill from the case.

They are this device's own, sealed like all notes: what a desk usually answers is nobody's business,
and neither is what a template is called.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from client.services.notes import Notes
from client.services.office.asked import Template
from client.services.office.case import Case
from client.services.office.clock import Clock
from client.services.office.tables import local_day
from shared_schema.errors import PayloadError
from shared_schema.limits import SHORT_CHARS_MAX, TEXT_CHARS_MAX

_PREFIX: Final = "template/"
_PLACE: Final = re.compile(r"(,? *)\{(\w+)\}")


class _Kept(msgspec.Struct, frozen=True):
    name: str
    text: str


class Templates:
    """The templates of one device, by name."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def list(self) -> tuple[Template, ...]:
        """All of them, in the order of their names."""
        kept = self._notes.all(_PREFIX, _Kept).values()
        return tuple(
            Template(each.name, each.text)
            for each in sorted(kept, key=lambda each: (each.name.casefold(), each.name))
        )

    def put(self, template: Template) -> None:
        """Keep a template durably; it replaces the one of the same name.

        Raises:
            PayloadError: it has no name or no text, or one of them is too long.
        """
        name, text = template.name.strip(), template.text.strip()
        if not (0 < len(name) <= SHORT_CHARS_MAX and 0 < len(text) <= TEXT_CHARS_MAX):
            raise PayloadError("template")
        self._notes.put(self._note_of(name) or _PREFIX + os.urandom(8).hex(), _Kept(name, text))

    def forget(self, name: str) -> None:
        """Throw a template away; one that is not there is no error."""
        note = self._note_of(name.strip())
        if note:
            self._notes.forget(note)

    def _note_of(self, name: str) -> str:
        kept = self._notes.all(_PREFIX, _Kept)
        return next((note for note, each in kept.items() if each.name == name), "")


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its places filled; what is none of ours is left as it is.

    A place that has nothing to say goes, with the comma and the space in front of it: «Добрий день,
    {name}!» greets somebody who has given no name, too. Values are not looked through again.
    """

    def value(found: re.Match[str]) -> str:
        before, place = found.groups()
        if place not in values:
            return found[0]
        return before + values[place] if values[place] else ""

    return _PLACE.sub(value, text)


def values_of(case: Case, clock: Clock, officer: str) -> dict[str, str]:
    """What the places of a template say of a case. Days are those of the city."""
    due = [each.day for each in clock.deadlines(case) if each.binding]
    return {
        "number": case.number,
        "receipt": case.receipt_number,
        "name": case.name,
        "title": case.title,
        "date": _day(local_day(case.received_at_ms, clock.zone)),
        "deadline": _day(due[-1] if due else None),
        "officer": officer,
    }


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day is not None else ""
