"""The list of doors: where somebody has been, who is behind a door, and nobody else learns it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from client.services.appeals import Appeals
from client.services.backup import export_own
from client.services.courier.courier import Courier
from client.services.courier.types import Delivered
from client.services.errors import UnknownRecord
from client.services.guide import Guide, GuideDesk
from client.services.notes import Notes
from client.services.replica import Replica
from client.services.rounds.book import SENDERS_MAX, door_of, doors_of
from client.services.rounds.rounds import Rounds
from client.transports.http import Unreachable
from shared_schema.errors import PayloadError, TooLarge
from shared_schema.limits import (
    ROUND_HANDED_MAX,
    ROUND_STOPS_MAX,
    ROUND_WORDS_CHARS_MAX,
)
from shared_schema.records.outage import Scheduled
from shared_schema.records.place import Listed
from tests.client.city import City, an_appeal, files_of
from tests.client.rounds.fake_courier import FakeCourier, request

A, B = "aa" * 16, "bb" * 16
WEEK = ["+" * 48] * 7


def doors(rounds: Rounds) -> list[tuple[str, str]]:
    return [(stop.street, stop.building) for stop in rounds.view().stops]


def test_doors_stand_by_street_and_building_as_one_walks(rounds: Rounds) -> None:
    for door in (("вул. Садова", "10"), ("Лісова", "2"), ("вул. Садова", "9"), ("Садова", "9-А")):
        rounds.add(*door)
    assert doors(rounds) == [
        ("Лісова", "2"), ("вул. Садова", "9"), ("Садова", "9-А"), ("вул. Садова", "10"),
    ]  # fmt: skip


def test_a_door_is_on_the_list_once_however_it_is_written(rounds: Rounds) -> None:
    first = rounds.add("вул. Садова", "5 А")
    assert rounds.add("вулиця  садова", "5а") == first
    assert len(doors(rounds)) == 1


def test_marks_and_notes_stay_after_a_restart(rounds: Rounds, city: City, device: Replica) -> None:
    stop = rounds.add("Садова", "5")
    rounds.mark(stop, "come_back", "  після   шостої ")
    again = Rounds(Notes(device), FakeCourier(), Guide(device), device.clock)
    (view,) = again.view().stops
    assert (view.mark, view.note, view.marked_ms) == (
        "come_back", "після шостої", city.clock.now_ms,
    )  # fmt: skip
    again.mark(stop, "")
    assert rounds.view().stops[0].marked_ms == 0
    assert rounds.view().done == 0
    rounds.mark(stop, "visited")
    assert rounds.view().done == 1


def test_a_note_is_short_and_waits_for_nothing(rounds: Rounds) -> None:
    stop = rounds.add("Садова", "5")
    rounds.note(stop, "  код   24 " + "щ" * ROUND_WORDS_CHARS_MAX)
    (view,) = rounds.view().stops
    assert (view.note[:8], len(view.note)) == ("код 24 щ", ROUND_WORDS_CHARS_MAX)
    rounds.mark(stop, "nobody")
    assert rounds.view().stops[0].note == view.note, "a mark leaves it alone"
    rounds.note(stop, " ")
    assert rounds.view().stops[0].note == ""
    with pytest.raises(UnknownRecord):
        rounds.note("nowhere", "щось")


def test_a_note_and_a_mark_at_the_same_moment_are_both_kept(rounds: Rounds) -> None:
    stops = [rounds.add("Садова", str(number)) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for stop in stops:
            pool.submit(rounds.note, stop, f"про {stop}")
            pool.submit(rounds.mark, stop, "visited")
    assert {(view.note, view.mark) for view in rounds.view().stops} == {
        (f"про {stop}", "visited") for stop in stops
    }


def test_a_slip_is_missing_until_somebody_says_that_its_owner_has_it(device: Replica) -> None:
    waiting = [A]
    rounds = Rounds(Notes(device), FakeCourier(), Guide(device), device.clock, lambda: waiting)
    assert dict(rounds.view().light.missing) == {"slips": 1}
    assert rounds.view().slips == (A,)
    waiting.clear()
    assert rounds.view().light.green


def test_a_reply_that_was_not_handed_over_after_all_is_due_again(
    rounds: Rounds, courier: FakeCourier
) -> None:
    courier.here = [request(A, done=True, said=1), request(B, done=True, said=1)]
    rounds.handed([A, B])
    rounds.take_back([A])
    assert rounds.view().loose_replies == (A,)


def test_the_district_of_the_grant_fills_the_list(
    city: City, rounds: Rounds, device: Replica
) -> None:
    with city.profile("newsroom") as room:
        desk = GuideDesk(room)
        desk.schedule(Scheduled("power", "1.1", WEEK, ["Садова: 1-3, 24А", "Лісова"], "Центр"))
        desk.schedule(Scheduled("power", "1.2", WEEK, ["Польова: 1-9"], "Поділ"))
        desk.list_place(Listed("Укриття", "shelter", "вул. Садова, 3", "Центр"))
        desk.list_place(Listed("Школа", "shelter", "вул. Шкільна, 7", "Центр"))
        city.exchange(room)
    city.exchange(device)
    assert rounds.from_district("Центр") == 5
    assert doors(rounds) == [
        ("Садова", "1"), ("Садова", "2"), ("Садова", "3"), ("Садова", "24А"), ("вул. Шкільна", "7"),
    ]  # fmt: skip
    assert rounds.from_district("Центр") == 0


def test_what_comes_in_at_a_door_belongs_to_it(
    city: City, rounds: Rounds, courier: FakeCourier
) -> None:
    courier.here = [request("cc" * 16, came_ms=city.clock.now_ms - 9)]
    first, second = rounds.add("Садова", "5"), rounds.add("Садова", "7")
    rounds.stand_at(first)
    courier.here.append(request(A, came_ms=city.clock.now_ms))
    rounds.stand_at(second)
    courier.here.append(request(B, came_ms=city.clock.now_ms))
    rounds.mark(second, "visited")
    assert [stop.waiting for stop in rounds.view().stops] == [1, 1]
    assert rounds.view().here == ""
    courier.answer()
    assert [stop.replies for stop in rounds.view().stops] == [1, 1]
    assert rounds.view().loose_replies == ("cc" * 16,)
    assert rounds.senders_at(first) == [A]


def test_a_reply_is_handed_over_once_and_a_newer_one_again(
    rounds: Rounds, courier: FakeCourier
) -> None:
    stop = rounds.collected("вул. Садова, 5, кв. 3", A)
    courier.here = [request(A)]
    courier.answer()
    assert dict(rounds.view().light.missing) == {"replies": 1}
    assert rounds.view().done == 0, "somebody has to go there once more"
    assert rounds.handed(rounds.senders_at(stop)) == 1
    assert rounds.view().light.green
    assert rounds.view().done == 1
    courier.answer()
    assert rounds.view().light.green, "asked again, the city had nothing to add"
    courier.answer(2)
    assert dict(rounds.view().light.missing) == {"replies": 1}
    assert rounds.handed([B]) == 0


def test_handing_in_never_wipes_what_has_no_receipt_or_a_reply_that_is_due(
    rounds: Rounds, courier: FakeCourier
) -> None:
    courier.here = [
        request(A, done=True, said=1),
        request(B, done=True, said=1),
        request("cc" * 16),
    ]
    rounds.handed([B])
    done = rounds.hand_in(lambda: Delivered(3, 3, 1))
    gone = done.cleared
    assert (done.delivered, gone.requests, gone.kept) == (1, 1, 2)
    assert (gone.waiting, gone.owed, gone.lost) == (1, 1, 0)
    assert dict(rounds.view().light.missing) == {"carried": 1, "replies": 1}
    assert {each.sender for each in courier.here} == {A, "cc" * 16}


def test_replies_that_are_owed_are_wiped_only_by_who_says_so_and_is_told_of_how_many(
    rounds: Rounds, courier: FakeCourier
) -> None:
    waiting = request("cc" * 16)
    courier.here = [
        request(A, done=True, said=1),
        request(A, done=True, number=2),
        request(B, done=True, said=2),
        waiting,
    ]
    kept = rounds.clear()
    assert (kept.requests, kept.kept, kept.waiting, kept.owed, kept.lost) == (0, 4, 1, 2, 0)
    wiped = rounds.clear(replies_too=True)
    assert (wiped.requests, wiped.kept, wiped.waiting, wiped.owed, wiped.lost) == (3, 1, 1, 0, 2)
    assert courier.here == [waiting], "what has no receipt stays, whatever is asked"


def test_a_newer_word_than_was_handed_over_is_owed_again(
    rounds: Rounds, courier: FakeCourier
) -> None:
    courier.here = [request(A, done=True, said=1)]
    rounds.handed([A])
    courier.answer(2)
    assert (rounds.clear().owed, len(courier.here)) == (1, 1)
    rounds.handed([A])
    assert (rounds.clear().requests, courier.here) == (1, [])


def test_a_city_that_cannot_be_reached_wipes_nothing(rounds: Rounds, courier: FakeCourier) -> None:
    def broken() -> Delivered:
        raise Unreachable("no network")

    courier.here = [request(A, done=True, said=1)]
    rounds.handed([A])
    with pytest.raises(Unreachable):
        rounds.hand_in(broken)
    assert len(courier.here) == 1


def test_a_door_that_is_taken_off_leaves_its_reply_on_the_list(
    rounds: Rounds, courier: FakeCourier
) -> None:
    stop = rounds.collected("Садова 5", A)
    courier.here = [request(A, done=True, said=1)]
    rounds.remove(stop)
    assert rounds.view().stops == ()
    assert rounds.view().loose_replies == (A,)
    assert not rounds.view().light.green
    rounds.forget()
    assert not rounds.view().light.green


def test_the_round_is_on_no_disk_in_clear(rounds: Rounds, device: Replica) -> None:
    stop = rounds.add("Незвичайна", "117")
    rounds.mark(stop, "nobody", "собака гавкає")
    everything = files_of(device.folder)
    for word in ("Незвичайна", "собака гавкає", "nobody"):
        for charset in ("utf-8", "cp1251", "utf-16-le"):
            assert word.encode(charset) not in everything, word
    rows = device.store.rows("SELECT name FROM sealed_notes")
    assert rows == [("round",)], "how many doors there are shows in no name"


def test_a_round_is_in_nothing_that_leaves_the_device(rounds: Rounds, device: Replica) -> None:
    """Neither in what a courier hands on nor in clear in a backup: a door is nobody's business."""
    stop = rounds.add("Незвичайна", "117")
    rounds.note(stop, "собака гавкає")
    Appeals(device).file(an_appeal())
    given = b"".join(Courier(device).give())
    backup = export_own(device, "сім кошенят їдуть")
    for word in ("Незвичайна", "собака гавкає", stop):
        for charset in ("utf-8", "cp1251"):
            assert word.encode(charset) not in given
            assert word.encode(charset) not in backup


def test_the_list_has_an_end_and_fits_into_its_note(rounds: Rounds) -> None:
    long = "щ" * ROUND_WORDS_CHARS_MAX
    book = rounds._book
    for stop in book.add((long, f"{number} {'щ' * 16}") for number in range(ROUND_STOPS_MAX)):
        book.change(
            stop.id, mark="visited", note=long, marked_ms=2**48, senders=["a" * 32] * SENDERS_MAX
        )
    book.hand({f"{number:064x}": 2**48 for number in range(2 * ROUND_HANDED_MAX)})
    with pytest.raises(TooLarge):
        rounds.add("Ще одна", "1")
    assert len(rounds.view().stops) == ROUND_STOPS_MAX


@pytest.mark.parametrize("door", [("", "5"), ("щ" * 121, "5"), ("Садова", "5" * 21)])
def test_no_door_without_a_street(rounds: Rounds, door: tuple[str, str]) -> None:
    with pytest.raises(PayloadError):
        rounds.add(*door)
    with pytest.raises(UnknownRecord):
        rounds.mark("nowhere", "visited")


@pytest.mark.parametrize(
    ("address", "door"),
    [
        ("вул. Садова, 5, кв. 3", ("вул. Садова", "5")),
        ("Садова 5-А", ("Садова", "5-А")),
        ("Садова", ("Садова", "")),
        ("вул. 8 Березня, 12", ("вул. 8 Березня", "12")),
    ],
)
def test_an_address_as_people_write_it_has_a_door(address: str, door: tuple[str, str]) -> None:
    assert door_of(address) == door


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("Садова: 1-3, 24", ["1", "2", "3", "24"]),
        ("Садова", []),
        ("Садова: 5-А, 1-99999, 3-1", ["5-А", "1-99999", ]),
    ],
)  # fmt: skip
def test_a_schedule_s_streets_have_doors(entry: str, found: list[str]) -> None:
    assert [building for _, building in doors_of(entry)] == found
