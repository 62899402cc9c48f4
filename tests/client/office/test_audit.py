"""The audit's list: who did what, when, in the city's order, by filters, in pages."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest

from client.services.desk import Desk
from client.services.errors import NotAllowed
from client.services.office import audit as auditing
from client.services.office.audit import Audit
from client.services.office.audit_sql import BadQuery
from client.services.office.audit_table import audit_csv
from client.services.office.audit_types import SENDERS, AuditQuery
from client.services.office.audit_words import SAID_CHARS_MAX, clipped
from client.services.office.cases import Cases
from client.services.office.labels import labels
from shared_schema.ids import NEWS, TRUST
from shared_schema.records.kinds import BY_NAME
from tests.client.city import START_MS, City, an_appeal
from tests.client.office.cases import KYIV
from tests.client.office.queue import HOUR_MS, audit_of, lively

QUEUE = "queue/general"
ACTS = ["desk.registered", "desk.assigned", "desk.noted", "desk.status", "desk.replied"]


def test_everything_is_there_in_the_citys_order(city: City) -> None:
    records = lively(city)
    with city.profile("desk") as desk:
        page = audit_of(desk).page(AuditQuery(newest=False), "uk")
    assert page.total == len(page.entries) == 8
    assert [each.version for each in page.entries] == list(range(1, 9))
    assert [each.kind for each in page.entries] == ["appeal.opened"] * 3 + ACTS
    assert [each.record for each in page.entries] == records + [records[0]] * 5
    assert all(each.standing == "received" and each.counts for each in page.entries)


def test_an_entry_says_who_when_and_what(city: City) -> None:
    lively(city)
    with city.profile("desk") as desk:
        entries = audit_of(desk).page(AuditQuery(newest=False), "uk").entries
        device, label = desk.device.hex(), desk.grants.labels[desk.device]
    opened, registered = entries[0], entries[3]
    assert (opened.role, opened.who, opened.said) == ("sender", "", "Немає води")
    assert (opened.made_at_ms, opened.received_at_ms) == (START_MS, START_MS)
    assert (registered.role, registered.device, registered.who) == ("desk", device, label)
    assert label
    assert registered.received_at_ms == START_MS + 3 * HOUR_MS
    assert [each.said for each in entries[3:]] == [
        "№ ЗВ-000001", "Оксана Коваль", "Подзвонити зранку", "В роботі · Передано водоканалу",
        "Воду дадуть о 20:00.",
    ]  # fmt: skip


def test_own_acts_without_a_receipt_stand_at_the_recent_end(city: City) -> None:
    records = lively(city)
    with city.profile("desk") as desk:
        Desk(desk).reply(records[1], "Чекайте на підвіз.")
        audit = audit_of(desk)
        newest = audit.page(AuditQuery(), "uk")
        oldest = audit.page(AuditQuery(newest=False), "uk", limit=100)
    first = newest.entries[0]
    assert (first.version, first.standing, first.received_at_ms) == (0, "waiting", None)
    assert first.said == "Чекайте на підвіз."
    assert [each.seq for each in newest.entries] == [each.seq for each in oldest.entries][::-1]
    assert newest.total == 9


def test_pages_over_both_ends_miss_nothing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    records = lively(city)
    with city.profile("desk") as desk:
        for n in range(3):
            Desk(desk).note(records[2], f"Нотатка {n}")
        audit = audit_of(desk)
        for newest in (True, False):
            query = AuditQuery(newest=newest)
            whole = audit.page(query, "uk", limit=100).entries
            pages = [audit.page(query, "uk", at, 2).entries for at in range(0, 12, 2)]
            assert [each for page in pages for each in page] == list(whole)
            with monkeypatch.context() as small:
                small.setattr(auditing, "BATCH", 4)
                assert list(audit.all(query, "uk")) == list(whole)
        assert audit.page(AuditQuery(), "uk", 100).entries == ()


def test_reading_all_of_it_tells_how_far_it_is(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    lively(city)
    monkeypatch.setattr(auditing, "BATCH", 3)
    with city.profile("desk") as desk:
        told: list[tuple[int, int]] = []
        every = audit_of(desk).all(AuditQuery(), "uk", lambda done, of: told.append((done, of)))
        assert len(list(every)) == 8
    assert told == [(3, 8), (6, 8), (8, 8)]


def test_filters(city: City) -> None:
    records = lively(city)
    with city.profile("desk") as desk:
        audit = audit_of(desk)

        def kinds(**query: object) -> list[str]:
            asked = AuditQuery(newest=False, **query)  # type: ignore[arg-type]
            page = audit.page(asked, "uk")
            assert page.total == len(page.entries)
            return [each.kind for each in page.entries]

        own = desk.device.hex()
        assert kinds(device=own) == kinds(device=own[:6].upper()) == ACTS
        assert kinds(device=SENDERS) == ["appeal.opened"] * 3
        assert kinds(kind="desk.noted") == ["desk.noted"]
        thread = ["appeal.opened", *ACTS]
        assert kinds(record=records[0]) == kinds(record=records[0][:7]) == thread
        assert kinds(record="зв-000001") == thread
        assert kinds(record=records[1]) == kinds(record="ЗВ-000002") == ["appeal.opened"]
        later = START_MS + 2 * HOUR_MS
        assert kinds(from_ms=later) == ACTS
        assert kinds(until_ms=later) == ["appeal.opened"] * 3
        assert kinds(from_ms=START_MS, until_ms=START_MS + 1) == ["appeal.opened"] * 2
        assert kinds(device=own, kind="appeal.opened") == []


@pytest.mark.parametrize(
    "query",
    [
        AuditQuery(record="ЗВ-999999"),
        AuditQuery(record="не номер"),
        AuditQuery(device="xyz"),
        AuditQuery(kind="desk.slept"),
        AuditQuery(scope="queue/other"),
    ],
)
def test_what_is_no_filter_is_said(city: City, query: AuditQuery) -> None:
    with city.profile("desk") as desk, pytest.raises(BadQuery):
        audit_of(desk).page(query, "uk")


def test_news_and_trust_are_audited_too(city: City) -> None:
    lively(city)
    with city.profile("desk") as desk:
        audit = audit_of(desk)
        assert audit.scopes() == (QUEUE, NEWS, TRUST)
        (published,) = audit.page(AuditQuery(NEWS), "uk").entries
        assert (published.said, published.role) == ("Підвіз води", "newsroom")
        granted = audit.page(AuditQuery(TRUST), "en").entries
        assert {(each.kind, each.role) for each in granted} == {("trust.granted", "enrolment")}
        assert [person.role for person in audit.people(QUEUE)] == ["desk"]
        assert set(audit.kinds(NEWS)) > {"news.published", "place.listed"}
        assert all(BY_NAME[name].scope == "queue" for name in audit.kinds(QUEUE))


def test_what_was_done_without_a_right_is_listed_and_does_not_count(city: City) -> None:
    """A device that is no desk says that it has answered: our own log keeps the attempt."""
    from client.services.authoring import save
    from shared_schema.records.appeal import Replied

    lively(city)
    with city.profile("desk") as desk:
        scope = desk.scopes.id_of[QUEUE]
        record = audit_of(desk).page(AuditQuery(newest=False), "uk").entries[0].record
        save(desk, Replied("Слово без права"), scope=QUEUE, record=bytes.fromhex(record))
        (raw,) = desk.store.rows("SELECT id FROM changes WHERE state = 0 AND scope = ?", (scope,))
        with desk.store.writing() as connection:
            connection.execute("UPDATE changes SET state = 2, reason = 5 WHERE id = ?", raw)
        entry = audit_of(desk).page(AuditQuery(), "uk").entries[0]
    assert (entry.standing, entry.counts, entry.said) == ("refused", False, "Слово без права")


def test_what_cannot_be_opened_here_is_listed_without_its_words(city: City) -> None:
    lively(city)
    with city.profile("desk") as desk:
        with desk.store.writing() as connection:
            connection.execute("DELETE FROM thread_keys")
        desk.secrets.queue_secrets.clear()
        desk.thread_keys.learn(desk.grants)
        entries = audit_of(desk).page(AuditQuery(newest=False), "uk").entries
    assert [(each.opened, each.said) for each in entries] == [(False, "")] * 8
    assert [each.kind for each in entries] == ["appeal.opened"] * 3 + ACTS


def test_a_row_that_is_gone_or_damaged_stays_on_the_list(city: City) -> None:
    lively(city)
    with city.profile("desk") as desk:
        with desk.store.writing() as connection:
            queue = (desk.scopes.id_of["queue/general"],)
            gone = "DELETE FROM changes WHERE version = 2 AND seq = 2 AND scope = ?"
            connection.execute(gone, queue)
            connection.execute("UPDATE changes SET raw = x'00' WHERE version = 4 AND author = 1")
        entries = Audit(desk, Cases(desk).all).page(AuditQuery(newest=False), "uk").entries
    assert [(each.version, each.standing) for each in entries if each.standing != "received"] == [
        (2, "missing"), (4, "damaged"),
    ]  # fmt: skip
    assert entries[3].kind == "desk.registered", "the columns still tell it"


def test_a_resident_has_nothing_to_audit(city: City) -> None:
    with city.resident() as resident:
        with pytest.raises(NotAllowed):
            audit_of(resident).scopes()
        with pytest.raises(NotAllowed):
            audit_of(resident).page(AuditQuery(NEWS), "uk")


def test_a_page_costs_what_it_shows(city: City) -> None:
    """No page may sort the log, or look through it for what stands where."""
    from client.services.office.audit_sql import sources

    lively(city)
    with city.profile("desk") as desk:
        scopes = sorted(desk.scopes.queue_ids)
        for source in sources(AuditQuery(), 1, scopes, ()):
            sql, arguments = source.page(True, 0, 50)
            plan = [row[3] for row in desk.store.read(f"EXPLAIN QUERY PLAN {sql}", arguments)]
            assert not any("TEMP B-TREE" in step for step in plan), plan
            assert not any(step.startswith("SCAN") for step in plan), plan


def test_all_of_it_as_a_file(city: City) -> None:
    lively(city)
    with city.profile("desk") as desk:
        Desk(desk).note(audit_of(desk).page(AuditQuery(), "uk").entries[0].record, "=1+1")
        entries = list(audit_of(desk).all(AuditQuery(newest=False), "uk"))
        raw = audit_csv(entries, KYIV, labels("uk"))
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows] == ["№ у місті", *map(str, range(1, 9)), ""]
    assert {len(row) for row in rows} == {12}
    registered = dict(zip(rows[0], rows[4], strict=True))
    assert (registered["Дія"], registered["Роль"]) == ("Зареєстровано", "Стіл звернень")
    assert (registered["Зміст"], registered["Чинне"]) == ("№ ЗВ-000001", "так")
    moment = datetime.fromtimestamp((START_MS + 3 * HOUR_MS) / 1000, KYIV)
    assert registered["Отримано містом"] == f"{moment:%Y-%m-%d %H:%M}"
    waiting = dict(zip(rows[0], rows[9], strict=True))
    assert (waiting["Стан"], waiting["Отримано містом"]) == ("Чекає на пристрої", "")
    assert waiting["Зміст"] == "'=1+1", "a spreadsheet must not reckon with what somebody wrote"


def test_a_line_is_one_line() -> None:
    assert clipped("  Вода\n\nє ") == "Вода є"
    assert len(clipped("слово " * 200)) <= SAID_CHARS_MAX
    assert an_appeal().title in clipped(an_appeal().title)
