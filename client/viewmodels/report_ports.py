"""What the room with reports needs from below. The real ones are in `client.services.office`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Protocol

from client.services.office.audit_types import AuditPage, AuditQuery, Person, ScopeProof
from client.services.office.open311_formats import Format
from client.services.office.open311_server import Snapshot
from client.services.office.publishing import Publication
from client.services.office.quarterly import Quarter
from client.services.office.reports import Report
from client.services.office.tables import Table

Progress = Callable[[int, int], None]


class FiguresPort(Protocol):
    """Figures and tables: `client.services.office.reporting.Reporting`."""

    @property
    def can_xlsx(self) -> bool: ...
    def today(self) -> date: ...
    def report(
        self, period: tuple[date, date], utility: str = "power", queues: Collection[str] = ()
    ) -> Report: ...
    def queues(self) -> tuple[str, ...]: ...
    def utilities(self) -> tuple[str, ...]: ...
    def quarterly(self, quarter: Quarter, language: str) -> Table: ...
    def journal(self, language: str) -> Table: ...
    def csv(self, table: Table) -> bytes: ...
    def xlsx(self, table: Table) -> bytes: ...


class PublishingPort(Protocol):
    """What is public: `client.services.office.publishing.Publisher`."""

    def choice(self) -> Publication: ...
    def choose(self, publication: Publication) -> None: ...
    def snapshot(self) -> Snapshot: ...
    def files(self, form: Format) -> Mapping[str, bytes]: ...


class EndpointPort(Protocol):
    """The switch of the endpoint: `client.services.office.endpoint.Endpoint`."""

    @property
    def address(self) -> str: ...
    def start(self, host: str, port: int) -> str: ...
    def stop(self) -> None: ...


class AuditPort(Protocol):
    """The log as an auditor reads it: `client.services.office.audit.Audit`."""

    def scopes(self) -> tuple[str, ...]: ...
    def people(self, scope: str) -> tuple[Person, ...]: ...
    def kinds(self, scope: str) -> tuple[str, ...]: ...
    def page(
        self, query: AuditQuery, language: str, offset: int = 0, limit: int = 50
    ) -> AuditPage: ...
    def csv(
        self, query: AuditQuery, language: str, zone: tzinfo, progress: Progress | None = None
    ) -> bytes: ...
    def prove(self, scope: str, progress: Progress | None = None) -> ScopeProof: ...


@dataclass(frozen=True)
class ReportsPort:
    """All of the room; nothing of it is opened before the room is."""

    figures: FiguresPort
    publishing: PublishingPort
    endpoint: EndpointPort
    audit: AuditPort
