"""What stands above the appeals: saved views, the search, what is marked."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.services.office.asked import VIEWS, View
from client.viewmodels.app import App
from client.viewmodels.desk.bulk import BulkModel
from client.viewmodels.desk.room import DeskModel
from client.viewmodels.desk.table import TableModel
from client.views.desk.bar import SearchBar
from client.views.desk.bulk import BulkBar
from client.views.desk.kit import STRETCH
from client.views.desk.shortcuts import Shortcuts
from client.views.kit import toggle, wrapped
from client.views.safe import part
from client.views.theme import SPACE


@part
def Head(app: App, desk: DeskModel, bulk: BulkModel) -> ft.Control:
    """What stands above the appeals. A form of many acts, and the keys, take the place of the
    search: on a low screen there would be no room left for the table.
    """
    controls: list[ft.Control] = [SavedViews(app, desk.table)]
    if desk.help:
        controls.append(Shortcuts(app, desk))
    elif bulk.act is None:
        controls.append(SearchBar(app, desk, desk.table))
    controls.append(BulkBar(app, desk, bulk, desk.table))
    return ft.Column(controls, spacing=SPACE, horizontal_alignment=STRETCH)


@part
def SavedViews(app: App, table: TableModel) -> ft.Control:
    """The views with how many each has."""
    text = app.words

    def one(view: View) -> ft.Control:
        words = f"{text(f'desk.view_{view}')} {table.counts.get(view, 0)}"
        chosen = table.query.view == view
        return toggle(f"view-{view}", words, partial(table.show, view), chosen=chosen)

    toggles = [one(view) for view in VIEWS]
    if app.wide:
        return ft.Container(wrapped(toggles), padding=ft.Padding.only(top=4))
    return ft.Row(toggles, scroll=ft.ScrollMode.HIDDEN, spacing=SPACE, key="views")
