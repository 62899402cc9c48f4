"""Merging: likely duplicates and why they are alike, another one by its number, the way back."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.services.office.case import Case
from client.services.office.likeness import Likeness
from client.viewmodels.app import App
from client.viewmodels.desk.folder import FolderModel
from client.viewmodels.desk.merging import MergingModel
from client.views.desk.kit import field, section, text_button
from client.views.desk.wording import day, local_day, look_of, number_of
from client.views.kit import banner, button, faint, heading, ident, line, wrapped
from client.views.safe import part
from client.views.theme import BODY, GAP, STRONG


def merged_into(app: App, model: FolderModel) -> list[ft.Control]:
    """That this one goes on in another one, with the way there and the way back."""
    assert model.open is not None
    other = model.open.merged_into
    if other is None:
        return []
    text, record = app.words, model.record
    said = text("desk.merged_into", other=_called(other))
    show = text_button("merged-open", text("desk.open_it"), partial(app.go, "queue", other.record))
    undo = text_button("merged-undo", text("desk.unmerge"), partial(model.merge, record, ""))
    column = ft.Column([line(ft.Icons.MERGE, said), wrapped([show, undo])], spacing=4)
    return [ident("merged-into", column)]


@part
def Merging(app: App, model: FolderModel, merging: MergingModel) -> ft.Control:
    """Supporters first, then what may be one, then a number to look for."""
    assert model.open is not None
    text = app.words
    controls: list[ft.Control] = []
    if model.open.supporters:
        controls.append(heading(text("desk.supporters", n=len(model.open.supporters))))
        controls += [_supporter(app, model, case) for case in model.open.supporters]
    if model.open.duplicates:
        controls.append(heading(text("desk.alike")))
        controls += [_alike(app, model, case, why) for case, why in model.open.duplicates]
    controls += _by_number(app, model, merging)
    return section("desk-merging", text("desk.merging"), controls)


def _supporter(app: App, model: FolderModel, case: Case) -> ft.Control:
    undo = text_button(f"unmerge-{case.record}", app.words("desk.unmerge"),
                       partial(model.merge, case.record, ""))  # fmt: skip
    return ft.Column([_said(app, case, []), wrapped([_show(app, case), undo])], spacing=2)


def _alike(app: App, model: FolderModel, case: Case, likeness: Likeness) -> ft.Control:
    text = app.words
    why = [
        text(f"desk.why_{reason}") if text.has(f"desk.why_{reason}") else reason
        for reason in likeness.reasons
    ]
    return ft.Column([_said(app, case, why), _both_ways(app, model, case)], spacing=2)


def _said(app: App, case: Case, why: list[str]) -> ft.Control:
    """What the other one is, and what makes it alike."""
    text = app.words
    key, _ = look_of(case)
    came = text("desk.came", day=day(app, local_day(app, case.received_at_ms)))
    column = ft.Column(
        [
            ft.Text(_called(case), weight=STRONG),
            faint(" · ".join([text(key), came, *why])),
        ],
        spacing=2,
        tight=True,
    )
    return ft.Semantics(container=True, content=column)


def _both_ways(app: App, model: FolderModel, case: Case) -> ft.Control:
    """Which of the two goes on is the officer's choice; both keep their supporters."""
    text, record = app.words, model.record
    here = button(f"merge-here-{case.record}", text("desk.merge_here"),
                  partial(model.merge, case.record, record), kind=ft.OutlinedButton)  # fmt: skip
    there = text_button(f"merge-there-{case.record}", text("desk.merge_there"),
                        partial(model.merge, record, case.record))  # fmt: skip
    return wrapped([here, there, _show(app, case)])


def _show(app: App, case: Case) -> ft.Control:
    open_it = partial(app.go, "queue", case.record)
    return text_button(f"open-{case.record}", app.words("desk.open_it"), open_it)


def _by_number(app: App, model: FolderModel, merging: MergingModel) -> list[ft.Control]:
    text = app.words
    number = field(
        app, "merge-number", text("desk.merge_number"), merging.number, merging.problem,
        form=merging.forms, on_submit=merging.find,
    )  # fmt: skip
    find = button("merge-find", text("desk.merge_find"), merging.find, kind=ft.OutlinedButton)
    controls = [faint(text("desk.merge_hint"), BODY), number, wrapped([find])]
    found = merging.found
    shown = _shown(model)
    if found is not None and found.record in shown:
        return [*controls, banner("merge-known", text("desk.merge_known"), ft.Icons.ARROW_UPWARD)]
    if found is not None:
        column = ft.Column([_said(app, found, []), _both_ways(app, model, found)], spacing=GAP)
        controls.append(ident("merge-found", column))
    return controls


def _shown(model: FolderModel) -> set[str]:
    """What stands above the number already."""
    assert model.open is not None
    alike = {case.record for case, _ in model.open.duplicates}
    return alike | {case.record for case in model.open.supporters}


def _called(case: Case) -> str:
    return f"{number_of(case)} · {case.title}"
