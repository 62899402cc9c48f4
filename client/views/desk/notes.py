"""Notes among officers. What they are must be plain before a word is written."""

from __future__ import annotations

import flet as ft

from client.i18n.dates import moment
from client.services.office.asked import OfficeNote
from client.viewmodels.app import App
from client.viewmodels.desk.folder import FolderModel
from client.views.desk.kit import choices, field, section
from client.views.kit import button, faint, line, selectable
from client.views.safe import part
from client.views.theme import GAP


@part
def Notes(app: App, model: FolderModel) -> ft.Control:
    """What officers told each other, and a field for more."""
    assert model.open is not None
    text = app.words
    words = field(
        app, "desk-note-text", text("desk.note_label"), model.note_words, model.note_problem,
        form=model.forms, multiline=True, min_lines=2, max_lines=8,
    )  # fmt: skip
    save = button("desk-note", text("desk.note_add"), model.add_note, ft.Icons.NOTE_ADD_OUTLINED,
                  kind=ft.FilledTonalButton)  # fmt: skip
    secret = line(ft.Icons.VISIBILITY_OFF_OUTLINED, text("desk.notes_hint"))
    notes = [_note(app, at, note) for at, note in enumerate(model.open.notes)]
    return section("desk-notes", text("desk.notes"), [secret, *notes, words, choices(save)])


def _note(app: App, at: int, note: OfficeNote) -> ft.Control:
    when = moment(app.words, note.at_ms, app.exchange.now_ms, app.zone)
    column = ft.Column(
        [selectable(ft.Text(note.text), f"noted-{at}"), faint(f"{note.by} · {when}")],
        spacing=4,
        tight=True,
    )
    dashed = ft.Border(left=ft.BorderSide(4, ft.Colors.TERTIARY))
    return ft.Container(column, padding=ft.Padding.only(left=GAP, top=4, bottom=4), border=dashed)
