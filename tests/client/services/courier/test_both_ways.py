"""Couriers, both ways: appeals out and answers back, through any number of hands, exactly once."""

from __future__ import annotations

from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.courier.types import Taken
from client.services.desk import Desk
from client.services.news import News, Newsroom
from client.services.receipts import receipt_of
from client.services.replica import Replica
from shared_schema.records.news import Published
from tests.client.city import City, an_appeal


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
