"""Acts on many appeals: marking, saying what, a last question, an honest result."""

from __future__ import annotations

import asyncio

import pytest

from client.services.office.asked import Template
from client.storage.errors import StorageFull
from tests.client.ui.desk_screens import a_desk
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import NOW

pytestmark = pytest.mark.anyio


async def mark(screen: Window, *records: str) -> None:
    for record in records:
        await screen.click(f"mark-{record}")


async def go_on(screen: Window) -> None:
    """Through the question, and until it is done."""
    await screen.click("bulk-next")
    await screen.click("bulk-yes")
    await screen.until(lambda: screen.has("bulk-done"))


async def test_nothing_is_offered_until_something_is_marked() -> None:
    async with window(a_desk(), width=1280) as screen:
        assert not screen.has("bulk")
        await mark(screen, "a1")
        assert "Позначено 1 звернення" in screen.texts()
        await mark(screen, "a1")
        assert not screen.has("bulk")


async def test_a_page_or_everything_that_was_found_is_marked() -> None:
    async with window(a_desk(more=60), width=1280) as screen:
        await screen.click("mark-page")
        assert "Позначено 50 звернень" in screen.texts()
        await screen.click("bulk-all")
        assert "Позначено 64 звернення" in screen.texts()
        await screen.click("mark-page")
        assert "Позначено 14 звернень" in screen.texts(), "the page is taken off again"
        await screen.click("bulk-none")
        assert not screen.has("bulk")


async def test_marks_stay_from_page_to_page_and_view_to_view() -> None:
    async with window(a_desk(more=60), width=1280) as screen:
        await mark(screen, "a1")
        await screen.click("page-next")
        assert "Позначено 1 звернення" in screen.texts()
        await screen.click("view-signals")
        await mark(screen, "b01")
        assert "Позначено 2 звернення" in screen.texts()


async def test_assigning_asks_how_many_and_to_whom_first() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await mark(screen, "a1", "a2", "b00")
        await screen.click("bulk-assign")
        await screen.choose("bulk-assignee", "Петро")
        await screen.click("bulk-next")
        assert "Призначити 3 звернення: Петро?" in screen.texts()
        assert device.office.acts == [], "nothing is done before the answer"
        await screen.click("bulk-back")
        await screen.type("bulk-name", "  Ганна ")
        await go_on(screen)
        assert device.office.acts == [("assign", "Ганна")]
        assert "Зроблено: 3 звернення" in screen.texts()
        assert not screen.has("bulk-none"), "what is done is not marked any more"
        await screen.click("bulk-close")
        assert not screen.has("bulk")


async def test_nobody_in_particular_takes_the_assignee_off() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await mark(screen, "a3", "b01")
        await screen.click("bulk-assign")
        await screen.click("bulk-next")
        assert "Зняти виконавця з 2 звернень?" in screen.texts()
        await screen.click("bulk-yes")
        await screen.until(lambda: screen.has("bulk-done"))
        assert device.office.acts == [("assign", "")]


async def test_what_failed_is_told_with_the_reason_and_stays_marked() -> None:
    device = a_desk()
    device.office.refusing = {"b00": "too_late", "a2": "not_allowed"}
    async with window(device, width=1280) as screen:
        await mark(screen, "a1", "a2", "b00")
        await screen.click("bulk-status")
        await screen.choose("bulk-value", "in_progress")
        await go_on(screen)
        assert "Зроблено: 1 звернення" in screen.texts()
        assert "Позначено 2 звернення" in screen.texts()
        (said,) = screen.said("failed-a2")
        assert said == "ЗВ-a2 Прорвало трубу у дворі, вода у підвалі: " + (
            "Цей пристрій не має на це права."
        )
        assert device.office.case("a1").status == "in_progress"
        assert device.office.case("b00").status == ""


async def test_a_status_must_be_chosen_and_a_return_explained() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await mark(screen, "a1", "a2")
        await screen.click("bulk-status")
        await screen.click("bulk-next")
        assert "Спершу оберіть зі списку." in screen.said("bulk-problem")
        await screen.choose("bulk-value", "returned")
        await screen.click("bulk-next")
        assert screen.has("bulk-problem")
        await screen.type("bulk-words", "Немає адреси проживання.")
        await screen.click("bulk-next")
        assert "Змінити стан 2 звернень на «Повернуто»?" in screen.texts()
        await screen.click("bulk-yes")
        await screen.until(lambda: screen.has("bulk-done"))
        assert device.office.acts == [("status", ("returned", "Немає адреси проживання."))]


async def test_a_reply_by_template_is_filled_for_each_and_shown_for_the_first() -> None:
    device = a_desk()
    device.office.change("a2", name="Іван Лис")
    async with window(device, width=1280) as screen:
        await mark(screen, "a1", "a2")
        await screen.click("bulk-reply")
        await screen.choose("bulk-template", "Прийнято")
        assert screen.field("bulk-words") == "Добрий день, {name}! Ваш номер {number}."
        await screen.type("bulk-words", "Вітаємо, {name}!")
        await screen.click("bulk-next")
        assert screen.said("bulk-preview") == ["Вітаємо, Олена Іванівна Гончар!"]
        await screen.click("bulk-yes")
        await screen.until(lambda: screen.has("bulk-done"))
        assert device.office.said["a2"][-1].text == "Вітаємо, Іван Лис!"


async def test_an_empty_reply_is_not_sent() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await mark(screen, "a1")
        await screen.click("bulk-reply")
        await screen.type("bulk-words", "   ")
        await screen.click("bulk-next")
        assert "Напишіть відповідь." in screen.said("bulk-problem")
        await screen.type("bulk-words", "я" * 10_001)
        await screen.click("bulk-next")
        assert "Задовго. Скоротіть, будь ласка." in screen.said("bulk-problem")
        assert not screen.has("bulk-sure")


async def test_merging_keeps_the_earliest_unless_another_is_chosen() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await mark(screen, "a2", "a1", "b00")
        await screen.click("bulk-merge")
        await screen.click("bulk-next")
        assert "Приєднати 2 звернення до «ЗВ-a1 · Прорвало трубу у дворі»?" in screen.texts()
        await screen.click("bulk-back")
        await screen.choose("bulk-value", "a2")
        await go_on(screen)
        assert device.office.acts == [("merge", "a2")]
        assert device.office.case("a1").merged_into == "a2"
        assert device.office.case("a2").merged_into == ""


async def test_one_alone_cannot_be_merged() -> None:
    async with window(a_desk(), width=1280) as screen:
        await mark(screen, "a1")
        await screen.click("bulk-merge")
        await screen.click("bulk-next")
        assert "Щоб об’єднати, позначте щонайменше два." in screen.said("bulk-problem")


async def test_forwarding_needs_a_queue_and_there_must_be_two() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await mark(screen, "a1", "a2")
        await screen.click("bulk-forward")
        await screen.choose("bulk-value", "housing")
        await screen.type("bulk-words", "Це житлова справа")
        await go_on(screen)
        assert device.office.acts == [("forward", ("housing", "Це житлова справа"))]
    device.office.names = ("main",)
    async with window(device, width=1280) as screen:
        await mark(screen, "b00")
        assert not screen.has("bulk-forward")


async def test_an_impatient_second_tap_does_nothing_twice() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await mark(screen, "a1", "a2")
        await screen.click("bulk-reply")
        await screen.type("bulk-words", "Прийнято")
        await screen.click("bulk-next")
        bulk = screen.app.queue.bulk
        await asyncio.gather(bulk.do(), bulk.do())
        assert [name for name, _ in device.office.acts] == ["reply"]


async def test_a_full_disk_is_told_and_everything_stays_marked() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await mark(screen, "a1", "a2")
        await screen.click("bulk-assign")
        await screen.type("bulk-name", "Ганна")
        await screen.click("bulk-next")
        device.fail = StorageFull("disk")
        await screen.click("bulk-yes")
        await screen.until(lambda: screen.has("notice"))
        assert not screen.has("bulk-done")
        assert screen.has("bulk-sure")
        await screen.click("bulk-yes")
        await screen.until(lambda: screen.has("bulk-done"))
        assert device.office.case("a1").assignee == "Ганна"


async def test_templates_that_came_since_are_offered() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        device.office.put_template(Template("Нове", "Текст"))
        await mark(screen, "a1")
        await screen.click("bulk-reply")
        await screen.choose("bulk-template", "Нове")
        assert screen.field("bulk-words") == "Текст"


async def test_an_exchange_in_between_loses_no_mark_and_no_word() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await mark(screen, "a1")
        await screen.click("bulk-reply")
        await screen.type("bulk-words", "Половина відповіді")
        device.exchanged(last_success_ms=NOW)
        await screen.settle()
        assert screen.field("bulk-words") == "Половина відповіді"
        assert "Позначено 1 звернення" in screen.texts()
