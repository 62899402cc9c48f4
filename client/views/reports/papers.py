"""The quarterly report and the journal: how they look, and as files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final, cast

import flet as ft

from client.i18n import Words
from client.services.office.tables import Cell, Table
from client.viewmodels.app import App
from client.viewmodels.reports.charts import number
from client.viewmodels.reports.papers import PapersModel, SheetForm
from client.viewmodels.reports.room import ReportsModel
from client.viewmodels.reports.saving import Saver
from client.views.fields import choice
from client.views.kit import banner, card, empty, faint, heading, rows
from client.views.reports.saving import File, save_buttons
from client.views.reports.sheet import Shape, sheet
from client.views.reports.tabs import tabs
from client.views.safe import part
from client.views.theme import BODY, GAP

JOURNAL_SHOWN: Final = 10
"""The last entries: enough to see that it is the right file."""
COLUMNS_SHOWN: Final = (1, 2, 4, 13, 17)
"""Number, received, name, content, state; the file has all."""
_FORMS: Final[tuple[SheetForm, ...]] = ("csv", "xlsx")
_WIDTHS: Final = (2, 3, 12, 3, 3)


@part
def QuarterPage(app: App, room: ReportsModel, model: PapersModel, saver: Saver) -> ft.Control:
    """The quarterly report."""
    text = app.words
    controls: list[ft.Control] = [tabs(app, room)]
    if model.report is None or model.quarter is None:
        controls.append(ft.ProgressBar(semantics_label=text("reports.reading")))
        return rows(controls, key="quarter-reading")
    table = model.report
    content: list[ft.Control] = [
        heading(table.title),
        ft.Row([ft.Container(_quarter(app, model), width=320)])
        if app.wide
        else _quarter(app, model),
        faint(text("reports.quarter_hint"), BODY),
        _files(app, model, saver, model.quarter_name, model.quarter_file),
        sheet(
            app, "quarterly", table.header, _texts(table, text), Shape(_WIDTHS, 2, table.headings)
        ),
    ]
    controls.append(card(_column(content)))
    return rows(controls, key="quarter")


@part
def JournalPage(app: App, room: ReportsModel, model: PapersModel, saver: Saver) -> ft.Control:
    """The journal."""
    text = app.words
    controls: list[ft.Control] = [tabs(app, room)]
    if model.journal is None:
        controls.append(ft.ProgressBar(semantics_label=text("reports.reading")))
        return rows(controls, key="journal-reading")
    table = model.journal
    if not table.rows:
        controls.append(empty("journal-empty", ft.Icons.MENU_BOOK_OUTLINED,
                              text("reports.journal_empty")))  # fmt: skip
        return rows(controls, key="journal-none")
    content: list[ft.Control] = [
        heading(table.title),
        ft.Text(text("reports.journal_count", n=len(table.rows))),
        faint(text("reports.journal_hint", n=len(table.header)), BODY),
        _files(app, model, saver, lambda form: f"misto-journal.{form}", model.journal_file,
               private=True),
        sheet(app, "journal", [table.header[at] for at in COLUMNS_SHOWN], _last(table, text),
              Shape((3, 3, 5, 6, 3))),
    ]  # fmt: skip
    controls.append(card(_column(content)))
    return rows(controls, key="journal")


def _quarter(app: App, model: PapersModel) -> ft.Control:
    text = app.words
    options = [
        (str(at), text("reports.quarter_of", n=each.number, year=each.year))
        for at, each in enumerate(model.quarters)
    ]
    chosen = model.quarters.index(model.quarter) if model.quarter in model.quarters else 0

    def take(at: str) -> None:
        app.spawn(model.choose_quarter(model.quarters[int(at)]))

    return choice("quarter-choice", text("reports.quarter"), str(chosen), options, take)


def _files(
    app: App,
    model: PapersModel,
    saver: Saver,
    name: Callable[[SheetForm], str],
    make: Callable[[SheetForm], Callable[[], bytes]],
    *,
    private: bool = False,
) -> ft.Control:
    """Both forms; where the one for spreadsheets cannot be made, what to install."""
    forms = _FORMS if model.can_xlsx else _FORMS[:1]
    files = [
        File(name(form), app.words(f"reports.save_{form}"), make(form), private) for form in forms
    ]
    buttons = save_buttons(app, saver, files)
    if model.can_xlsx:
        return buttons
    hint = banner("no-xlsx", app.words("reports.no_xlsx"), ft.Icons.INFO_OUTLINE)
    return _column([buttons, hint])


def _texts(table: Table, text: Words) -> list[tuple[str, ...]]:
    return [tuple(_cell(cell, text) for cell in row) for row in table.rows]


def _last(table: Table, text: Words) -> list[tuple[str, ...]]:
    return [
        tuple(_cell(row[at], text) for at in COLUMNS_SHOWN) for row in table.rows[-JOURNAL_SHOWN:]
    ]


def _cell(cell: Cell, text: Words) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return cell if isinstance(cell, str) else number(cast(float, cell), text)


def _column(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(controls, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
