"""Writing to the city: the form, its checks, the review, and the honest word after saving."""

from __future__ import annotations

import asyncio

import pytest

from client.services.prefs import Preferences
from client.storage.errors import StorageFull
from client.viewmodels.phone import Fix
from shared_schema.records.appeal import CATEGORIES, Position
from tests.client.ui.fake import FakeDevice, FakePhone
from tests.client.ui.forms import fill, filled, review
from tests.client.ui.headless import window
from tests.client.ui.samples import received, refused

pytestmark = pytest.mark.anyio
LONG = "Дуже довгий заголовок " * 40
PERSON = {"name": "Олена Гончар", "residence": "Садова, 3, кв. 4", "contact": "olena@example.org"}


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


async def test_a_signal_is_saved_without_a_name(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await fill(screen, title="Яма", text="Велика яма на дорозі", address="Садова, 3")
        await review(screen)
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-saved"))
        assert "Збережено на цьому пристрої" in screen.texts()
        item = device.appeal_items[0]
        assert (item.title, item.lane, item.kind, item.name) == ("Яма", "signal", "", "")
        assert item.category == "other", "what has no topic is not without one for the desk"
        assert device.exchanges == 2, "one at start, one after the save"


async def test_the_saved_one_can_be_opened_and_another_written(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await filled(screen)
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-again"))
        await screen.click("write-again")
        assert screen.field("write-title") == ""
        await filled(screen)
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-open"))
        await screen.click("write-open")
        await screen.until(lambda: screen.has("thread-state"))
        assert screen.app.section == "appeals"


async def test_an_appeal_needs_all_that_the_law_asks_and_says_so_at_each_field(
    device: FakeDevice,
) -> None:
    async with window(device, route="/write") as screen:
        await screen.click("write-lane-appeal")
        await fill(screen, title="Яма", text="Велика яма")
        await screen.click("write-review")
        for field in PERSON:
            assert screen.field(f"write-{field}", "error")
        assert not screen.has("write-save")
        await fill(screen, **PERSON)
        await screen.click("write-kind-complaint")
        await review(screen)
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-saved"))
        item = device.appeal_items[0]
        assert (item.lane, item.kind, item.residence) == ("appeal", "complaint", "Садова, 3, кв. 4")


async def test_a_signal_carries_no_name_even_if_one_was_typed_before(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await screen.click("write-lane-appeal")
        await fill(screen, title="Яма", text="Велика", **PERSON)
        await screen.click("write-lane-signal")
        await review(screen)
        assert "Олена Гончар" not in screen.texts()
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-saved"))
        item = device.appeal_items[0]
        assert (item.name, item.residence, item.contact) == ("", "", "")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": "Є текст"}, "title"),
        ({"title": "Є назва", "text": "   "}, "text"),
        ({"title": LONG, "text": "Є текст"}, "title"),
        ({"title": "Є", "text": "Є", "address": "а" * 301}, "address"),
    ],
)
async def test_a_bad_form_goes_no_further(
    device: FakeDevice, fields: dict[str, str], wrong: str
) -> None:
    async with window(device, route="/write") as screen:
        await fill(screen, **fields)
        await screen.click("write-review")
        assert screen.field(f"write-{wrong}", "error")
        assert screen.has("form-problem")
        assert not screen.has("write-save")


async def test_a_problem_goes_away_when_it_is_mended(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await fill(screen, title="Яма")
        await screen.click("write-review")
        assert screen.field("write-text", "error")
        await fill(screen, text="Велика")
        assert not screen.field("write-text", "error")
        assert not screen.has("form-problem")


@pytest.mark.parametrize("lane", ["signal", "appeal"])
async def test_the_review_says_who_can_read_it(device: FakeDevice, lane: str) -> None:
    async with window(device, route="/write") as screen:
        await screen.click(f"write-lane-{lane}")
        if lane == "appeal":
            await fill(screen, **PERSON)
        await filled(screen)
        shown = screen.texts()
        assert {"Хто це прочитає", "Лише стіл звернень міста."} <= set(shown)
        assert any("Ані сервер, ані кур’єр" in text for text in shown)
        assert any("сигнал: імені в ньому немає" in text for text in shown) is (lane == "signal")
        assert any("мусить відповісти" in text for text in shown) is (lane == "appeal")
        assert ("Садова, 3, кв. 4" in shown) is (lane == "appeal")


async def test_back_from_the_review_everything_is_still_there(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await filled(screen)
        await screen.click("write-edit")
        assert screen.field("write-title") == "Яма"
        assert screen.field("write-text") == "Велика яма на дорозі"
        assert device.appeal_items == []


async def test_danger_says_to_call_112_and_nothing_else_does(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await screen.click("category-water")
        assert not screen.has("write-danger")
        await screen.click("category-danger")
        assert "телефонуйте 112" in " ".join(screen.said("write-danger"))


async def test_every_topic_can_be_chosen(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await screen.click("category-more")
        for code in CATEGORIES:
            await screen.click(f"category-{code}")
            assert screen.app.write.category == code


async def test_the_own_district_is_filled_in(device: FakeDevice) -> None:
    device.prefs.kept = Preferences(district="Затишшя")
    async with window(device, route="/write") as screen:
        assert screen.app.write.text("district") == "Затишшя"
        await filled(screen)
        await screen.click("write-save")
        await screen.until(lambda: bool(device.appeal_items))
        assert device.appeal_items[0].district == "Затишшя"


async def test_a_position_is_rough_and_can_be_taken_back(device: FakeDevice) -> None:
    phone = FakePhone()
    phone.fix = Fix(4_851_234, 3_504_321, 12)
    async with window(device, route="/write", phone=phone) as screen:
        await screen.click("write-here")
        await screen.until(lambda: screen.has("write-no-position"))
        assert screen.app.write.position == Position(4_851_000, 3_504_000, 1_000)
        await filled(screen)
        assert any("Приблизно за 1 км" in text for text in screen.texts())
        await screen.click("write-edit")
        await screen.click("write-no-position")
        assert screen.app.write.position is None


async def test_a_phone_that_does_not_know_where_it_is_says_so(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await screen.click("write-here")
        await screen.until(lambda: screen.has("notice"))
        assert any("Напишіть адресу" in text for text in screen.said("notice"))


async def test_a_full_disk_is_told_and_the_words_stay(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await filled(screen)
        await asyncio.sleep(1)  # the draft is written, so that the next failure is the saving's
        device.fail = StorageFull("disk")
        await screen.click("write-save")
        await screen.until(lambda: screen.has("notice"))
        assert any("бракує місця" in text for text in screen.texts())
        assert not screen.has("write-saved")
        assert "Велика яма на дорозі" in screen.texts()
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-saved"))
        assert len(device.appeal_items) == 1


async def test_an_impatient_second_tap_sends_nothing_twice(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await filled(screen)
        model = screen.app.write
        await asyncio.gather(model.save(), model.save())
        assert len(device.appeal_items) == 1


async def test_amending_starts_from_the_wording_and_keeps_the_record(device: FakeDevice) -> None:
    device.appeal_items = [received("a1")]
    async with window(device, route="/appeals/a1") as screen:
        await screen.click("amend")
        assert screen.has("write-amend")
        assert screen.field("write-title") == device.appeal_items[0].title
        assert not screen.has("write-lane-signal"), "an amendment is no new appeal"
        await fill(screen, title="Не горять два ліхтарі")
        await review(screen)
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-saved"))
        assert [item.record for item in device.appeal_items] == ["a1"]
        assert device.appeal_items[0].title == "Не горять два ліхтарі"


async def test_a_refused_one_is_sent_again_as_a_new_one_with_the_same_words(
    device: FakeDevice,
) -> None:
    device.appeal_items = [refused("a1", place="p1", position=Position(1_000, 2_000, 1_000))]
    async with window(device, route="/appeals/a1") as screen:
        await screen.click("send-again")
        assert screen.has("write-resend")
        assert screen.field("write-text") == device.appeal_items[0].text
        await review(screen)
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-saved"))
        new, old = device.appeal_items
        assert (old.record, old.state) == ("a1", "refused"), "what was refused stays as it was"
        assert (new.title, new.category, new.place) == (old.title, old.category, "p1")
        assert new.position == old.position
