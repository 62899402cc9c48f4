"""An appeal at the desk: the journal, who takes care of it, its status, its terms, the notes."""

from __future__ import annotations

import asyncio

import pytest

from client.storage.errors import StorageFull
from tests.client.ui.desk_screens import a_desk
from tests.client.ui.fake import FakeDevice
from tests.client.ui.fake_office import ME
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import DAY, NOW, case

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk() -> FakeDevice:
    return a_desk()


def all_texts(screen: Window) -> str:
    return "\n".join(screen.texts())


async def test_one_tap_registers_under_the_receipt_s_number(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        assert screen.field("register-number") == "ЗВ-a1"
        await screen.click("desk-register")
        await screen.until(lambda: "№ ЗВ-a1" in screen.texts())
        assert screen.has("desk-done")
        assert not screen.has("desk-register")
        ((name, what),) = desk.office.acts
        assert (name, what["number"], what["note"]) == ("register", "ЗВ-a1", "")


async def test_everything_of_the_registration_is_saved(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.type("register-number", " К-17 ")
        await screen.type("register-classifier", "090")
        await screen.click("register-mark-repeat")
        await screen.click("register-mark-mass")
        await screen.click("register-mark-repeat")
        await screen.click("register-privileged")
        await screen.type("register-collective", "34")
        await screen.type("register-note", "Прийнято")
        await screen.click("desk-register")
        await screen.until(lambda: screen.has("desk-done"))
    made = desk.office.case("a1")
    assert (made.number, made.classifier, made.marks) == ("К-17", "090", ("mass",))
    assert (made.privileged, made.collective) == (True, 34)
    assert desk.office.history["a1"][-1].note == "Прийнято"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [("number", " ", "Потрібен номер."), ("number", "9" * 65, "Задовго"),
     ("collective", "сто", "число людей"), ("collective", "-3", "число людей"),
     ("collective", "1000001", "число людей"), ("collective", "²", "число людей"),
     ("classifier", "9" * 301, "Задовго"), ("note", "я" * 301, "Задовго")],
)  # fmt: skip
async def test_an_odd_registration_is_not_saved(
    desk: FakeDevice, field: str, text: str, said: str
) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.type(f"register-{field}", text)
        await screen.click("desk-register")
        assert said in screen.field(f"register-{field}", "error")
        assert desk.office.acts == []


async def test_a_registration_is_corrected_from_what_it_says(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a3") as screen:
        assert not screen.has("register-number")
        await screen.click("desk-correct")
        assert screen.field("register-number") == "ЗВ-000003"
        assert screen.field("register-collective") == "12"
        await screen.click("register-no")
        assert not screen.has("register-number")
        await screen.click("desk-correct")
        await screen.type("register-number", "ЗВ-000033")
        await screen.click("desk-register")
        await screen.until(lambda: desk.office.case("a3").number == "ЗВ-000033")
        assert desk.office.case("a3").privileged


async def test_it_is_assigned_to_me_to_another_and_to_nobody(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.choose("desk-assign", ME)
        await screen.until(lambda: ME in screen.said("desk-assignee"))
        await screen.choose("desk-assign", "Петро")
        await screen.until(lambda: "Петро" in screen.said("desk-assignee"))
        await screen.choose("desk-assign", "-")
        await screen.until(lambda: "Нікому не призначено" in screen.said("desk-assignee"))


async def test_somebody_whom_nobody_knows_yet_is_typed(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.choose("desk-assign", "*")
        await screen.click("ask-yes")
        assert screen.field("ask-name", "error") == "Напишіть ім’я виконавця."
        await screen.type("ask-name", "Ганна")
        await screen.fire(screen.named("ask-name"), "submit")
        await screen.until(lambda: desk.office.case("a1").assignee == "Ганна")
        assert not screen.has("ask-name")


@pytest.mark.parametrize("status", ["in_progress", "answered", "closed"])
async def test_a_status_is_set_with_or_without_words(desk: FakeDevice, status: str) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.choose("desk-status", status)
        assert desk.office.acts == [], "choosing asks for words first"
        await screen.click("ask-yes")
        await screen.until(lambda: desk.office.case("a1").status == status)
        await screen.until(lambda: screen.has("desk-done"))
        assert desk.office.acts == [("status", (status, ""))]


async def test_returning_needs_an_explanation(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.choose("desk-status", "returned")
        assert any("статтею 5" in text for text in screen.texts())
        await screen.click("ask-yes")
        assert screen.has("ask-problem")
        assert desk.office.acts == []
        await screen.type("ask-words", "Немає адреси, де ви живете. Допишіть її.")
        await screen.click("ask-yes")
        await screen.until(lambda: desk.office.case("a1").status == "returned")
        assert "Немає адреси, де ви живете. Допишіть її." in screen.texts()


async def test_the_term_is_extended_with_notice_and_once(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.click("desk-extend")
        await screen.click("ask-yes")
        assert screen.has("ask-problem")
        await screen.type("ask-words", "Чекаємо на висновок комісії.")
        await screen.click("ask-yes")
        await screen.until(lambda: desk.office.case("a1").extended)
        assert not screen.has("desk-extend")
        assert "Строк продовжено, мешканця попереджено" in screen.texts()


async def test_it_is_forwarded_with_words(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.click("desk-forward")
        await screen.click("ask-yes")
        assert "Спершу оберіть зі списку." in screen.said("ask-problem")
        await screen.choose("ask-queue", "housing")
        await screen.type("ask-words", "Це до житлового відділу.")
        await screen.click("ask-yes")
        await screen.until(lambda: desk.office.case("a1").queue == "housing")
        assert desk.office.acts == [("forward", ("housing", "Це до житлового відділу."))]


async def test_a_signal_has_no_term_to_extend_and_no_dates(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a4") as screen:
        assert not screen.has("desk-extend")
        assert not screen.has("desk-deadlines")
        assert "Без імені" in screen.texts()


async def test_the_dates_of_the_law_are_plain_with_their_source(desk: FakeDevice) -> None:
    desk.office.change("a1", received_at_ms=NOW - 10 * DAY, status="registered", number="1")
    async with window(desk, width=1280, route="/queue/a1") as screen:
        words = screen.said("due-answer")
        assert words[0].startswith("Відповісти до ")
        assert " · ще " in words[0]
        assert "393/96-ВР, ст. 20" in words[1]
        assert not screen.has("due-registration"), "it is in the journal"
        assert screen.said("due-forward")[0].startswith("Переслати за належністю можна до ")


async def test_what_is_late_says_since_when(desk: FakeDevice) -> None:
    desk.office.put(case("late", received_at_ms=NOW - 60 * DAY))
    async with window(desk, width=1280, route="/queue/late") as screen:
        assert "днів тому" in screen.said("due-answer")[0]
        assert "Прострочено" in screen.texts()
        assert "Зареєструвати до" in screen.said("due-registration")[0]


async def test_the_earliest_of_the_merged_is_named(desk: FakeDevice) -> None:
    """`a6` came three days before `a1`, into which it was merged."""
    async with window(desk, width=1280, route="/queue/a1") as screen:
        assert any(text.startswith("Рахуємо від ") and "найраніше з приєднаних" in text
                   for text in screen.texts())  # fmt: skip
    async with window(desk, width=1280, route="/queue/a2") as screen:
        assert not any("найраніше з приєднаних" in text for text in screen.texts())


async def test_notes_say_that_the_resident_never_gets_them(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        assert "мешканець цього ніколи не отримає" in all_texts(screen)
        assert screen.said("noted-0") == ["Подзвонити зранку"]
        await screen.click("desk-note")
        assert screen.field("desk-note-text", "error") == "Напишіть нотатку."
        await screen.type("desk-note-text", "Ключ у сусіда")
        await screen.click("desk-note")
        await screen.until(lambda: screen.has("noted-2"))
        assert screen.field("desk-note-text") == ""
        assert desk.office.said["a1"][-1].text == "Бригада виїхала.", "the thread is as it was"


async def test_both_sides_of_the_thread_are_there(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        assert "Бригада виїхала." in screen.texts()
        assert "Олена Іванівна Гончар" in screen.texts()
        assert screen.has("receipt-number")


async def test_a_phone_has_the_same_in_one_column(desk: FakeDevice) -> None:
    async with window(desk, route="/queue/a1") as screen:
        names = screen.names()
        order = ["thread-title", "desk-acts", "desk-register", "desk-reply-text",
                 "desk-deadlines", "desk-merging", "desk-notes", "receipt-number"]  # fmt: skip
        assert sorted(order, key=names.index) == order
        await screen.click("desk-register")
        await screen.until(lambda: screen.has("desk-done"))
        await screen.click("back")
        assert screen.has("appeal-a1")


async def test_what_is_typed_survives_an_exchange_and_not_another_appeal(
    desk: FakeDevice,
) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.type("desk-note-text", "Половина нотатки")
        await screen.type("register-classifier", "090")
        await screen.type("desk-reply-text", "Половина відповіді")
        desk.exchanged(last_success_ms=NOW)
        await screen.settle()
        assert screen.field("desk-note-text") == "Половина нотатки"
        assert screen.field("register-classifier") == "090"
        await screen.click("desk-back")
        await screen.click("appeal-a2")
        await screen.until(lambda: screen.app.queue.folder.record == "a2")
        assert screen.field("desk-note-text") == ""
        assert screen.field("register-classifier") == ""
        assert screen.field("desk-reply-text") == ""
        await screen.click("desk-back")
        await screen.click("appeal-a1")
        await screen.until(lambda: screen.app.queue.folder.record == "a1")
        assert screen.field("desk-reply-text") == "Половина відповіді", "replies are kept"


async def test_a_failure_is_told_and_the_words_stay(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        await screen.choose("desk-status", "returned")
        await screen.type("ask-words", "Немає адреси.")
        desk.fail = StorageFull("disk")
        await screen.click("ask-yes")
        await screen.until(lambda: screen.has("notice"))
        assert screen.field("ask-words") == "Немає адреси."
        assert not screen.has("desk-done")
        desk.office.refusing = {"a1": "not_allowed"}
        await screen.click("ask-yes")
        await screen.until(lambda: "Цей пристрій не має на це права." in screen.texts())
        assert screen.field("ask-words") == "Немає адреси."


async def test_an_impatient_second_tap_registers_once(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        folder = screen.app.queue.folder
        await asyncio.gather(folder.enter(), folder.enter())
        assert [name for name, _ in desk.office.acts] == ["register"]


async def test_quick_steps_end_at_the_last_appeal(desk: FakeDevice) -> None:
    async with window(desk, width=1280, route="/queue/a1") as screen:
        folder = screen.app.queue.folder
        await asyncio.gather(*(folder.select(each) for each in ("a2", "a3", "a1", "a2")))
        assert folder.record == "a2"
        await folder.refresh()
        assert folder.record == "a2"
