"""Taking an appeal for somebody, and claiming it: read back, shown once, forgotten on leaving."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from client.services.doorstep.carrying import NoRoom
from client.services.doorstep.page import PAGE_NAME
from client.storage.errors import StorageFull
from client.transports.http import Unreachable
from client.viewmodels.collect import TITLE_CHARS, title_from
from shared_schema.crypto.slip import Slip
from tests.client.ui.fake import FakeDevice, FakePhone
from tests.client.ui.fake_doorstep import CITY, FakeCollected, answered
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import appeal

pytestmark = pytest.mark.anyio

ANSWERS = {
    "text": "Тече дах, прошу оглянути.",
    "address": "вул. Садова, 5",
    "name": "Коваль Олена Іванівна",
    "residence": "вул. Садова, 5, кв. 2",
    "contact": "через волонтера",
}


async def fill(screen: Window) -> None:
    await screen.go("settings")
    await screen.click("settings-collect")
    for field, text in ANSWERS.items():
        await screen.type(f"collect-{field}", text)
    await screen.click("collect-read")


async def claim(screen: Window, words: str) -> None:
    await screen.go("settings")
    await screen.click("settings-claim")
    await screen.type("claim-words", words)
    await screen.click("claim-open")


async def test_an_appeal_is_read_back_in_full_before_it_is_taken() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        await fill(screen)
        said = screen.said("collect-said")
        assert {text for text in ANSWERS.values() if text in said} == set(ANSWERS.values())
        assert not device.doorstep.taken
        await screen.click("collect-edit")
        assert screen.field("collect-text") == ANSWERS["text"]
        await screen.click("collect-read")
        await screen.click("collect-save")
        (opened,) = device.doorstep.taken
        assert (opened.text, opened.name, opened.lane) == (
            ANSWERS["text"], ANSWERS["name"], "appeal"
        )  # fmt: skip
        assert opened.title == ANSWERS["text"]


async def test_the_slip_shows_its_words_and_is_forgotten_once_it_was_handed_over() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        await fill(screen)
        await screen.click("collect-save")
        words = device.doorstep.slip.words
        assert screen.said("collect-words") == [f"{n}. {w}" for n, w in enumerate(words, 1)]
        await screen.click("back")  # by mistake: the slip is nowhere else
        await screen.go("collect")
        assert screen.has("collect-words")
        await screen.click("collect-handed")
        assert not screen.has("collect-words")
        assert screen.app.collect.slip is None
        assert_forgotten(device)
        assert screen.field("collect-text") == ""


async def test_a_slip_that_was_not_handed_over_is_shown_again_at_the_next_start() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        await fill(screen)
        await screen.click("collect-save")
        assert not screen.has("collect-again")
    async with window(device) as screen:
        assert (screen.app.section, screen.has("collect-again")) == ("collect", True)
        words = device.doorstep.slip.words
        assert screen.said("collect-words") == [f"{n}. {w}" for n, w in enumerate(words, 1)]
        await screen.click("collect-handed")
        assert not screen.has("collect-words")
    async with window(device) as screen:
        assert screen.app.section != "collect"
        await screen.go("collect")
        assert not screen.has("collect-words")


async def test_of_two_slips_that_were_not_handed_over_one_follows_the_other() -> None:
    device = FakeDevice()
    device.doorstep.kept = [FakeCollected(Slip(bytes([n] * 10), CITY), f"{n}") for n in (1, 2)]
    async with window(device) as screen:
        shown = []
        while screen.has("collect-words"):
            shown.append(screen.said("collect-words")[0].split()[1])
            await screen.click("collect-handed")
        assert shown == [Slip(bytes([n] * 10), CITY).words[0] for n in (1, 2)]


async def test_a_slip_that_could_not_be_forgotten_stays_and_it_is_told() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        await fill(screen)
        await screen.click("collect-save")
        device.fail = StorageFull()
        await screen.click("collect-handed")
        assert screen.has("notice")
        assert screen.has("collect-words")


async def test_a_slip_is_printed_only_when_asked_and_after_a_warning() -> None:
    device, phone = FakeDevice(), FakePhone()
    async with window(device, phone=phone) as screen:
        await fill(screen)
        await screen.click("collect-save")
        await screen.click(f"save-{PAGE_NAME}")
        assert screen.has("save-warning")
        await screen.click("save-no")
        assert not screen.has("save-warning")
        assert not phone.files
        await screen.click(f"save-{PAGE_NAME}")
        await screen.click("save-yes")
        assert screen.has("file-saved")
        page = phone.files.pop(PAGE_NAME).decode()
        assert all(f"{word}</li>" in page for word in device.doorstep.slip.words)
        assert "Надріччя" in page
        del page
        await screen.click("collect-handed")
        assert not screen.has("file-saved")
        assert_forgotten(device)


def assert_forgotten(device: FakeDevice) -> None:
    """Nothing in this process holds the code's text any more: no cache, no control, no model."""
    slip = device.doorstep.slip
    gc.collect()
    held = [each for each in gc.get_objects() if isinstance(each, (dict, list, tuple))]
    strings = (value for each in held for value in _values(each) if isinstance(value, str))
    assert all(slip.qr not in value for value in strings)
    assert " ".join(slip.words[:2]) not in repr(vars(device))


def _values(each: Any) -> list[Any]:
    return list(each.values()) if isinstance(each, dict) else list(each)


async def test_no_draft_of_another_person_s_words_is_ever_kept() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        await fill(screen)
        await screen.click("back")
        assert device.drafts.list() == []
        assert all(text not in repr(vars(device.drafts)) for text in ANSWERS.values())


async def test_what_is_missing_is_asked_for_and_a_nameless_one_needs_less() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        await screen.go("collect")
        await screen.click("collect-read")
        assert screen.field("collect-text", "error")
        assert screen.field("collect-name", "error")
        await screen.type("collect-text", ANSWERS["text"])
        await screen.click("collect-lane-signal")
        assert not screen.has("collect-name")
        await screen.click("collect-read")
        await screen.click("collect-save")
        (opened,) = device.doorstep.taken
        assert (opened.lane, opened.kind, opened.name) == ("signal", "", "")


async def test_an_appeal_that_could_not_be_taken_stays_on_the_screen() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        await fill(screen)
        device.fail = NoRoom("full")
        await screen.click("collect-save")
        assert screen.has("notice")
        assert screen.app.words("trouble.no_room") in screen.texts()
        assert not screen.has("collect-words")
        await screen.click("collect-save")
        assert screen.has("collect-words")


async def test_a_slip_opens_its_thread_and_leaving_the_room_forgets_it() -> None:
    device = FakeDevice()
    device.doorstep.here = [answered()]
    async with window(device) as screen:
        await claim(screen, " ".join(device.doorstep.slip.words))
        assert "Майстер буде в четвер." in screen.texts()
        assert "ЗВ-000007" in screen.texts()
        await screen.click("back")
        (opened,) = device.doorstep.open
        assert opened.closed
        assert screen.app.claim.words.text == ""
        await screen.go("claim")
        assert screen.field("claim-words") == ""
        assert "Майстер буде в четвер." not in screen.texts()


async def test_words_that_are_no_slip_are_told_which_one_it_is() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        words = list(device.doorstep.slip.words)
        await claim(screen, " ".join([*words[:4], "Ъъъъ", *words[5:]]))
        (said,) = screen.said("claim-problem")
        assert "5" in said
        assert "Ъъъъ" in said
        await screen.type("claim-words", " ".join([words[1], words[0], *words[2:]]))
        await screen.click("claim-open")
        assert screen.said("claim-problem") == [screen.app.words("claim.bad_check")]
        await screen.type("claim-words", device.doorstep.slip.qr)
        await screen.click("claim-open")
        assert not screen.has("claim-problem")


async def test_what_is_not_here_is_asked_of_the_city_at_once_and_honestly() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        device.fail = Unreachable("no network")
        await claim(screen, device.doorstep.slip.qr)
        assert screen.has("claim-nothing")
        assert screen.has("notice")
        device.doorstep.at_city = [answered()]
        await screen.click("claim-look")
        assert "Майстер буде в четвер." in screen.texts()


async def test_a_slip_that_is_here_asks_the_city_first_and_opens_without_it_too() -> None:
    """Somebody else may have written in it since: one should see that before one writes."""
    device = FakeDevice()
    device.doorstep.here = [appeal("slip1", title="Тече дах")]
    device.doorstep.at_city = [answered()]
    async with window(device) as screen:
        device.fail = Unreachable("no network")
        await claim(screen, device.doorstep.slip.qr)
        assert "Тече дах" in screen.texts()
        assert not screen.has("notice")
        await screen.click("claim-leave")
        await claim(screen, device.doorstep.slip.qr)
        assert "Майстер буде в четвер." in screen.texts()


async def test_a_comment_is_added_and_a_failed_one_keeps_its_words() -> None:
    device = FakeDevice()
    device.doorstep.here = [answered()]
    async with window(device) as screen:
        await claim(screen, device.doorstep.slip.qr)
        await screen.type("claim-comment", "Дякую.")
        device.fail = NoRoom("full")
        await screen.click("claim-send")
        assert screen.has("notice")
        assert screen.field("claim-comment") == "Дякую."
        await screen.click("claim-send")
        assert "Дякую." in screen.texts()
        assert screen.field("claim-comment") == ""


async def test_an_adopted_slip_is_among_one_s_own_appeals() -> None:
    device = FakeDevice()
    device.doorstep.here = [answered()]
    async with window(device) as screen:
        await claim(screen, device.doorstep.slip.qr)
        await screen.click("claim-adopt")
        assert (screen.app.section, screen.app.record) == ("appeals", "slip1")
        assert "Тече дах" in screen.texts()
        (opened,) = device.doorstep.open
        assert opened.closed


async def test_staff_devices_have_no_doorstep() -> None:
    async with window(FakeDevice({("desk", "queue/general")})) as screen:
        await screen.go("settings")
        assert not screen.has("settings-collect")


def test_a_title_is_the_first_whole_words() -> None:
    assert title_from("  Тече\nдах  ") == "Тече дах"
    long = title_from("слово " * 40)
    assert long.endswith("слово…")
    assert len(long) <= TITLE_CHARS + 1
    assert title_from("а" * 200) == "а" * TITLE_CHARS + "…"
