"""What a change says, in one line for an auditor. Whatever kind it is, and newer ones too."""

from __future__ import annotations

from typing import Any, Final

from client.services.office.labels import Labels
from shared_schema.records import appeal, desk, news, outage, place, trust

SAID_CHARS_MAX: Final = 200
_TELLING: Final = ("title", "name", "text", "number", "label", "to", "queue", "status")
"""The fields that tell most of a payload, the best first."""


def said(payload: Any, labels: Labels) -> str:
    """The line for a payload."""
    return clipped(" · ".join(filter(None, _parts(payload, labels))))


def clipped(text: str) -> str:
    """A text on one line, and no longer than a table can bear."""
    flat = " ".join(text.split())
    return flat if len(flat) <= SAID_CHARS_MAX else f"{flat[: SAID_CHARS_MAX - 1].rstrip()}…"


def _parts(payload: Any, labels: Labels) -> tuple[str, ...]:
    match payload:
        case appeal.Registered():
            return f"№ {payload.number}", payload.note
        case appeal.StatusSet():
            return labels.of("status", payload.status), payload.note
        case appeal.Rated():
            return f"{payload.stars}/5", payload.note
        case desk.Assigned():
            return (payload.to or "—",)
        case desk.Merged():
            return (payload.into[:8] or "—",)
        case news.NewsConfirmed():
            return (payload.wording[:8],)
        case trust.Granted():
            return payload.label, payload.role, payload.scope
        case trust.Revoked():
            return payload.device[:8], payload.role, payload.scope, f"≤ {payload.last_seq}"
        case trust.Keyed():
            return payload.queue, f"№ {payload.number}"
        case place.Confirmed():
            return payload.condition, payload.note, payload.by
        case outage.Scheduled():
            return payload.utility, payload.queue, payload.note
        case _:
            return _telling(payload)


def _telling(payload: Any) -> tuple[str, ...]:
    """The first field that tells something, and the note."""
    found = (getattr(payload, name, "") for name in _TELLING)
    first = next((each for each in found if isinstance(each, str) and each), "")
    note = getattr(payload, "note", "")
    return first, note if isinstance(note, str) else ""
