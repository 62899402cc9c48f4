"""A news item from what was typed, checked field by field so that the error names the field."""

from __future__ import annotations

from misto.cli.errors import Problem
from misto.cli.moments import until_ms
from misto.cli.texts import short
from shared_schema.records.news import PRIORITIES, Priority, Published


def item_of(
    title: str, text: str, fields: dict[str, str], priority: str, hours: float
) -> Published:
    """The item to publish; `hours` of 0 never expires.

    Raises:
        Problem: a field is unknown or too long.
    """
    if priority not in PRIORITIES:
        raise Problem(f"--priority is one of {', '.join(PRIORITIES)}; not {priority!r}")
    known: Priority = priority  # type: ignore[assignment]
    checked = {name: short(f"--{name}", value) for name, value in fields.items()}
    return Published(title, text, priority=known, expires_at_ms=until_ms(hours), **checked)
