"""Drafts: kept while somebody writes, gone in the moment in which the appeal is saved."""

from __future__ import annotations

import pytest

from client.services.appeals import Appeals
from client.services.drafts import Draft, Drafts
from client.services.notes import Notes
from client.services.replica import Replica
from client.services.sealed_drafts import new_draft_id
from client.storage.errors import StorageFull
from shared_schema.errors import PayloadError
from shared_schema.records.appeal import Amended, Position
from tests.client.city import City, an_appeal


def drafts_of(replica: Replica) -> Drafts:
    return Drafts(Notes(replica), replica.clock)


def a_draft(draft_id: str = "one", **texts: str) -> Draft:
    return Draft(draft_id, texts=texts or {"title": "Немає води"})


def file_until_full(replica: Replica) -> None:
    for _ in range(200):
        Appeals(replica).file(an_appeal("x" * 4_000))


def file_and_die_before_the_commit(replica: Replica, draft_id: str) -> None:
    with replica.store.writing():
        Appeals(replica).file(an_appeal(), draft_id)
        raise ZeroDivisionError


def test_a_draft_outlives_the_app_with_all_that_is_in_it(city: City) -> None:
    with city.resident() as replica:
        draft = Draft(
            "one", {"title": "Темно", "text": "Не видно нічого"}, lane="appeal", kind="complaint",
            position=Position(4_669_750, 3_249_940, 1_000), place="ab" * 16, purpose="amend",
            about="cd" * 16,
        )  # fmt: skip
        saved = drafts_of(replica).put(draft)
        assert saved.changed_at_ms == city.clock.now_ms
    with city.resident() as replica:
        assert drafts_of(replica).list() == [saved]


def test_the_draft_changed_last_is_first(city: City) -> None:
    with city.resident() as replica:
        drafts = drafts_of(replica)
        for draft_id in ("a", "b", "c", "a"):
            city.clock.now_ms += 1_000
            drafts.put(a_draft(draft_id))
        assert [draft.id for draft in drafts.list()] == ["a", "c", "b"]
        drafts.forget("c")
        assert [draft.id for draft in drafts.list()] == ["a", "b"]


@pytest.mark.parametrize("texts", [{}, {"title": ""}, {"title": " ", "text": "\n\t"}])
def test_a_blank_draft_is_forgotten(city: City, texts: dict[str, str]) -> None:
    with city.resident() as replica:
        drafts = drafts_of(replica)
        drafts.put(a_draft("one"))
        blank = Draft("one", texts=texts)
        assert blank.blank
        drafts.put(blank)
        assert drafts.list() == []


def test_filing_ends_its_draft_and_no_other(city: City) -> None:
    with city.resident() as replica:
        drafts = drafts_of(replica)
        drafts.put(a_draft("one"))
        drafts.put(a_draft("two"))
        Appeals(replica).file(an_appeal(), "one")
        assert [draft.id for draft in drafts.list()] == ["two"]
        Appeals(replica).file(an_appeal())
        assert [draft.id for draft in drafts.list()] == ["two"]


def test_amending_ends_its_draft(city: City) -> None:
    with city.resident() as replica:
        filed = Appeals(replica).file(an_appeal())
        drafts_of(replica).put(a_draft("one"))
        Appeals(replica).amend(filed.record, Amended("Інше", "Інакше"), "one")
        assert drafts_of(replica).list() == []


def test_a_commit_that_fails_keeps_the_draft_and_saves_no_appeal(city: City) -> None:
    with city.resident() as replica:
        drafts = drafts_of(replica)
        kept = drafts.put(a_draft("one"))
        (pages,) = replica.store.rows("PRAGMA page_count")[0]
        replica.store.rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageFull):
            file_until_full(replica)
        filed = len(Appeals(replica).list())
        with pytest.raises(StorageFull):
            Appeals(replica).file(an_appeal("Довге звернення " * 400), "one")
        assert drafts.list() == [kept]
        assert len(Appeals(replica).list()) == filed


def test_an_appeal_that_breaks_the_limits_keeps_the_draft(city: City) -> None:
    with city.resident() as replica:
        kept = drafts_of(replica).put(a_draft("one"))
        with pytest.raises(PayloadError):
            Appeals(replica).file(an_appeal("x" * 200_000), "one")
        assert drafts_of(replica).list() == [kept]
        assert Appeals(replica).list() == []


def test_the_draft_is_gone_in_the_very_commit_that_saves_the_appeal(city: City) -> None:
    with city.resident() as replica:
        drafts_of(replica).put(a_draft("one"))
        with pytest.raises(ZeroDivisionError):
            file_and_die_before_the_commit(replica, "one")
        assert [draft.id for draft in drafts_of(replica).list()] == ["one"]
        assert Appeals(replica).list() == []


def test_names_of_drafts_are_never_the_same() -> None:
    assert len({new_draft_id() for _ in range(100)}) == 100
