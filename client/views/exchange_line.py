"""The line of truth, on every screen: when the last exchange succeeded and what still waits."""

from __future__ import annotations

from datetime import tzinfo

import flet as ft

from client.i18n import Words
from client.i18n.dates import ago, moment
from client.services.types import SyncState
from client.viewmodels.app import App, ExchangeModel
from client.views.kit import ident
from client.views.safe import part
from client.views.theme import EDGE


def describe(text: Words, state: SyncState, now_ms: int, zone: tzinfo, appeals: int) -> str:
    """The line in words. It says "received" only where the city's receipts say so."""
    pieces = [_when(text, state, now_ms, zone), _waiting(text, state, appeals)]
    if state.refused:
        pieces.append(text("sync.refused", n=state.refused))
    return " · ".join(pieces)


def _when(text: Words, state: SyncState, now_ms: int, zone: tzinfo) -> str:
    since = state.last_success_ms
    if state.last_error is not None:
        cut = "sync.offline" if state.last_error == "unreachable" else "sync.trouble"
        if since is None:
            return text(cut)
        return text(f"{cut}_since", time=moment(text, since, now_ms, zone))
    if since is None:
        return text("sync.never")
    return text("sync.ok", ago=ago(text, since, now_ms, zone))


def _waiting(text: Words, state: SyncState, appeals: int) -> str:
    if state.waiting:
        # A comment or a status is no appeal: count appeals only when they are all that waits.
        counted = "sync.appeals_wait" if appeals == state.waiting else "sync.items_wait"
        return text(counted, n=state.waiting)
    everything = state.last_success_ms is not None and not state.refused
    return text("sync.all_received" if everything else "sync.nothing_waits")


@part
def ExchangeLine(app: App, model: ExchangeModel) -> ft.Control:
    """The line; a tap exchanges now."""
    text, state = app.words, model.state
    if state is None:
        return ft.Container(height=0)
    words = describe(text, state, model.now_ms, app.zone, model.appeals_waiting)
    icon = ft.Icons.CLOUD_DONE_OUTLINED
    if state.last_error is not None or state.last_success_ms is None:
        icon = ft.Icons.CLOUD_OFF_OUTLINED
    elif state.waiting:
        icon = ft.Icons.CLOUD_UPLOAD_OUTLINED
    calm = state.last_error is None and not state.waiting
    color = ft.Colors.ON_SURFACE_VARIANT if calm else ft.Colors.ON_TERTIARY_CONTAINER
    return ident(
        "exchange-line",
        ft.Container(
            content=ft.Row(
                [
                    ft.Icon(icon, size=20, color=color),
                    ft.Text(words, size=13, color=color, expand=True),
                    ft.Icon(ft.Icons.SYNC, size=18, color=color),
                ],
                spacing=10,
            ),
            padding=ft.Padding.symmetric(vertical=10, horizontal=14),
            margin=ft.Margin.symmetric(vertical=4, horizontal=EDGE),
            border_radius=12,
            bgcolor=ft.Colors.SURFACE_CONTAINER if calm else ft.Colors.TERTIARY_CONTAINER,
            ink=True,
            on_click=app.device.exchange_now,
        ),
        on_tap_hint_text=text("sync.now"),
    )
