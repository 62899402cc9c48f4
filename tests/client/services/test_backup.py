"""The backup file: all that is one's own comes back, and only to whoever knows the passphrase."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from client.keys import passphrase
from client.keys.passphrase import WrongPassphrase
from client.keys.vault import FILE_NAME, PinTooShort, Vault, WrongPin
from client.services import backup
from client.services.appeals import Appeals
from client.services.backup import OtherCity, export_own, import_own
from client.services.backup_file import PassphraseTooShort, seal, unseal
from client.services.desk import Desk
from client.services.inspect import examine
from client.services.news import News, Newsroom
from client.services.notes import Notes
from client.services.receipts import receipt_of
from client.services.replica import NoProfile, ProfileExists, Replica
from client.services.rescue import rebuild
from client.services.volunteers import Volunteers
from client.storage.errors import StorageFull
from shared_schema.records.news import Corrected, Published
from shared_schema.records.trust import Granted, Revoked
from tests.client.city import City, an_appeal
from tests.client.services.test_desk import publish_trust

WORDS = "сім кошенят їдуть"


@pytest.fixture(autouse=True)
def quick_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks that are made here open quickly: their parameters lie in them."""
    monkeypatch.setattr(passphrase, "_TIME_COST", 1)
    monkeypatch.setattr(passphrase, "_MEMORY_KIB", 1024)


class Draft(msgspec.Struct, frozen=True):
    text: str


def restored(city: City, raw: bytes, name: str = "new") -> Replica:
    return import_own(city.folder / name, raw, WORDS, clock=city.clock)


def stream(replica: Replica) -> list[tuple[bytes, ...]]:
    return replica.store.read("SELECT raw FROM changes WHERE author = 1 ORDER BY scope, seq")


def answered(city: City, resident: Replica) -> str:
    """An appeal with a reply; returns its record."""
    record = Appeals(resident).file(an_appeal()).record
    city.exchange(resident)
    with city.profile("desk") as office:
        city.exchange(office)
        Desk(office).register(record)
        Desk(office).reply(record, "Бригада вже їде.")
        city.exchange(office)
    city.exchange(resident)
    return record


def test_a_lost_phone_takes_nothing_with_it(city: City) -> None:
    with city.resident() as old:
        record = answered(city, old)
        waiting = Appeals(old).file(an_appeal("Ще не надіслане")).record
        Notes(old).put("draft/1", Draft("Недописане"))
        before, changes, device = Appeals(old).get(record), stream(old), old.device
        raw = export_own(old, WORDS)
    with restored(city, raw) as new:
        assert (new.device, stream(new)) == (device, changes)
        after = Appeals(new).get(record)
        assert (after.said, after.history) == (before.said, before.history)
        assert Notes(new).get("draft/1", Draft) == Draft("Недописане")
        result = city.exchange(new)
        assert (result.accepted, result.complete, result.forged) == (2, True, 0)
        assert Appeals(new).get(record) == before
        assert Appeals(new).get(waiting).state == "received"
        assert city.exchange(new).pulled == 0
        Appeals(new).comment(record, "Дякую!")
        assert city.exchange(new).accepted == 1
    assert examine(city.folder / "new", city.clock).sound


def test_the_day_of_the_receipt_does_not_change(city: City) -> None:
    with city.resident() as old:
        record = answered(city, old)
        kept = receipt_of(old, record)
        raw = export_own(old, WORDS)
    with restored(city, raw) as new:
        assert receipt_of(new, record) == kept
        assert kept is not None
        assert kept.verified
        city.clock.now_ms += 10**9
        city.exchange(new)
        assert receipt_of(new, record) == kept


def test_what_the_city_refused_is_not_offered_again(city: City) -> None:
    with city.profile("newsroom") as old:
        publish_trust(city, Revoked(old.device.hex(), "newsroom", "news", last_seq=0))
        Newsroom(old).publish(Published("Запізно", "Цього вже не візьмуть."))
        city.exchange(old)
        (refusal,) = Newsroom(old).refusals()
        raw = export_own(old, WORDS)
    with restored(city, raw) as new:
        assert Newsroom(new).refusals() == (refusal,)
        assert News(new).list() == []
        assert city.exchange(new).refused == ()


def test_a_newsroom_comes_back_with_its_own_news(city: City) -> None:
    with city.profile("newsroom") as first, city.resident("second") as second:
        key = second.signer.public_key.hex()
        publish_trust(city, Granted(key, "newsroom", "news", "не з картки"))
        other = Newsroom(first).publish(Published("Чужа", "Новина першої"))
        city.exchange(first)
        city.exchange(second)
        own = Newsroom(second).publish(Published("Вода", "Води немає."))
        Newsroom(second).correct(own.record, Corrected("Вода", "Вода є."))
        Newsroom(second).correct(other.record, Corrected("Чужа", "Виправлено"))
        raw = export_own(second, WORDS)
    with restored(city, raw) as new:
        assert [view.text for view in News(new).list()] == ["Вода є."]
        city.exchange(new)
        assert {view.text for view in News(new).list()} == {"Вода є.", "Виправлено"}


def test_own_news_counts_again_when_its_grant_arrives_after_it(city: City) -> None:
    with city.profile("newsroom") as first, city.resident("second") as second:
        key = second.signer.public_key.hex()
        publish_trust(city, Granted(key, "newsroom", "news", "не з картки"))
        city.exchange(first)
        city.exchange(second)
        own = Newsroom(second).publish(Published("Вода", "Води немає."))
        Newsroom(second).correct(own.record, Corrected("Вода", "Вода є."))
        content = unseal(export_own(second, WORDS), WORDS)
        city.exchange(second)
    raw = seal(msgspec.structs.replace(content, others=[]), WORDS)
    with restored(city, raw) as new:
        assert News(new).list() == []
        city.exchange(new)
        assert [view.text for view in News(new).list()] == ["Вода є."]


def test_a_desk_comes_back_with_its_queue_keys(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        answered(city, resident)
        raw = export_own(office, WORDS)
    with restored(city, raw) as new:
        city.exchange(new)
        (view,) = Desk(new).queue()
        assert [line.text for line in view.said] == ["Бригада вже їде."]


def test_an_old_file_forks_and_loses_nothing(city: City) -> None:
    with city.resident() as old:
        raw = export_own(old, WORDS)
        answered(city, old)
    with restored(city, raw) as new:
        record = Appeals(new).file(an_appeal("Після відновлення")).record
        assert city.exchange(new).accepted == 1
        assert Appeals(new).get(record).state == "received"


def test_an_invitation_that_was_not_brought_yet_waits_again(city: City) -> None:
    """A desk made it without a network; the volunteer's phone may be the only one to bring it."""
    until = city.clock.now_ms + 10**9
    with city.profile("desk") as office:
        code = Volunteers(office, Notes(office)).invite("queue/general", "Центр", until)
    with city.resident() as old:
        Volunteers(old, Notes(old)).join(code.text)
        raw = export_own(old, WORDS)
    with restored(city, raw) as new:
        assert city.exchange(new).refused == ()
        membership = Volunteers(new, Notes(new)).membership()
        assert membership is not None
        assert membership.state == "in_force"
        again = unseal(export_own(new, WORDS), WORDS)
        assert not any(heard.waits for heard in again.others), "it was brought"
    with city.resident("neighbour") as other:
        city.exchange(other)
        assert Volunteers(other, Notes(other)).is_volunteer(new.device)


def test_a_rebuilt_database_brings_the_invitation_too(city: City) -> None:
    until = city.clock.now_ms + 10**9
    with city.profile("desk") as office:
        code = Volunteers(office, Notes(office)).invite("queue/general", "Центр", until)
    with city.resident() as old:
        Volunteers(old, Notes(old)).join(code.text)
    with rebuild(old.folder, clock=city.clock) as new:
        city.exchange(new)
        membership = Volunteers(new, Notes(new)).membership()
        assert membership is not None
        assert membership.state == "in_force"


def test_only_the_passphrase_opens_it(city: City) -> None:
    with city.resident() as old:
        Appeals(old).file(an_appeal("Кульгава мотузка"))
        raw = export_own(old, "сім кошенят їдуть")
        seed = old.secrets.signing_seed
    for words in ("", "сім кошенят їдут", "Сім кошенят їдуть"):
        with pytest.raises(WrongPassphrase):
            import_own(city.folder / "new", raw, words)
    assert not (city.folder / "new").exists()
    assert seed not in raw
    assert "мотузка".encode("cp1251") not in raw
    decomposed = "сім кошенят і\u0308дуть"  # as some keyboards write it
    import_own(city.folder / "new", raw, decomposed).close()


def test_a_short_passphrase_is_refused(city: City) -> None:
    with city.resident() as old, pytest.raises(PassphraseTooShort):
        export_own(old, "сімсот7")


def test_a_device_is_never_overwritten(city: City) -> None:
    with city.resident() as old:
        raw = export_own(old, WORDS)
        keys = (old.folder / FILE_NAME).read_bytes()
        with pytest.raises(ProfileExists):
            import_own(old.folder, raw, WORDS)
        assert (old.folder / FILE_NAME).read_bytes() == keys


def test_a_file_of_another_city_is_not_taken(city: City, tmp_path: Path) -> None:
    elsewhere = City(tmp_path / "elsewhere")
    with elsewhere.resident() as old:
        raw = export_own(old, WORDS)
    with pytest.raises(OtherCity):
        import_own(tmp_path / "new", raw, WORDS, city=city.card.city)
    import_own(tmp_path / "new", raw, WORDS, city=elsewhere.card.city).close()


def test_a_pin_locks_the_new_device(city: City) -> None:
    with city.resident() as old:
        raw = export_own(old, WORDS)
        secrets = old.secrets
    folder = city.folder / "new"
    with pytest.raises(PinTooShort):
        import_own(folder, raw, WORDS, pin="1")
    assert not folder.exists()
    import_own(folder, raw, WORDS, pin="4711").close()
    assert Vault.open(folder, "4711") == secrets
    with pytest.raises(WrongPin):
        Replica.open(folder, pin="4712")


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize(
    "where",
    [
        "client.services.backup.author_number",
        "client.services.backup.put_back",
        "client.services.notes.Notes.put",
        "client.services.replica.Vault.create",
    ],
)
def test_an_interrupted_import_leaves_no_profile(
    city: City, monkeypatch: pytest.MonkeyPatch, where: str, killed: bool
) -> None:
    def fail(*_: object) -> None:
        raise StorageFull

    with city.resident() as old:
        Notes(old).put("draft/1", Draft("Недописане"))
        answered(city, old)
        raw = export_own(old, WORDS)
    folder = city.folder / "new"
    with monkeypatch.context() as patch:
        patch.setattr(where, fail)
        if killed:  # nobody is left to tidy up
            patch.setattr(backup, "wipe", lambda _folder: None)
        with pytest.raises(StorageFull):
            import_own(folder, raw, WORDS)
    assert folder.exists() is killed
    with pytest.raises(NoProfile):
        Replica.open(folder)
    with restored(city, raw) as new:
        assert len(Appeals(new).list()) == 1
