"""Drafts: a key never waits for the disk, and no word is lost on the way to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import flet as ft
import pytest

from client.services.prefs import Preferences
from client.storage.errors import StorageFull
from tests.client.ui.fake import FakeDevice
from tests.client.ui.forms import fill, filled
from tests.client.ui.headless import window
from tests.client.ui.samples import draft, received

pytestmark = pytest.mark.anyio
SOON_S = 0.05


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> FakeDevice:
    monkeypatch.setattr("client.viewmodels.autosave.AUTOSAVE_S", SOON_S)
    return FakeDevice()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch, device: FakeDevice) -> None:
    """The pause after the last key never ends by itself."""

    monkeypatch.setattr("client.viewmodels.autosave.AUTOSAVE_S", 3_600)


@pytest.fixture
def blocked(device: FakeDevice) -> Iterator[FakeDevice]:
    """A device whose storage takes no draft until the test lets it."""
    device.slow.clear()
    yield device
    device.slow.set()


def kept(device: FakeDevice, field: str = "title") -> list[str]:
    return [each.texts.get(field, "") for each in device.drafts.list()]


async def test_a_draft_is_saved_a_moment_after_the_last_key(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await fill(screen, title="Яма", text="Велика")
        await screen.until(lambda: kept(device) == ["Яма"])
        await screen.until(lambda: kept(device, "text") == ["Велика"])


@pytest.mark.usefixtures("patient")
async def test_each_key_begins_the_pause_anew(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        timers = []
        for title in ("Я", "Ям", "Яма"):
            await fill(screen, title=title)
            timers.append(screen.app.write.autosave._timer)
        assert [timer is not None and timer.cancelled() for timer in timers] == [True, True, False]
        assert device.drafts.puts == []


async def test_a_key_does_not_wait_for_the_storage(blocked: FakeDevice) -> None:
    async with window(blocked, route="/write") as screen:
        await fill(screen, title="Я")
        await screen.until(lambda: bool(screen.app.write.autosave.saving))
        field = screen.named("write-title")
        for text in ("Ям", "Яма", "Яма!"):
            async with asyncio.timeout(1):
                await screen.event(field, "change", value=text)
        assert screen.app.write.text("title") == "Яма!"
        assert screen.field("write-title") == "Яма!"
        await asyncio.sleep(2 * SOON_S)
        assert blocked.drafts.puts == []
        blocked.slow.set()
        await screen.until(lambda: kept(blocked) == ["Яма!"])


async def test_an_older_writing_never_overwrites_a_newer_one(blocked: FakeDevice) -> None:
    async with window(blocked, route="/write") as screen:
        for title in ("Я", "Ям", "Яма"):
            await fill(screen, title=title)
            await asyncio.sleep(2 * SOON_S)
        blocked.slow.set()
        await screen.until(lambda: kept(blocked) == ["Яма"])
        await screen.settle()
        assert blocked.drafts.puts[-1].texts["title"] == "Яма"


@pytest.mark.usefixtures("patient")
async def test_hiding_the_app_saves_at_once(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await fill(screen, title="Яма")
        assert kept(device) == []
        await screen.life(ft.AppLifecycleState.HIDE)
        await screen.until(lambda: kept(device) == ["Яма"])


@pytest.mark.usefixtures("patient")
async def test_leaving_the_room_saves_at_once_and_tells_the_other_rooms(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await fill(screen, title="Яма")
        await screen.go("home")
        await screen.until(lambda: kept(device) == ["Яма"])
        await screen.until(lambda: screen.has("home-drafts"))
        await screen.go("write")
        assert screen.field("write-title") == "Яма"


@pytest.mark.usefixtures("patient")
async def test_closing_the_window_saves_what_was_typed(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await fill(screen, title="Яма")
        screen.app.leave()
        await screen.until(lambda: kept(device) == ["Яма"])


@pytest.mark.usefixtures("patient")
async def test_beginning_anew_keeps_what_was_typed_before(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await fill(screen, title="Яма")
        await screen.app.write.autosave.settled()
        screen.app.write.start_new("water")
        await screen.until(lambda: kept(device) == ["Яма"])
        assert screen.app.write.text("title") == ""


async def test_a_draft_without_words_is_forgotten(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await fill(screen, title="Яма")
        await screen.until(lambda: kept(device) == ["Яма"])
        await fill(screen, title="")
        await screen.until(lambda: kept(device) == [])


async def test_choices_alone_are_no_draft(device: FakeDevice) -> None:
    device.prefs.kept = Preferences(district="Центр")
    async with window(device, route="/write") as screen:
        await screen.click("category-water")
        await screen.until(lambda: bool(device.drafts.puts))
        assert device.drafts.kept == {}


async def test_a_draft_is_there_again_after_a_restart(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await screen.click("write-lane-appeal")
        await fill(screen, title="Яма", name="Олена Гончар")
        await screen.until(lambda: kept(device, "name") == ["Олена Гончар"])
    async with window(device, route="/write") as screen:
        assert screen.has("write-draft"), "it says that this is a draft"
        assert screen.field("write-title") == "Яма"
        assert screen.field("write-name") == "Олена Гончар"
        assert screen.app.write.lane == "appeal"


async def test_a_draft_that_is_thrown_away_does_not_come_back(device: FakeDevice) -> None:
    device.drafts.kept = {"d1": draft()}
    async with window(device, route="/write") as screen:
        await screen.click("write-discard")
        await screen.until(lambda: device.drafts.kept == {})
        assert screen.field("write-title") == ""
        await asyncio.sleep(2 * SOON_S)
        assert device.drafts.kept == {}


async def test_what_was_sent_is_no_draft_any_more(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await filled(screen)
        await screen.until(lambda: bool(kept(device)))
        await screen.click("write-save")
        await screen.until(lambda: screen.has("write-saved"))
        await asyncio.sleep(2 * SOON_S)
        assert device.drafts.kept == {}


async def test_a_slow_writing_does_not_bring_a_sent_draft_back(blocked: FakeDevice) -> None:
    async with window(blocked, route="/write") as screen:
        await filled(screen)
        await screen.until(lambda: bool(screen.app.write.autosave.saving))
        tap = asyncio.ensure_future(screen.click("write-save"))
        await asyncio.sleep(4 * SOON_S)
        assert blocked.appeal_items == [], "it waits for the writing that is under way"
        await screen.click("write-edit")
        assert screen.has("write-save"), "nothing can be typed that would be lost"
        blocked.slow.set()
        await tap
        await screen.until(lambda: screen.has("write-saved"))
        await screen.settle()
        assert blocked.drafts.kept == {}


async def test_a_writing_that_fails_loses_no_words(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        device.fail = StorageFull("disk")
        await fill(screen, title="Яма")
        await screen.until(lambda: device.fail is None)
        assert screen.field("write-title") == "Яма"
        await fill(screen, title="Яма!")
        await screen.until(lambda: kept(device) == ["Яма!"])


async def test_a_writing_that_failed_is_tried_again_when_the_app_is_hidden(
    device: FakeDevice,
) -> None:
    async with window(device, route="/write") as screen:
        device.fail = StorageFull("disk")
        await fill(screen, title="Яма")
        await screen.until(lambda: device.fail is None)
        await screen.settle()
        assert kept(device) == []
        await screen.life(ft.AppLifecycleState.PAUSE)
        await screen.until(lambda: kept(device) == ["Яма"])


async def test_a_writing_that_failed_is_tried_again_after_the_form_was_left(
    device: FakeDevice,
) -> None:
    async with window(device, route="/write") as screen:
        device.fail = StorageFull("disk")
        await fill(screen, title="Яма")
        await screen.until(lambda: device.fail is None)
        device.fail = StorageFull("disk")
        screen.app.write.start_new("water")
        await screen.until(lambda: device.fail is None)
        await fill(screen, title="Немає води")
        await screen.until(lambda: sorted(kept(device)) == ["Немає води", "Яма"])


@pytest.mark.usefixtures("patient")
async def test_a_sending_that_fails_leaves_the_words_a_draft(device: FakeDevice) -> None:
    async with window(device, route="/write") as screen:
        await filled(screen)
        device.fail = StorageFull("disk")
        await screen.click("write-save")
        await screen.until(lambda: screen.has("notice"))
        await screen.life(ft.AppLifecycleState.HIDE)
        await screen.until(lambda: kept(device) == ["Яма"])


async def test_going_on_from_the_outbox_fills_the_form(device: FakeDevice) -> None:
    device.drafts.kept = {"d1": draft("d1"), "d2": draft("d2", title="Немає води")}
    async with window(device, route="/outbox") as screen:
        await screen.click("draft-open-d2")
        assert screen.app.section == "write"
        assert screen.field("write-title") == "Немає води"
        await screen.go("outbox")
        await screen.click("draft-open-d1")
        assert screen.field("write-title") == "Яма"


@pytest.mark.usefixtures("patient")
async def test_going_on_with_the_open_draft_keeps_its_newest_words(blocked: FakeDevice) -> None:
    blocked.drafts.kept = {"d1": draft("d1")}
    async with window(blocked, route="/write") as screen:
        await fill(screen, title="Яма на Садовій")
        await screen.go("outbox")
        await screen.click("draft-open-d1")
        assert screen.field("write-title") == "Яма на Садовій"
        blocked.slow.set()
        await screen.until(lambda: kept(blocked) == ["Яма на Садовій"])


async def test_an_amendment_is_a_draft_of_its_own_kind(device: FakeDevice) -> None:
    device.appeal_items = [received("a1")]
    async with window(device, route="/appeals/a1") as screen:
        await screen.click("amend")
        await fill(screen, title="Не горять два ліхтарі")
        await screen.until(lambda: bool(device.drafts.kept))
    async with window(device, route="/write") as screen:
        assert screen.has("write-amend")
        model = screen.app.write
        assert (model.purpose, model.about) == ("amend", "a1")
