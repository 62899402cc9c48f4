"""What a courier's app asks of a network: what waits goes at once, the rest now and then."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import pairwise

import pytest

from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.courier.pace import AGAIN_MAX, MINUTE_MS, Turn
from client.services.courier.types import Delivered
from client.services.desk import Desk
from client.services.exchange import Exchange
from client.services.handover import Handover
from client.services.notes import Notes
from client.services.own import Own
from client.services.paced import Carrying, PacedExchange
from client.services.prefs import LEAN_BYTES, DataUse, Preferences, Prefs
from client.services.replica import Replica
from client.storage import carried
from client.transports.http import ServerRefused, Unreachable
from shared_schema.sync.courier import ANSWER_ITEM, REQUEST_ITEM, decode_courier, encode_courier
from tests.client.city import City, Doors, an_appeal

DAY_MS = 24 * 60 * MINUTE_MS
HEADS_BYTES = 2 * 1024
"""Around the changes, once for each post."""
DUE = Turn(everything=False)


class Counted(Doors):
    """Counts what goes through each door, and which requests were carried."""

    def __init__(self, city: City) -> None:
        super().__init__(city)
        self.bytes_up = self.bytes_down = 0
        self.carried: list[list[bytes]] = []

    def carry(self, raw: bytes) -> bytes:
        self.carried.append(requests_in(raw))
        return self._count(raw, super().carry(raw))

    def post(self, raw: bytes) -> bytes:
        return self._count(raw, super().post(raw))

    def _count(self, raw: bytes, answer: bytes) -> bytes:
        self.bytes_up += len(raw)
        self.bytes_down += len(answer)
        return answer


def requests_in(raw: bytes) -> list[bytes]:
    return [item.body for item in decode_courier(raw).items if item.type == REQUEST_ITEM]


def app(replica: Replica, courier: Courier, doors: Doors, use: DataUse = "lean") -> PacedExchange:
    notes = Notes(replica)
    prefs = Prefs(notes)
    prefs.put(Preferences(data_use=use))
    own = Own(replica, prefs, Handover(replica, notes))
    return PacedExchange(Exchange(replica, doors), prefs, own, Carrying(courier, doors))


def collect(city: City, courier: Courier, number: int, text: str = "", kind: str = "noise") -> str:
    """A neighbour's appeal comes into the courier's hands; the neighbour's device in hex."""
    with city.resident(f"neighbour-{number}") as neighbour:
        Appeals(neighbour).file(an_appeal(text or f"Сусід {number}.", category=kind))
        assert courier.take(Courier(neighbour).own_request() or b"", "lan").requests == 1
        return neighbour.device.hex()


@contextmanager
def a_courier(city: City, count: int = 0) -> Iterator[tuple[Replica, Courier]]:
    with ExitStack() as stack:
        replica = stack.enter_context(city.resident("courier"))
        courier = Courier(replica)
        for number in range(count):
            collect(city, courier, number)
        yield replica, courier


def minutes(city: City, exchange: PacedExchange, count: int) -> None:
    """The app lies open."""
    for _ in range(count):
        city.clock.now_ms += MINUTE_MS
        exchange.once()


def test_what_is_done_costs_a_few_posts_a_day_and_not_one_a_minute(city: City) -> None:
    with a_courier(city, 6) as (replica, courier):
        doors = Counted(city)
        exchange = app(replica, courier, doors, "all")
        exchange.once()
        assert [len(each) for each in doors.carried] == [6]
        minutes(city, exchange, 24 * 60)
        asked = len(doors.carried) - 1
        assert 6 <= asked <= 9  # 5, 10, 20 … minutes
        before = len(doors.carried)
        minutes(city, exchange, 3 * 24 * 60)
        assert len(doors.carried) - before <= 3
        total = sum(len(raw) for batch in doors.carried for raw in batch)
        assert total < 14 * sum(len(raw) for raw in doors.carried[0])


def test_nothing_due_is_no_post_at_all(city: City) -> None:
    with a_courier(city, 3) as (_, courier):
        courier.deliver(city.doors())
        doors = Counted(city)
        assert courier.deliver(doors, DUE) == Delivered()
        assert (doors.sent, doors.bytes_up, doors.bytes_down) == ([], 0, 0)


def test_a_courier_that_is_opened_anew_remembers_whom_it_has_asked(city: City) -> None:
    with a_courier(city, 3) as (_, courier):
        courier.deliver(city.doors(), DUE)
    with city.resident("courier") as replica:
        doors = Counted(city)
        Courier(replica).deliver(doors, DUE)
        assert doors.sent == []
        city.clock.now_ms += 6 * MINUTE_MS
        Courier(replica).deliver(doors, DUE)
        assert [len(each) for each in doors.carried] == [3]


def test_a_word_of_the_desk_makes_the_next_one_be_asked_for_sooner(city: City) -> None:
    with a_courier(city) as (replica, courier), city.profile("desk") as office:
        sender = collect(city, courier, 1)
        other = collect(city, courier, 2)
        doors = Counted(city)
        exchange = app(replica, courier, doors)
        exchange.once()
        minutes(city, exchange, 24 * 60)
        city.exchange(office)
        with city.resident("neighbour-1") as neighbour:
            (record,) = [each.record for each in Appeals(neighbour).list()]
        Desk(office).reply(record, "Бригада виїхала.")
        city.exchange(office)
        minutes(city, exchange, 24 * 60)
        said = {each.sender: each.said for each in courier.carried()}
        assert (said[sender], said[other]) == (2, 1)
        with replica.store.holding() as connection:
            asks = {each.sender.hex(): each.asks for each in carried.in_order(connection)}
        assert asks[sender] < asks[other]


def rested(city: City, exchange: PacedExchange, doors: Counted) -> int:
    """Days later: everything is asked for once a day. How many posts that made so far."""
    exchange.once()
    for _ in range(12):
        city.clock.now_ms += DAY_MS
        exchange.once()
    city.clock.now_ms += 10 * MINUTE_MS
    exchange.once()
    return len(doors.carried)


def test_a_sender_who_came_by_is_asked_for_again_soon(city: City) -> None:
    """With the very same request, too: it has nothing new to say, and wants to hear."""
    with a_courier(city, 2) as (replica, courier):
        doors = Counted(city)
        exchange = app(replica, courier, doors)
        before = rested(city, exchange, doors)
        with city.resident("neighbour-1") as neighbour:
            raw = Courier(neighbour).own_request() or b""
        assert courier.take(raw, "lan").known == 1
        exchange.once()
        assert doors.carried[before:] == [[raw]]


def test_a_new_word_of_a_sender_asks_for_its_former_ones_again(city: City) -> None:
    with a_courier(city, 2) as (replica, courier):
        doors = Counted(city)
        exchange = app(replica, courier, doors)
        before = rested(city, exchange, doors)
        with city.resident("neighbour-0") as neighbour:
            city.exchange(neighbour)
            Appeals(neighbour).file(an_appeal("Ще одне."))
            courier.take(Courier(neighbour).own_request() or b"", "lan")
        exchange.once()
        assert [len(each) for each in doors.carried[before:]] == [2]


def test_what_another_courier_has_just_asked_is_not_asked_again_at_once(city: City) -> None:
    with a_courier(city, 4) as (_, courier), city.resident("second") as second:
        courier.deliver(city.doors())
        for raw in courier.give():
            Courier(second).take(raw, "lan")
        doors = Counted(city)
        Courier(second).deliver(doors, DUE)
        assert doors.carried == []


def test_who_asks_for_everything_gets_everything_now(city: City) -> None:
    with a_courier(city, 40) as (_, courier):
        courier.deliver(city.doors())
        doors = Counted(city)
        assert courier.deliver(doors).posted == 40
        city.clock.now_ms += 6 * MINUTE_MS
        assert courier.deliver(doors, DUE).posted == AGAIN_MAX  # and a turn by itself has its bound
        assert courier.deliver(doors, DUE).posted == 40 - AGAIN_MAX


@pytest.mark.parametrize("back_ms", [DAY_MS, 10 * 365 * DAY_MS])
def test_a_clock_that_was_set_back_does_not_silence_a_courier_for_years(
    city: City, back_ms: int
) -> None:
    with a_courier(city, 2) as (replica, courier):
        doors = Counted(city)
        exchange = app(replica, courier, doors)
        exchange.once()
        city.clock.now_ms -= back_ms
        exchange.once()
        assert [len(each) for each in doors.carried] == [2, 2]
        minutes(city, exchange, 4)
        assert len(doors.carried) == 2


def test_a_sparing_exchange_stays_within_its_bytes_with_all_that_is_carried(city: City) -> None:
    with a_courier(city) as (replica, courier):
        for number in range(60):
            collect(city, courier, number, os.urandom(1_200).hex())
        collect(city, courier, 60, os.urandom(1_200).hex(), "danger")
        for _ in range(10):
            Appeals(replica).file(an_appeal(os.urandom(1_200).hex()))
        doors = Counted(city)
        exchange = app(replica, courier, doors)
        turns = 0
        while courier.state().waiting:
            up, down = doors.bytes_up, doors.bytes_down
            exchange.once()
            turns += 1
            assert doors.bytes_up - up <= LEAN_BYTES + HEADS_BYTES
            assert doors.bytes_down - down <= LEAN_BYTES + HEADS_BYTES
            if turns == 1:
                assert [each.pending for each in Appeals(replica).list()] == [False] * 10
                assert courier.carried()[0].done, "what is urgent went first"
                assert courier.state().waiting
        assert 2 <= turns <= 4
        brought = [raw for batch in doors.carried for raw in batch]
        assert len(brought) == len(set(brought)) == 61


def test_what_is_urgent_for_others_does_not_wait_until_all_own_words_are_through(
    city: City,
) -> None:
    with a_courier(city) as (replica, courier):
        collect(city, courier, 1, kind="danger")
        for _ in range(80):
            Appeals(replica).file(an_appeal(os.urandom(1_500).hex()))
        app(replica, courier, Counted(city)).once()
        assert courier.state().waiting == 0
        assert any(each.pending for each in Appeals(replica).list())


def test_a_request_longer_than_a_sparing_exchange_goes_alone_and_is_not_stuck(city: City) -> None:
    with a_courier(city) as (replica, courier):
        with city.resident("wordy") as neighbour:
            for _ in range(50):
                Appeals(neighbour).file(an_appeal(os.urandom(1_500).hex()))
            courier.take(Courier(neighbour).own_request() or b"", "lan")
        assert courier.state().bytes > LEAN_BYTES
        doors = Counted(city)
        app(replica, courier, doors).once()
        assert ([len(each) for each in doors.carried], courier.state().waiting) == ([1], 0)


class Weak(Counted):
    """A link that breaks under whatever is longer than so many bytes."""

    def __init__(self, city: City, bytes_max: int) -> None:
        super().__init__(city)
        self.bytes_max = bytes_max

    def carry(self, raw: bytes) -> bytes:
        if len(raw) > self.bytes_max:
            raise Unreachable("it broke")
        return super().carry(raw)


def test_on_a_link_that_breaks_under_more_each_turn_still_brings_something(city: City) -> None:
    with a_courier(city, 30) as (_, courier):
        doors = Weak(city, 3_000)
        waiting = [courier.state().waiting]
        for _ in range(40):
            with suppress(Unreachable):
                courier.deliver(doors, DUE)
            waiting.append(courier.state().waiting)
            if not waiting[-1]:
                break
        assert waiting[-1] == 0
        assert waiting[1] == 30, "the first attempt was too long"
        assert all(after < before for before, after in pairwise(waiting[1:]))
        brought = [raw for batch in doors.carried for raw in batch]
        assert len(brought) == 30, "what has come through is not sent again"


def test_a_post_of_which_some_has_got_through_goes_on_with_the_same_bytes(city: City) -> None:
    class Half(Counted):
        half_carried = False

        def __init__(self, city: City) -> None:
            super().__init__(city)
            self.tried: list[bytes] = []

        def carry(self, raw: bytes) -> bytes:
            self.tried.append(raw)
            self.half_carried = len(self.tried) < 3
            if self.half_carried:
                raise Unreachable("half of it is there")
            return super().carry(raw)

    with a_courier(city, 5) as (_, courier):
        doors = Half(city)
        for _ in range(2):
            with pytest.raises(Unreachable):
                courier.deliver(doors, DUE)
        collect(city, courier, 77, kind="danger")
        courier.deliver(doors, DUE)
        assert doors.tried[0] == doors.tried[1] == doors.tried[2]
        assert courier.state().waiting == 0


def test_what_the_city_never_answers_is_not_posted_every_minute(city: City) -> None:
    with a_courier(city, 3) as (replica, courier):
        silent: list[bytes] = []

        class Silent(Counted):
            def carry(self, raw: bytes) -> bytes:
                asked = requests_in(raw)
                silent[:] = silent or asked[:1]
                answer = super().carry(raw)
                return answer if silent[0] not in asked else without(answer, asked.index(silent[0]))

        doors = Silent(city)
        exchange = app(replica, courier, doors)
        minutes(city, exchange, 60)
        posted = sum(silent[0] in batch for batch in doors.carried)
        assert 5 <= posted <= 9
        assert courier.state().waiting == 1


def without(answer: bytes, place: int) -> bytes:
    bundle = decode_courier(answer, types=(ANSWER_ITEM,))
    return encode_courier(bundle.city, [each for each in bundle.items if each.body[0] != place])


def test_a_turn_that_the_server_refuses_leaves_everything_due(city: City) -> None:
    class Full(Counted):
        def carry(self, raw: bytes) -> bytes:
            raise ServerRefused(507, "no room")

    with a_courier(city, 2) as (_, courier):
        with pytest.raises(ServerRefused):
            courier.deliver(Full(city), DUE)
        doors = Counted(city)
        assert courier.deliver(doors, DUE).done == 2


def test_a_hundred_small_requests_go_in_one_post_for_packed_together_they_are_less(
    city: City,
) -> None:
    with a_courier(city, 90) as (_, courier):
        doors = Counted(city)
        courier.deliver(doors, DUE)
        assert [len(each) for each in doors.carried] == [90]


def test_half_a_sparing_turn_is_durable_when_the_rest_fails(city: City) -> None:
    with a_courier(city, 30) as (_, courier):
        doors = Counted(city)
        doors.before = lambda raw: fail_after(doors, 1)
        courier._step.failed([])
        with pytest.raises(Unreachable):
            courier.deliver(doors, DUE)
        assert courier.state().waiting == 29


def fail_after(doors: Counted, posts: int) -> None:
    if len(doors.sent) >= posts:
        raise Unreachable("gone")


def test_a_breaking_link_gets_small_steps_and_nothing_that_nobody_waits_for(city: City) -> None:
    """Unless the person chose to spare, all of it goes; signed heads to hand on can wait."""

    class Rough(Counted):
        rough = True

    with a_courier(city) as (replica, courier):
        for number in range(40):
            collect(city, courier, number, os.urandom(1_200).hex())
        doors = Rough(city)
        app(replica, courier, doors, "all").once()
        assert courier.state().waiting == 0
        assert doors.bytes_up > LEAN_BYTES // 2
        own = len(doors.sent) - len(doors.carried)
        assert own == 1, "the own exchange, and no second one for heads"
