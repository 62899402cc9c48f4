"""What a person enters is never taken back: not by a drawing that comes between, nor by a notice.

The client tells of a key twice: what the field holds now, and that it has changed. The window may
be drawn anew between the two, and anything that stands above a field may come or go.
"""

from __future__ import annotations

from typing import Any

import pytest

from client.keys.vault import VaultLocked, WrongPin
from client.viewmodels.ports import Services
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import news

pytestmark = pytest.mark.anyio
BROAD = 1280


async def entered(screen: Window, name: str, value: object, model: Any, what: str = "value") -> Any:
    """A person enters something, and before the client says more, the part is drawn anew."""
    control = screen.named(name)
    screen.session.apply_patch(control._i, {what: value})
    model.notify()
    await screen.settle()
    again = screen.named(name)
    assert again is not control, "it was not drawn anew: this test shows nothing"
    await screen.session.dispatch_event(control._i, "change", None)
    await screen.settle()
    return getattr(again, what)


async def test_a_key_in_a_search_outlives_a_drawing() -> None:
    device = FakeDevice()
    device.news_items = [news("n1", title="Вода"), news("n2", title="Світло")]
    async with window(device, route="/news") as screen:
        assert await entered(screen, "news-search", "світло", screen.app.news) == "світло"
        assert screen.app.news.query == "світло"


async def test_words_in_a_form_outlive_a_drawing() -> None:
    async with window(FakeDevice(), route="/write") as screen:
        assert await entered(screen, "write-title", "Яма", screen.app.write) == "Яма"
        assert screen.app.write.text("title") == "Яма"


async def test_a_choice_from_a_list_outlives_a_drawing() -> None:
    async with window(FakeDevice({("newsroom", "news")}), width=BROAD) as screen:
        model = screen.app.newsroom.writing
        assert await entered(screen, "newsroom-district", "Центр", model) == "Центр"
        assert model.text("district") == "Центр"


async def test_a_failure_in_what_takes_a_key_leaves_the_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("a model that takes no keys")

    async with window(FakeDevice(), route="/write") as screen:
        monkeypatch.setattr(type(screen.app.write.autosave), "soon", breaks)
        await screen.type("write-title", "Яма")
        assert not screen.connection.crashes
        assert screen.has("write-title")


async def test_a_field_stays_itself_when_a_notice_above_it_goes() -> None:
    async with window(FakeDevice({("newsroom", "news")}), width=BROAD) as screen:
        await screen.type("newsroom-title", "Вода")
        await screen.type("newsroom-text", "О шостій.")
        await screen.click("newsroom-save")
        await screen.until(lambda: screen.has("newsroom-saved"))
        names = ("newsroom-title", "newsroom-text", "newsroom-hours")
        before = [screen.named(name)._i for name in names]
        await screen.click("newsroom-save")
        assert screen.has("form-problem")
        assert not screen.has("newsroom-saved")
        assert [screen.named(name)._i for name in names] == before


async def test_half_a_pin_outlives_a_drawing() -> None:
    def locked(pin: str | None) -> Services:
        raise VaultLocked() if pin is None else WrongPin()

    screen = await Window().show(locked)
    assert await entered(screen, "gate-pin", "24", screen.app.gate) == "24"
    await screen.type("gate-pin", "1111")
    await screen.click("gate-unlock")
    await screen.until(lambda: "PIN не підходить. Спробуйте ще раз." in screen.texts())
    assert not screen.field("gate-pin"), "a wrong one is typed anew"
    await screen.close()
