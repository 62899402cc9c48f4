"""The reports of a fake device: real figures over made-up cases, a log of made-up acts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

from client.services.office.audit_sql import BadQuery
from client.services.office.audit_table import audit_csv
from client.services.office.audit_types import (
    SENDERS,
    AuditEntry,
    AuditPage,
    AuditQuery,
    Person,
    ScopeProof,
)
from client.services.office.case import Case
from client.services.office.clock import Clock
from client.services.office.endpoint import CannotServe
from client.services.office.journal import journal
from client.services.office.labels import labels
from client.services.office.open311 import Agency, Publishable, published, service_list
from client.services.office.open311_formats import Format
from client.services.office.open311_server import Snapshot
from client.services.office.outage_hours import outage_hours
from client.services.office.publishing import Publication
from client.services.office.quarterly import Quarter, quarterly
from client.services.office.reports import Report, days_of, report
from client.services.office.tables import Table
from client.services.office.workdays import load_workdays
from client.viewmodels.report_ports import ReportsPort
from tests.client.office.cases import KYIV, many
from tests.client.ui.samples import HOUR, MINUTE, NOW

if TYPE_CHECKING:
    from tests.client.ui.fake import FakeDevice

TODAY = datetime.fromtimestamp(NOW / 1000, UTC).astimezone(KYIV).date()
CLOCK = Clock(KYIV, load_workdays())
OFFICER = "ab" * 16
RESIDENT = "cd" * 16


def cases(count: int = 120, days: int = 40) -> list[Case]:
    """A queue of the last weeks; some wait, some are late."""
    made = many(
        count, days=days, until=f"{datetime.fromtimestamp(NOW / 1000, KYIV):%Y-%m-%d %H:%M}"
    )
    return [dataclasses.replace(each, queue="general") for each in made]


def entry(version: int = 1, /, **more: object) -> AuditEntry:
    """An officer has registered something."""
    plain = AuditEntry(
        "queue/general", version, "received", NOW - 100 * MINUTE + version * MINUTE,
        NOW - 100 * MINUTE + version * MINUTE, OFFICER, version, "Оксана Коваль", "desk",
        "desk.registered", f"{version:032x}", f"№ ЗВ-{version:06d}", True, True,
    )  # fmt: skip
    return dataclasses.replace(plain, **more)  # type: ignore[arg-type]


@dataclass
class FakeFigures:
    """Figures over cases in a list."""

    device: FakeDevice
    cases: list[Case] = field(default_factory=list)
    can_xlsx: bool = True
    read: int = 0

    def today(self) -> date:
        """The day of the samples."""
        return TODAY

    def report(
        self, period: tuple[date, date], utility: str = "power", queues: Collection[str] = ()
    ) -> Report:
        """As the real one, over the list."""
        self.device.check()
        self.read += 1
        hours = outage_hours(
            (each.scheduled for each in self.device.schedules),
            (each.announced for each in self.device.announcements),
            utility, days_of(period), KYIV,
        )  # fmt: skip
        chosen = [each for each in self.cases if not queues or each.queue in queues]
        return report(chosen, NOW, CLOCK, period, hours)

    def queues(self) -> tuple[str, ...]:
        """Those of the list."""
        return tuple(sorted({each.queue for each in self.cases}))

    def utilities(self) -> tuple[str, ...]:
        """Those of the schedules."""
        return tuple(sorted({each.utility for each in self.device.schedules}))

    def quarterly(self, quarter: Quarter, language: str) -> Table:
        """As the real one."""
        return quarterly(self.cases, quarter, NOW, CLOCK, labels(language))

    def journal(self, language: str) -> Table:
        """As the real one."""
        return journal(self.cases, CLOCK, labels(language))

    def csv(self, table: Table) -> bytes:
        """A file that says what it is."""
        self.device.check()
        return f"csv {table.title}".encode()

    def xlsx(self, table: Table) -> bytes:
        """A file that says what it is."""
        return f"xlsx {table.title}".encode()


@dataclass
class FakePublishing:
    """A choice in memory."""

    figures: FakeFigures
    kept: Publication = field(default_factory=Publication)

    def choice(self) -> Publication:
        """The last one."""
        return self.kept

    def choose(self, publication: Publication) -> None:
        """Another."""
        self.figures.device.check()
        self.kept = publication

    def snapshot(self) -> Snapshot:
        """As the real one."""
        words = labels("uk")
        chosen = [Publishable(each.record) for each in self.figures.cases if self.kept.takes(each)]
        found = published(self.figures.cases, chosen, CLOCK, words, Agency("Надріччя"))
        return Snapshot(service_list(words), found, NOW)

    def files(self, form: Format) -> Mapping[str, bytes]:
        """Two small files."""
        return {f"{name}.{form}": f"{name} {form}".encode() for name in ("requests", "services")}


@dataclass
class FakeEndpoint:
    """A switch that serves nobody."""

    address: str = ""
    taken: bool = False

    def start(self, host: str, port: int) -> str:
        """On, unless the port is taken."""
        if self.taken:
            raise CannotServe("in use")
        self.address = f"http://{host}:{port}"
        return self.address

    def stop(self) -> None:
        """Off."""
        self.address = ""


@dataclass
class FakeAudit:
    """A log in a list."""

    device: FakeDevice
    entries: list[AuditEntry] = field(default_factory=list)
    proof: ScopeProof = field(
        default_factory=lambda: ScopeProof("queue/general", 3, 2, 3, NOW - HOUR)
    )

    def scopes(self) -> tuple[str, ...]:
        """One queue, and what everybody has."""
        return "queue/general", "news", "trust"

    def people(self, scope: str) -> tuple[Person, ...]:
        """One officer."""
        return (Person(OFFICER, "Оксана Коваль", "desk"),) if scope != "news" else ()

    def kinds(self, scope: str) -> tuple[str, ...]:
        """Some."""
        return ("appeal.opened", "desk.registered") if scope != "news" else ("news.published",)

    def page(self, query: AuditQuery, language: str, offset: int = 0, limit: int = 50) -> AuditPage:
        """What the filters let through."""
        self.device.check()
        found = self._found(query)
        return AuditPage(tuple(found[offset : offset + limit]), offset, len(found))

    def csv(
        self,
        query: AuditQuery,
        language: str,
        zone: tzinfo,
        progress: Callable[[int, int], None] | None = None,
    ) -> bytes:
        """As the real one."""
        return audit_csv(self._found(query), zone, labels(language))

    def prove(self, scope: str, progress: Callable[[int, int], None] | None = None) -> ScopeProof:
        """What it was told to say."""
        if progress is not None:
            progress(1, 2)
        return dataclasses.replace(self.proof, scope=scope)

    def _found(self, query: AuditQuery) -> list[AuditEntry]:
        if query.record and not any(query.record in each.said for each in self.entries):
            raise BadQuery(query.record)
        people = {OFFICER} if query.device == OFFICER else {RESIDENT}
        found = [
            each
            for each in self.entries
            if each.scope == (query.scope or "queue/general")
            and (not query.device or each.device in people)
            and (not query.kind or each.kind == query.kind)
            and (not query.record or query.record in each.said)
            and (not query.from_ms or (each.received_at_ms or 0) >= query.from_ms)
            and (not query.until_ms or (each.received_at_ms or 0) < query.until_ms)
        ]
        assert query.device in ("", SENDERS, OFFICER)
        return found[::-1] if query.newest else found


class FakeReports:
    """All of the room."""

    def __init__(self, device: FakeDevice) -> None:
        self.figures = FakeFigures(device)
        self.publishing = FakePublishing(self.figures)
        self.endpoint = FakeEndpoint()
        self.audit = FakeAudit(device)

    def port(self) -> ReportsPort:
        """As the app takes it."""
        return ReportsPort(self.figures, self.publishing, self.endpoint, self.audit)
