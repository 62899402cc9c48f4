"""The outbox: each piece stands in its true state, and what needs a hand stands first."""

from __future__ import annotations

import pytest

from client.services.types import AppealView, OwnPart, SyncState
from client.storage.errors import StorageFull
from tests.client.ui.fake import FakeDevice, FakePhone
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import HOUR, NOW, answered, appeal, draft, received, refused

pytestmark = pytest.mark.anyio
CARRIED = OwnPart("appeal.opened", NOW - 2 * HOUR, "carried", carried_at_ms=NOW - HOUR)
HELD = OwnPart("appeal.opened", NOW - 2 * HOUR, "held", "newer", received_at_ms=NOW - HOUR)


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


def order(screen: Window, *names: str) -> list[str]:
    return [name for name in screen.names() if name in names]


async def test_an_empty_outbox_says_what_it_is_for(device: FakeDevice) -> None:
    async with window(device, route="/outbox") as screen:
        assert screen.has("outbox-empty")
        assert not screen.has("outbox-hand-over")


async def test_what_needs_a_hand_stands_first(device: FakeDevice) -> None:
    device.appeal_items = [received("a1"), appeal("a2"), refused("a3")]
    device.drafts.kept = {"d1": draft("d1")}
    async with window(device, route="/outbox") as screen:
        names = ("outbox-a3", "draft-d1", "outbox-a2", "outbox-a1")
        assert order(screen, *names) == [*names]
        shown = screen.texts()
        titles = ["Не прийнято", "Чернетки", "Чекає на цьому пристрої", "Отримано містом"]
        assert [text for text in shown if text in titles] == titles


@pytest.mark.parametrize(
    ("item", "said", "never"),
    [
        (appeal("a1"), "Збережено на цьому пристрої", "Отримано містом"),
        (appeal("a1", parts=(CARRIED,)), "Передано через кур’єра · 1 год тому", "Отримано містом"),
        (received("a1"), "Отримано містом", "Чекає"),
        (refused("a1"), "Місто не прийняло", "Отримано містом"),
        (
            appeal("a1", state="held", reason="newer", pending=False, parts=(HELD,)),
            "Місто зберігає, ще не розглядає · 1 год тому",
            "Збережено на цьому пристрої",
        ),
        (answered("a1"), "Є відповідь", "Чекає"),
    ],
)
async def test_a_piece_says_the_last_station_that_it_has_reached(
    device: FakeDevice, item: AppealView, said: str, never: str
) -> None:
    device.appeal_items = [item]
    async with window(device, route="/outbox") as screen:
        text = " / ".join(screen.said("outbox-a1"))
        assert said in text
        assert never not in text


async def test_an_addition_that_waits_is_named_beside_what_was_received(
    device: FakeDevice,
) -> None:
    parts = (*answered().parts, OwnPart("appeal.commented", NOW, "waiting"))
    device.appeal_items = [answered("a1", parts=parts, pending=True)]
    async with window(device, route="/outbox") as screen:
        assert "Доповнення · чекає на цьому пристрої" in screen.said("outbox-a1")
        assert [piece.record for piece in screen.app.outbox.waiting] == ["a1"]


async def test_a_refused_addition_is_not_among_what_was_received(device: FakeDevice) -> None:
    parts = (*answered().parts, OwnPart("appeal.commented", NOW, "refused", "quota"))
    device.appeal_items = [answered("a1", parts=parts)]
    async with window(device, route="/outbox") as screen:
        assert [piece.record for piece in screen.app.outbox.refused] == ["a1"]
        assert "Доповнення · не прийнято" in screen.said("outbox-a1")


async def test_a_receipt_moves_a_piece_while_one_looks(device: FakeDevice) -> None:
    device.appeal_items = [appeal("a1")]
    device.state = SyncState(None, 1, 0)
    async with window(device, route="/outbox") as screen:
        device.appeal_items = [received("a1")]
        device.exchanged(last_success_ms=NOW, waiting=0)
        await screen.until(lambda: any("Отримано містом ·" in t for t in screen.said("outbox-a1")))
        assert not screen.has("outbox-hand-over"), "nothing is left for a courier"


async def test_a_refused_one_can_be_mended_from_here(device: FakeDevice) -> None:
    device.appeal_items = [refused("a1")]
    async with window(device, route="/outbox") as screen:
        await screen.click("mend-a1")
        assert screen.app.section == "write"
        assert screen.field("write-title") == device.appeal_items[0].title


async def test_a_draft_thrown_away_is_gone_from_here_and_from_the_form(device: FakeDevice) -> None:
    device.drafts.kept = {"d1": draft("d1")}
    async with window(device, route="/outbox") as screen:
        assert screen.app.write.text("title") == "Яма"
        await screen.click("draft-drop-d1")
        await screen.until(lambda: not screen.has("draft-d1"))
        assert device.drafts.kept == {}
        assert screen.app.write.text("title") == ""


async def test_a_draft_without_a_title_is_known_by_its_text(device: FakeDevice) -> None:
    device.drafts.kept = {"d1": draft("d1", title=""), "d2": draft("d2", title="", text="")}
    async with window(device, route="/outbox") as screen:
        assert "Велика яма на дорозі" in screen.said("draft-d1")
        assert "Без назви" in screen.said("draft-d2")


async def test_exchanging_is_one_tap(device: FakeDevice) -> None:
    async with window(device, route="/outbox") as screen:
        before = device.exchanges
        await screen.click("outbox-exchange")
        assert device.exchanges == before + 1


async def test_a_courier_gets_a_file_with_what_waits(device: FakeDevice) -> None:
    device.appeal_items = [appeal("a1")]
    device.state, device.own.waiting = SyncState(None, 1, 0), 1
    phone = FakePhone()
    async with window(device, route="/outbox", phone=phone) as screen:
        await screen.click("outbox-hand-over")
        await screen.until(lambda: screen.has("outbox-handed"))
        assert device.own.carried
        assert list(phone.files.values()) == [b"bundle"]
        assert "У файлі 1 запис" in screen.said("outbox-handed")[0]


async def test_a_file_that_was_not_kept_is_not_said_to_be_given(device: FakeDevice) -> None:
    device.state, device.own.waiting = SyncState(None, 1, 0), 1
    phone = FakePhone()
    phone.takes_files = False
    async with window(device, route="/outbox", phone=phone) as screen:
        await screen.click("outbox-hand-over")
        assert not screen.has("outbox-handed")
        assert not device.own.carried, "a cancelled dialog gives nothing to anybody"


async def test_a_handing_over_that_fails_is_told(device: FakeDevice) -> None:
    device.state, device.own.waiting = SyncState(None, 1, 0), 1
    async with window(device, route="/outbox") as screen:
        device.fail = StorageFull("disk")
        await screen.click("outbox-hand-over")
        await screen.until(lambda: screen.has("notice"))
        assert not screen.has("outbox-handed")


async def test_a_piece_opens_its_thread_and_back_leads_to_a_room(device: FakeDevice) -> None:
    device.appeal_items = [received("a1")]
    async with window(device, route="/outbox") as screen:
        await screen.click("outbox-a1")
        await screen.until(lambda: screen.has("custody"))
        await screen.click("back")
        assert screen.app.section == "appeals"
