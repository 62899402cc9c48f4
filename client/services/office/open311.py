"""What a desk publishes of its cases, in the terms of Open311 GeoReport v2 (wiki.open311.org).

Nothing is public unless the desk chose the case, and of a chosen one only what cannot name anybody:
its topic, where it stands, the hour it came, and about where it is. A name, a contact, a residence,
the author's title and text and the typed address are never read here. Words are public when the
desk wrote them for the public, and even then not when they repeat who wrote or how to reach them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal

from client.services.office.case import Case
from client.services.office.clock import Clock, ended_at
from client.services.office.journal import condition
from client.services.office.labels import Labels
from client.services.office.spreadsheets import clean
from client.services.office.wording import plain, stems
from shared_schema.records.appeal import CATEGORIES, Position

DESCRIPTION_CHARS_MAX: Final = 4_000
"""GeoReport v2: a description is limited to so many characters."""
COARSE_E5: Final = 100
"""A public position is rounded to a thousandth of a degree: about a hundred metres."""
HOUR_MS: Final = 3_600_000
"""Public moments are whole hours, so that they lead to no person seen at a window."""
DIGITS_MIN: Final = 7
"""So many digits in a row are a telephone number."""
_GROUPS: Final = {
    "safety": ("danger", "shelter", "damage"),
    "supply": ("water", "power", "heat", "connection"),
    "streets": ("roads", "light", "transport"),
    "yards": ("waste", "green", "yard", "noise", "animals"),
}
_GROUP: Final = {code: group for group, codes in _GROUPS.items() for code in codes}


@dataclass(frozen=True, slots=True)
class Publishable:
    """The desk's choice to publish a case, and the words it wrote for the public; all may be empty.

    A summary is the desk's own account of the matter. An address is a street or a landmark.
    """

    record: str
    summary: str = ""
    note: str = ""
    """More about where the matter stands."""
    address: str = ""
    with_position: bool = True


@dataclass(frozen=True, slots=True)
class Agency:
    """Who publishes. A district is public when it is one of these: a sender may type anything."""

    name: str = ""
    districts: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Service:
    """A type of request: here a topic."""

    service_code: str
    service_name: str
    description: str
    group: str


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A published case. Times in Unix milliseconds, positions in 1e-5 degrees (WGS 84)."""

    service_request_id: str
    status: Literal["open", "closed"]
    status_notes: str
    service_code: str
    service_name: str
    description: str
    agency_responsible: str
    requested_at_ms: int
    updated_at_ms: int
    expected_at_ms: int | None
    address: str
    position: tuple[int, int] | None


def service_list(labels: Labels) -> tuple[Service, ...]:
    """All topics as services."""
    return tuple(_service(code, labels) for code in CATEGORIES)


def published(
    cases: Iterable[Case],
    chosen: Iterable[Publishable],
    clock: Clock,
    labels: Labels,
    agency: Agency,
) -> tuple[ServiceRequest, ...]:
    """The public side of the chosen cases, the newest first; one that was withdrawn has none."""
    choices = {each.record: each for each in chosen}
    requests = [
        _request(case, choices[case.record], clock, labels, agency)
        for case in cases
        if case.record in choices and not case.withdrawn and _possible(case.received_at_ms)
    ]
    return tuple(
        sorted(requests, key=lambda each: (-each.requested_at_ms, each.service_request_id))
    )


def public_id(record: str) -> str:
    """The public number of a case: it says nothing of the journal's, nor of the record."""
    return sha256(b"misto open311 1 " + record.encode()).hexdigest()[:16]


def reveals(case: Case, text: str) -> bool:
    """Whether a text for the public repeats who wrote, where they live, or how to reach them.

    A person is named by two words of the name; inflected ones are recognised as far as stems go.
    """
    said, digits = plain(text), re.sub(r"\D", "", text)
    numbers = (re.sub(r"\D", "", part) for part in re.split(r"[,;]", case.contact))
    return (
        len(stems(case.name) & stems(text)) >= min(2, len(stems(case.name)) or 9)
        or any(len(each) >= DIGITS_MIN and each[-9:] in digits for each in numbers)
        or any(len(part) > 3 and part in said for part in re.split(r"[\s,;]+", plain(case.contact)))
        or (len(case.residence) > 5 and plain(case.residence) in said)
    )


def coarse(position: Position) -> tuple[int, int]:
    """About where: a corner of a grid of a hundred metres, the same one for all that is in it."""
    lat, lon = (
        round(value / COARSE_E5) * COARSE_E5 for value in (position.lat_e5, position.lon_e5)
    )
    return lat, lon


def _service(code: str, labels: Labels) -> Service:
    name = labels.category(code)
    group = labels(f"group.{_GROUP.get(code, 'people')}")
    return Service(code, name, labels("service.about", name=name), group)


def _request(
    case: Case, choice: Publishable, clock: Clock, labels: Labels, agency: Agency
) -> ServiceRequest:
    def public(text: str) -> str:
        return "" if reveals(case, text) else clean(text).strip()[:DESCRIPTION_CHARS_MAX]

    code = case.category if case.category in CATEGORIES else "other"
    notes = (labels.of("status", condition(case)), public(choice.note))
    places = (public(choice.address), case.district if case.district in agency.districts else "")
    here = case.position if choice.with_position else None
    return ServiceRequest(
        service_request_id=public_id(case.record),
        status="closed" if case.settled else "open",
        status_notes=". ".join(each for each in notes if each),
        service_code=code,
        service_name=labels.category(code),
        description=public(choice.summary),
        agency_responsible=agency.name,
        requested_at_ms=_hour(case.received_at_ms),
        updated_at_ms=_updated(case),
        expected_at_ms=_expected(case, clock),
        address=", ".join(each for each in places if each),
        position=coarse(here) if here is not None else None,
    )


def _updated(case: Case) -> int:
    """When it was closed, or else changed last; never before it came."""
    ended = ended_at(case) if case.settled else None
    moment = case.changed_at_ms if ended is None else ended
    return _hour(max(case.received_at_ms, moment if _possible(moment) else 0))


def _expected(case: Case, clock: Clock) -> int | None:
    """The end of the statutory term for an answer; a signal has none."""
    terms = [each for each in clock.deadlines(case) if each.binding and each.kind != "registration"]
    return terms[0].until_ms if terms else None


def _hour(moment_ms: int) -> int:
    return moment_ms // HOUR_MS * HOUR_MS


def _possible(moment_ms: int) -> bool:
    """Whether a moment has a date with a year of four digits."""
    return 0 <= moment_ms < 253_370_000_000_000
