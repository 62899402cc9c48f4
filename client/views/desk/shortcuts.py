"""The keys, as a list to look at."""

from __future__ import annotations

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.desk.keys import COMMANDS, SHOWN, Command
from client.viewmodels.desk.room import DeskModel
from client.views.kit import card, heading, icon_button, ident
from client.views.safe import part
from client.views.theme import BODY, GAP, SPACE, STRONG

KEY_PX = 96
LINE_PX = 320


@part
def Shortcuts(app: App, desk: DeskModel) -> ft.Control:
    """In sight while it was asked for."""
    if not desk.help:
        return ft.Container(height=0)
    text = app.words
    close = icon_button("keys-close", text("trouble.close"), ft.Icons.CLOSE,
                        lambda: desk.show_help(False))  # fmt: skip
    top = ft.Row([heading(text("desk.keys")), close], alignment=ft.MainAxisAlignment.SPACE_BETWEEN)
    lines = ft.Row([_line(app, each) for each in COMMANDS], wrap=True, spacing=GAP, run_spacing=4)
    hint = ft.Text(text("desk.keys_hint"), theme_style=BODY)
    return ident("keys", card(ft.Column([top, lines, hint], spacing=SPACE)), live_region=True)


def _line(app: App, command: Command) -> ft.Control:
    keys = ft.Text(SHOWN[command], theme_style=BODY, weight=STRONG, width=KEY_PX)
    said = ft.Text(app.words(f"desk.key_{command}"), theme_style=BODY, expand=True)
    row = ft.Row([keys, said], spacing=SPACE, width=LINE_PX)
    return ft.Semantics(container=True, content=row)
