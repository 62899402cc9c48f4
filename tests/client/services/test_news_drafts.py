"""The newsroom's drafts: there after a restart, sealed on the disk, apart from a person's own."""

from __future__ import annotations

import pytest

from client.services.drafts import Draft, Drafts
from client.services.news import Newsroom
from client.services.news_drafts import NewsDraft, NewsDrafts
from client.services.notes import Notes
from client.services.replica import Replica
from shared_schema.errors import PayloadError
from shared_schema.records.news import Corrected, Published
from tests.client.city import City, files_of


def drafts_of(replica: Replica) -> NewsDrafts:
    return NewsDrafts(Notes(replica), replica.clock)


def test_a_draft_outlives_the_app_with_all_that_is_in_it(city: City) -> None:
    draft = NewsDraft(
        "one", {"title": "Евакуація", "hours": "6"}, priority="urgent", about="ab" * 16
    )
    with city.profile("newsroom") as replica:
        saved = drafts_of(replica).put(draft)
        assert saved.changed_at_ms == city.clock.now_ms
    with city.profile("newsroom") as replica:
        assert drafts_of(replica).list() == [saved]


def test_what_is_not_announced_yet_is_not_on_the_disk_in_clear(city: City) -> None:
    with city.profile("newsroom") as replica:
        drafts_of(replica).put(NewsDraft("one", {"title": "Евакуація о шостій"}))
        folder = replica.folder
    assert "Евакуація".encode() not in files_of(folder)


def test_the_draft_changed_last_is_first_and_a_blank_one_is_forgotten(city: City) -> None:
    with city.profile("newsroom") as replica:
        drafts = drafts_of(replica)
        for draft_id in ("a", "b", "c", "a"):
            city.clock.now_ms += 1_000
            drafts.put(NewsDraft(draft_id, {"title": draft_id}))
        assert [draft.id for draft in drafts.list()] == ["a", "c", "b"]
        drafts.put(NewsDraft("c", {"title": " "}))
        drafts.forget("b")
        assert [draft.id for draft in drafts.list()] == ["a"]


def test_the_newsroom_s_drafts_are_not_a_person_s(city: City) -> None:
    with city.profile("newsroom") as replica:
        drafts_of(replica).put(NewsDraft("one", {"title": "Новина"}))
        own = Drafts(Notes(replica), replica.clock)
        own.put(Draft("two", texts={"title": "Яма"}))
        assert [draft.id for draft in own.list()] == ["two"]
        assert [draft.id for draft in drafts_of(replica).list()] == ["one"]


def test_what_is_published_ends_its_draft_in_the_same_commit(city: City) -> None:
    with city.profile("newsroom") as replica:
        drafts, room = drafts_of(replica), Newsroom(replica)
        drafts.put(NewsDraft("one", {"title": "Вода"}))
        drafts.put(NewsDraft("two", {"title": "Світло"}))
        record = room.publish(Published("Вода", "Є"), "one").record
        assert [draft.id for draft in drafts.list()] == ["two"]
        room.correct(record, Corrected("Вода о 18:00", "Є"), "two")
        assert drafts.list() == []


def test_what_cannot_be_published_keeps_its_draft(city: City) -> None:
    with city.profile("newsroom") as replica:
        drafts = drafts_of(replica)
        drafts.put(NewsDraft("one", {"title": "Вода"}))
        with pytest.raises(PayloadError):
            Newsroom(replica).publish(Published("Вода" * 100, "Є"), "one")
        assert [draft.id for draft in drafts.list()] == ["one"]
