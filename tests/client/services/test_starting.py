"""The first run: a device from the card inside the app, without a network or an account."""

from __future__ import annotations

from pathlib import Path

import pytest

from client.keys.passphrase import WrongPassphrase
from client.keys.vault import FILE_NAME
from client.services.appeals import Appeals
from client.services.backup import export_own
from client.services.backup_file import BackupDamaged
from client.services.notes import Notes
from client.services.prefs import Preferences, Prefs
from client.services.replica import NoProfile, ProfileExists, Replica
from client.services.starting import Starter
from shared_schema.crypto.card import CardError
from tests.client.city import City, an_appeal

PASSPHRASE = "кінь скріпка батарея"


@pytest.fixture
def card(city: City) -> Path:
    return city.folder / "city" / "card.json"


def test_the_card_tells_the_city_before_there_is_a_device(tmp_path: Path, card: Path) -> None:
    starter = Starter(tmp_path / "new", card)
    assert (starter.city, starter.districts) == ("Надріччя", ("Центр",))
    assert not (tmp_path / "new").exists()


def test_beginning_makes_a_device_with_the_choices(tmp_path: Path, card: Path) -> None:
    chosen = Preferences("en", district="Центр")
    Starter(tmp_path / "new", card).begin(chosen)
    with Replica.open(tmp_path / "new") as replica:
        assert Prefs(Notes(replica)).get() == chosen
        assert Appeals(replica).file(an_appeal()).state == "waiting"


def test_two_devices_of_one_card_are_two_devices(tmp_path: Path, card: Path) -> None:
    for name in ("one", "two"):
        Starter(tmp_path / name, card).begin(Preferences())
    with Replica.open(tmp_path / "one") as one, Replica.open(tmp_path / "two") as two:
        assert one.device != two.device


def test_a_device_that_is_there_is_never_replaced(tmp_path: Path, card: Path) -> None:
    starter = Starter(tmp_path / "new", card)
    starter.begin(Preferences("uk"))
    keys = (tmp_path / "new" / FILE_NAME).read_bytes()
    with pytest.raises(ProfileExists):
        starter.begin(Preferences("en"))
    with Replica.open(tmp_path / "new") as replica:
        raw = export_own(replica, PASSPHRASE)
    with pytest.raises(ProfileExists):
        starter.restore(raw, PASSPHRASE)
    assert (tmp_path / "new" / FILE_NAME).read_bytes() == keys


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5])
def test_a_card_that_does_not_verify_is_refused_at_once(
    tmp_path: Path, card: Path, part: float
) -> None:
    raw = bytearray(card.read_bytes())
    at = int(len(raw) * part)
    raw[at] ^= 1
    forged = tmp_path / "forged.json"
    forged.write_bytes(raw)
    with pytest.raises(CardError):
        Starter(tmp_path / "new", forged)
    assert not (tmp_path / "new").exists()


def test_a_forged_grant_in_the_card_makes_no_device(tmp_path: Path, card: Path) -> None:
    """Grants travel outside of what the root signs: they are checked when the device is made."""
    raw = bytearray(card.read_bytes())
    raw[int(len(raw) * 0.9)] ^= 1
    forged = tmp_path / "forged.json"
    forged.write_bytes(raw)
    with pytest.raises(CardError):
        Starter(tmp_path / "new", forged).begin(Preferences())
    with pytest.raises(NoProfile):
        Replica.open(tmp_path / "new")


def test_a_device_comes_back_from_its_file(city: City, tmp_path: Path, card: Path) -> None:
    with city.resident() as lost:
        filed = Appeals(lost).file(an_appeal("Моє звернення"))
        Prefs(Notes(lost)).put(Preferences("en", district="Центр"))
        raw = export_own(lost, PASSPHRASE)
        device = lost.device
    Starter(tmp_path / "new", card).restore(raw, PASSPHRASE)
    with Replica.open(tmp_path / "new") as found:
        assert found.device == device
        assert Appeals(found).get(filed.record).text == "Моє звернення"
        assert Prefs(Notes(found)).get().district == "Центр"


def test_a_file_that_cannot_be_opened_makes_no_device_and_can_be_tried_again(
    city: City, tmp_path: Path, card: Path
) -> None:
    with city.resident() as lost:
        raw = export_own(lost, PASSPHRASE)
    starter = Starter(tmp_path / "new", card)
    with pytest.raises(WrongPassphrase):
        starter.restore(raw, "не та фраза зовсім")
    with pytest.raises((BackupDamaged, WrongPassphrase)):
        starter.restore(raw[:-40], PASSPHRASE)
    with pytest.raises(NoProfile):
        Replica.open(tmp_path / "new")
    starter.restore(raw, PASSPHRASE)
    Replica.open(tmp_path / "new").close()
