"""Finding a record by what a person types: its id, the first letters of it, or its number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from misto.cli.errors import Problem

if TYPE_CHECKING:
    from client.services.types import AppealView

_PREFIX_CHARS_MIN: Final = 4
_SHOWN_MAX: Final = 3


class HasRecord(Protocol):
    """A view of a record."""

    @property
    def record(self) -> str:
        """The record's id in hex."""


R = TypeVar("R", bound=HasRecord)


def find_record(views: Iterable[R], reference: str) -> R:
    """The one record whose id is `reference` or begins so.

    Raises:
        Problem: none, or several.
    """
    prefix = _checked(reference).lower()
    return _only([view for view in views if view.record.startswith(prefix)], reference)


def find_appeal(views: Iterable[AppealView], reference: str) -> AppealView:
    """The one appeal that `reference` names, by its id or by its number.

    Raises:
        Problem: none, or several.
    """
    wanted = _checked(reference)
    prefix = wanted.lower()
    found = [view for view in views if view.record.startswith(prefix) or view.number == wanted]
    return _only(found, reference)


def _checked(reference: str) -> str:
    wanted = reference.strip()
    if len(wanted) < _PREFIX_CHARS_MIN:
        raise Problem(f"give at least {_PREFIX_CHARS_MIN} letters of the record's id")
    return wanted


def _only(found: list[R], reference: str) -> R:
    if not found:
        raise Problem(f"no such record on this device: {reference}")
    if len(found) > 1:
        some = ", ".join(view.record for view in found[:_SHOWN_MAX])
        raise Problem(f"{reference} names {len(found)} records: {some}; give more letters")
    return found[0]
