"""Replying at the desk, and the templates that replies begin from."""

from __future__ import annotations

import pytest

from client.services.office.asked import Template
from client.storage.errors import StorageFull
from client.viewmodels.desk.replies import BEGUN_MAX
from client.viewmodels.desk.templates import PLACES
from tests.client.ui.desk_screens import a_desk
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import window

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk() -> FakeDevice:
    return a_desk()


async def test_an_empty_reply_is_not_sent_and_a_full_one_is(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a2") as screen:
        await screen.click("desk-reply")
        assert screen.field("desk-reply-text", "error") == "Напишіть відповідь."
        await screen.type("desk-reply-text", "Бригада вже їде.")
        await screen.click("desk-reply")
        await screen.until(lambda: "Бригада вже їде." in screen.texts())
        assert desk.office.said["a2"][-1].by_desk
        assert screen.field("desk-reply-text") == ""
        assert desk.office.case("a2").status == "", "a reply alone ends nothing"


async def test_a_reply_may_end_the_matter_and_the_choice_stays(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a2") as screen:
        await screen.click("desk-reply-answered")
        await screen.type("desk-reply-text", "Полагоджено.")
        await screen.click("desk-reply")
        await screen.until(lambda: desk.office.case("a2").status == "answered")
        assert [name for name, _ in desk.office.acts] == ["reply", "status"]
        await screen.type("desk-reply-text", "І ще одне.")
        await screen.click("desk-reply")
        await screen.until(lambda: len(desk.office.said["a2"]) == 2)
        await screen.settle()
        assert [name for name, _ in desk.office.acts] == ["reply", "status", "reply"]


async def test_a_template_comes_filled_can_be_changed_and_loses_no_word(
    desk: FakeDevice,
) -> None:
    async with window(desk, width=1280, route="/queue/a3") as screen:
        await screen.type("desk-reply-text", "Вибачте за затримку.")
        await screen.choose("desk-template", "Прийнято")
        filled = "Добрий день, Олена Іванівна Гончар! Ваш номер ЗВ-000003."
        assert screen.field("desk-reply-text") == f"Вибачте за затримку.\n\n{filled}"
        await screen.type("desk-reply-text", filled + " Чекайте.")
        await screen.click("desk-preview")
        assert screen.said("desk-previewed") == [filled + " Чекайте."]
        await screen.click("desk-reply")
        await screen.until(lambda: bool(desk.office.said.get("a3")))
        assert desk.office.said["a3"][-1].text == filled + " Чекайте."


async def test_the_preview_is_gone_with_the_next_key(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a3") as screen:
        await screen.type("desk-reply-text", "Ваш номер {number}")
        await screen.click("desk-preview")
        assert screen.said("desk-previewed") == ["Ваш номер ЗВ-000003"]
        await screen.type("desk-reply-text", "Ваш номер {number}.")
        assert not screen.has("desk-previewed")


async def test_a_reply_that_was_not_saved_stays_in_its_field(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a2") as screen:
        await screen.click("desk-reply-answered")
        await screen.type("desk-reply-text", "Бригада вже їде.")
        desk.office.refusing = {"a2": "bad_payload"}
        await screen.click("desk-reply")
        await screen.until(lambda: screen.has("notice"))
        assert screen.field("desk-reply-text") == "Бригада вже їде."
        assert desk.office.case("a2").status == "", "nothing was said, so nothing is answered"


async def test_replies_that_were_begun_do_not_pile_up_without_end(desk: FakeDevice) -> None:
    async with window(desk, width=1280) as screen:
        replies = screen.app.queue.replies
        for n in range(BEGUN_MAX + 50):
            replies.open(f"r{n}")
            replies.words.text = f"Текст {n}"
        replies.open("r0")
        assert replies.words.text == "", "the oldest was let go"
        replies.open(f"r{BEGUN_MAX + 40}")
        assert replies.words.text == f"Текст {BEGUN_MAX + 40}"


async def test_a_template_is_written_with_its_places(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.click("desk-templates")
        await screen.until(lambda: screen.has("template-save"))
        await screen.click("template-save")
        assert screen.field("template-name", "error") == "Потрібні назва й текст."
        await screen.type("template-name", "Строк")
        await screen.type("template-text", "Відповімо до")
        for place in PLACES:
            await screen.click(f"template-place-{place}")
        await screen.click("template-save")
        await screen.until(lambda: screen.has("template-saved"))
        places = " ".join(f"{{{place}}}" for place in PLACES)
        assert desk.office.kept["Строк"] == Template("Строк", f"Відповімо до {places}")
        await screen.click("desk-back")
        await screen.click("appeal-a1")
        await screen.until(lambda: screen.has("desk-template"))
        await screen.choose("desk-template", "Строк")
        assert "{" not in screen.field("desk-reply-text")


async def test_a_template_is_renamed_and_thrown_away_after_a_question(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/templates") as screen:
        await screen.until(lambda: screen.has("template-0"))
        await screen.click("template-change-0")
        assert screen.field("template-name") == "Прийнято"
        await screen.type("template-name", "Отримано")
        await screen.click("template-save")
        await screen.until(lambda: list(desk.office.kept) == ["Отримано"])
        await screen.click("template-forget-0")
        assert "Отримано" in desk.office.kept
        await screen.click("template-forget-no")
        await screen.click("template-forget-0")
        await screen.click("template-forget-yes")
        await screen.until(lambda: screen.has("templates-empty"))
        assert desk.office.kept == {}


async def test_a_template_that_was_not_kept_stays_in_the_form(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/templates") as screen:
        await screen.until(lambda: screen.has("template-save"))
        await screen.type("template-name", "Строк")
        await screen.type("template-text", "Відповімо невдовзі.")
        desk.fail = StorageFull("disk")
        await screen.click("template-save")
        await screen.until(lambda: screen.has("notice"))
        assert screen.field("template-text") == "Відповімо невдовзі."
        assert not screen.has("template-saved")
