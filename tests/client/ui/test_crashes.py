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
from client.viewmodels.navigation import BEHIND, RESIDENT
from client.viewmodels.ports import Services
from client.views import news as news_views
from client.views import shell
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import answered, news, place, schedule

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


@pytest.mark.parametrize("web", [False, True])
async def test_in_a_browser_the_pin_s_focus_does_not_shut_out_screen_readers(web: bool) -> None:
    def open_services(pin: str | None) -> Services:
        raise VaultLocked()

    screen = Window()
    screen.session.apply_page_patch({"web": web})
    await screen.show(open_services)
    assert screen.field("gate-pin", "autofocus") is not web
    await screen.close()


async def test_one_broken_card_leaves_its_neighbours() -> None:
    device = FakeDevice()
    device.news_items = [news("n1"), news("bad", published_at_ms="no time"), news("n3")]
    async with window(device, route="/news") as screen:
        assert screen.has("crashed")
        assert {"news-n1", "news-n3"} <= set(screen.names())
        await screen.go("write")
        assert screen.has("write-title")


async def test_a_crash_in_a_re_render_leaves_the_window_alive() -> None:
    device = FakeDevice()
    device.news_items = [news("n1")]
    async with window(device, route="/news") as screen:
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


async def test_an_answer_that_comes_after_its_control_is_gone_ends_nothing() -> None:
    """Flet would end the connection: `take_late_answers`."""
    async with window(FakeDevice()) as screen:
        handle = screen.session.handle_invoke_method_results
        handle(10**9, "a call of before", None, None)
        await screen.go("news")
        assert screen.has("news-search")


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
        await screen.go("news")
        broken.clear()
        await screen.until(lambda: screen.has("notice"))
        await screen.go("write")
        await screen.until(lambda: screen.has("write-title"))


@pytest.mark.parametrize("room", [*RESIDENT, *BEHIND])
async def test_a_crash_in_a_room_leaves_the_others_usable(
    room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = FakeDevice()
    device.news_items, device.appeal_items = [news("n1")], [answered("a1")]
    device.places, device.schedules = [place("p1")], [schedule()]
    other = "appeals" if room == "news" else "news"
    async with window(device, route=f"/{other}") as screen:
        with monkeypatch.context() as broken:
            break_drawing(broken, room)
            await screen.go(room)
            assert screen.has("crashed")
            assert "Решта працює" in " ".join(screen.said("crashed"))
            assert screen.has("exchange-line")
            await screen.go(other)
            assert not screen.has("crashed")
            assert screen.has("news-n1") or screen.has("appeal-a1")
        await screen.go(room)
        assert not screen.has("crashed"), "drawn anew when one comes back"


@pytest.mark.parametrize(
    ("route", "under"),
    [("/news/n1", "news-n1"), ("/appeals/a1", "appeal-a1"), ("/places/p1", "place-p1")],
)
async def test_a_record_that_cannot_be_drawn_leaves_the_way_back(
    route: str, under: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = FakeDevice()
    device.news_items, device.appeal_items = [news("n1")], [answered("a1")]
    device.places = [place("p1")]
    _, room, _ = route.split("/")
    monkeypatch.setattr(f"client.views.{room}.scrolling", fails)
    async with window(device, route=route) as screen:
        await screen.until(lambda: screen.has("crashed"))
        await screen.click("back")
        assert not screen.has("crashed")
        assert screen.has(under)


async def test_a_notice_without_words_of_its_own_does_not_end_the_window() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        screen.app.notice = "trouble.nobody_wrote_this"
        await screen.until(lambda: screen.has("crashed"))
        await screen.go("news")
        assert not screen.has("crashed")


def fails(*args: Any, **more: Any) -> ft.Control:
    raise RuntimeError("a drawing that fails")


def break_drawing(monkeypatch: pytest.MonkeyPatch, room: str) -> None:
    """Nothing that makes up this room's page can be drawn."""
    for name in ("rows", "scrolling"):
        monkeypatch.setattr(f"client.views.{room}.{name}", fails, raising=False)


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
