"""Searching and narrowing the queue: a bar whose filters fold away, and chips for what is set."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from client.i18n import Words
from client.services.office.asked import SORTS, Query
from client.viewmodels.app import App
from client.viewmodels.base import Typed
from client.viewmodels.desk.filters import DATES, MENUS, NOBODY, active, day_of
from client.viewmodels.desk.room import SEARCH, TEMPLATES, DeskModel
from client.viewmodels.desk.table import TableModel
from client.views.desk.kit import STRETCH, Option, field, menu, text_button, written
from client.views.desk.wording import day
from client.views.kit import button, card, ident, toggle, wrapped
from client.views.safe import part
from client.views.states import category_name
from client.views.theme import GAP, SPACE
from shared_schema.records.appeal import APPEAL_KINDS, LANES, STATUSES

SEARCH_PX = 320
DAY_PX = 180


@part
def SearchBar(app: App, desk: DeskModel, table: TableModel) -> ft.Control:
    """Search, the fold of the filters, and the chips of those that are set."""
    text = app.words
    fold = toggle("queue-filters", text("desk.filters"), table.fold, ft.Icons.TUNE,
                  chosen=table.unfolded)  # fmt: skip
    tools: list[ft.Control] = [fold]
    if not app.broad:  # not every order has its column
        tools.append(_sort_menu(app, table))
    if not app.wide:
        controls: list[ft.Control] = [ft.Row([_search(app, table)]), wrapped(tools)]
    else:
        show = text_button("queue-templates", text("desk.templates"),
                           lambda: app.go("queue", TEMPLATES))  # fmt: skip
        keys = text_button("queue-help", text("desk.keys"), lambda: desk.show_help(True))
        controls = [ft.Row([_search(app, table), *tools, show, keys], spacing=SPACE)]
    if table.unfolded:
        controls.append(_filters(app, table))
    chips = _chips(app, table)
    if chips:
        controls.append(wrapped(chips))
    return ft.Column(controls, spacing=SPACE, horizontal_alignment=STRETCH)


def _search(app: App, table: TableModel) -> ft.Control:
    text = app.words
    control = ft.TextField(
        key=f"{SEARCH}-{table.forms}",
        value=table.words.text,
        hint_text=text("desk.search"),
        prefix_icon=ft.Icons.SEARCH,
        filled=True,
        fill_color=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.OutlineInputBorder(
            border_radius=28, side=ft.BorderSide(color=ft.Colors.OUTLINE_VARIANT)
        ),
        data=table.typed,
        on_submit=table.search,
        **written(app, SEARCH),
    )
    return ft.MergeSemantics(ident(SEARCH, control, text("desk.search_label")), expand=True)


def _sort_menu(app: App, table: TableModel) -> ft.Control:
    """Without columns to tap: the order as a menu."""
    options = [Option(sort, app.words(f"desk.sort_{sort}")) for sort in SORTS]
    return menu(
        app, "queue-sort", app.words("desk.sort"), options, table.sort_by,  # type: ignore[arg-type]
        chosen=table.query.sort,
    )  # fmt: skip


def _filters(app: App, table: TableModel) -> ft.Control:
    menus = [_filter(app, table, name) for name in MENUS]
    content = ft.Column(
        [wrapped([each for each in menus if each is not None]), _days(app, table)],
        spacing=GAP,
        horizontal_alignment=STRETCH,
    )
    return ident("queue-filter-card", card(content, padding=GAP))


def _filter(app: App, table: TableModel, name: str) -> ft.Control | None:
    """The menu of one filter; None where there is nothing to choose."""
    options = _options(app.words, table, name)
    if len(options) < (2 if name in ("queue", "district", "category") else 1):
        return None
    everything = Option("", app.words("desk.filter_any"))
    return menu(
        app, f"filter-{name}", app.words(f"desk.filter_{name}"), [everything, *options],
        lambda code: table.only(**{name: code}), chosen=getattr(table.query, name),
    )  # fmt: skip


def _options(text: Words, table: TableModel, name: str) -> list[Option]:
    counted = {
        "queue": table.choices.queues if len(table.queues) > 1 else (),
        "category": table.choices.categories,
        "district": table.choices.districts,
        "assignee": table.choices.assignees,
    }
    if name in counted:
        options = [Option(code, value_words(text, name, code), n) for code, n in counted[name]]
        return [Option(NOBODY, text("desk.nobody")), *options] if name == "assignee" else options
    codes = {"lane": LANES, "kind": APPEAL_KINDS, "status": ("new", *STATUSES)}[name]
    return [Option(code, value_words(text, name, code)) for code in codes]


def value_words(text: Words, name: str, code: str) -> str:
    """A filter's value as a person reads it."""
    if name == "category":
        return category_name(text, code)
    if name == "assignee" and code == NOBODY:
        return text("desk.nobody")
    known = {
        "lane": f"lane.{code}",
        "kind": f"kind.{code}",
        "status": f"desk.condition_{code}",
    }
    key = known.get(name, "")
    return text(key) if text.has(key) else code


def _days(app: App, table: TableModel) -> ft.Control:
    text = app.words

    def one(name: str, typed: Typed) -> ft.Control:
        problem = "desk.day_odd" if table.problem == name else ""
        made = field(
            app, f"filter-{name}", text(f"desk.span_{name}"), typed, problem, form=table.forms,
            hint_text=text("desk.day_hint"), on_submit=table.take_days,
        )  # fmt: skip
        return ft.Container(made, width=DAY_PX)

    days = [one(name, table.days[name]) for name in DATES]
    take = button("filter-days", text("desk.take_days"), table.take_days, kind=ft.OutlinedButton)
    return ft.Row(
        [*days, take],
        spacing=GAP,
        run_spacing=SPACE,
        wrap=True,
        vertical_alignment=ft.CrossAxisAlignment.END,
    )


def _chips(app: App, table: TableModel) -> list[ft.Control]:
    """What is set, each with a way to take it off."""
    text, query = app.words, table.query
    chips = [
        button(
            f"filter-off-{name}", _said(app, query, name), _clear(app, table, name),
            ft.Icons.CLOSE, kind=ft.FilledTonalButton,
        )
        for name in active(query)
    ]  # fmt: skip
    if len(chips) > 1:
        chips.append(text_button("filters-clear", text("desk.clear"), _clear(app, table)))
    return chips


def _said(app: App, query: Query, name: str) -> str:
    text, value = app.words, getattr(query, name)
    if name in DATES:
        said = day(app, day_of(name, value, app.zone))
    else:
        said = value_words(text, name, value)
    label = text(f"desk.span_{name}") if name in DATES else text(f"desk.filter_{name}")
    return f"{label}: {said}"


def _clear(app: App, table: TableModel, *names: str) -> Callable[[], None]:
    return lambda: app.spawn(table.clear(*names))
