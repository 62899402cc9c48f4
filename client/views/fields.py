"""Fields of forms: what is typed stays outside of observable state; each shows its problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from client.i18n import Words
from client.viewmodels.write import Problem
from client.views.kit import ident


def text_field(
    name: str,
    label: str,
    value: str,
    on_typed: Callable[[str], None],
    problem: str | None = None,
    **more: Any,
) -> ft.Control:
    """A text field; `value` is only where it starts."""
    field = ft.TextField(
        label=label,
        value=value,
        error=problem,
        error_max_lines=3,
        align_label_with_hint=True,
        helper_max_lines=2,
        border=ft.OutlineInputBorder(border_radius=12),
        on_change=lambda e: on_typed(e.control.value or ""),
        **more,
    )
    return ident(name, field)


def choice(
    name: str,
    label: str,
    value: str,
    options: Sequence[tuple[str, str]],
    on_chosen: Callable[[str], None],
) -> ft.Control:
    """A choice of one from a list of (code, name)."""
    dropdown = ft.Dropdown(
        label=label,
        value=value or None,
        options=[ft.DropdownOption(key=code, text=text) for code, text in options],
        border=ft.OutlineInputBorder(border_radius=12),
        menu_height=360,
        expand=True,
        on_select=lambda e: on_chosen(e.control.value or ""),
    )
    # A drop-down is as wide as its longest option unless a row stretches it.
    return ft.Row([ident(name, dropdown, label, expand=True)])


def segments(
    name: str,
    value: str,
    options: Sequence[tuple[str, str, ft.IconData | None]],
    on_chosen: Callable[[str], None],
) -> ft.Control:
    """A choice of one from two or three, all in sight."""

    def chosen(e: ft.Event[ft.SegmentedButton]) -> None:
        selected = list(e.control.selected)
        if selected:
            on_chosen(selected[0])

    return ident(
        name,
        ft.SegmentedButton(
            segments=[
                ft.Segment(value=code, label=ft.Text(text), icon=icon)
                for code, text, icon in options
            ],
            selected=[value],
            show_selected_icon=False,
            on_change=chosen,
        ),
    )


def problem_text(text: Words, problems: dict[str, Problem], field: str) -> str | None:
    """What is wrong with a field, in plain words."""
    problem = problems.get(field)
    if problem is None:
        return None
    key, n = problem
    return text(key, n=n) if n else text(key)
