"""The budget of news: what is old leaves first, for good, and nothing else ever does."""

from __future__ import annotations

import time

import pytest

from client.services.appeals import Appeals
from client.services.budget import Budget
from client.services.desk import Desk
from client.services.errors import UnknownRecord
from client.services.guide import Guide, GuideDesk
from client.services.news import News, Newsroom
from client.services.replica import Replica
from client.storage.log import State
from shared_schema.records.news import Corrected, Published
from shared_schema.records.outage import Announced
from shared_schema.records.place import Listed
from shared_schema.records.trust import Granted
from tests.client.city import City, an_appeal, files_of
from tests.client.services.test_desk import publish_trust

HOUR_MS = 3600 * 1000
_COPIES = """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO changes (change_id, author, scope, seq, kind, kind_version, time, urgency, state,
        raw) SELECT randomblob(32), author, scope, seq + i, kind, kind_version, time, 0, 4, raw
        FROM changes, n WHERE kind = 769
"""
_COPIED = """
    INSERT INTO news SELECT c.id, substr(c.change_id, 1, 16), c.id, topic, district, priority,
        published_at_ms, changed_at_ms, expires_at_ms, corrections, withdrawn, note, 0, 1, 0
    FROM changes c, news WHERE c.kind = 769 AND c.id <> news.id
"""


def publish(city: City, count: int, office: Newsroom, text: str = "Текст новини") -> list[str]:
    """Items an hour apart, the oldest first; returns their records."""
    records = []
    for number in range(count):
        city.clock.now_ms += HOUR_MS
        records.append(office.publish(Published(f"Новина {number}", text)).record)
    return records


def with_news(city: City, reader: Replica, count: int = 6) -> list[str]:
    with city.profile("newsroom") as room:
        records = publish(city, count, Newsroom(room))
        city.exchange(room)
    city.exchange(reader)
    return records


def shown(replica: Replica) -> list[str]:
    return [view.record for view in News(replica).list(1000)]


def keep_half(replica: Replica) -> int:
    return Budget(replica).keep(Budget(replica).usage().news_bytes // 2)


def test_the_oldest_leave_first_and_only_as_many_as_must(city: City) -> None:
    with city.resident() as reader:
        records = with_news(city, reader)
        before = Budget(reader).usage()
        assert Budget(reader).keep(before.news_bytes) == 0
        assert keep_half(reader) == 3
        assert shown(reader) == records[:2:-1]
        after = Budget(reader).usage()
        assert after.news_bytes <= before.news_bytes // 2
        assert (before.news_count, after.news_count) == (6, 3)
        assert (after.own_bytes, after.other_bytes) == (before.own_bytes, before.other_bytes)
        assert after.file_bytes >= before.news_bytes
        with pytest.raises(UnknownRecord):
            News(reader).get(records[0])
        assert Budget(reader).keep(0) == 3
        assert Budget(reader).keep(0) == 0
        assert Budget(reader).usage().news_bytes == 0


def test_what_was_let_go_is_neither_found_nor_on_disk(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        publish(city, 1, Newsroom(room), "Хлюпотливий корнішон")
        city.exchange(room)
        city.exchange(reader)
        News(reader).mark_read(shown(reader)[0])
        assert len(News(reader).search("корнішон")) == 1
        Budget(reader).keep(0)
        assert News(reader).search("корнішон") == []
        assert reader.store.read("SELECT * FROM news_read") == []
        rows = reader.store.read("SELECT count(*) FROM news_fts WHERE news_fts MATCH 'корнішон'")
        assert rows == [(0,)]
        reader.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        assert "корнішон".encode("cp1251") not in files_of(reader.folder)


def test_an_alert_in_force_never_leaves_however_old(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        office = Newsroom(room)
        soon = city.clock.now_ms + 100 * HOUR_MS
        alert = office.publish(Published("Тривога", "Укриття", "", "", "urgent", soon))
        over = office.publish(
            Published("Відбій", "Було", "", "", "urgent", city.clock.now_ms + HOUR_MS)
        )
        withdrawn = office.publish(Published("Помилка", "Ні", "", "", "urgent"))
        office.withdraw(withdrawn.record)
        publish(city, 3, office)
        city.sign_alerts(room)
        city.exchange(reader)
        reader.clock = lambda: soon + 1  # a clock that runs ahead of the city's ends no alert
        assert Budget(reader).keep(0) == 5
        assert shown(reader) == [alert.record]
        assert over.record != alert.record


def test_own_news_places_and_private_threads_stay(city: City) -> None:
    with (
        city.profile("newsroom") as room,
        city.resident() as reader,
        city.profile("desk") as office,
    ):
        GuideDesk(room).list_place(Listed("Пункт незламності", "resilience"))
        now = city.clock.now_ms
        GuideDesk(room).announce(Announced("power", now, now + HOUR_MS, "Світло"))
        publish(city, 3, Newsroom(room))
        filed = Appeals(reader).file(an_appeal())
        for replica in (room, reader, office):
            city.exchange(replica)
        Desk(office).reply(filed.record, "Працюємо")
        city.exchange(office)
        city.exchange(reader)
        assert Budget(room).keep(0) == 0
        assert News(room).count() == 3
        assert Budget(reader).keep(0) == 3
        assert len(Guide(reader).places()) == len(Guide(reader).announcements()) == 1
        assert [line.text for line in Appeals(reader).get(filed.record).said] == ["Працюємо"]
        assert reader.roles() == set()
        assert reader.grants.role(room.device, "news") == "newsroom"


def test_what_does_not_count_pushes_nothing_out(city: City) -> None:
    with city.resident() as reader:
        records = with_news(city, reader)
        used = Budget(reader).usage()
        with reader.store.writing() as connection:  # much set aside, by whoever
            connection.execute(
                "INSERT INTO changes (change_id, author, scope, seq, kind, kind_version, time,"
                " urgency, state, raw) SELECT randomblob(32), 2, scope, 1, 769, 1, 1, 0, 5,"
                " zeroblob(30000) FROM changes WHERE kind = 769 LIMIT 1"
            )
        assert Budget(reader).keep(used.news_bytes) == 0
        assert shown(reader) == records[::-1]
        assert Budget(reader).usage().other_bytes == used.other_bytes + 30_000


def test_another_device_of_the_newsroom_keeps_what_it_had_a_hand_in(city: City) -> None:
    with city.profile("newsroom") as room, city.resident("second") as second:
        key = second.signer.public_key.hex()
        publish_trust(city, Granted(key, "newsroom", "news", "друга"))
        records = publish(city, 3, Newsroom(room))
        city.exchange(room)
        city.exchange(second)
        Newsroom(second).correct(records[0], Corrected("Новина", "Виправлено"))
        assert Budget(second).keep(0) == 2
        assert shown(second) == [records[0]]
        city.exchange(second)
        assert News(second).get(records[0]).text == "Виправлено"


def test_ten_thousand_items_leave_before_anybody_waits(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        text = " ".join(f"слово{number}" for number in range(30))
        (record,) = publish(city, 1, Newsroom(room), text)
        city.exchange(room)
        city.exchange(reader)
        with reader.store.writing() as connection:
            connection.execute(_COPIES, (10_000,))
            connection.execute(_COPIED)
        News(reader).index_pending()
        started = time.process_time()
        assert Budget(reader).keep(0) == 10_001
        assert time.process_time() - started < 1  # 0.3 s on a quiet machine
        assert record not in shown(reader)
        states = reader.store.read("SELECT count(*) FROM changes WHERE state = ?", (State.LET_GO,))
        assert states == [(10_001,)]
