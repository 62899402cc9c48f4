"""A public feed for tests, and the schemas that it must keep to."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from client.services.office.clock import Clock
from client.services.office.labels import labels
from client.services.office.open311 import Agency, Publishable, ServiceRequest, published
from client.services.office.workdays import load_workdays
from tests.client.office.cases import KYIV, at, made, many, ms

CLOCK: Final = Clock(KYIV, load_workdays())
UK: Final = labels("uk")
AGENCY: Final = Agency("Виконавчий комітет", frozenset(["Центр", "Сади"]))
NOW: Final = ms("2026-11-01 12:00")
SCHEMAS: Final = Path(__file__).parent / "schemas"
SECRET: Final = made(
    "5ec2e7",
    name="Коваленко Олександра Іванівна",
    residence="вул. Потаємна, 17, кв. 99",
    contact="oleksandra@example.org, +380 67 123-45-67",
    title="Заголовок автора",
    text="Текст автора з подробицями",
    address="вул. Потаємна, 17, кв. 99",
    district="Центр",
    position=at(50.45013, 30.52349),
    receipt_number="КВ-777",
    number="К-41/26",
    assignee="Інспектор Петренко",
    received="2026-10-20 10:47",
    status="in_progress",
    changed_at_ms=ms("2026-10-21 09:13"),
)


def feed(count: int = 300, days: int = 365) -> tuple[ServiceRequest, ...]:
    """A city's feed: all of its cases, with a summary for every second one."""
    cases = many(count, days=days)
    chosen = [
        Publishable(case.record, summary=f"Опис {n} <b>&amp;</b>" if n % 2 else "")
        for n, case in enumerate(cases)
    ]
    placed = [replace(case, position=None) if n % 5 == 0 else case for n, case in enumerate(cases)]
    return published(placed, chosen, CLOCK, UK, AGENCY)


def schema(name: str) -> dict[str, Any]:
    """One of the JSON schemas: `services`, `requests` or `errors`."""
    whole = json.loads((SCHEMAS / "geo_report_v2.schema.json").read_text("utf-8"))
    return {"$defs": whole["$defs"], "$ref": f"#/$defs/{name}"}
