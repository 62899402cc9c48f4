"""Deleting everything: it asks first, and nothing of the old device stays in the window."""

from __future__ import annotations

from typing import Any

import pytest

from client.services.prefs import Preferences
from client.services.types import SyncState
from client.storage.errors import StorageError
from tests.client.ui.fake import FakeDevice, FakeStarter
from tests.client.ui.headless import first_run, window
from tests.client.ui.samples import alert, answered, appeal, draft, news, place, schedule

pytestmark = pytest.mark.anyio


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


async def test_wiping_asks_and_says_what_will_be_lost(device: FakeDevice) -> None:
    device.state = SyncState(None, 2, 0)
    async with window(device, route="/settings") as screen:
        await screen.click("ask-wipe")
        assert not device.own.wiped
        assert any("2 записи ще не дійшли" in text for text in screen.texts())
        await screen.click("ask-no")
        assert not screen.has("wipe-yes")
        assert not device.own.wiped


async def test_a_wipe_leads_to_the_first_run_and_leaves_nothing_in_any_model(
    caplog: pytest.LogCaptureFixture,
) -> None:
    device = FakeDevice()
    device.news_items = [alert(), news()]
    device.appeal_items = [answered(), appeal()]
    device.places, device.schedules = [place()], [schedule()]
    device.drafts.kept = {"d1": draft("d1", title="Таємна яма")}
    device.prefs.kept = Preferences(district="Центр", address="Садова, 5", queues={"power": "3.1"})
    starter = FakeStarter(device)
    starter.made = True
    async with first_run(starter) as screen:
        for room in ("news", "write", "appeals", "places", "outages", "outbox", "settings"):
            await screen.go(room)
        words = {"Таємна яма", "Садова, 5", "Центр", "a1", "a2", "u1"}
        assert memory(screen.app) >= words, "the search below would find them"
        await screen.click("ask-wipe")
        await screen.click("wipe-yes")
        await screen.until(lambda: screen.has("welcome"))
        assert device.own.wiped
        assert memory(screen.app) & words == set()
        assert screen.app.exchange.state is None
        assert "the update loop died" not in caplog.text, "no room was drawn without its device"


def memory(app: Any) -> set[str]:
    """Every short word that the models of a window hold, down to a few levels."""
    found: set[str] = set()

    def walk(node: Any, depth: int) -> None:
        if isinstance(node, str):
            found.add(node)
        elif isinstance(node, dict):
            walk([*node, *node.values()], depth)
        elif isinstance(node, list | tuple):
            for child in node:
                walk(child, depth)
        elif depth and hasattr(node, "__dict__") and not isinstance(node, FakeDevice):
            walk([value for value in vars(node).values() if value is not app], depth - 1)
        elif depth:
            names = getattr(node, "__struct_fields__", getattr(node, "__slots__", ()))
            walk([getattr(node, name, None) for name in names], depth - 1)

    walk([getattr(app, name) for name in vars(app) if name not in ("device", "branding")], 4)
    return found


async def test_a_wipe_that_fails_is_told_and_can_be_finished(device: FakeDevice) -> None:
    starter = FakeStarter(device)
    starter.made = True
    async with first_run(starter) as screen:
        await screen.go("settings")
        await screen.click("ask-wipe")
        device.fail = StorageError("a file is held")
        await screen.click("wipe-yes")
        await screen.until(lambda: screen.has("notice"))
        await screen.click("wipe-yes")
        await screen.until(lambda: screen.has("welcome"))
