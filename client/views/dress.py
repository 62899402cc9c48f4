"""How the window looks: light or dark, contrast and text size, as the person chose."""

from __future__ import annotations

import flet as ft

from client.viewmodels.app import App
from client.views.theme import theme

_MODES = {"light": ft.ThemeMode.LIGHT, "dark": ft.ThemeMode.DARK, "system": ft.ThemeMode.SYSTEM}


def dress(page: ft.Page, app: App) -> None:
    """Put the choices on the page; the caller sends the update."""
    prefs = app.prefs
    percent, contrast = prefs.text_percent, prefs.contrast
    page.theme = theme(app.branding, percent, contrast=contrast)
    page.dark_theme = theme(app.branding, percent, contrast=contrast, dark=True)
    page.theme_mode = _MODES[prefs.theme]
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[ft.Locale(language) for language in app.offered],
        current_locale=ft.Locale(app.language),
    )
