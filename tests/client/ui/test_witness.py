"""Two lists under one number: said calmly in every room, to residents and to the desk."""

from __future__ import annotations

import pytest

from client.services.witness import Split
from client.viewmodels.witness import FILE_NAME
from tests.client.ui.fake import FakeDevice, FakePhone
from tests.client.ui.headless import window
from tests.client.ui.samples import HOUR, NOW

pytestmark = pytest.mark.anyio

SPLIT = Split("news", 17, NOW, (NOW - HOUR, NOW))


@pytest.mark.parametrize("roles", [set(), {("desk", "queue/general")}], ids=["resident", "desk"])
async def test_it_is_told_with_what_to_do_and_the_proof_can_be_kept(
    roles: set[tuple[str, str]],
) -> None:
    device = FakeDevice(roles)
    phone = FakePhone()
    async with window(device, phone=phone) as screen:
        assert not screen.has("split-strip")
        device.witness.splits = [SPLIT]
        device.exchanged()
        await screen.until(lambda: screen.has("split-strip"))
        await screen.click("split-why")
        await screen.until(lambda: screen.has("split-card"))
        said = " ".join(screen.said("split-card"))
        for word in (
            "новини",
            "17",
            "відновили зі старої копії",
            "різним людям",
            "Збережіть доказ",
        ):
            assert word in said
        await screen.click("split-save")
        await screen.until(lambda: screen.has("split-saved"))
        assert phone.files[FILE_NAME] == b"evidence"
        await screen.click("split-read")
        await screen.until(lambda: not screen.has("split-strip"))
        assert screen.has("split-card"), "read, and kept"
        assert not screen.has("split-read")
        device.witness.splits.append(Split("ab" * 32, 3, NOW, (NOW, NOW)))
        device.exchanged()
        await screen.until(lambda: screen.has("split-strip"))


async def test_where_nothing_was_found_nothing_is_said() -> None:
    async with window(FakeDevice(), route="/settings") as screen:
        assert not screen.has("split-card")
        assert not screen.has("split-strip")
