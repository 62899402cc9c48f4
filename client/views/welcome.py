"""First run: language, district, a sentence on privacy, done."""

from __future__ import annotations

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.welcome import WelcomeModel
from client.views.danger import SecretField
from client.views.fields import choice, segments
from client.views.kit import banner, button, faint, heading, ident, line, scrolling
from client.views.safe import part
from client.views.settings import LANGUAGE_NAMES
from client.views.theme import BODY, GAP, HEADLINE

ANYWHERE = "*"


@part
def Welcome(app: App, model: WelcomeModel) -> ft.Control:
    """One screen: a person without light has no patience for five."""
    text = app.words
    languages: list[tuple[str, str, ft.IconData | None]] = [
        (code, LANGUAGE_NAMES.get(code, code), None) for code in app.offered
    ]
    controls: list[ft.Control] = [
        ft.Icon(ft.Icons.LOCATION_CITY, size=48, color=ft.Colors.PRIMARY),
        ident("welcome", ft.Text(text("welcome.title", city=model.city), theme_style=HEADLINE)),
        faint(text("welcome.hint"), BODY),
        heading(text("settings.language")),
        segments("welcome-language", app.language, languages, app.speak),
    ]
    if model.restoring:
        controls += _restore(app, model)
    else:
        controls += _begin(app, model)
    return scrolling(controls, key="welcome", spacing=GAP)


def _begin(app: App, model: WelcomeModel) -> list[ft.Control]:
    text = app.words
    controls: list[ft.Control] = []
    if model.districts:
        options = [(ANYWHERE, text("settings.no_district"))]
        options += [(name, name) for name in model.districts]
        controls += [
            heading(text("welcome.where")),
            choice("welcome-district", text("field.district"), model.district or ANYWHERE,
                   options, lambda name: model.choose_district("" if name == ANYWHERE else name)),
        ]  # fmt: skip
    controls += [
        line(ft.Icons.LOCK_OUTLINED, text("welcome.privacy")),
        *_problem(app, model),
        button("welcome-begin", text("welcome.begin"), model.begin, ft.Icons.ARROW_FORWARD,
               disabled=model.busy),
        button("welcome-restore", text("welcome.restore"), lambda: model.ask_restore(True),
               kind=ft.TextButton),
    ]  # fmt: skip
    return controls


def _restore(app: App, model: WelcomeModel) -> list[ft.Control]:
    text = app.words
    picked = text("welcome.file_chosen" if model.file else "welcome.file")
    icon = ft.Icons.CHECK if model.file else ft.Icons.FOLDER_OPEN
    return [
        heading(text("welcome.restore")),
        faint(text("welcome.restore_hint"), BODY),
        button("restore-file", picked, model.pick, icon, kind=ft.OutlinedButton),
        SecretField(text, "restore-passphrase", text("settings.passphrase"), model.passphrase),
        *_problem(app, model),
        button("restore-go", text("welcome.restore_go"), model.restore, ft.Icons.RESTORE,
               disabled=model.busy),
        button("restore-no", text("common.cancel"), lambda: model.ask_restore(False),
               kind=ft.TextButton),
    ]  # fmt: skip


def _problem(app: App, model: WelcomeModel) -> list[ft.Control]:
    if model.busy:
        return [ft.ProgressBar()]
    if not model.problem:
        return []
    return [banner("welcome-problem", app.words(model.problem), ft.Icons.INFO_OUTLINE, bad=True)]
