"""The part of the settings with consequences: PIN, a copy of one's own, deleting everything."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from client.i18n import Words
from client.viewmodels.app import App
from client.viewmodels.base import Typed
from client.viewmodels.settings import Ask, SettingsModel
from client.views.fields import labelled
from client.views.kit import banner, button, card, faint, heading, icon_button, ident, wrapped
from client.views.safe import part
from client.views.theme import BODY, GAP


def danger(app: App, model: SettingsModel) -> list[ft.Control]:
    """Each act asks before it does anything, and says what it means."""
    controls: list[ft.Control] = []
    if model.done:
        controls.append(banner("settings-done", app.words(model.done), ft.Icons.CHECK))
    return [*controls, _pin(app, model), _copy(app, model), _wipe(app, model)]


def _pin(app: App, model: SettingsModel) -> ft.Control:
    text = app.words
    hint = text("settings.pin_on" if model.locked else "settings.pin_off")
    label = text("settings.pin_change" if model.locked else "settings.pin_choose")
    if model.ask != "pin":
        act = _ask(app, model, "pin", label, ft.Icons.LOCK_OUTLINED)
        return _section(text("settings.pin"), [faint(hint, BODY), act])
    fields = _secrets(app, model, text("gate.pin"), text("settings.pin_again"))
    save = button("pin-save", text("settings.pin_save"), model.set_pin, ft.Icons.LOCK_OUTLINED)
    warning = faint(text("settings.pin_warning"), BODY)
    return _section(text("settings.pin"), [warning, *fields, _choices(app, model, save)])


def _copy(app: App, model: SettingsModel) -> ft.Control:
    text = app.words
    hint = faint(text("settings.copy_hint"), BODY)
    if model.ask != "export":
        act = _ask(app, model, "export", text("settings.export"), ft.Icons.SAVE_ALT)
        return _section(text("settings.copy"), [hint, act])
    fields = _secrets(app, model, text("settings.passphrase"), text("settings.passphrase_again"))
    save = button("export-save", text("settings.export_save"), model.export, ft.Icons.SAVE_ALT,
                  disabled=model.busy)  # fmt: skip
    controls = [hint, *fields, _choices(app, model, save)]
    if model.busy:
        controls.insert(1, ft.ProgressBar())
    return _section(text("settings.copy"), controls)


def _wipe(app: App, model: SettingsModel) -> ft.Control:
    text = app.words
    hint = faint(text("settings.wipe_hint"), BODY)
    if model.ask != "wipe":
        act = _ask(app, model, "wipe", text("settings.wipe"), ft.Icons.DELETE_FOREVER_OUTLINED)
        return _section(text("settings.wipe_title"), [hint, act])
    sure = banner("wipe-sure", text("settings.wipe_sure"), ft.Icons.WARNING_ROUNDED, bad=True)
    waiting = app.exchange.state.waiting if app.exchange.state else 0
    controls: list[ft.Control] = [hint, sure]
    if waiting:
        controls.append(ft.Text(text("settings.wipe_waiting", n=waiting)))
    do = button("wipe-yes", text("settings.wipe_yes"), model.wipe,
                ft.Icons.DELETE_FOREVER_OUTLINED)  # fmt: skip
    return _section(text("settings.wipe_title"), [*controls, _choices(app, model, do)])


def _ask(app: App, model: SettingsModel, ask: Ask, label: str, icon: ft.IconData) -> ft.Control:
    act = button(f"ask-{ask}", label, lambda: model.open_question(ask), icon,
                 kind=ft.OutlinedButton)  # fmt: skip
    return ft.Row([act], wrap=True)


def _choices(app: App, model: SettingsModel, act: ft.Control) -> ft.Control:
    no = button("ask-no", app.words("common.cancel"), lambda: model.open_question(""),
                kind=ft.TextButton)  # fmt: skip
    return wrapped([act, no])


def _secrets(app: App, model: SettingsModel, first: str, again: str) -> list[ft.Control]:
    problem = app.words(model.problem) if model.problem else None
    return [
        SecretField(app.words, "secret", first, model.secret, model.forms),
        SecretField(app.words, "secret-again", again, model.secret_again, model.forms, problem),
    ]


@part
def SecretField(
    text: Words, name: str, label: str, typed: Typed, form: int = 0, problem: str | None = None
) -> ft.Control:
    """A field that shows dots, can be shown, and is not learnt by the keyboard."""
    shown, show = ft.use_state(False)
    field = ft.TextField(
        key=f"{name}-{form}",
        value=typed.text,
        password=not shown,
        autocorrect=False,
        enable_suggestions=False,
        error=problem,
        error_max_lines=6,
        border=ft.OutlineInputBorder(border_radius=12),
        data=_taker(typed),
    )
    # Flet's own eye inside the field has no name for screen readers.
    eye = icon_button(
        f"{name}-show", text("settings.hide" if shown else "settings.show"),
        ft.Icons.VISIBILITY_OFF_OUTLINED if shown else ft.Icons.VISIBILITY_OUTLINED,
        lambda: show(not shown),
    )  # fmt: skip
    spoken = ft.MergeSemantics(ident(name, field, label), expand=True)
    return labelled(label, ft.Row([spoken, eye], spacing=4), f"{name}-{form}")


def _taker(typed: Typed) -> Callable[[str], None]:
    def take(text: str) -> None:
        typed.text = text

    return take


def _section(title: str, controls: list[ft.Control]) -> ft.Control:
    stretch = ft.CrossAxisAlignment.STRETCH
    return card(ft.Column([heading(title), *controls], spacing=GAP, horizontal_alignment=stretch))
