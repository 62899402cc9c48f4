"""The line of truth, on every screen: when the last exchange succeeded and what still waits."""

from __future__ import annotations

from datetime import tzinfo

import flet as ft

from client.i18n import Words
from client.i18n.dates import ago, moment
from client.services.types import SyncState
from client.viewmodels.app import App, ExchangeModel
from client.views.kit import icon_button, ident
from client.views.safe import part
from client.views.theme import EDGE, SMALL


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
    if state.carrying:  # others' words: nobody may read here that all is received
        return text("sync.carrying", n=state.carrying)
    everything = state.last_success_ms is not None and not state.refused
    return text("sync.all_received" if everything else "sync.nothing_waits")


@part
def ExchangeLine(app: App, model: ExchangeModel) -> ft.Control:
    """The line; a tap leads to the outbox, the arrows beside it exchange now."""
    text, state = app.words, model.state
    if state is None:
        return ft.Container(height=0)
    words = describe(text, state, model.now_ms, app.zone, model.appeals_waiting)
    if model.asked and state.running:
        words = f"{text('sync.running')} {words}"
    icon = ft.Icons.CLOUD_DONE_OUTLINED
    if state.last_error is not None or state.last_success_ms is None:
        icon = ft.Icons.CLOUD_OFF_OUTLINED
    elif state.waiting:
        icon = ft.Icons.CLOUD_UPLOAD_OUTLINED
    outbox = "outbox" in app.behind
    calm = state.last_error is None and not state.waiting
    color = ft.Colors.ON_SURFACE_VARIANT if calm else ft.Colors.ON_TERTIARY_CONTAINER
    line = ident(
        "exchange-line",
        ft.Container(
            content=ft.Row(
                [
                    ft.Icon(icon, size=20, color=color),
                    ft.Text(words, theme_style=SMALL, color=color, expand=True),
                ],
                spacing=10,
            ),
            padding=ft.Padding.only(left=14, top=14, bottom=14),
            ink=True,
            on_click=(lambda: app.go("outbox")) if outbox else app.exchange_now,
        ),
        expand=True,
        on_tap_hint_text=text("sync.open_outbox" if outbox else "sync.now"),
    )
    now = icon_button("exchange-now", text("sync.now"), ft.Icons.SYNC, app.exchange_now)
    return ft.Container(
        content=ft.Row([line, now], spacing=0),
        margin=ft.Margin.symmetric(vertical=4, horizontal=EDGE),
        border_radius=12,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        bgcolor=ft.Colors.SURFACE_CONTAINER if calm else ft.Colors.TERTIARY_CONTAINER,
    )
