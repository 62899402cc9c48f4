"""Colours, shapes and sizes: Material 3 derived from the city's seed colour, light and dark."""

from __future__ import annotations

from typing import Final

import flet as ft

from client.branding import Branding

SPACE: Final = 8
GAP: Final = 12
EDGE: Final = 16
RADIUS: Final = 16
READING_PX: Final = 720
"""A line of text longer than this tires the eye."""
LIST_PX: Final = 420

NORMAL: Final = ft.FontWeight.NORMAL
STRONG: Final = ft.FontWeight.W_600


def theme(branding: Branding) -> ft.Theme:
    """The theme of a city; the client derives the dark one from the same seed."""
    return ft.Theme(
        color_scheme_seed=branding.seed,
        use_material3=True,
        visual_density=ft.VisualDensity.STANDARD,
        page_transitions=ft.PageTransitionsTheme(
            android=ft.PageTransitionTheme.FADE_FORWARDS,
            linux=ft.PageTransitionTheme.NONE,
            macos=ft.PageTransitionTheme.NONE,
            windows=ft.PageTransitionTheme.NONE,
        ),
    )
