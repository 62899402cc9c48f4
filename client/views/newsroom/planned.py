"""What a table would change, before it is accepted: counts, each row, and what was left out."""

from __future__ import annotations

from typing import Any, Final

import flet as ft

from client.services.interchange.columns import PLACE_COLUMNS, SCHEDULE_COLUMNS
from client.services.interchange.plan import Plan, Step
from client.services.interchange.problems import Problem
from client.viewmodels.app import App
from client.viewmodels.newsroom.files import FilesModel
from client.views.kit import banner, button, faint, ident, line, wrapped
from client.views.newsroom.forms import section
from client.views.newsroom.incoming import problem_line
from client.views.theme import BODY, GAP, SPACE, STRONG

ROWS_SHOWN: Final = 40
PROBLEMS_SHOWN: Final = 40


def planned(app: App, model: FilesModel, plan: Plan[Any]) -> ft.Control:
    """All of it, with the one button that publishes."""
    text = app.words
    controls: list[ft.Control] = []
    if model.moved:
        controls.append(banner("files-moved", text("files.moved"), ft.Icons.SYNC, bad=True))
    controls += [_counts(app, plan), *_problems(app, plan), *_rows(app, plan)]
    count = len(plan.only("new", "changed"))
    acts = [button("files-close", text("files.close"), model.close, kind=ft.TextButton)]
    if count:
        accept = button("files-accept", text("files.accept", n=count), model.accept,
                        ft.Icons.CAMPAIGN_OUTLINED)  # fmt: skip
        acts.insert(0, accept)
    else:
        controls.append(banner("files-same", text("files.same"), ft.Icons.CHECK))
    return section(text("files.plan"), [*controls, wrapped(acts)])


def _counts(app: App, plan: Plan[Any]) -> ft.Control:
    """How many of each; none is published yet."""
    text = app.words
    said = [
        text("files.count_new", n=len(plan.only("new"))),
        text("files.count_changed", n=len(plan.only("changed"))),
        text("files.count_same", n=len(plan.only("same"))),
    ]
    lines: list[ft.Control] = [ft.Text(" · ".join(said), weight=STRONG)]
    if plan.untouched:
        lines.append(faint(text("files.untouched", n=plan.untouched), BODY))
    if plan.ignored:
        lines.append(faint(text("files.ignored", names=", ".join(plan.ignored)), BODY))
    return ident("files-counts", ft.Column(lines, spacing=4), container=True)


def _problems(app: App, plan: Plan[Any]) -> list[ft.Control]:
    """Rows that are left out, each with its number and why."""
    if not plan.problems:
        return []
    text = app.words
    rows = len({problem.row for problem in plan.problems})
    said: list[ft.Control] = [
        banner("files-left-out", text("files.bad_rows", n=rows), ft.Icons.ERROR_OUTLINE, bad=True)
    ]
    said += [_problem(app, at, each) for at, each in enumerate(plan.problems[:PROBLEMS_SHOWN])]
    if len(plan.problems) > PROBLEMS_SHOWN:
        said.append(faint(text("files.warnings_more", n=len(plan.problems) - PROBLEMS_SHOWN)))
    return [ft.Column(said, spacing=SPACE)]


def _problem(app: App, at: int, problem: Problem) -> ft.Control:
    row = app.words("files.row", row=problem.row)
    said = ft.Row(
        [ft.Container(ft.Text(row, weight=STRONG), width=110),
         ft.Text(problem_line(app, problem), expand=True)],
        spacing=GAP, vertical_alignment=ft.CrossAxisAlignment.START,
    )  # fmt: skip
    return ident(f"files-problem-{at}", said, container=True)


def _rows(app: App, plan: Plan[Any]) -> list[ft.Control]:
    """What is new, and what changes in which columns; what stays is not shown."""
    steps = plan.only("new", "changed")
    lines = [_step(app, step) for step in steps[:ROWS_SHOWN]]
    if len(steps) > ROWS_SHOWN:
        lines.append(faint(app.words("files.rows_more", n=len(steps) - ROWS_SHOWN)))
    return [ft.Column(lines, spacing=6)] if lines else []


def _step(app: App, step: Step[Any]) -> ft.Control:
    text, value = app.words, step.value
    name = getattr(value, "name", "") or text("outages.queue", queue=getattr(value, "queue", ""))
    if step.effect == "new":
        return line(ft.Icons.ADD, text("files.step_new", name=name))
    columns = ", ".join(_column(app, code) for code in step.fields)
    return line(ft.Icons.EDIT_OUTLINED, text("files.step_changed", name=name, columns=columns))


def _column(app: App, code: str) -> str:
    """A column as its table would call it; a position is one thing, a week is one too."""
    if code in ("lat", "mo"):
        return app.words("files.position" if code == "lat" else "files.week")
    names = PLACE_COLUMNS.get(code) or SCHEDULE_COLUMNS[code]
    return (names.uk if app.language == "uk" else names.en).lower()
