"""What of the news is shown to whom: districts, topics, what was read, what is urgent now."""

from __future__ import annotations

import pytest

from client.services.errors import UnknownRecord
from client.services.news import News, Newsroom
from client.services.replica import Replica
from shared_schema.records.news import Corrected, Priority, Published
from tests.client.city import City

DAY_MS = 24 * 3600 * 1000


def publish(
    city: City,
    room: Replica,
    title: str,
    topic: str = "",
    district: str = "",
    priority: Priority = "normal",
    expires_at_ms: int = 0,
) -> str:
    city.clock.now_ms += 1_000
    item = Published(title, "Текст", topic, district, priority, expires_at_ms)
    return Newsroom(room).publish(item).record


def listed(replica: Replica, **filters: object) -> list[str]:
    return [view.title for view in News(replica).list(**filters)]  # type: ignore[arg-type]


def found(replica: Replica, text: str, **filters: object) -> list[str]:
    return [view.title for view in News(replica).search(text, **filters)]  # type: ignore[arg-type]


@pytest.fixture
def seven(city: City) -> None:
    """A newsroom with seven items, and everything in the search index."""
    with city.profile("newsroom") as replica:
        publish(city, replica, "Вода всюди", "Вода")
        publish(city, replica, "Вода в Центрі", "Вода", "Центр")
        publish(city, replica, "Вода на Подолі", "Вода", "Поділ")
        publish(city, replica, "Світло в Центрі", "Світло", "Центр")
        publish(city, replica, "Світло всюди", "Світло")
        publish(city, replica, "Тривога в Центрі", "", "Центр", "urgent")
        publish(city, replica, "Тривога на Подолі", "", "Поділ", "urgent")
        city.sign_alerts(replica)
        News(replica).index_pending()


@pytest.mark.usefixtures("seven")
def test_a_district_leaves_out_what_is_only_for_others(city: City) -> None:
    with city.profile("newsroom") as replica:
        assert listed(replica, district="Центр") == [
            "Тривога в Центрі", "Світло всюди", "Світло в Центрі", "Вода в Центрі", "Вода всюди",
        ]  # fmt: skip
        assert listed(replica, district="Слобідка") == ["Світло всюди", "Вода всюди"]
        assert len(listed(replica, district=None)) == len(listed(replica, district="")) == 7


@pytest.mark.usefixtures("seven")
def test_a_topic_leaves_out_the_others(city: City) -> None:
    with city.profile("newsroom") as replica:
        assert listed(replica, topic="Світло") == ["Світло всюди", "Світло в Центрі"]
        assert listed(replica, topic="Світло", district="Поділ") == ["Світло всюди"]
        assert listed(replica, topic="Транспорт") == []


@pytest.mark.usefixtures("seven")
def test_pages_of_a_filtered_list_neither_repeat_nor_skip(city: City) -> None:
    with city.profile("newsroom") as replica:
        whole = listed(replica, district="Центр")
        pages = [listed(replica, limit=2, offset=at, district="Центр") for at in (0, 2, 4, 6)]
        assert [title for page in pages for title in page] == whole
        assert pages[-1] == []


@pytest.mark.usefixtures("seven")
def test_a_search_narrows_by_the_same_filters(city: City) -> None:
    with city.profile("newsroom") as replica:
        assert found(replica, "вода") == ["Вода на Подолі", "Вода в Центрі", "Вода всюди"]
        assert found(replica, "вода", district="Центр") == ["Вода в Центрі", "Вода всюди"]
        assert found(replica, "центрі", topic="Світло") == ["Світло в Центрі"]
        assert found(replica, "текст", limit=2) == ["Тривога на Подолі", "Тривога в Центрі"]
        News(replica).mark_read(News(replica).search("подолі", topic="Вода")[0].record)
        assert found(replica, "вода", unread=True) == ["Вода в Центрі", "Вода всюди"]


@pytest.mark.usefixtures("seven")
def test_what_was_opened_counts_as_read_here_and_after_a_restart(city: City) -> None:
    with city.profile("newsroom") as replica:
        news = News(replica)
        record = news.list(topic="Світло")[0].record
        assert not news.get(record).read
        news.mark_read(record)
        news.mark_read(record)
        assert news.get(record).read
    with city.profile("newsroom") as replica:
        assert [view.record for view in News(replica).list() if view.read] == [record]
        assert listed(replica, topic="Світло", unread=True) == ["Світло в Центрі"]


@pytest.mark.usefixtures("seven")
def test_what_one_device_read_is_nobody_elses_business(city: City) -> None:
    with city.profile("newsroom") as replica, city.resident() as reader:
        city.exchange(replica)
        city.exchange(reader)
        News(reader).mark_read(News(reader).list()[0].record)
        assert city.exchange(reader).pushed == 0
        city.exchange(replica)
        assert len(listed(replica, unread=True)) == 7
        assert len(listed(reader, unread=True)) == 6


def test_marking_nonsense_as_read_is_one_clear_error(city: City) -> None:
    with city.resident() as reader, pytest.raises(UnknownRecord):
        News(reader).mark_read("казна-що")


@pytest.mark.usefixtures("seven")
def test_topics_are_the_most_frequent_first_and_never_empty(city: City) -> None:
    with city.profile("newsroom") as replica:
        assert News(replica).topics() == ("Вода", "Світло")
        for number in range(40):
            publish(city, replica, "Ще", f"Тема {number:02}")
        assert News(replica).topics()[:2] == ("Вода", "Світло")
        assert len(News(replica).topics()) == 24


def test_a_topic_that_a_correction_took_away_is_gone(city: City) -> None:
    with city.profile("newsroom") as replica:
        record = publish(city, replica, "Вода", "Вода")
        Newsroom(replica).correct(record, Corrected("Світло", "Не вода", "Світло"))
        assert News(replica).topics() == ("Світло",)
        assert listed(replica, topic="Вода") == []


@pytest.mark.usefixtures("seven")
def test_alerts_are_urgent_in_force_and_for_this_district(city: City) -> None:
    with city.profile("newsroom") as replica:
        news = News(replica)
        soon = city.clock.now_ms + DAY_MS
        publish(city, replica, "До завтра", priority="urgent", expires_at_ms=soon)
        withdrawn = publish(city, replica, "Помилка", priority="urgent")
        Newsroom(replica).withdraw(withdrawn)
        publish(city, replica, "Важливе", priority="important")
        city.sign_alerts(replica)

        def alerts(district: str) -> list[str]:
            return [view.title for view in news.alerts(district)]

        assert alerts("Центр") == ["До завтра", "Тривога в Центрі"]
        assert alerts("Слобідка") == ["До завтра"]
        assert alerts("") == ["До завтра", "Тривога на Подолі", "Тривога в Центрі"]
        city.clock.now_ms = soon - 1
        assert alerts("Центр")[0] == "До завтра"
        city.clock.now_ms = soon
        assert alerts("Центр") == ["Тривога в Центрі"]


def test_an_alert_that_was_corrected_to_be_calm_is_none(city: City) -> None:
    with city.profile("newsroom") as replica:
        record = publish(city, replica, "Тривога", priority="urgent")
        city.sign_alerts(replica)
        assert len(News(replica).alerts()) == 1
        Newsroom(replica).correct(record, Corrected("Відбій", "Усе гаразд"))
        assert News(replica).alerts() == []
        assert listed(replica) == ["Відбій"]
