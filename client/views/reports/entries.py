"""A line of the audit: when, who, what, and how it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import flet as ft

from client.services.office.audit_types import AuditEntry, Standing
from client.viewmodels.app import App
from client.views.kit import faint
from client.views.safe import still
from client.views.theme import SMALL, SPACE, STRONG

SHOWN_ID: Final = 8
ICONS: Final[dict[Standing, ft.IconData]] = {
    "received": ft.Icons.CLOUD_DONE_OUTLINED,
    "waiting": ft.Icons.SMARTPHONE_OUTLINED,
    "refused": ft.Icons.BLOCK,
    "held": ft.Icons.ARCHIVE_OUTLINED,
    "aside": ft.Icons.DO_NOT_DISTURB_ON_OUTLINED,
    "let_go": ft.Icons.INVENTORY_2_OUTLINED,
    "damaged": ft.Icons.BROKEN_IMAGE_OUTLINED,
    "missing": ft.Icons.REPORT_GMAILERRORRED_OUTLINED,
}
_LAST_MS: Final = 253_000_000_000_000


def _shows(app: App, entry: AuditEntry, at: int) -> object:
    return app.language, app.wide, app.prefs.text_percent


@still(_shows)
def AuditEntryRow(app: App, entry: AuditEntry, at: int) -> ft.Control:
    """One change. Screen readers hear it as one piece."""
    when, who, what, stands = (
        _when(app, entry),
        _who(app, entry),
        _what(app, entry),
        _stands(app, entry),
    )
    if app.wide and app.prefs.text_percent <= 150:
        content: ft.Control = ft.Row(
            [
                ft.Container(_two(when), expand=3),
                ft.Container(_two(who), expand=4),
                ft.Container(_two(what, strong=True), expand=8),
                ft.Container(_standing(entry, stands), expand=4),
            ],
            spacing=SPACE,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    else:
        content = ft.Column([_two(what, strong=True), _two(who), _two(when),
                             _standing(entry, stands)], spacing=4)  # fmt: skip
    said = ". ".join(filter(None, (*when, *who, *what, stands)))
    ruled = ft.Container(
        content,
        padding=ft.Padding.symmetric(vertical=8),
        border=ft.Border(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )
    return ft.Semantics(
        identifier=f"audit-entry-{at}", label=said, container=True, exclude_semantics=True,
        content=ruled,
    )  # fmt: skip


def _when(app: App, entry: AuditEntry) -> tuple[str, str]:
    """The city's receipt, and the device's own clock where it says something else."""
    text = app.words
    received = moment(app, entry.received_at_ms) if entry.received_at_ms else ""
    made = moment(app, entry.made_at_ms) if entry.made_at_ms is not None else ""
    if not received:
        return made, text("log.no_receipt") if made else ""
    return received, text("log.made", time=made) if made and made != received else ""


def _who(app: App, entry: AuditEntry) -> tuple[str, str]:
    text = app.words
    device = text("log.device", id=entry.device[:SHOWN_ID]) if entry.device else ""
    if entry.role == "sender":
        return (text("log.sender") if entry.device else "—"), device
    return entry.who or text(f"log.role_{entry.role}"), device


def _what(app: App, entry: AuditEntry) -> tuple[str, str]:
    text = app.words
    key = f"act.{entry.kind.replace('.', '_')}"
    name = text(key) if text.has(key) else entry.kind or text("log.gone")
    record = text("log.of_record", id=entry.record[:SHOWN_ID]) if entry.record else ""
    said = entry.said if entry.opened or entry.standing == "missing" else text("log.sealed")
    return name, " · ".join(filter(None, (said, record)))


def _stands(app: App, entry: AuditEntry) -> str:
    text = app.words
    place = f"№ {entry.version} · " if entry.version else ""
    standing = text(f"log.standing_{entry.standing}")
    rest = (
        ""
        if entry.counts or entry.standing in ("missing", "damaged", "refused")
        else (f". {text('log.does_not_count')}")
    )
    return f"{place}{standing}{rest}"


def _two(pair: tuple[str, str], *, strong: bool = False) -> ft.Control:
    lines: list[ft.Control] = [ft.Text(pair[0], weight=STRONG if strong else None)]
    if pair[1]:
        lines.append(faint(pair[1]))
    return ft.Column(lines, spacing=2, tight=True)


def _standing(entry: AuditEntry, said: str) -> ft.Control:
    bad = entry.standing in ("missing", "damaged") or not entry.counts
    color = ft.Colors.ERROR if bad else ft.Colors.ON_SURFACE_VARIANT
    words = ft.Text(said, theme_style=SMALL, color=color, expand=True)
    return ft.Row([ft.Icon(ICONS[entry.standing], size=18, color=color), words], spacing=6,
                  vertical_alignment=ft.CrossAxisAlignment.START)  # fmt: skip


def moment(app: App, at_ms: int) -> str:
    """A moment with its day: an auditor compares days."""
    seconds = min(max(at_ms, 0), _LAST_MS) / 1000
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone(app.zone):%d.%m.%Y %H:%M:%S}"
