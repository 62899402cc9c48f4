"""Colours, shapes and sizes: Material 3 derived from the city's seed colour, light and dark.

Every text on the screen takes its size from one of the roles below, so that one number, the
person's text size, grows them all. High contrast replaces the tinted surfaces by black and white
and every quiet edge by a strong one.
"""

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
TOUCH_PX: Final = 48
"""Nothing that is to be tapped is smaller."""

FOCUS_PX: Final = 3
"""The ring around the button that the keyboard is at. Half of it lies inside: a row that scrolls
cuts what lies outside."""
_FOCUS_TINT: Final = 0.2
"""How much ink covers a card that the keyboard is at: seen at once, and its words stay legible."""

NORMAL: Final = ft.FontWeight.NORMAL
STRONG: Final = ft.FontWeight.W_600

SMALL: Final = ft.TextThemeStyle.BODY_SMALL
BODY: Final = ft.TextThemeStyle.BODY_MEDIUM
READING: Final = ft.TextThemeStyle.BODY_LARGE
CARD_TITLE: Final = ft.TextThemeStyle.TITLE_MEDIUM
BIG_TITLE: Final = ft.TextThemeStyle.TITLE_LARGE
HEADLINE: Final = ft.TextThemeStyle.HEADLINE_SMALL

_FAMILY: Final = "Roboto"
"""A text theme without a family leaves its texts with none. A browser's client then takes every
letter for missing, asks for a font of last resort and draws all anew, without end: a core that
never rests. Where there is no Roboto (iOS) the system's own letters stand in."""
_SIZES: Final = {
    "headline_medium": 28.0,
    "headline_small": 23.0,
    "title_large": 19.0,
    "title_medium": 16.0,
    "title_small": 14.0,
    "body_large": 16.0,
    "body_medium": 14.0,
    "body_small": 13.0,
    "label_large": 14.0,
    "label_medium": 12.0,
    "label_small": 12.0,
}
"""Logical pixels at 100 %."""
_BAR_TITLE_MAX: Final = 26.0
_BAR_LABEL: Final = 12.0
"""Labels of the bar keep their size, as on every phone: five of them share the width, and each has
a picture and a spoken name."""


def theme(
    branding: Branding, percent: int = 100, *, contrast: bool = False, dark: bool = False
) -> ft.Theme:
    """The theme of a city; the client derives the colours from the seed.

    Args:
        percent: the size of all texts.
        contrast: black, white and strong edges instead of tints.
        dark: which of the two contrasts; without `contrast` the client knows by itself.
    """
    bar_label = ft.TextStyle(size=_BAR_LABEL, weight=STRONG, font_family=_FAMILY)
    return ft.Theme(
        color_scheme_seed=branding.seed,
        color_scheme=_contrast(branding, dark) if contrast else None,
        use_material3=True,
        visual_density=ft.VisualDensity.STANDARD,
        text_theme=_texts(percent, _ink(contrast, dark)),
        focus_color=ft.Colors.with_opacity(_FOCUS_TINT, _ink(contrast, dark)),
        scaffold_bgcolor=_ground(dark) if contrast else None,
        appbar_theme=ft.AppBarTheme(title_text_style=_bar_title(percent, _ink(contrast, dark))),
        navigation_bar_theme=ft.NavigationBarTheme(label_text_style=bar_label),
        page_transitions=ft.PageTransitionsTheme(
            android=ft.PageTransitionTheme.FADE_FORWARDS,
            linux=ft.PageTransitionTheme.NONE,
            macos=ft.PageTransitionTheme.NONE,
            windows=ft.PageTransitionTheme.NONE,
        ),
    )


def ringed(edge: bool = False) -> dict[ft.ControlState, ft.BorderSide]:
    """The edge of a button: a ring when the keyboard is at it, else a thin one or none."""
    ring = ft.BorderSide(
        FOCUS_PX, ft.Colors.ON_SURFACE, stroke_align=ft.BorderSideStrokeAlign.CENTER
    )
    usual = ft.BorderSide(1, ft.Colors.OUTLINE) if edge else ft.BorderSide.none()
    return {ft.ControlState.FOCUSED: ring, ft.ControlState.DEFAULT: usual}


def _texts(percent: int, ink: str) -> ft.TextTheme:
    sizes = {role: _grown(size, percent / 100) for role, size in _SIZES.items()}
    return ft.TextTheme(**{role: _style(size, ink) for role, size in sizes.items()})


def _grown(size: float, factor: float) -> float:
    """What is large already grows less, as on Android: at twice the size long words would break."""
    body = min(size, _SIZES["body_large"])
    return body * factor + (size - body) / factor


def _bar_title(percent: int, ink: str) -> ft.TextStyle:
    """The bar at the top is one line high; its title is said again by what is under it."""
    return _style(min(_SIZES["title_large"] * percent / 100, _BAR_TITLE_MAX), ink)


def _style(size: float, ink: str) -> ft.TextStyle:
    return ft.TextStyle(size=size, color=ink, font_family=_FAMILY)


def _ink(contrast: bool, dark: bool) -> str:
    """A text theme without a colour is black, in the dark too."""
    if contrast:
        return "#FFFFFF" if dark else "#000000"
    return "#DEE4E3" if dark else "#171D1D"


def _ground(dark: bool) -> str:
    return "#000000" if dark else "#FFFFFF"


def _contrast(branding: Branding, dark: bool) -> ft.ColorScheme:
    """At least 7:1 between letters and ground (WCAG 2.2, 1.4.6), but 6.5:1 on the city's red."""
    ink, ground = _ink(True, dark), _ground(dark)
    main = "#7FE3E0" if dark else "#00403F"
    alarm = "#FFB4AB" if dark else "#8C0009"
    quiet = "#1A1A1A" if dark else "#F2F2F2"
    return ft.ColorScheme(
        primary=main, on_primary=ground, primary_container=quiet, on_primary_container=ink,
        secondary=main, on_secondary=ground, secondary_container=main,
        on_secondary_container=ground, tertiary=main, on_tertiary=ground,
        tertiary_container=quiet, on_tertiary_container=ink,
        error=alarm, on_error=ground, error_container=ground, on_error_container=alarm,
        surface=ground, on_surface=ink, on_surface_variant=ink, outline=ink, outline_variant=ink,
        surface_container=quiet, surface_container_high=quiet, surface_container_highest=quiet,
        surface_container_low=ground, surface_container_lowest=ground,
        surface_bright=ground, surface_dim=ground,
    )  # fmt: skip
