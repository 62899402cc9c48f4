"""The office hands cases on, and gets some: they leave one table and come to the other."""

from __future__ import annotations

from client.services.office.asked import Query
from client.services.office.case import Case
from client.services.office.cases import Cases
from client.services.office.office import Office
from client.services.replica import Replica
from tests.client.city import City
from tests.client.office.cases import KYIV
from tests.client.services.test_forwarding import WATER, filed, two, waterworks

__all__ = ["two"]  # the fixture: a city with a second queue and its desk


def everything(office: Office) -> set[Case]:
    return {row.case for row in office.sheet(Query("all")).rows}


def anew(desk: Replica) -> set[Case]:
    cases = Cases(desk)
    cases.refresh()
    return set(cases.all())


def test_cases_are_handed_on_many_at_once(two: City) -> None:
    records = [filed(two, f"Немає води {n}") for n in range(2)]
    stays = filed(two, "Немає світла")
    with two.profile("desk") as desk:
        two.exchange(desk)
        office = Office(desk, KYIV)
        office.refresh()
        rows = office.sheet(Query("all")).rows
        received = {row.case.record: row.case.received_at_ms for row in rows}
        assert office.forwardable(records[0]) == (WATER,)
        office.assign(records, office.me())
        done = office.forward([*records, "0" * 32], WATER, "За належністю")
        assert done.done == tuple(records)
        assert done.failed == (("0" * 32, "unknown_record"),)
        assert office.records(Query()) == [stays]
        assert (office.counts(Query())["mine"], office.sheet(Query("all")).total) == (0, 3)
        folder = office.folder(records[0])
        assert folder.case.forwarded_at_ms == two.clock.now_ms
        assert folder.state == "done_in_time"
        assert office.forwardable(records[0]) == ("general",)
        again = office.forward(records, WATER, "")
        assert [code for _, code in again.failed] == ["unknown_record"] * 2, "it is there already"
        two.exchange(desk)
        office.refresh()
        assert everything(office) == anew(desk)
    with waterworks(two) as works:
        two.exchange(works)
        there = Office(works, KYIV)
        there.refresh()
        assert set(there.records(Query("new", queue=WATER))) == set(records)
        assert there.choices().queues == ((WATER, 2),)
        for record in records:
            folder = there.folder(record)
            assert folder.legal_from_ms == received[record], "the term runs from the first receipt"
            assert folder.thread.text.startswith("Немає води")
        assert there.reply(records, "Бригада їде").done == tuple(records)
        assert there.set_status(records, "answered", "").done == tuple(records)
        assert there.records(Query()) == []
        assert everything(there) == anew(works)
