"""The first run: no network, no account, one screen; and the way back from a copy."""

from __future__ import annotations

import pytest

from client.keys.passphrase import WrongPassphrase
from client.services.backup_file import BackupDamaged, BackupNewer
from client.storage.errors import StorageFull
from tests.client.ui.fake import FakeDevice, FakePhone, FakeStarter
from tests.client.ui.headless import Window, first_run
from tests.client.ui.samples import news

pytestmark = pytest.mark.anyio


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


@pytest.fixture
def starter(device: FakeDevice) -> FakeStarter:
    return FakeStarter(device)


@pytest.fixture
def phone() -> FakePhone:
    phone = FakePhone()
    phone.file = b"copy"
    return phone


async def restore(screen: Window, phrase: str = "вісім слів") -> None:
    await screen.click("welcome-restore")
    await screen.click("restore-file")
    await screen.type("restore-passphrase", phrase)
    await screen.click("restore-go")


async def test_one_tap_makes_a_device_and_opens_home(starter: FakeStarter) -> None:
    starter.device.news_items = [news("n1")]
    async with first_run(starter) as screen:
        assert screen.has("welcome")
        assert not screen.has("exchange-line")
        assert any("Жодних акаунтів" in text for text in screen.texts())
        await screen.click("welcome-begin")
        await screen.until(lambda: screen.has("news-n1"))
        assert starter.device.exchanges == 1


async def test_a_chosen_district_holds_from_the_first_minute(starter: FakeStarter) -> None:
    async with first_run(starter) as screen:
        await screen.select("welcome-district", "Центр")
        await screen.click("welcome-begin")
        await screen.until(lambda: screen.has("exchange-line"))
        assert starter.device.prefs.kept.district == "Центр"
        assert screen.app.write.text("district") == "Центр"


async def test_the_district_may_be_left_open(starter: FakeStarter) -> None:
    async with first_run(starter) as screen:
        await screen.select("welcome-district", "Центр")
        await screen.select("welcome-district", "*")
        await screen.click("welcome-begin")
        await screen.until(lambda: screen.has("exchange-line"))
        assert starter.device.prefs.kept.district == ""


async def test_a_city_without_districts_asks_for_none(device: FakeDevice) -> None:
    async with first_run(FakeStarter(device, districts=())) as screen:
        assert not screen.has("welcome-district")
        await screen.click("welcome-begin")
        await screen.until(lambda: screen.has("exchange-line"))


async def test_the_language_is_chosen_before_anything_else_and_stays(
    starter: FakeStarter,
) -> None:
    async with first_run(starter) as screen:
        await screen.click("welcome-language-en")
        assert "Language" in screen.texts()
        await screen.click("welcome-begin")
        await screen.until(lambda: "Home" in screen.texts())
        assert starter.device.prefs.kept.language == "en"


async def test_a_device_that_could_not_be_made_is_told_in_words(starter: FakeStarter) -> None:
    async with first_run(starter) as screen:
        starter.device.fail = StorageFull("disk")
        await screen.click("welcome-begin")
        await screen.until(lambda: screen.has("welcome-problem"))
        assert "бракує місця" in screen.said("welcome-problem")[0]
        await screen.click("welcome-begin")
        await screen.until(lambda: screen.has("exchange-line"))


async def test_a_copy_brings_the_device_back(starter: FakeStarter, phone: FakePhone) -> None:
    async with first_run(starter, phone=phone) as screen:
        await restore(screen)
        await screen.until(lambda: screen.has("exchange-line"))
        assert starter.restored == [(b"copy", "вісім слів")]
        welcome = screen.app.welcome
        assert (welcome.file, welcome.passphrase.text) == (None, ""), "no secret stays in memory"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (WrongPassphrase(), "Парольна фраза не підходить."),
        (BackupDamaged(), "пошкоджено"),
        (BackupNewer(), "Оновіть застосунок"),
        (StorageFull("disk"), "бракує місця"),
        (RuntimeError("odd"), "Спробуйте ще раз"),
    ],
)
async def test_a_copy_that_does_not_open_says_why_and_lets_one_try_again(
    starter: FakeStarter, phone: FakePhone, error: Exception, said: str
) -> None:
    async with first_run(starter, phone=phone) as screen:
        starter.device.fail = error
        await restore(screen)
        await screen.until(lambda: screen.has("welcome-problem"))
        assert said in screen.said("welcome-problem")[0]
        await screen.click("restore-go")
        await screen.until(lambda: screen.has("exchange-line"))


async def test_without_a_file_there_is_nothing_to_bring_back(starter: FakeStarter) -> None:
    async with first_run(starter) as screen:
        await restore(screen)
        assert "Спершу оберіть файл." in screen.said("welcome-problem")
        assert starter.restored == []


async def test_one_can_turn_back_from_restoring(starter: FakeStarter) -> None:
    async with first_run(starter) as screen:
        await screen.click("welcome-restore")
        await screen.click("restore-go")
        await screen.click("restore-no")
        assert screen.has("welcome-begin")
        assert not screen.has("welcome-problem")
