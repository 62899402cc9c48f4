"""Files of other systems, looked through before anything is said; and the city's own for them."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.newsroom.files import FilesModel
from client.views.kit import banner, button, faint, scrolling, wrapped
from client.views.newsroom.forms import section
from client.views.newsroom.incoming import drafts_in, problem_line
from client.views.newsroom.planned import planned
from client.views.safe import part
from client.views.theme import BODY, EDGE


@part
def Files(app: App, model: FilesModel) -> ft.Control:
    """What comes in, then what goes out."""
    controls = [_import(app, model), *_opened(app, model), _export(app, model)]
    return scrolling(controls, key="files", spacing=EDGE)


def _import(app: App, model: FilesModel) -> ft.Control:
    text = app.words
    pick = button("files-pick", text("files.pick"), model.pick, ft.Icons.UPLOAD_FILE)
    said: list[ft.Control] = [faint(text("files.import_hint"), BODY), ft.Row([pick], wrap=True)]
    if model.problem is not None:
        line = problem_line(app, model.problem)
        said.append(banner("files-problem", f"{text('files.unreadable')} {line}",
                           ft.Icons.ERROR_OUTLINE, bad=True))  # fmt: skip
    if model.accepted >= 0:
        said.append(banner("files-accepted", text("files.accepted", n=model.accepted),
                           ft.Icons.CHECK))  # fmt: skip
    return section(text("files.import"), said)


def _opened(app: App, model: FilesModel) -> list[ft.Control]:
    """What is in the file that was chosen."""
    opened = model.opened
    if opened is None:
        return []
    if opened.plan is not None:
        return [planned(app, model, opened.plan)]
    return drafts_in(app, model, opened)


def _export(app: App, model: FilesModel) -> ft.Control:
    text = app.words
    acts = wrapped(
        [
            button("files-places-csv", text("files.places_csv"), partial(model.save_places, False),
                   ft.Icons.SAVE_ALT, kind=ft.OutlinedButton),
            button("files-places-geojson", text("files.places_geojson"),
                   partial(model.save_places, True), ft.Icons.SAVE_ALT, kind=ft.OutlinedButton),
            button("files-schedules-csv", text("files.schedules_csv"), model.save_schedules,
                   ft.Icons.SAVE_ALT, kind=ft.OutlinedButton),
        ]
    )  # fmt: skip
    said: list[ft.Control] = [faint(text("files.export_hint"), BODY), acts]
    if model.kept is not None:
        name, kept = model.kept
        key = "files.saved" if kept else "settings.not_exported"
        said.append(banner("files-saved", text(key, name=name) if kept else text(key),
                           ft.Icons.CHECK if kept else ft.Icons.INFO_OUTLINE))  # fmt: skip
    return section(text("files.export"), said)
