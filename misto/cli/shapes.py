"""The shapes of results: JSON with keys that stay, and rows and lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from misto.cli.output import when

if TYPE_CHECKING:
    from client.services.types import AppealView, NewsView
    from shared_schema.records.appeal import Position

APPEAL_COLUMNS: Final = ("record", "state", "number", "title", "saved")
NEWS_COLUMNS: Final = ("published", "priority", "district", "title")
SHORT_ID_CHARS: Final = 8
_STATES: Final = {
    "waiting": "saved on this device, waiting",
    "received": "received by the city",
    "refused": "refused",
    "held": "held by the city until it can be read",
    "registered": "registered",
    "in_progress": "in progress",
    "answered": "answered",
    "returned": "returned",
    "closed": "closed",
    "withdrawn": "withdrawn",
}


def appeal_json(view: AppealView) -> dict[str, Any]:
    """An appeal for programs."""
    return {
        "record": view.record,
        "title": view.title,
        "text": view.text,
        "lane": view.lane,
        "kind": view.kind,
        "category": view.category,
        "address": view.address,
        "district": view.district,
        "name": view.name,
        "contact": view.contact,
        "residence": view.residence,
        "place": view.place,
        "position": _position(view.position),
        "state": view.state,
        "reason": view.reason,
        "receipt_number": view.receipt_number,
        "received_at_ms": view.received_at_ms,
        "created_at_ms": view.created_at_ms,
        "number": view.number,
        "status": view.status,
        "history": [
            {"at_ms": step.at_ms, "status": step.status, "note": step.note} for step in view.history
        ],
        "said": [
            {
                "at_ms": said.at_ms,
                "by_desk": said.by_desk,
                "text": said.text,
                "pending": said.pending,
            }
            for said in view.said
        ],
        "withdrawn": view.withdrawn,
        "stars": view.stars,
        "rating_note": view.rating_note,
        "mine": view.mine,
        "pending": view.pending,
    }


def appeal_row(view: AppealView) -> tuple[str, ...]:
    """An appeal as a row under APPEAL_COLUMNS."""
    record = view.record[:SHORT_ID_CHARS]
    return (record, state_of(view), view.number, view.title, when(view.created_at_ms))


def appeal_facts(view: AppealView, receipt: dict[str, Any] | None) -> list[tuple[str, str]]:
    """An appeal as lines."""
    facts = [
        ("record", view.record),
        ("state", state_of(view)),
        ("number", view.number),
        ("title", view.title),
        ("text", view.text),
        ("what", " · ".join(filter(None, (view.lane, view.kind, view.category)))),
        ("where", ", ".join(filter(None, (view.district, view.address)))),
        ("who", ", ".join(filter(None, (view.name, view.contact)))),
        ("lives at", view.residence),
        ("saved", when(view.created_at_ms)),
        ("received", when(view.received_at_ms)),
    ]
    if receipt is not None:
        holds = "the city's signature holds" if receipt["verified"] else "DOES NOT VERIFY"
        facts.append(("receipt", " ".join(filter(None, (view.receipt_number, f"({holds})")))))
    facts += [(step.status, f"{when(step.at_ms)} {step.note}".rstrip()) for step in view.history]
    facts += [
        ("reply" if said.by_desk else "comment", f"{when(said.at_ms)}\n{said.text}")
        for said in view.said
    ]
    facts.append(("rated", f"{view.stars} of 5 {view.rating_note}".rstrip() if view.stars else ""))
    return facts


def state_of(view: AppealView) -> str:
    """The state in words, with the reason of a refusal."""
    words = _STATES.get(view.state, view.state)
    return f"{words}: {view.reason}" if view.state == "refused" and view.reason else words


def news_json(view: NewsView) -> dict[str, Any]:
    """A news item for programs."""
    return {
        "record": view.record,
        "title": view.title,
        "text": view.text,
        "topic": view.topic,
        "district": view.district,
        "priority": view.priority,
        "published_at_ms": view.published_at_ms,
        "changed_at_ms": view.changed_at_ms,
        "expires_at_ms": view.expires_at_ms,
        "expired": view.expired(now_ms()),
        "corrections": view.corrections,
        "withdrawn": view.withdrawn,
        "note": view.note,
        "pending": view.pending,
        "confirmed": view.confirmed,
    }


def news_row(view: NewsView) -> tuple[str, ...]:
    """A news item as a row under NEWS_COLUMNS."""
    return (when(view.published_at_ms), view.priority, view.district or "city", _headline(view))


def news_facts(view: NewsView) -> list[tuple[str, str]]:
    """A news item as lines."""
    return [
        ("record", view.record),
        ("title", _headline(view)),
        ("text", view.text),
        ("what", " · ".join(filter(None, (view.priority, view.topic)))),
        ("where", view.district or "the whole city"),
        ("published", when(view.published_at_ms)),
        ("good until", when(view.expires_at_ms)),
    ]


def now_ms() -> int:
    """The wall clock in Unix milliseconds."""
    import time

    return int(time.time() * 1000)


def _position(position: Position | None) -> dict[str, Any] | None:
    if position is None:
        return None
    lat, lon = position.lat_e5 / 1e5, position.lon_e5 / 1e5
    return {"lat": lat, "lon": lon, "within_m": position.within_m}


def _headline(view: NewsView) -> str:
    if view.withdrawn:
        return f"{view.title} (withdrawn{': ' + view.note if view.note else ''})"
    return f"{view.title} (expired)" if view.expired(now_ms()) else view.title
