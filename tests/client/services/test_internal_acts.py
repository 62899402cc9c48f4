"""What officers say among themselves never reaches the resident whom it is about."""

from __future__ import annotations

import pytest

from client.services.appeals import Appeals
from client.services.authoring import save
from client.services.desk import Desk
from client.services.errors import NotAllowed
from client.services.exchange import Exchange
from client.services.replica import Replica
from client.transports.http import Unreachable
from shared_schema.crypto.sealing import internal_key, open_sealed
from shared_schema.errors import SealError
from shared_schema.ids import MAIL, feed_id
from shared_schema.records.appeal import Commented
from shared_schema.records.desk import Assigned, Merged, Noted
from shared_schema.records.kinds import BY_NUMBER, INTERNAL
from shared_schema.sync.change import Change, decode
from shared_schema.sync.compose import compose_request
from shared_schema.sync.run import Entry
from sync_server.services import delivery
from sync_server.storage.sql import SqlStore
from tests.client.city import City, an_appeal, files_of

SECRET = "Скаржник відомий, будьте обережні."
FOR_THE_AUTHOR = ["desk.extended", "desk.registered", "desk.replied", "desk.status"]


def filed(resident: Replica) -> bytes:
    """An appeal that waits on the resident's device."""
    return bytes.fromhex(Appeals(resident).file(an_appeal()).record)


def work(office: Replica, record: bytes) -> None:
    """All that a desk may say of an appeal: three acts are internal."""
    desk = Desk(office)
    desk.register(record)
    desk.assign(record, "Олена")
    desk.extend(record, "чекаємо на експертизу")
    desk.note(record, SECRET)
    desk.reply(record, "Бригада вже їде.")
    desk.merge(record, "")
    desk.set_status(record, "in_progress")


def log_of(replica: Replica) -> list[Change]:
    return [decode(raw) for (raw,) in replica.store.read("SELECT raw FROM changes ORDER BY id")]


def said_by_desks(changes: list[Change]) -> list[str]:
    """The kinds of the desk's acts among these changes."""
    names = [BY_NUMBER[change.kind, change.kind_version].name for change in changes]
    return sorted(name for name in names if name.startswith("desk."))


def mailbox(city: City, replica: Replica) -> list[str]:
    """The kinds in a device's mailbox on the server."""
    feed = feed_id(replica.card.city, MAIL, replica.device)
    with city.store.read() as reader:
        top = reader.feed(feed).version
        rows = reader.entries(feed, [(1, top)] if top else [])
    return said_by_desks([decode(row.raw) for row in rows])


def another_server(city: City) -> None:
    """Another server of the city takes over, with nothing stored."""
    city.store = SqlStore(f"sqlite:///{city.folder / 'other.db'}")
    city.service = city.new_service(city.store)


def half_filed(city: City, resident: Replica) -> bytes:
    """An appeal that the city got while the reply was lost: it waits on the device still."""
    record = filed(resident)
    transport = city.transport()
    transport.lose_next_reply()
    with pytest.raises(Unreachable):
        Exchange(resident, transport).once()
    return record


def test_the_resident_gets_what_is_said_to_it_and_nothing_else(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        record = filed(resident)
        city.exchange(resident)
        city.exchange(office)
        work(office, record)
        city.exchange(office)
        assert city.exchange(resident).complete
        assert mailbox(city, resident) == said_by_desks(log_of(resident)) == FOR_THE_AUTHOR
        view = Appeals(resident).get(record)
        assert [line.text for line in view.said] == ["Бригада вже їде."]
        assert [step.status for step in view.history] == ["registered", "extended", "in_progress"]
        assert Desk(office).card(record).notes[0].text == SECRET


def test_a_desk_that_begins_anew_reads_the_whole_card(city: City) -> None:
    """The queue's feed has what the mailbox leaves out."""
    with city.resident() as resident, city.profile("desk") as office:
        record = filed(resident)
        city.exchange(resident)
        city.exchange(office)
        work(office, record)
        city.exchange(office)
        before = Desk(office).card(record)
    with city.profile("desk") as office:
        card = Desk(office).card(record)
        assert card == before
        assert (card.assignee.value, card.merged.value, len(card.notes)) == ("Олена", "", 1)
        on_disk = files_of(office.folder) + files_of(city.folder)
        for charset in ("utf-8", "cp1251", "utf-16-le"):
            assert SECRET.encode(charset) not in on_disk


def test_acts_that_come_before_the_opening_are_not_mailed_with_it(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        record = half_filed(city, resident)
        city.exchange(office)
        work(office, record)
        another_server(city)
        assert city.exchange(office).held
        assert mailbox(city, resident) == []
        city.exchange(resident)
        assert mailbox(city, resident) == FOR_THE_AUTHOR
        assert city.exchange(resident).complete
        assert said_by_desks(log_of(resident)) == FOR_THE_AUTHOR


def test_acts_that_come_in_front_of_the_opening_in_one_bundle_are_not_mailed(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        record = half_filed(city, resident)
        city.exchange(office)
        work(office, record)
        another_server(city)
        carried = [
            Entry(0, 0, by.signer.public_key, c.device, c.scope, c.seq, c.id, c.raw)
            for by in (office, resident)
            for c in log_of(by)
            if c.device == by.device
        ]
        city.service.handle(compose_request(office.signer, [], carried).raw)
        assert mailbox(city, resident) == FOR_THE_AUTHOR
        city.exchange(resident)
        assert city.exchange(resident).complete
        assert said_by_desks(log_of(resident)) == FOR_THE_AUTHOR


def test_an_author_cannot_open_what_a_hostile_server_mails(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "INTERNAL", frozenset())
    with city.resident() as resident, city.profile("desk") as office:
        record = filed(resident)
        city.exchange(resident)
        city.exchange(office)
        work(office, record)
        city.exchange(office)
        assert city.exchange(resident).complete
        got = [change for change in log_of(resident) if change.kind in INTERNAL]
        assert {change.kind for change in got} == INTERNAL
        opening = resident.threads.opening(record)
        assert opening is not None
        own_keys = [
            resident.thread_keys.of(opening.change),
            resident.secrets.thread_secret,
            resident.secrets.storage_key,
            internal_key(resident.secrets.thread_secret, record),
        ]
        assert resident.thread_keys.internal(opening.change.scope, record) == []
        for change in got:
            for key in own_keys:
                with pytest.raises(SealError):
                    open_sealed(key, change.header, change.body)
        shown = {type(act.payload) for act in resident.threads.acts(record)}
        assert shown.isdisjoint({Assigned, Noted, Merged})
        view = Appeals(resident).get(record)
        assert SECRET not in repr(view)
        assert [line.text for line in view.said] == ["Бригада вже їде."]


def test_a_note_sealed_to_the_author_by_mistake_is_shown_to_nobody(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that took the thread's key for it would hide the mistake, and show the note."""
    monkeypatch.setattr(delivery, "INTERNAL", frozenset())
    with city.resident() as resident, city.profile("desk") as office:
        record = filed(resident)
        city.exchange(resident)
        city.exchange(office)
        opening = office.threads.opening(record)
        assert opening is not None
        with monkeypatch.context() as mistaken:
            key = office.thread_keys.of(opening.change)
            mistaken.setattr(office.thread_keys, "internal", lambda scope, record: [key])
            note = save(office, Noted(SECRET), scope="queue/general", record=record)
        city.exchange(office)
        city.exchange(resident)
        assert open_sealed(key, note.header, note.body)
        for replica in (office, resident):
            assert note.id in {change.id for change in log_of(replica)}
            assert {type(act.payload) for act in replica.threads.acts(record)} == {
                type(an_appeal())
            }


def test_a_resident_can_write_nothing_internal(city: City) -> None:
    with city.resident() as resident:
        record = filed(resident)
        for payload in (Noted("я"), Assigned("я"), Merged("")):
            with pytest.raises(NotAllowed):
                save(resident, payload, scope="queue/general", record=record)
        save(resident, Commented("Досі немає."), scope="queue/general", record=record)
        own = [change for change in log_of(resident) if change.device == resident.device]
        assert len(own) == 2
