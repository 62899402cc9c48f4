"""Couriers, both ways: appeals out and answers back, through any number of hands, exactly once."""

from __future__ import annotations

from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.courier.types import Taken
from client.services.desk import Desk
from client.services.news import News, Newsroom
from client.services.receipts import receipt_of
from client.services.replica import Replica
from client.storage.carried import public_proofs
from client.transports.http import ServerRefused
from shared_schema.records.news import Published
from shared_schema.sync.courier import (
    ANSWER_ITEM,
    answer_item,
    decode_courier,
    encode_courier,
    split_answer,
)
from tests.client.city import City, Doors, an_appeal


def hand(giver: Replica, taker: Replica, size_max: int = 0, *, public: bool = True) -> list[Taken]:
    """All that one device has for others, given to another one as files."""
    bundles = Courier(giver).give(size_max, public=public)
    return [Courier(taker).take(raw, "file") for raw in bundles]


def test_an_appeal_and_its_reply_travel_through_two_couriers_and_no_network(city: City) -> None:
    with (
        city.resident() as resident,
        city.resident("a") as first,
        city.resident("b") as second,
        city.profile("desk") as office,
    ):
        filed = Appeals(resident).file(an_appeal())
        assert hand(resident, first)[0].requests == 1
        assert hand(first, second)[0].requests == 1
        assert not Courier(first).state().all_handed_over
        sent = Courier(second).deliver(city.doors())
        assert (sent.posted, sent.answered, sent.done) == (1, 1, 1)
        assert Courier(second).state().all_handed_over

        city.exchange(office)
        Desk(office).reply(filed.record, "Бригада виїхала.")
        city.exchange(office)
        Courier(second).deliver(city.doors())  # the same request is the ticket to the mailbox

        assert hand(second, first)[0].replies == 1
        assert Courier(first).state().all_handed_over
        (taken,) = hand(first, resident)
        assert (taken.own_replies, taken.settled, taken.refused) == (1, 1, ())
        appeal = Appeals(resident).get(filed.record)
        assert appeal.state == "received"
        assert [line.text for line in appeal.said] == ["Бригада виїхала."]
        kept = receipt_of(resident, filed.record)
        assert kept is not None
        assert kept.verified

        again = hand(first, resident)[0]
        assert (again.own_replies, again.settled, again.arrived) == (0, 0, 0)
        assert len(Appeals(resident).get(filed.record).said) == 1
        city.exchange(resident)
        assert len(Appeals(office).list()) <= 1
        assert city.exchange(office).pulled == 0


def test_news_reach_a_device_that_never_had_a_network(city: City) -> None:
    with (
        city.profile("newsroom") as room,
        city.resident("a") as courier,
        city.resident("b") as neighbour,
        city.resident() as resident,
    ):
        Newsroom(room).publish(Published("Вода", "О шостій на площі.", priority="urgent"))
        city.sign_alerts(room)
        Appeals(neighbour).file(an_appeal())
        hand(neighbour, courier)
        Courier(courier).deliver(city.doors())
        (taken,) = hand(courier, resident)
        assert taken.arrived >= 2
        (item,) = News(resident).list()
        assert (item.title, item.confirmed, item.priority) == ("Вода", True, "urgent")


def test_a_server_of_a_version_before_couriers_takes_them_one_by_one(city: City) -> None:
    class Old(Doors):
        def carry(self, raw: bytes) -> bytes:
            raise ServerRefused(404, "Not Found")

    with city.resident() as resident, city.resident("a") as courier:
        filed = Appeals(resident).file(an_appeal())
        hand(resident, courier)
        sent = Courier(courier).deliver(Old(city))
        assert (sent.posted, sent.answered, sent.done) == (1, 1, 1)
        hand(courier, resident)
        assert Appeals(resident).get(filed.record).state == "received"


def test_a_reply_at_another_place_is_nobody_s(city: City) -> None:
    """A server that mixes up whom it answers, or names a place that the post has not."""

    class Turned(Doors):
        by = 1

        def carry(self, raw: bytes) -> bytes:
            answer = decode_courier(super().carry(raw), types=(ANSWER_ITEM,))
            items = [split_answer(item.body) for item in answer.items]
            turned = [answer_item(place + self.by, said) for place, said in items]
            return encode_courier(answer.city, turned)

    with city.resident() as one, city.resident("a") as two, city.resident("b") as courier:
        filed = [Appeals(each).file(an_appeal()) for each in (one, two)]
        for each in (one, two):
            hand(each, courier)
        for Turned.by in (1, 200):
            sent = Courier(courier).deliver(Turned(city))
            assert (sent.answered, sent.done) == (0, 0)
        assert Courier(courier).deliver(city.doors()).done == 2
        for each, appeal in zip((one, two), filed, strict=True):
            hand(courier, each)
            assert Appeals(each).get(appeal.record).state == "received"


def test_a_device_that_carries_nothing_asks_the_server_for_nothing(city: City) -> None:
    with city.resident() as resident:
        doors = city.doors()
        assert Courier(resident).deliver(doors).posted == 0
        assert doors.sent == []


def test_a_reader_knows_that_its_news_are_complete_without_a_network(city: City) -> None:
    """By the city's signature, which then travels on from this device, too."""
    with (
        city.profile("newsroom") as room,
        city.resident("a") as courier,
        city.resident("b") as neighbour,
        city.resident() as resident,
        city.resident("last") as last,
    ):
        for number in range(5):
            Newsroom(room).publish(Published(f"Новина {number}", "Є."))
        city.exchange(room)
        Appeals(neighbour).file(an_appeal())
        hand(neighbour, courier)
        Courier(courier).deliver(city.doors())
        hand(courier, resident)
        hand(resident, last)
        told_ms = city.clock.now_ms
        city.clock.now_ms += 1_000
        for reader in (resident, last):
            with reader.store.holding() as connection:
                proofs = public_proofs(connection)
            assert proofs[reader.scopes.id_of["news"]][0] == told_ms
            result = city.exchange(reader)
            assert (result.pulled, result.complete, result.forged) == (0, True, 0)
            rows = reader.store.rows("SELECT DISTINCT received FROM changes")
            assert rows == [(told_ms,)]


def test_the_moment_that_a_reply_came_is_told_by_the_next_exchange(city: City) -> None:
    with (
        city.resident() as resident,
        city.resident("a") as courier,
        city.profile("desk") as office,
    ):
        filed = Appeals(resident).file(an_appeal())
        hand(resident, courier)
        Courier(courier).deliver(city.doors())
        city.exchange(office)
        city.clock.now_ms += 10 * 365 * 86_400_000  # the desk's clock is ten years ahead
        Desk(office).reply(filed.record, "Бригада виїхала.")
        city.clock.now_ms -= 10 * 365 * 86_400_000
        city.exchange(office)
        Courier(courier).deliver(city.doors())
        hand(courier, resident)
        (said,) = Appeals(resident).get(filed.record).said
        assert said.at_ms > city.clock.now_ms + 86_400_000
        Appeals(resident).comment(filed.record, "Дякую.")
        city.exchange(resident)
        moments = {line.text: line.at_ms for line in Appeals(resident).get(filed.record).said}
        assert moments["Бригада виїхала."] == city.clock.now_ms
