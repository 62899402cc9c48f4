"""GeoReport v2 as JSON and XML: services, service requests and errors, in UTF-8.

Fields and their order are those of the specification; what there is nothing to say of is null in
JSON and empty in XML. JSON follows the Spark convention: the list itself, without a name around it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal
from xml.etree import ElementTree

from client.services.office.open311 import Service, ServiceRequest
from client.services.office.spreadsheets import clean

Format = Literal["json", "xml"]
CONTENT_TYPES: Final[Mapping[Format, str]] = {
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}
Value = str | int | float | bool | None
Fields = dict[str, Value]


def services(listed: Iterable[Service], form: Format) -> bytes:
    """The service list."""
    return _written([_service(each) for each in listed], ("services", "service"), form)


def requests(found: Iterable[ServiceRequest], form: Format) -> bytes:
    """Service requests; one alone is a list of one, as in the specification."""
    return _written([_request(each) for each in found], ("service_requests", "request"), form)


def errors(code: int, description: str, form: Format) -> bytes:
    """An error for the one who asked."""
    fields: Fields = {"code": code, "description": description}
    return _written([fields], ("errors", "error"), form)


def w3c(moment_ms: int) -> str:
    """A moment in W3C form, UTC, to the second."""
    return datetime.fromtimestamp(moment_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _service(service: Service) -> Fields:
    return {
        "service_code": service.service_code,
        "service_name": service.service_name,
        "description": service.description,
        "metadata": False,
        "type": "realtime",
        "keywords": None,
        "group": service.group,
    }


def _request(request: ServiceRequest) -> Fields:
    lat, lon = request.position or (None, None)
    expected = request.expected_at_ms
    return {
        "service_request_id": request.service_request_id,
        "status": request.status,
        "status_notes": request.status_notes or None,
        "service_name": request.service_name,
        "service_code": request.service_code,
        "description": request.description or None,
        "agency_responsible": request.agency_responsible or None,
        "service_notice": None,
        "requested_datetime": w3c(request.requested_at_ms),
        "updated_datetime": w3c(request.updated_at_ms),
        "expected_datetime": w3c(expected) if expected is not None else None,
        "address": request.address or None,
        "address_id": None,
        "zipcode": None,
        "lat": lat / 1e5 if lat is not None else None,
        "long": lon / 1e5 if lon is not None else None,
        "media_url": None,
    }


def _written(rows: Sequence[Fields], names: tuple[str, str], form: Format) -> bytes:
    plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
    if form == "json":
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    root = ElementTree.Element(names[0])
    for row in plain:
        element = ElementTree.SubElement(root, names[1])
        for name, value in row.items():
            ElementTree.SubElement(element, name).text = _text(value)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _plain(value: Value) -> Value:
    return clean(value) if isinstance(value, str) else value


def _text(value: Value) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
