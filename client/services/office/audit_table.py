"""The audit as a table: for a file, or for whoever reads it without the app."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Final

from client.services.office.audit_types import AuditEntry
from client.services.office.labels import Labels
from client.services.office.spreadsheets import csv_of
from client.services.office.tables import Cell, local_time

COLUMNS: Final = (
    "version", "standing", "received", "made", "who", "role", "device", "seq", "kind", "record",
    "said", "counts",
)  # fmt: skip


def audit_csv(entries: Iterable[AuditEntry], zone: tzinfo, labels: Labels) -> bytes:
    """Entries as a CSV file; they may come one by one."""
    header = [labels(f"audit.{column}") for column in COLUMNS]
    return csv_of(header, _rows(entries, zone, labels))


def act_name(labels: Labels, kind: str) -> str:
    """A kind as people call it; one that has no name stays as it is."""
    key = f"act.{kind.replace('.', '_')}"
    return labels.screen(key) if labels.screen.has(key) else kind


def _rows(
    entries: Iterable[AuditEntry], zone: tzinfo, labels: Labels
) -> Iterator[tuple[Cell, ...]]:
    for each in entries:
        yield (
            each.version or None,
            labels.of("standing", each.standing),
            local_time(each.received_at_ms, zone),
            local_time(each.made_at_ms, zone),
            each.who,
            labels.of("role", each.role),
            each.device,
            each.seq or None,
            act_name(labels, each.kind),
            each.record,
            each.said,
            labels("audit.yes" if each.counts else "audit.no"),
        )
