"""Acts on what is marked: what, then in detail, then a last question, then how far it went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from client.services.office.case import Case
from client.viewmodels.app import App
from client.viewmodels.base import notice_of
from client.viewmodels.desk.bulk import ACTS, STATUSES, Act, BulkModel
from client.viewmodels.desk.room import DeskModel
from client.viewmodels.desk.table import TableModel
from client.views.desk.kit import Option, field, menu, text_button
from client.views.desk.wording import number_of
from client.views.kit import (
    banner,
    button,
    card,
    faint,
    heading,
    icon_button,
    ident,
    selectable,
    wrapped,
)
from client.views.safe import part
from client.views.theme import BODY, GAP, STRONG

FAILED_SHOWN: Final = 5
INTO_SHOWN: Final = 20


@part
def BulkBar(app: App, desk: DeskModel, bulk: BulkModel, table: TableModel) -> ft.Control:
    """In sight while something is marked, or a result is to be read."""
    controls: list[ft.Control] = []
    if bulk.finished:
        controls.append(_result(app, bulk))
    if bulk.marked:
        controls.append(_bar(app, bulk, table))
    if bulk.act and bulk.sure:
        controls.append(_question(app, bulk))
    elif bulk.act:
        controls.append(_form(app, desk, bulk, table))
    if not controls:
        return ft.Container(height=0)
    content = ft.Column(controls, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ident("bulk", card(content, padding=GAP, bgcolor=ft.Colors.SURFACE_CONTAINER))


def _bar(app: App, bulk: BulkModel, table: TableModel) -> ft.Control:
    text = app.words
    said = ft.Text(text("desk.marked", n=bulk.count), weight=STRONG)
    none = icon_button("bulk-none", text("desk.unmark"), ft.Icons.CLOSE, bulk.let_go)
    controls = [ft.Semantics(content=said, live_region=True, container=True), none]
    if bulk.count < table.total:
        controls.append(
            text_button("bulk-all", text("desk.mark_all", n=table.total), bulk.mark_all)
        )
    acts = [
        button(f"bulk-{act}", text(f"desk.bulk_{act}"), _begin(app, bulk, act),
               kind=ft.FilledTonalButton if act == bulk.act else ft.OutlinedButton)
        for act in ACTS
        if act != "forward" or len(table.queues) > 1
    ]  # fmt: skip
    return wrapped([*controls, *acts])


def _begin(app: App, bulk: BulkModel, act: Act) -> Callable[[], None]:
    return lambda: app.spawn(bulk.begin(act))


def _form(app: App, desk: DeskModel, bulk: BulkModel, table: TableModel) -> ft.Control:
    """What has to be said before anything is done."""
    assert bulk.act is not None
    text = app.words
    makers = {
        "assign": lambda: _assign(app, desk, bulk, table),
        "status": lambda: _status(app, bulk),
        "reply": lambda: _reply(app, bulk),
        "forward": lambda: _forward(app, bulk, table),
        "merge": lambda: _merge(app, bulk),
    }
    controls = makers[bulk.act]()
    if bulk.problem:
        problem = text(bulk.problem)
        controls.append(banner("bulk-problem", problem, ft.Icons.EDIT_NOTE, bad=True))
    on = button("bulk-next", text("desk.next"), bulk.check)
    no = text_button("bulk-back", text("common.cancel"), bulk.back)
    return ft.Column([*controls, wrapped([on, no])], spacing=GAP)


def _assign(app: App, desk: DeskModel, bulk: BulkModel, table: TableModel) -> list[ft.Control]:
    text = app.words
    known = [name for name, _ in table.choices.assignees if name != desk.me]
    options = [
        Option(desk.me, text("desk.to_me", name=desk.me)),
        *(Option(name, name) for name in known),
    ]
    nobody = text("desk.nobody")
    chosen = menu(app, "bulk-assignee", text("desk.assignee"), options, bulk.choose,
                  chosen=bulk.value)  # fmt: skip
    other = field(app, "bulk-name", text("desk.assignee_other"), bulk.words, form=bulk.forms)
    hint = faint(text("desk.assign_none_hint", nobody=nobody), BODY)
    return [wrapped([chosen]), other, hint]


def _status(app: App, bulk: BulkModel) -> list[ft.Control]:
    text = app.words
    options = [Option(each, text(f"desk.condition_{each}")) for each in STATUSES]
    chosen = menu(app, "bulk-value", text("desk.status"), options, bulk.choose, chosen=bulk.value)
    words = field(app, "bulk-words", text("desk.status_note"), bulk.words, form=bulk.forms,
                  multiline=True, min_lines=2, max_lines=6)  # fmt: skip
    return [wrapped([chosen]), words]


def _reply(app: App, bulk: BulkModel) -> list[ft.Control]:
    text = app.words
    controls: list[ft.Control] = []
    if bulk.templates:
        options = [Option(each.name, each.name) for each in bulk.templates]
        chosen = menu(app, "bulk-template", text("desk.template"), options, bulk.use_template)
        controls.append(wrapped([chosen]))
    words = field(app, "bulk-words", text("desk.bulk_reply_label"), bulk.words, form=bulk.forms,
                  multiline=True, min_lines=4, max_lines=10)  # fmt: skip
    return [*controls, words]


def _forward(app: App, bulk: BulkModel, table: TableModel) -> list[ft.Control]:
    text = app.words
    options = [Option(name, name) for name in table.queues]
    chosen = menu(app, "bulk-value", text("desk.filter_queue"), options, bulk.choose,
                  chosen=bulk.value)  # fmt: skip
    words = field(app, "bulk-words", text("desk.forward_note"), bulk.words, form=bulk.forms)
    return [wrapped([chosen]), words]


def _merge(app: App, bulk: BulkModel) -> list[ft.Control]:
    text = app.words
    options = [Option(case.record, _called(case)) for case in bulk.candidates[:INTO_SHOWN]]
    chosen = menu(app, "bulk-value", text("desk.merge_into"), options, bulk.choose,
                  chosen=bulk.value)  # fmt: skip
    return [faint(text("desk.merge_hint"), BODY), wrapped([chosen])]


def _question(app: App, bulk: BulkModel) -> ft.Control:
    """How many, and what, before it is done."""
    text = app.words
    controls: list[ft.Control] = [heading(_asked(app, bulk))]
    words = bulk.preview or ("" if bulk.act == "assign" else bulk.words.text.strip())
    if words:
        label = "desk.preview_first" if bulk.preview else "desk.resident_reads"
        controls += [faint(text(label)), selectable(ft.Text(words), "bulk-preview")]
    if bulk.act in ("reply", "status") and words:
        controls.append(faint(text("desk.no_taking_back"), BODY))
    n = bulk.count - (bulk.act == "merge")
    yes = button("bulk-yes", text("desk.yes_do", n=n), bulk.do, ft.Icons.CHECK,
                 disabled=bulk.busy)  # fmt: skip
    no = text_button("bulk-back", text("nav.back"), bulk.back)
    if bulk.busy:
        controls.append(ft.ProgressBar(semantics_label=text("desk.working")))
    return ident("bulk-sure", ft.Column([*controls, wrapped([yes, no])], spacing=GAP))


def _asked(app: App, bulk: BulkModel) -> str:
    text, n = app.words, bulk.count
    if bulk.act == "assign":
        name = bulk.words.text.strip() or bulk.value
        return text("desk.ask_assign", n=n, name=name) if name else text("desk.ask_nobody", n=n)
    if bulk.act == "status":
        return text("desk.ask_status", n=n, status=text(f"desk.condition_{bulk.value}"))
    if bulk.act == "forward":
        return text("desk.ask_forward", n=n, queue=bulk.value)
    if bulk.act == "merge":
        into = next((each for each in bulk.candidates if each.record == bulk.value), None)
        return text("desk.ask_merge", n=n - 1, into=_called(into) if into else bulk.value[:8])
    return text("desk.ask_reply", n=n)


def _called(case: Case) -> str:
    return f"{number_of(case)} · {case.title}"


def _result(app: App, bulk: BulkModel) -> ft.Control:
    """What was done, and what was not and why."""
    text = app.words
    icon = ft.Icons.ERROR_OUTLINE if bulk.failed else ft.Icons.CHECK
    said = text("desk.bulk_done", n=bulk.done)
    controls: list[ft.Control] = [banner("bulk-done", said, icon)]
    if bulk.failed:
        controls.append(heading(text("desk.bulk_failed", n=len(bulk.failed))))
    for failure in bulk.failed[:FAILED_SHOWN]:
        words = f"{failure.name}: {text(notice_of(failure.code))}"
        controls.append(selectable(ft.Text(words), f"failed-{failure.record}"))
    if len(bulk.failed) > FAILED_SHOWN:
        controls.append(faint(text("desk.and_more", n=len(bulk.failed) - FAILED_SHOWN)))
    close = text_button("bulk-close", text("trouble.close"), bulk.close)
    return ft.Column([*controls, ft.Row([close])], spacing=GAP)
