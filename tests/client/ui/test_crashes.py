"""The way in when it is barred, and what a crash in a view leaves working."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flet as ft
import pytest

from client.branding import read_branding
from client.keys.vault import VaultLocked, WrongPin
from client.services.replica import NoProfile
from client.storage.errors import DamagedDatabase, NewerDatabase, StorageFull
from client.viewmodels.ports import Services
from client.views import news as news_views
from client.views import shell
from tests.client.ui.fake import FakeDevice, news
from tests.client.ui.headless import Window, window

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize(
    ("error", "screen_name", "command"),
    [
        (NoProfile("/profile"), "gate-missing", "misto device new DIR --card FILE"),
        (DamagedDatabase("malformed", readable=3), "gate-damaged", "misto doctor --profile DIR"),
        (NewerDatabase("9"), "gate-newer", ""),
        (StorageFull("disk"), "gate-full", ""),
        (RuntimeError("what"), "gate-failed", "misto doctor --profile DIR"),
    ],
)
async def test_a_profile_that_does_not_open_says_what_to_do(
    error: Exception, screen_name: str, command: str, language: str
) -> None:
    device = FakeDevice()
    errors = [error]

    def open_services(pin: str | None) -> Services:
        if errors:
            raise errors.pop()
        return device.services()

    screen = await Window().show(open_services, language)
    assert screen.has(screen_name)
    assert command in ("", *screen.texts())
    assert not any("Traceback" in text for text in screen.texts())
    await screen.click("gate-retry")
    await screen.until(lambda: screen.has("exchange-line"))
    await screen.close()


async def test_what_can_be_saved_of_a_damaged_database_is_counted() -> None:
    def open_services(pin: str | None) -> Services:
        raise DamagedDatabase("malformed", readable=42)

    screen = await Window().show(open_services)
    assert "Можна прочитати 42 записи." in screen.texts()
    await screen.close()


async def test_a_locked_device_asks_for_its_pin() -> None:
    device = FakeDevice()

    def open_services(pin: str | None) -> Services:
        if pin is None:
            raise VaultLocked()
        if pin != "2468":
            raise WrongPin()
        return device.services()

    screen = await Window().show(open_services)
    assert screen.has("gate-locked")
    await screen.type("gate-pin", "1111")
    await screen.click("gate-unlock")
    await screen.until(lambda: "PIN не підходить. Спробуйте ще раз." in screen.texts())
    await screen.type("gate-pin", "2468")
    await screen.click("gate-unlock")
    await screen.until(lambda: screen.has("exchange-line"))
    await screen.close()


async def test_one_broken_card_leaves_its_neighbours() -> None:
    device = FakeDevice()
    device.news_items = [news("n1"), news("bad", published_at_ms="no time"), news("n3")]
    async with window(device) as screen:
        assert screen.has("crashed")
        assert {"news-n1", "news-n3"} <= set(screen.names())
        await screen.go(1)
        assert screen.has("write-title")


async def test_a_crash_in_a_re_render_leaves_the_window_alive() -> None:
    device = FakeDevice()
    device.news_items = [news("n1")]
    async with window(device) as screen:
        device.news_items = [news("n1", title=None)]
        device.exchanged(last_success_ms=1)
        await screen.settle()
        device.news_items = [news("n1", published_at_ms=None), news("n2")]
        device.exchanged(last_success_ms=2)
        await screen.until(lambda: screen.has("crashed"))
        assert screen.has("news-n2")
        device.news_items = [news("n1"), news("n2")]
        device.exchanged(last_success_ms=3)
        await screen.until(lambda: not screen.has("crashed"))
        assert {"news-n1", "news-n2"} <= set(screen.names())


async def test_a_dead_update_loop_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakeDevice()
    async with window(device) as screen:
        broken = [True]
        whole = news_views.NewsList

        @ft.component
        def unguarded(*args: Any) -> ft.Control:
            if broken:
                raise RuntimeError("a component without its boundary")
            return ft.Container(whole(*args))

        room = shell.ROOMS["news"]
        main = room._replace(main=lambda app: unguarded(app, app.news, app.exchange))
        monkeypatch.setitem(shell.ROOMS, "news", main)
        await screen.go(1)
        await screen.go(0)
        broken.clear()
        await screen.until(lambda: screen.has("notice"))
        await screen.go(1)
        await screen.until(lambda: screen.has("write-title"))


async def test_a_failing_service_is_told_and_the_next_try_works() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        device.fail = RuntimeError("odd")
        device.exchanged(last_success_ms=5)
        await screen.until(lambda: screen.has("notice"))
        await screen.click("notice-close")
        assert not screen.has("notice")
        device.news_items = [news("n9")]
        device.exchanged(last_success_ms=6)
        await screen.until(lambda: screen.has("news-n9"))


async def test_an_odd_address_shows_the_first_room() -> None:
    for route in ("/nowhere", "/queue/xyz", "/news/gone", "//", "/%F0"):
        async with window(FakeDevice(), route=route) as screen:
            assert screen.has("exchange-line")


def test_branding_survives_a_missing_or_broken_file(tmp_path: Path) -> None:
    broken = tmp_path / "flet.toml"
    broken.write_text('[app]\nname = "Інше місто"\n[colours]\nseed = "#123456"\n', encoding="utf-8")
    assert read_branding(broken).name == "Інше місто"
    assert read_branding(broken).seed == "#123456"
    broken.write_text("app = [[[", encoding="utf-8")
    assert read_branding(broken).seed == "#0B6E6E"
    assert read_branding(tmp_path / "absent.toml").language == "uk"


def test_the_city_s_own_file_is_read() -> None:
    assert read_branding().name == "Надріччя"
