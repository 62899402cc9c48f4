"""Reply templates: sealed, kept by name, and filled from a case without surprises."""

from __future__ import annotations

from typing import Any

import pytest

from client.services.notes import Notes
from client.services.office.asked import Template
from client.services.office.clock import Clock
from client.services.office.templates import Templates, filled, values_of
from client.services.office.workdays import load_workdays
from shared_schema.errors import PayloadError
from shared_schema.limits import TEXT_CHARS_MAX
from tests.client.city import City, files_of
from tests.client.office.cases import KYIV, made, ms

CLOCK = Clock(KYIV, load_workdays())
VALUES = values_of(
    made("a1", received="2026-03-02 10:00", number="7/26", status="registered"), CLOCK, "Оксана"
)


def test_they_are_kept_by_name_in_order_and_sealed(city: City) -> None:
    with city.profile("desk") as desk:
        templates = Templates(Notes(desk))
        assert templates.list() == ()
        templates.put(Template("Відмова Жаб’ячому", "Ґречно перепрошуємо."))
        templates.put(Template("бригада", "Бригада вже їде."))
        templates.put(Template(" бригада ", "Бригада була."))
        assert templates.list() == (
            Template("бригада", "Бригада була."),
            Template("Відмова Жаб’ячому", "Ґречно перепрошуємо."),
        )
        for secret in ("Жаб’ячому", "перепрошуємо"):
            for charset in ("utf-8", "cp1251", "utf-16-le"):
                assert secret.encode(charset) not in files_of(desk.folder)
        templates.forget("бригада")
        templates.forget("бригада")
        assert [each.name for each in templates.list()] == ["Відмова Жаб’ячому"]
    with city.profile("desk") as again:
        assert len(Templates(Notes(again)).list()) == 1


@pytest.mark.parametrize(
    "template",
    [
        Template("", "текст"),
        Template("  ", "текст"),
        Template("назва", " "),
        Template("н" * 301, "текст"),
        Template("назва", "т" * (TEXT_CHARS_MAX + 1)),
    ],
)
def test_what_is_none_is_not_kept(city: City, template: Template) -> None:
    with city.profile("desk") as desk:
        templates = Templates(Notes(desk))
        with pytest.raises(PayloadError):
            templates.put(template)
        assert templates.list() == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("№ {number}, {receipt}", "№ 7/26, R-a1"),
        ("{name}! «{title}»", "Коваль Олена Петрівна! «Немає світла у дворі»"),
        ("від {date} до {deadline}", "від 02.03.2026 до 02.04.2026"),
        ("{officer}", "Оксана"),
        ("{unknown} {} {Name} {number", "{unknown} {} {Name} {number"),
        ("{{number}}", "{7/26}"),
    ],
)
def test_places_are_filled_from_the_case(text: str, expected: str) -> None:
    assert filled(text, VALUES) == expected


def test_a_place_with_nothing_to_say_goes_with_its_comma() -> None:
    nobody = values_of(made("s1", lane="signal", name=""), CLOCK, "Оксана")
    assert filled("Добрий день, {name}!\n{deadline}", nobody) == "Добрий день!\n"
    assert filled("Шановний {name}!", nobody) == "Шановний!"


@pytest.mark.parametrize("value", ["{receipt}", "\\1", "{{name}}"])
def test_what_people_write_is_never_filled_again(value: str) -> None:
    values = values_of(made("a1", name=value), CLOCK, "Оксана")
    assert filled("{name}", values) == value


@pytest.mark.parametrize(
    ("case", "deadline"),
    [
        ({"extended": True}, "16.04.2026"),
        ({"status": "answered", "answered_at_ms": 1}, "02.04.2026"),
        ({"lane": "signal"}, ""),
        ({"received_at_ms": 2**62}, ""),
    ],
)
def test_the_deadline_is_that_of_the_answer(case: dict[str, Any], deadline: str) -> None:
    values = {"received_at_ms": ms("2026-03-02 10:00")} | case
    assert values_of(made("a1", **values), CLOCK, "")["deadline"] == deadline
