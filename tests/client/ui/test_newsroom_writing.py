"""Writing news: seen as residents will, never typed over, an alert only after two questions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import flet as ft
import pytest

from client.services.news_drafts import NewsDraft
from client.storage.errors import StorageFull
from client.viewmodels.newsroom import preview
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import DAY, HOUR, NOW, alert, news

pytestmark = pytest.mark.anyio
BROAD = 1280


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> FakeDevice:
    monkeypatch.setattr("client.viewmodels.autosave.AUTOSAVE_S", 0.05)
    monkeypatch.setattr(preview, "LATER_S", 0.01)
    return FakeDevice({("newsroom", "news")})


async def write(screen: Window, **fields: str) -> None:
    for field, text in fields.items():
        await screen.type(f"newsroom-{field}", text)


def kept(device: FakeDevice, field: str = "title") -> list[str]:
    return [draft.texts.get(field, "") for draft in device.news_drafts.list()]


async def test_what_is_typed_is_seen_as_on_a_phone(device: FakeDevice) -> None:
    async with window(device, width=BROAD) as screen:
        form = screen.named("newsroom-title")
        await write(screen, title="Вода о 18:00", text="Засувку замінено.", topic="Вода")
        await screen.until(lambda: screen.said("newsroom-preview").count("Вода о 18:00") == 2)
        shown = screen.said("newsroom-preview")
        assert {"Засувку замінено.", "Вода", "Усе місто"} <= set(shown)
        assert "Надріччя" in shown
        assert screen.named("newsroom-title") is form, "the form was drawn anew by a key"


async def test_an_alert_is_seen_loud_and_with_its_end(device: FakeDevice) -> None:
    async with window(device, width=BROAD) as screen:
        await write(screen, title="Пройдіть в укриття", hours="6")
        await screen.click("newsroom-priority-urgent")
        await screen.select("newsroom-district", "Центр")
        await screen.until(lambda: "Центр" in screen.said("newsroom-preview"))
        assert "Терміново" in screen.said("newsroom-preview")
        await screen.until(lambda: "Діє до" in " ".join(screen.said("newsroom-preview")))


async def test_nothing_in_the_preview_can_be_tapped(device: FakeDevice) -> None:
    async with window(device, width=BROAD) as screen:
        frame = screen.named("newsroom-preview")
        assert isinstance(frame, ft.Container)
        assert frame.ignore_interactions


async def test_a_tablet_has_the_preview_under_the_form_and_a_phone_has_none(
    device: FakeDevice,
) -> None:
    async with window(device, width=1024) as screen:
        assert screen.has("newsroom-preview")
        await screen.resize(390)
        await screen.address("/newsroom/form")
        assert not screen.has("newsroom-preview")
        assert screen.has("newsroom-title")


async def test_an_alert_is_sent_to_a_second_person_after_a_question(device: FakeDevice) -> None:
    async with window(device, width=BROAD) as screen:
        await write(screen, title="Евакуація", text="О шостій.")
        await screen.click("newsroom-priority-urgent")
        await screen.click("newsroom-save")
        assert "Це розбудить людей" in screen.said("newsroom-urgent")[0]
        assert device.news_items == []
        await screen.click("newsroom-urgent-no")
        assert device.news_items == []
        await screen.click("newsroom-save")
        await screen.click("newsroom-urgent-yes")
        await screen.until(lambda: screen.has("newsroom-saved"))
        assert "підпис другої людини" in screen.said("newsroom-saved")[0]
        (item,) = device.news_items
        assert (item.priority, item.confirmed) == ("important", False)
        await screen.until(lambda: screen.has(f"unsigned-mark-{item.record}"))


async def test_a_change_of_mind_about_the_priority_takes_the_question_back(
    device: FakeDevice,
) -> None:
    async with window(device, width=BROAD) as screen:
        await write(screen, title="Евакуація", text="О шостій.")
        await screen.click("newsroom-priority-urgent")
        await screen.click("newsroom-save")
        await screen.click("newsroom-priority-important")
        assert not screen.has("newsroom-urgent-yes")
        await screen.click("newsroom-save")
        await screen.until(lambda: screen.has("newsroom-saved"))
        assert [item.priority for item in device.news_items] == ["important"]


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"hours": "6", "until": "18:00"}, "until", "або години, або дату"),
        ({"until": "завтра"}, "until", "Не зрозуміли"),
        ({"until": "01.02.2020"}, "until", "уже минув"),
        ({"title": ""}, "title", "кількома словами"),
    ],
)
async def test_what_is_wrong_stands_at_its_field(
    device: FakeDevice, fields: dict[str, str], field: str, said: str
) -> None:
    async with window(device, width=BROAD) as screen:
        await write(screen, **({"title": "Вода", "text": "Є"} | fields))
        await screen.click("newsroom-save")
        assert said in screen.field(f"newsroom-{field}", "error")
        assert device.news_items == []


async def test_a_date_is_until_its_end_in_the_city(device: FakeDevice) -> None:
    async with window(device, width=BROAD) as screen:
        day = datetime.fromtimestamp((NOW + 3 * DAY) / 1000, screen.app.zone)
        await write(screen, title="Вода", text="Є", until=f"{day:%d.%m}")
        await screen.click("newsroom-save")
        await screen.until(lambda: screen.has("newsroom-saved"))
        end = datetime.fromtimestamp(device.news_items[0].expires_at_ms / 1000, UTC)
        local = end.astimezone(screen.app.zone)
        assert (local.hour, local.minute) == (0, 0)
        assert 3 * DAY < device.news_items[0].expires_at_ms - NOW < 4 * DAY + HOUR


async def test_a_correction_has_the_old_wording_at_hand(device: FakeDevice) -> None:
    device.news_items = [news("n1", title="Вода о 15:00", text="Біля ринку.")]
    async with window(device, width=BROAD) as screen:
        await screen.click("correct-n1")
        await write(screen, title="Вода о 16:00")
        assert {"Вода о 15:00", "Біля ринку."} <= set(screen.said("newsroom-old"))
        assert not screen.has("newsroom-resign")
        await screen.until(lambda: "Вода о 16:00" in screen.said("newsroom-preview"))
        assert any("Виправлено" in text for text in screen.said("newsroom-preview"))


async def test_correcting_a_signed_alert_says_what_it_costs(device: FakeDevice) -> None:
    device.news_items = [alert("u1")]
    async with window(device, width=BROAD) as screen:
        await screen.click("correct-u1")
        assert "новий підпис" in screen.said("newsroom-resign")[0]
        await write(screen, title="Пройдіть в укриття на Садовій")
        await screen.click("newsroom-save")
        await screen.click("newsroom-urgent-yes")
        await screen.until(lambda: screen.has("newsroom-saved"))
        assert device.news_items[0].title == "Пройдіть в укриття", "the signed wording holds"
        (waits,) = device.newsroom.awaiting()
        assert (waits.title, waits.expires_at_ms) == (
            "Пройдіть в укриття на Садовій", NOW + HOUR,
        )  # fmt: skip


async def test_a_waiting_wording_is_what_is_corrected(device: FakeDevice) -> None:
    device.news_items = [news("n1", title="Евакуація", priority="important", confirmed=False)]
    device.newsroom.waits = [alert("n1", title="Евакуація", confirmed=False)]
    async with window(device, width=BROAD) as screen:
        await screen.click("correct-n1")
        assert screen.app.newsroom.writing.priority == "urgent"


async def test_what_is_typed_is_a_sealed_draft_a_moment_later(device: FakeDevice) -> None:
    async with window(device, width=BROAD) as screen:
        await write(screen, title="Вода", text="Буде")
        await screen.until(lambda: kept(device, "text") == ["Буде"])
    async with window(device, width=BROAD) as screen:
        assert screen.field("newsroom-title") == "Вода"
        assert screen.field("newsroom-text") == "Буде"


async def test_another_room_and_back_loses_no_word(
    device: FakeDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.viewmodels.autosave.AUTOSAVE_S", 3_600)
    async with window(device, width=BROAD) as screen:
        await write(screen, title="Вода")
        await screen.go("news")
        await screen.until(lambda: kept(device) == ["Вода"])
        await screen.go("newsroom")
        assert screen.field("newsroom-title") == "Вода"
        await screen.click("section-places")
        await screen.click("section-news")
        assert screen.field("newsroom-title") == "Вода"


async def test_a_correction_is_not_typed_over_what_was_begun(device: FakeDevice) -> None:
    device.news_items = [news("n1", title="Вода о 15:00")]
    async with window(device, width=BROAD) as screen:
        await write(screen, title="Нова новина")
        await screen.click("correct-n1")
        await write(screen, title="Вода о 16:00")
        (other,) = screen.app.newsroom.writing.drafts
        assert other.texts["title"] == "Нова новина"
        await screen.click(f"draft-{other.id}")
        await screen.until(lambda: screen.field("newsroom-title") == "Нова новина")
        (correction,) = screen.app.newsroom.writing.drafts
        assert screen.said(f"draft-{correction.id}") == ["Виправлення: Вода о 16:00"]
        await screen.click("correct-n1")
        assert screen.field("newsroom-title") == "Вода о 16:00"
        await screen.click("newsroom-save")
        await screen.until(lambda: device.news_items[0].title == "Вода о 16:00")
        await screen.until(lambda: screen.field("newsroom-title") == "Нова новина")
        assert kept(device) == ["Нова новина"]


async def test_a_published_draft_is_gone_everywhere(device: FakeDevice) -> None:
    async with window(device, width=BROAD) as screen:
        await write(screen, title="Вода", text="Є")
        await screen.until(lambda: kept(device) == ["Вода"])
        await screen.click("newsroom-save")
        await screen.until(lambda: screen.has("newsroom-saved"))
        assert kept(device) == []
        assert screen.app.newsroom.writing.drafts == ()


async def test_a_publishing_that_fails_keeps_every_word(device: FakeDevice) -> None:
    async with window(device, width=BROAD) as screen:
        await write(screen, title="Вода", text="Є")
        await screen.until(lambda: kept(device) == ["Вода"])
        device.fail = StorageFull("disk")
        await screen.click("newsroom-save")
        await screen.until(lambda: screen.has("notice"))
        assert not screen.has("newsroom-saved")
        assert screen.field("newsroom-text") == "Є"
        assert kept(device) == ["Вода"]


async def test_a_correction_of_what_is_gone_goes_on_as_something_new(device: FakeDevice) -> None:
    device.news_drafts.kept = {"d": NewsDraft("d", {"title": "Було", "text": "Є"}, about="nowhere")}
    async with window(device, width=BROAD) as screen:
        assert screen.field("newsroom-title") == "Було"
        assert not screen.has("newsroom-old")
        await screen.click("newsroom-save")
        await screen.until(lambda: [item.title for item in device.news_items] == ["Було"])


async def test_starting_afresh_throws_the_draft_away(device: FakeDevice) -> None:
    async with window(device, width=BROAD) as screen:
        await write(screen, title="Вода")
        await screen.until(lambda: kept(device) == ["Вода"])
        await screen.click("newsroom-discard")
        await screen.until(lambda: kept(device) == [])
        assert screen.field("newsroom-title") == ""


async def test_a_withdrawn_item_says_why_and_can_go_out_as_a_file(device: FakeDevice) -> None:
    device.news_items = [news("n1", withdrawn=True, note="Помилка диспетчера")]
    async with window(device, width=BROAD) as screen:
        said: list[Any] = screen.said("published-n1")
        assert "Відкликано: Помилка диспетчера" in said
        assert screen.has("cap-n1")
        assert not screen.has("correct-n1")
