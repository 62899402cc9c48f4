"""Tables on the screen: beside each other where there is room, one under the other where not.

A row is one piece to a screen reader, each cell with the name of its column before it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import flet as ft

from client.viewmodels.app import App
from client.views.kit import faint, ident
from client.views.theme import BODY, SPACE, STRONG

GRID_PERCENT_MAX: Final = 150
"""At larger texts columns would break words: rows become small cards."""


class Shape(NamedTuple):
    """How a table stands."""

    widths: Sequence[int] = ()
    """How the columns share the width; the first takes more when nothing is said."""
    title: int = 0
    """The column that says what a row is about."""
    headings: Collection[int] = ()
    """Which rows begin a section."""


PLAIN: Final = Shape()


def sheet(
    app: App,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    shape: Shape = PLAIN,
) -> ft.Control:
    """A table."""
    shares = list(shape.widths) or [5, *[2] * (len(header) - 1)]
    grid = app.wide and app.prefs.text_percent <= GRID_PERCENT_MAX
    made: list[ft.Control] = [_line(header, shares, strong=True)] if grid else []
    for at, row in enumerate(rows):
        strong = at in shape.headings
        line = _line(row, shares, strong=strong) if grid else _stacked(header, row, shape.title)
        made.append(
            ft.Semantics(
                identifier=f"{name}-{at}", container=True, exclude_semantics=True,
                label=_said(header, row), content=line,
            )
        )  # fmt: skip
    column = ft.Column(made, spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ident(name, column)


def _line(cells: Sequence[str], shares: Sequence[int], *, strong: bool) -> ft.Control:
    weight = STRONG if strong else None
    pieces: list[ft.Control] = [
        ft.Container(ft.Text(cell, weight=weight), expand=share)
        for cell, share in zip(cells, shares, strict=True)
    ]
    row = ft.Row(pieces, spacing=SPACE, vertical_alignment=ft.CrossAxisAlignment.START)
    return _ruled(row)


def _stacked(header: Sequence[str], row: Sequence[str], title: int) -> ft.Control:
    """What the row is about, and under it each figure with its name."""
    named: list[ft.Control] = [ft.Text(row[title], weight=STRONG)]
    for at, (name, cell) in enumerate(zip(header, row, strict=True)):
        if cell and at != title:
            pair = [faint(name, BODY), ft.Text(cell)]
            named.append(ft.Row(list(pair), wrap=True, spacing=SPACE, run_spacing=0))
    return _ruled(ft.Column(named, spacing=2, tight=True))


def _ruled(content: ft.Control) -> ft.Control:
    line = ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)
    padding = ft.Padding.symmetric(vertical=6)
    return ft.Container(content, padding=padding, border=ft.Border(bottom=line))


def _said(header: Sequence[str], row: Sequence[str]) -> str:
    facts = zip(header, row, strict=True)
    return ", ".join(f"{name} {cell}".strip() for name, cell in facts if cell)
