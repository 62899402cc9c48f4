"""Replying: a template to begin from, the words, what the resident will read."""

from __future__ import annotations

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.desk.folder import FolderModel
from client.viewmodels.desk.replies import RepliesModel
from client.viewmodels.desk.room import REPLY, TEMPLATES
from client.views.desk.kit import Option, choices, field, menu, section, text_button
from client.views.kit import button, faint, selectable, toggle, wrapped
from client.views.safe import part
from client.views.theme import BODY, GAP


@part
def Reply(app: App, model: FolderModel, replies: RepliesModel) -> ft.Control:
    """The words to the resident; those that were begun are kept while one looks elsewhere."""
    text = app.words
    words = field(
        app, REPLY, text("desk.reply_label"), replies.words, replies.problem,
        form=replies.forms, multiline=True, min_lines=4, max_lines=14,
        on_typed=replies.typed,
    )  # fmt: skip
    answered = toggle(
        "desk-reply-answered", text("desk.reply_answered"),
        lambda: replies.set_answered(not replies.answered), chosen=replies.answered,
    )  # fmt: skip
    controls = [wrapped(_templates(app, replies)), words, *_preview(app, replies)]
    send = button("desk-reply", text("desk.reply"), model.reply, ft.Icons.SEND_OUTLINED)
    show = text_button("desk-preview", text("desk.preview"), replies.show)
    controls += [wrapped([answered]), choices(send, show)]
    return section("desk-reply-card", text("desk.reply_title"), controls)


def _templates(app: App, replies: RepliesModel) -> list[ft.Control]:
    text = app.words
    manage = text_button("desk-templates", text("desk.templates"),
                         lambda: app.go("queue", TEMPLATES))  # fmt: skip
    if not replies.templates:
        return [manage]
    options = [Option(each.name, each.name) for each in replies.templates]
    chosen = menu(app, "desk-template", text("desk.template"), options, replies.use)  # fmt: skip
    return [chosen, manage]


def _preview(app: App, replies: RepliesModel) -> list[ft.Control]:
    if not replies.preview:
        return []
    paper = ft.Container(
        selectable(ft.Text(replies.preview), "desk-previewed"),
        padding=GAP,
        border_radius=12,
        bgcolor=ft.Colors.SECONDARY_CONTAINER,
    )
    return [faint(app.words("desk.resident_reads"), BODY), paper]
