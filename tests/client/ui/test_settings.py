"""Settings: a choice holds at once and for good, and what cannot be undone asks first."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from client.keys.vault import PinTooShort
from client.services import qr
from client.services.prefs import Preferences
from client.services.types import SyncState
from client.storage.errors import StorageFull
from client.views.settings import size_words
from tests.client.ui.fake import FakeDevice, FakePhone
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import alert
from tests.client.ui.tree import role_sizes

pytestmark = pytest.mark.anyio
PHRASE = "вісім слів про річку"


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


async def secrets(screen: Window, first: str, again: str) -> None:
    await screen.type("secret", first)
    await screen.type("secret-again", again)


async def test_the_language_changes_at_once_keeps_what_was_typed_and_is_kept(
    device: FakeDevice,
) -> None:
    async with window(device, route="/write") as screen:
        await screen.type("write-title", "Яма")
        await screen.go("settings")
        await screen.click("settings-language-en")
        await screen.until(lambda: "Settings" in screen.texts())
        await screen.go("write")
        assert "What happened" in screen.texts()
        assert screen.field("write-title") == "Яма"
        assert device.prefs.kept.language == "en"
    async with window(device, route="/write") as screen:
        assert "What happened" in screen.texts(), "also after a restart"


def body_px(screen: Window) -> float:
    theme: Any = screen.page.theme
    size: float = theme.text_theme.body_medium.size
    return size


@pytest.mark.parametrize("percent", [125, 150, 175, 200])
async def test_the_text_size_reaches_every_role_of_both_themes(
    device: FakeDevice, percent: int
) -> None:
    async with window(device, route="/settings") as screen:
        plain = role_sizes(screen.page.theme)
        assert len(plain) > 8
        await screen.click(f"settings-text-{percent}")
        for theme in (screen.page.theme, screen.page.dark_theme):
            for role, px in role_sizes(theme).items():
                full, large = plain[role] * percent / 100, plain[role] > plain["body_large"]
                assert plain[role] < px < full if large else px == full, role
        assert device.prefs.kept.text_percent == percent


@pytest.mark.parametrize("mode", ["light", "dark", "system"])
async def test_the_theme_reaches_the_page(device: FakeDevice, mode: str) -> None:
    async with window(device, route="/settings") as screen:
        await screen.click("settings-theme-dark" if mode != "dark" else "settings-theme-light")
        await screen.click(f"settings-theme-{mode}")
        assert screen.page.theme_mode is ft.ThemeMode(mode)
        assert device.prefs.kept.theme == mode


async def test_high_contrast_reaches_both_themes(device: FakeDevice) -> None:
    async with window(device, route="/settings") as screen:
        page: Any = screen.page
        assert page.theme.color_scheme is None
        await screen.fire(screen.named("settings-contrast"), "change", value=True)
        light, dark = page.theme.color_scheme, page.dark_theme.color_scheme
        assert (light.on_surface, light.surface) == (dark.surface, dark.on_surface)
        assert light.on_surface == light.on_surface_variant == light.outline_variant
        assert device.prefs.kept.contrast


async def test_choices_hold_after_a_restart(device: FakeDevice) -> None:
    device.prefs.kept = Preferences(text_percent=200, theme="dark", contrast=True)
    async with window(device) as screen:
        assert body_px(screen) == 28
        assert screen.page.theme_mode is ft.ThemeMode.DARK


async def test_the_district_changes_the_news_at_once(device: FakeDevice) -> None:
    device.news_items = [alert("u1", district="Затишшя")]
    async with window(device, route="/settings") as screen:
        await screen.select("settings-district", "Центр")
        await screen.go("home")
        await screen.until(lambda: not screen.has("alert-u1"))
        assert device.prefs.kept.district == "Центр"
        await screen.go("settings")
        await screen.select("settings-district", "*")
        await screen.go("home")
        await screen.until(lambda: screen.has("alert-u1"))
        assert device.prefs.kept.district == ""


async def test_sparing_data_is_kept_and_what_was_used_is_shown(device: FakeDevice) -> None:
    device.state = SyncState(None, 0, 0, bytes_up=512, bytes_down=3 * 1024 * 1024)
    async with window(device, route="/settings") as screen:
        assert "надіслано 512 Б, отримано 3,0 МБ" in " ".join(screen.said("settings-session"))
        await screen.click("settings-data-lean")
        assert device.prefs.kept.data_use == "lean"


async def test_a_smaller_budget_says_what_it_let_go(device: FakeDevice) -> None:
    device.own.old_news = 3
    async with window(device, route="/settings") as screen:
        assert any("2 новини, 3,0 МБ з" in text for text in screen.texts())
        await screen.click("settings-budget-8")
        await screen.until(lambda: "Звільнено місце: 3 старі новини." in screen.texts())
        assert device.prefs.kept.news_budget_bytes == 8 * 1024 * 1024


async def test_a_choice_that_is_not_saved_is_told(device: FakeDevice) -> None:
    async with window(device, route="/settings") as screen:
        device.fail = StorageFull("disk")
        await screen.click("settings-theme-dark")
        await screen.until(lambda: screen.has("notice"))


async def test_the_storage_and_the_lock_are_known_at_once_by_address(device: FakeDevice) -> None:
    device.own.pin = "2468"
    async with window(device, route="/settings") as screen:
        assert any("2 новини" in text for text in screen.texts())
        assert "Ключі зачинено PIN-кодом." in screen.texts()


async def test_pins_that_differ_are_not_set(device: FakeDevice) -> None:
    async with window(device, route="/settings") as screen:
        await screen.click("ask-pin")
        await secrets(screen, "2468", "2469")
        await screen.click("pin-save")
        assert screen.field("secret-again", "error") == "PIN-коди різні."
        assert device.own.pin is None
        await screen.type("secret-again", "2468")
        await screen.click("pin-save")
        await screen.until(lambda: "PIN встановлено." in screen.texts())
        assert device.own.pin == "2468"
        assert "Ключі зачинено PIN-кодом." in screen.texts()


async def test_an_empty_pin_takes_the_lock_away(device: FakeDevice) -> None:
    device.own.pin = "2468"
    async with window(device, route="/settings") as screen:
        await screen.click("ask-pin")
        await screen.click("pin-save")
        await screen.until(lambda: "PIN знято." in screen.texts())
        assert device.own.pin is None


async def test_a_pin_that_is_too_short_is_told(device: FakeDevice) -> None:
    async with window(device, route="/settings") as screen:
        await screen.click("ask-pin")
        await secrets(screen, "1", "1")
        device.fail = PinTooShort()
        await screen.click("pin-save")
        await screen.until(lambda: screen.has("notice"))
        assert "PIN закороткий: щонайменше 4 знаки." in screen.said("notice")


async def test_passphrases_that_differ_make_no_file(device: FakeDevice) -> None:
    phone = FakePhone()
    async with window(device, route="/settings", phone=phone) as screen:
        await screen.click("ask-export")
        await secrets(screen, PHRASE, PHRASE + "!")
        await screen.click("export-save")
        assert screen.field("secret-again", "error") == "Фрази різні."
        assert (phone.files, device.own.phrases) == ({}, [])
        await screen.type("secret-again", PHRASE)
        await screen.click("export-save")
        await screen.until(lambda: "Копію збережено." in screen.texts())
        assert list(phone.files.values()) == [b"backup"]
        assert not screen.has("secret")


async def test_a_copy_that_was_not_kept_is_not_said_to_be(device: FakeDevice) -> None:
    phone = FakePhone()
    phone.takes_files = False
    async with window(device, route="/settings", phone=phone) as screen:
        await screen.click("ask-export")
        await secrets(screen, PHRASE, PHRASE)
        await screen.click("export-save")
        await screen.until(lambda: "Файл не збережено." in screen.texts())


async def test_a_short_passphrase_is_told_and_can_be_mended(device: FakeDevice) -> None:
    async with window(device, route="/settings") as screen:
        await screen.click("ask-export")
        await secrets(screen, "річка", "річка")
        await screen.click("export-save")
        await screen.until(lambda: screen.has("notice"))
        assert any("закоротка" in text for text in screen.said("notice"))
        assert screen.has("export-save")


async def test_secrets_do_not_stay_in_a_closed_question(device: FakeDevice) -> None:
    async with window(device, route="/settings") as screen:
        await screen.click("ask-export")
        await secrets(screen, PHRASE, PHRASE)
        await screen.click("ask-no")
        await screen.click("ask-pin")
        assert screen.field("secret") == ""
        assert screen.app.settings.secret.text == ""


async def test_the_device_s_number_can_be_read_and_scanned(device: FakeDevice) -> None:
    async with window(device, route="/settings") as screen:
        assert "ab" * 16 in screen.texts()
        assert [c for c in screen.controls() if isinstance(c, ft.Image) and c.semantics_label]
    assert qr.picture("ab" * 16).startswith(b"\x89PNG")


async def test_sizes_are_said_as_people_say_them(device: FakeDevice) -> None:
    async with window(device) as screen:
        said = [size_words(screen.app, size) for size in (5, 1536, 3 * 1024 * 1024)]
        assert said == ["5 Б", "1,5 КБ", "3,0 МБ"]
