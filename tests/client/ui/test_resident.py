"""What a resident sees and does, without a client and without a network."""

from __future__ import annotations

import pytest

from client.storage.errors import StorageFull
from tests.client.ui.fake import (
    HOUR,
    MINUTE,
    NOW,
    FakeDevice,
    answered,
    appeal,
    news,
)
from tests.client.ui.headless import Window, window

pytestmark = pytest.mark.anyio
NEWS, WRITE, APPEALS = range(3)
LONG = "Дуже довгий заголовок " * 40


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


async def fill(screen: Window, **fields: str) -> None:
    for field, text in fields.items():
        await screen.type(f"write-{field}", text)


async def test_urgent_news_says_so_in_words_and_stands_first(device: FakeDevice) -> None:
    device.news_items = [news("n1"), news("u1", priority="urgent", title="Пройдіть в укриття")]
    async with window(device) as screen:
        cards = [name for name in screen.names() if name in ("news-n1", "news-u1")]
        assert cards == ["news-u1", "news-n1"]
        assert "Терміново" in screen.texts()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"withdrawn": True}, "Відкликано редакцією"),
        ({"expires_at_ms": NOW - HOUR}, "Строк дії минув"),
        ({"corrections": 1}, "Виправлено"),
        ({"pending": True}, "Чекає на цьому пристрої"),
    ],
)
async def test_news_that_may_not_be_relied_on_says_so(
    device: FakeDevice, change: dict[str, object], said: str
) -> None:
    device.news_items = [news("n1", **change)]
    async with window(device) as screen:
        assert said in " ".join(screen.texts())


async def test_expired_urgent_news_no_longer_shouts(device: FakeDevice) -> None:
    device.news_items = [news("u1", priority="urgent", expires_at_ms=NOW - MINUTE)]
    async with window(device) as screen:
        loud = [c for c in screen.controls() if getattr(c, "bgcolor", "") == "#B3261E"]
        assert not loud


async def test_a_news_item_opens_in_full_and_closes_again(device: FakeDevice) -> None:
    device.news_items = [news("n1", withdrawn=True, note="Помилка в адресі")]
    async with window(device) as screen:
        await screen.click("news-n1")
        await screen.until(lambda: screen.has("news-withdrawn"))
        assert "Відкликано: Помилка в адресі" in screen.texts()
        assert len(screen.views()) == 2
        await screen.click("back")
        assert len(screen.views()) == 1


async def test_search_finds_and_says_when_it_does_not(device: FakeDevice) -> None:
    device.news_items = [news("n1", title="Вода"), news("n2", title="Світло")]
    async with window(device) as screen:
        await screen.type("news-search", "вод")
        await screen.until(lambda: not screen.has("news-n2"))
        assert screen.has("news-n1")
        await screen.type("news-search", "молоко")
        await screen.until(lambda: "Нічого не знайдено" in screen.texts())


async def test_long_lists_come_by_fifty(device: FakeDevice) -> None:
    device.news_items = [news(f"n{i}") for i in range(120)]
    async with window(device) as screen:
        assert sum(name.startswith("news-n") for name in screen.names()) == 50
        await screen.click("news-more")
        assert sum(name.startswith("news-n") for name in screen.names()) == 100
        await screen.click("news-more")
        await screen.until(lambda: screen.has("news-n119"))
        assert not screen.has("news-more")


async def test_a_signal_is_saved_without_a_name(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.go(WRITE)
        await fill(screen, title="Яма", text="Велика яма на дорозі", address="Садова, 3")
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-saved"))
        assert "Збережено на цьому пристрої" in screen.texts()
        assert device.appeal_items[0].title == "Яма"
        assert device.appeal_items[0].lane == "signal"
        assert device.appeal_items[0].name == ""
        assert device.exchanges == 2, "one at start, one after the save"


async def test_an_appeal_needs_a_name_and_says_so_beside_the_field(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.go(WRITE)
        await screen.fire(screen.named("write-lane"), "change", selected=["appeal"])
        await fill(screen, title="Яма", text="Велика яма")
        await screen.click("write-save")
        assert "ім’я" in str(getattr(screen.named("write-name"), "error", ""))
        assert device.appeal_items == []
        await fill(screen, name="Олена Гончар", contact="olena@example.org")
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-saved"))
        assert (device.appeal_items[0].lane, device.appeal_items[0].kind) == (
            "appeal",
            "application",
        )


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": "Є текст"}, "title"),
        ({"title": "Є назва", "text": "   "}, "text"),
        ({"title": LONG, "text": "Є текст"}, "title"),
        ({"title": "Є", "text": "Є", "address": "а" * 301}, "address"),
    ],
)
async def test_a_bad_form_is_not_saved(
    device: FakeDevice, fields: dict[str, str], wrong: str
) -> None:
    async with window(device) as screen:
        await screen.go(WRITE)
        await fill(screen, **fields)
        await screen.click("write-save")
        assert getattr(screen.named(f"write-{wrong}"), "error", None)
        assert screen.has("form-problem")
        assert device.appeal_items == []


async def test_a_full_disk_is_told_and_the_words_stay(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.go(WRITE)
        await fill(screen, title="Яма", text="Велика яма")
        device.fail = StorageFull("disk")
        await screen.click("write-save")
        await screen.until(lambda: screen.has("notice"))
        assert any("бракує місця" in text for text in screen.texts())
        assert not screen.has("write-saved")
        assert getattr(screen.named("write-text"), "value", "") == "Велика яма"
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-saved"))


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_every_state_of_an_appeal_has_its_word(device: FakeDevice, language: str) -> None:
    from client.i18n import words
    from client.services.types import APPEAL_STATES

    device.appeal_items = [appeal(f"a-{state}", state=state) for state in APPEAL_STATES]
    async with window(device, language) as screen:
        await screen.go(APPEALS)
        shown = screen.texts()
        assert [s for s in APPEAL_STATES if words(language)(f"state.{s}") not in shown] == []


async def test_a_thread_shows_both_sides_and_the_receipt(device: FakeDevice) -> None:
    device.appeal_items = [answered("a2")]
    async with window(device, route="/appeals/a2") as screen:
        await screen.until(lambda: screen.has("receipt-number"))
        shown = screen.texts()
        assert "Стоянку вже підмило." in shown
        assert "Бригада перекрила воду. Трубу замінять завтра." in shown
        assert "7F3A-91C2-04" in shown
        assert "№ ЗВ-000012" in shown
        assert "Передано водоканалу" in shown


async def test_a_waiting_appeal_has_no_receipt_and_says_so(device: FakeDevice) -> None:
    device.appeal_items = [appeal("a1")]
    async with window(device, route="/appeals/a1") as screen:
        await screen.until(lambda: screen.has("thread-state"))
        assert any("Квитанції ще немає" in text for text in screen.texts())
        assert not screen.has("receipt-number")


async def test_a_refused_appeal_says_why(device: FakeDevice) -> None:
    device.appeal_items = [appeal("a1", state="refused", reason="quota")]
    async with window(device, route="/appeals/a1") as screen:
        await screen.until(lambda: screen.has("thread-state"))
        assert any("Забагато записів" in text for text in screen.texts())


async def test_a_comment_is_added_and_the_field_is_empty_again(device: FakeDevice) -> None:
    device.appeal_items = [answered("a2")]
    async with window(device, route="/appeals/a2") as screen:
        await screen.until(lambda: screen.has("comment-text"))
        await screen.type("comment-text", "Дякую!")
        await screen.click("comment-send")
        await screen.until(lambda: "Дякую!" in screen.texts())
        assert device.appeal_items[0].said[-1].text == "Дякую!"
        assert getattr(screen.named("comment-text"), "value", "") == ""


async def test_withdrawing_asks_first(device: FakeDevice) -> None:
    device.appeal_items = [appeal("a1")]
    async with window(device, route="/appeals/a1") as screen:
        await screen.until(lambda: screen.has("withdraw"))
        await screen.click("withdraw")
        await screen.click("withdraw-no")
        assert not device.appeal_items[0].withdrawn
        await screen.click("withdraw")
        await screen.click("withdraw-yes")
        await screen.until(lambda: not screen.has("withdraw"))
        assert device.appeal_items[0].withdrawn


async def test_the_language_switches_at_once_and_keeps_what_was_typed(device: FakeDevice) -> None:
    async with window(device) as screen:
        await screen.go(WRITE)
        await fill(screen, title="Яма")
        await screen.click("language")
        assert "What happened" in screen.texts()
        assert getattr(screen.named("write-title"), "value", "") == "Яма"
        await screen.click("language")
        assert "Що сталося" in screen.texts()


async def test_a_wide_window_has_a_rail_and_two_panes(device: FakeDevice) -> None:
    device.news_items = [news("n1")]
    async with window(device, width=1280) as screen:
        assert "Оберіть новину" in screen.texts()
        await screen.click("news-n1")
        await screen.until(lambda: "Підпис редакції перевірено" in screen.texts())
        assert len(screen.views()) == 1
        await screen.resize(390)
        assert len(screen.views()) == 2
