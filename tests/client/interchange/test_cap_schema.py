"""Every alert Misto makes is CAP 1.2 to a machine that has only the schema (see cap12.xsd)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.interchange.cap import CapSender, cap_of, cap_reference
from client.services.interchange.cap_words import STATUSES, Status
from client.services.types import NewsView
from tests.client.interchange.strategies import KYIV, anything, news
from tests.client.interchange.test_cap import CITY, WATER
from tests.client.interchange.test_cap_hostile import alert

xmlschema = pytest.importorskip("xmlschema", reason="not among the phone's packages")
SCHEMA: Any = xmlschema.XMLSchema10(str(Path(__file__).with_name("cap12.xsd")))


@given(news, st.sampled_from(STATUSES), anything, anything)
def test_whatever_an_item_says_its_alert_is_valid(
    item: NewsView, status: Status, note: str, event: str
) -> None:
    raw_item = replace(item, title=note or "-", text=event or "-", note=note)
    city = CapSender("misto", note, "Надріччя", KYIV, event, "https://misto.example", event)
    for each in (item, raw_item):
        SCHEMA.validate(cap_of(each, city, status, note=note).decode())


def test_a_chain_of_corrections_is_valid() -> None:
    states = [replace(WATER, corrections=number) for number in range(4)]
    references = [cap_reference(each, CITY) for each in states]
    SCHEMA.validate(cap_of(states[3], CITY, earlier=references).decode())


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("<status>Actual</status>", "<status>actual</status>"),
        ("<status>Actual</status>", ""),
        ("+03:00</sent>", "Z</sent>"),
        ("+03:00</sent>", "</sent>"),
        ("<scope>Public</scope>", "<scope>Public</scope><scope>Public</scope>"),
        ("<identifier>1</identifier>", "<identifier>1, 2</identifier>"),
        ("<urgency>Immediate</urgency>", ""),
        ("<category>Met</category>", "<category>Weather</category>"),
    ],
)
def test_the_schema_can_fail(good: str, bad: str) -> None:
    assert SCHEMA.is_valid(alert())
    assert good in alert()
    assert not SCHEMA.is_valid(alert().replace(good, bad))
