"""The resident's appeals: the true state in words, and only what can be done can be tapped."""

from __future__ import annotations

import asyncio

import pytest

from client.i18n import words
from client.services.types import APPEAL_STATES, SaidLine
from client.storage.errors import StorageFull
from client.viewmodels.base import PAGE
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import NOW, answered, appeal, received, refused

pytestmark = pytest.mark.anyio


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


def cards(screen: Window) -> list[str]:
    return [name for name in screen.names() if name.startswith("appeal-a")]


async def test_an_empty_room_leads_to_writing(device: FakeDevice) -> None:
    async with window(device, route="/appeals") as screen:
        assert screen.has("appeals-empty")
        await screen.click("appeals-write")
        assert screen.app.section == "write"


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_every_state_of_an_appeal_has_its_word(device: FakeDevice, language: str) -> None:
    device.appeal_items = [appeal(f"a-{state}", state=state) for state in APPEAL_STATES]
    async with window(device, language, route="/appeals") as screen:
        for state in APPEAL_STATES:
            assert words(language)(f"state.{state}") in screen.said(f"appeal-a-{state}")


async def test_only_a_receipt_makes_a_card_say_received(device: FakeDevice) -> None:
    device.appeal_items = [appeal("a1"), received("a2")]
    async with window(device, route="/appeals") as screen:
        assert "Чекає на цьому пристрої" in screen.said("appeal-a1")
        assert "Отримано містом" not in screen.said("appeal-a1")
        assert "Отримано містом" in screen.said("appeal-a2")


async def test_a_received_one_with_a_waiting_comment_says_both(device: FakeDevice) -> None:
    device.appeal_items = [received("a1", pending=True)]
    async with window(device, route="/appeals") as screen:
        said = screen.said("appeal-a1")
        assert {"Отримано містом", "Є дописи, що чекають на цьому пристрої"} <= set(said)


@pytest.mark.parametrize(
    ("query", "found"),
    [("труба вода", []), ("двір", []), ("дворі труб", ["a2"]), ("ЗВ-000031", ["a3"]),
     ("7f3a", ["a2"]), ("шкільна", ["a1", "a2", "a3", "a4"])],
)  # fmt: skip
async def test_search_looks_into_title_text_address_and_numbers(
    device: FakeDevice, query: str, found: list[str]
) -> None:
    device.appeal_items = [appeal("a1"), answered("a2"), received("a3"), refused("a4")]
    async with window(device, route="/appeals") as screen:
        await screen.type("appeals-search", query)
        assert cards(screen) == [f"appeal-{record}" for record in found]
        assert ("Нічого не знайдено" in screen.texts()) is (not found)


@pytest.mark.parametrize(
    ("show", "found"),
    [("all", ["a1", "a2", "a3", "a4", "a5"]), ("waiting", ["a1", "a4", "a5"]),
     ("open", ["a1", "a3", "a4", "a5"]), ("done", ["a2"])],
)  # fmt: skip
async def test_filters_show_what_they_say(device: FakeDevice, show: str, found: list[str]) -> None:
    waits = received("a5", pending=True)
    device.appeal_items = [appeal("a1"), answered("a2"), received("a3"), refused("a4"), waits]
    async with window(device, route="/appeals") as screen:
        await screen.click(f"show-{show}")
        assert cards(screen) == [f"appeal-{record}" for record in found]


async def test_a_thread_shows_both_sides_and_the_receipt(device: FakeDevice) -> None:
    device.appeal_items = [answered("a2")]
    async with window(device, route="/appeals/a2") as screen:
        shown = screen.texts()
        assert "Стоянку вже підмило." in shown
        assert "Бригада перекрила воду. Трубу замінять завтра." in shown
        assert "7F3A-91C2-04" in screen.said("receipt-number")
        assert "№ ЗВ-000012" in shown
        assert "вул. Шкільна, 12, кв. 3" in shown, "where one lives, as it was sent"


async def test_a_waiting_appeal_has_no_receipt_and_says_so(device: FakeDevice) -> None:
    device.appeal_items = [appeal("a1")]
    async with window(device, route="/appeals/a1") as screen:
        assert any("Квитанції ще немає" in text for text in screen.texts())
        assert not screen.has("receipt-number")


async def test_a_refused_appeal_says_why_and_that_the_words_are_whole(device: FakeDevice) -> None:
    device.appeal_items = [refused("a1")]
    async with window(device, route="/appeals/a1") as screen:
        assert any("Забагато записів" in text for text in screen.texts())
        assert any("Ваш текст цілий" in text for text in screen.said("refused"))
        assert device.appeal_items[0].text in screen.texts()


@pytest.mark.parametrize(
    ("item", "acts"),
    [
        (appeal("a1"), {"amend", "comment-send", "withdraw"}),
        (received("a1"), {"amend", "comment-send", "withdraw"}),
        (received("a1", number="ЗВ-1", status="registered", state="registered"),
         {"comment-send"}),
        (answered("a1"), {"star-1", "comment-send"}),
        (answered("a1", stars=4), {"comment-send"}),
        (answered("a1", status="closed", state="closed"), {"star-1", "comment-send"}),
        (answered("a1", withdrawn=True, state="withdrawn"), set()),
        (refused("a1"), {"send-again"}),
    ],
)  # fmt: skip
async def test_only_what_can_be_done_is_offered(
    device: FakeDevice, item: object, acts: set[str]
) -> None:
    device.appeal_items = [item]  # type: ignore[list-item]
    async with window(device, route="/appeals/a1") as screen:
        every = {"amend", "send-again", "star-1", "comment-send", "withdraw"}
        assert every & set(screen.names()) == acts


async def test_amending_ends_when_the_desk_registers_while_the_thread_is_open(
    device: FakeDevice,
) -> None:
    device.appeal_items = [received("a1")]
    async with window(device, route="/appeals/a1") as screen:
        assert screen.has("amend")
        device.appeal_items = [received("a1", number="ЗВ-1", state="registered")]
        device.exchanged(last_success_ms=NOW)
        await screen.until(lambda: not screen.has("amend"))


async def test_a_comment_is_added_and_the_field_is_empty_again(device: FakeDevice) -> None:
    device.appeal_items = [answered("a2")]
    async with window(device, route="/appeals/a2") as screen:
        await screen.type("comment-text", "Дякую!")
        await screen.click("comment-send")
        await screen.until(lambda: "Дякую!" in screen.texts())
        assert device.appeal_items[0].said[-1].text == "Дякую!"
        assert screen.field("comment-text") == ""
        assert any("чекає на цьому пристрої" in text for text in screen.texts())


async def test_a_comment_that_is_not_saved_stays_in_its_field(device: FakeDevice) -> None:
    device.appeal_items = [answered("a2")]
    async with window(device, route="/appeals/a2") as screen:
        await screen.type("comment-text", "Дякую!")
        device.fail = StorageFull("disk")
        await screen.click("comment-send")
        await screen.until(lambda: screen.has("notice"))
        assert screen.field("comment-text") == "Дякую!"


async def test_an_impatient_second_tap_says_nothing_twice(device: FakeDevice) -> None:
    device.appeal_items = [answered("a2")]
    async with window(device, route="/appeals/a2") as screen:
        model = screen.app.appeals
        await screen.type("comment-text", "Дякую!")
        await asyncio.gather(model.comment(), model.comment())
        assert [line.text for line in device.appeal_items[0].said].count("Дякую!") == 1


async def test_a_rating_is_sent_with_its_note_and_asked_for_no_more(device: FakeDevice) -> None:
    device.appeal_items = [answered("a2")]
    async with window(device, route="/appeals/a2") as screen:
        assert not screen.has("rate"), "nothing to send before a star is chosen"
        await screen.click("star-4")
        await screen.type("rating-note", "Швидко")
        await screen.click("rate")
        await screen.until(lambda: not screen.has("star-4"))
        item = device.appeal_items[0]
        assert (item.stars, item.rating_note) == (4, "Швидко")
        assert any("Ваша оцінка: 4 з 5" in text for text in screen.texts())


async def test_withdrawing_asks_first(device: FakeDevice) -> None:
    device.appeal_items = [appeal("a1")]
    async with window(device, route="/appeals/a1") as screen:
        await screen.click("withdraw")
        await screen.click("withdraw-no")
        assert not device.appeal_items[0].withdrawn
        await screen.click("withdraw")
        await screen.click("withdraw-yes")
        await screen.until(lambda: not screen.has("withdraw"))
        assert device.appeal_items[0].withdrawn


async def test_a_question_of_one_thread_is_not_open_in_the_next(device: FakeDevice) -> None:
    device.appeal_items = [appeal("a1"), appeal("a2", title="Яма")]
    async with window(device, route="/appeals/a1") as screen:
        await screen.click("withdraw")
        await screen.type("comment-text", "Не сюди")
        await screen.click("back")
        await screen.click("appeal-a2")
        await screen.until(lambda: screen.app.appeals.open == device.appeal_items[1])
        assert screen.has("withdraw")
        assert screen.field("comment-text") == ""


async def test_new_words_of_the_city_are_marked_until_they_were_on_the_screen(
    device: FakeDevice,
) -> None:
    device.appeal_items = [answered("a2")]
    async with window(device, route="/appeals") as screen:
        assert "Є нове від міста" in screen.said("appeal-a2")
        await screen.click("appeal-a2")
        await screen.until(lambda: bool(device.prefs.marks))
        await screen.click("back")
        assert "Є нове від міста" not in screen.said("appeal-a2")
    async with window(device, route="/appeals") as screen:
        assert "Є нове від міста" not in screen.said("appeal-a2"), "also after a restart"


async def test_a_reply_that_comes_to_an_open_thread_shows_and_counts_as_seen(
    device: FakeDevice,
) -> None:
    device.appeal_items = [received("a1")]
    async with window(device, route="/appeals/a1") as screen:
        said = (SaidLine(NOW, True, "Бригада вже їде."),)
        device.appeal_items = [received("a1", said=said)]
        device.exchanged(last_success_ms=NOW)
        await screen.until(lambda: "Бригада вже їде." in screen.texts())
        await screen.until(lambda: device.prefs.marks == {"a1": 1})


async def test_a_long_list_comes_by_pages_and_search_sees_all_of_it(device: FakeDevice) -> None:
    device.appeal_items = [appeal(f"a{i}", title=f"Яма {i}") for i in range(PAGE + 7)]
    async with window(device, route="/appeals") as screen:
        assert len(cards(screen)) == PAGE
        await screen.type("appeals-search", f"яма {PAGE + 6}")
        assert cards(screen) == [f"appeal-a{PAGE + 6}"]
        await screen.type("appeals-search", "")
        await screen.click("appeals-more")
        await screen.until(lambda: len(cards(screen)) == PAGE + 7)
