"""The orders in which an officer looks at cases: one plain key each, quick to compare.

Of equal keys the case that was received first comes first. Texts follow the Ukrainian alphabet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from client.services.office.asked import Sort
from client.services.office.case import Case
from client.services.office.clock import NEVER_MS
from shared_schema.records.appeal import CATEGORIES, STATUSES, URGENCY

Key = int | str
_ALPHABET: Final = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_PLACES: Final = str.maketrans(
    {letter: chr(ord("а") + place) for place, letter in enumerate(_ALPHABET)}
    | dict(zip("ёъыэ", "\u0480\u0481\u0482\u0483", strict=True))
    | dict.fromkeys("'’ʼ`", "")
)
_DIGITS: Final = re.compile(r"\d+")
_NUMBER_DIGITS: Final = 12
_RANK: Final = {category: place for place, category in enumerate(CATEGORIES)}
_STEP: Final = {status: place for place, status in enumerate(("", *STATUSES))}
_URGENCY_MAX: Final = 3
_LAST: Final = "\U0010ffff"
"""After everything that people write: what is empty stands at the end."""


def alphabetic(text: str) -> str:
    """A key that sorts as the Ukrainian alphabet does, whatever the case; nothing at the end."""
    return text.casefold().translate(_PLACES) or _LAST


def numeric(number: str) -> str:
    """A key that sorts numbers inside of a text by their value; nothing at the end."""
    return _DIGITS.sub(lambda found: found[0].zfill(_NUMBER_DIGITS), number) or _LAST


def urgency(case: Case, until_ms: int) -> int:
    """`Clock.urgency` in one number, without the ties: it does not need the time.

    What is late has its term before now, and so before all that is not.
    """
    opened = case.open
    until = until_ms if opened else NEVER_MS
    pressing = _URGENCY_MAX - URGENCY.get(case.category, 0)
    group = 2 * (not opened) + (not case.privileged)
    return (4 * NEVER_MS * group + NEVER_MS + until) * (_URGENCY_MAX + 1) + pressing


KEYS: Final[dict[Sort, Callable[[Case], Key]]] = {
    "received": lambda case: case.received_at_ms,
    "changed": lambda case: case.changed_at_ms,
    "number": lambda case: numeric(case.number),
    "category": lambda case: _RANK.get(case.category, len(_RANK)),
    "district": lambda case: alphabetic(case.district),
    "status": lambda case: _STEP.get(case.status, len(_STEP)),
    "assignee": lambda case: alphabetic(case.assignee),
}
"""All but `urgency`, which needs the clock."""
