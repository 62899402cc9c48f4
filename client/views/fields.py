"""Fields of forms: what is typed stays outside of observable state; each shows its problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import flet as ft

from client.i18n import Words
from client.viewmodels.write import Problem
from client.views.kit import ident, toggle, wrapped
from client.views.theme import BODY, READING


def labelled(label: str, field: ft.Control, key: str) -> ft.Control:
    """A field under its name.

    A name inside the field's frame is cut at twice the text size; above it there is room for all of
    it, and it stays in sight while one types. Screen readers hear it with the field.

    Args:
        key: what makes it the same field when something above it comes or goes; without one the
            field at its place would be taken for it, with the focus and what screen readers hear.
    """
    name = ft.Semantics(exclude_semantics=True, content=ft.Text(label, theme_style=BODY))
    return ft.Column(
        [name, field],
        key=key,
        spacing=6,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def text_field(
    name: str,
    label: str,
    value: str,
    on_typed: Callable[[str], None],
    problem: str | None = None,
    *,
    key: str = "",
    **more: Any,
) -> ft.Control:
    """A text field; `value` is only where it starts. With another `key` it is another field."""
    field = ft.TextField(
        key=key or name,
        value=value,
        error=problem,
        error_max_lines=6,
        helper_max_lines=6,
        border=ft.OutlineInputBorder(border_radius=12),
        data=on_typed,
        **more,
    )
    return labelled(label, ft.MergeSemantics(ident(name, field, label)), key or name)


def choice(
    name: str,
    label: str,
    value: str,
    options: Sequence[tuple[str, str]],
    on_chosen: Callable[[str], None],
) -> ft.Control:
    """A choice of one from a list of (code, name) with short names.

    Not by `ft.Dropdown`: the keyboard gets to its arrow, which has no name, and is lost once
    something was chosen; nor would screen readers be told what that is.
    """

    def option(code: str, name: str) -> ft.dropdownm2.Option:
        return ft.dropdownm2.Option(key=code, content=ft.Text(name, theme_style=READING))

    dropdown = ft.DropdownM2(
        value=value or None,
        options=[option(code, name) for code, name in options],
        border=ft.OutlineInputBorder(border_radius=12),
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,  # of its list; the field has none
        fill_color=ft.Colors.TRANSPARENT,
        menu_border_radius=12,
        max_menu_height=360,
        expand=True,
        data=lambda code: on_chosen(code or ""),
    )
    # A drop-down is as wide as its longest option unless a row stretches it.
    return labelled(label, ft.Row([ident(name, dropdown, label, expand=True)]), name)


def segments(
    name: str,
    value: str,
    options: Sequence[tuple[str, str, ft.IconData | None]],
    on_chosen: Callable[[str], None],
) -> ft.Control:
    """A choice of one from a few, all in sight, on as many lines as their names need."""
    return ident(
        name,
        wrapped(
            [
                toggle(f"{name}-{code}", text, partial(on_chosen, code), icon, chosen=code == value)
                for code, text, icon in options
            ]
        ),
    )


def few(
    name: str,
    label: str,
    value: str,
    options: Sequence[tuple[str, str]],
    on_chosen: Callable[[str], None],
) -> ft.Control:
    """A named choice of one from a few."""
    choices = segments(name, value, [(*each, None) for each in options], on_chosen)
    return labelled(label, choices, name)


def problem_text(text: Words, problems: dict[str, Problem], field: str) -> str | None:
    """What is wrong with a field, in plain words."""
    problem = problems.get(field)
    if problem is None:
        return None
    key, n = problem
    return text(key, n=n) if n else text(key)
