"""What is said when the city has signed two different lists: what it means, and what to do."""

from __future__ import annotations

from typing import Final

import flet as ft

from client.i18n.dates import moment
from client.services.witness import Split
from client.viewmodels.app import App
from client.viewmodels.witness import WitnessModel
from client.views.kit import banner, button, card, faint, heading, ident, line, wrapped
from client.views.safe import part
from client.views.theme import BODY, EDGE, GAP

_SHOWN_MAX: Final = 3
NAMED: Final = ("trust", "news", "mail")
STEPS: Final = ("check", "report", "go_on")


@part
def SplitStrip(app: App, model: WitnessModel) -> ft.Control:
    """One line over every room, until the person has read it."""
    if not model.unread:
        return ft.Container(height=0)
    ink = ft.Colors.ON_TERTIARY_CONTAINER
    why = button("split-why", app.words("split.why"), lambda: app.go("settings"),
                 kind=ft.TextButton)  # fmt: skip
    row = ft.Row(
        [
            ft.Icon(ft.Icons.CALL_SPLIT, color=ink),
            ft.Text(app.words("split.strip"), color=ink, expand=True),
            why,
        ]
    )
    return ident(
        "split-strip",
        ft.Container(
            row,
            padding=ft.Padding.symmetric(vertical=4, horizontal=EDGE),
            margin=ft.Margin.symmetric(vertical=4, horizontal=EDGE),
            border_radius=12,
            bgcolor=ft.Colors.TERTIARY_CONTAINER,
        ),
        live_region=True,
    )


@part
def SplitCard(app: App, model: WitnessModel) -> ft.Control:
    """The whole of it, in the settings, for as long as the proof is here."""
    if not model.splits:
        return ft.Container(height=0)
    text = app.words
    acts = [button("split-save", text("split.save"), model.save, ft.Icons.SAVE_ALT)]
    if model.unread:
        acts.append(button("split-read", text("split.read"), model.mark_read, ft.Icons.CHECK,
                           kind=ft.OutlinedButton))  # fmt: skip
    controls: list[ft.Control] = [
        heading(text("split.title")),
        *(_found(app, each) for each in model.splits[:_SHOWN_MAX]),
        ft.Text(text("split.means")),
        line(ft.Icons.CHECK_CIRCLE_OUTLINED, text("split.safe")),
        *(line(ft.Icons.ARROW_FORWARD, text(f"split.do_{step}")) for step in STEPS),
        wrapped(acts),
        faint(text("split.file_hint"), BODY),
    ]
    if model.saved:
        controls.append(banner("split-saved", text("split.saved"), ft.Icons.CHECK))
    stretch = ft.CrossAxisAlignment.STRETCH
    return ident("split-card", card(ft.Column(controls, spacing=GAP, horizontal_alignment=stretch)))


def _found(app: App, split: Split) -> ft.Control:
    text = app.words
    name = text(f"split.feed_{split.feed}") if split.feed in NAMED else text("split.feed_queue")
    now = app.exchange.now_ms
    first, second = (moment(text, each, now, app.zone) for each in sorted(split.signed_ms))
    said = text("split.found", feed=name, version=split.version, first=first, second=second)
    return line(ft.Icons.CALL_SPLIT, said)
