"""The custody timeline and the law's dates: what has not happened never looks as if it had."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import flet as ft
import pytest

from client.i18n import words
from client.services.types import AppealView, HistoryStep, OwnPart
from client.views.custody import day_words, steps_of
from shared_schema.records.appeal import EXTENDED
from shared_schema.records.legal import due_dates
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import window
from tests.client.ui.samples import DAY, HOUR, NOW, answered, appeal, received, refused
from tests.client.ui.tree import controls_in

UK = words("uk")
CARRIED = OwnPart("appeal.opened", NOW - HOUR, "carried", carried_at_ms=NOW - HOUR // 2)
HELD = OwnPart("appeal.opened", NOW - HOUR, "held", "newer", received_at_ms=NOW - HOUR // 2)


def done(item: AppealView) -> list[str]:
    return [step.said for step in steps_of(UK, item) if step.at_ms is not None]


def to_come(item: AppealView) -> list[str]:
    return [step.said for step in steps_of(UK, item) if step.at_ms is None]


def test_one_that_waits_has_only_been_saved() -> None:
    assert done(appeal()) == ["Збережено на цьому пристрої"]
    assert to_come(appeal()) == ["Отримано містом", "Зареєстровано", "Є відповідь"]


def test_one_that_was_taken_at_a_door_was_not_saved_on_this_device() -> None:
    assert done(appeal(by_slip=True)) == ["Волонтер прийняв звернення й видав талон"]
    assert done(received(by_slip=True))[1:] == ["Отримано містом"]


def test_one_with_a_courier_is_not_with_the_city() -> None:
    item = appeal(parts=(CARRIED,))
    assert done(item) == ["Збережено на цьому пристрої", "Передано через кур’єра"]
    assert "Отримано містом" in to_come(item)


def test_one_that_was_carried_and_received_keeps_both_stations() -> None:
    part = OwnPart("appeal.opened", NOW - HOUR, "received", "", NOW, NOW - HOUR // 2)
    assert done(received(parts=(part,)))[1:] == ["Передано через кур’єра", "Отримано містом"]


def test_a_received_one_shows_the_receipt_s_number() -> None:
    steps = {step.said: step for step in steps_of(UK, received())}
    assert steps["Отримано містом"].note == "ЗВ-000031"
    assert to_come(received()) == ["Зареєстровано", "Є відповідь"]


def test_a_refused_one_has_nothing_to_come_and_says_why() -> None:
    last = steps_of(UK, refused())[-1]
    assert (last.said, to_come(refused())) == ("Місто не прийняло", [])
    assert "Забагато" in last.note
    assert last.at_ms == refused().parts[0].received_at_ms, "when the city said so"


@pytest.mark.anyio
async def test_a_longer_term_is_told_to_the_resident_and_breaks_nothing() -> None:
    device = FakeDevice()
    step = HistoryStep(NOW, EXTENDED, "Чекаємо на обстеження")
    item = received("a1")
    device.appeal_items = [replace(item, history=(*item.history, step))]
    async with window(device, route="/appeals/a1") as screen:
        await screen.until(lambda: screen.has("custody"))
        assert not screen.has("crashed")
        assert "Строк продовжено" in screen.texts()
        assert "Чекаємо на обстеження" in screen.texts()


def test_a_held_one_is_said_to_be_held_and_not_received() -> None:
    item = appeal(state="held", reason="newer", pending=False, parts=(HELD,))
    assert done(item)[-1] == "Місто зберігає, ще не розглядає"
    assert "Отримано містом" in to_come(item)


def test_one_that_went_all_the_way_has_nothing_to_come() -> None:
    assert to_come(answered()) == []
    assert done(answered())[-3:] == ["Зареєстровано", "В роботі", "Є відповідь"]


@pytest.mark.parametrize("status", ["registered", "in_progress"])
def test_an_answer_is_to_come_until_there_is_one(status: str) -> None:
    step = HistoryStep(NOW, status, "")
    item = received(state=status, status=status, history=(step,))
    assert to_come(item) == ["Є відповідь"]


def test_a_withdrawn_one_waits_for_no_answer() -> None:
    parts = (*received().parts, OwnPart("appeal.withdrawn", NOW - 1, "waiting"))
    item = received(withdrawn=True, state="withdrawn", parts=parts)
    assert done(item)[-1] == "Відкликано"
    assert to_come(item) == []


@pytest.mark.anyio
async def test_a_station_to_come_says_so_and_has_another_picture() -> None:
    device = FakeDevice()
    device.appeal_items = [appeal("a1")]
    async with window(device, route="/appeals/a1") as screen:
        said = screen.said("custody")
        assert said.count("ще ні") == 3
        icons = [c.icon for c in controls_in(screen.named("custody")) if isinstance(c, ft.Icon)]
        assert icons.count(ft.Icons.RADIO_BUTTON_UNCHECKED) == 3
        assert icons[0] != ft.Icons.RADIO_BUTTON_UNCHECKED


@pytest.mark.anyio
async def test_own_additions_have_a_way_of_their_own() -> None:
    device = FakeDevice()
    parts = (
        *answered().parts,
        OwnPart("appeal.commented", NOW - 2 * HOUR, "waiting"),
        OwnPart("appeal.rated", NOW - HOUR, "refused", "quota"),
        OwnPart("appeal.sung", NOW - HOUR, "received"),
    )
    device.appeal_items = [answered("a1", parts=parts)]
    async with window(device, route="/appeals/a1") as screen:
        shown = " / ".join(screen.texts())
        assert "Доповнення · чекає на цьому пристрої" in shown
        assert "Оцінка · не прийнято: Забагато записів" in shown
        assert "appeal.sung · отримано містом" in shown, "what a newer version brought"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("item", "dates"),
    [
        (received("a1", lane="appeal", kind="complaint"), True),
        (answered("a1"), True),
        (received("a1", lane="signal"), False),
        (appeal("a1", lane="appeal", kind="complaint"), False),
        (answered("a1", withdrawn=True, state="withdrawn"), False),
        (received("a1", lane="appeal", kind="complaint", received_at_ms=2**62), True),
    ],
)
async def test_the_law_s_dates_are_for_identified_appeals_with_a_receipt(
    item: AppealView, dates: bool
) -> None:
    device = FakeDevice()
    device.appeal_items = [item]
    async with window(device, route="/appeals/a1") as screen:
        assert screen.has("legal") is dates
        assert not screen.has("crashed")


async def legal_of(item: AppealView) -> list[str]:
    device = FakeDevice()
    device.appeal_items = [item]
    async with window(device, route="/appeals/a1") as screen:
        return screen.said("legal")


@pytest.mark.anyio
async def test_each_date_names_its_article_and_is_a_month_from_the_receipt() -> None:
    at = int(datetime(2026, 1, 30, 23, 30, tzinfo=UTC).timestamp() * 1000)
    said = " / ".join(await legal_of(received("a1", lane="appeal", received_at_ms=at)))
    # In Kyiv it was already the 31st, and February ends on its 28th.
    assert "28 лют" in said
    assert "393/96-ВР, ст. 20" in said
    assert "а не юридична порада" in said


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("age", "more", "over"),
    [
        (40 * DAY, {}, 2),
        (40 * DAY, {"status": "answered", "state": "answered"}, 0),
        (60 * DAY, {}, 3),
        (5 * DAY, {}, 0),
    ],
)
async def test_a_date_that_has_passed_says_so_in_words_unless_there_was_an_answer(
    age: int, more: dict[str, Any], over: int
) -> None:
    item = received("a1", lane="appeal", kind="complaint", received_at_ms=NOW - age, **more)
    assert sum("Строк минув" in text for text in await legal_of(item)) == over


def test_a_day_of_another_year_names_the_year() -> None:
    due = due_dates(NOW, UTC)[0].day
    assert str(due.year) in day_words(UK, due, due.year - 1)
    assert str(due.year) not in day_words(UK, due, due.year)
