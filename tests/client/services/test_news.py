"""News: read offline, searched, and believed only from the newsroom."""

from __future__ import annotations

import pytest

from client.services.errors import NotAllowed, UnknownRecord
from client.services.exchange import Exchange
from client.services.news import News, Newsroom
from client.services.replica import Replica
from shared_schema.crypto.signing import Signer
from shared_schema.ids import scope_id
from shared_schema.records.kinds import BY_NUMBER, BY_PAYLOAD, encode_payload
from shared_schema.records.news import Corrected, Published
from shared_schema.records.trust import Granted, Revoked, fold_trust
from shared_schema.sync import receive
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, finish, header_of
from shared_schema.sync.receive import Answer, Arrival
from tests.client.city import City
from tests.client.services.test_desk import publish_trust

DAY_MS = 24 * 3600 * 1000


def test_news_travel_and_can_be_corrected_and_withdrawn(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        office = Newsroom(room)
        item = office.publish(Published("Вода", "Води не буде до вечора.", "вода", "Центр"))
        assert item.pending
        assert News(room).list()[0].pending
        city.exchange(room)
        assert not News(room).get(item.record).pending
        city.exchange(reader)
        (read,) = News(reader).list()
        assert (read.title, read.text, read.topic) == ("Вода", "Води не буде до вечора.", "вода")
        assert (read.corrections, read.withdrawn, read.pending) == (0, False, False)
        office.correct(item.record, Corrected("Вода", "Вода буде опівдні.", "вода", "Центр"))
        city.exchange(room)
        city.exchange(reader)
        (read,) = News(reader).list()
        assert (read.text, read.corrections) == ("Вода буде опівдні.", 1)
        assert [found.record for found in News(reader).search("опівдні")] == [item.record]
        assert News(reader).search("вечора") == []
        office.withdraw(item.record, "Помилка")
        city.exchange(room)
        city.exchange(reader)
        (read,) = News(reader).list()
        assert (read.withdrawn, read.note, News(reader).count()) == (True, "Помилка", 1)


def test_urgent_items_in_force_come_first_then_the_newest(city: City) -> None:
    with city.profile("newsroom") as room:
        office = Newsroom(room)
        soon = city.clock.now_ms + DAY_MS
        office.publish(Published("Термінове", "Укриття відкрито.", "", "", "urgent", soon))
        city.sign_alerts(room)
        for number in range(4):
            city.clock.now_ms += 1000
            office.publish(
                Published(f"Новина {number}", "Текст", district=("", "Центр")[number % 2])
            )
        titles = [view.title for view in News(room).list()]
        assert titles == ["Термінове", "Новина 3", "Новина 2", "Новина 1", "Новина 0"]
        assert [view.title for view in News(room).list(2, 1)] == titles[1:3]
        assert [view.title for view in News(room).list(2, 4)] == titles[4:]
        elsewhere = [view.title for view in News(room).list(district="Заріччя")]
        assert elsewhere == ["Термінове", "Новина 2", "Новина 0"]
        city.clock.now_ms = soon
        assert [view.title for view in News(room).list()][-1] == "Термінове"
        assert News(room).list()[-1].expired(soon)
        assert not News(room).list()[-1].expired(soon - 1)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("водопостачання", True),
        ("ВОДОПОСТАЧАННЮ", True),  # another case of the word, in capitals
        ("п'ять", True),
        ("п’ять", True),
        ("вод", True),
        ("ремонт вод", True),
        ("трамвай", False),
        ("«»!?", False),
        ('" OR title:*', False),
        ("NEAR(", False),
    ],
)
def test_search_finds_words_as_people_write_them(city: City, query: str, found: bool) -> None:
    with city.profile("newsroom") as room:
        Newsroom(room).publish(Published("Ремонт", "П’ять днів без водопостачання на Садовій."))
        assert News(room).index_pending() == 1
        assert News(room).index_pending() == 0
        assert bool(News(room).search(query)) is found


def test_only_the_newsroom_publishes(city: City) -> None:
    with city.resident() as reader:
        with pytest.raises(NotAllowed):
            Newsroom(reader).publish(Published("Чутка", "Кажуть"))
        with pytest.raises(UnknownRecord):
            News(reader).get("00" * 16)


def news_change(city: City, author: Signer, title: str) -> Change:
    kind = BY_PAYLOAD[Published]
    place = Place(scope_id(city.card.city, "news"), 1, NO_PREV, city.clock.now_ms << 16)
    header = header_of(author.device, place, Draft(kind.number, kind.version, None, False))
    return finish(author, header, encode_payload(Published(title, "Текст"), sealed=False))


def smuggle(
    monkeypatch: pytest.MonkeyPatch, arrival: Arrival, replica: Replica, city: City
) -> None:
    """Let a reply carry one more arrival, as a hostile server could."""
    real = receive.read_reply

    def read_reply(*arguments: object) -> Answer:
        answer = real(*arguments)  # type: ignore[arg-type]
        return answer._replace(arrivals=(*answer.arrivals, arrival))

    with monkeypatch.context() as hostile:
        hostile.setattr("client.services.exchange.read_reply", read_reply)
        Exchange(replica, city.transport(), rounds_max=1).once()


def test_news_by_a_stranger_is_kept_but_not_shown_until_granted(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger, _ = Signer.generate()
    change = news_change(city, stranger, "Підробка")
    with city.resident() as reader:
        arrival = Arrival("news", 0, city.clock.now_ms, stranger.public_key, change)
        smuggle(monkeypatch, arrival, reader, city)
        assert News(reader).list() == []
        assert reader.store.read("SELECT state FROM changes WHERE kind = 769") == [(5,)]
        publish_trust(city, Granted(stranger.public_key.hex(), "newsroom", "news", "нова"))
        city.exchange(reader)
        assert [view.title for view in News(reader).list()] == ["Підробка"]
        publish_trust(city, Revoked(stranger.device.hex(), "newsroom", "news", last_seq=0))
        city.exchange(reader)
        assert News(reader).list() == []
        assert News(reader).search("Підробка") == []


def test_a_revoked_newsroom_shows_its_own_news_as_everybody_does(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        office = Newsroom(room)
        kept = office.publish(Published("Вода", "Вода є."))
        cut = office.publish(Published("Підробка", "Такого не було."))
        city.exchange(room)
        office.correct(kept.record, Corrected("Вода", "Води немає."))
        refused = office.publish(Published("Запізно", "Цього вже не візьмуть."))
        publish_trust(city, Revoked(room.device.hex(), "newsroom", "news", last_seq=1))
        result = city.exchange(room)
        city.exchange(reader)
        assert result.refused == ((kept.record, "not_allowed"), (refused.record, "not_allowed"))
        assert [view.record for view in News(reader).list()] == [kept.record]
        assert News(room).list() == News(reader).list()
        assert News(room).search("Підробка") == News(room).search("Запізно") == []
        with pytest.raises(UnknownRecord):
            News(room).get(cut.record)
        assert [(each.kind, each.text) for each in office.refusals()] == [
            ("news.corrected", "Вода\n\nВоди немає."),
            ("news.published", "Запізно\n\nЦього вже не візьмуть."),
        ]


def test_news_that_was_refused_is_news_no_more_but_its_text_stays(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.profile("newsroom") as room:
        office = Newsroom(room)
        office.publish(Published("Вода", "Вода є."))
        with monkeypatch.context() as patch:  # a server that has lost its grants
            patch.setattr("sync_server.policy.GrantBook.grants", fold_trust(()))
            assert city.exchange(room).refused[0][1] == "not_allowed"
        assert News(room).list() == []
        (refusal,) = office.refusals()
        assert (refusal.reason, refusal.text) == ("not_allowed", "Вода\n\nВода є.")


def test_news_of_one_millisecond_stand_in_the_order_of_the_city_everywhere(city: City) -> None:
    year_ms = 365 * DAY_MS
    with city.profile("newsroom") as room, city.resident() as early, city.resident("late") as late:
        for number in range(6):
            city.clock.now_ms += year_ms  # this clock runs ahead; all count as the receipt's time
            Newsroom(room).publish(Published(f"Новина {number}", "Текст"))
            city.clock.now_ms -= year_ms
        city.exchange(room)
        city.exchange(early)
        for piece in (1, 1, 4):  # newest first, so the rows of this log go the other way
            Exchange(late, city.transport(), news_max=piece, rounds_max=1).once()
        titles = [f"Новина {number}" for number in reversed(range(6))]
        for replica in (room, early, late):
            assert [view.title for view in News(replica).list()] == titles
            assert [view.title for view in News(replica).search("новина")] == titles


def test_a_newer_kind_is_kept_and_counts_once_it_is_known(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.profile("newsroom") as room:
        room_signer = room.signer
    change = news_change(city, room_signer, "Нове")
    arrival = Arrival("news", 0, city.clock.now_ms, room_signer.public_key, change)
    with city.resident() as reader, monkeypatch.context() as older:
        older.delitem(BY_NUMBER, (0x0301, 1))  # an app that does not know this kind
        smuggle(older, arrival, reader, city)
        assert News(reader).list() == []
    with city.resident() as reader:
        assert [view.title for view in News(reader).list()] == ["Нове"]


def test_a_change_in_a_feed_of_another_scope_is_not_kept(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger, _ = Signer.generate()
    change = news_change(city, stranger, "Не туди")
    with city.resident() as reader:
        before = reader.store.read("SELECT count(*) FROM changes")
        for feed in ("trust", "mail", "queue/general", "казна-що"):
            arrival = Arrival(feed, 0, 0, stranger.public_key, change)
            smuggle(monkeypatch, arrival, reader, city)
        assert reader.store.read("SELECT count(*) FROM changes") == before


def test_a_newsroom_clock_that_runs_ahead_counts_as_the_receipt(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        server_now = city.clock.now_ms
        city.clock.now_ms += 3650 * DAY_MS
        item = Newsroom(room).publish(Published("З майбутнього", "Текст"))
        city.clock.now_ms = server_now
        city.exchange(room)
        city.exchange(reader)
        assert News(reader).get(item.record).published_at_ms == server_now


def test_the_newest_come_first_and_the_rest_is_backfilled(city: City) -> None:
    with city.profile("newsroom") as room:
        for number in range(30):
            Newsroom(room).publish(Published(f"Новина {number}", "Текст"))
        city.exchange(room)
    with city.resident() as reader:
        first = Exchange(reader, city.transport(), news_max=10, rounds_max=1).once()
        assert not first.complete
        assert [view.title for view in News(reader).list(1)] == ["Новина 29"]
        assert News(reader).count() == 10
        assert city.exchange(reader).complete
        assert News(reader).count() == 30
        assert city.exchange(reader).pulled == 0
