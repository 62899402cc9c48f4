"""A slip opens its thread on any device of the city, and leaving forgets it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.doorstep.adopted import Adopted
from client.services.doorstep.carrying import Carrying, NoRoom
from client.services.doorstep.claim import Claims
from client.services.doorstep.collect import Collected, Collecting
from client.services.doorstep.every import EveryAppeal
from client.services.doorstep.slip_device import SlipDevice
from client.services.notes import Notes
from client.services.replica import Replica
from client.transports.http import Unreachable
from shared_schema.crypto.slip import Slip, SlipMismatch, secrets_of_slip
from shared_schema.ids import MAIL
from shared_schema.sync.bundle import Section, decode_reply, encode_reply, encode_section
from shared_schema.sync.carried import read_carried
from shared_schema.sync.run import Entry, gather
from tests.client.city import City, an_appeal, files_of
from tests.client.doorstep.carrier import carrying, deliver, durable, hand, threads

REPLY = "Майстер буде в четвер."


def claims(replica: Replica) -> Claims:
    return Claims(replica, carrying(replica), Adopted(replica, Notes(replica)))


def words(taken: Collected) -> str:
    return " ".join(taken.slip.words)


def answer(city: City, record: str) -> None:
    with city.profile("desk") as office:
        city.exchange(office)
        Desk(office).register(record)
        Desk(office).reply(record, REPLY)
        city.exchange(office)


@contextmanager
def collected(city: City) -> Iterator[tuple[Replica, Collected]]:
    with city.resident("volunteer") as volunteer:
        yield volunteer, Collecting(volunteer, carrying(volunteer)).take(an_appeal())


def test_offline_it_opens_what_has_arrived_and_no_more(city: City) -> None:
    with collected(city) as (volunteer, taken):
        with claims(volunteer).open(words(taken)) as claimed:
            (view,) = claimed.views()
            assert (view.state, view.mine, view.text) == ("waiting", True, an_appeal().text)
        deliver(city, volunteer)
        with claims(volunteer).open(taken.slip.qr) as claimed:
            (view,) = claimed.views()
            assert (view.state, view.receipt_number) == ("received", "ЗВ-000001")
            assert not view.said
        answer(city, taken.record)
        deliver(city, volunteer)
        with claims(volunteer).open(words(taken)) as claimed:
            (view,) = claimed.views()
            assert [line.text for line in view.said] == [REPLY]
            assert view.number


def test_another_volunteer_s_device_opens_what_was_passed_on_to_it(city: City) -> None:
    with collected(city) as (volunteer, taken), city.resident("second") as second:
        deliver(city, volunteer)
        hand(volunteer, second)
        with claims(second).open(words(taken)) as claimed:
            assert claimed.views()[0].state == "received"


def test_leaving_forgets_it_and_nothing_was_on_disk(city: City) -> None:
    with collected(city) as (volunteer, taken):
        before = durable(city.folder / "volunteer")
        with claims(volunteer).open(words(taken)) as claimed:
            assert claimed.views()
        assert durable(city.folder / "volunteer") == before
        assert Appeals(volunteer).list() == []


def test_a_phone_that_never_heard_of_it_gets_everything_from_the_city(city: City) -> None:
    """The resident gets a phone, months later, and the volunteer's is gone."""
    with collected(city) as (volunteer, taken):
        deliver(city, volunteer)
    answer(city, taken.record)
    with city.resident("own phone") as phone:
        with claims(phone).open(words(taken)) as claimed:
            assert not claimed.found
            assert claimed.look(city.transport())
            (view,) = claimed.views()
            assert (view.text, view.receipt_number) == (an_appeal().text, "ЗВ-000001")
            assert [line.text for line in view.said] == [REPLY]
        assert not threads(phone)
        with claims(phone).open(words(taken)) as claimed:
            assert not claimed.found  # it was left, so it is forgotten


def test_without_a_network_and_without_its_changes_it_says_that_nothing_is_here(city: City) -> None:
    with collected(city) as (_, taken), city.resident("own phone") as phone:
        claimed = claims(phone).open(words(taken))
        transport = city.transport()
        transport.lose_next_reply()
        with claimed, pytest.raises(Unreachable):
            claimed.look(transport)
        assert not claimed.adopted


def test_a_slip_that_the_city_has_not_got_is_not_made_up(city: City) -> None:
    with city.resident() as phone:
        unused = Slip(b"0123456789", city.card.city)
        with claims(phone).open(unused.qr) as claimed:
            assert not claimed.look(city.transport())
            assert claimed.views() == []


def test_a_slip_of_another_city_is_refused(city: City) -> None:
    with city.resident() as phone, pytest.raises(SlipMismatch):
        claims(phone).open(Slip(b"0123456789", b"x" * 16).qr)


def test_a_comment_is_the_resident_s_and_keeps_what_the_city_has_said(city: City) -> None:
    with collected(city) as (volunteer, taken):
        deliver(city, volunteer)
        with claims(volunteer).open(words(taken)) as claimed:
            view = claimed.comment(taken.record, "Уже й підвал залило.")
            assert view.said[-1].pending
        with claims(volunteer).open(words(taken)) as claimed:
            (view,) = claimed.views()
            assert view.receipt_number == "ЗВ-000001"
            assert (view.said[-1].text, view.said[-1].pending) == ("Уже й підвал залило.", True)
        deliver(city, volunteer)
        with claims(volunteer).open(words(taken)) as claimed:
            (view,) = claimed.views()
            assert not view.said[-1].pending
    with city.profile("desk") as office:
        city.exchange(office)
        (seen,) = Desk(office).queue()
        assert [line.text for line in seen.said] == ["Уже й підвал залило."]


def test_a_comment_on_one_s_own_phone_follows_one_made_on_the_volunteer_s(city: City) -> None:
    """Two devices that hold one slip would fork its stream if the second did not ask first."""
    with collected(city) as (volunteer, taken), city.resident("own phone") as phone:
        with claims(volunteer).open(words(taken)) as claimed:
            claimed.comment(taken.record, "Перше.")
        deliver(city, volunteer)
        with claims(phone).open(words(taken)) as claimed:
            claimed.look(city.transport())
            claimed.comment(taken.record, "Друге.")
            claimed.look(city.transport())
            (view,) = claimed.views()
            assert [(line.text, line.pending) for line in view.said] == [
                ("Перше.", False), ("Друге.", False)
            ]  # fmt: skip
    with city.store.read() as reader:
        assert reader.forked_devices() == frozenset()


def test_an_old_reply_after_a_new_one_takes_nothing_back(city: City) -> None:
    with collected(city) as (volunteer, taken):
        deliver(city, volunteer)
        (old,) = threads(volunteer)
        city.clock.now_ms += 1_000
        answer(city, taken.record)
        deliver(city, volunteer)
        (new,) = threads(volunteer)
        for order in ([new, old], [old, new], [old, new, old]):
            with SlipDevice(volunteer, secrets_of_slip(taken.slip)) as device:
                for thread in order:
                    device.take(thread.request, thread.reply)
                (view,) = device.views()
                assert (len(view.said), view.state) == (1, "registered")


def test_an_old_reply_does_not_take_the_place_of_a_new_one_in_what_is_kept(city: City) -> None:
    with collected(city) as (volunteer, taken):
        deliver(city, volunteer)
        (old,) = threads(volunteer)
        city.clock.now_ms += 1_000
        deliver(city, volunteer)
        (new,) = threads(volunteer)
        assert old.reply != new.reply
        for order in ([new, old], [old, new]):
            with SlipDevice(volunteer, secrets_of_slip(taken.slip)) as device:
                for thread in order:
                    device.take(thread.request, thread.reply)
                assert device.threads() == [new]


def test_a_newer_reply_to_fewer_words_does_not_hide_the_receipt_for_the_others(city: City) -> None:
    """A carrier that never heard of the comment asks again, and is answered later."""
    with collected(city) as (volunteer, taken):
        deliver(city, volunteer)
        with claims(volunteer).open(words(taken)) as claimed:
            claimed.comment(taken.record, "Уже й підвал залило.")
        deliver(city, volunteer)
        whole = next(each for each in threads(volunteer) if read_carried(each.request).changes == 2)
        deliver(city, volunteer)
        first = next(each for each in threads(volunteer) if read_carried(each.request).changes == 1)
        for order in ([whole, first], [first, whole]):
            with SlipDevice(volunteer, secrets_of_slip(taken.slip)) as device:
                for thread in order:
                    device.take(thread.request, thread.reply)
                kept = device.threads()
            with SlipDevice(volunteer, secrets_of_slip(taken.slip)) as device:
                for thread in kept:
                    device.take(thread.request, thread.reply)
                assert not device.views()[0].pending


def test_a_reply_that_is_not_the_city_s_opens_nothing_and_breaks_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collected(city) as (volunteer, taken):
        deliver(city, volunteer)
        (thread,) = threads(volunteer)
        assert thread.reply is not None
        forged = thread._replace(reply=thread.reply[:-3] + b"\0\0\0")
        monkeypatch.setattr(Carrying, "carried", lambda self, device: [forged])
        with claims(volunteer).open(words(taken)) as claimed:
            assert claimed.views()[0].state == "waiting"


def test_what_a_carrier_stuffs_into_a_reply_takes_no_receipt_back(city: City) -> None:
    """Places stand beside the signed statement: whoever believed them would ask for all again."""
    with collected(city) as (volunteer, taken), city.resident("liar") as liar:
        deliver(city, volunteer)
        answer(city, taken.record)
        deliver(city, volunteer)
        for _ in range(2):  # as many as the desk has said
            Appeals(liar).file(an_appeal())
        (thread,) = threads(volunteer)
        with SlipDevice(volunteer, secrets_of_slip(taken.slip)) as device:
            device.take(thread.request, stuffed(thread.reply or b"", liar))
            (view,) = device.views()
    assert not view.pending
    assert [part.state for part in view.parts] == ["received"]


def stuffed(raw: bytes, liar: Replica) -> bytes:
    """The reply with a stranger's words at the places of the desk's in the mailbox."""
    sql = "SELECT scope, seq, change_id, raw FROM changes WHERE author = 1"
    signer = liar.signer
    rows = enumerate(liar.store.rows(sql), 1)
    lies = [Entry(at, 0, signer.public_key, signer.device, *row) for at, row in rows]
    reply = decode_reply(raw)
    devices: dict[bytes, int] = {}
    section = encode_section(Section(MAIL, gather(lies, devices)))
    return encode_reply(list(devices), [section], reply.statement, reply.signature)


def test_an_adopted_slip_is_among_the_own_after_the_next_start(city: City) -> None:
    with collected(city) as (volunteer, taken):
        deliver(city, volunteer)
    answer(city, taken.record)
    with city.resident("own phone") as phone:
        with claims(phone).open(words(taken)) as claimed:
            claimed.look(city.transport())
            claimed.adopt()
            assert claimed.adopted
        assert_sealed(city, "own phone")
    with city.resident("own phone") as phone:
        adopted = Adopted(phone, Notes(phone))
        (slip,) = adopted.slips()
        (view,) = slip.views()
        assert (view.text, len(view.said), view.mine) == (an_appeal().text, 1, True)
        assert view.receipt_number == "ЗВ-000001"
        adopted.look(city.transport())
        adopted.let_go(taken.record)
        assert not adopted.slips()
    with city.resident("own phone") as phone:
        assert not Adopted(phone, Notes(phone)).slips()


def assert_sealed(city: City, name: str) -> None:
    disk = files_of(city.folder / name)
    for word in ("Третій", REPLY):
        assert word.encode() not in disk
        assert word.encode("cp1251") not in disk


def test_a_comment_that_could_not_be_saved_was_not_said(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is told that it failed, and says it again: it must not come twice."""

    def full(self: Carrying, threads: object) -> None:
        raise NoRoom("full")

    with collected(city) as (volunteer, taken):
        deliver(city, volunteer)
        with claims(volunteer).open(words(taken)) as claimed:
            with monkeypatch.context() as patch:
                patch.setattr(Carrying, "carry", full)
                with pytest.raises(NoRoom):
                    claimed.comment(taken.record, "Уже й підвал залило.")
            (view,) = claimed.views()
            assert (view.said, view.receipt_number) == ((), "ЗВ-000001")
            assert len(claimed.comment(taken.record, "Уже й підвал залило.").said) == 1
            receipt = claimed.receipt(taken.record)
            assert receipt is not None
            assert receipt.verified


def test_what_is_done_in_an_adopted_thread_is_done_as_the_slip_s_device(city: City) -> None:
    with collected(city) as (volunteer, taken):
        deliver(city, volunteer)
    with city.resident("own phone") as phone:
        own = Appeals(phone).file(an_appeal("Моє власне."))
        adopted = Adopted(phone, Notes(phone))
        claim = Claims(phone, carrying(phone), adopted).open(words(taken))
        with claim as claimed:
            claimed.look(city.transport())
            claimed.adopt()
        every = EveryAppeal(phone, adopted, carrying(phone))
        listed = every.list()
        assert [view.record for view in listed] == [own.record, taken.record]
        assert [view.by_slip for view in listed] == [False, True]
        assert every.get(taken.record).by_slip
        assert every.comment(taken.record, "Дякую.").pending
        assert every.withdraw(own.record).withdrawn
        adopted.look(city.transport())
        city.exchange(phone)
        assert [view.pending for view in every.list()] == [False, False]
    with city.resident("own phone") as phone:
        again = EveryAppeal(phone, Adopted(phone, Notes(phone)), carrying(phone))
        view = again.get(taken.record)
        assert ([line.text for line in view.said], view.pending) == (["Дякую."], False)
    with city.store.read() as reader:
        assert reader.forked_devices() == frozenset()
