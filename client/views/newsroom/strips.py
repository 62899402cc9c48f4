"""A day of a schedule as a bar of 48 half hours; the words beside it say the same."""

from __future__ import annotations

from itertools import groupby
from typing import Final

import flet as ft

from client.i18n import Words
from shared_schema.records.outage import SLOTS_A_DAY

COLOURS: Final = {
    "+": ft.Colors.PRIMARY_CONTAINER,
    "-": ft.Colors.INVERSE_SURFACE,
    "?": ft.Colors.TERTIARY_CONTAINER,
}
STRIP_PX: Final = 24


def day_strip(text: Words, day: str | None, said: str) -> ft.Control:
    """The bar; a day that is not understood is an empty one."""
    label = text("weekform.strip", said=said)
    if day is None:
        bar: ft.Control = ft.Container(height=STRIP_PX, border=_edge(), border_radius=4)
        label = text("weekform.strip_unknown")
    else:
        pieces: list[ft.Control] = [
            ft.Container(expand=len(list(run)), height=STRIP_PX, bgcolor=COLOURS[sign],
                         border=_edge())
            for sign, run in groupby(day[:SLOTS_A_DAY])
        ]  # fmt: skip
        bar = ft.Row(pieces, spacing=0)
    return ft.Semantics(label=label, image=True, exclude_semantics=True, content=bar)


def _edge() -> ft.Border:
    return ft.Border.all(1, ft.Colors.OUTLINE)
