"""City news as CAP alerts, for those who relay warnings, and theirs as drafts for the newsroom.

OASIS, "Common Alerting Protocol Version 1.2" (1 July 2010). What CAP has no word for (who may rely
on what until when, that a correction replaces a wording) is said by its own means: `references`,
`expires`, and the message types Update and Cancel.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from client.services.interchange.cap_read import read_cap
from client.services.interchange.cap_words import (
    CANCELLED,
    LANGUAGE,
    NAMESPACE,
    SCALES,
    STATUSES,
    CapDraft,
    CapReference,
    CapSender,
    Scale,
    Status,
    category_of,
    is_token,
)
from client.services.interchange.texts import clean, one_line
from client.services.interchange.times import cap_time
from client.services.types import NewsView
from shared_schema.records.news import Published

__all__ = ["CapDraft", "CapReference", "CapSender", "cap_of", "cap_reference", "news_view"]
__all__ += ["read_cap"]


def cap_of(
    item: NewsView,
    city: CapSender,
    status: Status = "Actual",
    earlier: Sequence[CapReference] = (),
    note: str = "",
) -> bytes:
    """The alert for the present state of a news item: a new one, a correction or a withdrawal.

    Args:
        status: `Exercise` for a drill, `Test` for the line itself; the title says nothing of it.
        earlier: further messages about this item that this one replaces, such as its earlier
            corrections (see `cap_reference`); the first publication is always referred to.
        note: 3.2.1, for an exercise its name.

    Raises:
        ValueError: the record or the status is none.
    """
    if not is_token(item.record) or status not in STATUSES:
        raise ValueError(item.record if status in STATUSES else status)
    alert = Element("alert", xmlns=NAMESPACE)
    _head(alert, item, city, status)
    _text(alert, "note", one_line(f"{note} {item.note if item.withdrawn else ''}"))
    if _type(item) != "Alert":
        first = CapReference(city.sender, item.record, cap_time(item.published_at_ms, city.zone))
        others = (each for each in earlier if each != cap_reference(item, city))
        _text(alert, "references", " ".join(map(str, dict.fromkeys((first, *others)))))
    _info(alert, item, city)
    written = tostring(alert, encoding="utf-8", xml_declaration=True)
    assert isinstance(written, bytes)
    return written


def cap_reference(item: NewsView, city: CapSender) -> CapReference:
    """What later messages call the alert for this state of an item.

    A publication bears its record, a correction its number too, so that the same state made into
    an alert twice, on whatever device, is the same message (3.2.1: unique to each).
    """
    suffix = {"Alert": "", "Update": f".{item.corrections}", "Cancel": ".withdrawn"}[_type(item)]
    return CapReference(city.sender, item.record + suffix, cap_time(_sent(item), city.zone))


def news_view(wording: Published, record: str, at_ms: int) -> NewsView:
    """A news item that was published just so, as `cap_of` takes it."""
    return NewsView(
        record=record,
        title=wording.title,
        text=wording.text,
        topic=wording.topic,
        district=wording.district,
        priority=wording.priority,
        published_at_ms=at_ms,
        changed_at_ms=at_ms,
        expires_at_ms=wording.expires_at_ms,
        corrections=0,
        withdrawn=False,
        note="",
        pending=False,
    )


def _type(item: NewsView) -> str:
    if item.withdrawn:
        return "Cancel"
    return "Update" if item.corrections else "Alert"


def _sent(item: NewsView) -> int:
    return item.published_at_ms if _type(item) == "Alert" else item.changed_at_ms


def _head(alert: Element, item: NewsView, city: CapSender, status: Status) -> None:
    """The required part of an alert, in the order of section 3.2.1."""
    own = cap_reference(item, city)
    _text(alert, "identifier", own.identifier)
    _text(alert, "sender", own.sender)
    _text(alert, "sent", own.sent)
    _text(alert, "status", status)
    _text(alert, "msgType", _type(item))
    _text(alert, "scope", "Public")


def _info(alert: Element, item: NewsView, city: CapSender) -> None:
    """The wording, in the order of section 3.2.2. A withdrawal does not repeat what it withdraws.

    Its text is why it was withdrawn, and its scales are those of what is over.
    """
    info = SubElement(alert, "info")
    _text(info, "language", LANGUAGE)
    _text(info, "category", category_of(item.topic))
    _text(info, "event", one_line(item.topic) or one_line(city.event) or "-")
    _scale(info, CANCELLED if item.withdrawn else SCALES.get(item.priority, SCALES["normal"]))
    if item.expires_at_ms:
        _text(info, "expires", cap_time(item.expires_at_ms, city.zone))
    _text(info, "senderName", one_line(city.name))
    _text(info, "headline", one_line(item.title))
    _text(info, "description", clean(item.note if item.withdrawn else item.text))
    _text(info, "web", one_line(city.web))
    _text(info, "contact", one_line(city.contact))
    area = SubElement(info, "area")
    _text(area, "areaDesc", one_line(item.district) or one_line(city.area))


def _scale(info: Element, scale: Scale) -> None:
    _text(info, "urgency", scale.urgency)
    _text(info, "severity", scale.severity)
    _text(info, "certainty", scale.certainty)


def _text(parent: Element, tag: str, text: str) -> None:
    """An element for a text; none for an empty one, which CAP would have be left out."""
    if text:
        SubElement(parent, tag).text = text
