"""The guide: places and schedules, believed only from the newsroom, the same on every device."""

from __future__ import annotations

import pytest

from client.services.errors import NotAllowed, UnknownRecord
from client.services.exchange import Exchange
from client.services.guide import Guide, GuideDesk
from client.services.news import News
from client.services.replica import Replica
from shared_schema.crypto.signing import Signer
from shared_schema.ids import scope_id
from shared_schema.records.kinds import BY_PAYLOAD, encode_payload
from shared_schema.records.outage import Announced, Rescheduled, Scheduled
from shared_schema.records.place import Confirmed, Listed, Updated
from shared_schema.records.trust import Granted, Revoked, fold_trust
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, finish, header_of
from shared_schema.sync.compose import compose_request
from shared_schema.sync.receive import Arrival
from shared_schema.sync.run import Entry
from tests.client.city import City
from tests.client.services.test_desk import publish_trust
from tests.client.services.test_news import smuggle

HOUR_MS = 3_600_000
ORDER = "SELECT change_id FROM changes WHERE kind >= 1280 ORDER BY id"
WEEK = ["+" * 24 + "-" * 24] * 7
CELLAR = Listed(
    "Укриття в ліцеї", "shelter", "вул. Садова, 5", "Центр", 4_669_750, 3_249_940, "24/7",
    "Вхід із двору", "0 800 30 14 14", ["charging", "shelter"], "Олена",
)  # fmt: skip


def names(replica: Replica) -> list[str]:
    return [place.name for place in Guide(replica).places()]


def travel(city: City, *replicas: Replica) -> None:
    for replica in replicas:
        city.exchange(replica)


def test_a_place_reaches_a_resident_with_all_that_it_says(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        record = GuideDesk(room).list_place(CELLAR)
        assert Guide(room).place(record).pending
        travel(city, room, reader)
        assert not Guide(room).place(record).pending
        (place,) = Guide(reader).places()
        assert place == Guide(reader).place(record) == Guide(room).place(record)
        assert (place.name, place.sort, place.district) == ("Укриття в ліцеї", "shelter", "Центр")
        assert place.serves == ("shelter", "charging")
        assert (place.position, place.hours) == ((4_669_750, 3_249_940), "24/7")
        assert (place.condition, place.confirmed_by) == ("open", "Олена")
        assert place.confirmed_at_ms == city.clock.now_ms


def test_a_place_without_coordinates_has_no_position(city: City) -> None:
    with city.profile("newsroom") as room:
        GuideDesk(room).list_place(Listed("Десь", "water"))
        GuideDesk(room).list_place(Listed("Нуль", "water", lat_e5=0, lon_e5=0))
        assert [place.position for place in Guide(room).places()] == [None, (0, 0)]


def test_a_place_is_said_again_confirmed_and_removed(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        desk = GuideDesk(room)
        record = desk.list_place(CELLAR)
        travel(city, room, reader)
        city.clock.now_ms += HOUR_MS
        until = city.clock.now_ms + HOUR_MS
        desk.confirm(record, Confirmed("empty", "Іван", "Вода буде о 14:00", until))
        travel(city, room, reader)
        place = Guide(reader).place(record)
        assert (place.condition, place.condition_note) == ("empty", "Вода буде о 14:00")
        assert (place.confirmed_by, place.confirmed_at_ms) == ("Іван", city.clock.now_ms)
        assert not place.stale(until - 1)
        assert place.stale(until)
        city.clock.now_ms += HOUR_MS
        desk.update(record, Updated("Укриття в школі", "shelter"))
        travel(city, room, reader)
        place = Guide(reader).place(record)
        assert (place.name, place.condition) == ("Укриття в школі", "open")
        assert (place.address, place.position, place.serves) == ("", None, ("shelter",))
        assert not place.stale(2**52)
        desk.remove(record, "Зачинено назавжди")
        travel(city, room, reader)
        for replica in (room, reader):
            assert Guide(replica).places() == ()
            with pytest.raises(UnknownRecord):
                Guide(replica).place(record)


def test_places_stand_by_name_whatever_the_case(city: City) -> None:
    with city.profile("newsroom") as room:
        for name in ("аптека", "Бювет", "АПТЕКА 2", "Ґанок"):
            GuideDesk(room).list_place(Listed(name, "water"))
        assert names(room) == sorted(names(room), key=str.casefold)
        assert names(room)[:3] == ["аптека", "АПТЕКА 2", "Бювет"]


def test_schedules_and_exceptions_reach_a_resident(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        desk, now = GuideDesk(room), city.clock.now_ms
        water = desk.schedule(Scheduled("water", "1", WEEK))
        second = desk.schedule(Scheduled("power", "3.2", WEEK, ["вул. Садова: 1-19"]))
        desk.schedule(Scheduled("power", "3.1", WEEK, district="Центр"))
        later = desk.announce(Announced("power", now + HOUR_MS, now + 2 * HOUR_MS, "Ремонт"))
        desk.announce(Announced("water", now, now + HOUR_MS, "Прорив", ["1"]))
        travel(city, room, reader)
        for replica in (room, reader):
            told = [(each.utility, each.queue) for each in Guide(replica).schedules()]
            assert told == [("power", "3.1"), ("power", "3.2"), ("water", "1")]
            titles = [each.announced.title for each in Guide(replica).announcements()]
            assert titles == ["Прорив", "Ремонт"]
        city.clock.now_ms += 1_000
        desk.reschedule(second, Rescheduled("power", "3.2", ["-" * 48] * 7))
        desk.cancel(water, "Полагодили")
        desk.cancel(later)
        travel(city, room, reader)
        first, changed = Guide(reader).schedules()
        assert (first.queue, changed.queue) == ("3.1", "3.2")
        assert (changed.scheduled.week[0], changed.scheduled.streets) == ("-" * 48, [])
        assert (changed.record, changed.changed_at_ms) == (second, city.clock.now_ms)
        assert [each.announced.title for each in Guide(reader).announcements()] == ["Прорив"]


def test_places_are_no_news_and_news_are_no_places(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        GuideDesk(room).list_place(CELLAR)
        GuideDesk(room).schedule(Scheduled("power", "1", WEEK))
        travel(city, room, reader)
        assert News(reader).count() == 0
        assert News(reader).search("укриття") == []
        assert len(Guide(reader).places()) == len(Guide(reader).schedules()) == 1


def test_a_change_by_another_process_is_seen(city: City) -> None:
    with city.profile("newsroom") as app:
        guide = Guide(app)
        assert guide.places() == ()
        with city.profile("newsroom") as command_line:
            record = GuideDesk(command_line).list_place(CELLAR)
        assert [place.record for place in guide.places()] == [record]
        with city.profile("newsroom") as command_line:
            city.exchange(command_line)
        assert not guide.place(record).pending
        with city.profile("newsroom") as command_line:
            GuideDesk(command_line).remove(record)
        assert guide.places() == ()


def test_what_has_not_changed_is_not_folded_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.profile("newsroom") as room:
        GuideDesk(room).list_place(CELLAR)
        guide = Guide(room)
        before = guide.places()
        monkeypatch.setattr("client.services.guide.decode", lambda raw: pytest.fail("read again"))
        assert guide.places() is before
        assert guide.schedules() == ()


def test_a_residents_device_cannot_publish(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        record = GuideDesk(room).list_place(CELLAR)
        travel(city, room, reader)
        desk = GuideDesk(reader)
        acts = (
            lambda: desk.list_place(CELLAR),
            lambda: desk.update(record, Updated("Інше", "water")),
            lambda: desk.confirm(record, Confirmed("closed")),
            lambda: desk.remove(record),
            lambda: desk.schedule(Scheduled("power", "1", WEEK)),
            lambda: desk.announce(Announced("power", 0, 1, "Ні")),
            lambda: desk.cancel(record),
        )
        for act in acts:
            with pytest.raises(NotAllowed):
                act()
        assert reader.store.read("SELECT count(*) FROM changes WHERE author = 1") == [(0,)]


@pytest.mark.parametrize("record", ["00" * 16, "не шістнадцяткове", ""])
def test_going_on_with_an_unknown_record_is_one_clear_error(city: City, record: str) -> None:
    with city.resident() as reader, pytest.raises(UnknownRecord):
        Guide(reader).place(record)


def listed_by(city: City, author: Signer, name: str) -> Change:
    kind = BY_PAYLOAD[Listed]
    place = Place(scope_id(city.card.city, "news"), 1, NO_PREV, city.clock.now_ms << 16)
    header = header_of(author.device, place, Draft(kind.number, kind.version, None, False))
    return finish(author, header, encode_payload(Listed(name, "water"), sealed=False))


def test_the_server_takes_no_place_from_a_resident(city: City) -> None:
    stranger, _ = Signer.generate()
    change = listed_by(city, stranger, "Пастка")
    entry = Entry(
        0, 0, stranger.public_key, stranger.device, change.scope, change.seq, change.id, change.raw
    )
    city.service.handle(compose_request(stranger, [], [entry]).raw)
    with city.resident() as reader:
        city.exchange(reader)
        assert Guide(reader).places() == ()


def test_a_place_that_a_hostile_server_slips_in_does_not_count_until_granted(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger, _ = Signer.generate()
    change = listed_by(city, stranger, "Пастка")
    arrival = Arrival("news", 0, city.clock.now_ms, stranger.public_key, change)
    with city.resident() as reader:
        guide = Guide(reader)
        smuggle(monkeypatch, arrival, reader, city)
        assert guide.places() == ()
        publish_trust(city, Granted(stranger.public_key.hex(), "newsroom", "news", "нова"))
        city.exchange(reader)
        assert [place.name for place in guide.places()] == ["Пастка"]
        publish_trust(city, Revoked(stranger.device.hex(), "newsroom", "news", last_seq=0))
        city.exchange(reader)
        assert guide.places() == ()


def test_what_a_revoked_newsroom_said_after_the_cut_is_gone_everywhere(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        desk = GuideDesk(room)
        desk.list_place(Listed("Бювет", "water"))
        trap = desk.list_place(Listed("Пастка", "shelter"))
        desk.schedule(Scheduled("power", "1", WEEK))
        travel(city, room, reader)
        guides = Guide(reader), Guide(room)
        assert [len(guide.places()) for guide in guides] == [2, 2]
        publish_trust(city, Revoked(room.device.hex(), "newsroom", "news", last_seq=1))
        travel(city, room, reader)
        for guide in guides:
            assert [place.name for place in guide.places()] == ["Бювет"]
            assert guide.schedules() == ()
            with pytest.raises(UnknownRecord):
                guide.place(trap)
        with pytest.raises(NotAllowed):
            desk.confirm(trap, Confirmed("open"))


def test_what_the_city_refused_of_the_guide_counts_no_more(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.profile("newsroom") as room:
        GuideDesk(room).list_place(CELLAR)
        assert names(room) == [CELLAR.name]
        with monkeypatch.context() as patch:  # a server that has lost its grants
            patch.setattr("sync_server.policy.GrantBook.grants", fold_trust(()))
            assert city.exchange(room).refused[0][1] == "not_allowed"
        assert names(room) == []


def test_two_devices_that_pulled_in_another_order_show_the_same(city: City) -> None:
    with city.profile("newsroom") as room:
        desk = GuideDesk(room)
        records = [desk.list_place(Listed(f"Місце {n}", "water")) for n in range(4)]
        for condition in ("closed", "empty"):
            city.clock.now_ms += 1_000
            for record in records[:2]:
                desk.confirm(record, Confirmed(condition))
        desk.remove(records[3])
        city.exchange(room)
        with city.resident("a") as early, city.resident("b") as late:
            city.exchange(early)
            for piece in (1, 2, 4):  # newest first, so the rows of this log go the other way
                Exchange(late, city.transport(), news_max=piece, rounds_max=1).once()
            assert city.exchange(late).complete
            assert early.store.read(ORDER) != late.store.read(ORDER)
            assert Guide(early).places() == Guide(late).places() == Guide(room).places()
            assert [p.condition for p in Guide(late).places()] == ["empty", "empty", "open"]
