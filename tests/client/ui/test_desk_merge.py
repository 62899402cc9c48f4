"""Merging appeals about the same matter, and settling what desks have said differently."""

from __future__ import annotations

import pytest

from tests.client.ui.desk_screens import a_desk
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import NOW

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk() -> FakeDevice:
    return a_desk()


def opened(screen: Window) -> str:
    return screen.app.queue.folder.record


async def test_what_is_alike_is_offered_with_why(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        texts = "\n".join(screen.texts())
        assert screen.has("merge-here-a2")
        assert "ЗВ-a2 · Прорвало трубу у дворі, вода у підвалі" in texts
        assert "схожий текст · той самий будинок" in texts
        assert not screen.has("merge-here-b00"), "a lantern is no pipe"


async def test_the_other_one_is_merged_into_this_and_taken_out_again(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.click("merge-here-a2")
        await screen.until(lambda: screen.has("unmerge-a2"))
        assert "Приєднано 2 звернення" in screen.texts()
        assert desk.office.case("a2").merged_into == "a1"
        await screen.click("unmerge-a2")
        await screen.until(lambda: screen.has("merge-here-a2"))
        assert desk.office.case("a2").merged_into == ""
        assert "Об’єднання скасовано" in screen.texts()


async def test_this_one_is_merged_into_the_other_and_leads_there(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a2") as screen:
        await screen.click("merge-there-a1")
        await screen.until(lambda: screen.has("merged-into"))
        await screen.click("merged-open")
        await screen.until(lambda: opened(screen) == "a1")
        assert screen.has("unmerge-a2")
        await screen.click("open-a2")
        await screen.until(lambda: opened(screen) == "a2")
        await screen.click("merged-undo")
        await screen.until(lambda: not screen.has("merged-into"))


async def test_another_one_is_found_by_its_number(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.click("merge-find")
        assert screen.field("merge-number", "error").startswith("Напишіть номер")
        await screen.type("merge-number", "ЗВ-99")
        await screen.click("merge-find")
        await screen.until(lambda: bool(screen.field("merge-number", "error")))
        assert screen.field("merge-number", "error") == "Такого номера тут немає."
        await screen.type("merge-number", " зв-b00 ")
        await screen.fire(screen.named("merge-number"), "submit")
        await screen.until(lambda: screen.has("merge-found"))
        await screen.click("merge-here-b00")
        await screen.until(lambda: desk.office.case("b00").merged_into == "a1")
        assert not screen.has("merge-found")


async def test_the_own_number_and_what_is_in_sight_are_not_offered_again(
    desk: FakeDevice,
) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.type("merge-number", "ЗВ-a1")
        await screen.click("merge-find")
        await screen.until(lambda: bool(screen.field("merge-number", "error")))
        await screen.type("merge-number", "ЗВ-a2")
        await screen.click("merge-find")
        await screen.until(lambda: screen.has("merge-known"))
        assert not screen.has("merge-found")


async def test_rivals_are_shown_with_who_and_when_and_one_tap_settles(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a3") as screen:
        said = screen.said("conflict-status")
        assert {"Зареєстровано", "В роботі", "Зараз діє це"} <= set(said)
        assert any(text.startswith("Садова, ") for text in said)
        head = desk.office.rivals["a3"][0].rivals[1].head
        await screen.click(f"settle-{head}")
        await screen.until(lambda: not screen.has("conflict-status"))
        assert desk.office.acts == [("settle", ("status", head))]
        assert desk.office.case("a3").status == "in_progress"
        assert screen.has("conflict-assignee"), "the other one still waits for a person"
        assert "Розбіжність знято. Збережено на цьому пристрої." in screen.texts()


async def test_nothing_is_settled_by_itself(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a3") as screen:
        desk.exchanged(last_success_ms=NOW)
        await screen.settle()
        assert desk.office.acts == []
        assert screen.has("conflict-status")
        assert screen.has("conflict-assignee")


async def test_records_and_nobody_are_named_in_a_conflict(desk: FakeDevice) -> None:
    desk.office.quarrel("a1", "merged", ("a6", "Садова"), ("", "Кам’янка"))
    desk.office.quarrel("a1", "assignee", ("", "Садова"), ("Ганна", "Кам’янка"))
    desk.office.quarrel("a1", "registration", ("ЗВ-7", "Садова"), ("ЗВ-8", "Кам’янка"))
    async with window(desk, width=1280, route="/queue/a1") as screen:
        assert {"ЗВ-a6 Немає тиску", "Не приєднано"} <= set(screen.said("conflict-merged"))
        assert {"Нікому не призначено", "Ганна"} <= set(screen.said("conflict-assignee"))
        assert {"ЗВ-7", "ЗВ-8"} <= set(screen.said("conflict-registration"))
