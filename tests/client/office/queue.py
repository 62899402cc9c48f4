"""A queue with some life in it, for the audit's tests: residents, an officer, the newsroom."""

from __future__ import annotations

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.news import Newsroom
from client.services.office.audit import Audit
from client.services.office.cases import Cases
from client.services.replica import Replica
from shared_schema.records.news import Published
from tests.client.city import City, an_appeal

HOUR_MS = 3_600_000


def lively(city: City, appeals: int = 3) -> list[str]:
    """So many appeals of two residents; the desk has all of them, and has answered the first."""
    records: list[str] = []
    for name in ("resident", "neighbour"):
        with city.resident(name) as resident:
            mine = appeals - appeals // 2 if name == "resident" else appeals // 2
            for n in range(mine):
                records.append(Appeals(resident).file(an_appeal(f"Вода {name} {n}")).record)
            city.exchange(resident)
        city.clock.now_ms += HOUR_MS
    with city.profile("newsroom") as newsroom:
        Newsroom(newsroom).publish(Published("Підвіз води", "О 15:00"))
        city.exchange(newsroom)
    with city.profile("desk") as desk:
        city.exchange(desk)
        city.clock.now_ms += HOUR_MS
        office = Desk(desk)
        office.register(records[0])
        office.assign(records[0], "Оксана Коваль")
        office.note(records[0], "Подзвонити зранку")
        office.set_status(records[0], "in_progress", "Передано водоканалу")
        office.reply(records[0], "Воду дадуть о 20:00.")
        city.exchange(desk)
        city.exchange(desk)  # the reply to the first one was composed before its own receipts
    return records


def audit_of(replica: Replica) -> Audit:
    """An audit of a device, with a projection of its own."""
    cases = Cases(replica)
    cases.refresh()
    return Audit(replica, cases.all)
