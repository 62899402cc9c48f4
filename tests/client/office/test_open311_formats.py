"""JSON and XML keep to schemas written from the specification, whatever the desk has typed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.services.office.open311 import Agency, Publishable, published, service_list
from client.services.office.open311_formats import errors, requests, services, w3c
from tests.client.office.cases import ms
from tests.client.office.feeds import AGENCY, CLOCK, SCHEMAS, SECRET, UK, feed, schema

jsonschema_rs = pytest.importorskip("jsonschema_rs")
xmlschema = pytest.importorskip("xmlschema")

XSD = xmlschema.XMLSchema(SCHEMAS / "geo_report_v2.xsd")
FEED = feed(200)
SERVICES = service_list(UK)


def check_json(data: bytes, name: str) -> Any:
    value = json.loads(data)
    jsonschema_rs.validator_for(schema(name), validate_formats=True).validate(value)
    return value


def check_xml(data: bytes) -> ElementTree.Element:
    assert data.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    XSD.validate(data.decode())
    return ElementTree.fromstring(data)


def as_json(element: ElementTree.Element) -> list[dict[str, Any]]:
    """The Spark convention, backwards: what the XML says in the words of the JSON."""
    numbers = {"lat": float, "long": float, "code": int, "metadata": lambda text: text == "true"}
    return [
        {
            each.tag: numbers.get(each.tag, str)(each.text) if each.text else None  # type: ignore[operator]
            for each in row
        }
        for row in element
    ]


def test_services_in_both_forms_say_the_same() -> None:
    said = check_json(services(SERVICES, "json"), "services")
    assert as_json(check_xml(services(SERVICES, "xml"))) == said
    assert said[0]["service_code"] == "danger"
    assert not any(each["metadata"] for each in said)


def test_requests_in_both_forms_say_the_same() -> None:
    said = check_json(requests(FEED, "json"), "requests")
    assert as_json(check_xml(requests(FEED, "xml"))) == said
    assert len(said) == 200
    assert any(each["lat"] is None for each in said)
    assert any(each["lat"] for each in said)
    assert any(each["expected_datetime"] for each in said)
    assert any("<b>" in (each["description"] or "") for each in said)


def test_fields_are_in_the_order_of_the_specification() -> None:
    said = json.loads(requests(FEED[:1], "json"))[0]
    assert list(said) == [
        "service_request_id", "status", "status_notes", "service_name", "service_code",
        "description", "agency_responsible", "service_notice", "requested_datetime",
        "updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat", "long",
        "media_url",
    ]  # fmt: skip


def test_errors_in_both_forms() -> None:
    said = check_json(errors(400, "start_date is no date", "json"), "errors")
    assert said == [{"code": 400, "description": "start_date is no date"}]
    assert as_json(check_xml(errors(404, "немає", "xml"))) == [
        {"code": 404, "description": "немає"}
    ]


def test_nothing_found_is_an_empty_list() -> None:
    assert check_json(requests([], "json"), "requests") == []
    assert list(check_xml(requests([], "xml"))) == []


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_whatever_the_desk_types_stays_text(text: str) -> None:
    chosen = Publishable(SECRET.record, summary=text, note=text, address=text)
    agency = Agency(text, AGENCY.districts)
    shown = published([SECRET], [chosen], CLOCK, UK, agency)
    said = check_json(requests(shown, "json"), "requests")[0]
    element = check_xml(requests(shown, "xml"))[0]
    heard = (element.findtext("description") or "").replace("\r\n", "\n").replace("\r", "\n")
    assert heard == (said["description"] or "").replace("\r\n", "\n").replace("\r", "\n")
    assert len(element) == 17


def test_markup_cannot_break_out() -> None:
    attack = "]]></description><request><status>open</status><!-- & \"'"
    shown = replace(FEED[0], description=attack)
    element = check_xml(requests([shown], "xml"))
    assert len(element) == 1
    assert element[0].findtext("description") == attack


def test_moments_have_a_zone() -> None:
    assert w3c(ms("2026-03-02 10:00")) == "2026-03-02T08:00:00Z"
    assert w3c(0) == "1970-01-01T00:00:00Z"
    assert w3c(253_370_000_000_000 - 1).startswith("9998")


def test_the_schemas_can_fail() -> None:
    bad = json.loads(requests(FEED[:1], "json"))
    bad[0]["status"] = "maybe"
    validator = jsonschema_rs.validator_for(schema("requests"), validate_formats=True)
    assert not validator.is_valid(bad)
    assert not XSD.is_valid(requests(FEED[:1], "xml").decode().replace("<status>", "<status>x"))
    assert not XSD.is_valid("<service_requests><request/></service_requests>")
