"""The audit: what is proven, the filters, and who did what when."""

from __future__ import annotations

from functools import partial
from typing import Final

import flet as ft

from client.services.office.audit_types import SENDERS, Person
from client.viewmodels.app import App
from client.viewmodels.base import PAGE
from client.viewmodels.reports.audit import FILE, AuditModel
from client.viewmodels.reports.room import ReportsModel
from client.viewmodels.reports.saving import Saver
from client.views.fields import choice, text_field
from client.views.kit import button, card, empty, faint, heading, rows
from client.views.reports.entries import AuditEntryRow
from client.views.reports.proof import proof_card
from client.views.reports.saving import File, save_buttons
from client.views.reports.tabs import tabs
from client.views.safe import part
from client.views.theme import BODY, GAP

ALL: Final = "*"
SHOWN_ID: Final = 8


@part
def AuditView(app: App, room: ReportsModel, model: AuditModel, saver: Saver) -> ft.Control:
    """All of it."""
    text = app.words
    controls: list[ft.Control] = [tabs(app, room)]
    if not model.read:
        controls.append(ft.ProgressBar(semantics_label=text("reports.reading")))
        return rows(controls, key="audit-reading")
    controls += [proof_card(app, model), _filters(app, model, saver)]
    if not model.page.entries:
        controls.append(empty("audit-empty", ft.Icons.FACT_CHECK_OUTLINED, text("log.empty")))
    else:
        shown: list[ft.Control] = [
            AuditEntryRow(app, entry, at, key=f"entry-{entry.version}-{entry.seq}-{at}")
            for at, entry in enumerate(model.page.entries)
        ]
        column = ft.Column(shown, spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        controls += [_pager(app, model), card(column, padding=12)]
    return rows(controls, key="audit")


def _filters(app: App, model: AuditModel, saver: Saver) -> ft.Control:
    text = app.words
    shown = (
        (190, _scopes(app, model)), (215, _people(app, model)), (205, _kinds(app, model)),
        (155, _typed(app, model, "record")), (138, _typed(app, model, "start")),
        (138, _typed(app, model, "end")),
    )  # fmt: skip
    fields: list[ft.Control] = [ft.Container(each, width=_px(app, px)) for px, each in shown]
    acts = [
        button("audit-find", text("log.find"), model.find, ft.Icons.SEARCH),
        button("audit-turn", text("log.oldest" if model.newest else "log.newest"),
               model.turn_round, ft.Icons.SWAP_VERT, kind=ft.OutlinedButton),
        button("audit-clear", text("log.clear"), model.clear, kind=ft.TextButton),
    ]  # fmt: skip
    files = [File(FILE, text("log.save"), model.file(), private=True)]
    content = [
        heading(text("log.filters")),
        ft.Row(fields, wrap=True, spacing=GAP, run_spacing=GAP,
               vertical_alignment=ft.CrossAxisAlignment.START),
        save_buttons(app, saver, files, acts),
    ]  # fmt: skip
    return card(ft.Column(content, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


def _px(app: App, px: int) -> int:
    """A width that grows with the letters; on a phone a field takes all of it."""
    return min(px * app.prefs.text_percent // 100, 480) if app.wide else 296


def _scopes(app: App, model: AuditModel) -> ft.Control:
    text = app.words
    options = [(scope, _scope_name(app, scope)) for scope in model.scopes]
    return choice("audit-scope", text("log.scope"), model.scope, options,
                  lambda scope: app.spawn(model.choose_scope(scope)))  # fmt: skip


def _scope_name(app: App, scope: str) -> str:
    sort, _, queue = scope.partition("/")
    return app.words("log.scope_queue", name=queue) if queue else app.words(f"log.scope_{sort}")


def _people(app: App, model: AuditModel) -> ft.Control:
    text = app.words
    options = [(ALL, text("log.everybody")), (SENDERS, text("log.senders"))]
    options += [(each.device, _person(each)) for each in model.people]

    def take(person: str) -> None:
        app.spawn(model.choose_person("" if person == ALL else person))

    return choice("audit-person", text("log.person"), model.person or ALL, options, take)


def _person(person: Person) -> str:
    short = person.device[:SHOWN_ID]
    return f"{person.label} ({short})" if person.label else short


def _kinds(app: App, model: AuditModel) -> ft.Control:
    text = app.words
    options = [(ALL, text("log.every_kind"))]
    options += [(kind, act_words(app, kind)) for kind in model.kinds]

    def take(kind: str) -> None:
        app.spawn(model.choose_kind("" if kind == ALL else kind))

    return choice("audit-kind", text("log.kind"), model.kind or ALL, options, take)


def act_words(app: App, kind: str) -> str:
    """A kind as people call it; one that has no name stays as it is."""
    key = f"act.{kind.replace('.', '_')}"
    return app.words(key) if app.words.has(key) else kind


def _typed(app: App, model: AuditModel, name: str) -> ft.Control:
    text = app.words
    wrong = "record" if name == "record" else "days"
    problem = text(f"log.bad_{wrong}") if model.problem == wrong else None

    def take(words: str) -> None:
        getattr(model, name).text = words

    hint = text("log.record_hint") if name == "record" else text("reports.day_hint")
    return text_field(f"audit-{name}", text(f"log.{name}"), getattr(model, name).text, take,
                      problem, hint_text=hint, on_submit=model.find)  # fmt: skip


def _pager(app: App, model: AuditModel) -> ft.Control:
    text, page = app.words, model.page
    last = page.offset + len(page.entries)
    said = text("log.shown", first=page.offset + 1, last=last, total=page.total)
    controls: list[ft.Control] = [faint(said, BODY)]
    if page.offset:
        controls.append(button("audit-back", text("log.back"), partial(model.go, -1),
                               ft.Icons.CHEVRON_LEFT, kind=ft.OutlinedButton))  # fmt: skip
    if last < page.total:
        controls.append(button("audit-on", text("log.on", n=min(PAGE, page.total - last)),
                               partial(model.go, 1), ft.Icons.CHEVRON_RIGHT,
                               kind=ft.OutlinedButton))  # fmt: skip
    return ft.Row(controls, wrap=True, spacing=GAP, run_spacing=GAP,
                  vertical_alignment=ft.CrossAxisAlignment.CENTER)  # fmt: skip
