"""The office over real sealed appeals: what officers ask and do, alone and many at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.errors import UnknownRecord
from client.services.office.asked import Done, Query
from client.services.office.office import Office
from client.services.replica import Replica
from client.storage.errors import StorageFull
from client.viewmodels.ports import OfficePort
from shared_schema.records.appeal import Opened
from tests.client.city import City, an_appeal, files_of
from tests.client.office.cases import DAY_MS, KYIV
from tests.client.office.desks import THERE, another_desk, deliver

UNUSUAL = "Жаб’ячий корнішон ґречно щебетав"
NOWHERE = "0" * 32


def filed(city: City, *texts: str, name: str = "resident", **fields: str) -> list[str]:
    """Appeals that have come to the city, each a minute after the one before."""
    records = []
    for text in texts:
        city.clock.now_ms += 60_000
        with city.resident(name) as resident:
            records.append(Appeals(resident).file(an_appeal(text, **fields)).record)
            city.exchange(resident)
    return records


@contextmanager
def office_of(city: City) -> Iterator[tuple[Office, Replica]]:
    with city.profile("desk") as desk:
        city.exchange(desk)
        office = Office(desk, KYIV)
        office.refresh()
        yield office, desk


def shown(office: Office, query: Query | None = None) -> list[str]:
    return [row.case.record for row in office.sheet(query or Query()).rows]


def test_it_is_what_the_view_models_need(city: City) -> None:
    with office_of(city) as (office, _):
        port: OfficePort = office
        assert port.sheet(Query()).total == 0
        assert port.queues() == (city.card.main_queue,)
        assert port.counts(Query())["open"] == 0


def test_a_page_says_how_each_case_stands(city: City) -> None:
    first, second, third = filed(city, "Немає води 1", "Немає води 2", "Немає світла 3")
    with office_of(city) as (office, _):
        page = office.sheet(Query(sort="received"), offset=1, limit=1)
        assert (page.offset, page.total) == (1, 3)
        assert [row.case.record for row in page.rows] == [second]
        (row,) = page.rows
        assert (row.state, row.due and row.due.kind) == ("soon", "registration")
        city.clock.now_ms += 4 * DAY_MS
        assert office.sheet(Query("overdue")).total == 3, "time passes without a refresh"
        assert shown(office, Query(text="світла")) == [third]
        assert office.records(Query(sort="received", descending=True)) == [third, second, first]
        assert office.choices().categories == (("water", 3),)


def test_what_is_done_to_a_case_shows_at_once(city: City) -> None:
    (record,) = filed(city, "Немає води")
    with office_of(city) as (office, _):
        assert office.counts(Query()) | {"new": 1, "open": 1, "mine": 0} == office.counts(Query())
        office.register(record, classifier="12", marks=["repeat"])
        office.assign([record], office.me())
        office.extend(record, "Чекаємо на експертизу")
        office.note(record, "Подзвонити зранку")
        (row,) = office.sheet(Query("mine")).rows
        assert (row.case.number, row.case.extended) == ("ЗВ-000001", True)
        assert row.due is not None
        assert row.due.kind == "longest"
        folder = office.folder(record)
        assert [(each.by, each.text) for each in folder.notes] == [
            (office.me(), "Подзвонити зранку")
        ]
        assert folder.thread.number == "ЗВ-000001"
        assert {each.kind for each in folder.deadlines} >= {"registration", "longest"}
        assert folder.legal_from_ms == row.case.received_at_ms
        assert office.counts(Query())["new"] == 0


def test_what_arrives_shows_after_a_refresh(city: City) -> None:
    with office_of(city) as (office, desk):
        assert shown(office) == []
        (record,) = filed(city, "Немає води")
        city.exchange(desk)
        assert shown(office) == []
        office.refresh()
        assert shown(office) == [record]


def test_one_bad_record_never_blocks_its_neighbours(city: City) -> None:
    first, second = filed(city, "Немає води", "Немає світла")
    with office_of(city) as (office, desk):
        records = [first, NOWHERE, "не запис", second, first]
        done = office.assign(records, "Оксана")
        assert done == Done(
            (first, second), ((NOWHERE, "unknown_record"), ("не запис", "unknown_record"))
        )
        assert {row.case.assignee for row in office.sheet(Query()).rows} == {"Оксана"}
        assert office.assign([], "Оксана") == Done()
        again = Desk(desk)
        assert [len(again.card(each).assignee.heads) for each in (first, second)] == [1, 1]


def test_a_value_that_is_none_fails_for_each_and_saves_nothing(city: City) -> None:
    records = filed(city, "Немає води", "Немає світла")
    with office_of(city) as (office, desk):
        before = desk.store.read("SELECT count(*) FROM changes")
        done = office.set_status(records, "nonsense", "")
        assert done.failed == tuple((record, "bad_payload") for record in records)
        assert desk.store.read("SELECT count(*) FROM changes") == before
        assert office.set_status(records, "closed", "").done == tuple(records)
        assert office.counts(Query())["open"] == 0


def test_a_full_disk_undoes_all_and_says_so(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = filed(city, "Немає води", "Немає світла")
    with office_of(city) as (office, _):
        real = Desk.assign

        def full(desk: Desk, record: str, to: str) -> object:
            if record == second:
                raise StorageFull
            return real(desk, record, to)

        monkeypatch.setattr(Desk, "assign", full)
        with pytest.raises(StorageFull):
            office.assign([first, second], "Оксана")
        office.refresh()
        assert {row.case.assignee for row in office.sheet(Query()).rows} == {""}


def test_a_template_is_filled_for_each_and_reaches_its_author(city: City) -> None:
    texts = "Немає води", "Немає світла"
    records = filed(city, *texts, name="one") + filed(city, "Яма", name="two")
    with office_of(city) as (office, desk):
        office.register(records[0])
        done = office.reply(records, "За квитанцією {receipt}: бригада їде, {officer} {unknown}")
        assert done.done == tuple(records)
        city.exchange(desk)
        me = office.me()
    for name, own in (("one", records[:2]), ("two", records[2:])):
        with city.resident(name) as resident:
            city.exchange(resident)
            said = {view.record: view for view in Appeals(resident).list()}
            for record in own:
                (line,) = said[record].said
                number = said[record].receipt_number
                assert line.text == f"За квитанцією {number}: бригада їде, {me} {{unknown}}"


def test_a_supporter_keeps_its_date_and_its_place_in_the_folder(city: City) -> None:
    early, main, late = filed(city, "Немає води 1", "Немає води 2", "Немає води 3")
    with office_of(city) as (office, _):
        assert {case.record for case, _ in office.folder(main).duplicates} == {early, late}
        assert office.merge([early, main], main) == Done((early,))
        folder = office.folder(main)
        assert [case.record for case in folder.supporters] == [early]
        assert folder.legal_from_ms == folder.supporters[0].received_at_ms
        assert [case.record for case, _ in folder.duplicates] == [late]
        above = office.folder(early).merged_into
        assert above is not None
        assert above.record == main
        assert shown(office, Query(sort="received")) == [main, late]
        office.merge([early], "")
        assert office.folder(main).supporters == ()
        assert office.counts(Query())["open"] == 3
        with pytest.raises(UnknownRecord):
            office.merge([early], NOWHERE)


def test_the_case_that_is_merged_into_goes_on_even_if_it_was_merged_before(city: City) -> None:
    first, second, third = filed(city, "Немає води 1", "Немає води 2", "Немає води 3")
    with office_of(city) as (office, _):
        office.merge([first], second)
        office.merge([second], third)
        done = office.merge([second, third], first)
        assert set(done.done) == {second, third}
        assert shown(office) == [first]
        assert {case.record for case in office.folder(first).supporters} == {second, third}


def test_desks_apart_disagree_until_a_person_settles_it(city: City) -> None:
    (record,) = filed(city, "Немає води")
    with office_of(city) as (office, here), another_desk(city) as there:
        deliver(city, here, there)
        office.refresh()
        Desk(there).set_status(record, "closed")
        city.clock.now_ms += 60_000
        office.set_status([record], "in_progress", "")
        assert office.counts(Query())["conflicts"] == 0
        deliver(city, there, here)
        office.refresh()
        assert shown(office, Query("conflicts")) == [record]
        (conflict,) = office.folder(record).conflicts
        assert conflict.field == "status"
        assert [(each.value, each.by) for each in conflict.rivals] == [
            ("in_progress", office.me()),
            ("closed", THERE),
        ]
        office.settle(record, "status", conflict.rivals[1].head)
        assert office.counts(Query())["conflicts"] == 0
        assert office.folder(record).case.status == "closed"
        with pytest.raises(UnknownRecord):
            office.settle(record, "status", conflict.rivals[0].head)


def test_desks_that_merge_in_a_circle_leave_the_older_case_open(city: City) -> None:
    first, second = filed(city, "Немає води 1", "Немає води 2")
    with office_of(city) as (office, here), another_desk(city) as there:
        deliver(city, here, there)
        Desk(there).merge(first, second)
        office.merge([second], first)
        deliver(city, there, here)
        office.refresh()
        assert shown(office) == [first]
        assert [case.record for case in office.folder(first).supporters] == [second]
        office.merge([first], second)
        assert shown(office) == [second]


def test_a_new_officer_makes_what_was_said_count(city: City) -> None:
    """Grants decide what counts, so all is looked at anew when they change."""
    (record,) = filed(city, "Немає води")
    with office_of(city) as (office, here):
        with another_desk(city) as there:
            deliver(city, there)
            Desk(there).assign(record, "Оксана")
            deliver(city, there, here)
        office.refresh()
        assert office.sheet(Query()).rows[0].case.assignee == "Оксана"


def test_nothing_private_lies_on_the_disk(city: City) -> None:
    (record,) = filed(city, UNUSUAL)
    with office_of(city) as (office, desk):
        office.note(record, "Таємна нотатка щодо Ґонти")
        office.folder(record)
        raw = files_of(desk.folder)
        for secret in (UNUSUAL[:12], "нотатка щодо"):
            assert not any(secret.encode(charset) in raw for charset in ("utf-8", "cp1251"))


def test_a_folder_of_what_is_not_here(city: City) -> None:
    with office_of(city) as (office, _):
        for record in (NOWHERE, "", "не запис"):
            with pytest.raises(UnknownRecord):
                office.folder(record)
            with pytest.raises(UnknownRecord):
                office.filled(record, "{name}")


def test_a_signal_has_no_deadline_and_danger_comes_first(city: City) -> None:
    with city.resident() as resident:
        for category in ("yard", "danger"):
            Appeals(resident).file(Opened("signal", "", "Яма", "Глибока", category))
        city.exchange(resident)
    with office_of(city) as (office, _):
        rows = office.sheet(Query("signals")).rows
        assert [row.case.category for row in rows] == ["danger", "yard"]
        assert {(row.state, row.due) for row in rows} == {("none", None)}
        assert office.folder(rows[0].case.record).legal_from_ms == rows[0].case.received_at_ms


def test_reading_and_acting_from_several_threads(city: City) -> None:
    records = filed(city, *(f"Немає води {n}" for n in range(4)))
    with office_of(city) as (office, _):
        failures: list[BaseException] = []

        def read() -> None:
            try:
                for _ in range(30):
                    assert office.sheet(Query("all")).total == 4
                    office.counts(Query())
                    office.folder(records[0])
            except BaseException as error:  # noqa: BLE001 - told to the main thread
                failures.append(error)

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        for n in range(5):
            office.assign(records, f"Офіцер {n}")
        for reader in readers:
            reader.join(30)
        assert not failures
        assert {row.case.assignee for row in office.sheet(Query("all")).rows} == {"Офіцер 4"}
