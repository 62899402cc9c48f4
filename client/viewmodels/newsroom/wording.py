"""What the newsroom's form holds, as texts: until when it is, what is wrong with it, and back."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final, NamedTuple, TypeVar

from client.i18n.dates import HOUR_MS
from client.services.typed_times import typed_ms, typed_text
from client.services.types import NewsView
from client.viewmodels.write import Problem
from shared_schema.limits import SHORT_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX
from shared_schema.records.news import Priority, Published

FIELDS: Final = ("title", "text", "topic", "district", "hours", "until")
LIMITS: Final = {"title": TITLE_CHARS_MAX, "text": TEXT_CHARS_MAX}
HOURS_MAX: Final = 8760
Texts = dict[str, str]
S = TypeVar("S", bound=Published)


class Moments(NamedTuple):
    """By which clock the form's times are read."""

    now_ms: int
    zone: tzinfo
    kept_ms: int = 0
    """Until when the item is that is being corrected, to the millisecond, which no form shows."""


def texts_of(item: NewsView | Published, zone: tzinfo) -> Texts:
    """The form's texts for an item."""
    return {
        "title": item.title,
        "text": item.text,
        "topic": item.topic,
        "district": item.district,
        "until": typed_text(item.expires_at_ms, zone),
    }


def expires_of(texts: Texts, moments: Moments) -> int | None:
    """Until when, in Unix milliseconds; 0 for ever, None where that is not understood."""
    hours, until = texts.get("hours", "").strip(), texts.get("until", "").strip()
    if hours:
        return moments.now_ms + int(hours) * HOUR_MS if _is_hours(hours) else None
    if not until:
        return 0
    if until == typed_text(moments.kept_ms, moments.zone):
        return moments.kept_ms
    return typed_ms(until, moments.now_ms, moments.zone)


def check_news(texts: Texts, moments: Moments) -> dict[str, Problem]:
    """What is wrong, by field."""
    problems: dict[str, Problem] = {}
    for field in FIELDS:
        text, limit = texts.get(field, "").strip(), LIMITS.get(field, SHORT_CHARS_MAX)
        if field in ("title", "text") and not text:
            problems[field] = (f"check.{field}_empty", 0)
        elif len(text) > limit:
            problems[field] = ("check.too_long", limit)
    return problems | _check_end(texts, moments)


def _check_end(texts: Texts, moments: Moments) -> dict[str, Problem]:
    hours, until = texts.get("hours", "").strip(), texts.get("until", "").strip()
    if hours and not _is_hours(hours):
        return {"hours": ("check.hours", 0)}
    if hours and until:
        return {"until": ("check.one_end", 0)}
    expires = expires_of(texts, moments)
    if expires is None:
        return {"until": ("check.moment", 0)}
    if expires and expires <= moments.now_ms and expires != moments.kept_ms:
        return {"until": ("check.past", 0)}
    return {}


def wording_of(sort: type[S], texts: Texts, priority: Priority, moments: Moments) -> S:
    """What is to be said; the texts have been checked."""
    said = {field: texts.get(field, "").strip() for field in FIELDS[:4]}
    return sort(priority=priority, expires_at_ms=expires_of(texts, moments) or 0, **said)


def seen(texts: Texts, priority: Priority, moments: Moments, item: NewsView | None) -> NewsView:
    """The item as a resident would see it: a new one, or `item` with this wording instead."""
    title, text, topic, district = (texts.get(field, "").strip() for field in FIELDS[:4])
    return NewsView(
        record="preview", title=title, text=text, topic=topic, district=district,
        priority=priority, changed_at_ms=moments.now_ms,
        published_at_ms=item.published_at_ms if item else moments.now_ms,
        expires_at_ms=expires_of(texts, moments) or 0,
        corrections=item.corrections + 1 if item else 0,
        withdrawn=False, note="", pending=False,
    )  # fmt: skip


def _is_hours(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text) <= HOURS_MAX
