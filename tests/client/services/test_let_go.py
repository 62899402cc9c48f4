"""News that was let go stays gone: later words, grants, repairs and the doctor cope with it."""

from __future__ import annotations

import sqlite3

import pytest

from client.services.appeals import Appeals
from client.services.budget import Budget
from client.services.inspect import Level, examine
from client.services.news import News, Newsroom
from client.services.rescue import export, rebuild
from client.storage import feeds
from client.storage.feeds import Feed
from shared_schema.records.news import Corrected
from shared_schema.records.trust import Granted, Revoked
from tests.client.city import City, an_appeal
from tests.client.services.test_budget import keep_half, publish, shown, with_news
from tests.client.services.test_desk import publish_trust


def test_what_comes_later_about_an_item_that_left_shows_no_half_of_it(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        office = Newsroom(room)
        corrected, withdrawn = publish(city, 2, office)
        city.exchange(room)
        city.exchange(reader)
        assert Budget(reader).keep(0) == 2
        office.correct(corrected, Corrected("Новина", "Нові слова"))
        office.withdraw(withdrawn, "Помилка")
        city.exchange(room)
        assert city.exchange(reader).pulled == 2
        assert News(reader).list() == News(reader).search("слова") == []
        assert Budget(reader).usage().news_bytes > 0
        assert Budget(reader).keep(0) == 0
        assert Budget(reader).usage().news_bytes == 0
        office.correct(corrected, Corrected("Новина", "Ще новіші"))
        city.exchange(room)
        city.exchange(reader)
        assert News(reader).list() == []


def test_a_revocation_and_a_new_grant_leave_the_gone_alone(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        records = publish(city, 4, Newsroom(room))
        city.exchange(room)
        city.exchange(reader)
        assert keep_half(reader) == 2
        publish_trust(city, Revoked(room.device.hex(), "newsroom", "news", last_seq=3))
        city.exchange(reader)
        assert shown(reader) == [records[2]]
        key = room.signer.public_key.hex()
        publish_trust(city, Granted(key, "newsroom", "news", "знову"))
        city.exchange(reader)
        assert records[0] not in shown(reader)
        assert Budget(reader).keep(0) >= 1


def test_a_feed_that_starts_again_brings_nothing_back(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    restarted: list[str] = []
    real = feeds.start_again

    def start_again(connection: sqlite3.Connection, feed: Feed) -> None:
        restarted.append(feed.name)
        real(connection, feed)

    monkeypatch.setattr(feeds, "start_again", start_again)
    with city.resident() as reader:
        records = with_news(city, reader)
        assert keep_half(reader) == 3
        with reader.store.writing() as connection:
            sql = "UPDATE feeds SET digest = zeroblob(length(digest)) WHERE name = 'news'"
            connection.execute(sql)
        with city.profile("newsroom") as room:
            records += publish(city, 1, Newsroom(room))
            city.exchange(room)
        assert city.exchange(reader).complete
        assert restarted == ["news"]
        (diverged,) = reader.store.read("SELECT diverged FROM feeds WHERE name = 'news'")
        assert diverged == (0,)
        assert shown(reader) == records[:2:-1]
        assert city.exchange(reader).pulled == 0
        folder = reader.folder
    report = examine(folder, city.clock)
    assert report.sound
    assert {each.level for each in report.findings if each.topic.startswith("feed")} == {Level.OK}


def test_a_profile_that_let_news_go_can_be_opened_exported_and_rebuilt(city: City) -> None:
    with city.resident() as reader:
        with_news(city, reader)
        Appeals(reader).file(an_appeal())
        assert Budget(reader).keep(0) == 6
        folder = reader.folder
    report = examine(folder, city.clock)
    assert report.sound
    assert report.waiting == 1
    assert export(folder, folder.parent / "rescued.jsonl") == report.readable
    with rebuild(folder, clock=city.clock) as reader:
        assert len(Appeals(reader).list()) == 1
        assert News(reader).list() == []
        assert city.exchange(reader).complete
        assert Budget(reader).keep(0) == 6
