"""An appeal that was handed on: both offices' logs tell all of it, and both can be proven."""

from __future__ import annotations

from client.services.desk import Desk
from client.services.office.audit_types import AuditQuery
from client.services.office.proving import prove
from tests.client.city import City
from tests.client.office.queue import audit_of
from tests.client.services.test_forwarding import (  # noqa: F401 - `two` is a fixture
    WATER,
    filed,
    handed_on,
    two,
    waterworks,
)

OURS, THEIRS = "queue/general", f"queue/{WATER}"


def there_and_back(city: City) -> str:
    """Filed here, handed on, answered there; everybody has everything."""
    filed(city, "Інша справа, що лишається тут")
    record = filed(city)
    handed_on(city, record)
    with waterworks(city) as works:
        city.exchange(works)
        Desk(works).reply(record, "Бригада вже їде.")
        city.exchange(works)
        city.exchange(works)
    with city.profile("desk") as desk:
        city.exchange(desk)
    return record


def test_both_logs_tell_what_both_offices_said(two: City) -> None:  # noqa: F811
    record = there_and_back(two)
    query = AuditQuery(record=record, newest=False)
    with two.profile("desk") as desk, waterworks(two) as works:
        ours = audit_of(desk).page(query, "uk").entries
        theirs = audit_of(works).page(query, "uk").entries
        assert {each.kind for each in ours} == {
            "appeal.opened", "desk.noted", "desk.registered", "desk.forwarded", "desk.replied",
        }  # fmt: skip
        assert {each.kind for each in ours} - {each.kind for each in theirs} == {"desk.noted"}
        assert {(each.role, each.counts) for each in (*ours, *theirs)} == {
            ("sender", True), ("desk", True),
        }  # fmt: skip
        reply = next(each for each in ours if each.kind == "desk.replied")
        assert (reply.who, reply.scope, reply.said) == ("waterworks", THEIRS, "Бригада вже їде.")
        handed = next(each for each in theirs if each.kind == "desk.forwarded")
        assert handed.said == f"{WATER} · За належністю"


def test_both_logs_are_proven(two: City) -> None:  # noqa: F811
    there_and_back(two)
    with two.profile("desk") as desk, waterworks(two) as works:
        ours, theirs = prove(desk, OURS), prove(works, THEIRS)
        assert ours.proven
        assert theirs.proven
        assert (ours.findings, theirs.findings) == ((), ())
        assert (ours.streams, theirs.streams) == (3, 3)


def test_what_was_handed_on_and_altered_is_noticed(two: City) -> None:  # noqa: F811
    there_and_back(two)
    with waterworks(two) as works:
        with works.store.writing() as connection:
            row, raw = connection.execute(
                "SELECT id, raw FROM changes WHERE kind = 257 LIMIT 1"
            ).fetchone()
            forged = bytes([*raw[:-80], raw[-80] ^ 1, *raw[-79:]])
            connection.execute("UPDATE changes SET raw = ? WHERE id = ?", (forged, row))
        proof = prove(works, THEIRS)
        assert {"altered", "digest"} <= {each.code for each in proof.findings}
        assert not proof.proven


def test_handing_on_is_in_the_log_before_the_city_has_it(two: City) -> None:  # noqa: F811
    record = filed(two)
    with two.profile("desk") as desk:
        two.exchange(desk)
        Desk(desk).forward(record, WATER, "За належністю")
        entry = audit_of(desk).page(AuditQuery(), "uk").entries[0]
        assert (entry.kind, entry.standing, entry.version) == ("desk.forwarded", "waiting", 0)
        two.exchange(desk)
        two.exchange(desk)
        entries = audit_of(desk).page(AuditQuery(), "uk").entries
        assert [each.kind for each in entries].count("desk.forwarded") == 1
        assert {each.standing for each in entries} == {"received"}
