"""Single cells of a table, read and written: coordinates, lists, and the day of a schedule.

Each reader gives None for what it does not understand; nothing is guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import groupby
from typing import Final

from client.services.interchange.columns import (
    ALL_DAY_MAYBE,
    ALL_DAY_OFF,
    ALL_DAY_ON,
    Language,
    Names,
    folded,
)
from shared_schema.records.outage import SLOT_MINUTES, SLOTS_A_DAY

_RISKY: Final = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
_ESCAPED: Final = re.compile(r"'+[=+\-@＝＋－＠\t\r]")
_DEGREES: Final = re.compile(r"([-+−]?)(\d{1,3})(?:[.,](\d{1,20}))?°?", re.ASCII)
_SPAN: Final = re.compile(r"(\??)\s*(\d{1,2}):(\d\d)\s*[-–—]\s*(\d{1,2}):(\d\d)", re.ASCII)
_SIGNS: Final = re.compile(r"[-+?]{48}")
_ALL_DAY: Final = (("+", ALL_DAY_ON), ("-", ALL_DAY_OFF), ("?", ALL_DAY_MAYBE))
_LIST_PART: Final = re.compile(r"(?:\\[\\|]|[^|\n])+")
LIST_MARK: Final = " | "


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection"; CWE-1236).

    An apostrophe goes before `=`, `+`, `-`, `@`, and before apostrophes in front of them, so that
    `unguarded` can tell its own from others.
    """
    return "'" + cell if _RISKY.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def degrees_e5(text: str) -> int | None:
    """Degrees with a point or a comma, in hundred-thousandths; the range is for the caller."""
    match = _DEGREES.fullmatch(text.strip())
    if match is None:
        return None
    size = Decimal(f"{match[2]}.{match[3] or '0'}")
    return round(-size * 100_000 if match[1] in ("-", "−") and match[1] else size * 100_000)


def degrees_text(e5: int) -> str:
    """Degrees with a point, exactly as `degrees_e5` reads them."""
    return f"{Decimal(e5) / 100_000:.5f}"


def list_of(cell: str) -> list[str]:
    """The entries of a list, which stand between `|` or on lines of their own."""
    parts = (re.sub(r"\\([\\|])", r"\1", part) for part in _LIST_PART.findall(cell))
    return [entry for part in parts if (entry := " ".join(part.split()))]


def list_text(entries: list[str]) -> str:
    """A list in one cell; a `|` inside of an entry is written `\\|`."""
    escaped = (entry.replace("\\", "\\\\").replace("|", "\\|") for entry in entries)
    return LIST_MARK.join(" ".join(entry.split()) for entry in escaped)


def day_of(cell: str) -> str | None:
    """The 48 signs of a day (see `outage.Scheduled`), from signs, one word, or hours without it.

    `08:00-12:00, ?16:00-18:30` says: none from 8 to 12, perhaps none from 16 to 18:30, else there
    is supply. Hours end at 24:00: the rest of a night belongs to the next day. Where two spans
    overlap the worse holds.
    """
    text = cell.strip()
    if _SIGNS.fullmatch(text):
        return text
    for sign, names in _ALL_DAY:
        if folded(text) in _words(names):
            return sign * SLOTS_A_DAY
    spans = [_span(part.strip()) for part in re.split(r"[,;\n]", text.rstrip(" ,;"))]
    read = [span for span in spans if span is not None]
    if not read or len(read) != len(spans):
        return None
    slots = ["+"] * SLOTS_A_DAY
    for sign, first, last in sorted(read, key=lambda span: span[0] == "-"):
        slots[first:last] = [sign] * (last - first)
    return "".join(slots)


def day_text(day: str, language: Language) -> str:
    """A day as people read it, and as `day_of` reads it back."""
    for sign, names in _ALL_DAY:
        if day == sign * SLOTS_A_DAY:
            return names.of(language)
    spans: list[str] = []
    at = 0
    for sign, run in groupby(day):
        length = len(list(run))
        if sign != "+":
            mark = "?" if sign == "?" else ""
            spans.append(f"{mark}{_clock(at)}-{_clock(at + length)}")
        at += length
    return ", ".join(spans)


def _words(names: Names) -> set[str]:
    return {folded(name) for name in (names.uk, names.en, *names.others)}


def _span(text: str) -> tuple[str, int, int] | None:
    """The sign and the slots from and to; None when it is no span of whole slots of one day."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    hour, minute, end_hour, end_minute = map(int, match.groups()[1:])
    first, last = hour * 60 + minute, end_hour * 60 + end_minute
    if max(minute, end_minute) > 59 or first % SLOT_MINUTES or last % SLOT_MINUTES:
        return None
    if not first < last <= SLOTS_A_DAY * SLOT_MINUTES:
        return None
    return "?" if match[1] else "-", first // SLOT_MINUTES, last // SLOT_MINUTES


def _clock(slot: int) -> str:
    hours, minutes = divmod(slot * SLOT_MINUTES, 60)
    return f"{hours:02}:{minutes:02}"
