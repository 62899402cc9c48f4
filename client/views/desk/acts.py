"""What can be done with an appeal: who takes care of it, its status, its term, its queue."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.services.office.case import Case
from client.viewmodels.app import App
from client.viewmodels.desk.folder import NEEDS_WORDS, SETTABLE, FolderModel
from client.viewmodels.desk.room import DeskModel
from client.views.desk.kit import Option, choices, field, menu, section, text_button
from client.views.kit import banner, button, faint, heading, pair, wrapped
from client.views.safe import part
from client.views.theme import BODY, GAP

OTHER = "*"
NOBODY = "-"


@part
def Acts(app: App, desk: DeskModel, model: FolderModel) -> ft.Control:
    """Buttons, and under them the form of the act that was begun."""
    assert model.open is not None
    text, case = app.words, model.open.case
    controls: list[ft.Control] = [
        pair(text("desk.assignee"), case.assignee or text("desk.nobody"), "desk-assignee"),
        wrapped(_buttons(app, desk, model, case)),
    ]
    if model.ask == "assign":
        controls.append(_other(app, model))
    elif model.ask and model.ask != "register":
        controls.append(_form(app, model))
    return section("desk-acts", text("desk.acts"), controls)


def _buttons(app: App, desk: DeskModel, model: FolderModel, case: Case) -> list[ft.Control]:
    text = app.words
    codes = [each for each in SETTABLE if each != case.status]
    found = [
        _assign(app, desk, model, case),
        menu(
            app, "desk-status", text("desk.status"),
            [Option(each, text(f"desk.condition_{each}")) for each in codes],
            model.begin,  # type: ignore[arg-type]
        ),
    ]  # fmt: skip
    if case.lane == "appeal" and case.open and not case.extended:
        found.append(_act(app, model, "extend", ft.Icons.MORE_TIME))
    if model.queues:
        found.append(_act(app, model, "forward", ft.Icons.FORWARD_OUTLINED))
    if case.number and model.ask != "register":
        begin = partial(model.begin, "register")
        found.append(button("desk-correct", text("desk.do_register"), begin,
                            ft.Icons.EDIT_OUTLINED, kind=ft.OutlinedButton))  # fmt: skip
    return found


def _act(app: App, model: FolderModel, ask: str, icon: ft.IconData) -> ft.Control:
    begin = partial(model.begin, ask)  # type: ignore[arg-type]
    return button(f"desk-{ask}", app.words(f"desk.do_{ask}"), begin, icon, kind=ft.OutlinedButton)


def _assign(app: App, desk: DeskModel, model: FolderModel, case: Case) -> ft.Control:
    text, me = app.words, desk.me
    names = [name for name, _ in desk.table.choices.assignees if name not in (me, case.assignee)]
    options = [Option(name, name) for name in names]
    if case.assignee != me:
        options.insert(0, Option(me, text("desk.to_me", name=me)))
    if case.assignee:
        options.append(Option(NOBODY, text("desk.nobody")))
    options.append(Option(OTHER, text("desk.assignee_other")))

    def chosen(code: str) -> object:
        if code != OTHER:
            return model.assign("" if code == NOBODY else code)
        model.begin("assign")
        return None

    return menu(app, "desk-assign", text("desk.assign"), options, chosen)


def _other(app: App, model: FolderModel) -> ft.Control:
    text = app.words
    name = field(
        app, "ask-name", text("desk.assignee_other"), model.words, model.problem,
        form=model.forms, autofocus=True, on_submit=model.assign_typed,
    )  # fmt: skip
    yes = button("ask-yes", text("desk.assign"), model.assign_typed)
    return ft.Column([name, choices(yes, _no(app, model))], spacing=GAP)


def _form(app: App, model: FolderModel) -> ft.Control:
    """The words of an act: needed where the law has it explained, welcome elsewhere."""
    text, ask = app.words, model.ask
    controls: list[ft.Control] = [heading(text(f"desk.title_{ask}"))]
    if text.has(f"desk.hint_{ask}"):
        controls.append(faint(text(f"desk.hint_{ask}"), BODY))
    if ask == "forward":
        controls.append(wrapped([_queue(app, model)]))
    label = text("desk.explain" if ask in NEEDS_WORDS else "desk.explain_maybe")
    words = field(
        app, "ask-words", label, model.words, form=model.forms,
        multiline=True, min_lines=2, max_lines=8,
    )  # fmt: skip
    controls.append(words)
    if model.problem:
        problem = text(model.problem)
        controls.append(banner("ask-problem", problem, ft.Icons.EDIT_NOTE, bad=True))
    yes = button("ask-yes", text(f"desk.yes_{ask}"), model.confirm)
    controls.append(choices(yes, _no(app, model)))
    return ft.Column(controls, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _queue(app: App, model: FolderModel) -> ft.Control:
    options = [Option(name, name) for name in model.queues]
    return menu(app, "ask-queue", app.words("desk.filter_queue"), options, model.choose_queue,
                chosen=model.queue)  # fmt: skip


def _no(app: App, model: FolderModel) -> ft.Control:
    return text_button("ask-no", app.words("common.cancel"), partial(model.begin, ""))
